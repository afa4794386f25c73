// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of the core for people.
struct CoreText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::Core)
};

} // namespace Tideline
