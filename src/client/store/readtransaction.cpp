// SPDX-License-Identifier: MIT
#include "client/store/transaction.h"

#include "client/store/decisiontable_p.h"
#include "client/store/flighttable_p.h"
#include "client/store/outboxtable_p.h"
#include "client/store/quarantinetable_p.h"
#include "client/store/receipttable_p.h"
#include "client/store/removeoperation_p.h"
#include "client/store/rowcodec_p.h"
#include "client/store/seentable_p.h"
#include "client/store/sqlcompiler_p.h"
#include "client/store/storetext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static Statement bound(Connection &connection, const Sql &sql)
{
    Statement statement = connection.prepare(sql.text);
    for (const QVariant &value : sql.bindings)
        statement.bind(value);
    return statement;
}

/*! Makes a view of what \a connection shows; \a commit is the number of the last change set in it. */
ReadTransaction::ReadTransaction(Connection &connection, quint64 commit) : m_connection(connection), m_commit(commit) { }

/*! Returns the schema of the store. */
const Schema &ReadTransaction::schema() const noexcept
{
    return m_connection.layout().schema();
}

/*! Returns the record of \a model with the canonical \a key, or a null record when there is none. */
Result<Record> ReadTransaction::find(const std::shared_ptr<const ModelType> &model, const QString &key)
{
    const Result<const Table *> table = m_connection.layout().find(model);
    if (!table)
        return table.error();
    const std::vector<Value> parts = keyParts(*model, key);
    if (parts.size() == model->primaryKey.size())
        return Rows::find(m_connection, **table, parts);
    return Error(Error::Code::InvalidArgument,
                 StoreText::tr("\"%1\" is not a key of %2. A key of several fields is the JSON array of their values.").arg(key, model->name))
        .withModel(model->name).withRecord(key);
}

/*! Returns the records that \a query describes, in its order. */
Result<QList<Record>> ReadTransaction::query(const Query &query)
{
    const Result<SqlCompiler> compiler = SqlCompiler::make(m_connection.layout(), query);
    if (!compiler)
        return compiler.error();
    return Rows::all(compiler->table(), schema(), bound(m_connection, compiler->rows()));
}

/*! Returns how many records \a query describes. */
Result<qint64> ReadTransaction::count(const Query &query)
{
    const Result<Value> value = aggregate(query, Aggregate::Count, {});
    return value ? Result<qint64>(value->toInteger()) : Result<qint64>(value.error());
}

static QString functionName(Aggregate function)
{
    switch (function) {
    case Aggregate::Count:
        return u"count"_s;
    case Aggregate::Sum:
        return u"sum"_s;
    case Aggregate::Min:
        return u"min"_s;
    case Aggregate::Max:
        return u"max"_s;
    case Aggregate::Avg:
        return u"avg"_s;
    }
    return {};
}

static Result<int> aggregateField(const ModelType &model, Aggregate function, const QString &name)
{
    if (function == Aggregate::Count && name.isEmpty())
        return -1;
    const int field = model.fieldIndex(name);
    if (field < 0)
        return Error(Error::Code::UnknownField, StoreText::tr("%1 has no field \"%2\".").arg(model.name, name)).withModel(model.name).withField(name);
    const Storage storage = Layout::storageOf(model.fields[size_t(field)].type);
    const bool number = storage == Storage::Integer || storage == Storage::Real;
    const bool fits = function == Aggregate::Count || number
        || (storage != Storage::Json && (function == Aggregate::Min || function == Aggregate::Max));
    if (fits)
        return field;
    return Error(Error::Code::InvalidArgument, StoreText::tr("%1 cannot be computed over %2.%3, which is not of a suitable type.")
                     .arg(functionName(function), model.name, name)).withModel(model.name).withField(name);
}

/*!
    Returns \a function over \a field of the records that \a query describes. Count without a field
    counts records, with one those where it is not null. The sum of nothing is 0, of the other functions
    null. Sum and Avg take numbers, Min and Max all but lists and embedded types.
*/
Result<Value> ReadTransaction::aggregate(const Query &query, Aggregate function, const QString &field)
{
    const Result<SqlCompiler> compiler = SqlCompiler::make(m_connection.layout(), query);
    if (!compiler)
        return compiler.error();
    const Table &table = compiler->table();
    const Result<int> number = aggregateField(*table.model, function, field);
    if (!number)
        return number.error();
    Statement statement = bound(m_connection, compiler->aggregate(functionName(function), *number));
    if (!statement.exec() || !statement.next())
        return statement.error();
    const QVariant value = statement.value(0);
    if (function == Aggregate::Count)
        return Value(value.toLongLong());
    const FieldType &type = table.model->fields[size_t(*number)].type;
    const Storage storage = table.storage[size_t(*number)];
    if (function == Aggregate::Avg)
        return value.isNull() ? Value() : Value(value.toDouble());
    if (function == Aggregate::Sum && value.isNull())
        return storage == Storage::Real ? Value(0.0) : Value(qint64(0));
    return RowCodec::fromSql(schema(), type, storage, value);
}

