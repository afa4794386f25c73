// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"
#include "server/storage/dialect.h"

namespace Tideline::Server {

/*
    Where a database is: the path of a SQLite file, or postgres://user:password@host:port/database with
    libpq's parameters after a question mark (host=/folder/of/the/socket, sslmode=verify-full and the like). A password
    may as well come from PGPASSWORD or ~/.pgpass; it is in no message.
*/
class TIDELINE_SERVER_EXPORT Location
{
public:
    [[nodiscard]] static Result<Location> parse(const QString &text);
    [[nodiscard]] static bool isUrl(const QString &text);

    [[nodiscard]] const Dialect &dialect() const noexcept { return *m_dialect; }
    [[nodiscard]] QString display() const;              // for messages

    QString database;                                   // or the path of the file
    QString host, user, password;
    int port = -1;
    QStringList options;                                // more of libpq's, name=value
    bool durable = true;

private:
    explicit Location(const Dialect &dialect) : m_dialect(&dialect) { }
    [[nodiscard]] Result<void> addOption(const QString &name, const QString &value);

    const Dialect *m_dialect;
};

} // namespace Tideline::Server
