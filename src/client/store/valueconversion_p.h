// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/schema/schema.h"

#include <QtCore/QSet>

#include <optional>

namespace Tideline {

/*! Brings stored values from one schema to another, without loss or not at all. */
class ValueConversion
{
public:
    ValueConversion(const Schema &older, const Schema &newer) : m_older(older), m_newer(newer) { }

    // Whether every value of the one type, as stored, is one of the other. That the field itself may be null does not count.
    [[nodiscard]] bool keeps(const FieldType &from, const FieldType &to) const;

    // What makes every value of the one type in \a column one of the other; empty: SQL cannot, or not every value is one.
    [[nodiscard]] QString expression(const FieldType &from, const FieldType &to, const QString &column) const;

    /*! The value as \a to has it; nothing when it would not be the same. Members of embedded types that their type
        lacks stay in the value, behind the others. \a from is the type it was stored as, where that is known. */
    [[nodiscard]] std::optional<Value> convert(const FieldType &to, const Value &value, const FieldType *from = nullptr) const;

private:
    [[nodiscard]] bool keepsEnum(const FieldType &from, const FieldType &to) const;
    [[nodiscard]] bool keepsEmbedded(const FieldType &from, const FieldType &to, QSet<QString> &seen) const;
    [[nodiscard]] bool keepsElement(const FieldType &from, const FieldType &to, QSet<QString> &seen) const;
    [[nodiscard]] std::optional<Value> toList(const FieldType &to, const Value &value, const FieldType *from) const;
    [[nodiscard]] std::optional<Value> toEnum(const FieldType &to, const Value &value) const;
    [[nodiscard]] std::optional<Value> toEmbedded(const FieldType &to, const Value &value, const FieldType *from) const;

    const Schema &m_older;
    const Schema &m_newer;
};

} // namespace Tideline
