// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/writeaccess.h"
#include "server/conflicts/conflicts.h"
#include "server/execution/executor.h"
#include "server/resolvers/bindings.h"
#include "server/resolvers/filter.h"
#include "server/storage/writesession.h"

namespace Tideline::Server {

struct Mutation                             // one root field of a mutation document
{
    const PlannedField *field = nullptr;
    FieldBinding binding;
    Value::Object input;
    Filter condition;
    WriteAccess access = {};
    std::optional<FieldFailure> refused = {};   // decided before it got to the writer
};

// The values of the key's fields in \a input; null those it lacks.
[[nodiscard]] std::vector<Value> keyIn(const ModelType &model, const Value::Object &input);

// AppSync's answer to a caller whom no rule names.
[[nodiscard]] FieldFailure unauthorized(const FieldDefinition &field);

// Takes down what \a identity may do, fills in owners, and refuses what no record could save.
void authorize(Mutation &mutation, const Identity &identity);

struct MutationOutcome
{
    Record record;
    std::optional<FieldFailure> failure;
};

struct MutationOptions
{
    ConflictStrategy conflicts = ConflictStrategy::Automerge;
    std::function<QString()> randomId;
};

/*
    AppSync's create, update and delete on a versioned data source. Where the live service's behaviour
    is not known the choice is the one that loses nothing:

    - A create that is exactly repeated while the record is untouched is answered with the record: its
      answer was lost, and a refusal would make the client drop it.
    - An update that sets a required field to null is refused (BadRequest): stored, it would hide
      the record from every client.
    - An update of a tombstone at its version is accepted and leaves it deleted; at another version it
      is rejected (ConflictUnhandled) under every strategy, for there is nothing to merge into.
    - A delete of a tombstone at its version is answered with it and changes nothing; at another it is rejected.

    Rules are asked first, with the record as the transaction finds it, so that neither a condition nor a version tells a
    caller anything of a record that is not his to change. A condition sees no more of it than he may read. Who may change but
    not read a record gets no record with a refusal: not of another version, and not as the answer to a repeated create.
*/
class Mutator
{
public:
    Mutator(const Schema &schema, MutationOptions options);

    [[nodiscard]] Result<MutationOutcome> apply(const Mutation &mutation, WriteSession &session) const;

private:
    [[nodiscard]] Result<MutationOutcome> create(const Mutation &mutation, WriteSession &session) const;
    [[nodiscard]] Result<MutationOutcome> existing(const Mutation &mutation, const Record &wanted, WriteSession &session) const;
    [[nodiscard]] Result<MutationOutcome> update(const Mutation &mutation, WriteSession &session) const;
    [[nodiscard]] Result<MutationOutcome> remove(const Mutation &mutation, WriteSession &session) const;
    [[nodiscard]] Record recordOf(const Mutation &mutation, WriteSession &session) const;
    void fillIn(Record &record, const QString &timestamp, const QString &now) const;
    [[nodiscard]] MutationOutcome conditionFailed() const;
    [[nodiscard]] static MutationOutcome conflict(const Mutation &mutation, const Record &stored);

    const Schema &m_schema;
    const MutationOptions m_options;
};

} // namespace Tideline::Server
