// SPDX-License-Identifier: MIT
#include "tools/schematext.h"

#include "core/graphql/parser.h"
#include "tools/console.h"

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

/*! The schema, or an Error that has a line for each problem. */
Result<Schema> readSchema(const QString &path, Console &console)
{
    const Result<QString> source = console.read(path);
    if (!source)
        return source.error();
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(path));
    return schema ? schema : Result<Schema>(Error(schema.error().code(), schema.error().detail()));
}

SchemaText::SchemaText(const Schema &schema, QString fileName) : m_source(schema.source()), m_fileName(std::move(fileName))
{
    const GraphQL::ParseResult parsed = GraphQL::parse(m_source);
    const auto *document = std::get_if<GraphQL::Document>(&parsed);
    if (!document)
        return;
    for (const GraphQL::Definition &definition : document->definitions) {
        const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition);
        if (!type)
            continue;
        if (!type->extension)
            add(type->name.value, type->description, type->name);
        addMembers(*type);
    }
}

void SchemaText::add(const QString &path, const std::optional<GraphQL::StringValue> &description, const GraphQL::Name &name)
{
    m_entries.insert(path, {description ? description->value : QString(), name.loc.start});
}

void SchemaText::addMembers(const GraphQL::TypeDefinition &type)
{
    const QString prefix = type.name.value + u'.';
    for (const GraphQL::FieldDefinition &field : type.fields)
        add(prefix + field.name.value, field.description, field.name);
    for (const GraphQL::EnumValueDefinition &value : type.values)
        add(prefix + value.name.value, value.description, value.name);
}

QString SchemaText::description(const QString &path) const
{
    return m_entries.value(path).description;
}

/*! Of a member that the text does not have (an implicit one), the place of its type. */
QString SchemaText::place(const QString &path) const
{
    const auto found = m_entries.contains(path) ? m_entries.constFind(path) : m_entries.constFind(path.section(u'.', 0, 0));
    const GraphQL::SourcePosition at = GraphQL::positionOf(m_source, found == m_entries.cend() ? 0 : found->start);
    return u"%1:%2:%3"_s.arg(m_fileName).arg(at.line).arg(at.column);
}

} // namespace Tideline::Tools
