// SPDX-License-Identifier: MIT
#include "client/appsync/documents_p.h"

#include "core/schema/selection.h"

#include <QtCore/QSet>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

QString operationField(const ModelType &model, OutboxEntry::Operation operation)
{
    const OperationNames names = operationNames(model);
    switch (operation) {
    case OutboxEntry::Operation::Create: return names.create;
    case OutboxEntry::Operation::Update: return names.update;
    case OutboxEntry::Operation::Delete: return names.remove;
    }
    Q_UNREACHABLE();
}

QString inputType(const ModelType &model, OutboxEntry::Operation operation)
{
    static constexpr QStringView verbs[] = {u"Create", u"Update", u"Delete"};
    return inputTypeName(verbs[int(operation)], model);
}

QJsonObject inputOf(const OutboxEntry &entry)
{
    const ModelType &model = *entry.model;
    QJsonObject input;
    const std::vector<Value> key = keyParts(model, entry.key);
    for (size_t i = 0; i < key.size() && i < model.primaryKey.size(); ++i)
        input.insert(model.fields[size_t(model.primaryKey[i])].name, key[i].toJson());
    for (const auto &[field, value] : entry.changes) {
        const SchemaField &column = model.fields[size_t(field)];
        const bool unsaidNull = entry.operation == OutboxEntry::Operation::Create && value.isNull();
        if (!column.readOnly && !unsaidNull)
            input.insert(column.name, value.toJson());
    }
    for (const auto &[field, value] : entry.companions)
        input.insert(model.fields[size_t(field)].name, value.toJson());
    if (entry.baseVersion > 0)
        input.insert(u"_version"_s, entry.baseVersion);
    return input;
}

// With each comparison as comparison has it.
Predicate rewritten(const Predicate &predicate, const std::function<Predicate(const Predicate &)> &comparison)
{
    QList<Predicate> children;
    for (const Predicate &child : predicate.children())
        children.append(rewritten(child, comparison));
    const auto has = [&children](Predicate::Kind kind) {
        return std::any_of(children.begin(), children.end(), [kind](const Predicate &child) { return child.kind() == kind; });
    };
    switch (predicate.kind()) {
    case Predicate::Kind::Compare:
        return comparison(predicate);
    case Predicate::Kind::And:
        return has(Predicate::Kind::None) ? Predicate::none() : Predicate::allOf(children);
    case Predicate::Kind::Or:
        return has(Predicate::Kind::All) ? Predicate::all() : Predicate::anyOf(children);
    case Predicate::Kind::Not:
        return !children.first();
    case Predicate::Kind::All:
    case Predicate::Kind::None:
    case Predicate::Kind::Related:
        break;
    }
    return predicate;
}

// AppSync has neither in nor notIn.
Predicate withoutSet(const Predicate &comparison)
{
    const bool in = comparison.op() == Predicate::Operator::In;
    if (!in && comparison.op() != Predicate::Operator::NotIn)
        return comparison;
    if (comparison.operands().isEmpty())
        return in ? Predicate::none() : Predicate::all();
    QList<Predicate> members;
    for (const Value &operand : comparison.operands())
        members.append(Predicate::compare(comparison.field(), in ? Predicate::Operator::Eq : Predicate::Operator::Ne, {operand}));
    return in ? Predicate::anyOf(members) : Predicate::allOf(members);
}

// What the key says for good is no question to the backend: its conditions have no fields of the key.
QJsonObject conditionOf(const Schema &schema, const OutboxEntry &entry)
{
    if (entry.operation == OutboxEntry::Operation::Create)
        return {};
    const std::vector<int> &fields = entry.model->primaryKey;
    const std::vector<Value> key = keyParts(*entry.model, entry.key);
    Record record(entry.model);
    for (size_t i = 0; i < key.size(); ++i)
        record.setValue(fields[i], key[i]);
    return rewritten(entry.condition, [&](const Predicate &comparison) {
        if (std::find(fields.begin(), fields.end(), entry.model->fieldIndex(comparison.field())) == fields.end())
            return withoutSet(comparison);
        const Result<BoundPredicate> bound = BoundPredicate::bind(schema, entry.model, comparison);
        return bound && bound->matches(record) ? Predicate::all() : Predicate::none();
    }).toJson();
}

} // namespace

QJsonObject Documents::filter(const Predicate &predicate)
{
    return rewritten(predicate, withoutSet).toJson();
}

const QString &Documents::selection(const ModelType &model)
{
    QString &text = m_selections[model.name];
    if (text.isEmpty())
        text = recordSelection(m_schema, model);
    return text;
}

Documents::Request Documents::sync(const ModelType &model, int limit, const QString &nextToken, qint64 lastSync, const QJsonObject &filter)
{
    const QString filterType = u"Model"_s + model.name.left(1).toUpper() + model.name.mid(1) + u"FilterInput"_s;
    const QString query = u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp, $filter: %1) {\n"
                          "  %2(limit: $limit, nextToken: $nextToken, lastSync: $lastSync, filter: $filter) {\n"
                          "    items {%3 }\n    nextToken\n    startedAt\n  }\n}\n"_s
                              .arg(filterType, operationNames(model).sync, selection(model));
    return {query,
            {{u"limit"_s, limit},
             {u"nextToken"_s, nextToken.isEmpty() ? QJsonValue() : QJsonValue(nextToken)},
             {u"lastSync"_s, lastSync},
             {u"filter"_s, filter.isEmpty() ? QJsonValue() : QJsonValue(filter)}}};
}

QString Documents::alias(qsizetype number, qsizetype count, const OutboxEntry &entry)
{
    return count == 1 ? operationField(*entry.model, entry.operation) : u"m%1"_s.arg(number);
}

Documents::Request Documents::mutations(const QList<OutboxEntry> &entries)
{
    QStringList variables;
    QString fields;
    QString fragments;
    QSet<QString> models;
    Request request;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const OutboxEntry &entry = entries[i];
        const ModelType &model = *entry.model;
        const QString number = entries.size() == 1 ? QString() : QString::number(i);
        const QString field = operationField(model, entry.operation);
        const QJsonObject condition = conditionOf(m_schema, entry);
        variables.append(u"$input%1: %2!"_s.arg(number, inputType(model, entry.operation)));
        QString arguments = u"input: $input%1"_s.arg(number);
        request.variables.insert(u"input"_s + number, inputOf(entry));
        if (!condition.isEmpty()) {
            variables.append(u"$condition%1: Model%2ConditionInput"_s.arg(number, model.name.left(1).toUpper() + model.name.mid(1)));
            arguments += u", condition: $condition%1"_s.arg(number);
            request.variables.insert(u"condition"_s + number, condition);
        }
        const QString prefix = entries.size() == 1 ? QString() : u"m%1: "_s.arg(number);
        if (entries.size() == 1) {
            fields += u"  %1(%2) {%3 }\n"_s.arg(field, arguments, selection(model));
            continue;
        }
        fields += u"  %1%2(%3) { ...columns%4 }\n"_s.arg(prefix, field, arguments, model.name);
        if (!models.contains(model.name)) {
            models.insert(model.name);
            fragments += u"fragment columns%1 on %1 {%2 }\n"_s.arg(model.name, selection(model));
        }
    }
    request.query = u"mutation operation(%1) {\n%2}\n%3"_s.arg(variables.join(u", "_s), fields, fragments);
    return request;
}

Documents::Request Documents::subscription(const ModelType &model, const QString &field)
{
    return {u"subscription operation {\n  %1 {%2 }\n}\n"_s.arg(field, selection(model)), {}};
}

} // namespace Tideline
