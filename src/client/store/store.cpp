// SPDX-License-Identifier: MIT
#include "client/store/store.h"

#include "client/store/fileguard_p.h"
#include "client/store/store_p.h"

#include <future>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static constexpr int MaximalReaders = 8;

/*! Makes a store of \a schema that is not open yet; nothing is touched before open(). */
Store::Store(const Schema &schema, const StoreOptions &options, const StoreEnvironment &environment) : d(std::make_unique<StorePrivate>())
{
    StoreEnvironment complete = environment;
    if (complete.writer && complete.readers.isEmpty())
        complete.readers.append(complete.writer);
    if (!complete.writer) {
        d->writerThread = std::make_unique<ThreadScheduler>(u"tideline writer"_s);
        complete.writer = d->writerThread.get();
        complete.readers.clear();
        const int readers = FileGuard::isInMemory(options.path) ? 0 : qBound(1, options.readers, MaximalReaders);
        for (int i = 0; i < readers; ++i) {
            d->readerThreads.push_back(std::make_unique<ThreadScheduler>(u"tideline reader %1"_s.arg(i + 1)));
            complete.readers.append(d->readerThreads.back().get());
        }
    }
    d->core = std::make_shared<StoreCore>(schema, options, complete);
}

/*! Closes the store: what was asked for is done and its replies are posted. Waits for the store's own
    threads; on executors that were given the closing is only posted. */
Store::~Store()
{
    if (!d->writerThread) {
        d->core->close(nullptr, [](const Result<void> &) { });
        return;
    }
    const auto closed = std::make_shared<std::promise<void>>();        // the writer may still hold it when the wait is over
    d->core->close(nullptr, [closed](const Result<void> &) { closed->set_value(); });
    closed->get_future().wait();
}

/*! Returns the schema, whose model types all calls take. */
const Schema &Store::schema() const noexcept
{
    return d->core->schema;
}

/*! Returns the options the store was made with. */
const StoreOptions &Store::options() const noexcept
{
    return d->core->options;
}

/*!
    Opens the file, or makes it, and brings its tables to the schema; \a done comes on \a on. What is
    asked for meanwhile waits. After a failure open() may be called again.

    Errors: InvalidArgument (no path, open already), InvalidSchema (the schema differs from the file's by
    more than additions, or has names that SQLite cannot hold), StoreUnavailable, StoreDamaged,
    StoreForeign, StoreTooNew, StoreReadOnly, StoreLocked, DiskFull, StoreFailed. After any of them the
    file is as it was.

    Once the path leads to another file, or to none, nothing is written any more: StoreUnavailable.
*/
void Store::open(Executor *on, Reply<void> done)
{
    d->core->open(on, std::move(done));
}

/*! Closes the store after what was asked for before; then replies. Later calls are answered with Closed. */
void Store::close(Executor *on, Reply<void> done)
{
    d->core->close(on, std::move(done));
}

/*! WriteTransaction::save() in a job of its own. */
void Store::save(const Draft &draft, const Predicate &condition, Executor *on, Reply<Record> done)
{
    const auto job = [draft, condition](WriteTransaction &transaction) { return transaction.save(draft, condition); };
    enqueue<Record, WriteTransaction>(job, std::move(done), [&](auto run, auto finished) { enqueueWrite(run, finished, on, true); });
}

/*! WriteTransaction::remove() in a job of its own. */
void Store::remove(const std::shared_ptr<const ModelType> &model, const QString &key, const Predicate &condition, Executor *on,
                   Reply<QList<Record>> done)
{
    const auto job = [model, key, condition](WriteTransaction &transaction) { return transaction.remove(model, key, condition); };
    enqueue<QList<Record>, WriteTransaction>(job, std::move(done), [&](auto run, auto finished) { enqueueWrite(run, finished, on, true); });
}

/*! Closes the store as close() does and removes the file with what SQLite keeps beside it. When the path leads to another file meanwhile, that
    is left alone. Of a store that was never open it removes what is at the path. Errors: StoreUnavailable; the store is closed all the same. */
void Store::erase(Executor *on, Reply<void> done)
{
    d->core->erase(on, std::move(done));
}

std::shared_ptr<void> Store::observe(Executor *on, std::function<void(const ChangeSet &)> observer)
{
    return d->core->observers.add(on, std::move(observer));
}

qint64 Store::outboxCount() const noexcept
{
    return d->core->writer->outboxCount();
}

/*! Returns how many mutations the backend refused, as of the last commit. */
qint64 Store::rejectedCount() const noexcept
{
    return d->core->writer->rejectedCount();
}

/*! Returns how many records of the backend are kept aside, as of the last commit. */
qint64 Store::quarantinedCount() const noexcept
{
    return d->core->writer->quarantinedCount();
}

void Store::enqueueWrite(std::function<Error(WriteTransaction &)> job, std::function<void(const Error &)> finished, Executor *on, bool checksFirst)
{
    d->core->write({std::move(job), std::move(finished), on, checksFirst});
}

void Store::enqueueRead(std::function<Error(ReadTransaction &)> job, std::function<void(const Error &)> finished, Executor *on)
{
    d->core->read({std::move(job), std::move(finished), on});
}

} // namespace Tideline
