// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

namespace Tideline {

// What the claims of a token say of its bearer, as @auth rules ask for it.

/*
    The names under which the bearer owns records by an identity claim, split at "::" into \a parts; \a subject stands for a missing
    "sub". The first is the one written into new records: the values of all parts, joined by "::", or what there is of them. The value of
    each part alone is accepted as well, unless it has a "::" itself: a user who may choose a name could pass for another with it.
*/
[[nodiscard]] TIDELINE_CORE_EXPORT QStringList ownerNames(const QJsonObject &claims, const QString &subject, const QStringList &parts);

/* The groups in \a claim: a list, one name, or a list written as JSON text. */
[[nodiscard]] TIDELINE_CORE_EXPORT QStringList groupsOf(const QJsonObject &claims, const QString &claim);

} // namespace Tideline
