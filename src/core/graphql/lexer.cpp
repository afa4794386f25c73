// SPDX-License-Identifier: MIT
#include "core/graphql/lexer.h"

#include "core/graphql/stringliteral_p.h"

#include <algorithm>
#include <array>
#include <limits>

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

namespace {

constexpr auto NameStart = quint8(1);
constexpr auto NameContinue = quint8(2);

constexpr std::array<quint8, 128> makeClasses()
{
    std::array<quint8, 128> classes = {};
    for (char c = 'a'; c <= 'z'; ++c)
        classes[size_t(c)] = classes[size_t(c - 'a' + 'A')] = NameStart | NameContinue;
    for (char c = '0'; c <= '9'; ++c)
        classes[size_t(c)] = NameContinue;
    classes['_'] = NameStart | NameContinue;
    return classes;
}

constexpr std::array<quint8, 128> characterClasses = makeClasses();

bool isClass(char16_t c, quint8 wanted)
{
    return c < characterClasses.size() && (characterClasses[c] & wanted);
}

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t';
}

bool isDigit(char16_t c)
{
    return c >= u'0' && c <= u'9';
}

bool isScalarValue(char32_t point)
{
    return point < 0xd800 || (point > 0xdfff && point <= 0x10ffff);
}

int hexDigit(char16_t c)
{
    if (isDigit(c))
        return c - u'0';
    if (c >= u'A' && c <= u'F')
        return c - u'A' + 10;
    if (c >= u'a' && c <= u'f')
        return c - u'a' + 10;
    return -1;
}

} // namespace

/*!
    \since 0.1
    The name of \a kind in messages and in graphql-js: "{", "Name", "<EOF>".
*/
QLatin1StringView tokenKindName(TokenKind kind)
{
    switch (kind) {
    case TokenKind::StartOfFile: return "<SOF>"_L1;
    case TokenKind::EndOfFile: return "<EOF>"_L1;
    case TokenKind::Invalid: return "<invalid>"_L1;
    case TokenKind::Bang: return "!"_L1;
    case TokenKind::Dollar: return "$"_L1;
    case TokenKind::Ampersand: return "&"_L1;
    case TokenKind::LeftParenthesis: return "("_L1;
    case TokenKind::RightParenthesis: return ")"_L1;
    case TokenKind::Spread: return "..."_L1;
    case TokenKind::Colon: return ":"_L1;
    case TokenKind::Equals: return "="_L1;
    case TokenKind::At: return "@"_L1;
    case TokenKind::LeftBracket: return "["_L1;
    case TokenKind::RightBracket: return "]"_L1;
    case TokenKind::LeftBrace: return "{"_L1;
    case TokenKind::Pipe: return "|"_L1;
    case TokenKind::RightBrace: return "}"_L1;
    case TokenKind::Name: return "Name"_L1;
    case TokenKind::Int: return "Int"_L1;
    case TokenKind::Float: return "Float"_L1;
    case TokenKind::String: return "String"_L1;
    case TokenKind::BlockString: return "BlockString"_L1;
    }
    Q_UNREACHABLE();
}

/*!
    \since 0.1
    Line and column of \a offset (UTF-16 units) in \a source; an offset beyond the end is counted
    on the last line. Costs a walk from the start: meant for messages.
*/
SourcePosition positionOf(QStringView source, qint32 offset)
{
    int line = 1;
    qsizetype lineStart = 0;
    for (qsizetype i = 0; i < source.size() && i < offset; ++i) {
        const QChar c = source[i];
        if (c != u'\n' && c != u'\r')
            continue;
        if (c == u'\r' && i + 1 < source.size() && source[i + 1] == u'\n')
            ++i;
        lineStart = i + 1;
        ++line;
    }
    return {line, int(offset - lineStart) + 1};
}

/*!
    \class Tideline::GraphQL::Lexer
    \inmodule Tideline
    \since 0.1
    \brief Cuts a source into tokens, one at a time; comments, commas, blanks and byte order marks
    are skipped.

    The source must outlive the lexer. Reentrant; no thread of its own.
*/

