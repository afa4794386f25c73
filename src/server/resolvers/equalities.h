// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

#include <optional>

namespace Tideline::Server {

/* Something about a record that can be looked up. */
struct Facet
{
    enum class How : quint8 {
        Stored,                                 // the field's value
        Shown,                                  // as shortOwner() shows it
        Named,                                  // its text, or each text in its list
    };
    int field = -1;
    How how = How::Stored;
    friend auto operator<=>(const Facet &, const Facet &) = default;
};

/* The values that \a record has there: one, or of a Named list each of its texts. */
[[nodiscard]] QList<Value> valuesAt(const Facet &facet, const Record &record);

struct ValueHash
{
    size_t operator()(const Value &value) const noexcept;
    size_t operator()(const std::vector<Value> &values) const noexcept;
};

/*
    What a record must be equal in for a condition to hold: at least one of some alternatives, each a value for some
    facets. Necessary, not sufficient, so that conditions can be found by a record's values and are then asked.
*/
class Equalities
{
public:
    struct Term { Facet facet; Value value; };
    using Alternative = std::vector<Term>;      // by facet, none twice

    Equalities() = default;                     // nothing can be said
    [[nodiscard]] static Equalities never() { return among({}, {}); }
    [[nodiscard]] static Equalities among(Facet facet, const QList<Value> &values);

    [[nodiscard]] const std::optional<std::vector<Alternative>> &alternatives() const noexcept { return m_alternatives; }
    [[nodiscard]] Equalities both(const Equalities &other) const;
    [[nodiscard]] Equalities either(const Equalities &other) const;

private:
    static constexpr size_t Most = 64;

    std::optional<std::vector<Alternative>> m_alternatives;
};

} // namespace Tideline::Server
