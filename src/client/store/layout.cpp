// SPDX-License-Identifier: MIT
#include "client/store/layout_p.h"

#include "client/store/flighttable_p.h"
#include "client/store/seentable_p.h"
#include "client/store/storetext_p.h"

#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

// Dollar signs keep these out of the namespace of GraphQL's names.
static const QString RowId = u"\"$row\""_s;
static const QString Hidden = u"\"$version\", \"$changedAt\", \"$state\""_s;

static QString joined(const std::vector<QString> &parts, const QString &separator)
{
    return QStringList(parts.begin(), parts.end()).join(separator);
}

static QString typeName(Storage storage)
{
    switch (storage) {
    case Storage::Integer:
    case Storage::Boolean:
        return u"INTEGER"_s;
    case Storage::Real:
        return u"REAL"_s;
    case Storage::Text:
    case Storage::Json:
        return u"TEXT"_s;
    }
    return {};
}

// SQLite compares identifiers without case.
static bool take(const QString &name, QSet<QString> &taken)
{
    const QString folded = name.toLower();
    if (taken.contains(folded))
        return false;
    taken.insert(folded);
    return true;
}

static Result<void> checkNames(const Schema &schema)
{
    QSet<QString> tables;
    for (const auto &model : schema.models()) {
        if (model->name.startsWith("tl_"_L1, Qt::CaseInsensitive) || model->name.startsWith("sqlite_"_L1, Qt::CaseInsensitive))
            return Error(Error::Code::InvalidSchema,
                         StoreText::tr("The model type \"%1\" has a name that the local file uses itself. "
                                                     "Names that begin with tl_ or sqlite_ are reserved.").arg(model->name))
                .withModel(model->name);
        if (!take(model->name, tables))
            return Error(Error::Code::InvalidSchema,
                         StoreText::tr("The name \"%1\" in the schema differs from another one there only in case, which a local "
                                       "SQLite file cannot keep apart. Rename one of them.").arg(model->name))
                .withModel(model->name);
        QSet<QString> columns;
        for (const SchemaField &field : model->fields) {
            if (!take(field.name, columns))
                return Error(Error::Code::InvalidSchema,
                             StoreText::tr("The name \"%1\" in %2 differs from another one there only in case, which a local "
                                           "SQLite file cannot keep apart. Rename one of them.").arg(field.name, model->name))
                    .withModel(model->name).withField(field.name);
        }
    }
    return {};
}

// Text comes as the bytes it is stored in: what SQLite makes of them as UTF-16 takes longer and is not always the same.
QString Table::rowColumns(const QString &alias) const
{
    const QString dot = alias.isEmpty() ? QString() : alias + u'.';
    QString list = dot + RowId;
    for (const QString &column : Hidden.split(u", "_s))
        list += u", "_s + dot + column;
    for (size_t i = 0; i < columns.size(); ++i) {
        const bool text = storage[i] == Storage::Text || storage[i] == Storage::Json;
        list += (text ? u", CAST(%1 AS BLOB)"_s : u", %1"_s).arg(dot + columns[i]);
    }
    return list;
}

static QString keyCondition(const Table &table)
{
    QStringList parts;
    for (const int field : table.model->primaryKey)
        parts.append(table.columns[size_t(field)] + u" = ?"_s);
    return parts.join(u" AND "_s);
}

static QString insertColumns(const Table &table)
{
    QStringList names{RowId, Hidden};
    names.append({table.columns.begin(), table.columns.end()});
    return names.join(u", "_s);
}