/*!
    Starts at the beginning of \a source, which the lexer only views.
*/
Lexer::Lexer(QStringView source)
    : m_source(source), m_data(source.utf16()), m_size(qint32(source.size()))
{
    if (source.size() > std::numeric_limits<qint32>::max() - 16) {
        m_size = 0;
        m_end = fail(0, u"Source is longer than 2147483631 UTF-16 units."_s);
    }
}

Lexer::~Lexer() = default;

/*!
    The next token. After the last one it answers EndOfFile, after a lexical error Invalid, and
    both again each time it is called; error() then tells what is wrong.
*/
Token Lexer::next()
{
    if (m_end.kind != TokenKind::StartOfFile)
        return m_end;
    skipIgnored();
    if (m_position >= m_size)
        return m_end = token(TokenKind::EndOfFile, m_size, m_size);

    const char16_t c = m_data[m_position];
    if (isClass(c, NameStart))
        return name();
    switch (c) {
    case u'!': return punctuator(TokenKind::Bang);
    case u'$': return punctuator(TokenKind::Dollar);
    case u'&': return punctuator(TokenKind::Ampersand);
    case u'(': return punctuator(TokenKind::LeftParenthesis);
    case u')': return punctuator(TokenKind::RightParenthesis);
    case u':': return punctuator(TokenKind::Colon);
    case u'=': return punctuator(TokenKind::Equals);
    case u'@': return punctuator(TokenKind::At);
    case u'[': return punctuator(TokenKind::LeftBracket);
    case u']': return punctuator(TokenKind::RightBracket);
    case u'{': return punctuator(TokenKind::LeftBrace);
    case u'|': return punctuator(TokenKind::Pipe);
    case u'}': return punctuator(TokenKind::RightBrace);
    case u'"': return isTripleQuote(m_position) ? blockString() : string();
    case u'.':
        if (at(m_position + 1) == u'.' && at(m_position + 2) == u'.')
            return punctuator(TokenKind::Spread, 3);
        break;
    case u'\'':
        return fail(m_position, u"Unexpected single quote character ('), did you mean to use a double quote (\")?"_s);
    }
    if (isDigit(c) || c == u'-')
        return number();
    return failAtCharacter(m_position, isLoneSurrogate(m_position) ? "Invalid character"_L1
                                                                   : "Unexpected character"_L1);
}

bool Lexer::isTripleQuote(qint32 index) const
{
    return at(index) == u'"' && at(index + 1) == u'"' && at(index + 2) == u'"';
}

bool Lexer::isLoneSurrogate(qint32 index) const
{
    const char16_t c = at(index);
    if (QChar::isHighSurrogate(c))
        return !QChar::isLowSurrogate(at(index + 1));
    return QChar::isLowSurrogate(c) && (index == 0 || !QChar::isHighSurrogate(at(index - 1)));
}

Token Lexer::token(TokenKind kind, qint32 start, qint32 end, QStringView value)
{
    m_position = end;
    return {kind, start, end, m_line, start - m_lineStart + 1, value};
}

Token Lexer::fail(qint32 position, const QString &description)
{
    m_error = {u"Syntax Error: "_s + description, position, positionOf(m_source, position)};
    m_end = {TokenKind::Invalid, position, position, m_error.at.line, m_error.at.column, {}};
    return m_end;
}

Token Lexer::failAtCharacter(qint32 position, QLatin1StringView what)
{
    return fail(position, what + u": "_s + describeCharacter(position) + u'.');
}

QString Lexer::describeCharacter(qint32 position) const
{
    if (position >= m_size)
        return u"<EOF>"_s;
    char32_t point = m_data[position];
    if (QChar::isHighSurrogate(point) && QChar::isLowSurrogate(at(position + 1)))
        point = QChar::surrogateToUcs4(char16_t(point), at(position + 1));
    if (point == U'"')
        return u"'\"'"_s;
    if (point >= 0x20 && point <= 0x7e)
        return u'"' + QChar(char16_t(point)) + u'"';
    return u"U+"_s + QString::number(uint(point), 16).toUpper().rightJustified(4, u'0');
}

QStringView Lexer::keep(QString value)
{
    m_kept.push_front(std::move(value));
    return m_kept.front();
}

// Clamped to the source, as an escape may break off at its end.
QStringView Lexer::slice(qint32 start, qint32 end) const
{
    return m_source.sliced(start, qMin(end, m_size) - start);
}

