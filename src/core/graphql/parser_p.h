// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/lexer.h"
#include "core/graphql/parser.h"

namespace Tideline::GraphQL {

/*
    Recursive descent, one token of lookahead, a second one after descriptions and "extend".

    The first failure is kept and the current token becomes Invalid, which no rule accepts: every
    rule then runs out by itself, and nothing has to be unwound.
*/
class Parser
{
public:
    Parser(QStringView source, const ParseOptions &options);

    [[nodiscard]] ParseResult document();

private:
    enum class Constness { Free, Const };
    using enum Constness;
    template<typename T> using Rule = T (Parser::*)();

    class Nesting
    {
    public:
        explicit Nesting(Parser &parser);
        Q_DISABLE_COPY_MOVE(Nesting)
        ~Nesting() { --m_parser.m_depth; }

    private:
        Parser &m_parser;
    };

    // tokens
    [[nodiscard]] bool failed() const { return m_error.has_value(); }
    [[nodiscard]] bool peek(TokenKind kind) const { return m_token.kind == kind; }
    [[nodiscard]] bool peekDescription() const;
    [[nodiscard]] bool peekKeyword(QStringView word) const;
    void advance();
    [[nodiscard]] const Token &lookahead();
    bool accept(TokenKind kind);
    bool acceptKeyword(QStringView word);
    bool expect(TokenKind kind);
    bool expectKeyword(QStringView word);
    void fail(qint32 position, const QString &description);
    void failAt(const Token &token);
    void failLexically();
    [[nodiscard]] Location since(qint32 start) const { return {start, m_lastEnd}; }

    // lists
    template<typename T> [[nodiscard]] std::vector<T> many(TokenKind open, Rule<T> rule, TokenKind close);
    template<typename T> [[nodiscard]] std::vector<T> optionalMany(TokenKind open, Rule<T> rule, TokenKind close);
    template<typename T> [[nodiscard]] std::vector<T> delimited(TokenKind delimiter, Rule<T> rule);

    // the parts both languages share
    [[nodiscard]] Definition definition();
    [[nodiscard]] std::optional<Definition> describedDefinition(const Token &keyword);
    [[nodiscard]] Name name();
    [[nodiscard]] Variable variable();
    [[nodiscard]] Value value(Constness constness);
    [[nodiscard]] Value namedValue();
    [[nodiscard]] Value variableValue(Constness constness);
    [[nodiscard]] ListValue listValue(Constness constness);
    [[nodiscard]] ObjectValue objectValue(Constness constness);
    [[nodiscard]] StringValue stringValue();
    [[nodiscard]] std::optional<StringValue> description();
    [[nodiscard]] Argument argument(Constness constness);
    [[nodiscard]] Argument variableArgument() { return argument(Free); }
    [[nodiscard]] Argument constArgument() { return argument(Const); }
    [[nodiscard]] Directives directives(Constness constness);
    [[nodiscard]] TypeReference type();
    [[nodiscard]] TypeReference namedType();

    // executable definitions
    [[nodiscard]] OperationDefinition operation();
    [[nodiscard]] OperationType operationType();
    [[nodiscard]] VariableDefinition variableDefinition();
    [[nodiscard]] SelectionSet selectionSet();
    [[nodiscard]] Selection selection();
    [[nodiscard]] Field field();
    [[nodiscard]] Selection spread();
    [[nodiscard]] FragmentDefinition fragment();
    [[nodiscard]] Name fragmentName();

    // type system definitions
    [[nodiscard]] Definition extension();
    [[nodiscard]] SchemaDefinition schema(bool extension);
    [[nodiscard]] OperationTypeDefinition operationTypeDefinition();
    [[nodiscard]] TypeDefinition typeDefinition(TypeDefinition::Kind kind, bool extension);
    void typeBody(TypeDefinition &type);
    [[nodiscard]] FieldDefinition fieldDefinition();
    [[nodiscard]] InputValueDefinition inputValue();
    [[nodiscard]] EnumValueDefinition enumValue();
    [[nodiscard]] DirectiveDefinition directiveDefinition();
    [[nodiscard]] Name directiveLocation();

    Lexer m_lexer;
    ParseOptions m_options;
    Token m_token;                              // the one the rules look at
    std::optional<Token> m_ahead;               // the one after it, where a rule had to know
    qint32 m_lastEnd = 0;                       // of the last token consumed
    int m_tokens = 0;
    int m_depth = 0;
    std::optional<SyntaxError> m_error;
};

[[nodiscard]] std::optional<TypeDefinition::Kind> typeKindOf(QStringView keyword);

template<typename T>
std::vector<T> Parser::many(TokenKind open, Rule<T> rule, TokenKind close)
{
    if (!expect(open))
        return {};
    std::vector<T> items;
    do
        items.push_back((this->*rule)());
    while (!accept(close) && !failed());
    return items;
}

template<typename T>
std::vector<T> Parser::optionalMany(TokenKind open, Rule<T> rule, TokenKind close)
{
    if (!peek(open))
        return {};
    return many(open, rule, close);
}

template<typename T>
std::vector<T> Parser::delimited(TokenKind delimiter, Rule<T> rule)
{
    accept(delimiter);
    std::vector<T> items;
    do
        items.push_back((this->*rule)());
    while (accept(delimiter));
    return items;
}

} // namespace Tideline::GraphQL
