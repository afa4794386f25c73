// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

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
[[nodiscard]] QFuture<Result<T>> failed(const Error &error)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(Result<T>(error));
    promise.finish();
    return promise.future();
}

} // namespace Tideline
