// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"
#include "server/storage/layout.h"
#include "server/storage/valuenames.h"

#include <functional>
#include <vector>

namespace Tideline::Server {

/*
    Brings the values of a table, and what the journal and waiting events have of them, to the enums and embedded types of the
    schema. Names change by @renamedFrom, which counts as long as the type has nothing else of that name. Values that fit the types no
    more are found when a type changed (note()) and are lost: a value becomes null or loses members, a record without a key goes.

    A file is looked through for former names once for a schema. A shared database is at each start, as a node that still serves
    the older schema may have written them meanwhile.
*/
class ValueRenaming
{
public:
    ValueRenaming(Connection &connection, const TableLayout &table, const Schema &schema)
        : m_connection(connection), m_table(table), m_schema(schema), m_names(schema) { }

    struct Loss { QString text; int field = -1; };
    // Of the fields that \a isStored, which were described as in \a noted when the table was last opened.
    [[nodiscard]] Result<std::vector<Loss>> examine(const QString &noted, const std::function<bool(int)> &isStored);
    [[nodiscard]] Result<void> apply();
    [[nodiscard]] QString note() const;

private:
    struct Misfits { int field = -1; std::vector<qint64> rows; };

    [[nodiscard]] bool isKey(int field) const;
    [[nodiscard]] bool fits(const FieldType &type, const Value &value) const;
    [[nodiscard]] bool isColumnOfText(int field) const;             // an enum's name as it is
    [[nodiscard]] Result<void> findMisfits(int field, std::vector<Loss> &losses);
    [[nodiscard]] Result<void> findEqualKeys(std::vector<Loss> &losses);
    [[nodiscard]] QString keyNow() const;
    [[nodiscard]] QString hasFormers(int field) const;
    [[nodiscard]] QString imageHasFormers() const;
    [[nodiscard]] Result<bool> isNeeded();
    [[nodiscard]] Result<void> rename(int field);
    [[nodiscard]] Result<void> renameImages();
    [[nodiscard]] Result<void> renameEvents();
    [[nodiscard]] Result<void> removeEqualKeys();
    [[nodiscard]] Result<void> lose(const Misfits &misfits);
    [[nodiscard]] Result<void> write(int field, qint64 row, const Value &value);
    // The rows of \a from that \a where chooses, in the order of \a number, with the value of \a column.
    [[nodiscard]] Result<void> each(const QString &from, const QString &number, const QString &column, const QString &where,
                                    const std::function<Result<void>(qint64 row, const QVariant &value)> &take);

    Connection &m_connection;
    const TableLayout &m_table;
    const Schema &m_schema;
    const ValueNames m_names;
    std::vector<int> m_renamed;                             // fields that may have former names
    std::vector<Misfits> m_misfits;
    bool m_hasEqualKeys = false;
};

} // namespace Tideline::Server
