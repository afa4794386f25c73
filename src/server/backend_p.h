// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"
#include "server/feed/feed.h"
#include "server/functions/eventdelivery.h"
#include "server/mutationdocument_p.h"
#include "server/storage/database.h"
#include "server/storage/readers.h"
#include "server/storage/writer.h"

#include <atomic>

namespace Tideline::Server {

[[nodiscard]] Error shuttingDown();

/*
    Requests flow like this: a known document is taken apart by the caller, an unknown one by a
    reader. Queries run on a reader. Mutations go to the writer, which commits all that wait at once;
    its batch then goes to the feed and, as one urgent job, to a reader, which writes the answers. A document whose conflict
    a function decides leaves the batch and comes to the writer again with the decision. What becomes of
    events is written by the writer too, in the same transactions.
*/
class BackendPrivate final : public EventStore
{
public:
    BackendPrivate(const Schema &schema, const BackendOptions &options);
    [[nodiscard]] Result<void> open();
    void close();
    void follow();

    void execute(GraphQLRequest request, Done done);
    void answer(MutationDocuments documents);
    void fail(const std::shared_ptr<MutationDocument> &document, const Error &error);
    [[nodiscard]] Result<SubscriptionId> subscribe(const GraphQLRequest &request, Feed::Deliver deliver);
    void unsubscribe(SubscriptionId id) { m_feed->unsubscribe(id); }
    void check(std::function<void(Result<void>)> done);
    void committed(const std::shared_ptr<MutationDocument> &document, MutationDocuments &answered);

private:
    [[nodiscard]] Result<void> openDatabase();
    [[nodiscard]] Result<void> start();
    [[nodiscard]] Result<void> openTriggers();
    void startDelivery();
    void endDelivery();
    void exchange(EventExchange exchange, std::function<void(Result<TakenEvents>)> done) override;
    void nextDue(QStringList targets, std::function<void(Result<std::optional<qint64>>)> done) override;
    void run(const std::shared_ptr<const PreparedDocument> &document, const GraphQLRequest &request, Metrics::Clock::time_point began, const Done &done);
    [[nodiscard]] Done measured(OperationKind kind, Metrics::Clock::time_point began, const Done &done) const;
    void runQuery(const PreparedOperation &operation, Connection *connection, const Done &done) const;
    [[nodiscard]] bool isSync(const PreparedOperation &operation) const;
    [[nodiscard]] bool startsSync(const PreparedOperation &operation) const;
    void runMutation(PreparedOperation operation, Done done);
    void read(Readers::Job job, Readers::Priority priority = Readers::Priority::Normal);
    void count(const MutationDocument &document) const;
    [[nodiscard]] OperationKind kindOf(const PreparedOperation &operation) const;
    void committed(WriteJobs jobs, std::vector<Change> changes);
    void ask(const std::shared_ptr<MutationDocument> &document);
    [[nodiscard]] std::vector<Mutation> mutationsOf(const PreparedOperation &operation) const;
    [[nodiscard]] Mutation mutationOf(const PlannedField &field, const PreparedOperation &operation) const;

    const Schema m_schema;
    BackendOptions m_options;
    Metrics &m_metrics;
    std::shared_ptr<const TypeSystem> m_types;
    std::unique_ptr<const Layout> m_layout;
    std::unique_ptr<const Bindings> m_bindings;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<CommitOrder> m_order;
    std::unique_ptr<DocumentCache> m_documents;
    std::unique_ptr<const ReadContext> m_context;
    std::unique_ptr<const Mutator> m_mutator;
    std::unique_ptr<Feed> m_feed;
    std::unique_ptr<Readers> m_readers;
    std::unique_ptr<EventLog> m_eventLog;                   // with triggers only, as the next three
    std::unique_ptr<Fetcher> m_fetcher;                     // ours, where none was given; so with the next one
    std::unique_ptr<Scheduler> m_scheduler;
    std::unique_ptr<EventDelivery> m_delivery;
    std::unique_ptr<Writer> m_writer;
    OpenQuestions m_questions;
    std::atomic<bool> m_closing = false;
};

} // namespace Tideline::Server
