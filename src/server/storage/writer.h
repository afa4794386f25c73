// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/commitclock.h"
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
    bool durable = true;
    size_t maxBatch = 1000;
};

/*
    The one thread that writes. All jobs that wait are applied in one transaction, which is durable
    before any of them is answered. When the database fails in the middle, the transaction is undone and
    each job is tried alone, so that one bad job costs no other.
*/
class Writer
{
public:
    using Committed = std::function<void(WriteJobs, std::vector<Change>)>;  // on the writer's thread, in commit order

    Writer(const QString &path, const Layout &layout, const WriterOptions &options, CommitClock &clock, qint64 lastSeq,
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
    [[nodiscard]] Result<void> transaction(WriteJobs &jobs);
    [[nodiscard]] Result<void> prune();
    [[nodiscard]] Result<qint64> pruneTombstones(const TableLayout &table);     // how many went
    [[nodiscard]] Result<qint64> pruneJournal();

    const QString m_path;
    const Layout &m_layout;
    const WriterOptions m_options;
    CommitClock &m_clock;
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
