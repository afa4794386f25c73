// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/credentials.h"
#include "client/sync/verdict.h"

namespace Tideline {

/*!
    What the backend will say of \a intention when it comes from one of \a callers, the default first, each of whom is tried as the order of
    modes has it. By the @auth rules alone: of a model without any it is Unknown, for AppSync and other servers differ, and so is
    what a function decides, and what depends on values that are not known here: of records that changed here, of owners that are
    shown without what tells users of one name apart, of fields that may be hidden from the caller.
*/
[[nodiscard]] TIDELINE_EXPORT Verdict accessVerdict(const Intention &intention, const QList<Caller> &callers);

} // namespace Tideline
