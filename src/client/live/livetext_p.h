// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of live queries for people.
struct LiveText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::LiveQuery)
};

} // namespace Tideline
