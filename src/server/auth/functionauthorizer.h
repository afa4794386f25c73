// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/authtime.h"
#include "server/auth/fetcher.h"
#include "server/service.h"

#include <QtCore/QCache>

#include <memory>
#include <mutex>

namespace Tideline::Server {

struct FunctionOptions
{
    QUrl url = {};
    QString apiId = QStringLiteral("tideline");
    QString accountId = QStringLiteral("000000000000");
    qint64 ttlMs = 300'000;                         // of an answer without ttlOverride
    int maxAnswers = 1000;                          // that are kept
    std::chrono::milliseconds deadline{10'000};
    WallClock clock = systemClock();
    std::function<QString()> requestId = {};        // empty: random UUIDs
};

/*!
    \class Tideline::Server::FunctionAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Asks an HTTP endpoint with the request that AppSync sends to a Lambda authorizer.

    What it allows is kept by token for as long as it says (ttlOverride, in seconds); what it refuses is not, so that
    somebody let in a moment later need not wait.
*/
class TIDELINE_SERVER_EXPORT FunctionAuthorizer final : public Authorizer
{
public:
    // `fetcher` must live as long as anybody calls authorize().
    FunctionAuthorizer(FunctionOptions options, Fetcher &fetcher);
    ~FunctionAuthorizer() override;

    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override;

private:
    class Answers;

    [[nodiscard]] QByteArray question(const AuthRequest &request, const QString &token) const;

    const FunctionOptions m_options;
    Fetcher &m_fetcher;
    const std::shared_ptr<Answers> m_answers;       // also held by questions that are on their way
};

} // namespace Tideline::Server
