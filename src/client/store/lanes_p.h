// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QHash>
#include <QtCore/QString>

#include <vector>

namespace Tideline {

/*! How many outbox entries, all or some, each record has, in the writer's memory, so that saving a record without
    a lane costs no look at the outbox. Follows the transaction: what is not committed can be undone. */
class Lanes
{
public:
    [[nodiscard]] bool contains(int model, const QString &key) const { return m_counts.contains({model, key}); }
    [[nodiscard]] int count(int model, const QString &key) const { return m_counts.value({model, key}); }
    [[nodiscard]] qint64 total() const noexcept { return m_total; }

    void add(int model, const QString &key, int count);     // negative: removed

    using Mark = size_t;
    [[nodiscard]] Mark mark() const noexcept { return m_log.size(); }
    void undo(Mark mark);
    void commit() { m_log.clear(); }
    void clear();

private:
    using Lane = std::pair<int, QString>;                   // ModelType::number, canonical key

    void apply(const Lane &lane, int count);

    QHash<Lane, int> m_counts;
    std::vector<std::pair<Lane, int>> m_log;                // since the last commit
    qint64 m_total = 0;
};

} // namespace Tideline