static void fillStatements(Table &table)
{
    const auto set = [&table](RowStatement statement, QString sql) { table.statements[size_t(statement)] = std::move(sql); };
    const QString from = u" FROM "_s + table.name;
    const QString byKey = u" WHERE "_s + keyCondition(table);
    const QString byRow = u" WHERE "_s + RowId + u" = ?"_s;
    const QString placeholders = QStringList(qsizetype(table.columns.size()) + FirstFieldColumn, u"?"_s).join(u',');
    set(RowStatement::Insert, u"INSERT INTO "_s + table.name + u" ("_s + insertColumns(table) + u") VALUES ("_s + placeholders
            + u") ON CONFLICT DO NOTHING"_s);
    set(RowStatement::ByKey, u"SELECT "_s + table.rowColumns({}) + from + byKey);
    set(RowStatement::ByRow, u"SELECT "_s + table.rowColumns({}) + from + byRow);
    set(RowStatement::RowOfKey, u"SELECT "_s + RowId + from + byKey);
    set(RowStatement::UpdateHead, u"UPDATE "_s + table.name + u" SET \"$version\" = ?, \"$changedAt\" = ?, \"$state\" = ?"_s + byRow);
    set(RowStatement::DeleteByRow, u"DELETE"_s + from + byRow);
    set(RowStatement::LastRow, u"SELECT max("_s + RowId + u')' + from);
}

Layout::Layout(const Schema &schema) : m_schema(schema)
{
    for (const auto &model : schema.models()) {
        Q_ASSERT(model->number == int(m_tables.size()));
        Table table;
        table.model = model;
        table.name = quoted(model->name);
        for (const SchemaField &field : model->fields) {
            table.columns.push_back(quoted(field.name));
            table.storage.push_back(storageOf(field.type));
        }
        fillStatements(table);
        m_tables.push_back(std::move(table));
    }
}

Result<std::shared_ptr<const Layout>> Layout::make(const Schema &schema)
{
    if (const Result<void> checked = checkNames(schema); !checked)
        return checked.error();
    return std::shared_ptr<const Layout>(new Layout(schema));
}

QString Layout::quoted(const QString &identifier)
{
    return u'"' + QString(identifier).replace(u'"', u"\"\""_s) + u'"';
}

Storage Layout::storageOf(const FieldType &type) noexcept
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return Storage::Json;
    if (type.kind == FieldType::Kind::Enum)
        return Storage::Text;
    switch (type.scalar) {
    case Scalar::Int:
    case Scalar::AWSTimestamp:
        return Storage::Integer;
    case Scalar::Boolean:
        return Storage::Boolean;
    case Scalar::Float:
        return Storage::Real;
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
    return Storage::Text;
}

Result<const Table *> Layout::find(const std::shared_ptr<const ModelType> &model) const
{
    if (!model)
        return Error(Error::Code::InvalidArgument,
                     StoreText::tr("No model type was given."));
    if (model->number >= 0 && size_t(model->number) < m_tables.size() && m_tables[size_t(model->number)].model == model)
        return &m_tables[size_t(model->number)];
    return Error(Error::Code::UnknownModel,
                 StoreText::tr("The model type \"%1\" does not belong to the schema of this store. "
                                             "Take it from Store::schema().").arg(model->name))
        .withModel(model->name);
}

QStringList Layout::systemStatements()
{
    return QStringList{
        u"CREATE TABLE tl_setting (name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID"_s,
        u"CREATE TABLE tl_outbox (sequence INTEGER PRIMARY KEY, model TEXT NOT NULL, key TEXT NOT NULL, operation INTEGER NOT NULL, "
         "changes TEXT, base TEXT, baseVersion INTEGER NOT NULL, condition TEXT, state INTEGER NOT NULL, attempts INTEGER NOT NULL, "
         "createdAt INTEGER NOT NULL, error TEXT)"_s,
        u"CREATE INDEX tl_outbox_lane ON tl_outbox (model, key)"_s,
        u"CREATE TABLE tl_tombstone (model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, changedAt INTEGER NOT NULL, "
         "PRIMARY KEY (model, key)) WITHOUT ROWID"_s,
    } + laterSystemStatements();
}

