// SPDX-License-Identifier: MIT
#include "core/graphql/parser_p.h"

#include <algorithm>
#include <array>

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array directiveLocations = {
    QStringView(u"QUERY"), QStringView(u"MUTATION"), QStringView(u"SUBSCRIPTION"), QStringView(u"FIELD"),
    QStringView(u"FRAGMENT_DEFINITION"), QStringView(u"FRAGMENT_SPREAD"), QStringView(u"INLINE_FRAGMENT"),
    QStringView(u"VARIABLE_DEFINITION"), QStringView(u"SCHEMA"), QStringView(u"SCALAR"), QStringView(u"OBJECT"),
    QStringView(u"FIELD_DEFINITION"), QStringView(u"ARGUMENT_DEFINITION"), QStringView(u"INTERFACE"),
    QStringView(u"UNION"), QStringView(u"ENUM"), QStringView(u"ENUM_VALUE"), QStringView(u"INPUT_OBJECT"),
    QStringView(u"INPUT_FIELD_DEFINITION"), QStringView(u"DIRECTIVE_DEFINITION"),
};

bool isEmptyExtension(const TypeDefinition &type)
{
    return type.directives.empty() && type.interfaces.empty() && type.fields.empty() && type.types.empty()
        && type.values.empty() && type.inputFields.empty();
}

} // namespace

std::optional<TypeDefinition::Kind> typeKindOf(QStringView keyword)
{
    using enum TypeDefinition::Kind;
    if (keyword == u"type")
        return Object;
    if (keyword == u"input")
        return InputObject;
    if (keyword == u"enum")
        return Enum;
    if (keyword == u"scalar")
        return Scalar;
    if (keyword == u"interface")
        return Interface;
    if (keyword == u"union")
        return Union;
    return std::nullopt;
}

Definition Parser::extension()
{
    const Token keyword = lookahead();
    if (keyword.kind == TokenKind::Name) {
        if (const std::optional<TypeDefinition::Kind> kind = typeKindOf(keyword.value))
            return typeDefinition(*kind, true);
        if (keyword.value == u"schema")
            return schema(true);
    }
    failAt(keyword);
    return {};
}

SchemaDefinition Parser::schema(bool extension)
{
    SchemaDefinition schema;
    const qint32 start = m_token.start;
    schema.extension = extension;
    if (extension)
        expectKeyword(u"extend");
    else
        schema.description = description();
    expectKeyword(u"schema");
    schema.directives = directives(Const);
    if (!extension || peek(TokenKind::LeftBrace)) {
        schema.operationTypes = many<OperationTypeDefinition>(
            TokenKind::LeftBrace, &Parser::operationTypeDefinition, TokenKind::RightBrace);
    }
    if (extension && schema.directives.empty() && schema.operationTypes.empty())
        failAt(m_token);
    schema.loc = since(start);
    return schema;
}

OperationTypeDefinition Parser::operationTypeDefinition()
{
    OperationTypeDefinition definition;
    const qint32 start = m_token.start;
    definition.operation = operationType();
    expect(TokenKind::Colon);
    definition.type = namedType();
    definition.loc = since(start);
    return definition;
}

TypeDefinition Parser::typeDefinition(TypeDefinition::Kind kind, bool extension)
{
    TypeDefinition type;
    const qint32 start = m_token.start;
    type.kind = kind;
    type.extension = extension;
    if (extension)
        expectKeyword(u"extend");
    else
        type.description = description();
    advance();                                  // the keyword, which told the caller the kind
    type.name = name();
    typeBody(type);
    if (extension && isEmptyExtension(type))
        failAt(m_token);
    type.loc = since(start);
    return type;
}

void Parser::typeBody(TypeDefinition &type)
{
    using enum TypeDefinition::Kind;
    if ((type.kind == Object || type.kind == Interface) && acceptKeyword(u"implements"))
        type.interfaces = delimited<TypeReference>(TokenKind::Ampersand, &Parser::namedType);
    type.directives = directives(Const);
    switch (type.kind) {
    case Scalar:
        break;
    case Object:
    case Interface:
        type.fields = optionalMany<FieldDefinition>(TokenKind::LeftBrace, &Parser::fieldDefinition,
                                                    TokenKind::RightBrace);
        break;
    case Union:
        if (accept(TokenKind::Equals))
            type.types = delimited<TypeReference>(TokenKind::Pipe, &Parser::namedType);
        break;
    case Enum:
        type.values = optionalMany<EnumValueDefinition>(TokenKind::LeftBrace, &Parser::enumValue,
                                                        TokenKind::RightBrace);
        break;
    case InputObject:
        type.inputFields = optionalMany<InputValueDefinition>(TokenKind::LeftBrace, &Parser::inputValue,
                                                              TokenKind::RightBrace);
        break;
    }
}

FieldDefinition Parser::fieldDefinition()
{
    FieldDefinition field;
    const qint32 start = m_token.start;
    field.description = description();
    field.name = name();
    field.arguments = optionalMany<InputValueDefinition>(TokenKind::LeftParenthesis, &Parser::inputValue,
                                                         TokenKind::RightParenthesis);
    expect(TokenKind::Colon);
    field.type = type();
    field.directives = directives(Const);
    field.loc = since(start);
    return field;
}

InputValueDefinition Parser::inputValue()
{
    InputValueDefinition input;
    const qint32 start = m_token.start;
    input.description = description();
    input.name = name();
    expect(TokenKind::Colon);
    input.type = type();
    if (accept(TokenKind::Equals))
        input.defaultValue = value(Const);
    input.directives = directives(Const);
    input.loc = since(start);
    return input;
}

EnumValueDefinition Parser::enumValue()
{
    EnumValueDefinition value;
    const qint32 start = m_token.start;
    value.description = description();
    if (hasValue(m_token.kind)
        && (m_token.value == u"true" || m_token.value == u"false" || m_token.value == u"null")) {
        fail(m_token.start, u"%1 \"%2\" is reserved and cannot be used for an enum value."_s.arg(
                                tokenKindName(m_token.kind), m_token.value));
    }
    value.name = name();
    value.directives = directives(Const);
    value.loc = since(start);
    return value;
}

DirectiveDefinition Parser::directiveDefinition()
{
    DirectiveDefinition directive;
    const qint32 start = m_token.start;
    directive.description = description();
    expectKeyword(u"directive");
    expect(TokenKind::At);
    directive.name = name();
    directive.arguments = optionalMany<InputValueDefinition>(TokenKind::LeftParenthesis, &Parser::inputValue,
                                                             TokenKind::RightParenthesis);
    directive.repeatable = acceptKeyword(u"repeatable");
    expectKeyword(u"on");
    directive.locations = delimited<Name>(TokenKind::Pipe, &Parser::directiveLocation);
    directive.loc = since(start);
    return directive;
}

Name Parser::directiveLocation()
{
    const Token word = m_token;
    Name location = name();
    if (!failed() && std::find(directiveLocations.begin(), directiveLocations.end(), word.value)
            == directiveLocations.end())
        failAt(word);
    return location;
}

} // namespace Tideline::GraphQL
