// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

#include <QtCore/QJsonObject>

#include <optional>

namespace Tideline {

/*!
    \class Tideline::Predicate
    \inmodule Tideline
    \since 0.1
    \brief Says which records match; the same in memory, in SQL and on the backend.

    Two-valued: a comparison is true or false, never unknown, and not() is the exact complement.
    eq null and ne null test for null; ne v, notContains v and notIn [..] match null; ordering
    operators, between, contains, beginsWith and in [..] do not. Text compares by Unicode code
    point (as UTF-8 bytes do); contains and beginsWith are literal and case-sensitive; on lists
    contains tests for an equal element. An empty and/or group matches everything.
    A condition on a relation is true when a related record matches it (any, for hasMany).
*/
class TIDELINE_CORE_EXPORT Predicate
{
public:
    enum class Kind { All, None, And, Or, Not, Compare, Related };
    enum class Operator {
        Eq, Ne, Lt, Le, Gt, Ge, Between, Contains, NotContains, BeginsWith, In, NotIn, AttributeExists
    };

    Predicate() = default;                                                  // All
    [[nodiscard]] static Predicate all() { return {}; }
    [[nodiscard]] static Predicate none();
    [[nodiscard]] static Predicate compare(const QString &field, Operator op, QList<Value> operands);  // "a.b" goes through relations
    [[nodiscard]] static Predicate related(const QString &relation, const Predicate &condition);
    [[nodiscard]] static Predicate allOf(const QList<Predicate> &members);
    [[nodiscard]] static Predicate anyOf(const QList<Predicate> &members);
    [[nodiscard]] static Predicate negation(const Predicate &child);

    /*! AppSync's filter grammar, as QML's \c where has it: {field: {op: value}}, {and: [..]}, {or: [..]},
        {not: {..}}, relations as nested objects. Several members of one object are and-ed. */
    [[nodiscard]] static Result<Predicate> fromJson(const QJsonObject &json);
    [[nodiscard]] static Result<Predicate> fromVariant(const QVariant &variant);
    [[nodiscard]] QJsonObject toJson() const;                               // All: {}

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] QString field() const;                // of Compare; the relation's name of Related
    [[nodiscard]] Operator op() const noexcept;
    [[nodiscard]] const QList<Value> &operands() const noexcept;
    [[nodiscard]] const QList<Predicate> &children() const noexcept;   // And, Or; one of Not and Related

    [[nodiscard]] static QString operatorName(Operator op);             // "beginsWith", as on the wire
    [[nodiscard]] static std::optional<Operator> operatorFromName(QStringView name) noexcept;

    friend Predicate operator&&(const Predicate &a, const Predicate &b) { return allOf({a, b}); }
    friend Predicate operator||(const Predicate &a, const Predicate &b) { return anyOf({a, b}); }
    friend Predicate operator!(const Predicate &a) { return negation(a); }
    friend TIDELINE_CORE_EXPORT bool operator==(const Predicate &a, const Predicate &b);
    friend TIDELINE_CORE_EXPORT QDebug operator<<(QDebug debug, const Predicate &predicate);

private:
    struct Node;
    std::shared_ptr<const Node> d;
};

/*!
    A predicate checked against a model type: fields found, operands of the right type and number.

    Binding also leaves less to decide for each record: attributeExists is Ne or Eq null, a comparison that
    no record can pass (lt null) is None, constants are folded, paths are Related nodes, and the operands
    of In and NotIn are sorted and distinct. What remains of Compare has operands that are not null, except
    those of Eq and Ne.
*/
class TIDELINE_CORE_EXPORT BoundPredicate
{
public:
    struct Node
    {
        Predicate::Kind kind = Predicate::Kind::All;
        Predicate::Operator op = Predicate::Operator::Eq;
        int field = -1;                                 // of Compare
        const Relation *relation = nullptr;             // of Related; lives as long as the model type
        std::shared_ptr<const ModelType> target = {};   // of Related
        QList<Value> operands = {};                     // as the field stores them
        std::vector<Node> children = {};
    };

    BoundPredicate() = default;                         // matches everything
    [[nodiscard]] static Result<BoundPredicate> bind(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                                     const Predicate &predicate);

    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept { return m_model; }
    [[nodiscard]] const Node &root() const noexcept { return m_root; }
    [[nodiscard]] bool usesRelations() const noexcept { return m_usesRelations; }
    [[nodiscard]] bool matches(const Record &record, const RelatedRecords &related = {}) const;

private:
    Schema m_schema;                                    // keeps the relations alive
    std::shared_ptr<const ModelType> m_model;
    Node m_root;
    bool m_usesRelations = false;
};

} // namespace Tideline
