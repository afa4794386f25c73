// SPDX-License-Identifier: MIT
#include "server/storage/readsession.h"

#include "server/storage/journal.h"

#include <bit>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t maxTuples = 256;                // of one statement

static bool isOutOfReach(const Error &error)
{
    return error.code() == Error::Code::StoreUnavailable || error.code() == Error::Code::StoreLocked;
}

// What fails ends the transaction: who shares it can go on in another. A database that does not answer is waited for once.
template<typename Work>
auto ReadSession::inTransaction(Work work) -> decltype(work())
{
    if (isOutOfReach(m_error))
        return m_error;
    if (!m_begun) {
        const Result<void> begun = m_connection.begin();
        m_begun = begun.ok();
        if (!begun)
            return m_error = begun.error();
    }
    auto done = work();
    if (!done) {
        m_connection.rollback();
        m_begun = false;
        m_error = done.error();
    }
    return done;
}

ReadSession::~ReadSession()
{
    if (m_begun && !m_connection.isLost()) {
        [[maybe_unused]] const Result<void> done = m_connection.commit();       // of a read: nothing is lost
    }
}

Result<qint64> ReadSession::startedAt()
{
    return inTransaction([&] { return m_order.startedAt(m_connection, m_now); });
}

Result<std::vector<Record>> ReadSession::read(const TableLayout &table, const Bindings &bindings)
{
    return inTransaction([&]() -> Result<std::vector<Record>> {
        const Result<QSqlQuery *> query = m_connection.prepared(bindings.sql);
        if (!query)
            return query.error();
        for (int i = 0; i < int(bindings.values.size()); ++i)
            (*query)->bindValue(i, bindings.values[i]);
        if (const Result<void> done = m_connection.exec(**query); !done)
            return done.error();
        std::vector<Record> records;
        while ((*query)->next())
            records.push_back(table.read(**query));
        (*query)->finish();
        return records;
    });
}

Result<std::vector<Record>> ReadSession::changes(const ModelType &model, const Partition &partition, qint64 afterSeq, int limit)
{
    const TableLayout &table = m_layout.of(model);
    Bindings bindings{table.select() + u" WHERE \"$seq\" > ?"_s, {afterSeq}};
    if (partition) {
        QStringList marks;
        for (const Value &value : partition->second) {
            marks.append(u"?"_s);
            bindings.values.append(table.toColumn(partition->first, value));
        }
        bindings.sql += u" AND %1 IN (%2)"_s.arg(table.column(partition->first), marks.join(u", "));
    }
    bindings.sql += u" ORDER BY \"$seq\" LIMIT ?"_s;
    bindings.values.append(limit);
    return read(table, bindings);
}

Result<std::vector<Record>> ReadSession::removed(const ModelType &model, qint64 afterSeq, int limit)
{
    return inTransaction([&] { return Journal::removed(m_connection, m_layout.of(model), afterSeq, limit); });
}

Result<std::optional<qint64>> ReadSession::positionBefore(qint64 since)
{
    return inTransaction([&]() -> Result<std::optional<qint64>> {
        const Result<qint64> from = m_connection.number(u"SELECT CAST(value AS BIGINT) FROM tl_meta WHERE name = 'journal.from'"_s);
        if (!from)
            return from.error();
        if (since < *from)
            return std::optional<qint64>();
        const Result<qint64> position = findPosition(since);
        return position ? Result<std::optional<qint64>>(*position) : position.error();
    });
}

Result<qint64> ReadSession::findPosition(qint64 since)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"SELECT COALESCE((SELECT seq - 1 FROM tl_journal WHERE changed_at >= ? ORDER BY changed_at, seq LIMIT 1), "
        "(SELECT MAX(seq) FROM tl_journal), 0)"_s);
    if (!query)
        return query.error();
    (*query)->bindValue(0, since);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    const qint64 position = (*query)->next() ? (*query)->value(0).toLongLong() : 0;
    (*query)->finish();
    return position;
}

