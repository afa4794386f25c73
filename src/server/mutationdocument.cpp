// SPDX-License-Identifier: MIT
#include "server/backend_p.h"
#include "server/execution/response.h"

#include <algorithm>
#include <span>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

std::vector<GraphQLError> oneError(const QString &message, const QString &errorType)
{
    GraphQLError error;
    error.message = message;
    error.errorType = errorType;
    return {error};
}

std::vector<GraphQLError> closedError()
{
    return oneError(u"The server is shutting down."_s, u"InternalFailure"_s);
}

void MutationDocument::addKeys(std::vector<RowKey> &keys) const
{
    for (size_t i = m_kept.size(); i < m_mutations.size(); ++i) {
        const Mutation &mutation = m_mutations[i];
        if (!mutation.refused)
            keys.push_back({mutation.binding.model->model.get(), keyIn(*mutation.binding.model->model, mutation.input)});
    }
}

Result<void> MutationDocument::apply(WriteSession &session)
{
    static const ConflictDecision none;
    m_fresh.clear();
    m_question.reset();
    session.setSubject(m_operation.identity.subject);
    for (size_t i = m_kept.size(); i < m_mutations.size(); ++i) {
        Result<MutationOutcome> outcome = m_mutator.apply(m_mutations[i], session, m_fresh.empty() ? m_decision : none);
        if (!outcome)
            return outcome.error();
        if (outcome->question) {
            m_question = std::move(outcome->question);
            return {};
        }
        m_fresh.emplace_back(m_mutations[i].field->number, std::move(outcome).value());
    }
    return {};
}

void MutationDocument::keep()
{
    if (!m_fresh.empty())
        m_decision = {};
    std::move(m_fresh.begin(), m_fresh.end(), std::back_inserter(m_kept));
    m_fresh.clear();
}

bool MutationDocument::fail(const Error &error)
{
    if (m_kept.empty()) {
        m_done(responseText({}, oneError(error.message(), u"InternalFailure"_s)));
        return false;
    }
    for (size_t i = m_kept.size(); i < m_mutations.size(); ++i)
        m_kept.emplace_back(m_mutations[i].field->number, MutationOutcome{{}, FieldFailure{error.message(), u"InternalFailure"_s, {}}});
    return true;
}

QJsonObject MutationDocument::event() const
{
    return conflictEvent(*m_question, current().field->definition->name, current().arguments, m_operation.identity);
}

Result<ConflictAnswer> MutationDocument::decide(const Schema &schema, const Result<QJsonObject> &given)
{
    const bool isDelete = current().binding.role == FieldRole::Delete;
    const Result<ConflictAnswer> answer = given ? conflictAnswer(schema, m_question->stored, isDelete, *given) : given.error();
    m_decision = {m_decision.asked + 1, m_question->stored.rowId(), answer};
    return answer;
}

static void addSelected(const ReadContext &context, const PlannedField &field, const Record &record, Relatives &relatives)
{
    const ModelType &model = *record.model();
    const SelectionPlan *selection = field.selection(context.bindings.of(model).type);
    for (const PlannedField &child : selection ? std::span(selection->fields) : std::span<const PlannedField>()) {
        const FieldBinding &binding = context.bindings.of(*child.definition);
        if (binding.role != FieldRole::Relation)
            continue;
        const Relation &relation = model.relations[size_t(binding.index)];
        if (relation.kind != Relation::Kind::HasMany)
            relatives.want(*context.schema.target(relation), relation.targetFields, Relatives::tupleOf(record, relation.localFields));
    }
}

void MutationDocument::addRelatives(const ReadContext &context, Relatives &relatives) const
{
    for (const PlannedField &field : m_operation.plan->root->fields) {
        const auto outcome = std::ranges::find(m_kept, field.number, &Outcomes::value_type::first);
        if (outcome != m_kept.end() && !outcome->second.record.isNull())
            addSelected(context, field, outcome->second.record, relatives);
    }
}

void MutationDocument::answer(const ReadContext &context, Connection &connection, const Relatives &relatives) const
{
    ModelResolver resolver(context, connection, m_operation.identity);
    resolver.setOutcomes(m_kept);
    resolver.setRelatives(relatives);
    const ExecutionResult result = Server::execute(context.types, *m_operation.plan, m_operation.document->source(),
                                                   m_operation.variables, Source{m_operation.plan->root->type, {}}, resolver);
    m_done(responseText(result.data, result.errors));
}

void MutationDocument::answerClosed() const
{
    m_done(responseText({}, closedError()));
}

void MutationJob::fail(const Error &error)
{
    m_backend.fail(m_document, error);
}

int MutationJob::committed(MutationDocuments &answered)
{
    m_backend.committed(m_document, answered);
    return 1;
}

bool OpenQuestions::ask(const std::shared_ptr<MutationDocument> &document, ConflictFunction &function, Answered answered)
{
    const QJsonObject event = document->event();
    quint64 number = 0;
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->closed)
            return false;
        number = ++m_state->last;
        m_state->documents.emplace(number, document);
    }
    function.ask(event, [state = m_state, number, answered = std::move(answered)](const Result<QJsonObject> &given) {
        const std::lock_guard lock(state->mutex);           // close() waits for what is under way
        const auto found = state->documents.find(number);
        if (found == state->documents.end())
            return;
        const std::shared_ptr<MutationDocument> asked = std::move(found->second);
        state->documents.erase(found);
        answered(asked, given);
    });
    return true;
}

MutationDocuments OpenQuestions::close()
{
    MutationDocuments waiting;
    const std::lock_guard lock(m_state->mutex);
    m_state->closed = true;
    for (auto &[number, document] : m_state->documents)
        waiting.push_back(std::move(document));
    m_state->documents.clear();
    return waiting;
}

} // namespace Tideline::Server
