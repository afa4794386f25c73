// SPDX-License-Identifier: MIT
#include "server/backend.h"

#include "core/schema/appsyncschema.h"
#include "server/auth/networkfetcher.h"
#include "server/backend_p.h"
#include "server/execution/response.h"

#include <QtCore/QDateTime>
#include <QtCore/QRandomGenerator>
#include <QtCore/QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Error shuttingDown()
{
    return Error(Error::Code::Closed, u"The server is shutting down."_s);
}

static BackendOptions completed(BackendOptions options)
{
    if (!options.metrics)
        options.metrics = std::make_shared<Metrics>();
    return options;
}

// What became of events, and which are next.
class ExchangeJob final : public BackendJob
{
public:
    ExchangeJob(EventExchange exchange, std::function<void(Result<TakenEvents>)> done) : m_exchange(std::move(exchange)), m_done(std::move(done)) { }

    void addKeys(std::vector<RowKey> &) const override { }
    Result<void> apply(WriteSession &session) override
    {
        Result<TakenEvents> taken = EventQueue(session.connection()).exchange(m_exchange);
        if (!taken)
            return taken.error();
        m_taken = std::move(taken).value();
        return {};
    }
    void fail(const Error &error) override { m_done(error); }
    int committed(MutationDocuments &) override
    {
        m_done(std::move(m_taken));
        return 0;
    }

private:
    const EventExchange m_exchange;
    const std::function<void(Result<TakenEvents>)> m_done;
    TakenEvents m_taken;
};

BackendPrivate::BackendPrivate(const Schema &schema, const BackendOptions &options)
    : m_schema(schema), m_options(completed(options)), m_metrics(*m_options.metrics)
{
    if (!m_options.clock)
        m_options.clock = [] { return QDateTime::currentMSecsSinceEpoch(); };
    if (!m_options.randomId)
        m_options.randomId = [] { return QUuid::createUuid().toString(QUuid::WithoutBraces); };
}

// Some clients send every key of a delete as text.
static QSet<QString> deleteInputs(const Schema &schema)
{
    QSet<QString> names;
    for (const std::shared_ptr<const ModelType> &model : schema.models())
        names.insert(u"Delete"_s + model->name.at(0).toUpper() + model->name.mid(1) + u"Input"_s);
    return names;
}

Result<void> BackendPrivate::openDatabase()
{
    Result<Location> location = Location::parse(m_options.databasePath);
    if (!location)
        return location.error();
    location->durable = m_options.durable;
    m_layout = std::make_unique<Layout>(m_schema, location->dialect());
    Result<std::unique_ptr<Database>> database =
        Database::open(*location, *m_layout, {m_options.allowDestructiveMigration, m_options.onDestructiveMigration});
    if (!database)
        return database.error();
    m_database = std::move(database).value();
    if (location->dialect().isShared())
        m_order = std::make_unique<SharedOrder>(m_options.clock);
    else
        m_order = std::make_unique<OwnOrder>(m_options.clock, m_database->last());
    return {};
}

Result<void> BackendPrivate::openTriggers()
{
    if (m_options.triggers.empty())
        return {};
    if (const Result<void> checked = checkTriggers(m_options.triggers, m_schema); !checked)
        return checked;
    std::vector<EventLog::Route> routes;
    for (const Trigger &trigger : m_options.triggers) {
        const auto &models = m_schema.models();
        const auto model = std::find_if(models.begin(), models.end(), [&](const auto &type) { return type->name == trigger.model; });
        routes.push_back({trigger.target(), model->get(), quint8(trigger.operations.toInt())});
    }
    m_eventLog = std::make_unique<EventLog>(routes, m_options.randomId);
    return {};
}

