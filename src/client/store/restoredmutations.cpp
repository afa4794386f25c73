// SPDX-License-Identifier: MIT
#include "client/store/evolvedmutation_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Entry = UnmappedTable::Entry;
using Kind = UnmappedData::Kind;
using Operation = OutboxEntry::Operation;
using State = OutboxEntry::State;

namespace {

/*
    A mutation goes back to where it was in the order of all. It stays aside where that would change what came later: when
    the record has to be there and is not, or the other way round, and when its lane has begun to be sent.
*/
class MutationRestoring
{
public:
    MutationRestoring(const Evolution &evolution, const Evolution::Step &step, Entry entry)
        : m_evolution(evolution), m_step(step), m_table(evolution.tableOf(step)), m_entry(std::move(entry)),
          m_mutation(StoredMutation::fromUnmapped(m_entry)), m_mapping(evolution, step, m_mutation)
    {
    }

    [[nodiscard]] Result<void> run();

private:
    [[nodiscard]] bool fits(const QList<StoredMutation> &lane, const QJsonObject &row) const;
    [[nodiscard]] Result<void> putBack(const QList<StoredMutation> &lane, const QJsonObject &row);
    [[nodiscard]] Result<void> stay();

    const Evolution &m_evolution;
    const Evolution::Step &m_step;
    const Table &m_table;
    Entry m_entry;
    const StoredMutation m_mutation;
    MutationMapping m_mapping;
};

bool isUnderWay(const StoredMutation &mutation)
{
    return mutation.state != State::Waiting || mutation.attempts > 0;
}

bool MutationRestoring::fits(const QList<StoredMutation> &lane, const QJsonObject &row) const
{
    if (m_mapping.isNothing() || row.isEmpty() != (m_mutation.operation == Operation::Delete))
        return false;
    return std::none_of(lane.begin(), lane.end(), [this](const StoredMutation &other) {
        const bool later = other.sequence > m_mutation.sequence;
        return (other.sequence >= m_mutation.sequence && isUnderWay(other))
            || (later && (m_mutation.operation != Operation::Update || other.operation == Operation::Create));
    });
}

Result<void> MutationRestoring::stay()
{
    m_entry.model = m_table.model->name;
    const int field = m_entry.field.isEmpty() ? -1 : m_step.target(m_entry.field);
    if (field >= 0)
        m_entry.field = m_table.model->fields[size_t(field)].name;
    for (const QString &part : {u"changes"_s, u"base"_s})
        m_entry.json.insert(part, Restoring::underNamesOfNow(m_step, m_entry.json.value(part).toObject()));
    return UnmappedTable::update(m_evolution.connection, m_entry);
}

Result<void> MutationRestoring::putBack(const QList<StoredMutation> &lane, const QJsonObject &row)
{
    StoredMutation mapped = m_mapping.mapped();
    mapped.key = m_entry.key;
    if (mapped.state == State::Sending)
        mapped.state = State::Waiting;
    const auto same = std::find_if(lane.begin(), lane.end(), [&](const StoredMutation &other) { return other.sequence == mapped.sequence; });
    if (same == lane.end()) {
        EvolvedOutbox::complete(m_evolution, m_step, mapped, m_mutation, row);
        return mapped.insert(m_evolution.connection);
    }
    StoredMutation joined = *same;
    for (auto change = mapped.changes.constBegin(); change != mapped.changes.constEnd(); ++change) {
        if (joined.changes.contains(change.key()))
            continue;
        joined.changes.insert(change.key(), *change);
        if (joined.operation == Operation::Update)
            joined.base.insert(change.key(), mapped.base.value(change.key()));
    }
    return joined.update(m_evolution.connection);
}

Result<void> MutationRestoring::run()
{
    m_mapping.run();
    const Result<QList<StoredMutation>> lane = StoredMutation::lane(m_evolution.connection, m_table.model->name, m_entry.key);
    if (!lane)
        return lane.error();
    const Result<QJsonObject> row = EvolvedOutbox::row(m_evolution, m_table, m_entry.key);
    if (!row)
        return row.error();
    if (!fits(*lane, *row))
        return stay();
    if (const Result<void> put = putBack(*lane, *row); !put)
        return put;
    if (const Result<void> settled = EvolvedOutbox::settleState(m_evolution, m_table, m_entry.key); !settled)
        return settled;
    if (m_mapping.isWhole())
        return UnmappedTable::remove(m_evolution.connection, m_entry.id);
    StoredMutation left = m_mapping.left();
    left.operation = Operation::Update;
    left.state = State::Waiting;
    left.condition = left.error = {};
    m_entry.json = left.toUnmapped();
    m_entry.reason = m_mapping.reason();
    m_entry.field = m_mapping.field();
    m_entry.model = m_table.model->name;
    return UnmappedTable::update(m_evolution.connection, m_entry);
}

} // namespace

Result<void> Restoring::mutations(const Evolution &evolution)
{
    return forEach(evolution, Kind::Mutation, [&](const Evolution::Step &step, Entry entry) {
        return MutationRestoring(evolution, step, std::move(entry)).run();
    });
}

} // namespace Tideline
