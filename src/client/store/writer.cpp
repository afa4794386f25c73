// SPDX-License-Identifier: MIT
#include "client/store/writer_p.h"

#include "client/store/storefile_p.h"
#include "client/store/storetext_p.h"

#include <algorithm>
#include <iterator>

namespace Tideline {

Writer::Writer(Executor *executor, std::function<qint64()> clock, Observers &observers)
    : m_executor(executor), m_clock(std::move(clock)), m_observers(observers),
      m_openError(Error::Code::StoreNotOpen, StoreText::tr("The store is not open."))
{
}

Result<void> Writer::open(std::shared_ptr<const Layout> layout, const StoreOptions &options, std::function<quint64()> random)
{
    Q_ASSERT(m_executor->mayBlock());
    auto state = std::make_unique<WriterState>(std::move(layout));
    Result<void> opened = StoreFile::open(state->connection, options, m_clock());
    if (opened)
        opened = state->load();
    if (!opened) {
        m_openError = opened.error();
        return opened;
    }
    state->random = std::move(random);
    state->outbox = options.outbox;
    m_outboxCount.store(state->lanes.total(), std::memory_order_release);
    m_rejectedCount.store(state->rejected.total(), std::memory_order_release);
    m_quarantinedCount.store(state->quarantined.total(), std::memory_order_release);
    m_delivered = state->lastCommit;
    m_state = std::move(state);
    return {};
}

void Writer::close()
{
    drain();
    m_state.reset();
    m_openError = Error(Error::Code::Closed, StoreText::tr("The store is closed."));
}

void Writer::enqueue(WriteJob job)
{
    bool post = false;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(job));
        post = !std::exchange(m_posted, true);
    }
    if (post)
        m_executor->post([self = shared_from_this()] { self->drain(); });
}

void Writer::drain()
{
    Q_ASSERT(m_executor->mayBlock());
    std::vector<WriteJob> waiting;
    {
        const std::lock_guard lock(m_mutex);
        waiting.swap(m_queue);
        m_posted = false;
    }
    for (auto begin = waiting.begin(); begin != waiting.end();) {
        const auto end = begin + std::min<std::ptrdiff_t>(std::ptrdiff_t(MaximalBatch), waiting.end() - begin);
        std::vector<WriteJob> batch(std::make_move_iterator(begin), std::make_move_iterator(end));
        runBatch(batch);
        begin = end;
    }
}

void Writer::runBatch(std::vector<WriteJob> &jobs)
{
    std::vector<Error> errors(jobs.size());
    const auto failAll = [&errors](const Error &error) {
        std::replace_if(errors.begin(), errors.end(), [](const Error &each) { return !each.isError(); }, error);
    };
    ChangeSet set;
    if (!m_state) {
        failAll(m_openError);
    } else if (const Result<void> begun = m_state->begin(); !begun) {
        failAll(begun.error());
    } else if (!runJobs(jobs, errors)) {
        const Error failure = m_state->failure();
        Q_ASSERT(failure.isError() || jobs.size() == 1);
        m_state->rollback();
        failAll(failure);
    } else if (const Result<void> done = m_state->commit(); !done) {
        failAll(done.error());
    } else if (!m_state->committed.isEmpty()) {
        set = {m_state->lastCommit, std::exchange(m_state->committed, {}), false, false, false, {}};
        Q_ASSERT(set.commit > m_delivered);
        m_delivered = set.commit;
    }
    if (m_state) {
        set.rejections = m_state->rejectionsTouched;
        set.quarantine = m_state->quarantineTouched;
        set.questions = m_state->questionsTouched;
        set.decisions = std::exchange(m_state->decisions, {});
        m_outboxCount.store(m_state->lanes.total(), std::memory_order_release);
        m_rejectedCount.store(m_state->rejected.total(), std::memory_order_release);
        m_quarantinedCount.store(m_state->quarantined.total(), std::memory_order_release);
    }
    std::vector<Observers::Reply> replies;
    replies.reserve(jobs.size());
    for (size_t i = 0; i < jobs.size(); ++i)
        replies.emplace_back(jobs[i].on, [finished = std::move(jobs[i].finished), error = errors[i]] { finished(error); });
    m_observers.deliver(set, std::move(replies));
}

// False: the batch is lost; the job at fault has its error, the others have none yet.
bool Writer::runJobs(std::vector<WriteJob> &jobs, std::vector<Error> &errors)
{
    const qint64 now = m_clock();
    for (size_t i = 0; i < jobs.size(); ++i) {
        m_state->beginJob(jobs.size() > 1 && !jobs[i].checksFirst);
        WriteTransaction transaction(*m_state, now);
        errors[i] = jobs[i].run(transaction);
        if (!m_state->endJob(errors[i]))
            return false;
        jobs[i].run = nullptr;
    }
    return true;
}

} // namespace Tideline