Result<void> BackendPrivate::open()
{
    if (const Result<void> triggers = openTriggers(); !triggers)
        return triggers;
    Result<std::shared_ptr<const TypeSystem>> types = TypeSystem::build(appSyncDocument(m_schema), deleteInputs(m_schema));
    if (!types)
        return types.error();
    m_types = std::move(types).value();
    if (const Result<void> opened = openDatabase(); !opened)
        return opened;
    Result<std::unique_ptr<const Bindings>> bindings = Bindings::make(m_schema, *m_types, *m_layout);
    if (!bindings)
        return bindings.error();
    m_bindings = std::move(bindings).value();
    m_documents = std::make_unique<DocumentCache>(*m_types, PlanOptions{m_options.maxFields, m_options.maxDepth});
    m_context.reset(new ReadContext{m_schema, *m_types, *m_layout, *m_bindings, *m_order, TokenSeal(m_database->secret()),
                                    {m_options.deltaTtlMs, m_options.baseTtlMs < m_options.deltaTtlMs, m_options.defaultLimit, m_options.maxLimit,
                                     m_options.maxRecords}});
    Result<ConflictRules> rules = ConflictRules::make(m_schema, {m_options.conflicts, m_options.conflictFunction}, m_options.modelConflicts);
    if (!rules)
        return rules.error();
    m_mutator = std::make_unique<Mutator>(m_schema, MutationOptions{std::move(rules).value(), m_options.randomId});
    return start();
}

Result<void> BackendPrivate::start()
{
    const Location &location = m_database->location();
    const bool isShared = location.dialect().isShared();
    const qint64 lastSeq = m_database->last().seq;
    const std::chrono::milliseconds interval(isShared ? std::max(0, m_options.followIntervalMs) : 0);
    m_feed = std::make_unique<Feed>(*m_context, location, Feed::Options{lastSeq, interval, m_options.onError}, m_metrics);
    m_readers = std::make_unique<Readers>(location, std::max(1, m_options.readerThreads));
    const qint64 node = isShared ? qint64(QRandomGenerator::system()->generate64() >> 1) : 0;
    m_writer = std::make_unique<Writer>(location, *m_layout, WriterOptions{.baseTtlMs = m_options.baseTtlMs, .journalTtlMs = m_options.deltaTtlMs,
                                                                             .node = node, .events = m_eventLog.get()}, *m_order, lastSeq,
                                        [this](WriteJobs jobs, std::vector<Change> changes) {
                                            committed(std::move(jobs), std::move(changes));
                                        });
    Result<void> started = m_writer->start();           // first: it makes a file a WAL database
    if (started)
        started = m_readers->start();
    if (started)
        started = m_feed->start();
    if (started && m_eventLog && m_options.triggerOptions.deliver)
        startDelivery();
    return started;
}

void BackendPrivate::startDelivery()
{
    const TriggerOptions &options = m_options.triggerOptions;
    if (!options.fetcher)
        m_fetcher = std::make_unique<NetworkFetcher>();
    if (!options.scheduler)
        m_scheduler = std::make_unique<ThreadScheduler>(u"events"_s);
    m_delivery = std::make_unique<EventDelivery>(m_options.triggers, options, *this, options.fetcher ? *options.fetcher : *m_fetcher,
                                                 options.scheduler ? *options.scheduler : *m_scheduler, m_metrics, m_options.onError);
}

// What is under way is given back while the writer can still write it.
void BackendPrivate::endDelivery()
{
    if (!m_delivery)
        return;
    if (m_scheduler)
        m_scheduler->post([this] { m_delivery->end(); });
    else
        m_delivery->end();
    m_scheduler.reset();
    m_fetcher.reset();
}

void BackendPrivate::exchange(EventExchange exchange, std::function<void(Result<TakenEvents>)> done)
{
    m_writer->post(std::make_unique<ExchangeJob>(std::move(exchange), std::move(done)));
}

void BackendPrivate::nextDue(QStringList targets, std::function<void(Result<std::optional<qint64>>)> done)
{
    read([targets = std::move(targets), done = std::move(done)](Connection *connection) {
        if (connection)
            done(connection->repeatable([&] { return EventQueue(*connection).nextDue(targets); }));
        else
            done(shuttingDown());
    });
}

// A document that waits for a reader may have mutations: the writer ends when no reader has one.
void BackendPrivate::close()
{
    m_closing = true;
    for (const std::shared_ptr<MutationDocument> &document : m_questions.close())
        fail(document, shuttingDown());
    endDelivery();
    if (m_readers)
        m_readers->drain(std::chrono::milliseconds(m_options.closeTimeoutMs));
    if (m_writer)
        m_writer->stop();
    if (m_readers)
        m_readers->stop();
    if (m_feed)
        m_feed->stop();
}

