// SPDX-License-Identifier: MIT
#include "client/store/unmapped.h"

#include "client/store/storetext_p.h"
#include "client/store/transaction.h"
#include "client/store/unmappedtable_p.h"
#include "client/store/writerstate_p.h"

#include <QtCore/QMultiHash>

#include <algorithm>
#include <iterator>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static QJsonObject withoutHidden(QJsonObject row)
{
    for (const QString &name : row.keys()) {
        if (name.startsWith(u'$'))
            row.remove(name);
    }
    return row;
}

static UnmappedData dataOf(const UnmappedTable::Entry &entry)
{
    UnmappedData data;
    data.id = entry.id;
    data.kind = entry.kind;
    data.reason = entry.reason;
    data.model = entry.model;
    data.key = entry.key;
    data.field = entry.field;
    data.at = entry.at;
    data.onlyHere = entry.kind == UnmappedData::Kind::Mutation
        || (entry.kind == UnmappedData::Kind::Row && entry.json.value("$version"_L1).toInteger() == 0);
    if (entry.kind != UnmappedData::Kind::Mutation) {
        data.values = withoutHidden(entry.json);
        return data;
    }
    data.values = entry.json.value("changes"_L1).toObject();
    data.base = entry.json.value("base"_L1).toObject();
    data.operation = OutboxEntry::Operation(entry.json.value("operation"_L1).toInt());
    return data;
}

static QString textOf(const UnmappedData &data)
{
    using enum UnmappedData::Reason;
    switch (data.reason) {
    case Gone:
        return data.field.isEmpty() ? StoreText::tr("This version of the app has no place for it.")
                                    : StoreText::tr("This version of the app has no place for its field %1.").arg(data.field);
    case WrongType:
        return StoreText::tr("The value of its field %1 does not fit this version of the app.").arg(data.field);
    case MissingValue:
        return StoreText::tr("This version of the app needs a value of its field %1, and there is none.").arg(data.field);
    case KeyMissing:
        return StoreText::tr("This version of the app needs a value for its key, and there is none.");
    case KeyTaken:
        return StoreText::tr("Another record has its key in this version of the app.");
    case RowAside:
        return StoreText::tr("The record that it changes is kept aside, too.");
    }
    return {};
}

/*! Returns why it has no place, as an error about its model, record and field. */
Error UnmappedData::error() const
{
    return Error(Error::Code::Validation, textOf(*this)).withModel(model).withRecord(key).withField(field);
}

bool isPartOf(const UnmappedData &data, const UnmappedData &mutation)
{
    if (mutation.kind != UnmappedData::Kind::Mutation || data.model != mutation.model || data.key != mutation.key)
        return false;
    if (data.kind == UnmappedData::Kind::Row)
        return data.onlyHere && mutation.operation == OutboxEntry::Operation::Create;
    const QStringList names = data.values.keys();
    return data.kind == UnmappedData::Kind::Field && data.reason != UnmappedData::Reason::Gone
        && std::all_of(names.begin(), names.end(), [&](const QString &name) { return mutation.values.value(name) == data.values.value(name); });
}

QList<UnmappedData> withoutParts(const QList<UnmappedData> &list)
{
    QMultiHash<std::pair<QString, QString>, const UnmappedData *> mutations;
    for (const UnmappedData &data : list) {
        if (data.kind == UnmappedData::Kind::Mutation)
            mutations.insert({data.model, data.key}, &data);
    }
    QList<UnmappedData> whole;
    std::copy_if(list.begin(), list.end(), std::back_inserter(whole), [&mutations](const UnmappedData &data) {
        const QList<const UnmappedData *> ofRecord = mutations.values({data.model, data.key});
        return std::none_of(ofRecord.begin(), ofRecord.end(), [&data](const UnmappedData *mutation) { return isPartOf(data, *mutation); });
    });
    return whole;
}

/*!
    Returns what changes of the schema left over and somebody must decide about: mutations, rows and values that the
    schema has a place for, but not as they are. It is in the order of id, from above \a afterId, and at most \a limit
    unless that is negative. What the schema has no place for at all is kept without asking, and is not among it.
*/
Result<QList<UnmappedData>> ReadTransaction::unmapped(qint64 afterId, int limit)
{
    const Result<QList<UnmappedTable::Entry>> entries = UnmappedTable::toDecide(m_connection, afterId, limit);
    if (!entries)
        return entries.error();
    QList<UnmappedData> list;
    for (const UnmappedTable::Entry &entry : *entries)
        list.append(dataOf(entry));
    return list;
}

/* What is a part of the mutation with \a id. */
static Result<QList<qint64>> partsOf(Connection &connection, qint64 id)
{
    const Result<QList<UnmappedTable::Entry>> found = UnmappedTable::after(connection, id - 1, 1);
    if (!found || found->isEmpty() || found->first().id != id)
        return found ? Result<QList<qint64>>(QList<qint64>()) : Result<QList<qint64>>(found.error());
    const UnmappedData mutation = dataOf(found->first());
    const Result<QList<UnmappedTable::Entry>> ofRecord = UnmappedTable::of(connection, mutation.model, mutation.key);
    if (!ofRecord)
        return ofRecord.error();
    QList<qint64> parts;
    for (const UnmappedTable::Entry &entry : *ofRecord) {
        if (isPartOf(dataOf(entry), mutation))
            parts.append(entry.id);
    }
    return parts;
}

/*! Forgets what unmapped() lists under \a id, and of a mutation its parts (see isPartOf()), for good. */
Result<void> WriteTransaction::removeUnmapped(qint64 id)
{
    const Result<QList<qint64>> parts = partsOf(m_connection, id);
    if (!parts)
        return parts.error();
    for (const qint64 part : *parts) {
        Statement statement = m_connection.prepare(u"DELETE FROM tl_unmapped WHERE id = ?"_s);
        statement.bind(part);
        if (const Result<void> removed = m_state.write(std::move(statement)); !removed)
            return removed;
    }
    Statement statement = m_connection.prepare(u"DELETE FROM tl_unmapped WHERE id = ?"_s);
    statement.bind(id);
    const Result<int> rows = m_state.writeCounted(std::move(statement));
    if (!rows)
        return rows.error();
    m_state.quarantineTouched = true;
    if (*rows == 1)
        return {};
    return Error(Error::Code::NotFound, StoreText::tr("Nothing that a change of the schema left over has the number %1.").arg(id));
}

} // namespace Tideline
