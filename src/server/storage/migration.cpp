// SPDX-License-Identifier: MIT
#include "server/storage/migration.h"

#include "server/storage/renaming.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr std::pair<Storage, QLatin1StringView> storageNames[] = {
    {Storage::Text, "text"_L1}, {Storage::Integer, "integer"_L1}, {Storage::Real, "real"_L1}, {Storage::Boolean, "boolean"_L1},
    {Storage::Json, "json"_L1}};

static QLatin1StringView nameOf(Storage storage)
{
    return std::ranges::find(storageNames, storage, [](const auto &entry) { return entry.first; })->second;
}

static QString fieldsText(const TableLayout &table)
{
    QStringList lines;
    for (size_t i = 0; i < table.columns().size(); ++i) {
        const TableLayout::Column &column = table.columns()[i];
        lines.append(column.name + u' ' + nameOf(column.storage) + (table.model()->fields[i].type.required ? u" !"_s : QString()));
    }
    return lines.join(u'\n');
}

// SQLite does not tell upper from lower case in names.
QString Migration::folded(const QString &name) const
{
    return m_layout.dialect().isShared() ? name : name.toLower();
}

Result<QMap<QString, QString>> Migration::notes()
{
    QSqlQuery query = m_connection.query();
    if (!query.exec(u"SELECT name, value FROM tl_meta"_s))
        return m_connection.errorOf(query, u"tl_meta"_s);
    QMap<QString, QString> notes;
    while (query.next())
        notes.insert(query.value(0).toString(), query.value(1).toString());
    return notes;
}

