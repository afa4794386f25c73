// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"
#include "core/executor.h"

namespace Tideline {

struct StoreOptions
{
    QString path;                       // of the SQLite file; ":memory:" keeps all in memory, one store each
    bool durable = true;                // synchronous FULL: what save() reported survives a power cut; false: NORMAL
    bool outbox = true;                 // record mutations for a backend
    int readers = 2;                    // reader connections, 1 to 8
    qint64 busyTimeout = 5000;          // ms to wait for another process's lock
};

struct StoreEnvironment                 // null members: the store makes its own threads
{
    Executor *writer = nullptr;
    QList<Executor *> readers;
    std::function<qint64()> clock;      // ms since the epoch, UTC
};

class StorePrivate;

/*!
    \class Tideline::Store
    \inmodule Tideline
    \since 0.1
    \brief The local SQLite file: one writer with group commit, readers beside it, change sets out.

    Not the API of applications (see DataStore); live queries and the engine build on it. Every
    member may be called from any thread. A reply comes exactly once, on the executor given, which
    must outlive it; after close() it comes with Error::Code::Closed. Executors for the writer and
    the readers can be given, so that a test runs a store in one thread.
*/
class TIDELINE_EXPORT Store
{
public:
    Store(const Schema &schema, const StoreOptions &options, const StoreEnvironment &environment = {});
    ~Store();                           // closes; joins its threads

    [[nodiscard]] const Schema &schema() const noexcept;
    [[nodiscard]] const StoreOptions &options() const noexcept;

    void open(Executor *on, Reply<void> done);
    void close(Executor *on, Reply<void> done);     // after what was posted before is done

    /*! Runs \a job inside the writer's transaction. Jobs that wait together share one COMMIT (group
        commit); a job that fails leaves no trace and does not disturb the others. The reply comes after
        COMMIT and after the change set was posted to the observers. */
    template<typename T>
    void write(std::function<Result<T>(WriteTransaction &)> job, Executor *on, Reply<T> done);

    template<typename T>
    void read(std::function<Result<T>(ReadTransaction &)> job, Executor *on, Reply<T> done);

    /*! Posts every change set from now on to \a on, in commit order, until the returned token is destroyed.
        From that thread, nothing comes after the token is gone. */
    [[nodiscard]] std::shared_ptr<void> observe(Executor *on, std::function<void(const ChangeSet &)> observer);

    [[nodiscard]] qint64 outboxCount() const noexcept;          // mutations waiting, sending or rejected; after the last commit

private:
    void enqueueWrite(std::function<Error(WriteTransaction &)> job, std::function<void(const Error &)> finished, Executor *on);
    void enqueueRead(std::function<Error(ReadTransaction &)> job, std::function<void(const Error &)> finished, Executor *on);

    std::unique_ptr<StorePrivate> d;
};

template<typename T>
void Store::write(std::function<Result<T>(WriteTransaction &)> job, Executor *on, Reply<T> done)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    enqueueWrite(
        [job = std::move(job), result](WriteTransaction &transaction) {
            result->emplace(job(transaction));
            return (*result)->error();
        },
        [done = std::move(done), result](const Error &error) {
            done(error.isError() ? Result<T>(error) : std::move(**result));
        },
        on);
}

template<typename T>
void Store::read(std::function<Result<T>(ReadTransaction &)> job, Executor *on, Reply<T> done)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    enqueueRead(
        [job = std::move(job), result](ReadTransaction &transaction) {
            result->emplace(job(transaction));
            return (*result)->error();
        },
        [done = std::move(done), result](const Error &error) {
            done(error.isError() ? Result<T>(error) : std::move(**result));
        },
        on);
}

} // namespace Tideline
