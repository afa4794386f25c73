// SPDX-License-Identifier: MIT
#include "client/store/evolution_p.h"

#include "client/store/rowcodec_p.h"
#include "core/data/json.h"
#include "core/data/record.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Reason = UnmappedData::Reason;
using Kind = UnmappedData::Kind;

namespace RawValue {

Value fromColumn(const Schema &schema, const Table &table, int field, const QVariant &column)
{
    if (table.storage[size_t(field)] != Storage::Json || column.isNull())
        return RowCodec::fromSql(schema, table.model->fields[size_t(field)].type, table.storage[size_t(field)], column);
    const QJsonDocument document = parseJson(column.toByteArray());
    return document.isArray() ? Value::fromJson(document.array()) : Value::fromJson(document.object());
}

QVariant toColumn(const Schema &schema, const Table &table, int field, const Value &value)
{
    if (value.kind() == Value::Kind::List || value.kind() == Value::Kind::Object)
        return value.toJsonText();
    return RowCodec::toSql(schema, table.model->fields[size_t(field)].type, table.storage[size_t(field)], value);
}

std::vector<Value> row(const Schema &schema, const Table &table, const Statement &row)
{
    std::vector<Value> values;
    values.reserve(table.columns.size());
    for (int i = 0; i < int(table.columns.size()); ++i)
        values.push_back(fromColumn(schema, table, i, row.value(FirstFieldColumn + i)));
    return values;
}

void insertHidden(QJsonObject &json, const Statement &row)
{
    json.insert(u"$version"_s, row.integer(VersionColumn));
    json.insert(u"$changedAt"_s, row.integer(ChangedAtColumn));
    json.insert(u"$state"_s, row.integer(StateColumn));
}

} // namespace RawValue

namespace {

// The rows of one model, by one statement where every value has its place, else one by one.
class RowMove
{
public:
    RowMove(const Evolution &evolution, const Evolution::Step &step)
        : m_evolution(evolution), m_step(step), m_from(evolution.older.table(*step.older)), m_source(evolution.olderTable(step))
    {
    }

    [[nodiscard]] Result<void> run();
    [[nodiscard]] Result<void> keepAll();

private:
    [[nodiscard]] Result<void> all();
    [[nodiscard]] Result<void> goneValues();
    [[nodiscard]] Result<void> each(const QString &where, const std::function<Result<void>(const Statement &row)> &visit);
    [[nodiscard]] Result<void> moveRow(const Statement &row);
    [[nodiscard]] Result<void> findKey(const std::vector<Value> &before, std::vector<Value> &after, std::vector<QVariant> &columns);
    [[nodiscard]] Result<bool> insert(const Statement &row, const std::vector<QVariant> &columns);
    [[nodiscard]] Result<void> noteKey(const QString &before, const QString &now);
    [[nodiscard]] Result<void> keepGone(const std::vector<Value> &before, const QString &key);
    [[nodiscard]] Result<void> putAside(const Statement &row, const std::vector<Value> &before, Reason reason, const QString &field = {});
    [[nodiscard]] QString nameOf(int olderField) const;
    [[nodiscard]] bool isVerbatim(int field) const;
    [[nodiscard]] const Schema &olderSchema() const { return m_evolution.older.schema(); }

