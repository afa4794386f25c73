// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline::Tools {

// What one schema after another means to somebody who relies on the first.
struct SchemaChange
{
    enum class Severity { Breaking, Dangerous };
    enum class Concern { StoredData, Clients };

    Severity severity = Severity::Breaking;
    Concern concern = Concern::StoredData;
    QString subject;                    // "Type" or "Type.member"
    QString declaration;                // what the models' schema has it by; of an operation, the model
    QString message;                    // what breaks
    QString advice;                     // what to do
};

/*! What records that were stored with schema \a before are under schema \a after. */
[[nodiscard]] QList<SchemaChange> changesForData(const Schema &before, const Schema &after);

/*
    What apps built with schema \a before meet at a backend with schema \a after: GraphQL's breaking and dangerous changes
    between the two AppSync schemas, one for each thing that the models' schema says. Optional arguments and input
    fields that came are no danger: a DataStore client sends only what it was built with.
*/
[[nodiscard]] QList<SchemaChange> changesForClients(const Schema &before, const Schema &after);

} // namespace Tideline::Tools
