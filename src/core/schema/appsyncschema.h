// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/schema/schema.h"

namespace Tideline {

// The names of a model's operations on the wire; one place for client and server.
struct OperationNames
{
    QString create, update, remove, get, list, sync;
    QString onCreate, onUpdate, onDelete;
};

[[nodiscard]] TIDELINE_CORE_EXPORT OperationNames operationNames(const ModelType &model);
[[nodiscard]] TIDELINE_CORE_EXPORT QString pluralOf(const QString &name);     // the JavaScript library pluralize

// What the API lets in when a type or field does not say: apiKey, or the provider of the schema's first rule.
[[nodiscard]] TIDELINE_CORE_EXPORT AuthRule::Provider defaultProvider(const Schema &schema);

/*! The full AppSync SDL of a DataStore backend for \a schema, as AWS's transformer makes it. */
[[nodiscard]] TIDELINE_CORE_EXPORT GraphQL::Document appSyncDocument(const Schema &schema);
[[nodiscard]] TIDELINE_CORE_EXPORT GraphQL::Document appSyncDocument(const Schema &schema, AuthRule::Provider defaultProvider);

} // namespace Tideline
