// SPDX-License-Identifier: MIT
#include "client/store/decisiontable_p.h"

#include "client/store/rowcodec_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

namespace Tideline::DecisionTable {

using namespace Qt::Literals::StringLiterals;

static const QString Columns = u"id, at, model, key, mutation, version, fields, undone"_s;

static QString fieldsToSql(const ConflictDecision &decision)
{
    QJsonArray array;
    for (const ConflictDecision::Field &field : decision.fields) {
        QJsonObject object{{u"name"_s, field.name}, {u"policy"_s, field.policy}, {u"base"_s, field.base.toJson()},
                           {u"mine"_s, field.mine.toJson()}, {u"theirs"_s, field.theirs.toJson()}, {u"result"_s, field.result.toJson()}};
        if (decision.deletion != DeletingSide::None)
            object.insert(u"deletion"_s, int(decision.deletion));
        array.append(object);
    }
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

// A field that the schema lacks by now is shown as it was written.
static Value valueOf(const Schema &schema, const ModelType *model, const QString &field, const QJsonValue &json)
{
    const int index = model ? model->fieldIndex(field) : -1;
    return index < 0 ? Value::fromJson(json) : RowCodec::fromJson(schema, model->fields[size_t(index)].type, json);
}

static ConflictDecision decisionOf(const Schema &schema, const Statement &row)
{
    ConflictDecision decision;
    decision.id = row.integer(0);
    decision.at = row.integer(1);
    decision.model = row.text(2);
    decision.key = row.text(3);
    decision.mutation = row.integer(4);
    decision.version = row.integer(5);
    decision.undone = row.integer(7);
    const std::shared_ptr<const ModelType> model = schema.model(decision.model);
    const QJsonArray fields = parseJson(row.text(6).toUtf8()).array();
    for (const QJsonValue &each : fields) {
        const QJsonObject field = each.toObject();
        const QString name = field.value("name"_L1).toString();
        decision.deletion = DeletingSide(std::clamp(field.value("deletion"_L1).toInt(), 0, int(DeletingSide::Theirs)));
        const auto value = [&](QLatin1StringView member) { return valueOf(schema, model.get(), name, field.value(member)); };
        decision.fields.append({name, field.value("policy"_L1).toString(), value("base"_L1), value("mine"_L1), value("theirs"_L1),
                                value("result"_L1)});
    }
    return decision;
}

static Result<QList<ConflictDecision>> decisions(Connection &connection, Statement &statement)
{
    if (!statement.exec())
        return statement.error();
    QList<ConflictDecision> list;
    while (statement.next())
        list.append(decisionOf(connection.layout().schema(), statement));
    if (statement.error().isError())
        return statement.error();
    return list;
}

static Result<qint64> nextId(Connection &connection)
{
    const Result<QVariant> last = connection.single(u"SELECT max(id) FROM tl_decision"_s);
    return last ? Result<qint64>(last->toLongLong() + 1) : Result<qint64>(last.error());
}

static Result<void> prune(WriterState &state, qint64 newest)
{
    if (newest % 100 != 0)
        return {};
    Statement statement = state.connection.prepare(u"DELETE FROM tl_decision WHERE id <= ?"_s);
    statement.bind(newest - Kept);
    return state.write(std::move(statement));
}

Result<ConflictDecision> add(WriterState &state, ConflictDecision decision)
{
    const Result<qint64> id = nextId(state.connection);
    if (!id)
        return id.error();
    decision.id = *id;
    Statement statement = state.connection.prepare(u"INSERT INTO tl_decision (id, at, model, key, mutation, version, fields, undone) "
                                                    "VALUES (?,?,?,?,?,?,?,?)"_s);
    statement.bind(decision.id)
        .bind(decision.at)
        .bind(decision.model)
        .bind(decision.key)
        .bind(decision.mutation)
        .bind(decision.version)
        .bind(fieldsToSql(decision))
        .bind(decision.undone);
    Result<void> written = state.write(std::move(statement));
    if (written)
        written = prune(state, decision.id);
    return written ? Result<ConflictDecision>(decision) : Result<ConflictDecision>(written.error());
}

Result<void> setUndone(WriterState &state, qint64 id, qint64 at)
{
    Statement statement = state.connection.prepare(u"UPDATE tl_decision SET undone = ? WHERE id = ?"_s);
    statement.bind(at).bind(id);
    return state.write(std::move(statement));
}

Result<std::optional<ConflictDecision>> find(Connection &connection, qint64 id)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_decision WHERE id = ?"_s);
    statement.bind(id);
    const Result<QList<ConflictDecision>> found = decisions(connection, statement);
    if (!found)
        return found.error();
    return found->isEmpty() ? std::optional<ConflictDecision>() : std::optional(found->first());
}

Result<QList<ConflictDecision>> list(Connection &connection, const QString &model, const QString &key, int limit)
{
    QString sql = u"SELECT "_s + Columns + u" FROM tl_decision"_s;
    if (!model.isEmpty())
        sql += key.isEmpty() ? u" WHERE model = ?"_s : u" WHERE model = ? AND key = ?"_s;
    Statement statement = connection.prepare(sql + u" ORDER BY id DESC LIMIT ?"_s);
    if (!model.isEmpty())
        statement.bind(model);
    if (!model.isEmpty() && !key.isEmpty())
        statement.bind(key);
    statement.bind(limit < 0 ? int(Kept) : limit);
    return decisions(connection, statement);
}

} // namespace Tideline::DecisionTable
