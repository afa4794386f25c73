// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of the sync engine for people.
struct SyncText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::Sync)
};

} // namespace Tideline
