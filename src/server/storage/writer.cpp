// SPDX-License-Identifier: MIT
#include "server/storage/writer.h"

#include "server/storage/journal.h"

#include <QtCore/QDeadlineTimer>

#include <future>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Tideline::Server {

static constexpr qint64 pruneIntervalMs = 60'000;
static constexpr qint64 journalMarginMs = 60'000;           // kept beyond what a delta sync may ask for
static constexpr int pruneRows = 5000;                      // of a table at a time; the next transaction goes on
static constexpr int maxAttempts = 5;
static constexpr auto firstPause = 20ms;                    // before the second attempt; doubles
static constexpr auto settleTime = 20s;                     // longer than a node that is gone can hold the lock
static constexpr auto settlePause = 100ms;

WriteJob::~WriteJob() = default;

Writer::Writer(const Location &location, const Layout &layout, const WriterOptions &options, CommitOrder &order, qint64 lastSeq,
               Committed committed)
    : m_location(location), m_layout(layout), m_options(options), m_order(order), m_committed(std::move(committed)),
      m_committedSeq(lastSeq)
{
}

Writer::~Writer() = default;

Result<void> Writer::start()
{
    const auto opened = std::make_shared<std::promise<Result<void>>>();     // may outlive this call in the thread
    std::future<Result<void>> result = opened->get_future();
    m_thread = std::thread([this, opened] {
        Result<std::unique_ptr<Connection>> connection = Connection::open(m_location, Connection::Mode::Write);
        if (!connection) {
            opened->set_value(connection.error());
            return;
        }
        m_connection = std::move(connection).value();
        m_session = std::make_unique<WriteSession>(
            *m_connection, m_layout, WriteSession::Options{m_options.baseTtlMs, m_options.baseTtlMs < m_options.journalTtlMs, m_options.node, m_options.events});
        opened->set_value({});
        run();
        m_session.reset();
        m_connection.reset();
    });
    const Result<void> started = result.get();
    if (!started)
        m_thread.join();
    return started;
}

void Writer::post(std::unique_ptr<WriteJob> job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopping) {
            m_waiting.push_back(std::move(job));
            if (m_waiting.size() > 1)                       // it is awake or about to be
                return;
        }
    }
    if (job)
        job->fail(Error(Error::Code::Closed, u"The server is shutting down."_s));
    else
        m_wake.notify_one();
}

void Writer::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

WriteJobs Writer::takeJobs()
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, [this] { return m_stopping || !m_waiting.empty(); });
    if (m_waiting.size() <= m_options.maxBatch)
        return std::exchange(m_waiting, {});
    const auto end = m_waiting.begin() + std::ptrdiff_t(m_options.maxBatch);
    WriteJobs jobs(std::make_move_iterator(m_waiting.begin()), std::make_move_iterator(end));
    m_waiting.erase(m_waiting.begin(), end);
    return jobs;
}

void Writer::run()
{
    for (WriteJobs jobs = takeJobs(); !jobs.empty(); jobs = takeJobs())
        commitBatch(std::move(jobs));
}

Result<void> Writer::transaction(const WriteJobs &jobs)
{
    if (const Result<void> begun = m_connection->begin(); !begun)
        return begun;
    const Result<CommitOrder::Stamp> stamp = m_order.open(*m_connection);
    Result<void> done = stamp ? write(jobs, *stamp) : stamp.error();
    if (done) {
        done = m_connection->commit();
        if (!done && m_connection->isLost() && m_session->hasChanges())
            done = settle(stamp->seq + 1);
    }
    if (!done)
        m_connection->rollback();
    if (stamp)
        m_order.close(done ? m_session->stamp() : *stamp);
    return done;
}

Result<void> Writer::write(const WriteJobs &jobs, const CommitOrder::Stamp &stamp)
{
    m_session->begin(stamp);
    std::vector<RowKey> keys;
    for (const std::unique_ptr<WriteJob> &job : jobs)
        job->addKeys(keys);
    Result<void> done = m_session->load(std::move(keys));
    for (size_t i = 0; i < jobs.size() && done; ++i)
        done = jobs[i]->apply(*m_session);
    if (done)
        done = m_session->flush();
    if (done && m_options.events)
        done = m_options.events->flush(*m_connection, m_order.now());
    if (done)
        done = prune();
    if (done && m_session->hasChanges())
        done = m_order.advance(*m_connection, m_session->stamp());
    return done;
}

Result<bool> Writer::wasCommitted(qint64 firstSeq)
{
    if (const Result<void> begun = m_connection->begin(); !begun)
        return begun.error();
    const Result<CommitOrder::Stamp> stamp = m_order.open(*m_connection);       // when the old transaction has ended
    const Result<bool> found = stamp ? Journal::isOf(*m_connection, firstSeq, m_options.node) : stamp.error();
    m_connection->rollback();
    return found;
}

