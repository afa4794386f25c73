// SPDX-License-Identifier: MIT
#include "server/storage/writesession.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

WriteSession::WriteSession(Connection &connection, const Layout &layout, qint64 baseTtlMs)
    : m_connection(connection), m_layout(layout), m_baseTtlMs(baseTtlMs)
{
}

void WriteSession::begin(qint64 now, qint64 lastSeq)
{
    m_now = now;
    m_lastSeq = lastSeq;
    m_changes.clear();
}

Result<Record> WriteSession::find(const ModelType &model, const std::vector<Value> &key)
{
    const TableLayout &table = m_layout.of(model);
    const Result<QSqlQuery *> query = m_connection.prepared(table.selectByKey());
    if (!query)
        return query.error();
    for (size_t i = 0; i < key.size(); ++i)
        (*query)->bindValue(int(i), table.toColumn(model.primaryKey[i], key[i]));
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    Record record = (*query)->next() ? table.read(**query) : Record();
    (*query)->finish();
    return record;
}

// A tombstone that is changed again stays as long as a fresh one.
QVariant WriteSession::ttl(const Record &record) const
{
    if (!record.metadata().deleted)
        return QVariant(QMetaType::fromType<qlonglong>());
    return (m_now + m_baseTtlMs) / 1000;
}

Result<bool> WriteSession::insert(Record &record)
{
    const TableLayout &table = m_layout.of(*record.model());
    const Result<QSqlQuery *> query = m_connection.prepared(table.insert());
    if (!query)
        return query.error();
    record.setMetadata({1, m_now, false});
    record.setRowId(m_lastSeq + 1);
    table.bindRow(**query, record, ttl(record));
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    const bool inserted = (*query)->numRowsAffected() == 1;
    (*query)->finish();
    if (!inserted)
        return false;
    ++m_lastSeq;
    if (const Result<void> noted = journal(record, Operation::Create); !noted)
        return noted.error();
    return true;
}

Result<void> WriteSession::update(const Record &stored, Record &record)
{
    record.setMetadata({stored.metadata().version + 1, m_now, stored.metadata().deleted});
    return write(stored, record, Operation::Update);
}

/*
    Without a time to live for tombstones the row goes at once, as AppSync does it; the change still
    is a tombstone for those who listen.
*/
Result<void> WriteSession::remove(const Record &stored, Record &tombstone)
{
    tombstone.setMetadata({stored.metadata().version + 1, m_now, true});
    if (m_baseTtlMs > 0)
        return write(stored, tombstone, Operation::Delete);
    const Result<QSqlQuery *> query = m_connection.prepared(m_layout.of(*stored.model()).removeBySeq());
    if (!query)
        return query.error();
    (*query)->bindValue(0, stored.rowId());
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done;
    tombstone.setRowId(++m_lastSeq);
    return journal(tombstone, Operation::Delete);
}

Result<void> WriteSession::write(const Record &stored, Record &record, Operation operation)
{
    const TableLayout &table = m_layout.of(*record.model());
    const Result<QSqlQuery *> query = m_connection.prepared(table.update());
    if (!query)
        return query.error();
    record.setRowId(++m_lastSeq);
    table.bindRow(**query, record, ttl(record));
    (*query)->bindValue(int(table.columns().size()) + 5, stored.rowId());
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done;
    (*query)->finish();
    return journal(record, operation);
}

Result<void> WriteSession::journal(const Record &record, Operation operation)
{
    static const QString sql = u"INSERT INTO tl_journal (seq, changed_at, model, record_key, operation, version) "
                               "VALUES (?, ?, ?, ?, ?, ?)"_s;
    const Result<QSqlQuery *> query = m_connection.prepared(sql);
    if (!query)
        return query.error();
    (*query)->bindValue(0, record.rowId());
    (*query)->bindValue(1, m_now);
    (*query)->bindValue(2, record.model()->name);
    (*query)->bindValue(3, record.key());
    (*query)->bindValue(4, int(operation));
    (*query)->bindValue(5, record.metadata().version);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done;
    m_changes.push_back({operation, record});
    return {};
}

} // namespace Tideline::Server
