// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/auth/keytable.h"
#include "server/service.h"
#include "tools/optiontable.h"

#include <QtCore/QUrl>

#include <memory>

namespace Tideline::Tools {

// Who may call, as the options say. Holds secrets: nothing of it is printed.
struct Callers
{
    QList<QByteArray> apiKeys = {};
    QStringList issuers = {};           // of OpenID Connect
    QStringList audiences = {};
    QString userPool = {};
    QStringList userPoolClients = {};
    QString keySet = {};                // file or URL; empty: the issuers' own
    QByteArray secret = {};
    QString iamFile = {};
    QUrl function = {};

    [[nodiscard]] bool isEmpty() const;
};

[[nodiscard]] std::vector<Option> callerOptions();
// Checked without looking at files.
[[nodiscard]] Result<Callers> readCallers(const OptionValues &values);

// Fails when `url` is none whose keys or answers can be trusted.
[[nodiscard]] Result<void> checkUrl(const QString &option, const QString &url);

// Reads the files; fails with what is wrong with them. The callers' keys are good beside those of the database.
[[nodiscard]] Result<std::unique_ptr<Server::Authorizer>> makeAuthorizer(const Callers &callers, Server::DatabaseKeyOptions keys);

// Why nobody could call, or nothing: keys may be in the database, too.
[[nodiscard]] Result<void> checkSomebodyMayCall(const Callers &callers, const QString &database);

} // namespace Tideline::Tools
