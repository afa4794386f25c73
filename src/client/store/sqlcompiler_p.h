// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/layout_p.h"
#include "client/store/query.h"

#include <QtCore/QVariant>

namespace Tideline {

struct Sql
{
    QString text;
    QVariantList bindings;
};

/*! A Query as SQL with exactly the meaning that BoundPredicate and BoundSortOrder have in memory. */
class SqlCompiler
{
public:
    [[nodiscard]] static Result<SqlCompiler> make(const Layout &layout, const Query &query);

    [[nodiscard]] const Table &table() const noexcept { return *m_table; }
    [[nodiscard]] const BoundSortOrder &order() const noexcept { return m_order; }

    [[nodiscard]] Sql rows() const;                                     // Table::rowColumns()
    [[nodiscard]] Sql positions() const;                                // row, then the sort keys
    [[nodiscard]] Sql positionsOf(const QList<qint64> &rowIds) const;   // the same, without limit and order
    [[nodiscard]] Sql aggregate(const QString &expression, int field) const;   // expression over %1; no field: over rows

    /*! Rows of \a model whose path of relations leads to \a record; no text when there can be none. */
    [[nodiscard]] static Result<Sql> rowsRelatedTo(const Layout &layout, const std::shared_ptr<const ModelType> &model,
                                                   const QStringList &path, const Record &record);

    static constexpr int MaximalChunk = 512;    // of ids in one statement
    [[nodiscard]] static QString placeholders(qsizetype count);         // "?,?": for a chunk padded to padded()
    [[nodiscard]] static qsizetype padded(qsizetype count);             // so that few different statements are prepared

private:
    using Node = BoundPredicate::Node;

    SqlCompiler(const Layout &layout, const Query &query, const Table *table, BoundPredicate where, BoundSortOrder order);

    void compileJoins();
    [[nodiscard]] QString keyList() const;
    [[nodiscard]] QString orderBy() const;
    [[nodiscard]] bool isLimited() const noexcept { return m_limit >= 0 || m_offset > 0; }
    void appendWhere(Sql &sql) const;
    void appendLimit(Sql &sql) const;

    const Layout *m_layout;
    const Table *m_table;
    BoundPredicate m_where;
    BoundSortOrder m_order;
    int m_limit;
    int m_offset;
    QString m_joins;
    std::vector<QString> m_keys;        // the expression of each sort key
};

} // namespace Tideline