    const Evolution &m_evolution;
    const Evolution::Step &m_step;
    const Table &m_from;
    const QString m_source;
};

Result<void> RowMove::run()
{
    const bool sure = std::all_of(m_step.fields.begin(), m_step.fields.end(),
                                  [](const EvolutionPlan::FieldStep &field) { return field.from < 0 || field.sure; });
    if (m_step.rekeys || !sure)
        return each({}, [this](const Statement &row) { return moveRow(row); });
    const Result<void> moved = all();
    return moved && !m_step.gone.empty() ? goneValues() : moved;
}

Result<void> RowMove::all()
{
    const Table &table = m_evolution.tableOf(m_step);
    const QString hidden = u"\"$row\", \"$version\", \"$changedAt\", \"$state\""_s;
    QStringList into{hidden}, from{hidden};
    for (size_t i = 0; i < m_step.fields.size(); ++i) {
        if (m_step.fields[i].from >= 0) {
            into.append(table.columns[i]);
            from.append(m_step.fields[i].expression);
        }
    }
    return m_evolution.connection.run(u"INSERT INTO %1 (%2) SELECT %3 FROM %4 ORDER BY \"$row\""_s
                                          .arg(table.name, into.join(u", "_s), from.join(u", "_s), m_source));
}

Result<void> RowMove::each(const QString &where, const std::function<Result<void>(const Statement &row)> &visit)
{
    Statement rows = m_evolution.connection.prepare(u"SELECT "_s + m_from.rowColumns({}) + u" FROM "_s + m_source + where + u" ORDER BY \"$row\""_s);
    if (!rows.exec())
        return rows.error();
    while (rows.next()) {
        if (const Result<void> visited = visit(rows); !visited)
            return visited;
    }
    return rows.error().isError() ? Result<void>(rows.error()) : Result<void>();
}

Result<void> RowMove::goneValues()
{
    QStringList any;
    for (const int field : m_step.gone)
        any.append(m_from.columns[size_t(field)] + u" IS NOT NULL"_s);
    return each(u" WHERE "_s + any.join(u" OR "_s), [this](const Statement &row) {
        const std::vector<Value> before = RawValue::row(olderSchema(), m_from, row);
        return keepGone(before, keyOf(*m_step.older, before));
    });
}

Result<void> RowMove::keepGone(const std::vector<Value> &before, const QString &key)
{
    for (const int field : m_step.gone) {
        const Value &value = before[size_t(field)];
        const QString name = m_step.older->fields[size_t(field)].name;
        if (value.isNull())
            continue;
        if (const Result<void> kept = m_evolution.add(Kind::Field, Reason::Gone, m_step.newer->name, key, name, {{name, value.toJson()}}); !kept)
            return kept;
    }
    return {};
}

// Under the name it has now, if it has one.
QString RowMove::nameOf(int olderField) const
{
    const int now = m_step.newer ? m_step.target(olderField) : -1;
    return now < 0 ? m_step.older->fields[size_t(olderField)].name : m_step.newer->fields[size_t(now)].name;
}

Result<void> RowMove::putAside(const Statement &row, const std::vector<Value> &before, Reason reason, const QString &field)
{
    QJsonObject json;
    RawValue::insertHidden(json, row);
    for (int i = 0; i < int(before.size()); ++i) {
        if (!before[size_t(i)].isNull())
            json.insert(nameOf(i), before[size_t(i)].toJson());
    }
    const QString model = m_step.newer ? m_step.newer->name : m_step.older->name;
    return m_evolution.add(Kind::Row, reason, model, keyOf(*m_step.older, before), field, json);
}

Result<void> RowMove::keepAll()
{
    return each({}, [this](const Statement &row) { return putAside(row, RawValue::row(olderSchema(), m_from, row), Reason::Gone); });
}

// As it stands in the file: reading it would lose the order of members.
bool RowMove::isVerbatim(int field) const
{
    const EvolutionPlan::FieldStep &step = m_step.fields[size_t(field)];
    return step.from >= 0 && step.expression == m_from.columns[size_t(step.from)] && m_from.storage[size_t(step.from)] == Storage::Json;
}

Result<void> RowMove::moveRow(const Statement &row)
{
    const Table &table = m_evolution.tableOf(m_step);
    const std::vector<Value> before = RawValue::row(olderSchema(), m_from, row);
    std::vector<Value> after(m_step.fields.size());
    std::vector<QVariant> columns(m_step.fields.size());
    std::vector<int> unfit;
    for (int i = 0; i < int(m_step.fields.size()); ++i) {
        const int from = m_step.fields[size_t(i)].from;
        if (from < 0)
            continue;
        if (isVerbatim(i)) {
            if (!before[size_t(from)].isNull())
                columns[size_t(i)] = QString::fromUtf8(row.value(FirstFieldColumn + from).toByteArray());
            continue;
        }
        std::optional<Value> value = m_evolution.conversion.convert(table.model->fields[size_t(i)].type, before[size_t(from)],
                                                                    &m_step.older->fields[size_t(from)].type);
        if (!value)
            unfit.push_back(i);
        after[size_t(i)] = std::move(value).value_or(Value());
        columns[size_t(i)] = RawValue::toColumn(m_evolution.newer.schema(), table, i, after[size_t(i)]);
    }
    if (const Result<void> found = findKey(before, after, columns); !found)
        return found;
    for (const int field : table.model->primaryKey) {
        const Value &part = after[size_t(field)];
        if (part.isNull() || (part.kind() == Value::Kind::Text && part.toText().isEmpty()))
            return putAside(row, before, Reason::KeyMissing, table.model->fields[size_t(field)].name);
    }
    const Result<bool> inserted = insert(row, columns);
    if (!inserted)
        return inserted.error();
    if (!*inserted)
        return putAside(row, before, Reason::KeyTaken);
    const QString key = keyOf(*table.model, after);
    for (const int field : unfit) {
        const QString name = table.model->fields[size_t(field)].name;
        const QJsonObject json{{name, before[size_t(m_step.fields[size_t(field)].from)].toJson()}};
        if (const Result<void> kept = m_evolution.add(Kind::Field, Reason::WrongType, table.model->name, key, name, json); !kept)
            return kept;
    }
    if (const Result<void> kept = keepGone(before, key); !kept)
        return kept;
    return m_step.rekeys ? noteKey(keyOf(*m_step.older, before), key) : Result<void>();
}

// A key that an earlier change of the schema took away is among what was kept then.
Result<void> RowMove::findKey(const std::vector<Value> &before, std::vector<Value> &after, std::vector<QVariant> &columns)
{
    const Table &table = m_evolution.tableOf(m_step);
    const auto lacks = [&](int field) { return m_step.fields[size_t(field)].from < 0 && after[size_t(field)].isNull(); };
    if (std::none_of(table.model->primaryKey.begin(), table.model->primaryKey.end(), lacks))
        return {};
    const Result<QList<UnmappedTable::Entry>> entries = UnmappedTable::of(m_evolution.connection, m_step.older->name, keyOf(*m_step.older, before));
    if (!entries)
        return entries.error();
    for (const UnmappedTable::Entry &entry : *entries) {
        const int field = entry.kind == Kind::Field ? m_step.target(entry.field) : -1;
        const auto &key = table.model->primaryKey;
        if (field < 0 || std::find(key.begin(), key.end(), field) == key.end() || !lacks(field))
            continue;
        const Value kept = Value::fromJson(entry.json.value(entry.field));
        const std::optional<Value> value = m_evolution.conversion.convert(table.model->fields[size_t(field)].type, kept);
        if (!value)
            continue;
        after[size_t(field)] = *value;
        columns[size_t(field)] = RawValue::toColumn(m_evolution.newer.schema(), table, field, *value);
        if (const Result<void> removed = UnmappedTable::remove(m_evolution.connection, entry.id); !removed)
            return removed;
    }
    return {};
}

Result<bool> RowMove::insert(const Statement &row, const std::vector<QVariant> &columns)
{
    Statement statement = m_evolution.connection.prepare(m_evolution.tableOf(m_step), RowStatement::Insert);
    for (const int hidden : {RowIdColumn, VersionColumn, ChangedAtColumn, StateColumn})
        statement.bind(row.integer(hidden));
    for (const QVariant &column : columns)
        statement.bind(column);
    return statement.exec() ? Result<bool>(statement.changedRows() == 1) : Result<bool>(statement.error());
}

Result<void> RowMove::noteKey(const QString &before, const QString &now)
{
    Statement statement = m_evolution.connection.prepare(u"INSERT INTO \"$keys\" (model, before, now) VALUES (?, ?, ?)"_s);
    statement.bind(m_step.newer->name).bind(before).bind(now);
    return statement.exec() ? Result<void>() : Result<void>(statement.error());
}

QString columnList(const Table &table, const std::vector<int> &fields, const QString &format)
{
    QStringList parts;
    for (const int field : fields)
        parts.append(format.arg(table.columns[size_t(field)]));
    return parts.join(u", "_s);
}

} // namespace

