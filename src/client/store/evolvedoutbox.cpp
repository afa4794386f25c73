// SPDX-License-Identifier: MIT
#include "client/store/evolvedmutation_p.h"

#include "core/data/record.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Entry = UnmappedTable::Entry;
using Kind = UnmappedData::Kind;
using Operation = OutboxEntry::Operation;
using Reason = UnmappedData::Reason;
using State = OutboxEntry::State;

static constexpr int ChunkSize = 500;

static Result<bool> isRowAside(const Evolution &evolution, const QString &model, const QString &key)
{
    const Result<QList<Entry>> entries = UnmappedTable::of(evolution.connection, model, key);
    if (!entries)
        return entries.error();
    return std::any_of(entries->begin(), entries->end(), [](const Entry &entry) { return entry.kind == Kind::Row; });
}

static QString keyCondition(const Table &table)
{
    QStringList parts;
    for (const int field : table.model->primaryKey)
        parts.append(table.columns[size_t(field)] + u" = ?"_s);
    return parts.join(u" AND "_s);
}

namespace {

class OutboxMove
{
public:
    explicit OutboxMove(const Evolution &evolution) : m_evolution(evolution) { }

    [[nodiscard]] Result<void> run();

private:
    [[nodiscard]] Result<void> move(const StoredMutation &mutation);
    [[nodiscard]] Result<void> mapOnto(const Evolution::Step &step, const StoredMutation &mutation, const QString &key,
                                       const QJsonObject &row);
    [[nodiscard]] Result<QString> keyOfNow(const Evolution::Step &step, const StoredMutation &mutation) const;
    [[nodiscard]] Result<void> putAside(StoredMutation mutation, Reason reason, const QString &field);
    [[nodiscard]] Result<void> settleStates();

    const Evolution &m_evolution;
    QSet<std::pair<QString, QString>> m_shortened;          // lanes that lost a mutation
};

Result<void> OutboxMove::run()
{
    for (qint64 last = 0;;) {
        const Result<QList<StoredMutation>> chunk = StoredMutation::after(m_evolution.connection, last, ChunkSize);
        if (!chunk)
            return chunk.error();
        if (chunk->isEmpty())
            return settleStates();
        for (const StoredMutation &mutation : *chunk) {
            last = mutation.sequence;
            if (const Result<void> moved = move(mutation); !moved)
                return moved;
        }
    }
}

Result<void> OutboxMove::move(const StoredMutation &mutation)
{
    const Evolution::Step *step = m_evolution.plan.stepOf(mutation.model);
    if (!step || !step->newer)
        return putAside(mutation, Reason::Gone, {});
    if (!step->changes() && m_evolution.touched.isEmpty())
        return {};
    const Result<QString> key = keyOfNow(*step, mutation);
    if (!key)
        return key.error();
    const Result<QJsonObject> row = EvolvedOutbox::row(m_evolution, m_evolution.tableOf(*step), *key);
    if (!row)
        return row.error();
    const bool needsRow = mutation.operation != Operation::Delete && row->isEmpty();
    const Result<bool> aside = needsRow ? isRowAside(m_evolution, step->newer->name, key->isEmpty() ? mutation.key : *key) : Result<bool>(false);
    if (!aside)
        return aside.error();
    if (*aside || key->isEmpty()) {
        StoredMutation moved = mutation;
        moved.model = step->newer->name;
        return putAside(moved, *aside ? Reason::RowAside : Reason::KeyMissing, {});
    }
    return mapOnto(*step, mutation, *key, *row);
}

// A deleted record has no row to tell; all its values stand in the mutation.
Result<QString> OutboxMove::keyOfNow(const Evolution::Step &step, const StoredMutation &mutation) const
{
    const Result<QString> known = m_evolution.keyNow(step, mutation.key);
    if (!known || !known->isEmpty() || mutation.operation != Operation::Delete)
        return known;
    std::vector<Value> parts;
    for (const int field : step.newer->primaryKey) {
        const int from = step.fields[size_t(field)].from;
        const QString name = from < 0 ? QString() : step.older->fields[size_t(from)].name;
        const std::optional<Value> part = m_evolution.conversion.convert(step.newer->fields[size_t(field)].type,
                                                                         Value::fromJson(mutation.base.value(name)));
        if (!part || part->isNull())
            return QString();
        parts.push_back(*part);
    }
    return keyFromParts(parts);
}

Result<void> OutboxMove::mapOnto(const Evolution::Step &step, const StoredMutation &mutation, const QString &key, const QJsonObject &row)
{
    MutationMapping mapping(m_evolution, step, mutation);
    mapping.run();
    if (mapping.isNothing()) {
        StoredMutation left = mapping.left();
        left.key = key;
        return putAside(left, mapping.reason(), mapping.field());
    }
    StoredMutation mapped = mapping.mapped();
    mapped.key = key;
    EvolvedOutbox::complete(m_evolution, step, mapped, mutation, row);
    if (!mapping.isWhole()) {
        StoredMutation left = mapping.left();
        left.key = key;
        left.operation = Operation::Update;
        left.condition = {};
        left.error = {};
        left.state = State::Waiting;
        if (const Result<void> kept = m_evolution.add(Kind::Mutation, mapping.reason(), left.model, key, mapping.field(), left.toUnmapped()); !kept)
            return kept;
    }
    return mapped.update(m_evolution.connection);
}

Result<void> OutboxMove::putAside(StoredMutation mutation, Reason reason, const QString &field)
{
    m_shortened.insert({mutation.model, mutation.key});
    if (const Result<void> kept = m_evolution.add(Kind::Mutation, reason, mutation.model, mutation.key, field, mutation.toUnmapped()); !kept)
        return kept;
    return mutation.remove(m_evolution.connection);
}

Result<void> OutboxMove::settleStates()
{
    for (const auto &[model, key] : std::as_const(m_shortened)) {
        const auto type = m_evolution.newer.schema().model(model);
        const Result<void> settled = type ? EvolvedOutbox::settleState(m_evolution, m_evolution.newer.table(*type), key) : Result<void>();
        if (!settled)
            return settled;
    }
    return {};
}

} // namespace

