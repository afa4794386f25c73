// SPDX-License-Identifier: MIT
#include "client/store/unmapped.h"

#include "client/store/connection_p.h"
#include "client/store/storetext_p.h"
#include "client/store/transaction.h"
#include "client/store/writerstate_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

// Names with a dollar sign are the row's hidden columns.
static QJsonObject withoutHidden(QJsonObject row)
{
    for (const QString &name : row.keys()) {
        if (name.startsWith(u'$'))
            row.remove(name);
    }
    return row;
}

static UnmappedData unmappedOf(const Statement &row)
{
    UnmappedData data;
    data.id = row.integer(0);
    data.kind = UnmappedData::Kind(row.integer(1));
    data.reason = UnmappedData::Reason(row.integer(2));
    data.model = row.text(3);
    data.key = row.text(4);
    data.field = row.text(5);
    const QJsonObject json = parseJson(row.text(6).toUtf8()).object();
    data.at = row.integer(7);
    if (data.kind != UnmappedData::Kind::Mutation) {
        data.values = withoutHidden(json);
        return data;
    }
    data.values = json.value("changes"_L1).toObject();
    data.base = json.value("base"_L1).toObject();
    data.operation = OutboxEntry::Operation(json.value("operation"_L1).toInt());
    return data;
}

/*!
    Returns what changes of the schema left over and somebody must decide about: mutations, rows and values that the
    schema has a place for, but not as they are. It is in the order of id, from above \a afterId, and at most \a limit
    unless that is negative. What the schema has no place for at all is kept without asking, and is not among it.
*/
Result<QList<UnmappedData>> ReadTransaction::unmapped(qint64 afterId, int limit)
{
    Statement statement = m_connection.prepare(u"SELECT id, kind, reason, model, key, field, json, at FROM tl_unmapped "
                                                "WHERE id > ? AND (reason <> ? OR kind = ?) ORDER BY id LIMIT ?"_s);
    statement.bind(afterId).bind(int(UnmappedData::Reason::Gone)).bind(int(UnmappedData::Kind::Mutation)).bind(limit);
    if (!statement.exec())
        return statement.error();
    QList<UnmappedData> list;
    while (statement.next())
        list.append(unmappedOf(statement));
    if (statement.error().isError())
        return statement.error();
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
