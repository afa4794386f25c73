// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore_p.h"
#include "client/pending_p.h"

namespace Tideline {

template<typename T>
QFuture<Result<T>> DataStorePrivate::failed(const Error &error, Error::Phase stage)
{
    const Error told = error.inPhase(stage);
    record(told);
    return Tideline::failed<T>(told);
}

template<typename T, typename Transaction>
QFuture<Result<T>> DataStorePrivate::run(std::function<Result<T>(Transaction &)> job, Error::Phase stage)
{
    if (const Error refused = refusal(); refused.isError())
        return failed<T>(refused, stage);
    auto pending = std::make_shared<Pending<T>>();
    start<T, Transaction>(std::move(job), own([this, pending, stage](Result<T> result) {
        if (result)
            return pending->finish(std::move(result));
        const Error told = result.error().inPhase(stage);
        record(told);
        pending->finish(told);
    }));
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
