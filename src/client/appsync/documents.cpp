// SPDX-License-Identifier: MIT
#include "client/appsync/documents_p.h"

#include "core/schema/selection.h"

#include <QtCore/QSet>

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
    if (entry.operation != OutboxEntry::Operation::Create && entry.baseVersion > 0)
        input.insert(u"_version"_s, entry.baseVersion);
    return input;
}

} // namespace

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
        const QJsonObject condition = entry.operation == OutboxEntry::Operation::Create ? QJsonObject() : entry.condition.toJson();
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
