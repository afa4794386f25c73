// SPDX-License-Identifier: MIT
#include "server/storage/writer.h"

#include <future>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qint64 pruneIntervalMs = 60'000;
static constexpr qint64 journalMarginMs = 60'000;           // kept beyond what a delta sync may ask for
static constexpr int pruneRows = 5000;                      // of a table at a time; the next transaction goes on

WriteJob::~WriteJob() = default;

Writer::Writer(const QString &path, const Layout &layout, const WriterOptions &options, CommitClock &clock, qint64 lastSeq,
               Committed committed)
    : m_path(path), m_layout(layout), m_options(options), m_clock(clock), m_committed(std::move(committed)),
      m_committedSeq(lastSeq)
{
}

Writer::~Writer() = default;

Result<void> Writer::start()
{
    const auto opened = std::make_shared<std::promise<Result<void>>>();     // may outlive this call in the thread
    std::future<Result<void>> result = opened->get_future();
    m_thread = std::thread([this, opened] {
        Result<std::unique_ptr<Connection>> connection = Connection::open(m_path, Connection::Mode::Write);
        if (!connection) {
            opened->set_value(connection.error());
            return;
        }
        m_connection = std::move(connection).value();
        if (!m_options.durable) {
            if (const Result<void> set = m_connection->run(u"PRAGMA synchronous = NORMAL"_s); !set) {
                opened->set_value(set.error());
                return;
            }
        }
        m_session = std::make_unique<WriteSession>(*m_connection, m_layout, m_options.baseTtlMs);
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

Result<void> Writer::transaction(WriteJobs &jobs)
{
    if (const Result<void> begun = m_connection->run(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    m_session->begin(m_clock.begin(), m_committedSeq);
    Result<void> done;
    for (const std::unique_ptr<WriteJob> &job : jobs) {
        if (done = job->apply(*m_session); !done)
            break;
    }
    if (done)
        done = prune();
    if (done)
        done = m_connection->run(u"COMMIT"_s);
    if (!done) {                                            // SQLite may have rolled back by itself already
        [[maybe_unused]] const Result<void> undone = m_connection->run(u"ROLLBACK"_s);
    }
    m_clock.end();
    return done;
}

void Writer::commitBatch(WriteJobs jobs)
{
    if (const Result<void> done = transaction(jobs); !done) {
        if (jobs.size() > 1)
            return commitOneByOne(std::move(jobs));
        return jobs.front()->fail(done.error());
    }
    m_committedSeq = m_session->lastSeq();
    m_committed(std::move(jobs), m_session->takeChanges());
}

void Writer::commitOneByOne(WriteJobs jobs)
{
    for (std::unique_ptr<WriteJob> &job : jobs) {
        WriteJobs single;
        single.push_back(std::move(job));
        commitBatch(std::move(single));
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
