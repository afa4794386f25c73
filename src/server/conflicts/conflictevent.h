// SPDX-License-Identifier: MIT
#pragma once

#include "server/conflicts/conflicts.h"
#include "server/service.h"

#include <optional>

namespace Tideline::Server {

// What a function is asked about; section 6.3 of the protocol.
struct ConflictQuestion
{
    Record stored;
    Record wanted;                          // as the mutation would have left it, had its version been the stored one
};

struct ConflictAnswer
{
    enum class Action { Resolve, Reject, Remove };
    Action action = Action::Reject;
    Record item;                            // of Resolve: what is to be stored
};

/*
    The request of AppSync's conflict Lambda:

        newItem         the record as the mutation would have left it, without metadata
        existingItem    the record as it is stored, with _version, _lastChangedAt and, on a tombstone, _deleted
        arguments       of the mutation: input and condition
        resolver        {tableName, awsRegion, parentType, field}
        identity        who calls, as AppSync's resolvers see it; null for an API key

    Fields that are null are absent, as in the database that AppSync reads. AWSJSON is its text. tableName is the model's name.
*/
[[nodiscard]] QJsonObject conflictEvent(const ConflictQuestion &question, const QString &field, const Value::Object &arguments,
                                        const Identity &identity);

/*
    Its answer. An update takes RESOLVE with the item that replaces the stored one, or REJECT; a delete takes REMOVE or
    REJECT; all else is an Error. Members of the item that are no fields (metadata, __typename) are ignored, and so is the key. A field
    that the item does not mention is removed, as AppSync does it, but for the key, the time of creation and what must not be
    null: those stay, for without them the record would be lost to every client.
*/
[[nodiscard]] Result<ConflictAnswer> conflictAnswer(const Schema &schema, const Record &stored, bool isDelete, const QJsonObject &answer);

} // namespace Tideline::Server
