// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QSet>

namespace Tideline {

/*
    Tells a new fault from one that lasts, so that an hour without a network is one error and not a
    thousand. The line and the health of the backend are one matter, missing credentials one, the file one
    for each code; anything else is one for each model and record. A fault ends when all that it
    hindered works again.
*/
class TIDELINE_EXPORT Faults
{
public:
    struct Fault
    {
        Error error;                    // the first
        qint64 since = 0;
        int count = 0;                  // how often it came up
        QSet<QString> hinders;          // what failed because of it and did not work since
    };

    [[nodiscard]] bool begins(const Error &error, qint64 now);
    [[nodiscard]] QList<Fault> works(Error::Phase phase, const QString &model = {}, const QString &record = {});   // what ended with that
    void clear() { m_open.clear(); }

private:
    QHash<QString, Fault> m_open;       // by what they are about
};

} // namespace Tideline
