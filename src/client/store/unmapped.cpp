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
    if (entry.kind != UnmappedData::Kind::Mutation) {
        data.values = withoutHidden(entry.json);
        return data;
    }
    data.values = entry.json.value("changes"_L1).toObject();
    data.base = entry.json.value("base"_L1).toObject();
    data.operation = OutboxEntry::Operation(entry.json.value("operation"_L1).toInt());
    return data;
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
    if (*rows == 1)
        return {};
    return Error(Error::Code::NotFound, StoreText::tr("Nothing that a change of the schema left over has the number %1.").arg(id));
}

} // namespace Tideline
