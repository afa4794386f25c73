// SPDX-License-Identifier: MIT
#include "client/receipt.h"

namespace Tideline {

/*!
    \class Tideline::Receipt
    \inmodule Tideline
    \since 0.1
    \brief What save() leaves behind: the record as it is stored, durable when the future resolves, and how far its change has come.

    A receipt is about one mutation, which has a number. Saves of a record that wait together become one mutation and share its
    number. A receipt is a snapshot; DataStore::receipt() with the number of the mutation has the present one, also after a
    restart: of a mutation under way always, of the newest 10,000 that ended for 30 days.

    The states are \c Local (it waits on this device), \c Sent (handed to the network, not answered), \c Accepted (the backend has it), \c Merged
    (the backend took it, but has other values in mergedFields()), \c Rejected (error() says why; it is on the repair bench) and
    \c Discarded (given up on the repair bench, or undone before it was sent).
*/

/*! Constructs the receipt of a save that left \a record and was written at \a at; \a mutation 0: with nothing to send. */
Receipt::Receipt(Record record, qint64 mutation, qint64 at) : m_record(std::move(record))
{
    m_receipt.mutation = mutation;
    m_receipt.model = m_record.model()->name;
    m_receipt.key = m_record.key();
    m_receipt.at = at;
}

/*! Constructs what \a receipt says; \a record is what is stored now, null when nothing is. */
Receipt::Receipt(Record record, const MutationReceipt &receipt) : m_record(std::move(record)), m_receipt(receipt) { }

/*! \fn const Record &Receipt::record() const
    Returns the record as it is stored; null when it is not, or not any more. */

/*! \fn QString Receipt::type() const
    Returns the name of its model type. */

/*! \fn QString Receipt::key() const
    Returns its key. */

/*! \fn qint64 Receipt::mutation() const
    Returns the number of the mutation; 0 when nothing has to be sent, as without a backend or when nothing changed. */

static Receipt::State ofRecord(SyncState state)
{
    switch (state) {
    case SyncState::Synced:
    case SyncState::Merged:
        return Receipt::Accepted;
    case SyncState::Sending:
        return Receipt::Sent;
    case SyncState::Rejected:
        return Receipt::Rejected;
    case SyncState::Local:
    case SyncState::Pending:
        break;
    }
    return Receipt::Local;
}

/*! Returns how far the mutation has come; where there is none, how far the record is. */
Receipt::State Receipt::state() const noexcept
{
    if (m_receipt.mutation == 0)
        return ofRecord(m_record.state());
    switch (m_receipt.state) {
    case MutationReceipt::State::Local:
    case MutationReceipt::State::Joined:
        break;
    case MutationReceipt::State::Sent:
        return Sent;
    case MutationReceipt::State::Accepted:
        return Accepted;
    case MutationReceipt::State::Merged:
        return Merged;
    case MutationReceipt::State::Rejected:
        return Rejected;
    case MutationReceipt::State::Discarded:
        return Discarded;
    }
    return Local;
}

/*! \fn QStringList Receipt::mergedFields() const
    Returns the fields of a Merged one in which the backend stored something else than the mutation asked for. */

/*! \fn Error Receipt::error() const
    Returns why the backend refused it. */

/*! \fn qint64 Receipt::at() const
    Returns when the mutation ended, and before that when it was saved, in milliseconds since the epoch, UTC. */

} // namespace Tideline
