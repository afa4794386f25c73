// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/writesession.h"

#include <optional>

namespace Tideline::Server {

// The changes of all nodes, read from the database.
class Journal
{
public:
    explicit Journal(const Layout &layout) : m_layout(layout) { }

    struct Changes
    {
        std::vector<Change> changes;
        qint64 lastSeq = 0;             // the number they lead to, those of model types unknown here included
        bool complete = true;           // there were no more
    };
    // What came after \a seq, in order; nothing in place of a part that the journal does not have any more.
    [[nodiscard]] Result<std::optional<Changes>> after(Connection &connection, qint64 seq) const;
    // Each record that changed after \a seq, as it is now; a part of them, in order.
    [[nodiscard]] Result<Changes> latest(Connection &connection, qint64 seq) const;
    // Deletions after \a seq whose rows are gone, as they were; those of tombstones that stay as long as the journal have none.
    [[nodiscard]] static Result<std::vector<Record>> removed(Connection &connection, const TableLayout &table, qint64 seq, int limit);
    // Whether the change numbered \a seq is \a node's.
    [[nodiscard]] static Result<bool> isOf(Connection &connection, qint64 seq, qint64 node);

private:
    [[nodiscard]] Result<std::optional<Changes>> readAfter(Connection &connection, qint64 seq) const;
    [[nodiscard]] Result<void> addLatest(Connection &connection, const TableLayout &table, qint64 seq, Changes &changes) const;

    const Layout &m_layout;
};

} // namespace Tideline::Server
