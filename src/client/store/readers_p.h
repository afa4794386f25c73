// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "client/store/store.h"

#include <deque>
#include <mutex>

namespace Tideline {

struct ReadJob
{
    std::function<Error(ReadTransaction &)> run;
    std::function<void(const Error &)> finished;
    Executor *on = nullptr;
};

/*! Connections that only read, each on an executor of its own, and one queue before them: a job goes to
    the first that is free. enqueue() and close() may be called from any thread. */
class Readers : public std::enable_shared_from_this<Readers>
{
public:
    Readers(std::shared_ptr<const Layout> layout, const StoreOptions &options, FileGuard::Identity file,
            const QList<Executor *> &executors);
    Readers(Executor *executor, Connection &shared);            // of a store in memory: the writer's connection

    void enqueue(ReadJob job);
    void close(std::function<void()> closed);                   // after what waits; called on the last reader's executor

private:
    struct Reader
    {
        Executor *executor = nullptr;
        std::unique_ptr<Connection> own;
        Connection *connection = nullptr;
        bool busy = false;                                      // guarded by m_mutex
    };

    void work(Reader &reader);
    [[nodiscard]] Error run(Reader &reader, const ReadJob &job);
    [[nodiscard]] Result<void> connect(Reader &reader);

    std::shared_ptr<const Layout> m_layout;
    StoreOptions m_options;
    FileGuard::Identity m_file;                                 // that the writer opened
    std::vector<std::unique_ptr<Reader>> m_readers;

    std::mutex m_mutex;
    std::deque<ReadJob> m_queue;                                // guarded by m_mutex
    size_t m_open = 0;                                          // guarded by m_mutex; readers not yet closed
};

} // namespace Tideline
