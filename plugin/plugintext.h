// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QCoreApplication>

namespace Tideline {

// Sentences of the QML module for people.
struct PluginText
{
    Q_DECLARE_TR_FUNCTIONS(Tideline::Qml)
};

} // namespace Tideline
