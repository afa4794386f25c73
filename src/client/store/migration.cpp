// SPDX-License-Identifier: MIT
#include "client/store/migration.h"

#include "client/store/evolution_p.h"
#include "client/store/rowcodec_p.h"
#include "client/store/storetext_p.h"
#include "core/data/record.h"
#include "core/data/scalars.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Entry = UnmappedTable::Entry;
using Kind = UnmappedData::Kind;

static constexpr int ChunkSize = 500;

/*! Returns the schema the store was made for. */
const Schema &SchemaMigration::older() const noexcept
{
    return m_evolution.older.schema();
}

/*! Returns the schema the store is opened with. */
const Schema &SchemaMigration::newer() const noexcept
{
    return m_evolution.newer.schema();
}

/*! Returns what differs between the two, as it was taken over, a sentence for each change, in English. */
QStringList SchemaMigration::changes() const
{
    return m_evolution.plan.describe();
}

static Result<const Table *> tableOf(const Evolution &evolution, const QString &name)
{
    if (const auto model = evolution.newer.schema().model(name))
        return &evolution.newer.table(*model);
    return Error(Error::Code::UnknownModel, StoreText::tr("The schema has no model type \"%1\".").arg(name)).withModel(name);
}

struct KnownRow
{
    qint64 row = 0;
    QString key;
    QJsonObject json;
};

static Result<QList<KnownRow>> rowsAfter(const Evolution &evolution, const Table &table, qint64 last)
{
    Statement rows = evolution.connection.prepare(u"SELECT "_s + table.rowColumns({}) + u" FROM "_s + table.name
                                                  + u" WHERE \"$row\" > ? ORDER BY \"$row\" LIMIT ?"_s);
    if (!rows.bind(last).bind(ChunkSize).exec())
        return rows.error();
    QList<KnownRow> list;
    while (rows.next()) {
        const std::vector<Value> values = RawValue::row(evolution.newer.schema(), table, rows);
        KnownRow row{rows.integer(RowIdColumn), keyOf(*table.model, values), {}};
        for (size_t i = 0; i < values.size(); ++i)
            row.json.insert(table.model->fields[i].name, values[i].toJson());
        list.append(row);
    }
    return rows.error().isError() ? Result<QList<KnownRow>>(rows.error()) : Result<QList<KnownRow>>(list);
}

static Result<void> addUnmapped(const Evolution &evolution, const Table &table, KnownRow &row)
{
    const Result<QList<Entry>> entries = UnmappedTable::of(evolution.connection, table.model->name, row.key);
    if (!entries)
        return entries.error();
    for (const Entry &entry : *entries) {
        const QJsonValue known = row.json.value(entry.field);
        if (entry.kind == Kind::Field && (known.isNull() || known.isUndefined()))
            row.json.insert(entry.field, entry.json.value(entry.field));
    }
    return {};
}

/*!
    Calls \a visit for each row of \a model, in the order they were made, with its key and its values by name. Values that
    the new schema has no field for, or no field of a type they fit, are among them by the name they had. Stops at the
    first error and returns it.
*/
Result<void> SchemaMigration::forEachRow(const QString &model,
                                         const std::function<Result<void>(const QString &key, const QJsonObject &row)> &visit)
{
    const Result<const Table *> table = tableOf(m_evolution, model);
    if (!table)
        return table.error();
    for (qint64 last = 0;;) {
        Result<QList<KnownRow>> rows = rowsAfter(m_evolution, **table, last);
        if (!rows)
            return rows.error();
        if (rows->isEmpty())
            return {};
        for (KnownRow &row : *rows) {
            last = row.row;
            if (const Result<void> added = addUnmapped(m_evolution, **table, row); !added)
                return added;
            if (const Result<void> visited = visit(row.key, row.json); !visited)
                return visited;
        }
    }
}

static Result<int> writableField(const Table &table, const QString &name)
{
    const ModelType &model = *table.model;
    const int field = model.fieldIndex(name);
    if (field < 0)
        return Error(Error::Code::UnknownField, StoreText::tr("%1 has no field \"%2\".").arg(model.name, name)).withModel(model.name).withField(name);
    if (std::find(model.primaryKey.begin(), model.primaryKey.end(), field) == model.primaryKey.end())
        return field;
    return Error(Error::Code::Validation, StoreText::tr("%1.%2 is part of the key and cannot change; save a new record "
                                                        "and remove the old one.").arg(model.name, name)).withModel(model.name).withField(name);
}

// What stood there for want of a place has one now.
static Result<void> forgetUnfit(const Evolution &evolution, const Table &table, const QString &key, const QString &field)
{
    const Result<QList<Entry>> entries = UnmappedTable::of(evolution.connection, table.model->name, key);
    if (!entries)
        return entries.error();
    for (const Entry &entry : *entries) {
        if (entry.kind != Kind::Field || entry.reason != UnmappedData::Reason::WrongType || entry.field != field)
            continue;
        if (const Result<void> removed = UnmappedTable::remove(evolution.connection, entry.id); !removed)
            return removed;
    }
    return {};
}

/*!
    Sets \a field of the record of \a model with \a key to \a value, which is validated. A value of a record that the
    backend has not seen yet is sent with it; of others it is this device's until the next answer of the backend, which
    has its own way of changing its schema. NotFound when there is no such row.
*/
Result<void> SchemaMigration::setValue(const QString &model, const QString &key, const QString &field, const Value &value)
{
    const Result<const Table *> table = tableOf(m_evolution, model);
    if (!table)
        return table.error();
    const Result<int> number = writableField(**table, field);
    if (!number)
        return number.error();
    const Schema &schema = m_evolution.newer.schema();
    const ModelType &type = *(*table)->model;
    if (const Result<void> valid = validate(schema, type, *number, value); !valid)
        return valid.error().withRecord(key);
    const std::vector<Value> parts = keyParts(type, key);
    QStringList condition;
    for (const int part : type.primaryKey)
        condition.append((*table)->columns[size_t(part)] + u" = ?"_s);
    Statement statement = m_evolution.connection.prepare(u"UPDATE %1 SET %2 = ? WHERE %3"_s
                                                             .arg((*table)->name, (*table)->columns[size_t(*number)], condition.join(u" AND "_s)));
    const Value canonical = RowCodec::canonical(schema, type.fields[size_t(*number)].type, value);
    statement.bind(RawValue::toColumn(schema, **table, *number, canonical));
    for (size_t i = 0; i < type.primaryKey.size(); ++i)
        statement.bind(i < parts.size() ? RawValue::toColumn(schema, **table, type.primaryKey[i], parts[i]) : QVariant());
    if (!statement.exec())
        return statement.error();
    if (statement.changedRows() == 0)
        return Error(Error::Code::NotFound, StoreText::tr("There is no %1 \"%2\".").arg(model, key)).withModel(model).withRecord(key);
    m_evolution.touched.insert({model + u'/' + field, key});
    return forgetUnfit(m_evolution, **table, key, field);
}

} // namespace Tideline