Result<void> Migration::note(const QString &name, const QString &value)
{
    QSqlQuery query = m_connection.query();
    query.prepare(u"INSERT INTO tl_meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s);
    query.addBindValue(name);
    query.addBindValue(value);
    return m_connection.exec(query);
}

Result<Migration::Known> Migration::known(const QString &table, const QMap<QString, QString> &notes)
{
    QSqlQuery query = m_connection.query();
    query.prepare(m_layout.dialect().columns());
    query.addBindValue(table);
    if (const Result<void> done = m_connection.exec(query); !done)
        return done.error();
    Known known;
    while (query.next()) {
        known.columns.insert(folded(query.value(0).toString()), query.value(1).toString());
        known.names.insert(folded(query.value(0).toString()), query.value(0).toString());
    }
    known.key = notes.value(u"key."_s + table);
    known.values = notes.value(u"values."_s + table);
    for (const QString &line : notes.value(u"fields."_s + table).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList words = line.split(u' ');
        const auto storage = std::ranges::find(storageNames, words.value(1), [](const auto &entry) { return QString(entry.second); });
        if (storage != std::end(storageNames))
            known.fields.insert(folded(words.value(0)), {storage->first, words.size() > 2});
    }
    return known;
}

// What a field's column holds: as noted or, in a file without notes, what its type tells; nothing when that fits nothing.
std::optional<Storage> Migration::storedAs(const TableLayout &table, int field, const Known &known) const
{
    const TableLayout::Column &column = table.columns()[size_t(field)];
    const QString type = known.columns.value(folded(column.name));
    const auto noted = known.fields.constFind(folded(column.name));
    const auto fits = [&](Storage storage) { return m_layout.dialect().catalogType(storage).compare(type, Qt::CaseInsensitive) == 0; };
    if (noted != known.fields.constEnd() && fits(noted->storage))
        return noted->storage;
    if (fits(column.storage))
        return column.storage;
    for (const auto &[storage, name] : storageNames) {
        if (fits(storage))
            return storage;
    }
    return {};
}

Result<void> Migration::examineKey(const TableLayout &table, Known &known)
{
    if (known.key.isEmpty() || known.key == table.keyText())
        return {};
    known.rewrite = true;
    QStringList columns = {u"1"_s}, present;
    for (int field : table.model()->primaryKey) {
        const bool isThere = known.columns.contains(folded(table.columns()[size_t(field)].name));
        present.append(isThere ? table.column(field) + u" IS NOT NULL"_s : u"1 = 0"_s);
        if (isThere)
            columns.append(table.column(field));
    }
    const Result<qint64> all = m_connection.number(u"SELECT COUNT(*) FROM %1"_s.arg(table.quotedTable()));
    const Result<qint64> kept = m_connection.number(
        u"SELECT COUNT(*) FROM (SELECT DISTINCT %1 FROM %2 WHERE %3) AS keys"_s
            .arg(columns.join(u", "), table.quotedTable(), present.join(u" AND ")));
    if (!all || !kept)
        return all ? kept.error() : all.error();
    m_losses.push_back({u"The key of %1 is (%2) in the database and (%3) in the schema: %4 of %5 records have no key of their own."_s
                            .arg(table.model()->name, known.key, table.keyText()).arg(*all - *kept).arg(*all),
                        table.model()->name, {}});
    return {};
}

static bool isConverted(Storage from, Storage to)
{
    return from == Storage::Integer && (to == Storage::Real || to == Storage::Text);
}

Result<void> Migration::examineField(const TableLayout &table, int field, Known &known)
{
    const TableLayout::Column &column = table.columns()[size_t(field)];
    const SchemaField &definition = table.model()->fields[size_t(field)];
    const QString &model = table.model()->name;
    const bool isPresent = known.columns.contains(folded(column.name));
    const std::optional<Storage> stored = isPresent ? storedAs(table, field, known) : std::nullopt;
    if (isPresent && stored != column.storage) {
        known.rewrite = true;
        const Result<qint64> count = m_connection.number(u"SELECT COUNT(%1) FROM %2"_s.arg(column.quoted, table.quotedTable()));
        if (!count)
            return count.error();
        m_losses.push_back({u"Field %1 of %2 is %3 in the database and %4 in the schema: %5 values are %6."_s
                                .arg(column.name, model, stored ? QString(nameOf(*stored)) : known.columns.value(folded(column.name)),
                                     nameOf(column.storage)).arg(*count)
                                .arg(stored && isConverted(*stored, column.storage) ? u"converted"_s : u"lost"_s),
                            model, definition.name});
        return {};
    }
    const auto noted = known.fields.constFind(folded(column.name));
    if (!definition.type.required || (noted != known.fields.constEnd() && noted->required))
        return {};
    const Result<qint64> lacking = m_connection.number(u"SELECT COUNT(*) FROM %1 WHERE \"$deleted\" = 0%2"_s.arg(
        table.quotedTable(), isPresent ? u" AND %1 IS NULL"_s.arg(column.quoted) : QString()));
    if (!lacking)
        return lacking.error();
    if (*lacking > 0)
        m_losses.push_back({u"Field %1 of %2 is required now: %3 records lack it and cannot be read until they have it."_s
                                .arg(column.name, model).arg(*lacking), model, definition.name});
    return {};
}

// Columns whose field is gone.
Result<void> Migration::examineLeftovers(const TableLayout &table, Known &known)
{
    QSet<QString> wanted;
    for (const TableLayout::Column &column : table.columns())
        wanted.insert(folded(column.name));
    QStringList gone;
    for (auto it = known.names.cbegin(); it != known.names.cend(); ++it) {
        if (!wanted.contains(it.key()) && !it.value().startsWith(u'$'))
            gone.append(it.value());
    }
    gone.sort();
    for (const QString &name : gone) {
        const Result<qint64> count = m_connection.number(u"SELECT COUNT(%1) FROM %2"_s.arg(quotedIdentifier(name), table.quotedTable()));
        if (!count)
            return count.error();
        if (*count == 0)
            continue;
        known.rewrite = true;
        m_losses.push_back({u"Field %1 of %2 is gone from the schema: %3 values are lost."_s.arg(name, table.model()->name).arg(*count),
                            table.model()->name, name});
    }
    return {};
}

Result<void> Migration::examineValues(const TableLayout &table, const Known &known)
{
    const auto isStored = [&](int field) {
        const TableLayout::Column &column = table.columns()[size_t(field)];
        return known.columns.contains(folded(column.name)) && storedAs(table, field, known) == column.storage;
    };
    ValueRenaming &values = m_values.emplace_back(m_connection, table, m_layout.schema());
    const Result<std::vector<ValueRenaming::Loss>> losses = values.examine(known.values, isStored);
    if (!losses)
        return losses.error();
    for (const ValueRenaming::Loss &loss : *losses)
        m_losses.push_back({loss.text, table.model()->name, loss.field < 0 ? QString() : table.model()->fields[size_t(loss.field)].name});
    return {};
}

Result<void> Migration::examine(const TableLayout &table, Known &known)
{
    if (known.columns.isEmpty())
        return {};
    Result<void> done = examineKey(table, known);
    for (int field = 0; field < int(table.columns().size()) && done; ++field)
        done = examineField(table, field, known);
    if (done)
        done = examineValues(table, known);
    if (done)
        done = examineLeftovers(table, known);
    return done;
}

Result<void> Migration::examineModels(const QMap<QString, QString> &notes)
{
    QSet<QString> wanted;
    for (const TableLayout &table : m_layout.tables())
        wanted.insert(table.table());
    for (auto it = notes.cbegin(); it != notes.cend(); ++it) {
        const QString table = it.key().mid(4);
        if (!it.key().startsWith(u"key."_s) || wanted.contains(table))
            continue;
        const Result<Known> present = known(table, notes);
        if (!present)
            return present.error();
        if (present->columns.isEmpty())
            continue;
        const Result<qint64> count = m_connection.number(u"SELECT COUNT(*) FROM %1"_s.arg(quotedIdentifier(table)));
        if (!count)
            return count.error();
        if (*count == 0)
            continue;
        m_goneTables.append(table);
        m_losses.push_back({u"The model type %1 is gone from the schema: %2 records are lost."_s.arg(table).arg(*count), table, {}});
    }
    return {};
}

Result<void> Migration::decide() const
{
    QStringList lines;
    for (const Loss &loss : m_losses)
        lines.append(loss.text);
    if (lines.isEmpty())
        return {};
    if (!m_options.allowDestructive) {
        const Error error(Error::Code::InvalidSchema, u"The schema has no place for what is in the database, and nothing was changed. "
                                                      "It has to be allowed (--allow-destructive-migration):\n"_s + lines.join(u'\n'));
        return error.withDetail(lines.join(u'\n')).withModel(m_losses.front().model).withField(m_losses.front().field);
    }
    if (m_options.announce)
        m_options.announce(lines);
    return {};
}

/*
    The new table has the columns of the schema; what fits none of them stays behind. The records that changed last are
    written first, and of a key the first one stays.
*/
Result<void> Migration::rewrite(const TableLayout &table, const Known &known)
{
    const QString fresh = quotedIdentifier(u"$new"_s);
    QStringList columns = {u"\"$seq\""_s, u"\"$version\""_s, u"\"$changedAt\""_s, u"\"$deleted\""_s, u"\"$ttl\""_s};
    QStringList values = columns;
    QStringList present = {u"1 = 1"_s};
    for (int field = 0; field < int(table.columns().size()); ++field) {
        const TableLayout::Column &column = table.columns()[size_t(field)];
        if (!known.columns.contains(folded(column.name)))
            continue;
        const std::optional<Storage> stored = storedAs(table, field, known);
        if (stored != column.storage && !(stored && isConverted(*stored, column.storage)))
            continue;
        columns.append(column.quoted);
        values.append(stored == column.storage ? column.quoted
                                               : u"CAST(%1 AS %2)"_s.arg(column.quoted, m_layout.dialect().catalogType(column.storage)));
    }
    for (int field : table.model()->primaryKey)
        present.append(columns.contains(table.column(field)) ? table.column(field) + u" IS NOT NULL"_s : u"1 = 0"_s);
    const QStringList statements = {
        table.createTable(fresh),
        u"INSERT INTO %1 (%2) SELECT %3 FROM %4 WHERE %5 ORDER BY \"$seq\" DESC ON CONFLICT DO NOTHING"_s
            .arg(fresh, columns.join(u", "), values.join(u", "), table.quotedTable(), present.join(u" AND ")),
        u"DROP TABLE %1"_s.arg(table.quotedTable()),
        u"ALTER TABLE %1 RENAME TO %2"_s.arg(fresh, table.quotedTable()),
    };
    for (const QString &statement : statements) {
        if (const Result<void> done = m_connection.run(statement); !done)
            return done;
    }
    return {};
}

// Another one may have the name: of other fields, or written otherwise by an older Tideline.
Result<void> Migration::makeIndex(const TableLayout::NamedIndex &index, const QString &madeOf)
{
    Result<void> done = madeOf == index.columns ? Result<void>() : m_connection.run(u"DROP INDEX IF EXISTS "_s + quotedIdentifier(index.name));
    if (done)
        done = m_connection.run(index.create);
    return done ? note(u"index."_s + index.name, index.columns) : done;
}

Result<void> Migration::apply(const TableLayout &table, const Known &known, const QMap<QString, QString> &notes)
{
    Result<void> done = known.columns.isEmpty() ? m_connection.run(table.createTable(table.quotedTable()))
        : known.rewrite                         ? rewrite(table, known)
                                                : Result<void>();
    for (int field = 0; field < int(table.columns().size()) && done && !known.columns.isEmpty() && !known.rewrite; ++field) {
        if (!known.columns.contains(folded(table.columns()[size_t(field)].name)))
            done = m_connection.run(table.addColumn(field));
    }
    if (done)
        done = note(u"key."_s + table.table(), table.keyText());
    if (done)
        done = note(u"fields."_s + table.table(), fieldsText(table));
    if (done)
        done = note(u"values."_s + table.table(), ValueRenaming(m_connection, table, m_layout.schema()).note());
    const bool isInUse = !known.columns.isEmpty() && !known.rewrite;
    if (isInUse && m_layout.dialect().isShared())
        return done;                                            // createIndexes() does it
    for (const TableLayout::NamedIndex &index : table.indexes()) {
        if (done)
            done = makeIndex(index, notes.value(u"index."_s + index.name));
    }
    return done;
}

Result<void> Migration::run()
{
    if (const Result<void> renamed = Renaming(m_connection, m_layout).run(); !renamed)
        return renamed;
    const Result<QMap<QString, QString>> noted = notes();
    if (!noted)
        return noted.error();
    std::vector<Known> tables;
    for (const TableLayout &table : m_layout.tables()) {
        Result<Known> present = known(table.table(), *noted);
        if (!present)
            return present.error();
        if (const Result<void> done = examine(table, *present); !done)
            return done;
        tables.push_back(std::move(present).value());
    }
    Result<void> done = examineModels(*noted);
    if (done)
        done = decide();
    for (const QString &table : m_goneTables) {
        if (done)
            done = m_connection.run(u"DROP TABLE %1"_s.arg(quotedIdentifier(table)));
    }
    for (ValueRenaming &values : m_values) {
        if (done)
            done = values.apply();
    }
    for (size_t i = 0; i < tables.size() && done; ++i)
        done = apply(m_layout.tables()[i], tables[i], *noted);
    return done;
}

Result<QHash<QString, bool>> Migration::presentIndexes() const
{
    QSqlQuery query = m_connection.query();
    if (!query.exec(m_layout.dialect().indexes()))
        return m_connection.errorOf(query, u"indexes"_s);
    QHash<QString, bool> present;
    while (query.next())
        present.insert(query.value(0).toString(), query.value(1).toInt() != 0);
    return present;
}

// Those that are not there, or only in part as their making was interrupted, or made of something else.
Result<std::vector<TableLayout::NamedIndex>> Migration::missingIndexes()
{
    const Result<QHash<QString, bool>> present = presentIndexes();
    const Result<QMap<QString, QString>> noted = notes();
    if (!present || !noted)
        return present ? noted.error() : present.error();
    std::vector<TableLayout::NamedIndex> missing;
    for (const TableLayout &table : m_layout.tables()) {
        for (TableLayout::NamedIndex &index : table.indexes()) {
            if (!present->value(index.name, false) || noted->value(u"index."_s + index.name) != index.columns)
                missing.push_back(std::move(index));
        }
    }
    return missing;
}

/*
    One node at a time, or a node would take the index that another one is just making for one that failed; a node that starts
    meanwhile does without. The turn is the lock of a row that serves nothing else, in a connection of its own, which holds no
    snapshot: the making of an index waits for the end of all snapshots.
*/
Result<void> Migration::createIndexes(const Location &location)
{
    if (!m_layout.dialect().isShared())
        return {};
    const Result<std::vector<TableLayout::NamedIndex>> missing = missingIndexes();
    if (!missing || missing->empty())
        return missing ? Result<void>() : missing.error();
    const Result<std::unique_ptr<Connection>> turn = Connection::open(location, Connection::Mode::Write);
    if (!turn)
        return turn.error();
    for (const QString &setting : {u"SET statement_timeout = 0"_s, u"SET idle_in_transaction_session_timeout = 0"_s}) {
        if (const Result<void> set = (setting.contains(u"idle") ? **turn : m_connection).run(setting); !set)
            return set;
    }
    if (const Result<void> made = m_connection.run(u"INSERT INTO tl_meta (name, value) VALUES ('indexes', '') ON CONFLICT DO NOTHING"_s); !made)
        return made;
    if (const Result<void> begun = (*turn)->begin(); !begun)
        return begun;
    const Result<qint64> free = (*turn)->number(u"SELECT 1 FROM tl_meta WHERE name = 'indexes' FOR UPDATE SKIP LOCKED"_s);
    if (!free)
        return free.error();
    if (*free == 0)
        return {};
    const Result<void> made = makeIndexesOnline();
    return made ? (*turn)->commit() : made;
}

Result<void> Migration::makeIndexesOnline()
{
    const Result<std::vector<TableLayout::NamedIndex>> missing = missingIndexes();
    const Result<QHash<QString, bool>> present = presentIndexes();
    if (!missing || !present)
        return missing ? present.error() : missing.error();
    Result<void> done;
    for (const TableLayout::NamedIndex &index : *missing) {
        if (done && present->contains(index.name))
            done = m_connection.run(u"DROP INDEX CONCURRENTLY %1"_s.arg(quotedIdentifier(index.name)));
        if (done)
            done = m_connection.run(index.createOnline);
        if (done)
            done = note(u"index."_s + index.name, index.columns);
    }
    return done;
}

} // namespace Tideline::Server
