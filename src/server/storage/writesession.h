// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/commitorder.h"
#include "server/storage/connection.h"
#include "server/storage/eventlog.h"
#include "server/storage/layout.h"

#include <span>
#include <unordered_map>

namespace Tideline::Server {

enum class Operation : quint8 { Create = 0, Update = 1, Delete = 2 };   // stored in the journal

struct Change                       // one record's, as committed
{
    Operation operation = Operation::Create;
    Record record;                  // after it; rowId() is the change's number
};

struct RowKey                       // a record that a mutation is about
{
    const ModelType *model = nullptr;
    std::vector<Value> values;      // of the key's fields
};

[[nodiscard]] std::vector<Value> keyOf(const Record &record);

/*
    The open write transaction, on the writer's thread. Records that mutations name are read together before, changes gather in
    memory and are written together by flush(): the number of statements does not grow with that of the mutations
    where a statement costs a trip to a server.
*/
class WriteSession
{
public:
    struct Options
    {
        qint64 baseTtlMs = 0;       // of tombstones
        bool keepsImages = false;   // of tombstones, in the journal: it outlives them
        qint64 node = 0;
        EventLog *events = nullptr; // when changes are told to somebody
    };
    WriteSession(Connection &connection, const Layout &layout, const Options &options);

    void begin(const CommitOrder::Stamp &stamp);
    void setSubject(const QString &subject);                // who makes the changes that follow
    [[nodiscard]] Connection &connection() const noexcept { return m_connection; }
    [[nodiscard]] qint64 now() const noexcept { return m_stamp.time; }
    [[nodiscard]] const CommitOrder::Stamp &stamp() const noexcept { return m_stamp; }
    [[nodiscard]] bool hasChanges() const noexcept { return !m_changes.empty(); }
    [[nodiscard]] std::vector<Change> takeChanges() { return std::exchange(m_changes, {}); }

    [[nodiscard]] Result<void> load(std::vector<RowKey> keys);
    [[nodiscard]] Result<Record> find(const ModelType &model, const std::vector<Value> &key);   // null record: none
    // Each gives the record the next version and the transaction's time and keeps the change.
    [[nodiscard]] Result<bool> insert(Record &record);                      // false: the key is taken
    [[nodiscard]] Result<void> revive(const Record &tombstone, Record &record);
    [[nodiscard]] Result<void> update(const Record &stored, Record &record);
    [[nodiscard]] Result<void> remove(const Record &stored, Record &tombstone);
    [[nodiscard]] Result<void> flush();

private:
    struct Row
    {
        qint64 seq = 0;             // its number in the table; 0: not there
        Record record;              // as the transaction leaves it; null: none
        bool changed = false;
    };
    using Rows = std::unordered_map<QString, Row>;
    using Records = std::vector<const Row *>;

    [[nodiscard]] QString keyText(const TableLayout &table, const std::vector<Value> &key) const;
    [[nodiscard]] Result<Row *> row(const ModelType &model, const std::vector<Value> &key);
    [[nodiscard]] Result<void> read(const ModelType &model, std::span<const std::vector<Value>> keys);
    void change(Row &row, const Record &record, Operation operation);
    [[nodiscard]] Result<void> flushTable(const TableLayout &table, const Rows &rows);
    [[nodiscard]] Result<void> removeRows(const TableLayout &table, std::span<const Row *const> rows);
    [[nodiscard]] Result<void> updateRows(const TableLayout &table, std::span<const Row *const> rows);
    [[nodiscard]] Result<void> insertRows(const TableLayout &table, std::span<const Row *const> rows);
    [[nodiscard]] Result<void> journal(std::span<const Change> changes);
    [[nodiscard]] QVariant image(const Record &record) const;
    [[nodiscard]] QVariant ttl(const Record &record) const;

    Connection &m_connection;
    const Layout &m_layout;
    const Options m_options;
    CommitOrder::Stamp m_stamp;
    std::vector<Rows> m_rows;       // of each model type
    std::vector<Change> m_changes;
};

} // namespace Tideline::Server
