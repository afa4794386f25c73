// SPDX-License-Identifier: MIT
#include "client/store/evolvedmutation_p.h"

#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Reason = UnmappedData::Reason;

static const QString Columns = u"sequence, model, key, operation, changes, base, baseVersion, condition, state, attempts, createdAt, error"_s;

// ---- as it is stored ----

static QJsonObject objectOf(const QVariant &column)
{
    return column.isNull() ? QJsonObject() : parseJson(column.toString().toUtf8()).object();
}

static QVariant columnOf(const QJsonObject &object)
{
    return object.isEmpty() ? QVariant() : QVariant(Value::fromJson(object).toJsonText());
}

StoredMutation StoredMutation::fromRow(const Statement &row)
{
    return {row.integer(0), row.text(1), row.text(2), Operation(row.integer(3)), objectOf(row.value(4)), objectOf(row.value(5)),
            row.integer(6), objectOf(row.value(7)), State(row.integer(8)), int(row.integer(9)), row.integer(10), objectOf(row.value(11))};
}

StoredMutation StoredMutation::fromUnmapped(const UnmappedTable::Entry &entry)
{
    const QJsonObject &json = entry.json;
    return {json.value("sequence"_L1).toInteger(), entry.model, entry.key, Operation(json.value("operation"_L1).toInt()),
            json.value("changes"_L1).toObject(), json.value("base"_L1).toObject(), json.value("baseVersion"_L1).toInteger(),
            json.value("condition"_L1).toObject(), State(json.value("state"_L1).toInt()), json.value("attempts"_L1).toInt(),
            json.value("createdAt"_L1).toInteger(), json.value("error"_L1).toObject()};
}

QJsonObject StoredMutation::toUnmapped() const
{
    return {{u"sequence"_s, sequence}, {u"operation"_s, int(operation)}, {u"changes"_s, changes}, {u"base"_s, base},
            {u"baseVersion"_s, baseVersion}, {u"condition"_s, condition}, {u"state"_s, int(state)}, {u"attempts"_s, attempts},
            {u"createdAt"_s, createdAt}, {u"error"_s, error}};
}

static Result<QList<StoredMutation>> mutations(Statement &statement)
{
    if (!statement.exec())
        return statement.error();
    QList<StoredMutation> list;
    while (statement.next())
        list.append(StoredMutation::fromRow(statement));
    return statement.error().isError() ? Result<QList<StoredMutation>>(statement.error()) : Result<QList<StoredMutation>>(list);
}

Result<QList<StoredMutation>> StoredMutation::after(Connection &connection, qint64 sequence, int limit)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_outbox WHERE sequence > ? ORDER BY sequence LIMIT ?"_s);
    statement.bind(sequence).bind(limit);
    return mutations(statement);
}

Result<QList<StoredMutation>> StoredMutation::lane(Connection &connection, const QString &model, const QString &key)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_outbox WHERE model = ? AND key = ? ORDER BY sequence"_s);
    statement.bind(model).bind(key);
    return mutations(statement);
}

static Result<void> write(Statement statement, const StoredMutation &mutation)
{
    statement.bind(mutation.model).bind(mutation.key).bind(int(mutation.operation)).bind(columnOf(mutation.changes)).bind(columnOf(mutation.base));
    statement.bind(mutation.baseVersion).bind(columnOf(mutation.condition)).bind(int(mutation.state)).bind(mutation.attempts);
    statement.bind(mutation.createdAt).bind(columnOf(mutation.error)).bind(mutation.sequence);
    return statement.exec() ? Result<void>() : Result<void>(statement.error());
}

