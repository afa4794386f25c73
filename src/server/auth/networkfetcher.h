// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "server/auth/fetcher.h"
#include "server/global.h"

#include <memory>

namespace Tideline::Server {

/*!
    \class Tideline::Server::NetworkFetcher
    \inmodule Tideline
    \since 0.1
    \brief A Fetcher that speaks HTTP and HTTPS in a thread of its own.

    Certificates are verified against the system's authorities. The destructor ends what is under way with an
    Error of code Closed; it must not run in the fetcher's own thread, so what is called with an answer cannot own it.
*/
class TIDELINE_SERVER_EXPORT NetworkFetcher final : public Fetcher
{
public:
    NetworkFetcher();
    ~NetworkFetcher() override;

    void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) override;

private:
    Q_DISABLE_COPY_MOVE(NetworkFetcher)
    class Worker;

    std::unique_ptr<Worker> m_worker;       // works in m_thread, and dies after it
    ThreadScheduler m_thread;
};

} // namespace Tideline::Server
