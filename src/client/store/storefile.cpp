// SPDX-License-Identifier: MIT
#include "client/store/storefile_p.h"

#include "client/store/evolution_p.h"
#include "client/store/fileguard_p.h"
#include "client/store/flighttable_p.h"
#include "client/store/store.h"
#include "client/store/storetext_p.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>

namespace Tideline::StoreFile {

using namespace Qt::Literals::StringLiterals;

static const QString SchemaSetting = u"$schema"_s;              // the schema's source
static const QString FingerprintSetting = u"$fingerprint"_s;
static const QString PrincipalSetting = u"$principal"_s;

static Result<void> runAll(Connection &connection, const QStringList &statements)
{
    for (const QString &sql : statements) {
        if (const Result<void> done = connection.run(sql); !done)
            return done;
    }
    return {};
}

static Result<void> setSetting(Connection &connection, const QString &name, const QString &value)
{
    Statement statement = connection.prepare(u"INSERT OR REPLACE INTO tl_setting (name, value) VALUES (?, ?)"_s);
    return statement.bind(name).bind(value).exec() ? Result<void>() : Result<void>(statement.error());
}

static Result<QString> setting(Connection &connection, const QString &name)
{
    Statement statement = connection.prepare(u"SELECT value FROM tl_setting WHERE name = ?"_s);
    if (!statement.bind(name).exec())
        return statement.error();
    const QString value = statement.next() ? statement.text(0) : QString();
    return statement.error().isError() ? Result<QString>(statement.error()) : Result<QString>(value);
}

static Result<qint64> number(Connection &connection, const QString &sql)
{
    const Result<QVariant> value = connection.single(sql);
    return value ? Result<qint64>(value->toLongLong()) : Result<qint64>(value.error());
}

// The header again, as SQLite sees it: what FileGuard read may be older than the write-ahead log.
static Result<void> identify(Connection &connection, const QString &path)
{
    const Result<qint64> application = number(connection, u"PRAGMA application_id"_s);
    if (!application)
        return application.error();
    const Result<qint64> version = number(connection, u"PRAGMA user_version"_s);
    if (!version)
        return version.error();
    const Result<qint64> objects = number(connection, u"SELECT count(*) FROM sqlite_master"_s);
    if (!objects)
        return objects.error();
    if (*application == qint64(FileGuard::ApplicationId)) {
        if (*version > FileGuard::FormatVersion)
            return FileGuard::tooNew(path, *version);
        const bool possible = *version == FileGuard::FormatVersion || (*version == 0 && *objects == 0);     // 0: not made to the end
        return possible ? Result<void>() : Result<void>(FileGuard::damaged(u"user_version = %1"_s.arg(*version)));
    }
    if (*application != 0 || *version != 0 || *objects != 0)
        return FileGuard::foreign(path);
    return runAll(connection, {u"PRAGMA auto_vacuum = NONE"_s, u"PRAGMA encoding = 'UTF-8'"_s,
                               u"PRAGMA application_id = %1"_s.arg(FileGuard::ApplicationId)});
}

static Result<void> useLog(Connection &connection, const StoreOptions &options)
{
    const Result<QVariant> mode = connection.single(u"PRAGMA journal_mode = WAL"_s);
    if (!mode)
        return mode.error();
    const bool expected = mode->toString() == (FileGuard::isInMemory(options.path) ? "memory"_L1 : "wal"_L1);
    if (!expected)
        return Error(Error::Code::StoreUnavailable, StoreText::tr("The file system at %1 cannot share memory between the parts of a store, as "
                                                                  "network file systems often cannot. Choose a local path.").arg(options.path))
            .withDetail(u"journal_mode = %1"_s.arg(mode->toString()));
    if (options.maximumSize <= 0)
        return {};
    const Result<qint64> pageSize = number(connection, u"PRAGMA page_size"_s);
    if (!pageSize)
        return pageSize.error();
    return connection.run(u"PRAGMA max_page_count = %1"_s.arg(std::max<qint64>(1, options.maximumSize / *pageSize)));
}

static QStringList creation(const Layout &layout)
{
    QStringList statements = Layout::systemStatements();
    for (const auto &model : layout.schema().models()) {
        const Table &table = layout.table(*model);
        statements.append(layout.createTable(table));
        for (const auto &[name, sql] : layout.indexes(table))
            statements.append(sql);
    }
    statements.append(u"PRAGMA user_version = %1"_s.arg(FileGuard::FormatVersion));
    return statements;
}

static Result<QStringList> indexChanges(Connection &connection)
{
    QSet<QString> present;
    Statement statement = connection.prepare(u"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'tl!_%' ESCAPE '!'"_s);
    if (!statement.exec())
        return statement.error();
    while (statement.next())
        present.insert(statement.text(0));
    if (statement.error().isError())
        return statement.error();
    QStringList made;
    for (const auto &model : connection.layout().schema().models()) {
        for (const auto &[name, sql] : connection.layout().indexes(connection.layout().table(*model))) {
            if (!present.remove(name))
                made.append(sql);
        }
    }
    QStringList statements;
    for (const QString &name : std::as_const(present))
        statements.append(u"DROP INDEX "_s + Layout::quoted(name));
    return statements + made;
}

static Result<void> changeSchema(Connection &connection, const StoreOptions &options, qint64 now)
{
    const Result<QString> source = setting(connection, SchemaSetting);
    if (!source)
        return source.error();
    const Result<Schema> older = Schema::parse(*source);
    if (!older)
        return Error(Error::Code::InvalidSchema, StoreText::tr("The schema that the local store was made with cannot be read any more."))
            .withDetail(older.error().message());
    if (const Result<void> evolved = evolve(connection, *older, options.migrate, now); !evolved)
        return evolved;
    const Result<QStringList> indexes = indexChanges(connection);
    return indexes ? runAll(connection, *indexes) : Result<void>(indexes.error());
}

// A file without a principal takes the first one that opens it: what was done before the sign-in is his.
static Result<void> bind(Connection &connection, const StoreOptions &options)
{
    const Result<QString> stored = setting(connection, PrincipalSetting);
    if (!stored || *stored == options.principal)
        return stored.error();
    if (!stored->isEmpty())
        return FileGuard::ofSomebodyElse(options.path);
    return setSetting(connection, PrincipalSetting, options.principal);
}

// Inside a transaction.
static Result<void> bringUpToDate(Connection &connection, const StoreOptions &options, qint64 now)
{
    const Schema &schema = connection.layout().schema();
    const Result<qint64> version = number(connection, u"PRAGMA user_version"_s);
    if (!version)
        return version.error();
    const QString fingerprint = QString::fromLatin1(schema.fingerprint());
    if (*version == 0) {
        if (const Result<void> made = runAll(connection, creation(connection.layout())); !made)
            return made;
    } else {
        if (const Result<void> made = runAll(connection, Layout::laterSystemStatements()); !made)
            return made;
        const Result<QString> stored = setting(connection, FingerprintSetting);
        if (!stored)
            return stored.error();
        if (*stored == fingerprint)
            return connection.run(u"DELETE FROM tl_setting WHERE name IS NULL"_s);     // BEGIN IMMEDIATE takes a read-only file
        if (const Result<void> changed = changeSchema(connection, options, now); !changed)
            return changed;
    }
    if (const Result<void> stored = setSetting(connection, SchemaSetting, schema.source()); !stored)
        return stored;
    return setSetting(connection, FingerprintSetting, fingerprint);
}

static Result<void> prepareTables(Connection &connection, const StoreOptions &options, qint64 now)
{
    if (const Result<void> begun = connection.run(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    Result<void> done = bringUpToDate(connection, options, now);
    if (done)
        done = bind(connection, options);
    if (done)
        done = connection.run(u"COMMIT"_s);
    if (!done)
        Q_UNUSED(connection.run(u"ROLLBACK"_s).ok())        // SQLite may have done so; what failed first is the error
    return done;
}

Result<void> open(Connection &connection, const StoreOptions &options, qint64 now)
{
    if (options.makesFolder)
        QDir().mkpath(QFileInfo(options.path).absolutePath());      // the check tells when it failed
    if (const Result<void> checked = FileGuard::check(options.path); !checked)
        return checked;
    Result<void> done = connection.open(options, Connection::Mode::Writer);
    if (done)
        done = identify(connection, options.path);
    if (done)
        done = useLog(connection, options);
    if (done)
        done = prepareTables(connection, options, now);
    if (!done)
        connection.close();
    return done;
}

Result<void> erase(const QString &path)
{
    for (const QLatin1StringView suffix : {"-wal"_L1, "-shm"_L1, "-journal"_L1, ""_L1}) {
        QFile file(path + suffix);
        if (file.exists() && !file.remove())
            return Error(Error::Code::StoreUnavailable, StoreText::tr("%1 cannot be removed: %2").arg(QDir::toNativeSeparators(file.fileName()), file.errorString()));
    }
    return {};
}

} // namespace Tideline::StoreFile
