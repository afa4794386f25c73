// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/error.h"

#include <QtCore/QJsonObject>

namespace Tideline {

// One row as the backend sent it: a record with metadata, or what is wrong with it.
struct RemoteItem
{
    Record record;                      // null when error is set
    Error error;                        // names model, field, record
    QJsonObject raw;                    // only when error is set

    /*! The record of \a model in the backend's form: its fields, _version, _lastChangedAt and _deleted. What does not fit the schema comes
        back as an item with an error. */
    [[nodiscard]] static TIDELINE_EXPORT RemoteItem fromJson(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                                             const QJsonObject &json);
    [[nodiscard]] TIDELINE_EXPORT QJsonObject toJson() const;       // the same form; raw of an item with an error

    /*! The backend's metadata, as far as they can be read. */
    [[nodiscard]] TIDELINE_EXPORT SyncMetadata metadata() const;
    /*! The record's key; where none can be read a digest of what was sent. */
    [[nodiscard]] TIDELINE_EXPORT QString key() const;
};

} // namespace Tideline