// Nobody else writes to a file, and its journal has no records.
void BackendPrivate::follow()
{
    if (m_database->location().dialect().isShared())
        m_feed->follow();
}

void BackendPrivate::read(Readers::Job job, Readers::Priority priority)
{
    ++m_metrics.readerQueue;
    m_readers->post([this, job = std::move(job)](Connection *connection) {
        --m_metrics.readerQueue;
        job(connection);
    }, priority);
}

void BackendPrivate::check(std::function<void(Result<void>)> done)
{
    read([done = std::move(done)](Connection *connection) {
        const Result<qint64> answer = connection ? connection->number(u"SELECT 1"_s) : shuttingDown();
        done(answer ? Result<void>() : answer.error());
    });
}

Done BackendPrivate::measured(OperationKind kind, Metrics::Clock::time_point began, const Done &done) const
{
    return [metrics = m_options.metrics, kind, began, done](QByteArray response) {
        metrics->answered(kind, began);
        done(std::move(response));
    };
}

OperationKind BackendPrivate::kindOf(const PreparedOperation &operation) const
{
    return isSync(operation) ? OperationKind::Sync : OperationKind::Query;
}

void BackendPrivate::execute(GraphQLRequest request, Done done)
{
    if (m_closing)
        return done(responseText({}, closedError()));
    const Metrics::Clock::time_point began = Metrics::Clock::now();
    if (const std::shared_ptr<const PreparedDocument> document = m_documents->known(request.query))
        return run(document, request, began, done);
    read([this, began, request = std::move(request), done = std::move(done)](Connection *connection) {
        if (connection)
            run(m_documents->prepare(request.query), request, began, done);
        else
            done(responseText({}, closedError()));
    });
}

void BackendPrivate::run(const std::shared_ptr<const PreparedDocument> &document, const GraphQLRequest &request,
                         Metrics::Clock::time_point began, const Done &asked)
{
    auto prepared = PreparedDocument::operation(document, request);
    if (const auto *errors = std::get_if<std::vector<GraphQLError>>(&prepared))
        return measured(OperationKind::Invalid, began, asked)(responseText({}, *errors));
    auto &operation = std::get<PreparedOperation>(prepared);
    switch (operation.plan->operation->operation) {
    case GraphQL::OperationType::Query:
        read([this, done = measured(kindOf(operation), began, asked), operation = std::move(operation)](Connection *connection) {
            runQuery(operation, connection, done);
        });
        return;
    case GraphQL::OperationType::Mutation:
        return runMutation(std::move(operation), measured(OperationKind::Mutation, began, asked));
    case GraphQL::OperationType::Subscription:
        return measured(OperationKind::Invalid, began, asked)(
            responseText({}, oneError(u"Subscriptions need the real-time endpoint."_s, u"UnsupportedOperation"_s)));
    }
}

void BackendPrivate::runQuery(const PreparedOperation &operation, Connection *connection, const Done &done) const
{
    if (!connection)
        return done(responseText({}, closedError()));
    if (startsSync(operation)) {                    // a page that follows has the first one's startedAt
        if (const Result<void> fresh = m_order->refresh(*connection); !fresh)
            return done(responseText({}, oneError(fresh.error().message(), u"InternalFailure"_s)));
    }
    ExecutionResult result;
    {
        ModelResolver resolver(*m_context, *connection, operation.identity);
        result = Server::execute(*m_types, *operation.plan, operation.document->source(), operation.variables,
                                 Source{operation.plan->root->type, {}}, resolver);
    }
    done(responseText(result.data, result.errors));
}

bool BackendPrivate::isSync(const PreparedOperation &operation) const
{
    return std::ranges::any_of(operation.plan->root->fields, [this](const PlannedField &field) {
        return m_bindings->of(*field.definition).role == FieldRole::Sync;
    });
}

static bool isGiven(const PlannedField &field, const QString &name, const Variables &variables)
{
    return std::ranges::any_of(field.node->arguments, [&](const GraphQL::Argument &argument) {
        const auto *variable = std::get_if<GraphQL::Variable>(&argument.value.node);
        return argument.name.value == name && !std::holds_alternative<GraphQL::NullValue>(argument.value.node)
            && !(variable && variables.value(variable->name.value).isNull());
    });
}