static Result<void> appendPositions(Connection &connection, const SqlCompiler &compiler, const Sql &sql,
                                    std::vector<ReadTransaction::Position> &positions)
{
    const Layout &layout = connection.layout();
    Statement statement = bound(connection, sql);
    if (!statement.exec())
        return statement.error();
    const std::vector<BoundSortOrder::Key> &keys = compiler.order().keys();
    std::vector<Value> values(keys.size());
    while (statement.next()) {
        for (size_t i = 0; i < keys.size(); ++i) {
            const Table &table = layout.table(*keys[i].model);
            const size_t field = size_t(keys[i].field);
            values[i] = RowCodec::fromSql(layout.schema(), table.model->fields[field].type, table.storage[field], statement.value(int(i) + 1));
        }
        positions.push_back({statement.integer(0), compiler.order().encode(values)});
    }
    return statement.error();
}

/*! Returns the row numbers and encoded sort keys of what \a query describes, in its order. */
Result<std::vector<ReadTransaction::Position>> ReadTransaction::positions(const Query &query)
{
    const Result<SqlCompiler> compiler = SqlCompiler::make(m_connection.layout(), query);
    if (!compiler)
        return compiler.error();
    std::vector<Position> positions;
    if (const Result<void> read = appendPositions(m_connection, *compiler, compiler->positions(), positions); !read)
        return read.error();
    return positions;
}

/*! Returns the positions of those rows of \a rowIds that match \a query, in its order; its limit and offset play no part. */
Result<std::vector<ReadTransaction::Position>> ReadTransaction::positionsOf(const Query &query, const QList<qint64> &rowIds)
{
    const Result<SqlCompiler> compiler = SqlCompiler::make(m_connection.layout(), query);
    if (!compiler)
        return compiler.error();
    std::vector<Position> positions;
    for (qsizetype begin = 0; begin < rowIds.size(); begin += SqlCompiler::MaximalChunk) {
        const Sql sql = compiler->positionsOf(rowIds.sliced(begin, std::min<qsizetype>(SqlCompiler::MaximalChunk, rowIds.size() - begin)));
        if (const Result<void> read = appendPositions(m_connection, *compiler, sql, positions); !read)
            return read.error();
    }
    std::sort(positions.begin(), positions.end(), [](const Position &a, const Position &b) { return a.key < b.key; });
    return positions;
}

/*! Returns the records in the rows \a rowIds of \a model, in that order, a null record where there is none. */
Result<QList<Record>> ReadTransaction::records(const std::shared_ptr<const ModelType> &model, const QList<qint64> &rowIds)
{
    const Result<const Table *> table = m_connection.layout().find(model);
    if (!table)
        return table.error();
    QHash<qint64, Record> found;
    for (qsizetype begin = 0; begin < rowIds.size(); begin += SqlCompiler::MaximalChunk) {
        const qsizetype count = std::min<qsizetype>(SqlCompiler::MaximalChunk, rowIds.size() - begin);
        const qsizetype padded = SqlCompiler::padded(count);
        Statement statement = m_connection.prepare(u"SELECT "_s + (*table)->rowColumns({}) + u" FROM "_s + (*table)->name
                                                   + u" WHERE \"$row\" IN ("_s + SqlCompiler::placeholders(padded) + u')');
        for (qsizetype i = 0; i < padded; ++i)
            statement.bind(rowIds[begin + std::min(i, count - 1)]);
        const Result<QList<Record>> chunk = Rows::all(**table, schema(), std::move(statement));
        if (!chunk)
            return chunk;
        for (const Record &record : *chunk)
            found.insert(record.rowId(), record);
    }
    QList<Record> result;
    result.reserve(rowIds.size());
    for (const qint64 row : rowIds)
        result.append(found.value(row));
    return result;
}

/*!
    Returns the rows of \a model from which \a path, names of relations, leads to \a record. The record
    itself need not be stored any more; its values count.
*/
Result<QList<qint64>> ReadTransaction::rowsRelatedTo(const std::shared_ptr<const ModelType> &model, const QStringList &path, const Record &record)
{
    const Result<Sql> sql = SqlCompiler::rowsRelatedTo(m_connection.layout(), model, path, record);
    if (!sql)
        return sql.error();
    QList<qint64> rows;
    if (sql->text.isEmpty())
        return rows;
    Statement statement = bound(m_connection, *sql);
    if (!statement.exec())
        return statement.error();
    while (statement.next())
        rows.append(statement.integer(0));
    if (statement.error().isError())
        return statement.error();
    return rows;
}

/*! Returns the records that \a relation of \a record leads to, ordered by key. */
Result<QList<Record>> ReadTransaction::related(const Record &record, const Relation &relation)
{
    const Result<const Table *> table = m_connection.layout().find(record.model());
    if (!table)
        return table.error();
    return Rows::related(m_connection, record, relation);
}