namespace EvolvedRows {

Result<void> move(const Evolution &evolution, const Evolution::Step &step)
{
    return RowMove(evolution, step).run();
}

Result<void> keepAll(const Evolution &evolution, const Evolution::Step &step)
{
    return RowMove(evolution, step).keepAll();
}

Result<void> link(const Evolution &evolution, const EvolutionPlan::Link &link)
{
    const Evolution::Step &holder = evolution.plan.steps()[size_t(link.holder)];
    const Evolution::Step &parent = evolution.plan.steps()[size_t(link.parent)];
    if (!holder.older)
        return {};
    const Table &from = evolution.older.table(*holder.older), &table = evolution.tableOf(holder);
    Statement rows = evolution.connection.prepare(u"SELECT "_s + from.rowColumns({}) + u" FROM "_s + evolution.olderTable(holder) + u" ORDER BY \"$row\""_s);
    if (!rows.exec())
        return rows.error();
    while (rows.next()) {
        std::vector<Value> parts;
        for (const int field : link.from)
            parts.push_back(RawValue::fromColumn(evolution.older.schema(), from, field, rows.value(FirstFieldColumn + field)));
        const Result<QString> key = evolution.keyNow(parent, keyFromParts(parts));
        if (!key)
            return key.error();
        const std::vector<Value> now = keyParts(*parent.newer, *key);
        if (key->isEmpty() || now.size() != link.to.size())
            continue;
        Statement set = evolution.connection.prepare(u"UPDATE "_s + table.name + u" SET "_s + columnList(table, link.to, u"%1 = ?"_s)
                                                     + u" WHERE \"$row\" = ?"_s);
        for (size_t i = 0; i < now.size(); ++i)
            set.bind(RawValue::toColumn(evolution.newer.schema(), table, link.to[i], now[i]));
        if (!set.bind(rows.integer(RowIdColumn)).exec())
            return set.error();
    }
    return rows.error().isError() ? Result<void>(rows.error()) : Result<void>();
}

} // namespace EvolvedRows

} // namespace Tideline
