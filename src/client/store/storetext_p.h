// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of the store for people.
struct StoreText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::Store)
};

} // namespace Tideline
