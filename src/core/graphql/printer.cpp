// SPDX-License-Identifier: MIT
#include "core/graphql/printer.h"

#include "core/graphql/stringliteral_p.h"

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

namespace {

QLatin1StringView nameOf(OperationType operation)
{
    switch (operation) {
    case OperationType::Query: return "query"_L1;
    case OperationType::Mutation: return "mutation"_L1;
    case OperationType::Subscription: return "subscription"_L1;
    }
    Q_UNREACHABLE();
}

QLatin1StringView keywordOf(TypeDefinition::Kind kind)
{
    switch (kind) {
    case TypeDefinition::Kind::Scalar: return "scalar "_L1;
    case TypeDefinition::Kind::Object: return "type "_L1;
    case TypeDefinition::Kind::Interface: return "interface "_L1;
    case TypeDefinition::Kind::Union: return "union "_L1;
    case TypeDefinition::Kind::Enum: return "enum "_L1;
    case TypeDefinition::Kind::InputObject: return "input "_L1;
    }
    Q_UNREACHABLE();
}

/*
    Writes a tree as graphql-js prints it. Its layout depends in two places on how the parts turned
    out (arguments beyond 80 characters, or over several lines): those are written on one line
    first, and again if that was wrong.
*/
class Printer
{
public:
    [[nodiscard]] QString take() { return std::move(m_out); }

    void write(const Document &document);
    void write(const Value &value);
    void write(const TypeReference &type);

private:
    // executable
    void write(const Definition &definition) { std::visit([this](const auto &node) { write(node); }, definition); }
    void write(const OperationDefinition &operation);
    void write(const VariableDefinition &definition);
    void write(const SelectionSet &set);
    void write(const Selection &selection) { std::visit([this](const auto &node) { write(node); }, selection.node); }
    void write(const Field &field);
    void write(const FragmentSpread &spread);
    void write(const InlineFragment &fragment);
    void write(const FragmentDefinition &fragment);

    // values
    void write(const NullValue &) { m_out += "null"_L1; }
    void write(const Variable &variable) { m_out += u'$' + variable.name.value; }
    void write(const IntValue &value) { m_out += value.value; }
    void write(const FloatValue &value) { m_out += value.value; }
    void write(const StringValue &string);
    void write(const BooleanValue &value) { m_out += value.value ? "true"_L1 : "false"_L1; }
    void write(const EnumValue &value) { m_out += value.value; }
    void write(const ListValue &list);
    void write(const ObjectValue &object);
    void write(const ObjectField &field) { writePair(field.name, field.value); }
    void write(const Argument &argument) { writePair(argument.name, argument.value); }
    void write(const Name &name) { m_out += name.value; }
    void write(const Directive &directive);

    // type system
    void write(const SchemaDefinition &schema);
    void write(const OperationTypeDefinition &definition);
    void write(const TypeDefinition &type);
    void write(const FieldDefinition &field);
    void write(const InputValueDefinition &input);
    void write(const EnumValueDefinition &value);
    void write(const DirectiveDefinition &directive);

    void newLine();
    void writePair(const Name &name, const Value &value);
    void writeDescription(const std::optional<StringValue> &description);
    void writeDirectives(const Directives &directives);
    template<typename T> void writeJoined(const std::vector<T> &items, QLatin1StringView separator);
    template<typename T> void writeLines(const std::vector<T> &items);
    template<typename T> void writeBlock(const std::vector<T> &items);
    template<typename T> void writeIndented(const std::vector<T> &items);
    template<typename T> bool writeArguments(const std::vector<T> &items);
    void writeParameters(const std::vector<InputValueDefinition> &items);
    [[nodiscard]] qsizetype lengthSince(qsizetype start) const;

    QString m_out;
    int m_indent = 0;                           // in characters
};

void Printer::newLine()
{
    m_out += u'\n';
    m_out.resize(m_out.size() + m_indent, u' ');
}

// What graphql-js counts for text written since start: without the indentation of this level.
qsizetype Printer::lengthSince(qsizetype start) const
{
    const QStringView text = QStringView(m_out).sliced(start);
    return text.size() - text.count(u'\n') * m_indent;
}

template<typename T>
void Printer::writeJoined(const std::vector<T> &items, QLatin1StringView separator)
{
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0)
            m_out += separator;
        write(items[i]);
    }
}

