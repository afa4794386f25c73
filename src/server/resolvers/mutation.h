// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/writeaccess.h"
#include "server/conflicts/conflictevent.h"
#include "server/conflicts/conflictrules.h"
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
    Value::Object arguments = {};               // as given, for a conflict function
    Filter condition = {};
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
    std::optional<ConflictQuestion> question = {};      // nothing was written: the function has to be asked first
    std::optional<ConflictEnd> conflict = {};           // there was one
};

// What a conflict function said, for the state of the record that it was asked about.
struct ConflictDecision
{
    int asked = 0;                          // times
    qint64 change = 0;                      // number of the change that the record was in
    std::optional<Result<ConflictAnswer>> answer = {};
};

struct MutationOptions
{
    ConflictRules conflicts;
    std::function<QString()> randomId;
};

/*
    AppSync's create, update and delete on a versioned data source. Where the live service's behaviour
    is not known the choice is the one that loses nothing:

    - A create that is exactly repeated while the record is untouched is answered with the record: its
      answer was lost, and a refusal would make the client drop it.
    - A create whose _version is that of the key's tombstone makes the record anew, with the next version. AppSync ignores a
      create's _version, and none of its clients sends one, so they are refused as there.
    - An update that sets a required field to null is refused (BadRequest): stored, it would hide
      the record from every client.
    - An update of a tombstone at its version is accepted and leaves it deleted; at another version it
      is rejected (ConflictUnhandled) under every strategy, for there is nothing to merge into.
    - A delete of a tombstone at its version is answered with it and changes nothing; at another it is rejected.
    - A version greater than the stored one is a conflict like any other that differs.

    A conflict function is never waited for here: the outcome is a question then, and the mutation comes again with the
    decision, which holds for the change of the record that was asked about. If that is not the record's last one any more, all
    begins anew: the version may fit now, or there is another question, up to maxQuestions. Then the conflict is rejected like others
    (ConflictUnhandled): AppSync documents MaxConflicts, on which clients drop the change; with ConflictUnhandled they have the
    stored record and send theirs again. A function that fails is a ConflictError, and nothing is written.

    Rules are asked first, with the record as the transaction finds it, so that neither a condition nor a version tells a
    caller anything of a record that is not his to change. A condition sees no more of it than he may read. Who may change but
    not read a record gets no record with a refusal: not of another version, and not as the answer to a repeated create. What he
    gets when it is done, glimpse.h says; AppSync has the whole record there, which lets a caller read by writing. A create is
    answered with the record to whoever made it.
*/
class Mutator
{
public:
    static constexpr int maxQuestions = 5;

    Mutator(const Schema &schema, MutationOptions options);

    [[nodiscard]] Result<MutationOutcome> apply(const Mutation &mutation, WriteSession &session,
                                                const ConflictDecision &decision = {}) const;
    [[nodiscard]] const ConflictRule &ruleOf(const Mutation &mutation) const { return m_options.conflicts.of(*mutation.binding.model->model); }

private:
    [[nodiscard]] Result<MutationOutcome> create(const Mutation &mutation, WriteSession &session) const;
    [[nodiscard]] Result<MutationOutcome> existing(const Mutation &mutation, const Record &wanted, WriteSession &session) const;
    [[nodiscard]] Result<MutationOutcome> update(const Mutation &mutation, WriteSession &session, const ConflictDecision &decision) const;
    [[nodiscard]] Result<MutationOutcome> remove(const Mutation &mutation, WriteSession &session, const ConflictDecision &decision) const;
    // What is to be written in spite of the version; nothing when the outcome says why not.
    [[nodiscard]] std::optional<Record> settled(const Mutation &mutation, const ConflictQuestion &question, const ConflictDecision &decision,
                                                MutationOutcome &outcome) const;
    [[nodiscard]] static std::optional<Record> decided(const Mutation &mutation, const ConflictQuestion &question,
                                                       const ConflictDecision &decision, MutationOutcome &outcome);
    [[nodiscard]] Record withInput(const Mutation &mutation, const Record &stored) const;
    [[nodiscard]] Record recordOf(const Mutation &mutation, WriteSession &session) const;
    void fillIn(Record &record, const QString &timestamp, const QString &now) const;
    [[nodiscard]] MutationOutcome conditionFailed() const;
    [[nodiscard]] static MutationOutcome conflict(const Mutation &mutation, const Record &stored);

    const Schema &m_schema;
    const MutationOptions m_options;
};

} // namespace Tideline::Server
