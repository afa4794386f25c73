// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/evolution_p.h"

namespace Tideline {

// What else the file notes under the names of models: tombstones, receipts, quarantine, settings NAME/MODEL and NAME/MODEL/KEY.
namespace EvolvedNotes {
[[nodiscard]] Result<void> run(const Evolution &evolution);
} // namespace EvolvedNotes

} // namespace Tideline
