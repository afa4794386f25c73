// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"
#include "server/resolvers/equalities.h"

namespace Tideline::Server {

/*
    A filter or condition argument, compiled for one model type. Comparisons are core's Predicate; beside
    them stand what only the backend has: _deleted, size, attributeType, parts of dates, and fields that a filter input has
    but the type has not (they are null in every record).

    Several operators on one field must all hold in filters and conditions; in a subscription's
    filter one is enough.

    An owner field compares as clients are shown it, the part after the last "::": a device asks its own copy the same question and
    must get the same records. An operand that has a "::" itself is compared with what is stored.
*/
class Filter
{
public:
    enum class Operators { All, Any };

    Filter() = default;                                     // matches everything
    [[nodiscard]] static Result<Filter> make(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                             const Value &argument, Operators operators = Operators::All);
    [[nodiscard]] static Filter none();                     // matches nothing
    // field == value for each, null for null
    [[nodiscard]] static Result<Filter> equal(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                              const Value::Object &values);

    [[nodiscard]] bool matchesAll() const noexcept { return m_root.kind == Kind::And && m_root.children.empty(); }
    [[nodiscard]] bool matches(const Record &record) const { return matches(m_root, record); }
    // By those fields only for which \a mayUse says so.
    [[nodiscard]] Equalities equalities(const std::function<bool(int field)> &mayUse) const { return equalities(m_root, mayUse); }

private:
    enum class Kind { And, Or, Not, Compare, Plain, Constant, Deleted, Size, AttributeType, Shown };
    struct Node
    {
        Kind kind = Kind::And;
        std::vector<Node> children;
        BoundPredicate predicate;                           // of Compare
        Predicate::Operator op = Predicate::Operator::Eq;   // of Plain, Deleted and Size
        QList<Value> operands;                              // of Plain, Deleted, Size and AttributeType
        int field = -1;                                     // of Plain, Size, AttributeType and Shown
        bool constant = true;
    };
    class Compiler;

    static bool matches(const Node &node, const Record &record);
    static Equalities equalities(const Node &node, Facet::How how);
    static Equalities equalities(const Node &node, const std::function<bool(int field)> &mayUse);
    static bool matchesShown(const Node &node, const Record &record);
    static bool compare(Predicate::Operator op, const Value &value, const QList<Value> &operands);
    static bool hasType(const Record &record, int field, const QString &name);

    Node m_root;
};

} // namespace Tideline::Server
