// SPDX-License-Identifier: MIT
#include "client/store/quarantinetable_p.h"

#include "client/store/errorjson_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>

namespace Tideline::QuarantineTable {

using namespace Qt::Literals::StringLiterals;

static const QString Select = u"SELECT model, key, version, changedAt, deleted, raw, error, parentModel, parentKey, since FROM tl_quarantine"_s;

static QuarantinedRow rowOf(const Statement &statement)
{
    QuarantinedRow row;
    row.model = statement.text(0);
    row.key = statement.text(1);
    row.metadata = {statement.integer(2), statement.integer(3), statement.integer(4) != 0};
    row.raw = statement.text(5);
    row.error = errorFromJson(parseJson(statement.text(6).toUtf8()).object());
    row.parentModel = statement.text(7);
    row.parentKey = statement.text(8);
    row.since = statement.integer(9);
    return row;
}

static Result<QList<QuarantinedRow>> rows(Statement statement)
{
    if (!statement.exec())
        return statement.error();
    QList<QuarantinedRow> list;
    while (statement.next())
        list.append(rowOf(statement));
    if (statement.error().isError())
        return statement.error();
    return list;
}

Result<QList<QuarantinedRow>> all(Connection &connection)
{
    return rows(connection.prepare(Select + u" ORDER BY since, model, key"_s));
}

Result<QList<QuarantinedRow>> ofModel(Connection &connection, const QString &model)
{
    Statement statement = connection.prepare(Select + u" WHERE model = ? ORDER BY key"_s);
    statement.bind(model);
    return rows(std::move(statement));
}

Result<std::optional<QuarantinedRow>> find(Connection &connection, const QString &model, const QString &key)
{
    Statement statement = connection.prepare(Select + u" WHERE model = ? AND key = ?"_s);
    statement.bind(model).bind(key);
    const Result<QList<QuarantinedRow>> found = rows(std::move(statement));
    if (!found)
        return found.error();
    return found->isEmpty() ? std::optional<QuarantinedRow>() : std::optional(found->first());
}

Result<QList<QuarantinedRow>> waitingFor(Connection &connection, const QString &parentModel, const QString &parentKey)
{
    Statement statement = connection.prepare(Select + u" WHERE parentModel = ? AND parentKey = ? ORDER BY model, key"_s);
    statement.bind(parentModel).bind(parentKey);
    return rows(std::move(statement));
}

// Rows of a model that the schema does not have any more count too.
static int number(const WriterState &state, const QString &model)
{
    const auto type = state.connection.layout().schema().model(model);
    return type ? type->number : -1;
}

static void count(WriterState &state, const QString &model, const QString &parentModel, int change)
{
    state.quarantineTouched = true;
    state.quarantined.add(number(state, model), {}, change);
    if (!parentModel.isEmpty())
        state.awaited.add(number(state, parentModel), {}, change);
}

// Of a model without any, nothing is asked.
static Result<std::optional<QuarantinedRow>> stored(WriterState &state, const QString &model, const QString &key)
{
    if (!state.quarantined.contains(number(state, model), {}))
        return std::optional<QuarantinedRow>();
    return find(state.connection, model, key);
}

static Result<void> insert(WriterState &state, const QuarantinedRow &row)
{
    Statement statement = state.connection.prepare(
        u"INSERT INTO tl_quarantine (model, key, version, changedAt, deleted, raw, error, parentModel, parentKey, since) VALUES (?,?,?,?,?,?,?,?,?,?)"_s);
    const bool waits = !row.parentModel.isEmpty();
    statement.bind(row.model)
        .bind(row.key)
        .bind(row.metadata.version)
        .bind(row.metadata.lastChangedAt)
        .bind(row.metadata.deleted)
        .bind(row.raw)
        .bind(QString::fromUtf8(QJsonDocument(errorToJson(row.error)).toJson(QJsonDocument::Compact)))
        .bind(waits ? QVariant(row.parentModel) : QVariant())
        .bind(waits ? QVariant(row.parentKey) : QVariant())
        .bind(row.since);
    if (const Result<void> written = state.write(std::move(statement)); !written)
        return written;
    count(state, row.model, row.parentModel, 1);
    return {};
}

static Result<void> erase(WriterState &state, const QuarantinedRow &row)
{
    Statement statement = state.connection.prepare(u"DELETE FROM tl_quarantine WHERE model = ? AND key = ?"_s);
    statement.bind(row.model).bind(row.key);
    if (const Result<void> written = state.write(std::move(statement)); !written)
        return written;
    count(state, row.model, row.parentModel, -1);
    return {};
}

Result<void> put(WriterState &state, QuarantinedRow row)
{
    const Result<std::optional<QuarantinedRow>> before = stored(state, row.model, row.key);
    if (!before)
        return before.error();
    if (*before) {
        row.since = (*before)->since;
        if (row == **before)
            return {};
        if (const Result<void> erased = erase(state, **before); !erased)
            return erased;
    }
    return insert(state, row);
}

Result<bool> remove(WriterState &state, const QString &model, const QString &key)
{
    const Result<std::optional<QuarantinedRow>> before = stored(state, model, key);
    if (!before || !*before)
        return before ? Result<bool>(false) : Result<bool>(before.error());
    const Result<void> erased = erase(state, **before);
    return erased ? Result<bool>(true) : Result<bool>(erased.error());
}

Result<void> load(WriterState &state)
{
    state.quarantined.clear();
    state.awaited.clear();
    Statement statement = state.connection.prepare(u"SELECT model, parentModel, count(*) FROM tl_quarantine GROUP BY model, parentModel"_s);
    if (!statement.exec())
        return statement.error();
    while (statement.next()) {
        const int rows = int(statement.integer(2));
        state.quarantined.add(number(state, statement.text(0)), {}, rows);
        if (const QString parent = statement.text(1); !parent.isEmpty())
            state.awaited.add(number(state, parent), {}, rows);
    }
    state.quarantined.commit();
    state.awaited.commit();
    return statement.error();
}

} // namespace Tideline::QuarantineTable
