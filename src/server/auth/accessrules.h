// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"
#include "server/service.h"

namespace Tideline::Server {

enum class Access { Create, Update, Delete, Get, List, Sync, Listen };

/*
    Whether \a rules let \a identity do it, whatever the record. Without rules everybody may who was let in at all;
    with rules only whom one of them names. Rules that depend on a record (owners, groups written in a field)
    let nobody in here: who has no other rule is refused, never shown too much.
*/
[[nodiscard]] bool isAllowed(const std::vector<AuthRule> &rules, const Identity &identity, Access access);

/*
    The fields of \a names that \a identity may not touch with \a access by rules of their own; keys and _version are
    free. For a delete every field counts.
*/
[[nodiscard]] QStringList protectedFields(const ModelType &model, const QStringList &names, const Identity &identity, Access access);

} // namespace Tideline::Server