namespace EvolvedOutbox {

Result<QJsonObject> row(const Evolution &evolution, const Table &table, const QString &key)
{
    const Schema &schema = evolution.newer.schema();
    const std::vector<Value> parts = keyParts(*table.model, key);
    if (parts.size() != table.model->primaryKey.size())
        return QJsonObject();
    Statement statement = evolution.connection.prepare(table, RowStatement::ByKey);
    for (size_t i = 0; i < parts.size(); ++i)
        statement.bind(RawValue::toColumn(schema, table, table.model->primaryKey[i], parts[i]));
    if (!statement.exec())
        return statement.error();
    QJsonObject json;
    if (statement.next()) {
        const std::vector<Value> values = RawValue::row(schema, table, statement);
        for (size_t i = 0; i < values.size(); ++i)
            json.insert(table.model->fields[i].name, values[i].toJson());
    }
    return statement.error().isError() ? Result<QJsonObject>(statement.error()) : Result<QJsonObject>(json);
}

void complete(const Evolution &evolution, const Evolution::Step &step, StoredMutation &mapped, const StoredMutation &before,
              const QJsonObject &row)
{
    if (mapped.operation == Operation::Delete || row.isEmpty())
        return;
    const auto take = [&](const QString &name) {
        mapped.changes.insert(name, row.value(name));
        if (mapped.operation == Operation::Update && !mapped.base.contains(name))
            mapped.base.insert(name, QJsonValue::Null);
    };
    for (const SchemaField &field : step.newer->fields) {
        const bool there = mapped.changes.contains(field.name);
        const bool lacks = mapped.operation == Operation::Create ? !there || mapped.changes.value(field.name).isNull()
                                                                 : there && mapped.changes.value(field.name).isNull();
        const bool touched = evolution.touched.contains({step.newer->name + u'/' + field.name, mapped.key});
        if (!row.value(field.name).isNull() && ((lacks && NeededValues::isNeeded(field)) || (mapped.operation == Operation::Create && touched)))
            take(field.name);
    }
    for (const int field : step.newer->primaryKey) {
        if (step.rekeys && mapped.operation == Operation::Create)
            take(step.newer->fields[size_t(field)].name);
    }
    for (const EvolutionPlan::Link &link : evolution.plan.links()) {
        const bool concerned = step.older && &evolution.plan.steps()[size_t(link.holder)] == &step
            && std::any_of(link.from.begin(), link.from.end(), [&](int field) { return before.changes.contains(step.older->fields[size_t(field)].name); });
        for (const int field : concerned ? link.to : std::vector<int>())
            take(step.newer->fields[size_t(field)].name);
    }
}

Result<void> run(const Evolution &evolution)
{
    return OutboxMove(evolution).run();
}

static QString stateOf(const QList<StoredMutation> &lane)
{
    const auto has = [&](State state) {
        return std::any_of(lane.begin(), lane.end(), [&](const StoredMutation &mutation) { return mutation.state == state; });
    };
    if (lane.isEmpty())
        return u"CASE WHEN \"$version\" > 0 THEN 1 ELSE 0 END"_s;
    const SyncState state = has(State::Rejected) ? SyncState::Rejected : has(State::Sending) ? SyncState::Sending : SyncState::Pending;
    return QString::number(int(state));
}

Result<void> settleState(const Evolution &evolution, const Table &table, const QString &key)
{
    const Result<QList<StoredMutation>> lane = StoredMutation::lane(evolution.connection, table.model->name, key);
    if (!lane)
        return lane.error();
    const std::vector<Value> parts = keyParts(*table.model, key);
    if (parts.size() != table.model->primaryKey.size())
        return {};
    Statement statement = evolution.connection.prepare(u"UPDATE "_s + table.name + u" SET \"$state\" = "_s + stateOf(*lane) + u" WHERE "_s
                                                       + keyCondition(table));
    for (size_t i = 0; i < parts.size(); ++i)
        statement.bind(RawValue::toColumn(evolution.newer.schema(), table, table.model->primaryKey[i], parts[i]));
    return statement.exec() ? Result<void>() : Result<void>(statement.error());
}

} // namespace EvolvedOutbox

} // namespace Tideline
