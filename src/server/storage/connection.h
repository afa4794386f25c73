// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QHash>
#include <QtSql/QSqlQuery>

namespace Tideline::Server {

// A database connection of one thread with its prepared statements. Made, used and destroyed on that thread.
class Connection
{
public:
    enum class Mode { Write, Read };

    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const QString &path, Mode mode);
    ~Connection();

    [[nodiscard]] Result<void> run(const QString &sql);             // a statement without results, not kept
    [[nodiscard]] Result<QSqlQuery *> prepared(const QString &sql); // kept; finish() it after reading
    [[nodiscard]] Result<void> exec(QSqlQuery &query) const;
    [[nodiscard]] Result<qint64> number(const QString &sql);        // first column of the first row; 0 when null or none
    [[nodiscard]] QSqlQuery query() const;                          // not kept

    static Error errorOf(const QSqlQuery &query, const QString &what);

private:
    Connection() = default;

    QString m_name;
    std::unordered_map<QString, QSqlQuery> m_prepared;
};

} // namespace Tideline::Server
