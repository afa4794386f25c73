// SPDX-License-Identifier: MIT
#pragma once

#include "server/service.h"

namespace Tideline::Server {

/*
    The names under which \a identity owns records by an identity claim, split at "::". The first is the one
    written into new records: the values of all parts, joined by "::", or what there is of them. The value of each part alone is
    accepted as well, unless it has a "::" itself: a user who may choose a name could pass for another with it.
*/
[[nodiscard]] QStringList ownerNames(const Identity &identity, const QStringList &claims);

/* The groups in \a claim: a list, one name, or a list written as JSON text. */
[[nodiscard]] QStringList groupsOf(const Identity &identity, const QString &claim);

} // namespace Tideline::Server
