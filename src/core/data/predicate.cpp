// SPDX-License-Identifier: MIT
#include "core/data/predicate.h"

#include <QtCore/QDebug>
#include <QtCore/QJsonDocument>

#include <algorithm>
#include <array>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

struct Predicate::Node
{
    Kind kind = Kind::All;
    Operator op = Operator::Eq;
    QString field = {};
    QList<Value> operands = {};
    QList<Predicate> children = {};
};

/*! Returns the predicate that matches no record. */
Predicate Predicate::none()
{
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(Node {.kind = Kind::None});
    return predicate;
}

/*!
    Returns the comparison of the field at the path \a field with \a operands: none for In and NotIn
    up to any number, two for Between (low and high, both inclusive), one for every other \a op; for
    AttributeExists that is a Boolean. Number and types are checked when the predicate is bound.
*/
Predicate Predicate::compare(const QString &field, Operator op, QList<Value> operands)
{
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(
        Node {.kind = Kind::Compare, .op = op, .field = field, .operands = std::move(operands)});
    return predicate;
}

/*! Returns the predicate that matches when a record that \a relation leads to matches \a condition. */
Predicate Predicate::related(const QString &relation, const Predicate &condition)
{
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(Node {.kind = Kind::Related, .field = relation, .children = {condition}});
    return predicate;
}

// Members of nested groups of the same kind, without the constant that changes nothing in such a group.
static QList<Predicate> flattened(const QList<Predicate> &children, Predicate::Kind kind, Predicate::Kind neutral)
{
    QList<Predicate> flat;
    flat.reserve(children.size());
    for (const Predicate &child : children) {
        if (child.kind() == kind)
            flat += child.children();
        else if (child.kind() != neutral)
            flat += child;
    }
    return flat;
}

/*! Returns the predicate that matches what all of \a members match; everything when there are none. */
Predicate Predicate::allOf(const QList<Predicate> &members)
{
    QList<Predicate> children = flattened(members, Kind::And, Kind::All);
    if (children.size() < 2)
        return children.isEmpty() ? all() : children.first();
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(Node {.kind = Kind::And, .children = std::move(children)});
    return predicate;
}

/*! Returns the predicate that matches what any of \a members matches; everything when there are none. */
Predicate Predicate::anyOf(const QList<Predicate> &members)
{
    QList<Predicate> children = flattened(members, Kind::Or, Kind::None);
    if (children.isEmpty())
        return members.isEmpty() ? all() : none();
    if (children.size() == 1)
        return children.first();
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(Node {.kind = Kind::Or, .children = std::move(children)});
    return predicate;
}

/*! Returns the predicate that matches exactly what \a child does not match. */
Predicate Predicate::negation(const Predicate &child)
{
    if (child.kind() == Kind::All)
        return none();
    if (child.kind() == Kind::None)
        return all();
    Predicate predicate;
    predicate.d = std::make_shared<const Node>(Node {.kind = Kind::Not, .children = {child}});
    return predicate;
}

/*! Returns what the predicate is at its top. */
Predicate::Kind Predicate::kind() const noexcept
{
    return d ? d->kind : Kind::All;
}

/*! Returns the path of the field of a Compare, the name of the relation of a Related, else an empty string. */
QString Predicate::field() const
{
    return d ? d->field : QString();
}

/*! Returns the operator of a Compare. */
Predicate::Operator Predicate::op() const noexcept
{
    return d ? d->op : Operator::Eq;
}

/*! Returns the operands of a Compare. */
const QList<Value> &Predicate::operands() const noexcept
{
    static const QList<Value> none;
    return d ? d->operands : none;
}

/*! Returns the conditions an And or Or joins, the one a Not negates, the one a Related asks of related records. */
const QList<Predicate> &Predicate::children() const noexcept
{
    static const QList<Predicate> none;
    return d ? d->children : none;
}

namespace {

constexpr std::array<QLatin1StringView, 13> OperatorNames {
    "eq"_L1, "ne"_L1, "lt"_L1, "le"_L1, "gt"_L1, "ge"_L1, "between"_L1, "contains"_L1, "notContains"_L1,
    "beginsWith"_L1, "in"_L1, "notIn"_L1, "attributeExists"_L1,
};

} // namespace

/*! Returns the name \a op has in AppSync's filters. */
QString Predicate::operatorName(Operator op)
{
    return OperatorNames[size_t(op)];
}

/*! Returns the operator AppSync's filters call \a name; nothing when there is none. */
std::optional<Predicate::Operator> Predicate::operatorFromName(QStringView name) noexcept
{
    const auto found = std::find(OperatorNames.begin(), OperatorNames.end(), name);
    return found == OperatorNames.end() ? std::nullopt : std::optional(Operator(found - OperatorNames.begin()));
}

/*! Returns whether \a a and \a b are built alike; predicates built differently may still match the same. */
bool operator==(const Predicate &a, const Predicate &b)
{
    if (a.d == b.d)
        return true;
    return a.kind() == b.kind() && a.op() == b.op() && a.field() == b.field() && a.operands() == b.operands()
        && a.children() == b.children();
}

QDebug operator<<(QDebug debug, const Predicate &predicate)
{
    QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "Predicate(" << QJsonDocument(predicate.toJson()).toJson(QJsonDocument::Compact) << ')';
    return debug;
}

} // namespace Tideline
