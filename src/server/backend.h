// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"
#include "server/conflicts/conflicts.h"
#include "server/functions/trigger.h"
#include "server/metrics.h"
#include "server/service.h"

namespace Tideline::Server {

struct BackendOptions
{
    QString databasePath = {};                          // of a SQLite file, or postgres://user:password@host:port/database
    bool allowDestructiveMigration = false;             // a schema that has no place for what the database has is refused otherwise
    std::function<void(const QStringList &losses)> onDestructiveMigration = {};     // what is lost; before it is
    int followIntervalMs = 10;                          // between looks for changes of other nodes; 0: only follow() looks
    // Not answers to a request: changes of other nodes cannot be read, why a conflict function failed, events cannot be
    // delivered. Any thread
    std::function<void(const Error &)> onError = {};
    bool durable = true;                                // answered mutations survive a power cut; false: the end of the process only
    ConflictStrategy conflicts = ConflictStrategy::Automerge;       // of model types that modelConflicts does not name
    std::shared_ptr<ConflictFunction> conflictFunction = {};        // where the strategy is Function and none of its own is given
    QHash<QString, ConflictRule> modelConflicts = {};               // by the model type's name
    qint64 baseTtlMs = 30LL * 24 * 60 * 60 * 1000;      // how long tombstones stay; 0: deleted rows go at once
    qint64 deltaTtlMs = 30LL * 60 * 1000;               // how old a lastSync may be for a delta sync
    int defaultLimit = 100;                             // records of a page when the request does not say
    int maxLimit = 1000;
    qsizetype maxRecords = 100'000;                     // of one request, connections included
    int readerThreads = 2;
    int maxFields = 20000;                              // a document may select, fragments expanded
    int maxDepth = 100;                                 // of a document's braces, brackets and parentheses
    int maxMutations = 100;                             // of a document; they are one transaction
    int closeTimeoutMs = 10'000;                        // for what was accepted to be answered when it closes; the rest is refused
    std::vector<Trigger> triggers = {};                 // who is told of changes after their commit
    TriggerOptions triggerOptions = {};
    std::function<qint64()> clock = {};                      // ms since the epoch; empty: the system's. Any thread, one call at a time
    std::function<QString()> randomId = {};                  // empty: random UUIDs. Any thread
    std::shared_ptr<Metrics> metrics = {};                   // what is counted into; empty: one of its own
};

class BackendPrivate;

/*!
    \class Tideline::Server::Backend
    \inmodule Tideline
    \since 0.1
    \brief AppSync's GraphQL API for a schema, on a SQLite file or a PostgreSQL database.

    \code
    auto backend = Backend::open(schema, {.databasePath = u"inventory.db"_s});
    if (!backend)
        return report(backend.error());
    (*backend)->execute({.query = query, .variables = variables}, [](QByteArray response) { ... });
    \endcode

    Mutations are answered when they are durable; all that wait share one commit. Callbacks come on
    the backend's threads. The destructor finishes what was accepted, as far as it can in closeTimeoutMs, and calls every callback that is due.

    Several processes may open one PostgreSQL database, with one schema: what one of them commits, subscribers of all hear. While the
    database is out of reach, requests fail with the error type InternalFailure, and the backend tries to reach it again.
*/
class TIDELINE_SERVER_EXPORT Backend final : public GraphQLService
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Backend>> open(const Schema &schema, const BackendOptions &options);
    ~Backend() override;

    void execute(GraphQLRequest request, std::function<void(QByteArray response)> done) override;
    [[nodiscard]] Result<SubscriptionId> subscribe(const GraphQLRequest &request,
                                                   std::function<void(QByteArray payload)> deliver) override;
    void unsubscribe(SubscriptionId id) override;
    void check(std::function<void(Result<void>)> done) override;

    void follow();                  // looks for changes of other nodes now, not at the next interval
    void close();                   // the destructor's work; later requests are refused

private:
    explicit Backend(std::unique_ptr<BackendPrivate> priv);
    std::unique_ptr<BackendPrivate> d;
};

} // namespace Tideline::Server
