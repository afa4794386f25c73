// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/fetcher.h"
#include "server/conflicts/conflicts.h"
#include "server/global.h"

namespace Tideline::Server {

/*!
    \class Tideline::Server::HttpConflictFunction
    \inmodule Tideline
    \since 0.1
    \brief Asks an HTTP endpoint with the request that AppSync sends to a conflict Lambda.

    Any status but 200, and a body that is no JSON object, is a failure.
*/
class TIDELINE_SERVER_EXPORT HttpConflictFunction final : public ConflictFunction
{
public:
    HttpConflictFunction(QUrl url, std::shared_ptr<Fetcher> fetcher, std::chrono::milliseconds deadline = std::chrono::seconds(10));

    void ask(const QJsonObject &event, Reply<QJsonObject> done) override;

private:
    const QUrl m_url;
    const std::shared_ptr<Fetcher> m_fetcher;
    const std::chrono::milliseconds m_deadline;
};

} // namespace Tideline::Server
