// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"

namespace Tideline {

struct StoreOptions;

/*! Opens the writer's connection: guards the file, makes a new one, brings its tables to the schema. */
namespace StoreFile {

[[nodiscard]] Result<void> open(Connection &connection, const StoreOptions &options, qint64 now);
[[nodiscard]] Result<void> erase(const QString &path);         // of a closed store, with what SQLite keeps beside it

} // namespace StoreFile

} // namespace Tideline
