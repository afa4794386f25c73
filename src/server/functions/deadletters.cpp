// SPDX-License-Identifier: MIT
#include "server/functions/deadletters.h"

#include "server/storage/commitorder.h"

#include <QtCore/QFileInfo>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

DeadLetters::DeadLetters(std::unique_ptr<Connection> connection) : m_connection(std::move(connection))
{
}

DeadLetters::~DeadLetters() = default;

Result<std::unique_ptr<DeadLetters>> DeadLetters::open(const QString &text)
{
    const Result<Location> location = Location::parse(text);
    if (!location)
        return location.error();
    if (!location->dialect().isShared() && !QFileInfo::exists(location->database))
        return Error(Error::Code::NotFound, u"There is no database %1."_s.arg(location->display()));
    Result<std::unique_ptr<Connection>> connection = Connection::open(*location, Connection::Mode::Write);
    if (!connection)
        return connection.error();
    const Result<bool> present = (*connection)->hasTable(u"tl_event"_s);
    if (!present)
        return present.error();
    if (!*present)
        return Error(Error::Code::StoreForeign, u"The database %1 has no events: no server of this version has opened it."_s.arg(location->display()));
    return std::unique_ptr<DeadLetters>(new DeadLetters(std::move(connection).value()));
}

Result<std::vector<DeadEvent>> DeadLetters::list(qint64 afterSeq, int most)
{
    return EventQueue(*m_connection).dead(afterSeq, most);
}

template<typename Work>
Result<int> DeadLetters::transaction(const QStringList &ids, Work work)
{
    if (const Result<void> begun = m_connection->begin(); !begun)
        return begun.error();
    Result<void> done;
    int count = 0;
    if (m_connection->dialect().isShared()) {
        const Result<CommitOrder::Stamp> stamp = SharedOrder([] { return qint64(0); }).open(*m_connection);
        done = stamp ? Result<void>() : Result<void>(stamp.error());
    }
    EventQueue queue(*m_connection);
    for (const QString &id : ids) {
        if (!done)
            break;
        const Result<bool> found = work(queue, id);
        count += found.valueOr(false) ? 1 : 0;
        done = found ? done : found.error();
    }
    if (done)
        done = m_connection->commit();
    if (!done) {
        m_connection->rollback();
        return done.error();
    }
    return count;
}

Result<int> DeadLetters::replay(const QStringList &ids, qint64 now)
{
    return transaction(ids, [now](EventQueue &queue, const QString &id) { return queue.revive(id, now); });
}

Result<int> DeadLetters::discard(const QStringList &ids)
{
    return transaction(ids, [](EventQueue &queue, const QString &id) { return queue.discard(id); });
}

} // namespace Tideline::Server
