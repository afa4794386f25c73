// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of the line to AppSync for people.
struct AppSyncText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::AppSync)
};

} // namespace Tideline
