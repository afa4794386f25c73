// SPDX-License-Identifier: MIT
#include "plugin/prepare.h"

#include <QtQml/QQmlEngine>

void qml_register_types_Tideline();

namespace Tideline {

void prepare(QQmlEngine *engine)
{
    qml_register_types_Tideline();
    engine->addImportPath(QStringLiteral(":/qt/qml"));
}

} // namespace Tideline
