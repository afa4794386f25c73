// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

namespace Tideline {

struct SortKey
{
    QString path;                       // "quantity", or "product.name" through belongsTo/hasOne
    Qt::SortOrder order = Qt::AscendingOrder;
    friend bool operator==(const SortKey &, const SortKey &) = default;
};

/*! QML's form: ["product.name", "-countedAt"]. */
[[nodiscard]] TIDELINE_CORE_EXPORT Result<QList<SortKey>> sortKeysFromStrings(const QStringList &keys);
[[nodiscard]] TIDELINE_CORE_EXPORT QStringList sortKeysToStrings(const QList<SortKey> &keys);

/*!
    \class Tideline::BoundSortOrder
    \inmodule Tideline
    \since 0.1
    \brief A sort order checked against a model type.

    Nulls come first when ascending, last when descending; false before true; numbers by value; text by
    Unicode code point; the primary key is always the last key, so that an order is total. A key that
    repeats an earlier one decides nothing and is left out. Lists and embedded types are refused.
*/
class TIDELINE_CORE_EXPORT BoundSortOrder
{
public:
    struct Key
    {
        std::vector<const Relation *> path;             // empty: a field of the model itself
        std::shared_ptr<const ModelType> model;         // that has the field
        int field = -1;
        Qt::SortOrder order = Qt::AscendingOrder;
    };

    [[nodiscard]] static Result<BoundSortOrder> bind(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                                     const QList<SortKey> &keys);

    [[nodiscard]] const std::vector<Key> &keys() const noexcept { return m_keys; }   // with the primary key at the end
    [[nodiscard]] bool usesRelations() const noexcept { return m_usesRelations; }

    /*! The bytes whose memcmp order is this sort order; one value for each of keys(). */
    [[nodiscard]] QByteArray encode(const std::vector<Value> &values) const;
    [[nodiscard]] QByteArray encode(const Record &record) const;    // only without relations
    [[nodiscard]] QByteArray encode(const Record &record, const RelatedRecords &related) const;

private:
    Schema m_schema;                                    // keeps the relations alive
    std::vector<Key> m_keys;
    std::vector<Value::Kind> m_kinds;                   // how the field of each key is stored
    bool m_usesRelations = false;
};

} // namespace Tideline
