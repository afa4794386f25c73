// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/readers_p.h"
#include "client/store/writer_p.h"

namespace Tideline {

/*! What a store is while it is open, kept alive by the tasks that concern it. It knows executors but owns
    no thread. */
class StoreCore : public std::enable_shared_from_this<StoreCore>
{
public:
    StoreCore(const Schema &schema, const StoreOptions &options, const StoreEnvironment &environment);

    void open(Executor *on, Reply<void> done);
    void close(Executor *on, Reply<void> done);
    void erase(Executor *on, Reply<void> done);
    void write(WriteJob job);
    void read(ReadJob job);

    const Schema schema;
    const StoreOptions options;
    Observers observers;
    std::shared_ptr<Writer> writer;

private:
    enum class State { Created, Opening, Open, Failed, Closing, Closed };
    using Closer = std::pair<Executor *, Reply<void>>;

    void openNow(Executor *on, const Reply<void> &done);        // on the writer's executor, as is closeNow
    void closeNow();
    [[nodiscard]] Result<void> closeFile();
    [[nodiscard]] std::shared_ptr<Readers> makeReaders();
    [[nodiscard]] Error refusal() const;                        // why no job is taken; none: it is

    StoreEnvironment m_environment;
    Result<std::shared_ptr<const Layout>> m_layout;

    std::mutex m_mutex;
    State m_state = State::Created;                             // these are guarded by m_mutex
    Error m_openError;
    std::shared_ptr<Readers> m_readers;                         // while open
    std::vector<ReadJob> m_earlyReads;                          // asked for while opening
    std::vector<Closer> m_closers;
    bool m_erases = false;                                      // the file when it is closed
};

class StorePrivate
{
public:
    std::shared_ptr<StoreCore> core;
    std::unique_ptr<ThreadScheduler> writerThread;              // joined before the core goes
    std::vector<std::unique_ptr<ThreadScheduler>> readerThreads;
};

} // namespace Tideline
