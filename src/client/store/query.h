// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"
#include "core/data/sortorder.h"

namespace Tideline {

struct Query
{
    std::shared_ptr<const ModelType> model;
    Predicate where;
    QList<SortKey> sort;
    int limit = -1;                     // -1: all
    int offset = 0;
};

enum class Aggregate { Count, Sum, Min, Max, Avg };

} // namespace Tideline
