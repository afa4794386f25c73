// SPDX-License-Identifier: MIT
// The outbox and the journal of decisions in a transaction of the engine.
#include "client/store/transaction.h"

#include "client/store/decisiontable_p.h"
#include "client/store/lanewriter_p.h"
#include "client/store/outboxtable_p.h"
#include "client/store/receipttable_p.h"
#include "client/store/storetext_p.h"

#include <algorithm>

namespace Tideline {

/*! Returns the mutations that wait for the record of \a model with \a key. */
Result<QList<OutboxEntry>> WriteTransaction::lane(const ModelType &model, const QString &key)
{
    return LaneWriter::lane(m_state, model, key);
}

/*! Returns whether lane() would have entries. */
bool WriteTransaction::hasLane(const ModelType &model, const QString &key) const
{
    return m_state.lanes.contains(model.number, key);
}

/*! Returns whether the backend refused an entry of lane(). */
bool WriteTransaction::hasRejected(const ModelType &model, const QString &key) const
{
    return m_state.rejected.contains(model.number, key);
}

/*!
    Shows \a visit the entries of the outbox in order until it returns false, from memory those that were shown before, and whether each
    is the first of its lane. Sequence, model, key, operation and state are as they are now; values may be missing. None may go meanwhile.
*/
Result<void> WriteTransaction::walkOutbox(const OutboxVisitor &visit)
{
    constexpr int pageSize = 512;
    OutboxHead &head = m_state.outboxHead;
    qint64 shown = 0;
    for (;;) {
        for (auto known = head.after(shown); known != head.end(); ++known) {
            const Result<bool> goesOn = visit(known->second.entry, known->second.first);
            if (!goesOn || !*goesOn)
                return goesOn.error();
        }
        shown = head.last();
        const Result<QList<OutboxEntry>> page = OutboxTable::after(m_connection, shown, pageSize);
        if (!page || page->isEmpty())
            return page.error();
        head.append(*page);
    }
}

/*! Returns the outbox entry \a mutation; nothing when it has ended. */
Result<std::optional<OutboxEntry>> WriteTransaction::outboxEntry(qint64 mutation)
{
    if (const OutboxEntry *known = m_state.outboxHead.find(mutation))
        return std::optional(*known);
    return ReadTransaction::outboxEntry(mutation);
}

static bool isOnlySending(const QList<OutboxEntry> &lane, const OutboxEntry &entry)
{
    return std::none_of(lane.begin(), lane.end(), [&](const OutboxEntry &other) {
        return other.sequence != entry.sequence && other.state == OutboxEntry::State::Sending;
    });
}

static Error noEntry(qint64 sequence)
{
    return Error(Error::Code::NotFound, StoreText::tr("The outbox has no mutation %1.").arg(sequence));
}

/*! Stores \a entry, which has been read before, under its sequence. At most one entry of a lane may be Sending. */
Result<void> WriteTransaction::updateEntry(const OutboxEntry &entry)
{
    Q_ASSERT(entry.state != OutboxEntry::State::Sending || isOnlySending(lane(*entry.model, entry.key).valueOr({}), entry));
    m_state.questionsTouched = m_state.questionsTouched || entry.state == OutboxEntry::State::Undecided;
    const Result<int> rows = LaneWriter::update(m_state, entry);
    if (!rows)
        return rows.error();
    return *rows == 1 ? Result<void>() : Result<void>(noEntry(entry.sequence));
}

/*! Stores the state, Sending, and the attempts of \a entry, of which nothing else changed since it was read. */
Result<void> WriteTransaction::markSending(const OutboxEntry &entry)
{
    Q_ASSERT(entry.state == OutboxEntry::State::Sending && isOnlySending(lane(*entry.model, entry.key).valueOr({}), entry));
    const Result<int> rows = LaneWriter::markSending(m_state, entry);
    if (!rows)
        return rows.error();
    return *rows == 1 ? Result<void>() : Result<void>(noEntry(entry.sequence));
}

Result<void> WriteTransaction::endEntry(const OutboxEntry &entry, End end, const QList<int> &merged)
{
    const Result<int> rows = LaneWriter::remove(m_state, *entry.model, entry.key, entry.sequence);
    if (!rows)
        return rows.error();
    if (*rows == 0)
        return noEntry(entry.sequence);
    MutationReceipt receipt = ReceiptTable::ofEntry(entry);
    receipt.at = m_now;
    receipt.state = MutationReceipt::State::Discarded;
    if (end == End::Accepted) {
        QList<int> fields = merged;
        std::copy_if(entry.yielded.begin(), entry.yielded.end(), std::back_inserter(fields), [&merged](int field) { return !merged.contains(field); });
        std::sort(fields.begin(), fields.end());
        for (const int field : std::as_const(fields))
            receipt.fields.append(entry.model->fields[size_t(field)].name);
        receipt.state = fields.isEmpty() ? MutationReceipt::State::Accepted : MutationReceipt::State::Merged;
        receipt.error = {};
    }
    return ReceiptTable::add(m_state, receipt);
}

/*! Removes the entry with \a sequence; its receipt says Accepted. */
Result<void> WriteTransaction::removeEntry(qint64 sequence)
{
    const Result<std::optional<OutboxEntry>> entry = OutboxTable::find(m_connection, sequence);
    if (!entry)
        return entry.error();
    return *entry ? endEntry(**entry, End::Accepted) : Result<void>(noEntry(sequence));
}

/*! Writes \a decision into the journal and tells the observers. */
Result<void> WriteTransaction::addDecision(const ConflictDecision &decision)
{
    ConflictDecision written = decision;
    written.at = m_now;
    const Result<ConflictDecision> added = DecisionTable::add(m_state, written);
    if (!added)
        return added.error();
    m_state.decisions.append(*added);
    return {};
}

/*! Notes that the user undid \a decision. */
Result<void> WriteTransaction::setUndone(const ConflictDecision &decision)
{
    ConflictDecision undone = decision;
    undone.undone = m_now;
    m_state.decisions.append(undone);
    return DecisionTable::setUndone(m_state, decision.id, m_now);
}

} // namespace Tideline
