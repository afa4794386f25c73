// SPDX-License-Identifier: MIT
#include "server/backend_p.h"
#include "server/execution/response.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static void setMember(Value::Object &object, const QString &name, const Value &value)
{
    object.removeIf([&name](const Value::Member &member) { return member.first == name; });
    object.append({name, value});
}

Mutation BackendPrivate::mutationOf(const PlannedField &field, const PreparedOperation &operation) const
{
    Mutation mutation;
    mutation.field = &field;
    mutation.binding = m_bindings->of(*field.definition);
    auto coerced = coerceArguments(field.definition->arguments, field.node->arguments, operation.variables, field.node->loc.start);
    if (const auto *error = std::get_if<ArgumentError>(&coerced)) {
        mutation.refused = FieldFailure{error->message, u"BadRequest"_s, {}};
        return mutation;
    }
    const FieldCall call{field, std::get<Value::Object>(coerced)};
    mutation.input = call.argument(u"input").toObject();
    if (m_mutator->ruleOf(mutation).strategy == ConflictStrategy::Function)
        mutation.arguments = call.arguments;
    authorize(mutation, operation.identity);
    if (mutation.refused)
        return mutation;
    const ModelType &model = *mutation.binding.model->model;
    if (mutation.binding.role == FieldRole::Create && model.hasManagedId() && keyIn(model, mutation.input).front().isNull())
        setMember(mutation.input, model.fields[size_t(model.primaryKey.front())].name, m_options.randomId());
    Result<Filter> condition = Filter::make(m_schema, mutation.binding.model->model, call.argument(u"condition"));
    if (condition)
        mutation.condition = std::move(condition).value();
    else
        mutation.refused = FieldFailure{condition.error().message(), u"BadRequest"_s, {}};
    return mutation;
}

std::vector<Mutation> BackendPrivate::mutationsOf(const PreparedOperation &operation) const
{
    std::vector<Mutation> mutations;
    for (const PlannedField &field : operation.plan->root->fields) {
        if (m_bindings->of(*field.definition).role != FieldRole::None)      // __typename
            mutations.push_back(mutationOf(field, operation));
    }
    return mutations;
}

void BackendPrivate::runMutation(PreparedOperation operation, Done done)
{
    const qsizetype count = qsizetype(operation.plan->root->fields.size());
    if (count > m_options.maxMutations) {
        m_metrics.refused(Refusal::Document);
        return done(responseText({}, oneError(u"A document may have %1 mutations, not %2."_s.arg(m_options.maxMutations).arg(count), u"BadRequest"_s)));
    }
    std::vector<Mutation> mutations = mutationsOf(operation);
    ++m_metrics.writerQueue;
    done = [metrics = m_options.metrics, done = std::move(done)](QByteArray response) {
        --metrics->writerQueue;
        done(std::move(response));
    };
    m_writer->post(std::make_unique<MutationJob>(
        std::make_shared<MutationDocument>(std::move(operation), std::move(mutations), *m_mutator, std::move(done)), *this));
}

void BackendPrivate::count(const MutationDocument &document) const
{
    for (const auto &[number, outcome] : document.outcomes()) {
        const QString type = outcome.failure ? outcome.failure->errorType : QString();
        if (outcome.conflict)
            ++m_metrics.conflicts[size_t(*outcome.conflict)];
        else if (type == "Unauthorized"_L1)
            m_metrics.refused(Refusal::Rule);
        else if (type == "ConditionalCheckFailedException"_L1)
            m_metrics.refused(Refusal::Condition);
    }
}

void BackendPrivate::committed(WriteJobs jobs, std::vector<Change> changes)
{
    m_metrics.changes.add(qint64(changes.size()));
    m_feed->publish(std::move(changes));
    if (m_eventLog && m_eventLog->hasEvents() && m_delivery)
        m_delivery->wake();
    MutationDocuments answered;
    qint64 documents = 0;
    for (const std::unique_ptr<WriteJob> &job : jobs)
        documents += static_cast<BackendJob &>(*job).committed(answered);
    if (documents > 0)
        m_metrics.batches.observe(documents);
    if (!answered.empty())
        answer(std::move(answered));
}

void BackendPrivate::committed(const std::shared_ptr<MutationDocument> &document, MutationDocuments &answered)
{
    document->keep();
    if (document->question())
        ask(document);
    else
        answered.push_back(document);
}

// The answers of a commit, written before whatever else waits for a reader.
void BackendPrivate::answer(MutationDocuments documents)
{
    read([this, documents = std::move(documents)](Connection *connection) {
        // One snapshot for all of them; without it each takes its own, or fails by itself.
        const bool isShared = connection && connection->begin().ok();
        Relatives relatives;
        if (isShared) {
            for (const std::shared_ptr<MutationDocument> &document : documents)
                document->addRelatives(*m_context, relatives);
            ReadSession session(*connection, *m_layout, *m_order);
            relatives.read(session);
        }
        for (const std::shared_ptr<MutationDocument> &document : documents) {
            count(*document);
            if (connection)
                document->answer(*m_context, *connection, relatives);
            else
                document->answerClosed();
        }
        if (isShared) {
            [[maybe_unused]] const Result<void> done = connection->commit();    // of a read: nothing is lost
        }
    }, Readers::Priority::Urgent);
}

// The function answers when it can; until then the writer does without this document.
void BackendPrivate::ask(const std::shared_ptr<MutationDocument> &document)
{
    ConflictFunction &function = *m_mutator->ruleOf(document->current()).function;
    const bool asked = m_questions.ask(document, function, [this](const std::shared_ptr<MutationDocument> &waiting, const Result<QJsonObject> &given) {
        if (const Result<ConflictAnswer> answer = waiting->decide(m_schema, given); !answer && m_options.onError)
            m_options.onError(answer.error().withModel(waiting->current().binding.model->model->name));
        m_writer->post(std::make_unique<MutationJob>(waiting, *this));
    });
    if (!asked)
        fail(document, shuttingDown());
}

void BackendPrivate::fail(const std::shared_ptr<MutationDocument> &document, const Error &error)
{
    if (document->fail(error))
        answer({document});
}

} // namespace Tideline::Server
