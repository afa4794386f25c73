// SPDX-License-Identifier: MIT
#include "server/storage/layout.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSet>
#include <QtSql/QSqlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int metaColumns = 4;                       // of select(), before the fields

/*! Returns \a name as an SQL identifier. */
QString quotedIdentifier(const QString &name)
{
    QString text = name;
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

static TableLayout::Storage storageOf(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return TableLayout::Storage::Json;
    if (type.kind == FieldType::Kind::Enum)
        return TableLayout::Storage::Text;
    switch (type.scalar) {
    case Scalar::Int:
    case Scalar::AWSTimestamp:
        return TableLayout::Storage::Integer;
    case Scalar::Float:
        return TableLayout::Storage::Real;
    case Scalar::Boolean:
        return TableLayout::Storage::Boolean;
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        break;
    }
    return TableLayout::Storage::Text;
}

// Cut between characters, with the hash of the whole name at the end.
static QString shortName(const QString &name, qsizetype bytes)
{
    const QByteArray text = name.toUtf8();
    if (text.size() <= bytes)
        return name;
    const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().left(12);
    QString cut = name.left(bytes - hash.size() - 1);
    while (cut.toUtf8().size() > bytes - hash.size() - 1)
        cut.chop(1);
    return cut + u'$' + QString::fromLatin1(hash);
}

QString columnName(const QString &field, const Dialect &dialect)
{
    return shortName(field, dialect.identifierBytes());
}

QString tableName(const QString &model, const Dialect &dialect)
{
    static const QStringList reserved = {u"sqlite_"_s, u"tl_"_s, u"pg_"_s};     // beginnings of names of other tables
    const bool isReserved = std::ranges::any_of(reserved, [&model](const QString &prefix) { return model.startsWith(prefix, Qt::CaseInsensitive); });
    return shortName(isReserved ? u"$"_s + model : model, dialect.identifierBytes());
}

TableLayout::TableLayout(std::shared_ptr<const ModelType> model, const QString &table, const Dialect &dialect)
    : m_dialect(&dialect), m_model(std::move(model)), m_table(table),
      m_quotedTable(quotedIdentifier(m_table))
{
    QStringList names;
    for (const SchemaField &field : m_model->fields) {
        const QString name = columnName(field.name, dialect);
        m_columns.push_back({name, quotedIdentifier(name), storageOf(field.type)});
        names.append(m_columns.back().quoted);
    }
    m_select = u"SELECT \"$seq\", \"$version\", \"$changedAt\", \"$deleted\", %1 FROM %2"_s.arg(names.join(u", "), m_quotedTable);
    m_insert = insertText(1);
    m_update = updateText(1);
    m_remove = removeText(1);
}

// The columns of bindRow()'s values.
QStringList TableLayout::rowColumns() const
{
    QStringList names = {u"\"$seq\""_s, u"\"$version\""_s, u"\"$changedAt\""_s, u"\"$deleted\""_s, u"\"$ttl\""_s};
    for (const Column &column : m_columns)
        names.append(column.quoted);
    return names;
}

QStringList TableLayout::rowMarks() const
{
    QStringList marks(5, m_dialect->mark(Storage::Integer));
    for (const Column &column : m_columns)
        marks.append(m_dialect->mark(column.storage));
    return marks;
}

static QString repeated(const QString &row, size_t rows)
{
    return QStringList(qsizetype(rows), row).join(u", ");
}

QString TableLayout::insertText(size_t rows) const
{
    const QStringList columns = rowColumns();
    const QString row = u'(' + repeated(u"?"_s, size_t(columns.size())) + u')';
    return u"INSERT INTO %1 (%2) VALUES %3"_s.arg(m_quotedTable, columns.join(u", "), repeated(row, rows));
}

/*
    Columns that this process does not know, of a newer schema on another node, stay as they are: rows are changed in
    place, not written anew.
*/
QString TableLayout::updateText(size_t rows) const
{
    const QStringList columns = rowColumns();
    QStringList sets;
    for (qsizetype i = 0; i < columns.size(); ++i)
        sets.append(rows == 1 ? columns[i] + u" = ?"_s : columns[i] + u" = new.column%1"_s.arg(i + 2));
    const QString set = u"UPDATE %1 SET %2"_s.arg(m_quotedTable, sets.join(u", "));
    if (rows == 1)
        return set + u" WHERE \"$seq\" = ?"_s;
    const QString row = u'(' + (QStringList{m_dialect->mark(Storage::Integer)} + rowMarks()).join(u", ") + u')';
    return set + u" FROM (VALUES %1) AS new WHERE %2.\"$seq\" = new.column1"_s.arg(repeated(row, rows), m_quotedTable);
}

QString TableLayout::removeText(size_t rows) const
{
    return u"DELETE FROM %1 WHERE \"$seq\" IN (%2)"_s.arg(m_quotedTable, repeated(u"?"_s, rows));
}

QString TableLayout::anyOf(const std::vector<int> &fields, size_t tuples) const
{
    if (fields.size() == 1)
        return column(fields.front()) + u" IN ("_s + repeated(u"?"_s, tuples) + u')';
    QStringList columns, marks;
    for (int field : fields) {
        columns.append(column(field));
        marks.append(m_dialect->mark(m_columns[size_t(field)].storage));
    }
    return u"(%1) IN (VALUES %2)"_s.arg(columns.join(u", "), repeated(u'(' + marks.join(u", ") + u')', tuples));
}

QString TableLayout::asText(const QString &expression, int field) const
{
    switch (m_columns[size_t(field)].storage) {
    case Storage::Text:
    case Storage::Json:
        break;
    case Storage::Integer:
    case Storage::Boolean:
        return u"CAST(%1 AS TEXT)"_s.arg(expression);
    case Storage::Real:
        return m_dialect->realText(expression);
    }
    return expression;
}

QString TableLayout::sortKey(const std::vector<int> &fields) const
{
    QStringList parts;
    for (int field : fields)
        parts.append(asText(column(field), field));
    return u'(' + m_dialect->byBytes(u'(' + parts.join(u" || '#' || ") + u')') + u')';
}

QString TableLayout::sortKeyMark(std::span<const int> fields) const
{
    QStringList parts;
    for (int field : fields) {
        const Storage storage = m_columns[size_t(field)].storage;
        const QString mark = m_dialect->mark(storage);
        parts.append(storage == Storage::Real ? u"(SELECT %1 FROM (SELECT %2 AS x) AS bound)"_s.arg(asText(u"x"_s, field), mark)
                                              : asText(mark, field));
    }
    return u'(' + parts.join(u" || '#' || ") + u')';
}

QString TableLayout::keyText() const
{
    QStringList names;
    for (int field : m_model->primaryKey)
        names.append(m_columns[size_t(field)].name);
    return names.join(u',');
}

QString TableLayout::createTable(const QString &quotedName) const
{
    QStringList columns, keys;
    for (const Column &column : m_columns)
        columns.append(column.quoted + u' ' + m_dialect->type(column.storage));
    for (int field : m_model->primaryKey)
        keys.append(column(field));
    const QString number = m_dialect->catalogType(Storage::Integer);
    return u"CREATE TABLE IF NOT EXISTS %1 (\"$seq\" %2, \"$version\" %3 NOT NULL, \"$changedAt\" %3 NOT NULL, "
           "\"$deleted\" %3 NOT NULL, \"$ttl\" %3, %4, UNIQUE (%5))"_s
               .arg(quotedName, m_dialect->numberKey(), number, columns.join(u", "), keys.join(u", "));
}

QString TableLayout::addColumn(int field) const
{
    const Column &column = m_columns[size_t(field)];
    return u"ALTER TABLE %1 ADD COLUMN %2 %3"_s.arg(m_quotedTable, column.quoted, m_dialect->type(column.storage));
}

QString TableLayout::indexColumns(const std::vector<int> &fields, bool composite) const
{
    QStringList columns = {column(fields.front())};
    if (composite)
        columns.append(sortKey({fields.begin() + 1, fields.end()}));
    for (size_t i = 1; i < fields.size() && !composite; ++i)
        columns.append(column(fields[i]));
    return u'(' + columns.join(u", ") + u')';
}

std::vector<TableLayout::NamedIndex> TableLayout::indexes() const
{
    std::vector<NamedIndex> indexes;
    const auto append = [&](const QString &suffix, const QString &columns) {
        const QString name = shortName(m_table + u'.' + suffix, m_dialect->identifierBytes());
        const QString rest = u" %1 ON %2 %3"_s.arg(quotedIdentifier(name), m_quotedTable, columns);
        indexes.push_back({name, columns, u"CREATE INDEX IF NOT EXISTS"_s + rest, m_dialect->createIndexOnline() + rest});
    };
    QSet<QString> done = {indexColumns(m_model->primaryKey, false)};
    const auto appendOnce = [&](const QString &suffix, const QString &columns) {
        if (done.contains(columns))
            return;
        done.insert(columns);
        append(suffix, columns);
    };
    if (m_model->primaryKey.size() > 2)
        appendOnce(u"$key"_s, indexColumns(m_model->primaryKey, true));
    for (const Index &index : m_model->indexes) {               // relations read by the plain columns, queries by the sort key
        const QString name = index.name.isEmpty() ? u"by"_s + QString::number(indexes.size()) : index.name;
        if (!index.fields.empty())
            appendOnce(name, indexColumns(index.fields, false));
        if (index.fields.size() > 2 && !index.foreignKey)
            appendOnce(name + u'#', indexColumns(index.fields, true));
    }
    append(u"$ttl"_s, u"(\"$ttl\") WHERE \"$ttl\" IS NOT NULL"_s);
    return indexes;
}

/*! Returns \a value as the column of \a field stores it. */
QVariant TableLayout::toColumn(int field, const Value &value) const
{
    if (value.isNull())
        return QVariant(QMetaType::fromType<QString>());
    switch (m_columns[size_t(field)].storage) {
    case Storage::Text:
        return m_dialect->toText(value.toText());
    case Storage::Integer:
        return value.toInteger();
    case Storage::Real:
        return value.toDouble();
    case Storage::Boolean:
        return value.toBool() ? 1 : 0;
    case Storage::Json:
        return value.toJsonText();
    }
    Q_UNREACHABLE();
}

static Value fromJsonText(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return document.isArray() ? Value::fromJson(document.array()) : Value::fromJson(document.object());
}

Value TableLayout::fromColumn(int field, const QVariant &variant) const
{
    if (variant.isNull())
        return {};
    switch (m_columns[size_t(field)].storage) {
    case Storage::Text:
        return m_dialect->fromText(variant.toString());
    case Storage::Integer:
        return qint64(variant.toLongLong());
    case Storage::Real:
        return variant.toDouble();
    case Storage::Boolean:
        return variant.toLongLong() != 0;
    case Storage::Json:
        return fromJsonText(variant.toString());
    }
    Q_UNREACHABLE();
}

/*! Returns the record in the current row of \a query, which ran select(); its row number is the change's. */
Record TableLayout::read(const QSqlQuery &query) const
{
    std::vector<Value> values;
    values.reserve(m_columns.size());
    for (int field = 0; field < int(m_columns.size()); ++field)
        values.push_back(fromColumn(field, query.value(field + metaColumns)));
    Record record(m_model, std::move(values));
    record.setMetadata({query.value(1).toLongLong(), query.value(2).toLongLong(), query.value(3).toLongLong() != 0});
    record.setRowId(query.value(0).toLongLong());
    return record;
}

int TableLayout::bindRow(QSqlQuery &query, int at, const Record &record, const QVariant &ttl) const
{
    query.bindValue(at++, record.rowId());
    query.bindValue(at++, record.metadata().version);
    query.bindValue(at++, record.metadata().lastChangedAt);
    query.bindValue(at++, record.metadata().deleted ? 1 : 0);
    query.bindValue(at++, ttl);
    for (int field = 0; field < int(m_columns.size()); ++field)
        query.bindValue(at++, toColumn(field, record.value(field)));
    return at;
}

Layout::Layout(const Schema &schema, const Dialect &dialect) : m_schema(schema), m_dialect(&dialect)
{
    for (const std::shared_ptr<const ModelType> &model : schema.models())
        m_tables.emplace_back(model, tableName(model->name, dialect), dialect);
}

/*! The table of the model type named \a model; null when the schema has none. */
const TableLayout *Layout::find(const QString &model) const noexcept
{
    for (const TableLayout &table : m_tables) {
        if (table.model()->name == model)
            return &table;
    }
    return nullptr;
}

} // namespace Tideline::Server
