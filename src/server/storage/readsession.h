// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/commitorder.h"
#include "server/storage/connection.h"
#include "server/storage/layout.h"

#include <optional>
#include <span>

namespace Tideline::Server {

struct KeyCondition                     // on the sort fields of a key or index; several compare as TableLayout::sortKey() does
{
    enum class Operator { Eq, Le, Lt, Ge, Gt, Between, BeginsWith };
    std::vector<int> fields;
    Operator op = Operator::Eq;
    std::vector<std::vector<Value>> operands;           // two for Between, else one; of the first fields
};

// Records of one partition of a key or index, in the order of its sort key and then the primary key; those without one are not there.
struct RangeQuery
{
    const TableLayout *table = nullptr;
    std::vector<std::pair<int, Value>> partition;       // fields that must have these values; may be empty
    bool endsCount = false;                             // or end in "::" and that value
    std::vector<int> sortFields;                        // several are one composite key
    std::vector<int> order;                             // sort fields, then the rest of the primary key
    std::vector<KeyCondition> conditions;
    bool descending = false;
    std::optional<std::vector<Value>> after;            // values of order of the last record before
    int limit = 0;
};

// Reads on one connection. All of its reads see one state of the database, that of the first.
class ReadSession
{
public:
    ReadSession(Connection &connection, const Layout &layout, const CommitOrder &order)
        : m_connection(connection), m_layout(layout), m_order(order), m_now(order.now()) { }
    ~ReadSession();

    [[nodiscard]] qint64 now() const noexcept { return m_now; }     // before the first read
    [[nodiscard]] const Error &error() const noexcept { return m_error; }   // what failed last
    [[nodiscard]] Result<qint64> startedAt();                       // of a sync; no change that is not seen is stamped earlier

    // Records by change number after \a afterSeq; with \a partition only those whose field has one of the values.
    using Partition = std::optional<std::pair<int, std::vector<Value>>>;
    [[nodiscard]] Result<std::vector<Record>> changes(const ModelType &model, const Partition &partition, qint64 afterSeq, int limit);
    // Deletions after \a afterSeq whose tombstones did not stay as long as the journal.
    [[nodiscard]] Result<std::vector<Record>> removed(const ModelType &model, qint64 afterSeq, int limit);
    // The number before the first change at or after \a since; nothing when the journal does not go back so far.
    [[nodiscard]] Result<std::optional<qint64>> positionBefore(qint64 since);
    [[nodiscard]] Result<std::vector<Record>> range(const RangeQuery &query);
    // Records whose \a fields have one of the \a tuples.
    [[nodiscard]] Result<std::vector<Record>> matching(const ModelType &model, const std::vector<int> &fields,
                                                       const std::vector<std::vector<Value>> &tuples);
    // The first \a limit records of each partition; query.partition names the fields only.
    [[nodiscard]] Result<std::vector<Record>> firstOfEach(const RangeQuery &query, const std::vector<std::vector<Value>> &tuples);

private:
    template<typename Work>
    [[nodiscard]] auto inTransaction(Work work) -> decltype(work());
    [[nodiscard]] Result<qint64> findPosition(qint64 since);
    struct Bindings { QString sql; QList<QVariant> values; };
    [[nodiscard]] Result<std::vector<Record>> read(const TableLayout &table, const Bindings &bindings);
    static void addTuples(Bindings &bindings, const TableLayout &table, const std::vector<int> &fields,
                          std::span<const std::vector<Value>> tuples);
    static QStringList conditions(Bindings &bindings, const RangeQuery &query);
    static QString endingText(Bindings &bindings, const TableLayout &table, int field, const Value &value);
    static QString condition(Bindings &bindings, const TableLayout &table, const KeyCondition &condition);
    static QStringList orderColumns(const RangeQuery &query);
    static QString orderText(const RangeQuery &query);
    static QString afterText(Bindings &bindings, const RangeQuery &query);

    Connection &m_connection;
    const Layout &m_layout;
    const CommitOrder &m_order;
    const qint64 m_now;
    bool m_begun = false;
    Error m_error;
};

} // namespace Tideline::Server