template<typename T>
void Printer::writeLines(const std::vector<T> &items)
{
    for (const T &item : items) {
        newLine();
        write(item);
    }
}

template<typename T>
void Printer::writeIndented(const std::vector<T> &items)
{
    m_indent += 2;
    writeLines(items);
    m_indent -= 2;
    newLine();
}

// " {", each item on its own line, "}"; nothing when there are no items.
template<typename T>
void Printer::writeBlock(const std::vector<T> &items)
{
    if (items.empty())
        return;
    if (!m_out.isEmpty() && !m_out.endsWith(u'\n'))
        m_out += u' ';
    m_out += u'{';
    writeIndented(items);
    m_out += u'}';
}

// Answers whether an item needed more than one line.
template<typename T>
bool Printer::writeArguments(const std::vector<T> &items)
{
    if (items.empty())
        return false;
    const qsizetype start = m_out.size();
    m_out += u'(';
    writeJoined(items, ", "_L1);
    m_out += u')';
    return QStringView(m_out).sliced(start).contains(u'\n');
}

void Printer::writeParameters(const std::vector<InputValueDefinition> &items)
{
    const qsizetype start = m_out.size();
    if (!writeArguments(items))
        return;
    m_out.truncate(start);
    m_out += u'(';
    writeIndented(items);
    m_out += u')';
}

void Printer::writePair(const Name &name, const Value &value)
{
    m_out += name.value;
    m_out += ": "_L1;
    write(value);
}

void Printer::writeDescription(const std::optional<StringValue> &description)
{
    if (!description)
        return;
    write(*description);
    newLine();
}

void Printer::writeDirectives(const Directives &directives)
{
    for (const Directive &directive : directives) {
        m_out += u' ';
        write(directive);
    }
}

void Printer::write(const Document &document)
{
    writeJoined(document.definitions, "\n\n"_L1);
}

void Printer::write(const OperationDefinition &operation)
{
    const bool isShort = operation.operation == OperationType::Query && !operation.description && !operation.name
        && operation.variableDefinitions.empty() && operation.directives.empty();
    if (!isShort) {
        writeDescription(operation.description);
        m_out += nameOf(operation.operation);
        if (operation.name || !operation.variableDefinitions.empty())
            m_out += u' ';
        if (operation.name)
            write(*operation.name);
        const qsizetype start = m_out.size();
        if (writeArguments(operation.variableDefinitions)) {
            m_out.truncate(start);
            m_out += u'(';
            writeLines(operation.variableDefinitions);      // graphql-js does not indent these
            m_out += "\n)"_L1;
        }
        writeDirectives(operation.directives);
    }
    write(operation.selectionSet);
}

void Printer::write(const VariableDefinition &definition)
{
    writeDescription(definition.description);
    write(definition.variable);
    m_out += ": "_L1;
    write(definition.type);
    if (definition.defaultValue) {
        m_out += " = "_L1;
        write(*definition.defaultValue);
    }
    writeDirectives(definition.directives);
}

void Printer::write(const SelectionSet &set)
{
    writeBlock(set.selections);
}

void Printer::write(const Field &field)
{
    constexpr qsizetype longestLine = 80;
    const qsizetype start = m_out.size();
    if (field.alias) {
        write(*field.alias);
        m_out += ": "_L1;
    }
    write(field.name);
    const qsizetype argumentsStart = m_out.size();
    writeArguments(field.arguments);
    if (!field.arguments.empty() && lengthSince(start) > longestLine) {
        m_out.truncate(argumentsStart);
        m_out += u'(';
        writeIndented(field.arguments);
        m_out += u')';
    }
    writeDirectives(field.directives);
    if (field.selectionSet)
        write(*field.selectionSet);
}

void Printer::write(const FragmentSpread &spread)
{
    m_out += "..."_L1;
    write(spread.name);
    writeDirectives(spread.directives);
}

void Printer::write(const InlineFragment &fragment)
{
    m_out += "..."_L1;
    if (fragment.typeCondition) {
        m_out += " on "_L1;
        write(*fragment.typeCondition);
    }
    writeDirectives(fragment.directives);
    write(fragment.selectionSet);
}

void Printer::write(const FragmentDefinition &fragment)
{
    writeDescription(fragment.description);
    m_out += "fragment "_L1;
    write(fragment.name);
    m_out += " on "_L1;
    write(fragment.typeCondition);
    writeDirectives(fragment.directives);
    write(fragment.selectionSet);
}