void Lexer::skipIgnored()
{
    qint32 position = m_position;
    for (; position < m_size; ++position) {
        const char16_t c = m_data[position];
        if (c == u' ' || c == u',' || c == u'\t' || c == 0xfeff)
            continue;
        if (c == u'\n' || c == u'\r') {
            if (c == u'\r' && at(position + 1) == u'\n')
                ++position;
            ++m_line;
            m_lineStart = position + 1;
        } else if (c == u'#') {
            // Stops before a lone surrogate, which then is the next token and refused.
            while (position + 1 < m_size && at(position + 1) != u'\n' && at(position + 1) != u'\r'
                   && !isLoneSurrogate(position + 1))
                ++position;
        } else {
            break;
        }
    }
    m_position = position;
}

Token Lexer::punctuator(TokenKind kind, qint32 size)
{
    return token(kind, m_position, m_position + size);
}

Token Lexer::name()
{
    const qint32 start = m_position;
    qint32 end = start + 1;
    while (end < m_size && isClass(m_data[end], NameContinue))
        ++end;
    return token(TokenKind::Name, start, end, slice(start, end));
}

bool Lexer::skipDigits(qint32 &position) const
{
    if (!isDigit(at(position)))
        return false;
    while (isDigit(at(position)))
        ++position;
    return true;
}

Token Lexer::number()
{
    const qint32 start = m_position;
    qint32 position = start;
    bool isFloat = false;
    const auto refuse = [this](qint32 at) { return failAtCharacter(at, "Invalid number, expected digit but got"_L1); };

    if (at(position) == u'-')
        ++position;
    if (at(position) == u'0') {
        if (isDigit(at(++position)))
            return failAtCharacter(position, "Invalid number, unexpected digit after 0"_L1);
    } else if (!skipDigits(position)) {
        return refuse(position);
    }
    if (at(position) == u'.') {
        isFloat = true;
        if (!skipDigits(++position))
            return refuse(position);
    }
    if (at(position) == u'e' || at(position) == u'E') {
        isFloat = true;
        ++position;
        if (at(position) == u'+' || at(position) == u'-')
            ++position;
        if (!skipDigits(position))
            return refuse(position);
    }
    if (at(position) == u'.' || isClass(at(position), NameStart))
        return refuse(position);
    return token(isFloat ? TokenKind::Float : TokenKind::Int, start, position, slice(start, position));
}

// The end of the characters that stand for themselves in a string.
qint32 Lexer::plainEnd(qint32 position) const
{
    for (; position < m_size; ++position) {
        const char16_t c = m_data[position];
        if (c == u'"' || c == u'\\' || c == u'\n' || c == u'\r'
            || (QChar::isSurrogate(c) && isLoneSurrogate(position)))
            break;
    }
    return position;
}

Token Lexer::string()
{
    const qint32 start = m_position;
    const qint32 end = plainEnd(start + 1);
    if (at(end) == u'"')
        return token(TokenKind::String, start, end + 1, slice(start + 1, end));
    if (at(end) == u'\\')
        return escapedString(end);
    return stringCharacterFailure(end);
}

// A string whose first escape is at position.
Token Lexer::escapedString(qint32 position)
{
    const qint32 start = m_position;
    QString value = slice(start + 1, position).toString();
    while (at(position) == u'\\') {
        const Escape found = escape(position);
        if (!found.valid)
            return badEscape(position, found.size);
        if (QChar::requiresSurrogates(found.character)) {
            value += QChar(QChar::highSurrogate(found.character));
            value += QChar(QChar::lowSurrogate(found.character));
        } else {
            value += QChar(char16_t(found.character));
        }
        position += found.size;
        const qint32 end = plainEnd(position);
        value += slice(position, end);
        position = end;
    }
    if (at(position) == u'"')
        return token(TokenKind::String, start, position + 1, keep(std::move(value)));
    return stringCharacterFailure(position);
}

Token Lexer::stringCharacterFailure(qint32 position)
{
    if (position < m_size && QChar::isSurrogate(m_data[position]))
        return failAtCharacter(position, "Invalid character within String"_L1);
    return fail(position, u"Unterminated string."_s);
}

