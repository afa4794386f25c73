// SPDX-License-Identifier: MIT
#include "server/storage/renaming.h"

#include "server/storage/eventqueue.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Result<void> Renaming::run(const QString &statement, const QStringList &values)
{
    QSqlQuery query = m_connection.query();
    query.prepare(statement);
    for (const QString &value : values)
        query.addBindValue(value);
    return m_connection.exec(query);
}

Result<QStringList> Renaming::firstColumn(const QString &statement, const QStringList &values)
{
    QSqlQuery query = m_connection.query();
    query.prepare(statement);
    for (const QString &value : values)
        query.addBindValue(value);
    if (const Result<void> done = m_connection.exec(query); !done)
        return done.error();
    QStringList found;
    while (query.next())
        found.append(query.value(0).toString());
    return found;
}

Result<void> Renaming::run()
{
    for (const TableLayout &table : m_layout.tables()) {
        if (const Result<void> done = renameTable(table); !done)
            return done;
    }
    for (const TableLayout &table : m_layout.tables()) {
        if (const Result<void> done = renameColumns(table); !done)
            return done;
    }
    return {};
}

// Tables are known by their notes: SQLite would take another case for the same name.
Result<void> Renaming::renameTable(const TableLayout &table)
{
    const ModelType &model = *table.model();
    if (model.renamedFrom.isEmpty())
        return {};
    const Result<QStringList> notes = firstColumn(u"SELECT name FROM tl_meta WHERE name LIKE 'key.%'"_s);
    if (!notes)
        return notes.error();
    if (notes->contains(u"key."_s + table.table()))
        return {};
    for (const QString &former : model.renamedFrom) {
        const QString from = tableName(former, m_layout.dialect());
        if (m_layout.find(former) || !notes->contains(u"key."_s + from))
            continue;
        Result<void> done = moveTable(from, table.table());
        if (done)
            done = run(u"UPDATE tl_journal SET model = ? WHERE model = ?"_s, {model.name, former});
        if (done)
            done = EventQueue(m_connection).rename(former, model.name, [](const QString &key) { return key; });
        return done;
    }
    return {};
}

Result<void> Renaming::moveTable(const QString &from, const QString &to)
{
    Result<void> done = dropIndexes(from);
    const QString between = u"$renamed"_s;                      // SQLite finds the new name taken when only its case is new
    for (const auto &[before, after] : {std::pair(from, between), std::pair(between, to)}) {
        if (done)
            done = m_connection.run(u"ALTER TABLE %1 RENAME TO %2"_s.arg(quotedIdentifier(before), quotedIdentifier(after)));
    }
    for (const QString &note : {u"key."_s, u"fields."_s, u"values."_s}) {
        if (done)
            done = run(u"UPDATE tl_meta SET name = ? WHERE name = ?"_s, {note + to, note + from});
    }
    return done;
}

// They carry the table's name, which another may have next; the new table gets its own.
Result<void> Renaming::dropIndexes(const QString &table)
{
    const Result<QStringList> names = firstColumn(m_layout.dialect().indexes());
    if (!names)
        return names.error();
    for (const QString &name : *names) {
        if (!name.startsWith(table + u'.'))
            continue;
        if (const Result<void> done = m_connection.run(u"DROP INDEX %1"_s.arg(quotedIdentifier(name))); !done)
            return done;
    }
    return {};
}

Result<Renaming::Names> Renaming::renamedFields(const TableLayout &table)
{
    const Result<QStringList> columns = firstColumn(m_layout.dialect().columns(), {table.table()});
    if (!columns)
        return columns.error();
    const auto isThere = [&](const QString &name) { return columns->contains(name); };
    const auto isWanted = [&](const QString &name) { return std::ranges::any_of(table.columns(), [&](const auto &column) { return column.name == name; }); };
    Names names;
    for (size_t i = 0; i < table.columns().size() && !columns->isEmpty(); ++i) {
        if (isThere(table.columns()[i].name))
            continue;
        for (const QString &former : table.model()->fields[i].renamedFrom) {
            const QString name = columnName(former, m_layout.dialect());
            if (!isThere(name) || isWanted(name) || names.contains(former))
                continue;
            names.insert(former, table.model()->fields[i].name);
            break;
        }
    }
    return names;
}

Result<void> Renaming::renameColumns(const TableLayout &table)
{
    const auto &fields = table.model()->fields;
    if (std::ranges::all_of(fields, [](const SchemaField &field) { return field.renamedFrom.isEmpty(); }))
        return {};
    const Result<Names> names = renamedFields(table);
    if (!names || names->isEmpty())
        return names ? Result<void>() : names.error();
    Names columns;
    for (auto it = names->cbegin(); it != names->cend(); ++it) {
        const QString from = columnName(it.key(), m_layout.dialect()), to = columnName(it.value(), m_layout.dialect());
        columns.insert(from, to);
        const QString rename = u"ALTER TABLE %1 RENAME COLUMN %2 TO %3"_s.arg(table.quotedTable(), quotedIdentifier(from), quotedIdentifier(to));
        if (const Result<void> done = m_connection.run(rename); !done)
            return done;
    }
    const Result<void> noted = renameNotes(table, columns);
    return noted ? renameImages(*table.model(), *names) : noted;
}

// A line per field with its name first, or one line of names.
Result<void> Renaming::renameNotes(const TableLayout &table, const Names &columns)
{
    for (const auto &[note, between] : {std::pair(u"key."_s + table.table(), u','), std::pair(u"fields."_s + table.table(), u'\n')}) {
        const Result<QStringList> noted = firstColumn(u"SELECT value FROM tl_meta WHERE name = ?"_s, {note});
        if (!noted)
            return noted.error();
        QStringList entries = noted->value(0).split(between);
        for (QString &entry : entries) {
            const QString name = entry.section(u' ', 0, 0);
            entry.replace(0, name.size(), columns.value(name, name));
        }
        if (const Result<void> done = run(u"UPDATE tl_meta SET value = ? WHERE name = ?"_s, {entries.join(between), note}); !done)
            return done;
    }
    return {};
}

// What the journal has of records, for other nodes and for devices that have yet to hear of a deletion.
Result<void> Renaming::renameImages(const ModelType &model, const Names &fields)
{
    const Result<QStringList> numbers = firstColumn(u"SELECT seq FROM tl_journal WHERE model = ? AND image IS NOT NULL ORDER BY seq"_s, {model.name});
    const Result<QStringList> images = firstColumn(u"SELECT image FROM tl_journal WHERE model = ? AND image IS NOT NULL ORDER BY seq"_s, {model.name});
    if (!numbers || !images)
        return numbers ? images.error() : numbers.error();
    for (qsizetype i = 0; i < numbers->size(); ++i) {
        QJsonObject image = QJsonDocument::fromJson(images->at(i).toUtf8()).object();
        for (auto it = fields.cbegin(); it != fields.cend(); ++it) {
            if (image.contains(it.key()))
                image.insert(it.value(), image.take(it.key()));
        }
        const QString text = QString::fromUtf8(QJsonDocument(image).toJson(QJsonDocument::Compact));
        if (const Result<void> done = run(u"UPDATE tl_journal SET image = ? WHERE seq = %1"_s.arg(numbers->at(i)), {text}); !done)
            return done;
    }
    return {};
}

} // namespace Tideline::Server
