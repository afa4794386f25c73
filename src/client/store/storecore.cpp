// SPDX-License-Identifier: MIT
#include "client/store/store_p.h"

#include "client/store/fileguard_p.h"
#include "client/store/storefile_p.h"
#include "client/store/storetext_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QRandomGenerator>

namespace Tideline {

StoreCore::StoreCore(const Schema &givenSchema, const StoreOptions &givenOptions, const StoreEnvironment &environment)
    : schema(givenSchema), options(givenOptions), m_environment(environment), m_layout(Layout::make(givenSchema))
{
    if (!m_environment.clock)
        m_environment.clock = [] { return QDateTime::currentMSecsSinceEpoch(); };
    if (!m_environment.random)
        m_environment.random = [] { return QRandomGenerator::global()->generate64(); };
    writer = std::make_shared<Writer>(m_environment.writer, m_environment.clock, observers);
}

void StoreCore::open(Executor *on, Reply<void> done)
{
    Error refused;
    {
        const std::lock_guard lock(m_mutex);
        switch (m_state) {
        case State::Created:
        case State::Failed:
            m_state = State::Opening;
            break;
        case State::Opening:
        case State::Open:
            refused = Error(Error::Code::InvalidArgument, StoreText::tr("The store is open already."));
            break;
        case State::Closing:
        case State::Closed:
            refused = Error(Error::Code::Closed, StoreText::tr("The store is closed."));
            break;
        }
    }
    if (refused.isError())
        on->post([done, refused] { done(refused); });
    else
        m_environment.writer->post([self = shared_from_this(), on, done] { self->openNow(on, done); });
}

std::shared_ptr<Readers> StoreCore::makeReaders()
{
    if (FileGuard::isInMemory(options.path))
        return std::make_shared<Readers>(m_environment.writer, writer->connection());
    return std::make_shared<Readers>(*m_layout, options, writer->connection().file(), m_environment.readers);
}

void StoreCore::openNow(Executor *on, const Reply<void> &done)
{
    const Result<void> opened = m_layout ? writer->open(*m_layout, options, m_environment.random) : Result<void>(m_layout.error());
    std::vector<ReadJob> early;
    std::shared_ptr<Readers> readers = opened ? makeReaders() : nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_openError = opened.error();
        m_readers = readers;
        early.swap(m_earlyReads);
        if (m_state == State::Opening)
            m_state = opened ? State::Open : State::Failed;
    }
    for (ReadJob &job : early) {
        if (readers)
            readers->enqueue(std::move(job));
        else
            job.on->post([finished = std::move(job.finished), error = opened.error()] { finished(error); });
    }
    on->post([done, opened] { done(opened); });
}

Error StoreCore::refusal() const
{
    switch (m_state) {
    case State::Opening:
    case State::Open:
        return {};
    case State::Created:
        return Error(Error::Code::StoreNotOpen, StoreText::tr("The store is not open. Call open() first."));
    case State::Failed:
        return m_openError;
    case State::Closing:
    case State::Closed:
        return Error(Error::Code::Closed, StoreText::tr("The store is closed."));
    }
    return {};
}

void StoreCore::write(WriteJob job)
{
    Error refused;
    {
        const std::lock_guard lock(m_mutex);
        refused = refusal();
        if (!refused.isError())
            writer->enqueue(std::move(job));
    }
    if (refused.isError())
        job.on->post([finished = std::move(job.finished), refused] { finished(refused); });
}

void StoreCore::read(ReadJob job)
{
    Error refused;
    {
        const std::lock_guard lock(m_mutex);
        refused = refusal();
        if (!refused.isError()) {
            if (m_readers)
                m_readers->enqueue(std::move(job));
            else
                m_earlyReads.push_back(std::move(job));
            return;
        }
    }
    job.on->post([finished = std::move(job.finished), refused] { finished(refused); });
}

static void tell(Executor *on, Reply<void> done, const Result<void> &result = {})
{
    if (on)
        on->post([done = std::move(done), result] { done(result); });
    else
        done(result);
}

void StoreCore::erase(Executor *on, Reply<void> done)
{
    {
        const std::lock_guard lock(m_mutex);
        m_erases = true;
    }
    close(on, std::move(done));
}

/*! Without an executor \a done is called where the closing ends. */
void StoreCore::close(Executor *on, Reply<void> done)
{
    bool begin = false;
    bool over = false;
    {
        const std::lock_guard lock(m_mutex);
        over = m_state == State::Closed;
        begin = !over && m_state != State::Closing;
        if (!over)
            m_closers.emplace_back(on, done);
        if (begin)
            m_state = State::Closing;
    }
    if (over)
        tell(on, std::move(done));
    if (!begin)
        return;
    // by way of the writer, where opening may still be going on
    m_environment.writer->post([self = shared_from_this()] {
        std::shared_ptr<Readers> readers;
        {
            const std::lock_guard lock(self->m_mutex);
            readers = std::exchange(self->m_readers, nullptr);
        }
        if (!readers) {
            self->closeNow();
            return;
        }
        readers->close([self] { self->m_environment.writer->post([self] { self->closeNow(); }); });
    });
}

Result<void> StoreCore::closeFile()
{
    bool erases = false;
    {
        const std::lock_guard lock(m_mutex);
        erases = m_erases && !FileGuard::isInMemory(options.path);
    }
    const bool isOther = writer->isOpen() && FileGuard::identity(options.path) != writer->connection().file();
    writer->close();
    if (!erases)
        return {};
    return isOther ? Result<void>(FileGuard::moved(options.path)) : StoreFile::erase(options.path);
}

void StoreCore::closeNow()
{
    const Result<void> closed = closeFile();
    std::vector<Closer> closers;
    {
        const std::lock_guard lock(m_mutex);
        m_state = State::Closed;
        closers.swap(m_closers);
    }
    for (Closer &closer : closers)
        tell(closer.first, std::move(closer.second), closed);
}

} // namespace Tideline