/*! Returns \a record, last, and before it what its hasOne and hasMany relations own, at all depths. */
Result<QList<Record>> ReadTransaction::withDescendants(const Record &record)
{
    const Result<const Table *> table = m_connection.layout().find(record.model());
    if (!table)
        return table.error();
    QSet<std::pair<int, QString>> seen;
    return RemoveOperation::withDescendants(m_connection, record, seen);
}

/*! Returns at most \a limit outbox entries whose sequence is above \a afterSequence, in order. */
Result<QList<OutboxEntry>> ReadTransaction::outbox(qint64 afterSequence, int limit)
{
    return OutboxTable::after(m_connection, afterSequence, limit);
}

/*! Returns the outbox entries that the backend refused, in order. */
Result<QList<OutboxEntry>> ReadTransaction::rejected()
{
    return OutboxTable::inState(m_connection, OutboxEntry::State::Rejected);
}

/*! Returns, in order, the outbox entries of other records whose changes contain the first part of \a key: all that
    refer to the record of \a model, and maybe others. */
Result<QList<OutboxEntry>> ReadTransaction::outboxMentioning(const ModelType &model, const QString &key)
{
    return OutboxTable::mentioning(m_connection, model, key);
}

/*! Returns the mutations that wait for the record of \a model with \a key. */
Result<QList<OutboxEntry>> ReadTransaction::lane(const ModelType &model, const QString &key)
{
    return OutboxTable::lane(m_connection, model, key);
}

/*! Returns how far \a mutation has come; nothing when it never was or is too long ago. One that became part of another is that one. */
Result<std::optional<MutationReceipt>> ReadTransaction::receipt(qint64 mutation)
{
    return ReceiptTable::find(m_connection, mutation);
}

/*! Returns the receipts of the mutations of the record of \a model with \a key, the newest first. */
Result<QList<MutationReceipt>> ReadTransaction::receipts(const ModelType &model, const QString &key)
{
    return ReceiptTable::ofRecord(m_connection, model, key);
}

/*! Returns the records of the backend that are kept aside, the oldest first. */
Result<QList<QuarantinedRow>> ReadTransaction::quarantined()
{
    return QuarantineTable::all(m_connection);
}

/*! Returns the records of \a model that are kept aside, by key. */
Result<QList<QuarantinedRow>> ReadTransaction::quarantined(const QString &model)
{
    return QuarantineTable::ofModel(m_connection, model);
}

/*! Returns the outbox entries that wait for a decision of the application, in order. */
Result<QList<OutboxEntry>> ReadTransaction::undecided()
{
    return OutboxTable::inState(m_connection, OutboxEntry::State::Undecided);
}

/*! Returns the outbox entry \a mutation; nothing when it has ended. */
Result<std::optional<OutboxEntry>> ReadTransaction::outboxEntry(qint64 mutation)
{
    return OutboxTable::find(m_connection, mutation);
}

/*! Returns the decision with the number \a id; nothing when it is not known any more. */
Result<std::optional<ConflictDecision>> ReadTransaction::decision(qint64 id)
{
    return DecisionTable::find(m_connection, id);
}

/*! Returns at most \a limit decisions about the record of \a model with \a key, the newest first. */
Result<QList<ConflictDecision>> ReadTransaction::decisions(const QString &model, const QString &key, int limit)
{
    return DecisionTable::list(m_connection, model, key, limit);
}

/*! Returns what was stored under \a name; an empty text when nothing was. */
Result<QString> ReadTransaction::setting(const QString &name)
{
    Statement statement = m_connection.prepare(u"SELECT value FROM tl_setting WHERE name = ?"_s);
    statement.bind(name);
    if (!statement.exec())
        return statement.error();
    const QString value = statement.next() ? statement.text(0) : QString();
    return statement.error().isError() ? Result<QString>(statement.error()) : Result<QString>(value);
}

/*! Returns whether all keys are kept that the base sync of \a model has brought so far. */
Result<bool> ReadTransaction::keepsSeen(const ModelType &model)
{
    return SeenTable::isKept(m_connection, model);
}

/*!
    Returns keys of records of \a model, stored or kept aside, that the base sync has not brought and that did not change since
    \a changedBefore. A step at a time: of rows that come after \a afterRow, 0 at first. Nothing where the keys were not kept.
*/
Result<ReadTransaction::Unseen> ReadTransaction::unseen(const ModelType &model, qint64 afterRow, qint64 changedBefore)
{
    return SeenTable::unseen(m_connection, model, afterRow, changedBefore);
}

/*! Returns the newest \a limit entries of the flight recorder, the newest first. */
Result<QList<FlightEntry>> ReadTransaction::flightRecord(int limit)
{
    return FlightTable::newest(m_connection, limit);
}

} // namespace Tideline
