// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/evolution_p.h"
#include "client/store/outboxentry.h"

namespace Tideline {

/*! A row of tl_outbox with its fields by name, as it stands in the file; its model may be of another schema. */
struct StoredMutation
{
    using Operation = OutboxEntry::Operation;
    using State = OutboxEntry::State;

    qint64 sequence = 0;
    QString model;
    QString key;
    Operation operation = Operation::Create;
    QJsonObject changes;
    QJsonObject base;
    qint64 baseVersion = 0;
    QJsonObject condition;                  // empty: none
    State state = State::Waiting;
    int attempts = 0;
    qint64 createdAt = 0;
    QJsonObject error;

    [[nodiscard]] static StoredMutation fromRow(const Statement &row);
    [[nodiscard]] static StoredMutation fromUnmapped(const UnmappedTable::Entry &entry);
    [[nodiscard]] QJsonObject toUnmapped() const;

    [[nodiscard]] static Result<QList<StoredMutation>> after(Connection &connection, qint64 sequence, int limit);
    [[nodiscard]] static Result<QList<StoredMutation>> lane(Connection &connection, const QString &model, const QString &key);
    [[nodiscard]] Result<void> insert(Connection &connection) const;
    [[nodiscard]] Result<void> update(Connection &connection) const;
    [[nodiscard]] Result<void> remove(Connection &connection) const;
};

/*! Brings one mutation to the newer schema: what is left of it, and what has no place. */
class MutationMapping
{
public:
    MutationMapping(const Evolution &evolution, const Evolution::Step &step, StoredMutation mutation);

    void run();

    [[nodiscard]] const StoredMutation &mapped() const noexcept { return m_mapped; }
    [[nodiscard]] const StoredMutation &left() const noexcept { return m_left; }       // the same one with the other changes
    [[nodiscard]] bool isWhole() const noexcept { return m_left.changes.isEmpty(); }
    [[nodiscard]] bool isNothing() const noexcept;
    [[nodiscard]] UnmappedData::Reason reason() const noexcept { return m_reason; }    // of what is left
    [[nodiscard]] const QString &field() const noexcept { return m_field; }

private:
    void mapChanges();
    void mapBase();
    void mapTheirs();
    void mapContested(const QString &key);
    [[nodiscard]] std::optional<QJsonValue> mappedValue(int field, const QString &name, const QJsonValue &json) const;
    [[nodiscard]] std::optional<QJsonObject> mappedCondition(const QJsonObject &condition) const;
    [[nodiscard]] std::optional<QJsonValue> mappedGroup(const QJsonValue &group) const;
    [[nodiscard]] bool isFormerKey(const QString &name) const;
    void leave(const QString &name, const QJsonValue &json, UnmappedData::Reason reason);

    const Evolution &m_evolution;
    const Evolution::Step &m_step;
    const StoredMutation m_before;
    StoredMutation m_mapped;
    StoredMutation m_left;
    bool m_conditionFits = true;
    UnmappedData::Reason m_reason = UnmappedData::Reason::Gone;
    QString m_field;
};

namespace EvolvedOutbox {
[[nodiscard]] Result<QJsonObject> row(const Evolution &evolution, const Table &table, const QString &key);   // by name; empty: there is none
[[nodiscard]] Result<void> settleState(const Evolution &evolution, const Table &table, const QString &key);  // of the row, after its lane
// What the backend must be told because the schema says so, and the row knows.
void complete(const Evolution &evolution, const Evolution::Step &step, StoredMutation &mapped, const StoredMutation &before,
              const QJsonObject &row);
} // namespace EvolvedOutbox

} // namespace Tideline
