// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/syntaxerror.h"

#include <QtCore/QLatin1StringView>

#include <forward_list>

namespace Tideline::GraphQL {

/*! \enum Tideline::GraphQL::TokenKind
    \since 0.1
    What a token is; comments are no tokens. */
enum class TokenKind : quint8 {
    StartOfFile,
    EndOfFile,
    Invalid,            // what could not be read; Lexer::error() says why
    Bang,
    Dollar,
    Ampersand,
    LeftParenthesis,
    RightParenthesis,
    Spread,
    Colon,
    Equals,
    At,
    LeftBracket,
    RightBracket,
    LeftBrace,
    Pipe,
    RightBrace,
    Name,               // from here on a token has a value
    Int,
    Float,
    String,
    BlockString,
};

[[nodiscard]] TIDELINE_CORE_EXPORT QLatin1StringView tokenKindName(TokenKind kind);
[[nodiscard]] constexpr bool hasValue(TokenKind kind) { return kind >= TokenKind::Name; }
[[nodiscard]] constexpr bool isPunctuator(TokenKind kind)
{
    return kind >= TokenKind::Bang && kind <= TokenKind::RightBrace;
}

/*!
    \class Tideline::GraphQL::Token
    \inmodule Tideline
    \since 0.1
    \brief One lexical token: half-open range in UTF-16 units, line and column from 1, value.

    The value of a string is the text it stands for, escapes and block indentation resolved.
    It is a view of the source or of the lexer, and valid while both live.
*/
struct Token
{
    TokenKind kind = TokenKind::StartOfFile;
    qint32 start = 0;
    qint32 end = 0;
    qint32 line = 0;
    qint32 column = 0;
    QStringView value;
};

class TIDELINE_CORE_EXPORT Lexer
{
public:
    explicit Lexer(QStringView source);
    Q_DISABLE_COPY_MOVE(Lexer)
    ~Lexer();

    [[nodiscard]] Token next();
    [[nodiscard]] QStringView source() const noexcept { return m_source; }
    [[nodiscard]] const SyntaxError &error() const noexcept { return m_error; }

private:
    struct Escape
    {
        char32_t character = 0;
        qint32 size = 0;                        // of its text; of what to quote when it is no escape
        bool valid = true;
    };

    [[nodiscard]] char16_t at(qint32 index) const { return index < m_size ? m_data[index] : u'\0'; }
    [[nodiscard]] bool isTripleQuote(qint32 index) const;
    [[nodiscard]] bool isLoneSurrogate(qint32 index) const;
    [[nodiscard]] Token token(TokenKind kind, qint32 start, qint32 end, QStringView value = {});
    [[nodiscard]] Token fail(qint32 position, const QString &description);
    [[nodiscard]] Token failAtCharacter(qint32 position, QLatin1StringView what);
    [[nodiscard]] QString describeCharacter(qint32 position) const;
    [[nodiscard]] QStringView keep(QString value);
    [[nodiscard]] QStringView slice(qint32 start, qint32 end) const;

    void skipIgnored();
    [[nodiscard]] Token punctuator(TokenKind kind, qint32 size = 1);
    [[nodiscard]] Token name();
    [[nodiscard]] Token number();
    [[nodiscard]] bool skipDigits(qint32 &position) const;
    [[nodiscard]] Token string();
    [[nodiscard]] qint32 plainEnd(qint32 position) const;
    [[nodiscard]] Token escapedString(qint32 position);
    [[nodiscard]] Escape escape(qint32 position) const;
    [[nodiscard]] Escape bracedEscape(qint32 position) const;
    [[nodiscard]] Escape fixedEscape(qint32 position) const;
    [[nodiscard]] Token badEscape(qint32 position, qint32 size);
    [[nodiscard]] Token blockString();
    [[nodiscard]] QStringView blockValue(QStringView raw, bool manyLines);
    [[nodiscard]] Token stringCharacterFailure(qint32 position);

    QStringView m_source;
    const char16_t *m_data;                     // m_source, without the checks of its operator[]
    qint32 m_size;
    qint32 m_position = 0;                      // after the last token
    qint32 m_line = 1;
    qint32 m_lineStart = 0;
    std::forward_list<QString> m_kept;          // values that are not in the source as they are
    Token m_end;                                // what next() repeats once it was reached
    SyntaxError m_error;
};

} // namespace Tideline::GraphQL
