// SPDX-License-Identifier: MIT
// What became of changes, and what is kept aside, as JavaScript sees it.
#include "plugin/conversion.h"

#include "plugin/promises.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtQml/QJSEngine>

using namespace Qt::StringLiterals;

namespace Tideline {

QString nameOf(OutboxEntry::Operation operation)
{
    switch (operation) {
    case OutboxEntry::Operation::Create: return u"CREATE"_s;
    case OutboxEntry::Operation::Update: return u"UPDATE"_s;
    case OutboxEntry::Operation::Delete: return u"DELETE"_s;
    }
    return {};
}

static QString nameOf(Receipt::State state)
{
    switch (state) {
    case Receipt::Local: return u"LOCAL"_s;
    case Receipt::Sent: return u"SENT"_s;
    case Receipt::Accepted: return u"ACCEPTED"_s;
    case Receipt::Merged: return u"MERGED"_s;
    case Receipt::Rejected: return u"REJECTED"_s;
    case Receipt::Discarded: return u"DISCARDED"_s;
    }
    return {};
}

QJSValue toJs(QJSEngine *engine, const Receipt &receipt)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"mutation"_s, double(receipt.mutation()));
    object.setProperty(u"type"_s, receipt.type());
    object.setProperty(u"key"_s, receipt.key());
    object.setProperty(u"state"_s, nameOf(receipt.state()));
    object.setProperty(u"mergedFields"_s, engine->toScriptValue(receipt.mergedFields()));
    object.setProperty(u"error"_s, receipt.error().isError() ? toJsError(engine, receipt.error()) : QJSValue(QJSValue::NullValue));
    object.setProperty(u"at"_s, engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(receipt.at())));
    object.setProperty(u"record"_s, toJs(engine, receipt.record()));
    return object;
}

template<typename T, typename Write>
static QJSValue arrayOf(QJSEngine *engine, const QList<T> &list, Write write)
{
    QJSValue array = engine->newArray(uint(list.size()));
    for (qsizetype i = 0; i < list.size(); ++i)
        array.setProperty(quint32(i), write(list[i]));
    return array;
}

QJSValue toJs(QJSEngine *engine, const QList<Receipt> &receipts)
{
    return arrayOf(engine, receipts, [engine](const Receipt &receipt) { return toJs(engine, receipt); });
}

static QJSValue parsed(QJSEngine *engine, const QString &json)
{
    return engine->toScriptValue(QJsonDocument::fromJson(json.toUtf8()).object());
}

QJSValue toJs(QJSEngine *engine, const QList<QuarantinedRow> &rows)
{
    return arrayOf(engine, rows, [engine](const QuarantinedRow &row) {
        QJSValue object = engine->newObject();
        object.setProperty(u"type"_s, row.model);
        object.setProperty(u"key"_s, row.key);
        object.setProperty(u"raw"_s, parsed(engine, row.raw));
        object.setProperty(u"error"_s, toJsError(engine, row.error));
        object.setProperty(u"parentType"_s, row.parentModel);
        object.setProperty(u"parentKey"_s, row.parentKey);
        object.setProperty(u"since"_s, engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(row.since)));
        return object;
    });
}

QJSValue toJs(QJSEngine *engine, const QList<UnmappedData> &list)
{
    return arrayOf(engine, list, [engine](const UnmappedData &data) {
        const bool isMutation = data.kind == UnmappedData::Kind::Mutation;
        QJSValue object = engine->newObject();
        object.setProperty(u"id"_s, double(data.id));
        object.setProperty(u"kind"_s, isMutation ? u"MUTATION"_s : data.kind == UnmappedData::Kind::Row ? u"ROW"_s : u"FIELD"_s);
        object.setProperty(u"type"_s, data.model);
        object.setProperty(u"key"_s, data.key);
        object.setProperty(u"operation"_s, isMutation ? QJSValue(nameOf(data.operation)) : QJSValue(QJSValue::NullValue));
        object.setProperty(u"values"_s, engine->toScriptValue(data.values));
        object.setProperty(u"base"_s, isMutation ? engine->toScriptValue(data.base) : QJSValue(QJSValue::NullValue));
        object.setProperty(u"error"_s, toJsError(engine, data.error()));
        object.setProperty(u"since"_s, engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(data.at)));
        return object;
    });
}

QJSValue toJs(QJSEngine *, qint64 number)
{
    return QJSValue(double(number));
}

QJSValue toJs(QJSEngine *engine, const AtRisk &risk)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"pending"_s, double(risk.pending));
    object.setProperty(u"rejected"_s, double(risk.rejected));
    object.setProperty(u"unmapped"_s, double(risk.unmapped));
    object.setProperty(u"total"_s, double(risk.total()));
    return object;
}

} // namespace Tideline
