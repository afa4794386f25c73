// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"
#include "server/storage/layout.h"

#include <optional>

namespace Tideline::Server {

enum class Operation : quint8 { Create = 0, Update = 1, Delete = 2 };   // stored in the journal

struct Change                       // one record's, as committed
{
    Operation operation = Operation::Create;
    Record record;                  // after it; rowId() is the change's number
};

// The open write transaction, on the writer's thread.
class WriteSession
{
public:
    WriteSession(Connection &connection, const Layout &layout, qint64 baseTtlMs);

    void begin(qint64 now, qint64 lastSeq);
    [[nodiscard]] qint64 now() const noexcept { return m_now; }
    [[nodiscard]] qint64 lastSeq() const noexcept { return m_lastSeq; }
    [[nodiscard]] std::vector<Change> takeChanges() { return std::exchange(m_changes, {}); }

    [[nodiscard]] Result<Record> find(const ModelType &model, const std::vector<Value> &key);   // null record: none
    // Each writes the record with the next version and the transaction's time and keeps the change.
    [[nodiscard]] Result<bool> insert(Record &record);                      // false: the key is taken
    [[nodiscard]] Result<void> update(const Record &stored, Record &record);
    [[nodiscard]] Result<void> remove(const Record &stored, Record &tombstone);

private:
    [[nodiscard]] Result<void> write(const Record &stored, Record &record, Operation operation);
    [[nodiscard]] Result<void> journal(const Record &record, Operation operation);
    [[nodiscard]] QVariant ttl(const Record &record) const;

    Connection &m_connection;
    const Layout &m_layout;
    qint64 m_baseTtlMs = 0;
    qint64 m_now = 0;
    qint64 m_lastSeq = 0;
    std::vector<Change> m_changes;
};

} // namespace Tideline::Server
