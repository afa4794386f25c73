// SPDX-License-Identifier: MIT
#include "core/graphql/parser.h"

#include "core/graphql/parser_p.h"

#include <type_traits>

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

// Lists of these grow while parsing; they must move then, not copy.
static_assert(std::is_nothrow_move_constructible_v<Value>);
static_assert(std::is_nothrow_move_constructible_v<Selection>);
static_assert(std::is_nothrow_move_constructible_v<FieldDefinition>);
static_assert(std::is_nothrow_move_constructible_v<Definition>);

namespace {

QString describe(TokenKind kind)
{
    const QString name = tokenKindName(kind);
    return isPunctuator(kind) ? u'"' + name + u'"' : name;
}

QString describe(const Token &token)
{
    if (!hasValue(token.kind))
        return describe(token.kind);
    return u"%1 \"%2\""_s.arg(tokenKindName(token.kind), token.value);
}

} // namespace

/*!
    \class Tideline::GraphQL::ParseOptions
    \inmodule Tideline
    \since 0.1
    \brief Limits of parse().

    \c maxDepth is how deep selection sets, list and object values and list types may nest
    together; it guards the stack of the parser and of everything that later walks the tree.
    \c maxTokens refuses documents of more tokens; 0 means no limit.
*/

/*!
    \since 0.1
    Parses \a source, an executable document, a type system document or both in one, of the
    complete October 2021 language; descriptions on operations, fragments and variables are
    accepted too, as graphql-js does.

    Answers the tree, or the first error with graphql-js's words. The tree owns its strings;
    \a source is not needed afterwards. Reentrant.
*/
ParseResult parse(QStringView source, const ParseOptions &options)
{
    return Parser(source, options).document();
}

Parser::Parser(QStringView source, const ParseOptions &options)
    : m_lexer(source), m_options(options)
{
}

ParseResult Parser::document()
{
    Document document;
    advance();
    do
        document.definitions.push_back(definition());
    while (!accept(TokenKind::EndOfFile) && !failed());
    if (failed())
        return *std::move(m_error);
    document.loc = since(0);
    return document;
}

Parser::Nesting::Nesting(Parser &parser)
    : m_parser(parser)
{
    if (++parser.m_depth > parser.m_options.maxDepth) {
        parser.fail(parser.m_token.start,
                    u"Document nests deeper than %1 levels. Parsing aborted."_s.arg(parser.m_options.maxDepth));
    }
}

bool Parser::peekDescription() const
{
    return peek(TokenKind::String) || peek(TokenKind::BlockString);
}

bool Parser::peekKeyword(QStringView word) const
{
    return peek(TokenKind::Name) && m_token.value == word;
}

void Parser::advance()
{
    if (failed())
        return;
    m_lastEnd = m_token.end;
    if (m_ahead) {
        m_token = *m_ahead;
        m_ahead.reset();
    } else {
        m_token = m_lexer.next();
    }
    if (peek(TokenKind::Invalid))
        return failLexically();
    if (peek(TokenKind::EndOfFile) || m_options.maxTokens <= 0)
        return;
    if (++m_tokens > m_options.maxTokens) {
        fail(m_token.start,
             u"Document contains more that %1 tokens. Parsing aborted."_s.arg(m_options.maxTokens));
    }
}

// The token after the current one; Invalid (and the parse failed) when there is none.
const Token &Parser::lookahead()
{
    if (failed())
        return m_token;
    if (!m_ahead)
        m_ahead = m_lexer.next();
    if (m_ahead->kind == TokenKind::Invalid)
        failLexically();
    return *m_ahead;
}

bool Parser::accept(TokenKind kind)
{
    if (!peek(kind))
        return false;
    advance();
    return true;
}

bool Parser::acceptKeyword(QStringView word)
{
    if (!peekKeyword(word))
        return false;
    advance();
    return true;
}

bool Parser::expect(TokenKind kind)
{
    if (accept(kind))
        return true;
    if (!failed())
        fail(m_token.start, u"Expected %1, found %2."_s.arg(describe(kind), describe(m_token)));
    return false;
}

bool Parser::expectKeyword(QStringView word)
{
    if (acceptKeyword(word))
        return true;
    if (!failed())
        fail(m_token.start, u"Expected \"%1\", found %2."_s.arg(word, describe(m_token)));
    return false;
}

void Parser::fail(qint32 position, const QString &description)
{
    if (!failed())
        m_error = {u"Syntax Error: "_s + description, position, positionOf(m_lexer.source(), position)};
    m_token.kind = TokenKind::Invalid;
}

void Parser::failAt(const Token &token)
{
    if (!failed())
        fail(token.start, u"Unexpected %1."_s.arg(describe(token)));
}

void Parser::failLexically()
{
    if (!failed())
        m_error = m_lexer.error();
    m_token.kind = TokenKind::Invalid;
}

Definition Parser::definition()
{
    if (peek(TokenKind::LeftBrace))
        return operation();
    const bool described = peekDescription();
    const Token keyword = described ? lookahead() : m_token;
    if (described && keyword.kind == TokenKind::LeftBrace) {
        fail(m_token.start, u"Unexpected description, descriptions are not supported on shorthand queries."_s);
        return {};
    }
    if (keyword.kind == TokenKind::Name) {
        if (std::optional<Definition> found = describedDefinition(keyword))
            return *std::move(found);
        if (described)
            fail(m_token.start, u"Unexpected description, only GraphQL definitions support descriptions."_s);
        else if (keyword.value == u"extend")
            return extension();
    }
    failAt(keyword);
    return {};
}

