// SPDX-License-Identifier: MIT
#include "client/store/evolution_p.h"

#include "client/store/outboxentry.h"
#include "core/data/record.h"
#include "core/data/scalars.h"

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Entry = UnmappedTable::Entry;
using Kind = UnmappedData::Kind;
using Reason = UnmappedData::Reason;

static constexpr int ChunkSize = 500;

static Result<void> visitEntry(const Evolution &evolution, Entry entry, const Restoring::Visitor &visit)
{
    const Evolution::Step *step = evolution.plan.stepOf(entry.model);
    if (!step || !step->newer)
        return {};
    const Result<QString> key = evolution.keyNow(*step, entry.key);
    if (!key)
        return key.error();
    if (!key->isEmpty())
        entry.key = *key;
    return visit(*step, std::move(entry));
}

// Mutations in their order. Of values and rows the newest first, for they were there instead of the others.
Result<void> Restoring::forEach(const Evolution &evolution, Kind kind, const Visitor &visit)
{
    const bool oldestFirst = kind == Kind::Mutation;
    for (qint64 last = oldestFirst ? 0 : evolution.lastUnmapped + 1;;) {
        const Result<QList<Entry>> entries = oldestFirst ? UnmappedTable::after(evolution.connection, last, ChunkSize)
                                                         : UnmappedTable::before(evolution.connection, last, ChunkSize);
        if (!entries)
            return entries.error();
        if (entries->isEmpty())
            return {};
        for (const Entry &entry : *entries) {
            last = entry.id;
            if (entry.id > evolution.lastUnmapped)
                return {};
            const Result<void> visited = entry.kind == kind ? visitEntry(evolution, entry, visit) : Result<void>();
            if (!visited)
                return visited;
        }
    }
}

static QString nameNow(const Evolution::Step &step, const QString &name)
{
    const int field = name.startsWith(u'$') ? -1 : step.target(name);
    return field < 0 ? name : step.newer->fields[size_t(field)].name;
}

QJsonObject Restoring::underNamesOfNow(const Evolution::Step &step, const QJsonObject &json)
{
    QJsonObject result;
    for (auto member = json.constBegin(); member != json.constEnd(); ++member) {
        const QString name = nameNow(step, member.key());
        if (!result.contains(name) || name == member.key())
            result.insert(name, *member);
    }
    return result;
}

static const FieldType *olderType(const Evolution::Step &step, const QString &name)
{
    const int field = step.older ? step.older->fieldIndex(name) : -1;
    return field < 0 ? nullptr : &step.older->fields[size_t(field)].type;
}

// ---- rows ----

namespace {

class RowRestoring
{
public:
    RowRestoring(const Evolution &evolution, const Evolution::Step &step, Entry entry)
        : m_evolution(evolution), m_table(evolution.tableOf(step)), m_entry(std::move(entry)), m_values(m_table.columns.size())
    {
        m_entry.model = m_table.model->name;
        m_entry.json = Restoring::underNamesOfNow(step, m_entry.json);
    }

    [[nodiscard]] Result<void> run();

private:
    [[nodiscard]] Result<void> read();
    [[nodiscard]] bool isComplete();
    [[nodiscard]] Result<bool> insert();
    [[nodiscard]] Result<void> keepRest();

    const Evolution &m_evolution;
    const Table &m_table;
    Entry m_entry;
    std::vector<Value> m_values;
    QJsonObject m_unfit;
};

Result<void> RowRestoring::read()
{
    const Schema &schema = m_evolution.newer.schema();
    for (size_t i = 0; i < m_values.size(); ++i) {
        const SchemaField &field = m_table.model->fields[i];
        const QJsonValue json = m_entry.json.value(field.name);
        std::optional<Value> value = m_evolution.conversion.convert(field.type, Value::fromJson(json));
        if (!value)
            m_unfit.insert(field.name, json);
        m_values[i] = std::move(value).value_or(Value());
        if (!m_values[i].isNull() || !NeededValues::isNeeded(field) || !field.defaultValue)
            continue;
        const Result<Value> standard = fromVariant(schema, field.type, *field.defaultValue);
        if (!standard)
            return standard.error();
        m_values[i] = *standard;
    }
    return {};
}

bool RowRestoring::isComplete()
{
    for (size_t i = 0; i < m_values.size(); ++i) {
        const SchemaField &field = m_table.model->fields[i];
        if (!NeededValues::isNeeded(field) || !m_values[i].isNull())
            continue;
        m_entry.reason = m_unfit.contains(field.name) ? Reason::WrongType : Reason::MissingValue;
        m_entry.field = field.name;
        return false;
    }
    for (const int part : m_table.model->primaryKey) {
        const Value &value = m_values[size_t(part)];
        if (!value.isNull() && (value.kind() != Value::Kind::Text || !value.toText().isEmpty()))
            continue;
        m_entry.reason = Reason::KeyMissing;
        m_entry.field = m_table.model->fields[size_t(part)].name;
        return false;
    }
    return true;
}

Result<bool> RowRestoring::insert()
{
    Statement statement = m_evolution.connection.prepare(m_table, RowStatement::Insert);
    const qint64 version = m_entry.json.value("$version"_L1).toInteger();
    const SyncState state = version > 0 ? SyncState::Synced : SyncState::Local;       // until its mutations are back
    statement.bind(QVariant()).bind(version).bind(0).bind(int(state));
    for (int i = 0; i < int(m_values.size()); ++i)
        statement.bind(RawValue::toColumn(m_evolution.newer.schema(), m_table, i, m_values[size_t(i)]));
    return statement.exec() ? Result<bool>(statement.changedRows() == 1) : Result<bool>(statement.error());
}

Result<void> RowRestoring::keepRest()
{
    const QString key = keyOf(*m_table.model, m_values);
    for (auto member = m_entry.json.constBegin(); member != m_entry.json.constEnd(); ++member) {
        const bool unfit = m_unfit.contains(member.key());
        if (member.key().startsWith(u'$') || (!unfit && m_table.model->fieldIndex(member.key()) >= 0))
            continue;
        const Result<void> kept = m_evolution.add(Kind::Field, unfit ? Reason::WrongType : Reason::Gone, m_table.model->name, key,
                                                  member.key(), {{member.key(), *member}});
        if (!kept)
            return kept;
    }
    return {};
}

Result<void> RowRestoring::run()
{
    if (const Result<void> done = read(); !done)
        return done;
    if (!isComplete())
        return UnmappedTable::update(m_evolution.connection, m_entry);
    const Result<bool> inserted = insert();
    if (!inserted)
        return inserted.error();
    if (!*inserted) {
        m_entry.reason = Reason::KeyTaken;
        return UnmappedTable::update(m_evolution.connection, m_entry);
    }
    if (const Result<void> kept = keepRest(); !kept)
        return kept;
    return UnmappedTable::remove(m_evolution.connection, m_entry.id);
}

} // namespace

