// SPDX-License-Identifier: MIT
#include "client/store/evolution_p.h"

#include "client/store/evolvednotes_p.h"
#include "client/store/migration.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Step = Evolution::Step;

Evolution::Evolution(Connection &connection, std::shared_ptr<const Layout> older, qint64 now)
    : connection(connection), olderLayout(std::move(older)), older(*olderLayout), newer(connection.layout()),
      plan(this->older.schema(), newer.schema()), conversion(this->older.schema(), newer.schema()), now(now)
{
}

QString Evolution::olderTable(const Step &step) const
{
    if (step.newer && !step.rebuilds)
        return older.table(*step.older).name;
    return Layout::quoted(u"$older%1"_s.arg(step.older->number));
}

Result<QString> Evolution::keyNow(const Step &step, const QString &key) const
{
    if (!step.rekeys)
        return key;
    Statement statement = connection.prepare(u"SELECT now FROM \"$keys\" WHERE model = ? AND before = ?"_s);
    if (!statement.bind(step.newer->name).bind(key).exec())
        return statement.error();
    const QString found = statement.next() ? statement.text(0) : QString();
    return statement.error().isError() ? Result<QString>(statement.error()) : Result<QString>(found);
}

Result<void> Evolution::add(UnmappedData::Kind kind, UnmappedData::Reason reason, const QString &model, const QString &key,
                            const QString &field, const QJsonObject &json) const
{
    return UnmappedTable::add(connection, {0, kind, reason, model, key, field, json, now});
}

namespace {

class Run
{
public:
    Run(Evolution &evolution, const MigrationHook &hook) : m_evolution(evolution), m_hook(hook) { }

    [[nodiscard]] Result<void> run();

private:
    using StepAction = Result<void> (*)(const Evolution &, const Step &);

    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> setOldTablesAside();
    [[nodiscard]] Result<void> makeTables();
    [[nodiscard]] Result<void> moveRows();
    [[nodiscard]] Result<void> dropOldTables();
    [[nodiscard]] Result<void> restore();
    [[nodiscard]] Result<void> fillIn();
    [[nodiscard]] Result<void> putRestAside();
    [[nodiscard]] Result<void> moveOutbox();
    [[nodiscard]] Result<void> moveNotes();
    [[nodiscard]] Result<void> end();

    [[nodiscard]] Result<void> run(const QString &sql) { return m_evolution.connection.run(sql); }
    [[nodiscard]] const std::vector<Step> &steps() const { return m_evolution.plan.steps(); }
    [[nodiscard]] static bool isSetAside(const Step &step) { return step.older && (!step.newer || step.rebuilds); }

