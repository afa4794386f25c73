// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"

namespace Tideline {

// Which rows must be on the backend before which, as far as the schema's relations say.
class TIDELINE_EXPORT Dependencies
{
public:
    struct ForeignKey
    {
        std::shared_ptr<const ModelType> parent;
        std::vector<int> fields;        // of the child, in the order of the parent's primary key
        bool required = false;          // the child cannot be without
        bool owned = false;             // the parent's deletion takes the child along
    };

    explicit Dependencies(const Schema &schema);

    [[nodiscard]] const QList<ForeignKey> &foreignKeys(const ModelType &child) const { return m_foreignKeys[size_t(child.number)]; }

    /*! The other way round: the models whose records belong to one of \a parent, and by which of their foreignKeys(). */
    struct Child
    {
        std::shared_ptr<const ModelType> model;
        qsizetype foreignKey = 0;
    };
    [[nodiscard]] const QList<Child> &children(const ModelType &parent) const { return m_children[size_t(parent.number)]; }

    // Models in the order of their download, each with those that must come before it.
    struct Step
    {
        std::shared_ptr<const ModelType> model;
        QStringList after;
    };
    [[nodiscard]] const QList<Step> &steps() const noexcept { return m_steps; }

    /*! The parent's key that \a row holds; empty: none. */
    [[nodiscard]] static QString parentKey(const Record &row, const ForeignKey &foreignKey);

private:
    void add(const ModelType &child, ForeignKey key);
    void addRelation(const Schema &schema, const std::shared_ptr<const ModelType> &model, const Relation &relation);
    void order(const Schema &schema);

    std::vector<QList<ForeignKey>> m_foreignKeys;       // by the number of the child
    std::vector<QList<Child>> m_children;               // by the number of the parent
    QList<Step> m_steps;
};

} // namespace Tideline
