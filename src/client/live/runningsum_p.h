// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"

#include <cmath>

namespace Tideline {

/*
    A sum that rows join and leave. Integers are exact as long as the sum fits 64 bits. Doubles are added
    with twice a double's precision, so that what leaves takes away what it brought.
*/
class RunningSum
{
public:
    RunningSum() = default;
    explicit RunningSum(const Value &start) { add(start, 1); }

    void add(const Value &value, int sign)
    {
        if (value.kind() == Value::Kind::Integer) {
            m_overflow |= sign > 0 ? __builtin_add_overflow(m_integer, value.toInteger(), &m_integer)
                                   : __builtin_sub_overflow(m_integer, value.toInteger(), &m_integer);
        } else if (value.kind() == Value::Kind::Double) {
            addDouble(sign * value.toDouble());
        }
    }

    [[nodiscard]] bool isExact() const noexcept { return !m_overflow && std::isfinite(m_high); }
    [[nodiscard]] qint64 integer() const noexcept { return m_integer; }
    [[nodiscard]] double number() const noexcept { return m_high + m_low + double(m_integer); }

private:
    void addDouble(double value)
    {
        const double sum = m_high + value;
        const double part = sum - m_high;
        m_low += (m_high - (sum - part)) + (value - part);
        m_high = sum + m_low;
        m_low -= m_high - sum;
    }

    qint64 m_integer = 0;
    double m_high = 0;
    double m_low = 0;
    bool m_overflow = false;
};

} // namespace Tideline
