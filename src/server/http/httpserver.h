// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"
#include "server/http/httpoptions.h"
#include "server/service.h"

#include <QtCore/qglobal.h>

#include <memory>

namespace Tideline::Server {

class TIDELINE_SERVER_EXPORT HttpServer
{
public:
    HttpServer(GraphQLService &service, const Authorizer &authorizer, HttpOptions options = {});
    ~HttpServer();

    [[nodiscard]] Result<quint16> start();
    void stop(std::chrono::milliseconds deadline = std::chrono::seconds(10));

    void retire();
    void recheckCallers();
    [[nodiscard]] Result<void> setCertificate(const QByteArray &certificate, const QByteArray &privateKey);

    [[nodiscard]] bool isListening() const noexcept;
    [[nodiscard]] quint16 adminPort() const;
    [[nodiscard]] HttpStatistics statistics() const;

private:
    Q_DISABLE_COPY_MOVE(HttpServer)
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Tideline::Server
