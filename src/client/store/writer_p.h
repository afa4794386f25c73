// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/observers_p.h"
#include "client/store/store.h"
#include "client/store/writerstate_p.h"

#include <atomic>
#include <mutex>

namespace Tideline {

struct WriteJob
{
    std::function<Error(WriteTransaction &)> run;
    std::function<void(const Error &)> finished;
    Executor *on = nullptr;
    bool checksFirst = false;       // all checks come before the first statement that writes: needs no savepoint
};

/*! The group commit: what waits when the writer comes round goes into one transaction. enqueue() may be
    called from any thread, the rest runs on the writer's executor. */
class Writer : public std::enable_shared_from_this<Writer>
{
public:
    static constexpr size_t MaximalBatch = 1000;        // jobs a commit, so that the first do not wait for thousands

    Writer(Executor *executor, std::function<qint64()> clock, Observers &observers);

    [[nodiscard]] Result<void> open(std::shared_ptr<const Layout> layout, const StoreOptions &options, std::function<quint64()> random);
    void close();
    void enqueue(WriteJob job);
    [[nodiscard]] bool isOpen() const noexcept { return m_state != nullptr; }
    [[nodiscard]] Connection &connection() { return m_state->connection; }      // after open() only
    [[nodiscard]] Executor *executor() const noexcept { return m_executor; }
    [[nodiscard]] qint64 outboxCount() const noexcept { return m_outboxCount.load(std::memory_order_acquire); }
    [[nodiscard]] qint64 rejectedCount() const noexcept { return m_rejectedCount.load(std::memory_order_acquire); }
    [[nodiscard]] qint64 quarantinedCount() const noexcept { return m_quarantinedCount.load(std::memory_order_acquire); }

private:
    void drain();
    void runBatch(std::vector<WriteJob> &jobs);
    [[nodiscard]] bool runJobs(std::vector<WriteJob> &jobs, std::vector<Error> &errors);

    Executor *m_executor;
    std::function<qint64()> m_clock;
    Observers &m_observers;
    std::unique_ptr<WriterState> m_state;               // null while not open
    Error m_openError;
    quint64 m_delivered = 0;                            // commit number of the last change set that left
    std::atomic<qint64> m_outboxCount = 0;
    std::atomic<qint64> m_rejectedCount = 0;
    std::atomic<qint64> m_quarantinedCount = 0;

    std::mutex m_mutex;
    std::vector<WriteJob> m_queue;                      // guarded by m_mutex
    bool m_posted = false;                              // guarded by m_mutex; drain() is on its way
};

} // namespace Tideline
