// SPDX-License-Identifier: MIT
#include "server/storage/writesession.h"

#include "server/storage/parts_p.h"

#include <algorithm>
#include <bit>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t maxKeys = 256;                  // read with one statement

WriteSession::WriteSession(Connection &connection, const Layout &layout, const Options &options)
    : m_connection(connection), m_layout(layout), m_options(options), m_rows(layout.tables().size())
{
}

void WriteSession::begin(const CommitOrder::Stamp &stamp)
{
    m_stamp = stamp;
    m_changes.clear();
    for (Rows &rows : m_rows)
        rows.clear();
    if (m_options.events)
        m_options.events->begin(stamp.time);
}

void WriteSession::setSubject(const QString &subject)
{
    if (m_options.events)
        m_options.events->setSubject(subject);
}

// The same text for all values that the table takes for the same.
QString WriteSession::keyText(const TableLayout &table, const std::vector<Value> &key) const
{
    std::vector<Value> stored;
    for (size_t i = 0; i < key.size(); ++i) {
        const int field = table.model()->primaryKey[i];
        stored.push_back(table.fromColumn(field, table.toColumn(field, key[i])));
    }
    return keyFromParts(stored);
}

std::vector<Value> keyOf(const Record &record)
{
    std::vector<Value> key;
    for (int field : record.model()->primaryKey)
        key.push_back(record.value(field));
    return key;
}

/*! Reads the records of \a keys in as few statements as possible; find() then has them. */
Result<void> WriteSession::load(std::vector<RowKey> keys)
{
    std::vector<std::vector<std::vector<Value>>> missing(m_rows.size());
    for (RowKey &key : keys) {
        const TableLayout &table = m_layout.of(*key.model);
        if (m_rows[size_t(key.model->number)].try_emplace(keyText(table, key.values)).second)
            missing[size_t(key.model->number)].push_back(std::move(key.values));
    }
    for (size_t number = 0; number < missing.size(); ++number) {
        const std::span<const std::vector<Value>> wanted(missing[number]);
        for (size_t from = 0; from < wanted.size(); from += maxKeys) {
            const auto part = wanted.subspan(from, std::min(maxKeys, wanted.size() - from));
            if (const Result<void> done = read(*m_layout.tables()[number].model(), part); !done)
                return done;
        }
    }
    return {};
}

// A few prepared statements serve all numbers of keys: the last one is repeated.
Result<void> WriteSession::read(const ModelType &model, std::span<const std::vector<Value>> keys)
{
    const TableLayout &table = m_layout.of(model);
    const size_t count = std::bit_ceil(keys.size());
    const Result<QSqlQuery *> query = m_connection.prepared(table.select() + u" WHERE "_s + table.anyOf(model.primaryKey, count));
    if (!query)
        return query.error();
    int at = 0;
    for (size_t i = 0; i < count; ++i) {
        const std::vector<Value> &key = keys[std::min(i, keys.size() - 1)];
        for (size_t part = 0; part < key.size(); ++part)
            (*query)->bindValue(at++, table.toColumn(model.primaryKey[part], key[part]));
    }
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done;
    while ((*query)->next()) {
        const Record record = table.read(**query);
        m_rows[size_t(model.number)][record.key()] = {record.rowId(), record, false};
    }
    (*query)->finish();
    return {};
}

Result<WriteSession::Row *> WriteSession::row(const ModelType &model, const std::vector<Value> &key)
{
    Rows &rows = m_rows[size_t(model.number)];
    const auto [found, isNew] = rows.try_emplace(keyText(m_layout.of(model), key));
    Row *row = &found->second;
    if (isNew) {
        if (const Result<void> done = read(model, std::span(&key, 1)); !done)
            return done.error();
    }
    return row;
}

Result<Record> WriteSession::find(const ModelType &model, const std::vector<Value> &key)
{
    const Result<Row *> found = row(model, key);
    return found ? Result<Record>((*found)->record) : found.error();
}

void WriteSession::change(Row &row, const Record &record, Operation operation)
{
    if (m_options.events)
        m_options.events->add(operation, record, row.record);
    row.record = record;
    row.changed = true;
    m_changes.push_back({operation, record});
}

Result<bool> WriteSession::insert(Record &record)
{
    const Result<Row *> place = row(*record.model(), keyOf(record));
    if (!place)
        return place.error();
    if (!(*place)->record.isNull())
        return false;
    record.setMetadata({1, m_stamp.time, false});
    record.setRowId(++m_stamp.seq);
    change(**place, record, Operation::Create);
    return true;
}

Result<void> WriteSession::update(const Record &stored, Record &record)
{
    const Result<Row *> place = row(*stored.model(), keyOf(stored));
    if (!place)
        return place.error();
    record.setMetadata({stored.metadata().version + 1, m_stamp.time, stored.metadata().deleted});
    record.setRowId(++m_stamp.seq);
    change(**place, record, Operation::Update);
    return {};
}

Result<void> WriteSession::revive(const Record &tombstone, Record &record)
{
    const Result<Row *> place = row(*tombstone.model(), keyOf(tombstone));
    if (!place)
        return place.error();
    record.setMetadata({tombstone.metadata().version + 1, m_stamp.time, false});
    record.setRowId(++m_stamp.seq);
    change(**place, record, Operation::Create);
    return {};
}

