// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/coalescing_p.h"
#include "client/store/rows_p.h"

namespace Tideline {

/*! One save by the user: checks everything, then writes the row and its mutation. */
class SaveOperation
{
public:
    SaveOperation(WriterState &state, const Draft &draft, const Predicate &condition, qint64 now);

    [[nodiscard]] Result<Record> run();
    [[nodiscard]] qint64 sequence() const noexcept { return m_sequence; }   // of the mutation; 0: nothing to send

private:
    using FieldValues = QList<std::pair<int, Value>>;

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> checkChanges() const;
    [[nodiscard]] Result<Record> updateBase();
    [[nodiscard]] Result<Record> update(const Record &stored);
    [[nodiscard]] Result<Record> createOrUpdate();
    [[nodiscard]] Record newRecord(FieldValues &given) const;   // given: what the mutation says
    [[nodiscard]] Value newId() const;
    [[nodiscard]] Result<Record> created(const Record &record, FieldValues given);

    [[nodiscard]] Result<void> checkKey(const Record &record) const;
    [[nodiscard]] Result<void> checkNew(const Record &record) const;
    [[nodiscard]] Result<void> checkCondition(const Record &stored) const;
    [[nodiscard]] Result<void> checkParents(const Record &record, const std::vector<int> *changed) const;
    [[nodiscard]] Result<void> checkParent(const Record &record, const Relation &relation) const;
    [[nodiscard]] Result<bool> dependsOnLater(const Record &record, const std::vector<int> &changed, qint64 sequence) const;
    [[nodiscard]] SyncState nextState(SyncState before, bool repairs = false) const;
    [[nodiscard]] Result<SyncState> newState(const Record &record) const;

    [[nodiscard]] Result<Coalesced> plan(OutboxEntry entry, const Record &record, const std::vector<int> &changed) const;
    [[nodiscard]] Result<void> enqueue(Coalesced coalesced, const Record &record);

    WriterState &m_state;
    const Draft &m_draft;
    const Predicate &m_condition;
    qint64 m_now;
    const Schema &m_schema;
    const Table *m_table = nullptr;
    bool m_hasCondition;
    qint64 m_sequence = 0;
};

} // namespace Tideline