Result<void> StoredMutation::insert(Connection &connection) const
{
    return write(connection.prepare(u"INSERT INTO tl_outbox (model, key, operation, changes, base, baseVersion, condition, state, attempts, "
                                     "createdAt, error, sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s), *this);
}

Result<void> StoredMutation::update(Connection &connection) const
{
    return write(connection.prepare(u"UPDATE tl_outbox SET model = ?, key = ?, operation = ?, changes = ?, base = ?, baseVersion = ?, condition = ?, "
                                     "state = ?, attempts = ?, createdAt = ?, error = ? WHERE sequence = ?"_s), *this);
}

Result<void> StoredMutation::remove(Connection &connection) const
{
    Statement statement = connection.prepare(u"DELETE FROM tl_outbox WHERE sequence = ?"_s);
    return statement.bind(sequence).exec() ? Result<void>() : Result<void>(statement.error());
}

// ---- under the newer schema ----

MutationMapping::MutationMapping(const Evolution &evolution, const Evolution::Step &step, StoredMutation mutation)
    : m_evolution(evolution), m_step(step), m_before(std::move(mutation)), m_mapped(m_before), m_left(m_before)
{
    m_mapped.model = m_left.model = m_step.newer->name;
    m_mapped.changes = m_mapped.base = m_left.changes = m_left.base = {};
}

void MutationMapping::run()
{
    mapChanges();
    mapBase();
    mapTheirs();
    const std::optional<QJsonObject> condition = mappedCondition(m_before.condition);
    m_conditionFits = condition.has_value();
    m_mapped.condition = condition.value_or(QJsonObject());
    if (!m_conditionFits) {                     // without it, the change would be made where it should not
        m_left.changes = m_before.changes;
        m_left.base = m_before.base;
    }
}

bool MutationMapping::isNothing() const noexcept
{
    return !m_conditionFits || (m_mapped.operation == StoredMutation::Operation::Update && m_mapped.changes.isEmpty());
}

std::optional<QJsonValue> MutationMapping::mappedValue(int field, const QString &name, const QJsonValue &json) const
{
    const int before = m_step.older ? m_step.older->fieldIndex(name) : -1;
    const FieldType *from = before < 0 ? nullptr : &m_step.older->fields[size_t(before)].type;
    const std::optional<Value> value = m_evolution.conversion.convert(m_step.newer->fields[size_t(field)].type, Value::fromJson(json), from);
    return value ? std::optional(value->toJson()) : std::nullopt;
}

void MutationMapping::leave(const QString &name, const QJsonValue &json, Reason reason)
{
    if (m_left.changes.isEmpty()) {
        m_reason = reason;
        m_field = name;
    }
    m_left.changes.insert(name, json);
    if (m_before.base.contains(name))
        m_left.base.insert(name, m_before.base.value(name));
}

static bool contains(const std::vector<int> &fields, int field)
{
    return std::find(fields.begin(), fields.end(), field) != fields.end();
}

// Which record it is about stands in the key of now; its row keeps the former.
bool MutationMapping::isFormerKey(const QString &name) const
{
    if (!m_step.older || !m_step.rekeys || m_before.operation != StoredMutation::Operation::Create)
        return false;
    return contains(m_step.older->primaryKey, m_step.older->fieldIndex(name));
}

void MutationMapping::mapChanges()
{
    for (auto change = m_before.changes.constBegin(); change != m_before.changes.constEnd(); ++change) {
        const int field = m_step.target(change.key());
        if (field < 0) {
            if (!isFormerKey(change.key()))
                leave(change.key(), *change, Reason::Gone);
            continue;
        }
        const QString name = m_step.newer->fields[size_t(field)].name;
        if (m_before.operation == StoredMutation::Operation::Update && contains(m_step.newer->primaryKey, field)) {
            leave(name, *change, Reason::Gone);         // a key never changes
            continue;
        }
        if (const std::optional<QJsonValue> value = mappedValue(field, change.key(), *change))
            m_mapped.changes.insert(name, *value);
        else
            leave(name, *change, Reason::WrongType);
    }
}

// An update knows what each of its fields was; what cannot be told is null.
void MutationMapping::mapBase()
{
    for (auto known = m_before.base.constBegin(); known != m_before.base.constEnd(); ++known) {
        const int field = m_step.target(known.key());
        if (field < 0)
            continue;
        const QString name = m_step.newer->fields[size_t(field)].name;
        const bool update = m_before.operation == StoredMutation::Operation::Update;
        if (update && !m_mapped.changes.contains(name)) {
            if (m_left.changes.contains(name))
                m_left.base.insert(name, *known);
            continue;
        }
        const std::optional<QJsonValue> value = mappedValue(field, known.key(), *known);
        if (value || update)
            m_mapped.base.insert(name, value.value_or(QJsonValue::Null));
    }
}

void MutationMapping::mapTheirs()
{
    QJsonObject theirs = m_before.error.value("theirs"_L1).toObject();
    const QJsonObject before = theirs.value("values"_L1).toObject();
    if (m_before.error.contains("model"_L1))
        m_mapped.error.insert(u"model"_s, m_step.newer->name);
    if (m_before.error.contains("yielded"_L1)) {
        QJsonArray yielded;
        for (const QJsonValue &name : m_before.error.value("yielded"_L1).toArray()) {
            if (const int field = m_step.target(name.toString()); field >= 0)
                yielded.append(m_step.newer->fields[size_t(field)].name);
        }
        m_mapped.error.insert(u"yielded"_s, yielded);
    }
    mapContested(u"contested"_s);
    mapContested(u"sentLists"_s);
    if (before.isEmpty())
        return;
    QJsonObject values;
    for (auto member = before.constBegin(); member != before.constEnd(); ++member) {
        const int field = m_step.target(member.key());
        const std::optional<QJsonValue> value = field < 0 ? std::nullopt : mappedValue(field, member.key(), *member);
        if (value)
            values.insert(m_step.newer->fields[size_t(field)].name, *value);
    }
    theirs.insert(u"values"_s, values);
    m_mapped.error.insert(u"theirs"_s, theirs);
}

void MutationMapping::mapContested(const QString &key)
{
    if (!m_before.error.contains(key))
        return;
    QJsonArray contested;
    for (const QJsonValue &each : m_before.error.value(key).toArray()) {
        const QJsonObject sides = each.toObject();
        const QString name = sides.value("field"_L1).toString();
        const int field = m_step.target(name);
        const auto side = [&](const QString &which) { return field < 0 ? std::nullopt : mappedValue(field, name, sides.value(which)); };
        const std::optional<QJsonValue> base = side(u"base"_s);
        const std::optional<QJsonValue> mine = side(u"mine"_s);
        if (base && mine)
            contested.append(QJsonObject{{u"field"_s, m_step.newer->fields[size_t(field)].name}, {u"base"_s, *base}, {u"mine"_s, *mine}});
    }
    m_mapped.error.insert(key, contested);
}

static bool isGroup(const QString &name)
{
    return name == "and"_L1 || name == "or"_L1 || name == "not"_L1;
}

std::optional<QJsonValue> MutationMapping::mappedGroup(const QJsonValue &group) const
{
    if (group.isObject()) {
        const std::optional<QJsonObject> mapped = mappedCondition(group.toObject());
        return mapped ? std::optional<QJsonValue>(*mapped) : std::nullopt;
    }
    QJsonArray result;
    for (const QJsonValue &part : group.toArray()) {
        const std::optional<QJsonObject> mapped = mappedCondition(part.toObject());
        if (!mapped)
            return {};
        result.append(*mapped);
    }
    return QJsonValue(result);
}

// What a condition compares with is of its field's type, so only fields that kept theirs keep their conditions.
std::optional<QJsonObject> MutationMapping::mappedCondition(const QJsonObject &condition) const
{
    QJsonObject result;
    for (auto part = condition.constBegin(); part != condition.constEnd(); ++part) {
        if (isGroup(part.key())) {
            const std::optional<QJsonValue> group = mappedGroup(*part);
            if (!group)
                return {};
            result.insert(part.key(), *group);
            continue;
        }
        const int field = m_step.target(part.key());
        const int before = m_step.older ? m_step.older->fieldIndex(part.key()) : -1;
        if (field < 0 || before < 0)
            return {};
        const FieldType &from = m_step.older->fields[size_t(before)].type, &to = m_step.newer->fields[size_t(field)].type;
        if (from.name != to.name || from.list != to.list)
            return {};
        result.insert(m_step.newer->fields[size_t(field)].name, *part);
    }
    return result;
}

} // namespace Tideline
