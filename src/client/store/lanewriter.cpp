// SPDX-License-Identifier: MIT
#include "client/store/lanewriter_p.h"

#include "client/store/outboxtable_p.h"

namespace Tideline::LaneWriter {

Result<QList<OutboxEntry>> lane(WriterState &state, const ModelType &model, const QString &key)
{
    if (!state.lanes.contains(model.number, key))
        return QList<OutboxEntry>();
    return OutboxTable::lane(state.connection, model, key);
}

Result<qint64> write(WriterState &state, const ModelType &model, const QString &key, Coalesced coalesced)
{
    for (const qint64 sequence : std::as_const(coalesced.dropped)) {
        if (const Result<void> removed = remove(state, model, key, sequence); !removed)
            return removed.error();
    }
    if (coalesced.changed) {
        if (const Result<void> updated = update(state, *coalesced.changed); !updated)
            return updated.error();
        return coalesced.changed->sequence;
    }
    if (!coalesced.appended)
        return qint64(0);
    OutboxEntry &entry = *coalesced.appended;
    entry.sequence = state.nextSequence();
    if (const Result<void> written = state.write(OutboxTable::insert(state.connection, entry)); !written)
        return written.error();
    state.lanes.add(model.number, key, 1);
    return entry.sequence;
}

Result<void> update(WriterState &state, const OutboxEntry &entry)
{
    return state.write(OutboxTable::update(state.connection, entry));
}

Result<void> remove(WriterState &state, const ModelType &model, const QString &key, qint64 sequence)
{
    const Result<int> rows = state.writeCounted(OutboxTable::remove(state.connection, sequence));
    if (!rows)
        return rows.error();
    if (*rows > 0)
        state.lanes.add(model.number, key, -1);
    return {};
}

} // namespace Tideline::LaneWriter
