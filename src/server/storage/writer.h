// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/commitorder.h"
#include "server/storage/writesession.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace Tideline::Server {

// What a request wants written. Used on the writer's thread, then handed back.
class WriteJob
{
public:
    virtual ~WriteJob();
    virtual void addKeys(std::vector<RowKey> &keys) const = 0;      // of the records that apply() will ask for
    // May be called again after a transaction was rolled back; forgets what the first call left. An
    // error is a failure of the database; a refused mutation is none.
    [[nodiscard]] virtual Result<void> apply(WriteSession &session) = 0;
    virtual void fail(const Error &error) = 0;              // nothing was written
};

using WriteJobs = std::vector<std::unique_ptr<WriteJob>>;

struct WriterOptions
{
    qint64 baseTtlMs = 0;
    qint64 journalTtlMs = 0;
    qint64 node = 0;                                        // tells this process from the others at the database
    size_t maxBatch = 1000;
    EventLog *events = nullptr;                             // of the writer's thread; none: changes are told to nobody
};

/*
    The one thread that writes. All jobs that wait are applied in one transaction, which is durable
    before any of them is answered. When the database fails in the middle, the transaction is undone and
    each job is tried alone, so that one bad job costs no other.

    On a database with other writers a transaction that was their victim (lock, deadlock, serialization) or whose line broke is
    tried again a few times. A line that breaks while COMMIT is under way leaves open whether it was done. Then the lock that
    orders commits is taken anew, which waits for the old transaction's end wherever that is, and the journal says
    whether it has this node's change with the first number: the jobs are answered as done or applied again. When the database
    does not come back in time they fail with Timeout, and the message says that they may have been done; a client
    that repeats them loses nothing (resolvers/mutation.h).
*/
class Writer
{
public:
    using Committed = std::function<void(WriteJobs, std::vector<Change>)>;  // on the writer's thread, in commit order

    Writer(const Location &location, const Layout &layout, const WriterOptions &options, CommitOrder &order, qint64 lastSeq,
           Committed committed);
    ~Writer();                                              // after stop()

    [[nodiscard]] Result<void> start();
    void post(std::unique_ptr<WriteJob> job);               // any thread
    void stop();                                            // applies what waits, then ends the thread
    [[nodiscard]] qint64 committedSeq() const noexcept { return m_committedSeq; }

private:
    void run();
    [[nodiscard]] WriteJobs takeJobs();
    void commitBatch(WriteJobs jobs);
    void commitOneByOne(WriteJobs jobs);
    [[nodiscard]] Result<void> commit(WriteJobs &jobs);     // answers them when they are written
    [[nodiscard]] Result<void> transaction(const WriteJobs &jobs);
    [[nodiscard]] Result<void> write(const WriteJobs &jobs, const CommitOrder::Stamp &stamp);
    [[nodiscard]] Result<void> settle(qint64 firstSeq);     // after a COMMIT without an answer
    [[nodiscard]] Result<bool> wasCommitted(qint64 firstSeq);
    [[nodiscard]] Result<void> prune();
    [[nodiscard]] Result<qint64> pruneTombstones(const TableLayout &table);     // how many went
    [[nodiscard]] Result<qint64> pruneJournal();

    const Location m_location;
    const Layout &m_layout;
    const WriterOptions m_options;
    CommitOrder &m_order;
    const Committed m_committed;
    std::unique_ptr<Connection> m_connection;               // of the writer's thread
    std::unique_ptr<WriteSession> m_session;
    qint64 m_nextPrune = 0;
    std::atomic<qint64> m_committedSeq;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    WriteJobs m_waiting;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace Tideline::Server