// Tables that files of the same format may lack, because they were made before these were thought of.
QStringList Layout::laterSystemStatements()
{
    return {
        u"CREATE TABLE IF NOT EXISTS tl_receipt (mutation INTEGER PRIMARY KEY, model TEXT NOT NULL, key TEXT NOT NULL, state INTEGER NOT NULL, "
         "fields TEXT, error TEXT, joined INTEGER, at INTEGER NOT NULL)"_s,
        u"CREATE TABLE IF NOT EXISTS tl_quarantine (model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, changedAt INTEGER NOT NULL, "
         "deleted INTEGER NOT NULL, raw TEXT NOT NULL, error TEXT NOT NULL, parentModel TEXT, parentKey TEXT, since INTEGER NOT NULL, "
         "PRIMARY KEY (model, key)) WITHOUT ROWID"_s,
        u"CREATE TABLE IF NOT EXISTS tl_decision (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL, "
         "mutation INTEGER NOT NULL, version INTEGER NOT NULL, fields TEXT NOT NULL, undone INTEGER NOT NULL)"_s,
        u"CREATE INDEX IF NOT EXISTS tl_decision_record ON tl_decision (model, key)"_s,
        u"CREATE INDEX IF NOT EXISTS tl_quarantine_parent ON tl_quarantine (parentModel, parentKey) WHERE parentModel IS NOT NULL"_s,
        FlightTable::creation(),
        SeenTable::creation(),
        u"CREATE TABLE IF NOT EXISTS tl_unmapped (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, reason INTEGER NOT NULL, "
         "model TEXT NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, json TEXT NOT NULL, at INTEGER NOT NULL)"_s,
        u"CREATE INDEX IF NOT EXISTS tl_unmapped_record ON tl_unmapped (model, key)"_s,
    };
}

QString Layout::createTable(const Table &table) const
{
    QString sql = u"CREATE TABLE "_s + table.name + u" ("_s + RowId
        + u" INTEGER PRIMARY KEY, \"$version\" INTEGER NOT NULL, \"$changedAt\" INTEGER NOT NULL, \"$state\" INTEGER NOT NULL"_s;
    const std::vector<int> &key = table.model->primaryKey;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        sql += u", "_s + table.columns[i] + u' ' + typeName(table.storage[i]);
        if (std::find(key.begin(), key.end(), int(i)) != key.end())
            sql += u" NOT NULL"_s;
    }
    std::vector<QString> keyColumns;
    for (const int field : key)
        keyColumns.push_back(table.columns[size_t(field)]);
    return sql + u", UNIQUE ("_s + joined(keyColumns, u", "_s) + u"))"_s;
}

QString Layout::addColumn(const Table &table, int field) const
{
    return u"ALTER TABLE "_s + table.name + u" ADD COLUMN "_s + table.columns[size_t(field)] + u' '
        + typeName(table.storage[size_t(field)]);
}

static bool isPrefix(const std::vector<int> &fields, const std::vector<int> &of)
{
    return fields.size() <= of.size() && std::equal(fields.begin(), fields.end(), of.begin());
}

// One for each declared index and both ends of relations, unless the key or a longer index begins with the same columns.
std::vector<std::pair<QString, QString>> Layout::indexes(const Table &table) const
{
    std::vector<std::vector<int>> wanted;
    for (const Index &index : table.model->indexes)
        wanted.push_back(index.fields);
    for (const auto &model : m_schema.models()) {
        for (const Relation &relation : model->relations) {
            if (model == table.model)
                wanted.push_back(relation.localFields);
            if (m_schema.target(relation) == table.model)
                wanted.push_back(relation.targetFields);
        }
    }
    std::vector<std::pair<QString, QString>> result;
    for (size_t i = 0; i < wanted.size(); ++i) {
        bool covered = wanted[i].empty() || isPrefix(wanted[i], table.model->primaryKey);
        for (size_t j = 0; j < wanted.size() && !covered; ++j)
            covered = j != i && isPrefix(wanted[i], wanted[j]) && (wanted[i].size() < wanted[j].size() || j < i);
        if (covered)
            continue;
        std::vector<QString> columns;
        QString name = table.model->name;
        for (const int field : wanted[i]) {
            columns.push_back(table.columns[size_t(field)]);
            name += u'$' + table.model->fields[size_t(field)].name;
        }
        result.emplace_back(name, u"CREATE INDEX "_s + quoted(name) + u" ON "_s + table.name + u" ("_s + joined(columns, u", "_s) + u')');
    }
    return result;
}

} // namespace Tideline
