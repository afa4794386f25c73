// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"

namespace Tideline {

/*! A condition as a property holds it: the form it was given in, and what became of it. */
struct LiveWhere
{
    QVariant given;
    Predicate predicate;
    Error error;                    // of the conversion

    [[nodiscard]] static LiveWhere fromVariant(const QVariant &variant);
    [[nodiscard]] static LiveWhere fromPredicate(const Predicate &predicate);
};

} // namespace Tideline
