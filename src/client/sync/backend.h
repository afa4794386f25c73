// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/transport.h"
#include "client/sync/verdict.h"

#include <QtCore/QObject>

namespace Tideline {

/*! What a DataStore is kept equal with. Lives in the application's thread; transportFactory() takes a
    snapshot of its properties that the engine's thread may use. */
class TIDELINE_EXPORT Backend : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual Result<TransportFactory> transportFactory() const = 0;    // error: what is missing
    [[nodiscard]] virtual Verdict verdict(const Intention &) const { return Verdict::Unknown; }

Q_SIGNALS:
    void changed();                     // a property changed: the engine starts anew
    void credentialsChanged(bool wereAskedFor = false);         // what waited for other credentials goes on; asked for by an engine itself
};

} // namespace Tideline
