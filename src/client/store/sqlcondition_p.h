// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/sqlcompiler_p.h"

namespace Tideline {

/*!
    Writes one BoundPredicate as an SQL condition.

    A predicate is true or false, SQL knows a third value. In a WHERE clause unknown counts as false, so
    plain comparisons do (Truth::Loose); under NOT every part must be 0 or 1 (Truth::Exact).
*/
class SqlCondition
{
public:
    enum class Truth { Loose, Exact };

    SqlCondition(const Layout &layout, QVariantList &bindings) : m_layout(layout), m_bindings(bindings) { }

    [[nodiscard]] QString write(const BoundPredicate::Node &node, const Table &table, const QString &alias, Truth truth);

private:
    using Node = BoundPredicate::Node;

    QString group(const Node &node, const Table &table, const QString &alias, Truth truth);
    QString related(const Node &node, const Table &table, const QString &alias);
    QString compare(const Node &node, const Table &table, const QString &alias, Truth truth);
    QString textContains(const Node &node, const QString &column, Truth truth);
    QString listContains(const Node &node, const QString &column);
    QString beginsWith(const Value &prefix, const QString &column, Truth truth);
    QString isOneOf(const Node &node, const Table &table, const QString &column, Truth truth);
    void bind(const Node &node, const Table &table, const Value &value);

    const Layout &m_layout;
    QVariantList &m_bindings;
    int m_aliases = 0;
};

} // namespace Tideline