// The definition that keyword begins, if it begins one that may have a description.
std::optional<Definition> Parser::describedDefinition(const Token &keyword)
{
    if (const std::optional<TypeDefinition::Kind> kind = typeKindOf(keyword.value))
        return typeDefinition(*kind, false);
    if (keyword.value == u"schema")
        return schema(false);
    if (keyword.value == u"directive")
        return directiveDefinition();
    if (keyword.value == u"query" || keyword.value == u"mutation" || keyword.value == u"subscription")
        return operation();
    if (keyword.value == u"fragment")
        return fragment();
    return std::nullopt;
}

Name Parser::name()
{
    if (!peek(TokenKind::Name)) {
        expect(TokenKind::Name);
        return {};
    }
    Name name = {m_token.value.toString(), {m_token.start, m_token.end}};
    advance();
    return name;
}

Variable Parser::variable()
{
    const qint32 start = m_token.start;
    expect(TokenKind::Dollar);
    Name of = name();
    return {std::move(of), since(start)};
}

Value Parser::value(Constness constness)
{
    const Location loc = {m_token.start, m_token.end};
    switch (m_token.kind) {
    case TokenKind::LeftBracket:
        return {listValue(constness)};
    case TokenKind::LeftBrace:
        return {objectValue(constness)};
    case TokenKind::Int: {
        IntValue number = {m_token.value.toString(), loc};
        advance();
        return {std::move(number)};
    }
    case TokenKind::Float: {
        FloatValue number = {m_token.value.toString(), loc};
        advance();
        return {std::move(number)};
    }
    case TokenKind::String:
    case TokenKind::BlockString:
        return {stringValue()};
    case TokenKind::Name:
        return namedValue();
    case TokenKind::Dollar:
        return variableValue(constness);
    default:
        failAt(m_token);
        return {};
    }
}

Value Parser::namedValue()
{
    Name word = name();
    if (word.value == u"true" || word.value == u"false")
        return {BooleanValue{word.value == u"true", word.loc}};
    if (word.value == u"null")
        return {NullValue{word.loc}};
    return {EnumValue{std::move(word.value), word.loc}};
}

Value Parser::variableValue(Constness constness)
{
    if (constness == Free)
        return {variable()};
    const Token dollar = m_token;
    advance();
    if (peek(TokenKind::Name))
        fail(dollar.start, u"Unexpected variable \"$%1\" in constant value."_s.arg(m_token.value));
    failAt(dollar);
    return {};
}

ListValue Parser::listValue(Constness constness)
{
    const Nesting nesting(*this);
    ListValue list;
    const qint32 start = m_token.start;
    expect(TokenKind::LeftBracket);
    while (!accept(TokenKind::RightBracket) && !failed())
        list.values.push_back(value(constness));
    list.loc = since(start);
    return list;
}

ObjectValue Parser::objectValue(Constness constness)
{
    const Nesting nesting(*this);
    ObjectValue object;
    const qint32 start = m_token.start;
    expect(TokenKind::LeftBrace);
    while (!accept(TokenKind::RightBrace) && !failed()) {
        Argument field = argument(constness);
        object.fields.push_back({std::move(field.name), std::move(field.value), field.loc});
    }
    object.loc = since(start);
    return object;
}

StringValue Parser::stringValue()
{
    StringValue string = {m_token.value.toString(), peek(TokenKind::BlockString), {m_token.start, m_token.end}};
    advance();
    return string;
}

std::optional<StringValue> Parser::description()
{
    if (!peekDescription())
        return std::nullopt;
    return stringValue();
}

Argument Parser::argument(Constness constness)
{
    Argument argument;
    const qint32 start = m_token.start;
    argument.name = name();
    expect(TokenKind::Colon);
    argument.value = value(constness);
    argument.loc = since(start);
    return argument;
}

Directives Parser::directives(Constness constness)
{
    Directives directives;
    while (peek(TokenKind::At)) {
        Directive &directive = directives.emplace_back();
        const qint32 start = m_token.start;
        advance();
        directive.name = name();
        directive.arguments = optionalMany<Argument>(
            TokenKind::LeftParenthesis,
            constness == Const ? &Parser::constArgument : &Parser::variableArgument,
            TokenKind::RightParenthesis);
        directive.loc = since(start);
    }
    return directives;
}

TypeReference Parser::type()
{
    const qint32 start = m_token.start;
    TypeReference type;
    if (peek(TokenKind::LeftBracket)) {
        const Nesting nesting(*this);
        accept(TokenKind::LeftBracket);
        type.kind = TypeReference::Kind::List;
        type.inner = std::make_shared<const TypeReference>(this->type());
        expect(TokenKind::RightBracket);
        type.loc = since(start);
    } else {
        type = namedType();
    }
    if (!accept(TokenKind::Bang))
        return type;
    TypeReference required;
    required.kind = TypeReference::Kind::NonNull;
    required.inner = std::make_shared<const TypeReference>(std::move(type));
    required.loc = since(start);
    return required;
}

TypeReference Parser::namedType()
{
    TypeReference type;
    type.name = name();
    type.loc = type.name.loc;
    return type;
}

} // namespace Tideline::GraphQL
