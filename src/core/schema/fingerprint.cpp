// SPDX-License-Identifier: MIT
#include "core/schema/fingerprint_p.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace Tideline {

// Whoever holds the foreign key depends on the other side.
static bool holdsKey(const ModelType &model, const Relation &relation)
{
    switch (relation.kind) {
    case Relation::Kind::BelongsTo:
        return true;
    case Relation::Kind::HasMany:
        return false;
    case Relation::Kind::HasOne:
        return relation.localFields != model.primaryKey;
    }
    return false;
}

// Which models a model needs before it. weight: 2 all references, 1 without hasOne, 0 only required ones.
static bool waits(const ModelType &model, const QSet<QString> &open, int weight)
{
    return std::any_of(model.relations.begin(), model.relations.end(), [&](const Relation &relation) {
        if (!holdsKey(model, relation) || relation.target == model.name || !open.contains(relation.target))
            return false;
        if (weight < 2 && relation.kind == Relation::Kind::HasOne)
            return false;
        const auto &fields = model.fields;
        const bool required = std::any_of(relation.localFields.begin(), relation.localFields.end(),
                                          [&](int field) { return fields[size_t(field)].type.required; });
        return weight > 0 || required;
    });
}

// The model to come next: the first that waits for none; in a circle the one with the least to wait for.
static size_t nextOf(const std::vector<std::shared_ptr<const ModelType>> &open, const QSet<QString> &names)
{
    const auto ready = [&](int weight) {
        std::vector<size_t> found;
        for (size_t i = 0; i < open.size(); ++i) {
            if (!waits(*open[i], names, weight))
                found.push_back(i);
        }
        return found;
    };
    const auto byName = [&](size_t a, size_t b) { return open[a]->name < open[b]->name; };
    if (const std::vector<size_t> found = ready(2); !found.empty())
        return found.front();
    for (const int weight : {1, 0}) {
        if (const std::vector<size_t> found = ready(weight); !found.empty())
            return *std::min_element(found.begin(), found.end(), byName);
    }
    std::vector<size_t> all(open.size());
    std::iota(all.begin(), all.end(), size_t(0));
    return *std::min_element(all.begin(), all.end(), byName);
}

QStringList dependencyOrderOf(const std::vector<std::shared_ptr<const ModelType>> &models)
{
    std::vector<std::shared_ptr<const ModelType>> open = models;
    QSet<QString> names;
    for (const auto &model : models)
        names.insert(model->name);
    QStringList order;
    while (!open.empty()) {
        const size_t next = nextOf(open, names);
        order.append(open[next]->name);
        names.remove(open[next]->name);
        open.erase(open.begin() + qsizetype(next));
    }
    return order;
}

static QString typeText(const FieldType &type)
{
    QString text = type.name;
    if (type.list)
        text = u'[' + text + (type.elementRequired ? u"!]"_s : u"]"_s);
    return type.required ? text + u'!' : text;
}

static QJsonArray jsonOf(const std::vector<AuthRule> &rules)
{
    QJsonArray array;
    for (const AuthRule &rule : rules) {
        array.append(QJsonArray{int(rule.allow), int(rule.provider), rule.ownerField, rule.identityClaim, rule.groupClaim,
                                rule.groupsField, QJsonArray::fromStringList(rule.groups),
                                QJsonArray::fromStringList(rule.operations)});
    }
    return array;
}

static QJsonObject jsonOf(const std::vector<SchemaField> &fields)
{
    QJsonObject object;
    for (const SchemaField &field : fields) {
        QJsonArray content{typeText(field.type), field.defaultValue ? QJsonValue(*field.defaultValue) : QJsonValue(), field.readOnly,
                           jsonOf(field.authRules)};
        if (!field.renamedFrom.isEmpty())
            content.append(QJsonArray::fromStringList(field.renamedFrom));
        object.insert(field.name, content);
    }
    return object;
}

static QJsonArray namesOf(const std::vector<SchemaField> &fields, const std::vector<int> &indices)
{
    QJsonArray names;
    for (const int index : indices)
        names.append(fields[size_t(index)].name);
    return names;
}

static QJsonObject relationsOf(const SchemaPrivate &schema, const ModelType &model)
{
    QJsonObject relations;
    for (const Relation &relation : model.relations) {
        const ModelType &target = *schema.models[size_t(schema.modelNumbers.value(relation.target))];
        QJsonArray content{int(relation.kind), relation.target, relation.required, namesOf(model.fields, relation.localFields),
                           namesOf(target.fields, relation.targetFields), relation.limit, jsonOf(relation.authRules)};
        if (!relation.renamedFrom.isEmpty())
            content.append(QJsonArray::fromStringList(relation.renamedFrom));
        relations.insert(relation.name, content);
    }
    return relations;
}

static QJsonArray jsonOf(const ModelOperations &operations)
{
    return QJsonArray{operations.get, operations.list, operations.create, operations.update, operations.remove,
                      QJsonArray::fromStringList(operations.onCreate), QJsonArray::fromStringList(operations.onUpdate),
                      QJsonArray::fromStringList(operations.onDelete), int(operations.level)};
}

static QJsonObject jsonOf(const SchemaPrivate &schema, const ModelType &model)
{
    QJsonObject indexes;
    for (const Index &index : model.indexes)
        indexes.insert(index.name, QJsonArray{namesOf(model.fields, index.fields), index.queryField});
    QJsonObject content{
        {u"fields"_s, jsonOf(model.fields)},
        {u"relations"_s, relationsOf(schema, model)},
        {u"key"_s, namesOf(model.fields, model.primaryKey)},
        {u"indexes"_s, indexes},
        {u"auth"_s, jsonOf(model.authRules)},
        {u"operations"_s, jsonOf(model.operations)},
        {u"timestamps"_s, QJsonArray{model.createdAt, model.updatedAt}},
    };
    if (!model.renamedFrom.isEmpty())
        content.insert(u"renamedFrom"_s, QJsonArray::fromStringList(model.renamedFrom));
    return content;
}

static QJsonArray jsonOf(const EnumType &type)
{
    QStringList values = type.values;
    values.sort();
    QJsonArray content = QJsonArray::fromStringList(values);
    QStringList formers = type.renamedValues.keys();
    formers.sort();
    for (const QString &former : std::as_const(formers))
        content.append(QJsonArray{former, type.renamedValues.value(former)});
    return content;
}

QByteArray fingerprintOf(const SchemaPrivate &schema)
{
    QJsonObject models, enums, embedded;        // QJsonObject sorts by name
    for (const auto &model : schema.models)
        models.insert(model->name, jsonOf(schema, *model));
    for (const EnumType &type : schema.enums)
        enums.insert(type.name, jsonOf(type));
    for (const EmbeddedType &type : schema.embedded)
        embedded.insert(type.name, jsonOf(type.fields));
    const QJsonObject all{{u"models"_s, models}, {u"enums"_s, enums}, {u"embedded"_s, embedded}};
    const QByteArray text = QJsonDocument(all).toJson(QJsonDocument::Compact);
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

} // namespace Tideline