bool BackendPrivate::startsSync(const PreparedOperation &operation) const
{
    return std::ranges::any_of(operation.plan->root->fields, [&](const PlannedField &field) {
        return m_bindings->of(*field.definition).role == FieldRole::Sync && !isGiven(field, u"nextToken"_s, operation.variables);
    });
}

Result<SubscriptionId> BackendPrivate::subscribe(const GraphQLRequest &request, Feed::Deliver deliver)
{
    const Metrics::Clock::time_point began = Metrics::Clock::now();
    const auto refused = [this, began](const std::vector<GraphQLError> &errors) {
        m_metrics.answered(OperationKind::Invalid, began);
        const QString message = errors.front().appSyncMessage.isEmpty() ? errors.front().message : errors.front().appSyncMessage;
        return Error(Error::Code::Rejected, message).withDetail(QString::fromUtf8(errorsText(errors)));
    };
    const auto prepared = PreparedDocument::operation(m_documents->prepare(request.query), request);
    if (const auto *errors = std::get_if<std::vector<GraphQLError>>(&prepared))
        return refused(*errors);
    const auto &operation = std::get<PreparedOperation>(prepared);
    if (operation.plan->operation->operation != GraphQL::OperationType::Subscription)
        return refused(oneError(u"Only subscriptions can be started here."_s, u"UnsupportedOperation"_s));
    const std::vector<PlannedField> &fields = operation.plan->root->fields;
    if (fields.size() != 1 || m_bindings->of(*fields.front().definition).role == FieldRole::None)
        return refused(oneError(u"A subscription must select exactly one field."_s, u"BadRequest"_s));
    const Result<SubscriptionId> id = m_feed->subscribe(operation, m_writer->committedSeq(), std::move(deliver));
    if (id) {
        m_metrics.answered(OperationKind::Subscription, began);
        return id;
    }
    GraphQLError error;
    error.message = id.error().message();
    error.errorType = id.error().code() == Error::Code::Unauthorized ? u"Unauthorized"_s : u"BadRequest"_s;
    error.path = Path{fields.front().responseKey};
    error.locations = {GraphQL::positionOf(operation.document->source(), fields.front().node->loc.start)};
    return refused({error});
}

Backend::Backend(std::unique_ptr<BackendPrivate> priv) : d(std::move(priv))
{
}

/*! Closes the backend; see close(). */
Backend::~Backend()
{
    close();
}

/*!
    Opens the database of \a options, making or extending it for \a schema, and starts the backend's threads.

    Fails with InvalidSchema when the database has what the schema has no place for (other keys or field types, more models
    or fields; Error::detail() has a line for each), InvalidArgument for triggers that cannot be, StoreLocked when another process has the file, StoreUnavailable when the
    database server cannot be reached, StoreTooNew, or what the file system says.
*/
Result<std::unique_ptr<Backend>> Backend::open(const Schema &schema, const BackendOptions &options)
{
    auto priv = std::make_unique<BackendPrivate>(schema, options);
    std::unique_ptr<Backend> backend(new Backend(std::move(priv)));
    if (const Result<void> opened = backend->d->open(); !opened)
        return opened.error();
    return backend;
}

/*! Looks for changes that other nodes made, without waiting for the next interval. */
void Backend::follow()
{
    d->follow();
}

/*! Finishes all requests that were accepted, or refuses those that still wait after closeTimeoutMs, delivers the changes they made and ends the threads. Idempotent. */
void Backend::close()
{
    d->close();
}

/*! Runs \a request; see GraphQLService. Syntax errors have the error type MalformedHttpRequestException. */
void Backend::execute(GraphQLRequest request, std::function<void(QByteArray response)> done)
{
    d->execute(std::move(request), std::move(done));
}

/*! Subscribes to the changes \a request selects, from the next commit on; see GraphQLService. */
Result<SubscriptionId> Backend::subscribe(const GraphQLRequest &request, std::function<void(QByteArray payload)> deliver)
{
    return d->subscribe(request, std::move(deliver));
}

/*! Tells whether the database answers. */
void Backend::check(std::function<void(Result<void>)> done)
{
    d->check(std::move(done));
}

/*! Ends subscription \a id; unknown ids are ignored. */
void Backend::unsubscribe(SubscriptionId id)
{
    d->unsubscribe(id);
}

} // namespace Tideline::Server
