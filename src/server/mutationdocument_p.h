// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/documents.h"
#include "server/resolvers/modelresolver.h"
#include "server/storage/writer.h"

#include <mutex>
#include <unordered_map>

namespace Tideline::Server {

using Done = std::function<void(QByteArray response)>;
using PreparedOperation = PreparedDocument::Operation;

[[nodiscard]] std::vector<GraphQLError> oneError(const QString &message, const QString &errorType);
[[nodiscard]] std::vector<GraphQLError> closedError();

/*
    A mutation document on its way. Its root fields are applied in order, in one transaction with other documents, up to one
    whose conflict a function decides: what came before is committed then, and the document goes on after the answer.
    Used by one thread at a time.
*/
class MutationDocument
{
public:
    MutationDocument(PreparedOperation operation, std::vector<Mutation> mutations, const Mutator &mutator, Done done)
        : m_operation(std::move(operation)), m_mutations(std::move(mutations)), m_mutator(mutator), m_done(std::move(done)) { }

    // In a transaction, perhaps again after it was rolled back.
    void addKeys(std::vector<RowKey> &keys) const;
    [[nodiscard]] Result<void> apply(WriteSession &session);
    void keep();                                    // the transaction was committed
    // It failed: all fields that are not done do. False: the document was answered.
    [[nodiscard]] bool fail(const Error &error);

    [[nodiscard]] const Mutation &current() const { return m_mutations[m_kept.size()]; }    // of the question
    [[nodiscard]] const std::optional<ConflictQuestion> &question() const noexcept { return m_question; }
    [[nodiscard]] QJsonObject event() const;
    Result<ConflictAnswer> decide(const Schema &schema, const Result<QJsonObject> &given);

    void addRelatives(const ReadContext &context, Relatives &relatives) const;     // that its answer shows
    void answer(const ReadContext &context, Connection &connection, const Relatives &relatives) const;
    // What is done is durable, only the answer cannot be written any more.
    void answerClosed() const;

    using Outcomes = std::vector<std::pair<int, MutationOutcome>>;      // by the plan's field numbers
    [[nodiscard]] const Outcomes &outcomes() const noexcept { return m_kept; }

private:
    const PreparedOperation m_operation;
    const std::vector<Mutation> m_mutations;
    const Mutator &m_mutator;
    const Done m_done;
    Outcomes m_kept, m_fresh;                       // committed; of the open transaction
    std::optional<ConflictQuestion> m_question;
    ConflictDecision m_decision;                    // of the mutation after the kept ones
};

using MutationDocuments = std::vector<std::shared_ptr<MutationDocument>>;

class BackendPrivate;

// What the writer does for a backend.
class BackendJob : public WriteJob
{
public:
    // It is durable; documents that are done join those to be answered. Returns how many documents it is. On the writer's thread.
    virtual int committed(MutationDocuments &answered) = 0;
};

class MutationJob final : public BackendJob
{
public:
    MutationJob(std::shared_ptr<MutationDocument> document, BackendPrivate &backend) : m_document(std::move(document)), m_backend(backend) { }

    void addKeys(std::vector<RowKey> &keys) const override { m_document->addKeys(keys); }
    Result<void> apply(WriteSession &session) override { return m_document->apply(session); }
    void fail(const Error &error) override;
    int committed(MutationDocuments &answered) override;

private:
    const std::shared_ptr<MutationDocument> m_document;
    BackendPrivate &m_backend;
};

/* The documents that wait for a conflict function. Thread-safe. */
class OpenQuestions
{
public:
    using Answered = std::function<void(const std::shared_ptr<MutationDocument> &document, const Result<QJsonObject> &given)>;

    // False: it is too late. \a answered is not called after close().
    [[nodiscard]] bool ask(const std::shared_ptr<MutationDocument> &document, ConflictFunction &function, Answered answered);
    [[nodiscard]] MutationDocuments close();      // those that still wait

private:
    struct State
    {
        std::mutex mutex;
        bool closed = false;
        quint64 last = 0;
        std::unordered_map<quint64, std::shared_ptr<MutationDocument>> documents;
    };
    const std::shared_ptr<State> m_state = std::make_shared<State>();       // outlives the backend in functions' callbacks
};

} // namespace Tideline::Server