Result<void> Restoring::rows(const Evolution &evolution)
{
    return forEach(evolution, Kind::Row, [&](const Evolution::Step &step, Entry entry) {
        return RowRestoring(evolution, step, std::move(entry)).run();
    });
}

// ---- values ----

static QString keyCondition(const Table &table)
{
    QStringList parts;
    for (const int field : table.model->primaryKey)
        parts.append(table.columns[size_t(field)] + u" = ?"_s);
    return parts.join(u" AND "_s);
}

// Into the row, if that has none.
static Result<bool> setMissing(const Evolution &evolution, const Table &table, const QString &key, int field, const Value &value)
{
    const std::vector<Value> parts = keyParts(*table.model, key);
    if (parts.size() != table.model->primaryKey.size())
        return false;
    const Schema &schema = evolution.newer.schema();
    Statement statement = evolution.connection.prepare(u"UPDATE %1 SET %2 = ? WHERE %3 AND %2 IS NULL"_s
                                                           .arg(table.name, table.columns[size_t(field)], keyCondition(table)));
    statement.bind(RawValue::toColumn(schema, table, field, value));
    for (size_t i = 0; i < parts.size(); ++i)
        statement.bind(RawValue::toColumn(schema, table, table.model->primaryKey[i], parts[i]));
    return statement.exec() ? Result<bool>(statement.changedRows() == 1) : Result<bool>(statement.error());
}

// Then that is what the field was last.
static Result<bool> hasNewer(const Evolution &evolution, const Entry &entry)
{
    Statement statement = evolution.connection.prepare(u"SELECT 1 FROM tl_unmapped WHERE model = ? AND key = ? AND field = ? AND kind = ? AND id > ? LIMIT 1"_s);
    statement.bind(entry.model).bind(entry.key).bind(entry.field).bind(int(Kind::Field)).bind(entry.id);
    if (!statement.exec())
        return statement.error();
    const bool found = statement.next();
    return statement.error().isError() ? Result<bool>(statement.error()) : Result<bool>(found);
}

static Result<void> restoreField(const Evolution &evolution, const Evolution::Step &step, Entry entry)
{
    const Table &table = evolution.tableOf(step);
    const QString before = entry.field;
    const int field = step.target(before);
    const bool asNoted = field < 0 && entry.reason == Reason::Gone && entry.model == table.model->name && !step.rekeys;
    if (asNoted)
        return {};
    entry.model = table.model->name;
    if (field < 0) {
        entry.reason = Reason::Gone;
        return UnmappedTable::update(evolution.connection, entry);
    }
    entry.field = table.model->fields[size_t(field)].name;
    const QJsonValue json = entry.json.value(before);
    entry.json = {{entry.field, json}};
    const std::optional<Value> value = evolution.conversion.convert(table.model->fields[size_t(field)].type, Value::fromJson(json),
                                                                    olderType(step, before));
    if (!value) {
        entry.reason = Reason::WrongType;
        return UnmappedTable::update(evolution.connection, entry);
    }
    const Result<bool> newer = hasNewer(evolution, entry);
    if (!newer)
        return newer.error();
    const Result<bool> set = *newer ? Result<bool>(false) : setMissing(evolution, table, entry.key, field, *value);
    if (!set)
        return set.error();
    return *set ? UnmappedTable::remove(evolution.connection, entry.id) : UnmappedTable::update(evolution.connection, entry);
}

Result<void> Restoring::fields(const Evolution &evolution)
{
    return forEach(evolution, Kind::Field, [&](const Evolution::Step &step, Entry entry) {
        return restoreField(evolution, step, std::move(entry));
    });
}

} // namespace Tideline
