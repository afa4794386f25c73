// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "server/global.h"

#include <QtCore/QStringList>
#include <QtCore/QVariant>

QT_FORWARD_DECLARE_CLASS(QSqlError)

namespace Tideline::Server {

// What a column holds; how, the dialect says.
enum class Storage { Text, Integer, Real, Boolean, Json };

/*
    What differs between the databases that a server can stand on. Everything else is written once, in
    SQL that both take: text compares and sorts by its bytes, Booleans are the integers 0 and 1, integers have 64 bits,
    lists and objects are JSON in text that the database never looks into.
*/
class TIDELINE_SERVER_EXPORT Dialect
{
public:
    enum class Mode { Write, Read };

    virtual ~Dialect();

    [[nodiscard]] virtual QString driver() const = 0;                   // of QtSql
    [[nodiscard]] virtual QString package() const = 0;                  // Debian's that has it
    [[nodiscard]] virtual QString connectOptions() const = 0;
    [[nodiscard]] virtual QStringList session(Mode mode, bool durable) const = 0;  // statements a connection begins with
    [[nodiscard]] virtual QString planning(Mode mode) const = 0;        // another one, which a relative of the database may lack
    [[nodiscard]] virtual bool forwardOnly() const = 0;                 // whether queries are cheaper that way
    [[nodiscard]] virtual bool preparesTransactions() const = 0;        // whether BEGIN and COMMIT can be prepared

    // Many processes write to one database: the order of commits is kept in it, and others' changes are followed.
    [[nodiscard]] virtual bool isShared() const = 0;
    [[nodiscard]] virtual QString beginWrite() const = 0;
    [[nodiscard]] virtual QString beginRead() const = 0;                // all reads see the state of the first
    [[nodiscard]] virtual QString forUpdate() const = 0;                // ends a SELECT whose rows are to be locked
    [[nodiscard]] virtual size_t rowsPerStatement() const = 0;          // how many rows are best written at once

    [[nodiscard]] virtual QString type(Storage storage) const = 0;      // of a new column
    [[nodiscard]] virtual QString catalogType(Storage storage) const = 0;   // as columns() names it
    [[nodiscard]] virtual QString numberKey() const = 0;                // type of a 64-bit primary key
    [[nodiscard]] virtual QString mark(Storage storage) const = 0;      // a placeholder where no column tells the type
    [[nodiscard]] virtual QString byBytes(const QString &text) const = 0;   // an expression that compares so
    // An expression for \a number as JavaScript writes it, of 15 digits at most: what both databases agree on.
    [[nodiscard]] virtual QString realText(const QString &number) const = 0;
    [[nodiscard]] virtual qsizetype identifierBytes() const = 0;        // how much of a name counts
    [[nodiscard]] virtual QVariant toText(const QString &text) const = 0;
    [[nodiscard]] virtual QString fromText(const QString &text) const = 0;

    [[nodiscard]] virtual QString columns() const = 0;                  // query: name and type of the columns of table ?
    [[nodiscard]] virtual QString indexes() const = 0;                  // query: name of each index and whether it is whole
    [[nodiscard]] virtual QString createIndexOnline() const = 0;        // the words before its name, for a table in use
    [[nodiscard]] virtual Error::Code codeOf(const QSqlError &error) const = 0;
};

[[nodiscard]] const Dialect &sqliteDialect();
[[nodiscard]] const Dialect &postgresDialect();

} // namespace Tideline::Server
