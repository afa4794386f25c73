// SPDX-License-Identifier: MIT
#include "client/store/unmapped.h"

#include "client/store/storetext_p.h"
#include "client/store/transaction.h"
#include "client/store/unmappedtable_p.h"
#include "client/store/writerstate_p.h"

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

/*! Forgets what unmapped() lists under \a id, for good. */
Result<void> WriteTransaction::removeUnmapped(qint64 id)
{
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
