// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/schema/schema.h"

#include <QtCore/QHash>

namespace Tideline::Tools {

class Console;

[[nodiscard]] Result<Schema> readSchema(const QString &path, Console &console);

/*
    What a schema's text says beside its types: descriptions, and where names stand. A path is the name
    of a type, or "Type.member" for a field or an enum's value.
*/
class SchemaText
{
public:
    SchemaText(const Schema &schema, QString fileName);

    [[nodiscard]] bool contains(const QString &path) const { return m_entries.contains(path); }
    [[nodiscard]] QString description(const QString &path) const;   // empty: none
    [[nodiscard]] QString place(const QString &path) const;         // "schema.graphql:3:5"

private:
    struct Entry
    {
        QString description;
        int start = 0;
    };

    void add(const QString &path, const std::optional<GraphQL::StringValue> &description, const GraphQL::Name &name);
    void addMembers(const GraphQL::TypeDefinition &type);

    QString m_source;
    QString m_fileName;
    QHash<QString, Entry> m_entries;
};

} // namespace Tideline::Tools
