// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/field.h"

namespace Tideline {

/*!
    \class Tideline::TypedDraft
    \inmodule Tideline
    \since 0.1
    \brief A draft whose fields are set by tokens: \c{draft.with(StockCount::quantity, 12)}.

    The tokens must be those of the draft's model type; debug builds assert it.
*/
class TypedDraft : public Draft
{
public:
    using Draft::Draft;

    template<typename T>
    [[nodiscard]] TypedDraft with(const Field<T> &field, const std::type_identity_t<T> &value) const
    {
        return changed(field, ValueTraits<T>::toValue(value));
    }
    template<typename T>
    [[nodiscard]] TypedDraft with(const Field<T> &field, std::nullopt_t) const      // no value
    {
        return changed(field, Value());
    }

private:
    template<typename T>
    [[nodiscard]] TypedDraft changed(const Field<T> &field, Value value) const
    {
        Q_ASSERT_X(model() && model()->fieldIndex(field.name()) == field.index(), "TypedDraft::with", "the token is of another model type");
        TypedDraft copy = *this;
        copy.set(field.index(), std::move(value));
        return copy;
    }
};

/*!
    \class Tideline::TypedRecord
    \inmodule Tideline
    \since 0.1
    \brief A record as generated code has it: each field by a function of its own.

    Base of the generated classes, which add the functions. Where a plain record is wanted it is one.
    Its with() begins a draft: \c{store.save(count.with(StockCount::quantity, 12))}.
*/
class TypedRecord
{
public:
    TypedRecord() = default;
    explicit TypedRecord(Record record) : m_record(std::move(record)) { }

    [[nodiscard]] bool isNull() const noexcept { return m_record.isNull(); }
    [[nodiscard]] QString key() const { return m_record.key(); }
    [[nodiscard]] SyncState syncState() const noexcept { return m_record.state(); }
    [[nodiscard]] const Record &record() const noexcept { return m_record; }
    operator const Record &() const noexcept { return m_record; }

    [[nodiscard]] TypedDraft draft() const { return TypedDraft(m_record); }
    template<typename T>
    [[nodiscard]] TypedDraft with(const Field<T> &field, const std::type_identity_t<T> &value) const
    {
        return draft().with(field, value);
    }
    template<typename T>
    [[nodiscard]] TypedDraft with(const Field<T> &field, std::nullopt_t none) const
    {
        return draft().with(field, none);
    }

    friend bool operator==(const TypedRecord &a, const TypedRecord &b) { return a.m_record == b.m_record; }

protected:
    template<typename T>
    [[nodiscard]] T field(int number) const { return ValueTraits<T>::fromValue(m_record.value(number)); }

private:
    Record m_record;
};

} // namespace Tideline
