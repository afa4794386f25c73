// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/migration.h"
#include "client/store/transaction.h"
#include "core/executor.h"

namespace Tideline {

struct StoreOptions
{
    QString path;                       // of the SQLite file; ":memory:" keeps all in memory, one store each
    QString principal = {};             // whose records and mutations are in it; written into a new file, then the file is nobody else's
    bool makesFolder = false;           // of the file, with its parents, when it is not there
    bool durable = true;                // synchronous FULL: what save() reported survives a power cut; false: NORMAL
    bool outbox = true;                 // record mutations for a backend
    int readers = 2;                    // reader connections, 1 to 8
    qint64 busyTimeout = 5000;          // ms to wait for another process's lock
    qint64 maximumSize = 0;             // bytes the file may grow to (DiskFull beyond); 0: what the disk has
    std::function<Result<void>(SchemaMigration &)> migrate = {};        // when the schema is another; in the writer's thread
};

template<typename T>
using Reply = std::function<void(Result<T>)>;

struct StoreEnvironment
{
    Executor *writer = nullptr;         // null: the store makes its own threads, for the readers too
    QList<Executor *> readers;          // with a writer only; empty: the writer's
    std::function<qint64()> clock;      // ms since the epoch, UTC
    std::function<quint64()> random;    // 64 bits, for managed ids
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
    the readers can be given, so that a test runs a store in one thread; they must outlive the store
    and be allowed to wait for the disk (Executor::mayBlock()).
*/
class TIDELINE_EXPORT Store
{
public:
    Store(const Schema &schema, const StoreOptions &options, const StoreEnvironment &environment = {});
    ~Store();                           // closes; joins its threads
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;

    [[nodiscard]] const Schema &schema() const noexcept;
    [[nodiscard]] const StoreOptions &options() const noexcept;

    void open(Executor *on, Reply<void> done);
    void close(Executor *on, Reply<void> done);     // after what was posted before is done
    void erase(Executor *on, Reply<void> done);     // closes, then removes the file

    // one save or removal in a job of its own; cheaper than the same through write()
    void save(const Draft &draft, const Predicate &condition, Executor *on, Reply<Record> done);
    void remove(const std::shared_ptr<const ModelType> &model, const QString &key, const Predicate &condition, Executor *on,
                Reply<QList<Record>> done);

    /*! Runs \a job inside the writer's transaction. Jobs that wait together share one COMMIT (group
        commit); a job that fails leaves no trace and does not disturb the others. The reply comes after
        COMMIT and, when \a on is also an observer's executor, after the change set. */
    template<typename T>
    void write(std::function<Result<T>(WriteTransaction &)> job, Executor *on, Reply<T> done);

    template<typename T>
    void read(std::function<Result<T>(ReadTransaction &)> job, Executor *on, Reply<T> done);

    /*! Posts every change set from now on to \a on, in commit order, until the returned token is destroyed.
        From that thread, nothing comes after the token is gone. */
    [[nodiscard]] std::shared_ptr<void> observe(Executor *on, std::function<void(const ChangeSet &)> observer);

    [[nodiscard]] qint64 outboxCount() const noexcept;          // mutations waiting, sending or rejected; after the last commit
    [[nodiscard]] qint64 rejectedCount() const noexcept;        // of them rejected
    [[nodiscard]] qint64 quarantinedCount() const noexcept;     // rows kept aside

private:
    void enqueueWrite(std::function<Error(WriteTransaction &)> job, std::function<void(const Error &)> finished, Executor *on,
                      bool checksFirst = false);
    void enqueueRead(std::function<Error(ReadTransaction &)> job, std::function<void(const Error &)> finished, Executor *on);

    template<typename T, typename Transaction, typename Enqueue>
    static void enqueue(std::function<Result<T>(Transaction &)> job, Reply<T> done, Enqueue enqueue);

    std::unique_ptr<StorePrivate> d;
};

template<typename T, typename Transaction, typename Enqueue>
void Store::enqueue(std::function<Result<T>(Transaction &)> job, Reply<T> done, Enqueue enqueue)
{
    auto result = std::make_shared<std::optional<Result<T>>>();
    enqueue(
        [job = std::move(job), result](Transaction &transaction) {
            result->emplace(job(transaction));
            return (*result)->error();
        },
        [done = std::move(done), result](const Error &error) {
            done(error.isError() ? Result<T>(error) : std::move(**result));
        });
}

template<typename T>
void Store::write(std::function<Result<T>(WriteTransaction &)> job, Executor *on, Reply<T> done)
{
    enqueue<T, WriteTransaction>(std::move(job), std::move(done), [&](auto run, auto finished) { enqueueWrite(run, finished, on); });
}

template<typename T>
void Store::read(std::function<Result<T>(ReadTransaction &)> job, Executor *on, Reply<T> done)
{
    enqueue<T, ReadTransaction>(std::move(job), std::move(done), [&](auto run, auto finished) { enqueueRead(run, finished, on); });
}

} // namespace Tideline
