// SPDX-License-Identifier: MIT
#include "client/store/receipttable_p.h"

#include "client/store/errorjson_p.h"
#include "client/store/outboxtable_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace Tideline::ReceiptTable {

using namespace Qt::Literals::StringLiterals;

using State = MutationReceipt::State;

static const QString Columns = u"mutation, model, key, state, fields, error, joined, at"_s;

static QVariant fieldsToSql(const QStringList &fields)
{
    if (fields.isEmpty())
        return {};
    return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(fields)).toJson(QJsonDocument::Compact));
}

static QVariant errorToSql(const Error &error)
{
    return error.isError() ? QVariant(QString::fromUtf8(QJsonDocument(errorToJson(error)).toJson(QJsonDocument::Compact))) : QVariant();
}

static MutationReceipt receiptOf(const Statement &row)
{
    MutationReceipt receipt;
    receipt.mutation = row.integer(0);
    receipt.model = row.text(1);
    receipt.key = row.text(2);
    receipt.state = State(row.integer(3));
    const QJsonArray fields = parseJson(row.text(4).toUtf8()).array();
    for (const QJsonValue &field : fields)
        receipt.fields.append(field.toString());
    receipt.error = errorFromJson(parseJson(row.text(5).toUtf8()).object());
    receipt.joined = row.integer(6);
    receipt.at = row.integer(7);
    return receipt;
}

static Result<QList<MutationReceipt>> receipts(Statement &statement)
{
    if (!statement.exec())
        return statement.error();
    QList<MutationReceipt> list;
    while (statement.next())
        list.append(receiptOf(statement));
    if (statement.error().isError())
        return statement.error();
    return list;
}

static Result<void> prune(WriterState &state, qint64 now)
{
    Statement statement = state.connection.prepare(
        u"DELETE FROM tl_receipt WHERE mutation <= (SELECT max(mutation) FROM tl_receipt) - ? OR at < ?"_s);
    statement.bind(Kept).bind(now - KeptFor);
    return state.write(std::move(statement));
}

Result<void> add(WriterState &state, const MutationReceipt &receipt)
{
    Statement statement = state.connection.prepare(
        u"INSERT OR REPLACE INTO tl_receipt (mutation, model, key, state, fields, error, joined, at) VALUES (?,?,?,?,?,?,?,?)"_s);
    statement.bind(receipt.mutation)
        .bind(receipt.model)
        .bind(receipt.key)
        .bind(int(receipt.state))
        .bind(fieldsToSql(receipt.fields))
        .bind(errorToSql(receipt.error))
        .bind(receipt.joined == 0 ? QVariant() : QVariant(receipt.joined))
        .bind(receipt.at);
    const Result<void> written = state.write(std::move(statement));
    if (!written || --state.receiptsUntilPruned > 0)
        return written;
    state.receiptsUntilPruned = 500;
    return prune(state, receipt.at);
}

static State stateOf(const OutboxEntry &entry)
{
    switch (entry.state) {
    case OutboxEntry::State::Waiting:
    case OutboxEntry::State::Undecided:
        return entry.attempts > 0 ? State::Sent : State::Local;
    case OutboxEntry::State::Sending:
        return State::Sent;
    case OutboxEntry::State::Rejected:
        return State::Rejected;
    }
    return State::Local;
}

MutationReceipt ofEntry(const OutboxEntry &entry)
{
    MutationReceipt receipt;
    receipt.mutation = entry.sequence;
    receipt.model = entry.model->name;
    receipt.key = entry.key;
    receipt.state = stateOf(entry);
    receipt.error = entry.error;
    receipt.at = entry.createdAt;
    return receipt;
}

Result<std::optional<MutationReceipt>> find(Connection &connection, qint64 mutation)
{
    for (;;) {
        const Result<std::optional<OutboxEntry>> entry = OutboxTable::find(connection, mutation);
        if (!entry)
            return entry.error();
        if (*entry)
            return std::optional(ofEntry(**entry));
        Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_receipt WHERE mutation = ?"_s);
        statement.bind(mutation);
        const Result<QList<MutationReceipt>> found = receipts(statement);
        if (!found)
            return found.error();
        if (found->isEmpty())
            return std::optional<MutationReceipt>();
        if (found->first().state != State::Joined)
            return std::optional(found->first());
        mutation = found->first().joined;
    }
}

Result<QList<MutationReceipt>> ofRecord(Connection &connection, const ModelType &model, const QString &key)
{
    const Result<QList<OutboxEntry>> lane = OutboxTable::lane(connection, model, key);
    if (!lane)
        return lane.error();
    Statement statement = connection.prepare(u"SELECT "_s + Columns
                                             + u" FROM tl_receipt WHERE model = ? AND key = ? AND state <> ? ORDER BY mutation DESC"_s);
    statement.bind(model.name).bind(key).bind(int(State::Joined));
    Result<QList<MutationReceipt>> all = receipts(statement);
    if (!all)
        return all;
    for (const OutboxEntry &entry : *lane)
        all->append(ofEntry(entry));
    std::sort(all->begin(), all->end(), [](const MutationReceipt &a, const MutationReceipt &b) { return a.mutation > b.mutation; });
    return all;
}

} // namespace Tideline::ReceiptTable
