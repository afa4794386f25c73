// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"
#include "server/storage/eventqueue.h"

namespace Tideline::Server {

/*!
    \class Tideline::Server::DeadLetters
    \inmodule Tideline
    \since 0.1
    \brief The events of a database that were given up.

    Works beside running servers, on a connection of its own: the lock on a SQLite file (filelock.h) keeps a second server away, not
    a second writer, and a server notices what is replayed when it looks the next time (TriggerOptions::pollInterval).
*/
class TIDELINE_SERVER_EXPORT DeadLetters
{
public:
    // Makes no database: fails with NotFound when there is none, StoreForeign when it is not a server's.
    [[nodiscard]] static Result<std::unique_ptr<DeadLetters>> open(const QString &location);
    ~DeadLetters();

    [[nodiscard]] Result<std::vector<DeadEvent>> list(qint64 afterSeq, int most);
    // How many of \a ids there were. A replayed event begins anew, but after those that are under way.
    [[nodiscard]] Result<int> replay(const QStringList &ids, qint64 now);
    [[nodiscard]] Result<int> discard(const QStringList &ids);

private:
    explicit DeadLetters(std::unique_ptr<Connection> connection);
    template<typename Work>
    [[nodiscard]] Result<int> transaction(const QStringList &ids, Work work);

    std::unique_ptr<Connection> m_connection;
};

} // namespace Tideline::Server
