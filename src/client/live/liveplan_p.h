// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"

#include <QtCore/QByteArray>
#include <QtCore/QSet>

#include <memory>

namespace Tideline {

/*! What the properties of a live query say. */
struct LiveSpec
{
    QString type;
    Predicate where;
    QStringList sort;
    int limit = -1;
    QStringList include;
};

/*! One value that views read by name. */
struct LiveRole
{
    enum class Kind { Field, Included, Key, SyncState, Version, Record };

    Kind kind = Kind::Field;
    int number = 0;                 // of the field, of the included path
    QByteArray name;
};

/*! A relation path that becomes a role. */
struct LiveInclude
{
    QString path;                                   // "product.name", "product", "lines.quantity"
    std::vector<const Relation *> steps;
    std::shared_ptr<const ModelType> model;         // where it ends
    int field = -1;                                 // -1: the whole record
    bool many = false;                              // a list of values: a step is hasMany
};

/*! Records of a model type that a query looks at through relations. */
struct LiveDependency
{
    QStringList path;                               // names of the relations, from the query's model type
    std::shared_ptr<const ModelType> model;         // where the path leads
    QSet<int> fields;                               // a change of others does not matter

    [[nodiscard]] bool isTouchedBy(const Change &change) const;
};

/*! A row as a view sees it. */
struct LiveRow
{
    Record record;
    QVariantList included;                          // one for each of LivePlan::includes
};

/*!
    A live query checked against the schema: all that is known before the first row is read.
    Immutable; shared between the query's thread and the readers.
*/
class LivePlan
{
public:
    [[nodiscard]] static Result<std::shared_ptr<const LivePlan>> make(const Schema &schema, const LiveSpec &spec);

    [[nodiscard]] bool isRelational() const noexcept { return !dependencies.empty(); }
    [[nodiscard]] int roleAt(int role) const noexcept;          // index into roles; -1: none
    [[nodiscard]] QHash<int, QByteArray> roleNames() const;
    [[nodiscard]] QVariant value(const LiveRow &row, const LiveRole &role) const;

    // masks of RowChanges
    [[nodiscard]] quint64 changedRoles(const Record &before, const Record &after) const;
    [[nodiscard]] quint64 changedRoles(const LiveRow &before, const LiveRow &after) const;
    [[nodiscard]] QList<int> rolesOf(quint64 mask) const;       // empty: all

    // encodes what a key contributes at the end of a position; empty: it cannot be told
    [[nodiscard]] QByteArray keySuffix(const QString &key) const;

    Schema schema;
    std::shared_ptr<const ModelType> model;
    Query query;                                    // without a limit
    int limit = -1;
    BoundPredicate where;
    BoundSortOrder order;
    std::vector<LiveInclude> includes;
    std::vector<LiveDependency> dependencies;
    std::vector<LiveRole> roles;

private:
    Result<void> addIncludes(const LiveSpec &spec);
    Result<LiveInclude> resolve(const QString &path) const;
    void addRoles();
    void collectDependencies();
    void dependOn(QStringList path, const std::shared_ptr<const ModelType> &target, const Relation &relation);
    void dependOnField(const QStringList &path, int field);
    void dependOnPredicate(const BoundPredicate::Node &node, const QStringList &path);
    [[nodiscard]] quint64 bit(size_t role) const noexcept { return quint64(1) << std::min<size_t>(role, 63); }
};

/*! The name of the role of a relation path: "product.name" is productName, for QML's names have no dots. */
[[nodiscard]] QByteArray roleNameOf(const QString &path);

} // namespace Tideline
