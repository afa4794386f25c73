// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/schema/schema.h"

#include <QtCore/QJsonObject>
#include <QtCore/QSet>

namespace Tideline::Server {

// What a schema says of values whose enum or embedded type had other names for them.
class ValueNames
{
public:
    explicit ValueNames(const Schema &schema) : m_schema(schema) { }

    // Names of values and members that had others, and that no longer mean anything else in their type.
    [[nodiscard]] QStringList formers(const FieldType &type) const;
    enum class Strangers { Keep, Drop };                    // members that the type does not have
    [[nodiscard]] Value renamed(const FieldType &type, const Value &value, Strangers strangers = Strangers::Keep) const;

    // The types of a model's fields and what they consist of; and whether a value of the field may be none of its type any more
    // that was one when that was written.
    [[nodiscard]] QJsonObject describe(const ModelType &model) const;
    [[nodiscard]] bool mayMisfit(const SchemaField &field, const QJsonObject &described) const;

private:
    [[nodiscard]] Value renamedMembers(const EmbeddedType &type, const Value &value, Strangers strangers) const;
    void collectFormers(const FieldType &type, QSet<QString> &names, QSet<QString> &seen) const;
    void describe(const FieldType &type, QJsonObject &types) const;
    [[nodiscard]] bool mayMisfit(const FieldType &type, const QJsonObject &types, QSet<QString> &seen) const;

    const Schema &m_schema;
};

} // namespace Tideline::Server
