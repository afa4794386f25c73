// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/rows_p.h"
#include "core/data/predicate.h"

namespace Tideline {

/*! Removal by the user with all that belongs to it: children first, a mutation for each. */
class RemoveOperation
{
public:
    RemoveOperation(WriterState &state, qint64 now);

    /*! Adds \a root and its descendants; reads only. */
    [[nodiscard]] Result<void> collect(const Record &root);
    /*! Removes what was collected; returns it, children first. */
    [[nodiscard]] Result<QList<Record>> run(const Record &conditioned, const Predicate &condition);

    [[nodiscard]] qint64 sequence() const noexcept { return m_sequence; }   // of the last mutation written; 0: none

    /*! \a root and what belongs to it, children first, without those in \a seen. */
    [[nodiscard]] static Result<QList<Record>> withDescendants(Connection &connection, const Record &root,
                                                               QSet<std::pair<int, QString>> &seen);

private:
    [[nodiscard]] Result<void> remove(const Record &record, const Predicate &condition);
    [[nodiscard]] Result<void> enqueue(const Record &record, const Predicate &condition);

    WriterState &m_state;
    qint64 m_now;
    QSet<std::pair<int, QString>> m_seen;
    QList<Record> m_records;
    qint64 m_sequence = 0;
};

} // namespace Tideline
