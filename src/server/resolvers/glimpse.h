// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

namespace Tideline::Server {

/*
    What a caller gets of a record that he may not read and yet has to do with, instead of the record: what he knows already.

    - Who may update or delete it is answered with its key, the times that the backend writes, its metadata, and of his own input
      what was stored as he gave it.
    - Where a record must have a parent he gets the parent's key, as the record has it, whether that parent is there or not.

    Of the rest, fields that may be null are null and others Unauthorized.
*/
[[nodiscard]] Record glimpse(const std::shared_ptr<const ModelType> &model, const std::vector<int> &fields, const std::vector<Value> &values);
[[nodiscard]] Record glimpse(const Record &record, const Value::Object &input);
[[nodiscard]] bool isGlimpse(const Record &record);

} // namespace Tideline::Server