Lexer::Escape Lexer::escape(qint32 position) const
{
    switch (at(position + 1)) {
    case u'"': return {U'"', 2};
    case u'\\': return {U'\\', 2};
    case u'/': return {U'/', 2};
    case u'b': return {U'\b', 2};
    case u'f': return {U'\f', 2};
    case u'n': return {U'\n', 2};
    case u'r': return {U'\r', 2};
    case u't': return {U'\t', 2};
    case u'u':
        return at(position + 2) == u'{' ? bracedEscape(position) : fixedEscape(position);
    }
    return {.size = 2, .valid = false};
}

// \u{1F600}
Lexer::Escape Lexer::bracedEscape(qint32 position) const
{
    constexpr qint32 longest = 12;              // \u{00000000}
    quint32 point = 0;
    qint32 size = 3;
    while (size < longest) {
        const char16_t c = at(position + size++);
        if (c == u'}') {
            if (size < 5 || !isScalarValue(point))
                break;
            return {point, size};
        }
        const int digit = hexDigit(c);
        if (digit < 0 || point > 0x7ffffff)
            break;
        point = point << 4 | quint32(digit);
    }
    return {.size = size, .valid = false};
}

// \u0041, or two of them that make a surrogate pair.
Lexer::Escape Lexer::fixedEscape(qint32 position) const
{
    const auto hex = [this](qint32 from) {
        int code = 0;
        for (qint32 i = from; i < from + 4; ++i) {
            const int digit = hexDigit(at(i));
            if (digit < 0)
                return -1;
            code = code << 4 | digit;
        }
        return code;
    };
    const int code = hex(position + 2);
    if (code >= 0 && !QChar::isSurrogate(char32_t(code)))
        return {char32_t(code), 6};
    if (code >= 0 && QChar::isHighSurrogate(char32_t(code)) && at(position + 6) == u'\\' && at(position + 7) == u'u') {
        const int low = hex(position + 8);
        if (low >= 0 && QChar::isLowSurrogate(char32_t(low)))
            return {QChar::surrogateToUcs4(char16_t(code), char16_t(low)), 12};
    }
    return {.size = 6, .valid = false};
}

Token Lexer::badEscape(qint32 position, qint32 size)
{
    const QStringView kind = at(position + 1) == u'u' ? u"Unicode" : u"character";
    return fail(position, u"Invalid %1 escape sequence: \"%2\"."_s.arg(kind, slice(position, position + size)));
}

QStringView Lexer::blockValue(QStringView raw, bool manyLines)
{
    if (manyLines)
        return keep(dedentBlockString(raw));
    return std::all_of(raw.begin(), raw.end(), isBlank) ? raw.first(0) : raw;
}

Token Lexer::blockString()
{
    const qint32 start = m_position;
    const qint32 line = m_line;
    const qint32 column = start - m_lineStart + 1;
    qint32 lines = 0;
    qint32 lineStart = m_lineStart;
    qint32 chunk = start + 3;
    qint32 position = chunk;
    QString raw;                                // only used when the source differs from it
    while (!isTripleQuote(position)) {
        position = plainEnd(position);
        const char16_t c = at(position);
        if (c == u'\\' && isTripleQuote(position + 1)) {
            raw += slice(chunk, position);
            chunk = position + 1;
            position += 4;
        } else if (c == u'\n' || c == u'\r') {
            if (c == u'\r') {
                raw += slice(chunk, position);
                raw += u'\n';
                position += at(position + 1) == u'\n' ? 1 : 0;
                chunk = position + 1;
            }
            lineStart = ++position;
            ++lines;
        } else if (c == u'\\' || (c == u'"' && !isTripleQuote(position))) {
            ++position;
        } else if (c != u'"') {
            return stringCharacterFailure(position);
        }
    }
    QStringView value = slice(chunk, position);
    if (chunk != start + 3) {
        raw += value;
        value = keep(std::move(raw));
    }
    value = blockValue(value, lines > 0);
    m_position = position + 3;
    m_line = line + lines;
    m_lineStart = lineStart;
    return {TokenKind::BlockString, start, position + 3, line, column, value};
}

} // namespace Tideline::GraphQL
