// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "client/store/unmapped.h"

namespace Tideline {

// The table tl_unmapped: what changes of the schema left no place for.
namespace UnmappedTable {

struct Entry                    // as stored; see FORMAT.md
{
    qint64 id = 0;
    UnmappedData::Kind kind = UnmappedData::Kind::Row;
    UnmappedData::Reason reason = UnmappedData::Reason::Gone;
    QString model;
    QString key;
    QString field;
    QJsonObject json;           // hidden columns of a row have names with a dollar sign
    qint64 at = 0;
};

[[nodiscard]] Result<void> add(Connection &connection, const Entry &entry);
[[nodiscard]] Result<void> update(Connection &connection, const Entry &entry);
[[nodiscard]] Result<void> remove(Connection &connection, qint64 id);
[[nodiscard]] Result<QList<Entry>> after(Connection &connection, qint64 id, int limit);
[[nodiscard]] Result<QList<Entry>> before(Connection &connection, qint64 id, int limit);       // the newest first
[[nodiscard]] Result<QList<Entry>> toDecide(Connection &connection, qint64 id, int limit);     // below 0: all; without what is only kept
[[nodiscard]] Result<QList<Entry>> of(Connection &connection, const QString &model, const QString &key);    // the newest first

} // namespace UnmappedTable

} // namespace Tideline
