// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore_p.h"

#include <QtCore/QPromise>

namespace Tideline {

/*! A promise that always ends in a value: when its store goes first it ends in Closed. */
template<typename T>
class Pending
{
public:
    Pending() { m_promise.start(); }
    ~Pending()
    {
        if (!m_done)
            finish(Error(Error::Code::Closed, DataStore::tr("The data store was closed before the call was done.")));
    }
    Q_DISABLE_COPY_MOVE(Pending)

    [[nodiscard]] QFuture<Result<T>> future() { return m_promise.future(); }
    void finish(Result<T> result)
    {
        m_done = true;
        m_promise.addResult(std::move(result));
        m_promise.finish();
    }

private:
    QPromise<Result<T>> m_promise;
    bool m_done = false;
};

template<typename T>
QFuture<Result<T>> DataStorePrivate::failed(const Error &error, Error::Phase stage)
{
    const Error told = error.inPhase(stage);
    record(told);
    Pending<T> pending;
    pending.finish(told);
    return pending.future();
}

template<typename T, typename Transaction>
QFuture<Result<T>> DataStorePrivate::run(std::function<Result<T>(Transaction &)> job, Error::Phase stage)
{
    if (phase != Phase::Open && phase != Phase::Opening)
        return failed<T>(notOpen(), stage);
    auto pending = std::make_shared<Pending<T>>();
    start<T, Transaction>(std::move(job), [this, pending, stage](Result<T> result) {
        if (result)
            return pending->finish(std::move(result));
        const Error told = result.error().inPhase(stage);
        record(told);
        pending->finish(told);
    });
    return pending->future();
}

template<typename T, typename Transaction>
void DataStorePrivate::start(std::function<Result<T>(Transaction &)> job, Reply<T> reply)
{
    auto now = [this, job = std::move(job), reply = std::move(reply)](const Result<void> &opened) mutable {
        if (!opened)
            return reply(opened.error());
        if constexpr (std::is_same_v<Transaction, WriteTransaction>)
            m_store->template write<T>(std::move(job), q->scheduler(), std::move(reply));
        else
            m_store->template read<T>(std::move(job), q->scheduler(), std::move(reply));
    };
    if (phase == Phase::Open)
        now({});
    else
        m_waitingForOpen.push_back(std::move(now));
}

} // namespace Tideline
