// SPDX-License-Identifier: MIT
#include "client/sync/dependencies_p.h"

#include <algorithm>

namespace Tideline {

// The fields of one side in the order of the other side's primary key; empty when the other side is not its whole key.
static std::vector<int> alongKey(const std::vector<int> &primaryKey, const std::vector<int> &keySide, const std::vector<int> &otherSide)
{
    std::vector<int> fields;
    if (keySide.size() != primaryKey.size() || otherSide.size() != keySide.size())
        return fields;
    for (const int part : primaryKey) {
        const auto found = std::find(keySide.begin(), keySide.end(), part);
        if (found == keySide.end())
            return {};
        fields.push_back(otherSide[size_t(found - keySide.begin())]);
    }
    return fields;
}

Dependencies::Dependencies(const Schema &schema)
    : m_foreignKeys(schema.models().size()), m_children(schema.models().size())
{
    for (const std::shared_ptr<const ModelType> &model : schema.models()) {
        for (const Relation &relation : model->relations)
            addRelation(schema, model, relation);
    }
    for (const std::shared_ptr<const ModelType> &model : schema.models()) {
        const QList<ForeignKey> &keys = foreignKeys(*model);
        for (qsizetype key = 0; key < keys.size(); ++key)
            m_children[size_t(keys[key].parent->number)].append({model, key});
    }
    order(schema);
}

/*
    The side that holds the other's primary key depends on it: a belongsTo on its target, a hasOne
    with its own foreign key too. A hasMany or hasOne that leads by this model's key makes the target
    the child, even when the target declares no way back.
*/
void Dependencies::addRelation(const Schema &schema, const std::shared_ptr<const ModelType> &model, const Relation &relation)
{
    const std::shared_ptr<const ModelType> target = schema.target(relation);
    if (!target)
        return;
    const bool leadsByOwnKey = relation.kind != Relation::Kind::BelongsTo && relation.localFields == model->primaryKey;
    if (leadsByOwnKey) {
        std::vector<int> fields = alongKey(model->primaryKey, relation.localFields, relation.targetFields);
        if (!fields.empty() && relation.targetFields != target->primaryKey)
            add(*target, {.parent = model, .fields = std::move(fields), .owned = true});
        return;
    }
    std::vector<int> fields = alongKey(target->primaryKey, relation.targetFields, relation.localFields);
    if (!fields.empty())
        add(*model, {.parent = target, .fields = std::move(fields)});
}

QString Dependencies::parentKey(const Record &row, const ForeignKey &foreignKey)
{
    std::vector<Value> parts;
    for (const int field : foreignKey.fields) {
        if (row.value(field).isNull())
            return {};
        parts.push_back(row.value(field));
    }
    return keyFromParts(parts);
}

void Dependencies::add(const ModelType &child, ForeignKey key)
{
    QList<ForeignKey> &keys = m_foreignKeys[size_t(child.number)];
    key.required = std::ranges::all_of(key.fields, [&child](int field) { return child.fields[size_t(field)].type.required; });
    const auto known = std::find_if(keys.begin(), keys.end(), [&key](const ForeignKey &each) { return each.parent == key.parent && each.fields == key.fields; });
    if (known == keys.end())
        keys.append(std::move(key));
    else
        known->owned = known->owned || key.owned;
}

void Dependencies::order(const Schema &schema)
{
    QStringList before;
    for (const QString &name : schema.dependencyOrder()) {
        const std::shared_ptr<const ModelType> model = schema.model(name);
        if (!model)
            continue;
        QStringList after;
        for (const ForeignKey &key : foreignKeys(*model)) {
            if (before.contains(key.parent->name) && !after.contains(key.parent->name))
                after.append(key.parent->name);
        }
        m_steps.append({model, after});
        before.append(name);
    }
}

} // namespace Tideline