    Evolution &m_evolution;
    const MigrationHook &m_hook;
};

Result<void> Run::run()
{
    using Part = Result<void> (Run::*)();
    static constexpr Part parts[]{&Run::begin, &Run::setOldTablesAside, &Run::makeTables, &Run::moveRows, &Run::dropOldTables,
                                  &Run::restore, &Run::fillIn, &Run::putRestAside, &Run::moveOutbox, &Run::moveNotes, &Run::end};
    for (const Part part : parts) {
        if (const Result<void> done = (this->*part)(); !done)
            return done;
    }
    return {};
}

Result<void> Run::begin()
{
    const Result<QVariant> last = m_evolution.connection.single(u"SELECT max(id) FROM tl_unmapped"_s);
    if (!last)
        return last.error();
    m_evolution.lastUnmapped = last->toLongLong();
    return run(u"CREATE TABLE \"$keys\" (model TEXT NOT NULL, before TEXT NOT NULL, now TEXT NOT NULL, PRIMARY KEY (model, before)) WITHOUT ROWID"_s);
}

static Result<QStringList> indexesOf(Connection &connection, const QString &table)
{
    Statement statement = connection.prepare(u"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?"_s);
    if (!statement.bind(table).exec())
        return statement.error();
    QStringList names;
    while (statement.next())
        names.append(statement.text(0));
    return statement.error().isError() ? Result<QStringList>(statement.error()) : Result<QStringList>(names);
}

Result<void> Run::setOldTablesAside()
{
    for (const Step &step : steps()) {
        if (!isSetAside(step))
            continue;
        const Result<QStringList> indexes = indexesOf(m_evolution.connection, step.older->name);
        if (!indexes)
            return indexes.error();
        for (const QString &index : *indexes) {
            if (const Result<void> dropped = run(u"DROP INDEX "_s + Layout::quoted(index)); !dropped)
                return dropped;
        }
        const QString name = m_evolution.older.table(*step.older).name;
        if (const Result<void> renamed = run(u"ALTER TABLE %1 RENAME TO %2"_s.arg(name, m_evolution.olderTable(step))); !renamed)
            return renamed;
    }
    return {};
}

Result<void> Run::makeTables()
{
    QStringList statements;
    for (const Step &step : steps()) {
        if (!step.newer)
            continue;
        const Table &table = m_evolution.tableOf(step);
        if (!step.older || step.rebuilds)
            statements.append(m_evolution.newer.createTable(table));
        for (int i = 0; step.older && !step.rebuilds && i < int(step.fields.size()); ++i) {
            if (step.fields[size_t(i)].from < 0)
                statements.append(m_evolution.newer.addColumn(table, i));
        }
    }
    for (const QString &statement : std::as_const(statements)) {
        if (const Result<void> made = run(statement); !made)
            return made;
    }
    return {};
}

Result<void> Run::moveRows()
{
    for (const Step &step : steps()) {
        if (!isSetAside(step))
            continue;
        const Result<void> moved = step.newer ? EvolvedRows::move(m_evolution, step) : EvolvedRows::keepAll(m_evolution, step);
        if (!moved)
            return moved;
    }
    for (const EvolutionPlan::Link &link : m_evolution.plan.links()) {
        if (const Result<void> linked = EvolvedRows::link(m_evolution, link); !linked)
            return linked;
    }
    return {};
}

Result<void> Run::dropOldTables()
{
    for (const Step &step : steps()) {
        const Result<void> dropped = isSetAside(step) ? run(u"DROP TABLE "_s + m_evolution.olderTable(step)) : Result<void>();
        if (!dropped)
            return dropped;
    }
    return {};
}

Result<void> Run::restore()
{
    const Result<void> rows = Restoring::rows(m_evolution);
    return rows ? Restoring::fields(m_evolution) : rows;
}

Result<void> Run::fillIn()
{
    for (const Step &step : steps()) {
        const Result<void> filled = step.newer ? NeededValues::fillDefaults(m_evolution, step) : Result<void>();
        if (!filled)
            return filled;
    }
    if (!m_hook)
        return {};
    SchemaMigration migration(m_evolution);
    return m_hook(migration);
}

Result<void> Run::putRestAside()
{
    for (const Step &step : steps()) {
        const Result<void> put = step.newer && step.demands ? NeededValues::putRestAside(m_evolution, step) : Result<void>();
        if (!put)
            return put;
    }
    return {};
}

Result<void> Run::moveOutbox()
{
    const Result<void> moved = EvolvedOutbox::run(m_evolution);
    return moved ? Restoring::mutations(m_evolution) : moved;
}

Result<void> Run::moveNotes()
{
    return EvolvedNotes::run(m_evolution);
}

Result<void> Run::end()
{
    return run(u"DROP TABLE \"$keys\""_s);
}

} // namespace

Result<void> evolve(Connection &connection, const Schema &older, const MigrationHook &hook, qint64 now)
{
    const Result<std::shared_ptr<const Layout>> layout = Layout::make(older);
    if (!layout)
        return layout.error();
    Evolution evolution(connection, *layout, now);
    return Run(evolution, hook).run();
}

} // namespace Tideline
