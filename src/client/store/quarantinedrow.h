// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/error.h"

#include <QtCore/QMetaType>

namespace Tideline {

/*!
    \class Tideline::QuarantinedRow
    \inmodule Tideline
    \since 0.1
    \brief A record of the backend that could not be stored and is kept aside, as the repair bench shows it.

    It breaks the schema, or a record that it belongs to is missing. It is tried again by itself when that record comes, when the
    schema changes and when the backend sends another version.
*/
struct QuarantinedRow
{
    QString model;
    QString key;                        // where the backend sent none that can be read: a digest of what it sent
    SyncMetadata metadata;              // as far as the backend told it
    QString raw;                        // the record as JSON, in the backend's form
    Error error;                        // why
    QString parentModel;                // of the record that it waits for; empty: it waits for none
    QString parentKey;
    qint64 since = 0;                   // ms since the epoch, UTC

    friend bool operator==(const QuarantinedRow &, const QuarantinedRow &) = default;
};

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::QuarantinedRow)
