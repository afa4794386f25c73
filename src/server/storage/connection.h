// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"
#include "server/storage/location.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QHash>
#include <QtSql/QSqlQuery>

#include <chrono>
#include <memory>
#include <unordered_map>

namespace Tideline::Server {

/*
    A database connection of one thread with its prepared statements. Made, used and destroyed on that thread.

    A line to a database server may break. What was under way fails then with StoreUnavailable; begin() makes the line anew,
    at most once per a pause that grows with each failure, and refuses with StoreUnavailable in between.
*/
class TIDELINE_SERVER_EXPORT Connection
{
public:
    using Mode = Dialect::Mode;

    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const Location &location, Mode mode);
    ~Connection();

    [[nodiscard]] const Dialect &dialect() const noexcept { return m_location.dialect(); }
    [[nodiscard]] Result<void> begin();                             // a transaction of the connection's mode, or one more user of it
    [[nodiscard]] Result<void> commit();
    void rollback();
    [[nodiscard]] bool isLost() const;
    [[nodiscard]] Result<void> restore();                           // the line, when it is lost
    // What \a work gives, or gives on a new line when it finds the old one broken: work that may be done twice.
    template<typename Work>
    [[nodiscard]] auto repeatable(Work work) -> decltype(work());

    [[nodiscard]] Result<void> run(const QString &sql);             // a statement without results, not kept
    [[nodiscard]] Result<QSqlQuery *> prepared(const QString &sql); // kept until the line breaks; finish() it after reading
    [[nodiscard]] Result<void> exec(QSqlQuery &query) const;
    [[nodiscard]] Result<bool> hasTable(const QString &name) const;
    [[nodiscard]] Result<qint64> number(const QString &sql);        // first column of the first row; 0 when null or none
    [[nodiscard]] QSqlQuery query() const;                          // not kept
    [[nodiscard]] Error errorOf(const QSqlQuery &query, const QString &what) const;

private:
    Connection(const Location &location, Mode mode);
    [[nodiscard]] Result<void> connect();
    void disconnect();
    [[nodiscard]] Result<void> control(const QString &sql);         // BEGIN and the like

    const Location m_location;
    const Mode m_mode;
    QString m_name;
    std::unordered_map<QString, QSqlQuery> m_prepared;
    int m_depth = 0;                                                // begin()s without their commit()
    QDeadlineTimer m_nextTry{0};
    std::chrono::milliseconds m_pause{0};
};

template<typename Work>
auto Connection::repeatable(Work work) -> decltype(work())
{
    if (const Result<void> restored = restore(); !restored)
        return restored.error();
    auto done = work();
    if (done || !isLost())
        return done;
    const Result<void> restored = restore();
    return restored ? work() : restored.error();
}

} // namespace Tideline::Server