QStringList ReadSession::orderColumns(const RangeQuery &query)
{
    QStringList columns;
    if (query.sortFields.size() > 1)
        columns.append(query.table->sortKey(query.sortFields));
    for (int field : query.order)
        columns.append(query.table->column(field));
    return columns;
}

QString ReadSession::orderText(const RangeQuery &query)
{
    const QString direction = query.descending ? u" DESC"_s : QString();
    return orderColumns(query).join(direction + u", "_s) + direction;
}

// The first column is compared by itself too: SQLite finds a place in an index on an expression only so.
QString ReadSession::afterText(Bindings &bindings, const RangeQuery &query)
{
    const bool composite = query.sortFields.size() > 1;
    const QString sign = query.descending ? u"<"_s : u">"_s;
    const auto bind = [&](size_t count) {
        for (size_t i = 0; i < count; ++i)
            bindings.values.append(query.table->toColumn(query.order[i], (*query.after)[i]));
    };
    QStringList marks(qsizetype(query.order.size()), u"?"_s);
    const QStringList columns = orderColumns(query);
    QString beginning;
    if (composite) {
        const QString mark = query.table->sortKeyMark(query.sortFields);
        beginning = u"%1 %2= %3 AND "_s.arg(columns.front(), sign, mark);
        marks.prepend(mark);
        bind(query.sortFields.size());
        bind(query.sortFields.size());
    }
    bind(query.order.size());
    return u"%1(%2) %3 (%4)"_s.arg(beginning, columns.join(u", "), sign, marks.join(u", "));
}

QString ReadSession::condition(Bindings &bindings, const TableLayout &table, const KeyCondition &condition)
{
    const bool composite = condition.fields.size() > 1;
    const QString key = composite ? table.sortKey(condition.fields) : table.column(condition.fields.front());
    const auto bound = [&](const std::vector<Value> &operand) {
        for (size_t i = 0; i < operand.size(); ++i)
            bindings.values.append(table.toColumn(condition.fields[i], operand[i]));
        return composite ? table.sortKeyMark(std::span(condition.fields).first(operand.size())) : u"?"_s;
    };
    const auto compared = [&](const QString &sign, const std::vector<Value> &operand) { return key + sign + bound(operand); };
    const std::vector<Value> &operand = condition.operands.front();
    switch (condition.op) {
    case KeyCondition::Operator::Eq:
        return compared(u" = "_s, operand);
    case KeyCondition::Operator::Le:
        return compared(u" <= "_s, operand);
    case KeyCondition::Operator::Lt:
        return compared(u" < "_s, operand);
    case KeyCondition::Operator::Ge:
        return compared(u" >= "_s, operand);
    case KeyCondition::Operator::Gt:
        return compared(u" > "_s, operand);
    case KeyCondition::Operator::Between: {
        const QString low = compared(u" >= "_s, operand);
        return low + u" AND "_s + compared(u" <= "_s, condition.operands.back());
    }
    case KeyCondition::Operator::BeginsWith: {
        const QString low = compared(u" >= "_s, operand);           // in the index
        const QString length = composite ? bound(operand) : table.dialect().mark(Storage::Text);
        if (!composite)
            bindings.values.append(table.toColumn(condition.fields.front(), operand.front()));
        return low + u" AND substr(%1, 1, length(%2)) = "_s.arg(key, length) + bound(operand);
    }
    }
    Q_UNREACHABLE();
}

// "column = ?", whose value is bound, or the column ends in "::" and the value.
QString ReadSession::endingText(Bindings &bindings, const TableLayout &table, int field, const Value &value)
{
    const QVariant ending = table.toColumn(field, u"::"_s + value.toText());
    bindings.values << ending << ending;
    return u"(%1 = ? OR substr(%1, length(%1) - length(%2) + 1) = ?)"_s.arg(table.column(field), table.dialect().mark(Storage::Text));
}

