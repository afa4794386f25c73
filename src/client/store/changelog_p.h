// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changeset.h"

namespace Tideline {

/*! What a transaction did, step by step, and the net of it. */
class ChangeLog
{
public:
    void add(Change::Kind kind, Origin origin, const Record &before, const Record &after, qint64 mutation = 0);
    [[nodiscard]] qint64 freedRow(const ModelType &model, const QString &key) const;   // of a row removed in this transaction; 0: none

    using Mark = size_t;
    [[nodiscard]] Mark mark() const noexcept { return m_steps.size(); }
    void undo(Mark mark) { m_steps.resize(mark); }

    /*! At most one change for each record, in the order of their first steps. Empties the log. */
    [[nodiscard]] QList<Change> take();

private:
    using Key = std::pair<int, QString>;

    std::vector<Change> m_steps;
    QHash<Key, qint64> m_freedRows;
};

} // namespace Tideline
