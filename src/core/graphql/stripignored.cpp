// SPDX-License-Identifier: MIT
#include "core/graphql/printer.h"

#include "core/graphql/stringliteral_p.h"
#include "core/graphql/lexer.h"

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

/*!
    \since 0.1
    \a source without what means nothing: blanks, commas, comments, byte order marks and the
    indentation of block strings. The result parses to the same tree, apart from the locations.

    Answers a null string when \a source cannot be cut into tokens; parse() tells why and where.
*/
QString stripIgnoredCharacters(QStringView source)
{
    QString stripped = u""_s;
    stripped.reserve(source.size());
    Lexer lexer(source);
    bool afterValue = false;
    for (Token token = lexer.next(); token.kind != TokenKind::EndOfFile; token = lexer.next()) {
        if (token.kind == TokenKind::Invalid)
            return {};
        // Two words need a space between them, and so do a number and "...".
        const bool isValue = hasValue(token.kind);
        if (afterValue && (isValue || token.kind == TokenKind::Spread))
            stripped += u' ';
        if (token.kind == TokenKind::BlockString)
            stripped += quoteBlockString(token.value, BlockStringForm::Minimal);
        else
            stripped += source.sliced(token.start, token.end - token.start);
        afterValue = isValue;
    }
    return stripped;
}

} // namespace Tideline::GraphQL