/*
    Without a time to live for tombstones the row goes at once, as AppSync does it; the change still
    is a tombstone for those who listen, and in the journal for delta syncs.
*/
Result<void> WriteSession::remove(const Record &stored, Record &tombstone)
{
    const Result<Row *> place = row(*stored.model(), keyOf(stored));
    if (!place)
        return place.error();
    tombstone.setMetadata({stored.metadata().version + 1, m_stamp.time, true});
    tombstone.setRowId(++m_stamp.seq);
    change(**place, tombstone, Operation::Delete);
    if (m_options.baseTtlMs <= 0)
        (*place)->record = Record();
    return {};
}

/*! Writes what the mutations left in memory: each row once, however often it changed, and the journal. */
Result<void> WriteSession::flush()
{
    for (size_t i = 0; i < m_rows.size(); ++i) {
        if (const Result<void> done = flushTable(m_layout.tables()[i], m_rows[i]); !done)
            return done;
    }
    return inParts(std::span<const Change>(m_changes), m_connection.dialect().rowsPerStatement(),
                   [this](std::span<const Change> part) { return journal(part); });
}

// Removed rows first: their keys and numbers may be taken again.
Result<void> WriteSession::flushTable(const TableLayout &table, const Rows &rows)
{
    Records removed, updated, inserted;
    for (const auto &[key, row] : rows) {
        if (row.changed && row.record.isNull() && row.seq != 0)
            removed.push_back(&row);
        else if (row.changed && !row.record.isNull())
            (row.seq != 0 ? updated : inserted).push_back(&row);
    }
    const auto bySeq = [](const Row *row) { return row->record.rowId(); };
    std::ranges::sort(updated, {}, bySeq);
    std::ranges::sort(inserted, {}, bySeq);
    const size_t largest = m_connection.dialect().rowsPerStatement();
    using Part = std::span<const Row *const>;
    Result<void> done = inParts(Part(removed), largest, [&](Part part) { return removeRows(table, part); });
    if (done)
        done = inParts(Part(updated), largest, [&](Part part) { return updateRows(table, part); });
    if (done)
        done = inParts(Part(inserted), largest, [&](Part part) { return insertRows(table, part); });
    return done;
}

Result<void> WriteSession::removeRows(const TableLayout &table, std::span<const Row *const> rows)
{
    const Result<QSqlQuery *> query = m_connection.prepared(table.remove(rows.size()));
    if (!query)
        return query.error();
    for (int i = 0; i < int(rows.size()); ++i)
        (*query)->bindValue(i, rows[size_t(i)]->seq);
    return m_connection.exec(**query);
}

Result<void> WriteSession::updateRows(const TableLayout &table, std::span<const Row *const> rows)
{
    const Result<QSqlQuery *> query = m_connection.prepared(table.update(rows.size()));
    if (!query)
        return query.error();
    int at = 0;
    for (const Row *row : rows) {
        if (rows.size() > 1)
            (*query)->bindValue(at++, row->seq);
        at = table.bindRow(**query, at, row->record, ttl(row->record));
        if (rows.size() == 1)
            (*query)->bindValue(at++, row->seq);
    }
    return m_connection.exec(**query);
}

Result<void> WriteSession::insertRows(const TableLayout &table, std::span<const Row *const> rows)
{
    const Result<QSqlQuery *> query = m_connection.prepared(table.insert(rows.size()));
    if (!query)
        return query.error();
    int at = 0;
    for (const Row *row : rows)
        at = table.bindRow(**query, at, row->record, ttl(row->record));
    return m_connection.exec(**query);
}

// A tombstone that is changed again stays as long as a fresh one.
QVariant WriteSession::ttl(const Record &record) const
{
    if (!record.metadata().deleted)
        return QVariant(QMetaType::fromType<qlonglong>());
    return (m_stamp.time + m_options.baseTtlMs) / 1000;
}

// What other nodes show to their subscribers, and delta syncs of a row that is gone; nothing where nobody needs it.
QVariant WriteSession::image(const Record &record) const
{
    if (!m_connection.dialect().isShared() && !(m_options.keepsImages && record.metadata().deleted))
        return QVariant(QMetaType::fromType<QString>());
    Value::Object fields;
    for (size_t i = 0; i < record.values().size(); ++i) {
        if (!record.values()[i].isNull())
            fields.append({record.model()->fields[i].name, record.values()[i]});
    }
    return Value(fields).toJsonText();
}

Result<void> WriteSession::journal(std::span<const Change> changes)
{
    static const QString insert = u"INSERT INTO tl_journal (seq, changed_at, model, record_key, operation, version, deleted, node, image) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s;
    const Result<QSqlQuery *> query = m_connection.prepared(
        changes.size() == 1 ? insert : insert + u", (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s.repeated(qsizetype(changes.size()) - 1));
    if (!query)
        return query.error();
    int at = 0;
    for (const Change &change : changes) {
        const Record &record = change.record;
        (*query)->bindValue(at++, record.rowId());
        (*query)->bindValue(at++, m_stamp.time);
        (*query)->bindValue(at++, record.model()->name);
        (*query)->bindValue(at++, m_connection.dialect().toText(record.key()));
        (*query)->bindValue(at++, int(change.operation));
        (*query)->bindValue(at++, record.metadata().version);
        (*query)->bindValue(at++, record.metadata().deleted ? 1 : 0);
        (*query)->bindValue(at++, m_options.node);
        (*query)->bindValue(at++, image(record));
    }
    return m_connection.exec(**query);
}

} // namespace Tideline::Server
