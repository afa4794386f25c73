// SPDX-License-Identifier: MIT
#include "server/storage/commitorder.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qint64 oldMs = 1000;       // how far the time of the last commit may be behind when a sync starts

CommitOrder::~CommitOrder() = default;

void OwnOrder::close(const Stamp &committed)
{
    m_seq = committed.seq;
    m_clock.end();
}

qint64 SharedOrder::now() const
{
    const std::lock_guard lock(m_mutex);
    return m_clock();
}

Result<CommitOrder::Stamp> SharedOrder::open(Connection &connection)
{
    const Result<QSqlQuery *> query = connection.prepared(u"SELECT seq, changed_at FROM tl_clock WHERE id = 1"_s
                                                          + connection.dialect().forUpdate());
    if (!query)
        return query.error();
    if (const Result<void> done = connection.exec(**query); !done)
        return done.error();
    if (!(*query)->next())
        return Error(Error::Code::StoreDamaged, u"The database has lost its clock (tl_clock is empty)."_s);
    const Stamp last{(*query)->value(1).toLongLong(), (*query)->value(0).toLongLong()};
    (*query)->finish();
    return Stamp{std::max(last.time, now()), last.seq};
}

Result<void> SharedOrder::advance(Connection &connection, const Stamp &stamp)
{
    const Result<QSqlQuery *> query = connection.prepared(u"UPDATE tl_clock SET seq = ?, changed_at = ? WHERE id = 1"_s);
    if (!query)
        return query.error();
    (*query)->bindValue(0, stamp.seq);
    (*query)->bindValue(1, stamp.time);
    return connection.exec(**query);
}

Result<void> SharedOrder::refresh(Connection &connection) const
{
    const QString sql = u"UPDATE tl_clock SET changed_at = ? WHERE id IN "
                        "(SELECT id FROM tl_clock WHERE changed_at <= ? FOR UPDATE SKIP LOCKED)"_s;
    const qint64 time = now();
    const Result<void> done = connection.repeatable([&]() -> Result<void> {
        const Result<QSqlQuery *> query = connection.prepared(sql);
        if (!query)
            return query.error();
        (*query)->bindValue(0, time);
        (*query)->bindValue(1, time - oldMs);
        return connection.exec(**query);
    });
    return done.error().code() == Error::Code::StoreLocked ? Result<void>() : done;     // somebody else moves it
}

Result<qint64> SharedOrder::startedAt(Connection &connection, qint64) const
{
    const Result<QSqlQuery *> query = connection.prepared(u"SELECT changed_at FROM tl_clock WHERE id = 1"_s);
    if (!query)
        return query.error();
    if (const Result<void> done = connection.exec(**query); !done)
        return done.error();
    const qint64 time = (*query)->next() ? (*query)->value(0).toLongLong() : 0;
    (*query)->finish();
    return time;
}

} // namespace Tideline::Server
