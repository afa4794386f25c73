// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline {

/*! What a DataStore client selects of \a model: every column and the metadata, relations as their foreign keys. */
[[nodiscard]] TIDELINE_CORE_EXPORT QString recordSelection(const Schema &schema, const ModelType &model);

/*! The name of an input type of \a model; \a verb is Create, Update or Delete. */
[[nodiscard]] TIDELINE_CORE_EXPORT QString inputTypeName(QStringView verb, const ModelType &model);

} // namespace Tideline
