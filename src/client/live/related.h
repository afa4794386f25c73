// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livequery.h"
#include "client/live/modelobject.h"

namespace Tideline {

// What generated relation properties do; also usable with plain model objects.

/*! Keeps \a related on the record that \a owner's hasOne or belongsTo \a relation leads to. */
TIDELINE_EXPORT void followRelated(ModelObject *owner, const QString &relation, ModelObject *related);

/*! Returns a live query over the records of \a owner's hasMany \a relation, of a many-to-many one over those on the
    other side; a child of \a owner. */
[[nodiscard]] TIDELINE_EXPORT LiveQuery *relatedQuery(ModelObject *owner, const QString &relation);

} // namespace Tideline