void Printer::write(const Value &value)
{
    std::visit([this](const auto &node) { write(node); }, value.node);
}

void Printer::write(const StringValue &string)
{
    if (!string.block) {
        m_out += quoteString(string.value);
        return;
    }
    const QString quoted = quoteBlockString(string.value, BlockStringForm::Readable);
    const QList<QStringView> lines = QStringView(quoted).split(u'\n');
    m_out += lines.first();
    for (qsizetype i = 1; i < lines.size(); ++i) {
        newLine();
        m_out += lines[i];
    }
}

void Printer::write(const ListValue &list)
{
    m_out += u'[';
    writeJoined(list.values, ", "_L1);
    m_out += u']';
}

void Printer::write(const ObjectValue &object)
{
    m_out += u'{';
    writeJoined(object.fields, ", "_L1);
    m_out += u'}';
}

void Printer::write(const Directive &directive)
{
    m_out += u'@';
    write(directive.name);
    writeArguments(directive.arguments);
}

void Printer::write(const TypeReference &type)
{
    switch (type.kind) {
    case TypeReference::Kind::Named:
        write(type.name);
        break;
    case TypeReference::Kind::List:
        m_out += u'[';
        write(*type.inner);
        m_out += u']';
        break;
    case TypeReference::Kind::NonNull:
        write(*type.inner);
        m_out += u'!';
        break;
    }
}

void Printer::write(const SchemaDefinition &schema)
{
    writeDescription(schema.description);
    m_out += schema.extension ? "extend schema"_L1 : "schema"_L1;
    writeDirectives(schema.directives);
    writeBlock(schema.operationTypes);
}

void Printer::write(const OperationTypeDefinition &definition)
{
    m_out += nameOf(definition.operation);
    m_out += ": "_L1;
    write(definition.type);
}

void Printer::write(const TypeDefinition &type)
{
    writeDescription(type.description);
    if (type.extension)
        m_out += "extend "_L1;
    m_out += keywordOf(type.kind);
    write(type.name);
    if (!type.interfaces.empty()) {
        m_out += " implements "_L1;
        writeJoined(type.interfaces, " & "_L1);
    }
    writeDirectives(type.directives);
    if (!type.types.empty()) {
        m_out += " = "_L1;
        writeJoined(type.types, " | "_L1);
    }
    writeBlock(type.fields);
    writeBlock(type.values);
    writeBlock(type.inputFields);
}

void Printer::write(const FieldDefinition &field)
{
    writeDescription(field.description);
    write(field.name);
    writeParameters(field.arguments);
    m_out += ": "_L1;
    write(field.type);
    writeDirectives(field.directives);
}

void Printer::write(const InputValueDefinition &input)
{
    writeDescription(input.description);
    write(input.name);
    m_out += ": "_L1;
    write(input.type);
    if (input.defaultValue) {
        m_out += " = "_L1;
        write(*input.defaultValue);
    }
    writeDirectives(input.directives);
}

void Printer::write(const EnumValueDefinition &value)
{
    writeDescription(value.description);
    write(value.name);
    writeDirectives(value.directives);
}

void Printer::write(const DirectiveDefinition &directive)
{
    writeDescription(directive.description);
    m_out += "directive @"_L1;
    write(directive.name);
    writeParameters(directive.arguments);
    if (directive.repeatable)
        m_out += " repeatable"_L1;
    m_out += " on "_L1;
    writeJoined(directive.locations, " | "_L1);
}

template<typename T>
QString printed(const T &node)
{
    Printer printer;
    printer.write(node);
    return printer.take();
}

} // namespace

/*!
    \since 0.1
    The source of \a document as graphql-js prints it: two spaces a level, one blank line between
    definitions, no newline at the end. Parsing it gives the same tree, apart from the locations.
*/
QString print(const Document &document)
{
    return printed(document);
}

/*!
    \since 0.1
    \overload
    The source of one \a value.
*/
QString print(const Value &value)
{
    return printed(value);
}

/*!
    \since 0.1
    \overload
    The source of a \a type reference, for example "[Int!]!".
*/
QString print(const TypeReference &type)
{
    return printed(type);
}

} // namespace Tideline::GraphQL
