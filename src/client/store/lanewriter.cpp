// SPDX-License-Identifier: MIT
#include "client/store/lanewriter_p.h"

#include "client/store/outboxtable_p.h"
#include "client/store/receipttable_p.h"

namespace Tideline::LaneWriter {

[[maybe_unused]] static bool standsInTheFile(WriterState &state, const OutboxEntry &entry)
{
    const Result<std::optional<OutboxEntry>> stored = OutboxTable::find(state.connection, entry.sequence);
    return stored && *stored && OutboxTable::isSame(**stored, entry);
}

Result<QList<OutboxEntry>> lane(WriterState &state, const ModelType &model, const QString &key)
{
    const int count = state.lanes.count(model.number, key);
    if (count == 0)
        return QList<OutboxEntry>();
    const auto underWay = state.underWay.constFind({model.number, key});
    if (count > 1 || underWay == state.underWay.cend())
        return OutboxTable::lane(state.connection, model, key);
    Q_ASSERT(standsInTheFile(state, *underWay));
    return QList<OutboxEntry>{*underWay};
}

// What is no longer sent by itself is part of the mutation that came of it, or of nothing.
static Result<void> noteDropped(WriterState &state, const ModelType &model, const QString &key, const QList<qint64> &dropped, qint64 into, qint64 now)
{
    for (const qint64 sequence : dropped) {
        MutationReceipt receipt;
        receipt.mutation = sequence;
        receipt.model = model.name;
        receipt.key = key;
        receipt.state = into == 0 ? MutationReceipt::State::Discarded : MutationReceipt::State::Joined;
        receipt.joined = into;
        receipt.at = now;
        if (const Result<void> noted = ReceiptTable::add(state, receipt); !noted)
            return noted;
    }
    return {};
}

static Result<qint64> writeEntry(WriterState &state, const ModelType &model, const QString &key, Coalesced &coalesced)
{
    if (coalesced.changed) {
        if (const Result<int> updated = update(state, *coalesced.changed); !updated)
            return updated.error();
        return coalesced.changed->sequence;
    }
    if (!coalesced.appended)
        return qint64(0);
    OutboxEntry &entry = *coalesced.appended;
    entry.sequence = state.nextSequence();
    if (const Result<void> written = state.write(OutboxTable::insert(state.connection, entry)); !written)
        return written.error();
    state.rejectionsTouched = state.rejectionsTouched || state.rejected.contains(model.number, key);
    state.lanes.add(model.number, key, 1);
    return entry.sequence;
}

Result<qint64> write(WriterState &state, const ModelType &model, const QString &key, Coalesced coalesced, qint64 now)
{
    for (const qint64 sequence : std::as_const(coalesced.dropped)) {
        if (const Result<int> removed = remove(state, model, key, sequence); !removed)
            return removed.error();
    }
    const Result<qint64> sequence = writeEntry(state, model, key, coalesced);
    if (!sequence)
        return sequence;
    const Result<void> noted = noteDropped(state, model, key, coalesced.dropped, *sequence, now);
    return noted ? sequence : Result<qint64>(noted.error());
}

// Whether the stored entry is a rejected one: 1 or 0. Only a lane that has some is looked up.
static Result<int> rejectedBefore(WriterState &state, const ModelType &model, const QString &key, qint64 sequence)
{
    if (!state.rejected.contains(model.number, key))
        return 0;
    state.rejectionsTouched = true;
    const Result<std::optional<OutboxEntry>> stored = OutboxTable::find(state.connection, sequence);
    if (!stored)
        return stored.error();
    return *stored && (*stored)->state == OutboxEntry::State::Rejected ? 1 : 0;
}

static void countRejected(WriterState &state, const ModelType &model, const QString &key, int change)
{
    if (change == 0)
        return;
    state.rejectionsTouched = true;
    state.rejected.add(model.number, key, change);
}

Result<int> update(WriterState &state, const OutboxEntry &entry)
{
    const Result<int> before = rejectedBefore(state, *entry.model, entry.key, entry.sequence);
    if (!before)
        return before;
    state.underWay.remove({entry.model->number, entry.key});
    state.outboxHead.update(entry);
    const Result<int> rows = state.writeCounted(OutboxTable::update(state.connection, entry));
    if (rows && *rows > 0)
        countRejected(state, *entry.model, entry.key, (entry.state == OutboxEntry::State::Rejected ? 1 : 0) - *before);
    return rows;
}

Result<int> markSending(WriterState &state, const OutboxEntry &entry)
{
    state.outboxHead.update(entry);
    const Result<int> rows = state.writeCounted(OutboxTable::setAttempt(state.connection, entry));
    if (rows && *rows > 0)
        state.underWay.insert({entry.model->number, entry.key}, entry);
    return rows;
}

Result<int> remove(WriterState &state, const ModelType &model, const QString &key, qint64 sequence)
{
    state.underWay.remove({model.number, key});
    state.outboxHead.remove(sequence);
    const Result<int> before = rejectedBefore(state, model, key, sequence);
    if (!before)
        return before;
    const Result<int> rows = state.writeCounted(OutboxTable::remove(state.connection, sequence));
    if (rows && *rows > 0) {
        state.lanes.add(model.number, key, -1);
        countRejected(state, model, key, -*before);
    }
    return rows;
}

} // namespace Tideline::LaneWriter
