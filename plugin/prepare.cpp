// SPDX-License-Identifier: MIT
#include "plugin/prepare.h"

#include "client/translation.h"

#include <QtQml/QQmlEngine>

void qml_register_types_Tideline();

namespace Tideline {

void prepare(QQmlEngine *engine)
{
    static const bool registered = (qml_register_types_Tideline(), true);     // for the process, not for an engine
    Q_UNUSED(registered)
    ensureTranslation();
    engine->addImportPath(QStringLiteral(":/qt/qml"));
}

} // namespace Tideline
