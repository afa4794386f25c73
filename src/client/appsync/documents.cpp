// SPDX-License-Identifier: MIT
#include "client/appsync/documents_p.h"

#include "core/schema/selection.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSet>
#include <QtCore/QStringBuilder>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

const QString &operationField(const ModelType &model, OutboxEntry::Operation operation)
{
    switch (operation) {
    case OutboxEntry::Operation::Create: return model.operations.create;
    case OutboxEntry::Operation::Update: return model.operations.update;
    case OutboxEntry::Operation::Delete: return model.operations.remove;
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
    if (entry.operation == OutboxEntry::Operation::Create || entry.condition.kind() == Predicate::Kind::All)
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

static qsizetype sizeOf(const Value &value)
{
    constexpr qsizetype shortOnes = 32;
    if (value.kind() == Value::Kind::Text)
        return 3 * value.toText().size();           // of UTF-8 at most
    if (value.kind() != Value::Kind::List && value.kind() != Value::Kind::Object)
        return shortOnes;
    return QJsonDocument(QJsonArray{value.toJson()}).toJson(QJsonDocument::Compact).size();
}

/*! Returns about how many bytes of a document's variables \a entry needs. */
qsizetype Documents::size(const OutboxEntry &entry)
{
    qsizetype size = 0;
    for (const auto &[field, value] : entry.changes)
        size += sizeOf(value);
    return size;
}

/*
    Of several each has a line for its variables and one for its field, so that the place of an error tells whose it is:

    mutation operation(
    $input0: ...
    $input1: ...
    ) {
    m0: ...
    m1: ...
    }
*/
Documents::Request Documents::mutations(const QList<OutboxEntry> &entries)
{
    const bool isOne = entries.size() == 1;
    QString variables;
    QString fields;
    QString fragments;
    QSet<QString> models;
    Request request;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const OutboxEntry &entry = entries[i];
        const ModelType &model = *entry.model;
        const QString number = isOne ? QString() : QString::number(i);
        QString arguments = u"(input: $input"_s % number;
        variables += u"$input"_s % number % u": "_s % inputType(model, entry.operation) % u'!';
        request.variables.insert(u"input"_s + number, inputOf(entry));
        if (const QJsonObject condition = conditionOf(m_schema, entry); !condition.isEmpty()) {
            variables += u", $condition%1: Model%2ConditionInput"_s.arg(number, model.name.left(1).toUpper() + model.name.mid(1));
            arguments += u", condition: $condition%1"_s.arg(number);
            request.variables.insert(u"condition"_s + number, condition);
        }
        arguments += u')';
        if (isOne) {
            request.query = u"mutation operation(%1) {\n  %2%3 {%4 }\n}\n"_s.arg(variables, operationField(model, entry.operation), arguments, selection(model));
            return request;
        }
        variables += u'\n';
        fields += u'm' % number % u": "_s % operationField(model, entry.operation) % arguments % u" { ...columns"_s % model.name % u" }\n"_s;
        if (!models.contains(model.name)) {
            models.insert(model.name);
            fragments += u"fragment columns%1 on %1 {%2 }\n"_s.arg(model.name, selection(model));
        }
    }
    request.query = u"mutation operation(\n"_s % variables % u") {\n"_s % fields % u"}\n"_s % fragments;
    return request;
}

/*! Returns which of \a count mutations of a document line \a line is about; -1: none alone. */
qsizetype Documents::mutationAt(qsizetype line, qsizetype count)
{
    const qsizetype firstVariables = 2;
    const qsizetype firstField = firstVariables + count + 1;
    const qsizetype first = line < firstField ? firstVariables : firstField;
    return line >= first && line < first + count ? line - first : -1;
}

Documents::Request Documents::subscription(const ModelType &model, const QString &field)
{
    return {u"subscription operation {\n  %1 {%2 }\n}\n"_s.arg(field, selection(model)), {}};
}

} // namespace Tideline
