// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"

#include <QtCore/QHash>
#include <QtCore/QVarLengthArray>

#include <map>

namespace Tideline {

/*! The beginning of the outbox in the writer's memory, as far as anybody looked. What is added stands behind it. The values
    of an entry are there until it changes, and of the first few thousand only. */
class OutboxHead
{
public:
    struct Known
    {
        OutboxEntry entry;
        bool whole = true;              // false: sequence, model, key, operation and state only
        bool first = true;              // of its lane
    };
    using Iterator = std::map<qint64, Known>::const_iterator;

    [[nodiscard]] Iterator after(qint64 sequence) const { return m_known.upper_bound(sequence); }
    [[nodiscard]] Iterator end() const { return m_known.cend(); }
    [[nodiscard]] qint64 last() const noexcept { return m_last; }           // sequence up to which the file was read

    [[nodiscard]] const OutboxEntry *find(qint64 sequence) const            // null: the file must be asked
    {
        const auto known = m_known.find(sequence);
        return known != m_known.cend() && known->second.whole ? &known->second.entry : nullptr;
    }

    void append(const QList<OutboxEntry> &page)
    {
        for (const OutboxEntry &entry : page) {
            const bool whole = m_whole < MaximalWhole;
            Sequences &lane = m_lanes[laneOf(entry)];
            m_known.emplace_hint(m_known.end(), entry.sequence, Known{whole ? entry : outlineOf(entry), whole, lane.isEmpty()});
            lane.append(entry.sequence);
            m_whole += whole ? 1 : 0;
            m_last = entry.sequence;
        }
    }
    void update(const OutboxEntry &entry)
    {
        if (const auto known = m_known.find(entry.sequence); known != m_known.end()) {
            m_whole -= known->second.whole ? 1 : 0;
            known->second.entry = outlineOf(entry);
            known->second.whole = false;
        }
    }
    void remove(qint64 sequence)
    {
        if (const auto known = m_known.find(sequence); known != m_known.end()) {
            m_whole -= known->second.whole ? 1 : 0;
            leaveLane(known->second.entry);
            m_known.erase(known);
        }
    }
    void clear()
    {
        m_known.clear();
        m_lanes.clear();
        m_whole = 0;
        m_last = 0;
    }

private:
    using Sequences = QVarLengthArray<qint64, 2>;
    static constexpr int MaximalWhole = 4096;

    static std::pair<int, QString> laneOf(const OutboxEntry &entry) { return {entry.model->number, entry.key}; }

    static OutboxEntry outlineOf(const OutboxEntry &entry)
    {
        OutboxEntry outline;
        outline.sequence = entry.sequence;
        outline.model = entry.model;
        outline.key = entry.key;
        outline.operation = entry.operation;
        outline.state = entry.state;
        return outline;
    }

    void leaveLane(const OutboxEntry &entry)
    {
        const auto lane = m_lanes.find(laneOf(entry));
        lane->removeOne(entry.sequence);
        if (lane->isEmpty())
            m_lanes.erase(lane);
        else
            m_known.find(lane->first())->second.first = true;
    }

    std::map<qint64, Known> m_known;
    QHash<std::pair<int, QString>, Sequences> m_lanes;
    int m_whole = 0;
    qint64 m_last = 0;
};

} // namespace Tideline
