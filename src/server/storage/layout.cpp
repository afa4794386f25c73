// SPDX-License-Identifier: MIT
#include "server/storage/layout.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QSet>
#include <QtSql/QSqlQuery>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int metaColumns = 4;                       // of select(), before the fields

/*! Returns \a name as an SQL identifier. */
QString quotedIdentifier(const QString &name)
{
    QString text = name;
    return u'"' + text.replace(u'"', u"\"\""_s) + u'"';
}

static QString uniqueName(const QString &wanted, QSet<QString> &taken)
{
    QString name = wanted;
    for (int i = 2; taken.contains(name.toLower()); ++i)
        name = wanted + u'$' + QString::number(i);
    taken.insert(name.toLower());
    return name;
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

const char *TableLayout::typeName(Storage storage) noexcept
{
    switch (storage) {
    case Storage::Integer:
    case Storage::Boolean:
        return "INTEGER";
    case Storage::Real:
        return "REAL";
    case Storage::Text:
    case Storage::Json:
        break;
    }
    return "TEXT";
}

TableLayout::TableLayout(std::shared_ptr<const ModelType> model, const QString &table)
    : m_model(std::move(model)), m_table(table), m_quotedTable(quotedIdentifier(table))
{
    for (const SchemaField &field : m_model->fields)
        m_columns.push_back({field.name, quotedIdentifier(field.name), storageOf(field.type)});
    prepareTexts();
}

void TableLayout::prepareTexts()
{
    QStringList names, marks, sets, keys;
    for (const Column &column : m_columns) {
        names.append(column.quoted);
        marks.append(u"?"_s);
        sets.append(column.quoted + u" = ?"_s);
    }
    for (int field : m_model->primaryKey)
        keys.append(column(field) + u" = ?"_s);
    m_select = u"SELECT \"$seq\", \"$version\", \"$changedAt\", \"$deleted\", %1 FROM %2"_s.arg(names.join(u", "), m_quotedTable);
    m_insert = u"INSERT INTO %1 (\"$seq\", \"$version\", \"$changedAt\", \"$deleted\", \"$ttl\", %2) VALUES (?, ?, ?, ?, ?, %3) "
               "ON CONFLICT DO NOTHING"_s.arg(m_quotedTable, names.join(u", "), marks.join(u", "));
    m_update = u"UPDATE %1 SET \"$seq\" = ?, \"$version\" = ?, \"$changedAt\" = ?, \"$deleted\" = ?, \"$ttl\" = ?, %2 WHERE \"$seq\" = ?"_s
                   .arg(m_quotedTable, sets.join(u", "));
    m_selectByKey = m_select + u" WHERE "_s + keys.join(u" AND ");
    m_removeBySeq = u"DELETE FROM %1 WHERE \"$seq\" = ?"_s.arg(m_quotedTable);
}

QString TableLayout::keyText() const
{
    QStringList names;
    for (int field : m_model->primaryKey)
        names.append(m_columns[size_t(field)].name);
    return names.join(u',');
}

QString TableLayout::createTable() const
{
    QStringList columns, keys;
    for (const Column &column : m_columns)
        columns.append(column.quoted + u' ' + QLatin1StringView(typeName(column.storage)));
    for (int field : m_model->primaryKey)
        keys.append(column(field));
    return u"CREATE TABLE IF NOT EXISTS %1 (\"$seq\" INTEGER PRIMARY KEY, \"$version\" INTEGER NOT NULL, "
           "\"$changedAt\" INTEGER NOT NULL, \"$deleted\" INTEGER NOT NULL, \"$ttl\" INTEGER, %2, UNIQUE (%3))"_s
               .arg(m_quotedTable, columns.join(u", "), keys.join(u", "));
}

QString TableLayout::addColumn(int field) const
{
    const Column &column = m_columns[size_t(field)];
    return u"ALTER TABLE %1 ADD COLUMN %2 %3"_s.arg(m_quotedTable, column.quoted, QLatin1StringView(typeName(column.storage)));
}

QStringList TableLayout::createIndexes() const
{
    QStringList statements;
    QSet<QString> columnsDone = {keyText()};
    const auto add = [&](const QString &name, const std::vector<int> &fields) {
        QStringList columns, plain;
        for (int field : fields) {
            columns.append(column(field));
            plain.append(m_columns[size_t(field)].name);
        }
        if (fields.empty() || columnsDone.contains(plain.join(u',')))
            return;
        columnsDone.insert(plain.join(u','));
        statements.append(u"CREATE INDEX IF NOT EXISTS %1 ON %2 (%3)"_s
                              .arg(quotedIdentifier(m_table + u'.' + name), m_quotedTable, columns.join(u", ")));
    };
    for (const Index &index : m_model->indexes)
        add(index.name.isEmpty() ? u"by"_s + QString::number(statements.size()) : index.name, index.fields);
    statements.append(u"CREATE INDEX IF NOT EXISTS %1 ON %2 (\"$ttl\") WHERE \"$ttl\" IS NOT NULL"_s
                          .arg(quotedIdentifier(m_table + u".$ttl"_s), m_quotedTable));
    return statements;
}

// QtSql takes a null QString for NULL, SQLite one byte order mark at the beginning of UTF-16 for its own.
static QVariant textColumn(const QString &text)
{
    if (text.startsWith(QChar::ByteOrderMark))
        return QString(QChar(QChar::ByteOrderMark) + text);
    return text.isNull() ? u""_s : text;
}

/*! Returns \a value as the column of \a field stores it. */
QVariant TableLayout::toColumn(int field, const Value &value) const
{
    if (value.isNull())
        return QVariant(QMetaType::fromType<QString>());
    switch (m_columns[size_t(field)].storage) {
    case Storage::Text:
        return textColumn(value.toText());
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
        return variant.toString();
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

void TableLayout::bindRow(QSqlQuery &query, const Record &record, const QVariant &ttl) const
{
    int at = 0;
    query.bindValue(at++, record.rowId());
    query.bindValue(at++, record.metadata().version);
    query.bindValue(at++, record.metadata().lastChangedAt);
    query.bindValue(at++, record.metadata().deleted ? 1 : 0);
    query.bindValue(at++, ttl);
    for (int field = 0; field < int(m_columns.size()); ++field)
        query.bindValue(at++, toColumn(field, record.value(field)));
}

Layout::Layout(const Schema &schema)
{
    QSet<QString> taken;
    for (const std::shared_ptr<const ModelType> &model : schema.models()) {
        const bool reserved = model->name.startsWith(u"sqlite_", Qt::CaseInsensitive)
            || model->name.startsWith(u"tl_", Qt::CaseInsensitive);
        m_tables.emplace_back(model, uniqueName(reserved ? u"$"_s + model->name : model->name, taken));
    }
}

} // namespace Tideline::Server
