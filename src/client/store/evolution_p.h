// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "client/store/evolutionplan_p.h"
#include "client/store/unmappedtable_p.h"
#include "client/store/valueconversion_p.h"

#include <QtCore/QSet>

#include <functional>

namespace Tideline {

class SchemaMigration;

using MigrationHook = std::function<Result<void>(SchemaMigration &)>;

/*! Brings the tables, the outbox and what else the file notes about records to the schema of \a connection, inside its
    transaction. Whatever has no place any more is in tl_unmapped afterwards. */
[[nodiscard]] Result<void> evolve(Connection &connection, const Schema &older, const MigrationHook &hook, qint64 now);

/*! What the parts of an evolution share. */
struct Evolution
{
    using Step = EvolutionPlan::ModelStep;

    Evolution(Connection &connection, std::shared_ptr<const Layout> older, qint64 now);

    [[nodiscard]] const Table &tableOf(const Step &step) const { return newer.table(*step.newer); }
    [[nodiscard]] QString olderTable(const Step &step) const;              // quoted; as long as it is there
    [[nodiscard]] Result<QString> keyNow(const Step &step, const QString &key) const;  // of a record that had this key; empty: none
    [[nodiscard]] Result<void> add(UnmappedData::Kind kind, UnmappedData::Reason reason, const QString &model, const QString &key,
                                   const QString &field, const QJsonObject &json) const;

    Connection &connection;
    const std::shared_ptr<const Layout> olderLayout;
    const Layout &older;
    const Layout &newer;
    const EvolutionPlan plan;
    const ValueConversion conversion;
    const qint64 now;
    qint64 lastUnmapped = 0;                        // what stood in tl_unmapped before
    QSet<std::pair<QString, QString>> touched;      // "model/field", key: by the application
};

// A value of a row and its place in a column. Members that embedded types lack stay.
namespace RawValue {
[[nodiscard]] Value fromColumn(const Schema &schema, const Table &table, int field, const QVariant &column);
[[nodiscard]] QVariant toColumn(const Schema &schema, const Table &table, int field, const Value &value);
[[nodiscard]] std::vector<Value> row(const Schema &schema, const Table &table, const Statement &row);
void insertHidden(QJsonObject &json, const Statement &row);
} // namespace RawValue

// Rows from the older tables to the newer.
namespace EvolvedRows {
[[nodiscard]] Result<void> move(const Evolution &evolution, const Evolution::Step &step);
[[nodiscard]] Result<void> keepAll(const Evolution &evolution, const Evolution::Step &step);     // of a model that is gone
[[nodiscard]] Result<void> link(const Evolution &evolution, const EvolutionPlan::Link &link);
} // namespace EvolvedRows

// Values that rows need.
namespace NeededValues {
[[nodiscard]] Result<void> fillDefaults(const Evolution &evolution, const Evolution::Step &step);
[[nodiscard]] Result<void> putRestAside(const Evolution &evolution, const Evolution::Step &step);
[[nodiscard]] bool isNeeded(const SchemaField &field);
} // namespace NeededValues

// What earlier changes of the schema had no place for, and this one may have.
namespace Restoring {
[[nodiscard]] Result<void> rows(const Evolution &evolution);
[[nodiscard]] Result<void> fields(const Evolution &evolution);
[[nodiscard]] Result<void> mutations(const Evolution &evolution);
// Entries of before this change of the schema whose model it has; their keys are those of now.
using Visitor = std::function<Result<void>(const Evolution::Step &step, UnmappedTable::Entry entry)>;
[[nodiscard]] Result<void> forEach(const Evolution &evolution, UnmappedData::Kind kind, const Visitor &visit);
[[nodiscard]] QJsonObject underNamesOfNow(const Evolution::Step &step, const QJsonObject &json);
} // namespace Restoring

namespace EvolvedOutbox {
[[nodiscard]] Result<void> run(const Evolution &evolution);
} // namespace EvolvedOutbox

} // namespace Tideline