Result<void> Writer::settle(qint64 firstSeq)
{
    const QDeadlineTimer deadline(settleTime);
    for (;;) {
        const Result<bool> found = wasCommitted(firstSeq);
        if (found && *found)
            return {};
        if (found)
            return Error(Error::Code::StoreLocked, u"The connection to the database was lost."_s);     // tried again
        if (deadline.hasExpired())
            return Error(Error::Code::Timeout, u"The connection to the database was lost. The change may have been made."_s)
                .withDetail(found.error().detail());
        std::this_thread::sleep_for(settlePause);
    }
}

Result<void> Writer::commit(WriteJobs &jobs)
{
    Result<void> done;
    auto pause = std::chrono::milliseconds(firstPause);
    for (int attempt = 1;; ++attempt, pause *= 2) {
        done = transaction(jobs);
        const Error::Code code = done.error().code();
        const bool again = code == Error::Code::StoreLocked || code == Error::Code::StoreUnavailable;
        if (done || !again || !m_connection->dialect().isShared() || attempt == maxAttempts)
            break;
        std::this_thread::sleep_for(pause);
    }
    if (!done)
        return done;
    m_committedSeq = m_session->stamp().seq;
    m_committed(std::move(jobs), m_session->takeChanges());
    return done;
}

// Whether what failed one transaction would fail the next one too.
static bool isLasting(const Error &error)
{
    return error.code() == Error::Code::StoreUnavailable || error.code() == Error::Code::StoreLocked || error.code() == Error::Code::Timeout;
}

void Writer::commitBatch(WriteJobs jobs)
{
    const Result<void> done = commit(jobs);
    if (done)
        return;
    if (jobs.size() > 1 && !isLasting(done.error()))
        return commitOneByOne(std::move(jobs));
    for (const std::unique_ptr<WriteJob> &job : jobs)
        job->fail(done.error());
}

void Writer::commitOneByOne(WriteJobs jobs)
{
    Result<void> done;
    for (std::unique_ptr<WriteJob> &job : jobs) {
        WriteJobs single;
        single.push_back(std::move(job));
        if (!isLasting(done.error()))
            done = commit(single);
        if (!done)
            single.front()->fail(done.error());
    }
}

/*
    Takes away tombstones and journal rows that are past their time, now and then and a part at a time. When much is left
    the next transaction goes on.
*/
Result<void> Writer::prune()
{
    const qint64 now = m_session->now();
    if (now < m_nextPrune)
        return {};
    m_nextPrune = now + pruneIntervalMs;
    qint64 most = 0;
    for (const TableLayout &table : m_layout.tables()) {
        const Result<qint64> removed = pruneTombstones(table);
        if (!removed)
            return removed.error();
        most = std::max(most, *removed);
    }
    const Result<qint64> removed = pruneJournal();
    if (!removed)
        return removed.error();
    if (std::max(most, *removed) >= pruneRows)
        m_nextPrune = now;
    return {};
}

Result<qint64> Writer::pruneTombstones(const TableLayout &table)
{
    QSqlQuery query = m_connection->query();
    query.prepare(u"DELETE FROM %1 WHERE \"$seq\" IN (SELECT \"$seq\" FROM %1 WHERE \"$ttl\" < ? LIMIT ?)"_s.arg(table.quotedTable()));
    query.addBindValue(m_session->now() / 1000);
    query.addBindValue(pruneRows);
    if (const Result<void> done = m_connection->exec(query); !done)
        return done.error();
    return qint64(query.numRowsAffected());
}

// The last row stays: from it the numbers and times of changes go on after a restart.
Result<qint64> Writer::pruneJournal()
{
    const qint64 from = m_session->now() - m_options.journalTtlMs - journalMarginMs;
    QSqlQuery query = m_connection->query();
    query.prepare(u"DELETE FROM tl_journal WHERE seq IN (SELECT seq FROM tl_journal WHERE changed_at < ? "
                  "AND seq < (SELECT MAX(seq) FROM tl_journal) ORDER BY seq LIMIT ?)"_s);
    query.addBindValue(from);
    query.addBindValue(pruneRows);
    if (const Result<void> done = m_connection->exec(query); !done)
        return done.error();
    const qint64 removed = query.numRowsAffected();
    if (removed == 0)
        return removed;
    QSqlQuery note = m_connection->query();
    note.prepare(u"INSERT INTO tl_meta (name, value) VALUES ('journal.from', ?) "
                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s);
    note.addBindValue(QString::number(from));
    if (const Result<void> done = m_connection->exec(note); !done)
        return done.error();
    return removed;
}

} // namespace Tideline::Server
