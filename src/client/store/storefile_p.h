// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"

namespace Tideline {

struct StoreOptions;

/*! Opens the writer's connection: guards the file, makes a new one, brings its tables to the schema. */
namespace StoreFile {

[[nodiscard]] Result<void> open(Connection &connection, const StoreOptions &options);
[[nodiscard]] Result<void> erase(const QString &path);         // of a closed store, with what SQLite keeps beside it

} // namespace StoreFile

/*! The statements that lead from the tables of an older schema to those of \a layout. Only additions
    are possible; anything else is an InvalidSchema error that says what changed. */
[[nodiscard]] Result<QStringList> additions(const Schema &older, const Layout &layout);

} // namespace Tideline
