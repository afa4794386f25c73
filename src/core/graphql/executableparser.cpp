// SPDX-License-Identifier: MIT
#include "core/graphql/parser_p.h"

namespace Tideline::GraphQL {

OperationDefinition Parser::operation()
{
    OperationDefinition operation;
    const qint32 start = m_token.start;
    if (!peek(TokenKind::LeftBrace)) {
        operation.description = description();
        operation.operation = operationType();
        if (peek(TokenKind::Name))
            operation.name = name();
        operation.variableDefinitions = optionalMany<VariableDefinition>(
            TokenKind::LeftParenthesis, &Parser::variableDefinition, TokenKind::RightParenthesis);
        operation.directives = directives(Free);
    }
    operation.selectionSet = selectionSet();
    operation.loc = since(start);
    return operation;
}

OperationType Parser::operationType()
{
    const Token word = m_token;
    expect(TokenKind::Name);
    if (word.value == u"mutation")
        return OperationType::Mutation;
    if (word.value == u"subscription")
        return OperationType::Subscription;
    if (word.value != u"query")
        failAt(word);
    return OperationType::Query;
}

VariableDefinition Parser::variableDefinition()
{
    VariableDefinition definition;
    const qint32 start = m_token.start;
    definition.description = description();
    definition.variable = variable();
    expect(TokenKind::Colon);
    definition.type = type();
    if (accept(TokenKind::Equals))
        definition.defaultValue = value(Const);
    definition.directives = directives(Const);
    definition.loc = since(start);
    return definition;
}

SelectionSet Parser::selectionSet()
{
    const Nesting nesting(*this);
    SelectionSet set;
    const qint32 start = m_token.start;
    set.selections = many<Selection>(TokenKind::LeftBrace, &Parser::selection, TokenKind::RightBrace);
    set.loc = since(start);
    return set;
}

Selection Parser::selection()
{
    if (peek(TokenKind::Spread))
        return spread();
    return {field()};
}

Field Parser::field()
{
    Field field;
    const qint32 start = m_token.start;
    field.name = name();
    if (accept(TokenKind::Colon))
        field.alias = std::exchange(field.name, name());
    field.arguments = optionalMany<Argument>(TokenKind::LeftParenthesis, &Parser::variableArgument,
                                             TokenKind::RightParenthesis);
    field.directives = directives(Free);
    if (peek(TokenKind::LeftBrace))
        field.selectionSet = selectionSet();
    field.loc = since(start);
    return field;
}

// A fragment spread or an inline fragment.
Selection Parser::spread()
{
    const qint32 start = m_token.start;
    expect(TokenKind::Spread);
    const bool conditional = acceptKeyword(u"on");
    if (!conditional && peek(TokenKind::Name)) {
        FragmentSpread spread;
        spread.name = fragmentName();
        spread.directives = directives(Free);
        spread.loc = since(start);
        return {std::move(spread)};
    }
    InlineFragment fragment;
    if (conditional)
        fragment.typeCondition = namedType();
    fragment.directives = directives(Free);
    fragment.selectionSet = selectionSet();
    fragment.loc = since(start);
    return {std::move(fragment)};
}

FragmentDefinition Parser::fragment()
{
    FragmentDefinition fragment;
    const qint32 start = m_token.start;
    fragment.description = description();
    expectKeyword(u"fragment");
    fragment.name = fragmentName();
    expectKeyword(u"on");
    fragment.typeCondition = namedType();
    fragment.directives = directives(Free);
    fragment.selectionSet = selectionSet();
    fragment.loc = since(start);
    return fragment;
}

Name Parser::fragmentName()
{
    if (hasValue(m_token.kind) && m_token.value == u"on")
        failAt(m_token);
    return name();
}

} // namespace Tideline::GraphQL