QStringList ReadSession::conditions(Bindings &bindings, const RangeQuery &query)
{
    QStringList texts;
    for (int field : query.sortFields) {
        if (!query.table->model()->fields[size_t(field)].type.required)
            texts.append(query.table->column(field) + u" IS NOT NULL"_s);
    }
    for (const KeyCondition &entry : query.conditions)
        texts.append(condition(bindings, *query.table, entry));
    return texts;
}

Result<std::vector<Record>> ReadSession::range(const RangeQuery &query)
{
    Bindings bindings;
    QStringList where;
    for (const auto &[field, value] : query.partition) {
        where.append(query.table->column(field) + u" = ?"_s);
        bindings.values.append(query.table->toColumn(field, value));
        if (query.endsCount)
            where.back() = endingText(bindings, *query.table, field, value);
    }
    where += conditions(bindings, query);
    if (query.after)
        where.append(afterText(bindings, query));
    bindings.sql = query.table->select() + (where.isEmpty() ? QString() : u" WHERE "_s + where.join(u" AND "))
        + u" ORDER BY "_s + orderText(query) + u" LIMIT ?"_s;
    bindings.values.append(query.limit);
    return read(*query.table, bindings);
}

// The number of tuples is rounded up by repeating the last one, so that a few prepared statements serve all numbers.
void ReadSession::addTuples(Bindings &bindings, const TableLayout &table, const std::vector<int> &fields,
                            std::span<const std::vector<Value>> tuples)
{
    const size_t count = std::bit_ceil(tuples.size());
    for (size_t i = 0; i < count; ++i) {
        const std::vector<Value> &tuple = tuples[std::min(i, tuples.size() - 1)];
        for (size_t part = 0; part < fields.size(); ++part)
            bindings.values.append(table.toColumn(fields[part], tuple[part]));
    }
    bindings.sql += table.anyOf(fields, count);
}

Result<std::vector<Record>> ReadSession::matching(const ModelType &model, const std::vector<int> &fields,
                                                  const std::vector<std::vector<Value>> &tuples)
{
    const TableLayout &table = m_layout.of(model);
    std::vector<Record> records;
    for (size_t from = 0; from < tuples.size(); from += maxTuples) {
        Bindings bindings{table.select() + u" WHERE "_s, {}};
        addTuples(bindings, table, fields, std::span(tuples).subspan(from, std::min(maxTuples, tuples.size() - from)));
        bindings.sql += u" ORDER BY \"$seq\""_s;
        Result<std::vector<Record>> part = read(table, bindings);
        if (!part)
            return part;
        records.insert(records.end(), std::make_move_iterator(part->begin()), std::make_move_iterator(part->end()));
    }
    return records;
}

Result<std::vector<Record>> ReadSession::firstOfEach(const RangeQuery &query, const std::vector<std::vector<Value>> &tuples)
{
    std::vector<int> fields;
    QStringList partition;
    for (const auto &entry : query.partition) {
        fields.push_back(entry.first);
        partition.append(query.table->column(entry.first));
    }
    const QString select = query.table->select();
    const qsizetype from = select.lastIndexOf(u" FROM ");
    std::vector<Record> records;
    for (size_t start = 0; start < tuples.size(); start += maxTuples) {
        Bindings bindings{select.left(from) + u", row_number() OVER (PARTITION BY %1 ORDER BY %2) AS \"$row\""_s
                              .arg(partition.join(u", "), orderText(query)) + select.mid(from) + u" WHERE "_s, {}};
        addTuples(bindings, *query.table, fields, std::span(tuples).subspan(start, std::min(maxTuples, tuples.size() - start)));
        for (const QString &text : conditions(bindings, query))
            bindings.sql += u" AND "_s + text;
        bindings.sql = u"SELECT * FROM (%1) AS numbered WHERE \"$row\" <= ? ORDER BY \"$row\""_s.arg(bindings.sql);
        bindings.values.append(query.limit);
        Result<std::vector<Record>> part = read(*query.table, bindings);
        if (!part)
            return part;
        records.insert(records.end(), std::make_move_iterator(part->begin()), std::make_move_iterator(part->end()));
    }
    return records;
}

} // namespace Tideline::Server
