// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <functional>
#include <optional>
#include <utility>
#include <variant>

namespace Tideline {

/*!
    \class Tideline::Result
    \inmodule Tideline
    \since 0.1
    \brief A value or the Error that took its place.

    Reading value() of a failed result is a defect of the caller and asserts.
*/
template<typename T>
class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) { }
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) { }

    [[nodiscard]] bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    [[nodiscard]] const T &value() const & { Q_ASSERT(ok()); return *std::get_if<0>(&m_state); }
    [[nodiscard]] T &value() & { Q_ASSERT(ok()); return *std::get_if<0>(&m_state); }
    [[nodiscard]] T value() && { Q_ASSERT(ok()); return std::move(*std::get_if<0>(&m_state)); }
    [[nodiscard]] T valueOr(T other) const { return ok() ? value() : std::move(other); }
    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    T operator*() && { return std::move(*this).value(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }

    [[nodiscard]] Error error() const { return ok() ? Error() : *std::get_if<1>(&m_state); }

private:
    std::variant<T, Error> m_state;
};

template<>
class [[nodiscard]] Result<void>
{
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : m_error(std::move(error)) { }

    [[nodiscard]] bool ok() const noexcept { return !m_error.isError(); }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] Error error() const { return m_error; }

private:
    Error m_error;
};

/*! How a call that cannot answer at once answers: exactly once, with a value or an error. */
template<typename T>
using Reply = std::function<void(Result<T>)>;

} // namespace Tideline
