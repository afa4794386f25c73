// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"
#include "server/storage/commitclock.h"
#include "server/storage/connection.h"

namespace Tideline::Server {

/*
    The numbers and times of changes, and what time a sync may say it started at.

    What always holds: numbers are in commit order without gaps, times never go back from one number to the next, and
    a change that a snapshot lacks is stamped no earlier than the startedAt that goes with the snapshot. So a delta sync from that
    time, or paging on from the snapshot's last number, finds the change.
*/
class TIDELINE_SERVER_EXPORT CommitOrder
{
public:
    struct Stamp
    {
        qint64 time = 0;                    // of all changes of a transaction
        qint64 seq = 0;                     // the last number given away
    };

    virtual ~CommitOrder();

    // The writer's part. open() is the first statement of a transaction, advance() the last one before COMMIT.
    [[nodiscard]] virtual Result<Stamp> open(Connection &connection) = 0;
    [[nodiscard]] virtual Result<void> advance(Connection &connection, const Stamp &stamp) = 0;
    virtual void close(const Stamp &committed) = 0;     // the transaction ended; the last stamp again when it was undone

    // A reader's part, in this order: before a sync's snapshot, as it is taken, in it.
    [[nodiscard]] virtual Result<void> refresh(Connection &connection) const = 0;
    [[nodiscard]] virtual qint64 now() const = 0;
    [[nodiscard]] virtual Result<qint64> startedAt(Connection &connection, qint64 now) const = 0;
};

// Of a database that only this process writes: the order is in memory, the lock is that of the database.
class OwnOrder final : public CommitOrder
{
public:
    OwnOrder(std::function<qint64()> clock, const Stamp &last) : m_clock(std::move(clock), last.time), m_seq(last.seq) { }

    Result<Stamp> open(Connection &) override { return Stamp{m_clock.begin(), m_seq}; }
    Result<void> advance(Connection &, const Stamp &) override { return {}; }
    void close(const Stamp &committed) override;
    Result<void> refresh(Connection &) const override { return {}; }
    qint64 now() const override { return m_clock.syncStart(); }
    Result<qint64> startedAt(Connection &, qint64 now) const override { return now; }

private:
    CommitClock m_clock;
    qint64 m_seq = 0;                       // of the writer's thread
};

/*
    Of a database that many nodes write. It is one row:

        tl_clock (id, seq, changed_at)      the last number given away, the last time

    A write transaction locks the row before all else and keeps the lock until it has ended. So write transactions
    come one after the other whatever node they are from, each with the number after the last one's and with a time that is its node's but
    not before the last one's; a database makes a commit visible before it lets go of its locks, so every snapshot has
    a beginning of this order and nothing else. Nodes gather what comes while one of them writes, as one process does, and
    a transaction takes a handful of statements however many changes it has; a lock taken later, after the rows of its
    mutations were read and locked one by one, would save one of them and bring deadlocks. Numbers are a primary key: a database
    that let two transactions pass the lock would refuse the second one.

    A snapshot that shows time L in the row lacks only commits that locked the row after the one that wrote L: all are
    stamped L or later, be it while the snapshot is taken, hours before (a slow commit) or whenever. startedAt is L.
    No clock is compared with another node's for that. When nobody writes, L grows old, and a client that got an
    old startedAt would have to take all records the next time: so a sync that finds L behind its node's clock moves L up
    first, at most once a second in all, and not while a transaction has the row, for then L is all that can be proved.
    A node whose clock is ahead takes the others' times with it; they stay there until their clocks are there too, and
    syncs bring more than they need to in the meantime, never less.

    A node that dies with the row locked loses its connection and with it the lock; one that is cut off or halted loses them
    by idle_in_transaction_session_timeout. Until then the others wait no longer than lock_timeout and try again a few times.
*/
class TIDELINE_SERVER_EXPORT SharedOrder final : public CommitOrder
{
public:
    explicit SharedOrder(std::function<qint64()> clock) : m_clock(std::move(clock)) { }

    Result<Stamp> open(Connection &connection) override;
    Result<void> advance(Connection &connection, const Stamp &stamp) override;
    void close(const Stamp &) override { }
    Result<void> refresh(Connection &connection) const override;
    qint64 now() const override;
    Result<qint64> startedAt(Connection &connection, qint64 now) const override;

private:
    mutable std::mutex m_mutex;             // makes calls of an injected clock one at a time
    std::function<qint64()> m_clock;
};

} // namespace Tideline::Server
