// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QMetaType>
#include <QtCore/QObject>

namespace Tideline {

/*!
    \class Tideline::AtRisk
    \inmodule Tideline
    \since 0.1
    \brief What only this device has, and would be lost with its file.
*/
class TIDELINE_EXPORT AtRisk
{
    Q_GADGET
    Q_PROPERTY(qint64 pending MEMBER pending FINAL)
    Q_PROPERTY(qint64 rejected MEMBER rejected FINAL)
    Q_PROPERTY(qint64 unmapped MEMBER unmapped FINAL)
    Q_PROPERTY(qint64 total READ total FINAL)

public:
    qint64 pending = 0;                 // mutations that wait for the backend or are on their way
    qint64 rejected = 0;                // mutations that the backend refused and nobody has decided about
    qint64 unmapped = 0;                // changes and rows that this version of the schema has no place for, see DataStore::unmapped()

    [[nodiscard]] qint64 total() const noexcept { return pending + rejected + unmapped; }

    friend bool operator==(const AtRisk &, const AtRisk &) = default;
};

} // namespace Tideline
