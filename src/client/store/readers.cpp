// SPDX-License-Identifier: MIT
#include "client/store/readers_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

Readers::Readers(std::shared_ptr<const Layout> layout, const StoreOptions &options, FileGuard::Identity file,
                 const QList<Executor *> &executors)
    : m_layout(std::move(layout)), m_options(options), m_file(file), m_open(size_t(executors.size()))
{
    for (Executor *executor : executors) {
        m_readers.push_back(std::make_unique<Reader>());
        m_readers.back()->executor = executor;
    }
}

Readers::Readers(Executor *executor, Connection &shared) : m_open(1)
{
    m_readers.push_back(std::make_unique<Reader>());
    m_readers.back()->executor = executor;
    m_readers.back()->connection = &shared;
}

void Readers::enqueue(ReadJob job)
{
    Reader *idle = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(job));
        const auto free = std::find_if(m_readers.begin(), m_readers.end(), [](const auto &reader) { return !reader->busy; });
        if (free == m_readers.end())
            return;
        idle = free->get();
        idle->busy = true;
    }
    idle->executor->post([self = shared_from_this(), idle] { self->work(*idle); });
}

void Readers::work(Reader &reader)
{
    Q_ASSERT(reader.executor->mayBlock());
    for (;;) {
        ReadJob job;
        {
            const std::lock_guard lock(m_mutex);
            if (m_queue.empty()) {
                reader.busy = false;
                return;
            }
            job = std::move(m_queue.front());
            m_queue.pop_front();
        }
        const Error error = run(reader, job);
        job.run = nullptr;
        job.on->post([finished = std::move(job.finished), error] { finished(error); });
    }
}

Result<void> Readers::connect(Reader &reader)
{
    if (reader.connection)
        return {};
    if (!(FileGuard::identity(m_options.path) == m_file))
        return FileGuard::moved(m_options.path);
    auto connection = std::make_unique<Connection>(m_layout);
    if (const Result<void> opened = connection->open(m_options, Connection::Mode::Reader); !opened)
        return opened;
    reader.own = std::move(connection);
    reader.connection = reader.own.get();
    return {};
}

static Result<quint64> beginRead(Connection &connection)
{
    if (Statement begin = connection.prepare(u"BEGIN"_s); !begin.exec())
        return begin.error();
    // the first read fixes what the transaction sees
    Statement statement = connection.prepare(u"SELECT value FROM tl_setting WHERE name = '$commit'"_s);
    if (!statement.exec())
        return statement.error();
    const quint64 commit = statement.next() ? quint64(statement.integer(0)) : 0;
    return statement.error().isError() ? Result<quint64>(statement.error()) : Result<quint64>(commit);
}

Error Readers::run(Reader &reader, const ReadJob &job)
{
    if (const Result<void> connected = connect(reader); !connected)
        return connected.error();
    Connection &connection = *reader.connection;
    const Result<quint64> commit = beginRead(connection);
    Error error = commit.error();
    if (commit) {
        ReadTransaction transaction(connection, *commit);
        error = job.run(transaction);
    }
    // nothing was written, so it does not matter how it ends, nor whether BEGIN failed before
    Statement end = connection.prepare(u"ROLLBACK"_s);
    Q_UNUSED(end.exec())
    return error;
}

void Readers::close(std::function<void()> closed)
{
    for (const auto &reader : m_readers) {
        reader->executor->post([self = shared_from_this(), reader = reader.get(), closed] {
            self->work(*reader);
            reader->connection = nullptr;
            reader->own.reset();
            bool last = false;
            {
                const std::lock_guard lock(self->m_mutex);
                last = --self->m_open == 0;
            }
            if (last)
                closed();
        });
    }
}

} // namespace Tideline
