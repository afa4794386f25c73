// SPDX-License-Identifier: MIT
#include "simulation/server_p.h"

#include "client/appsync/decoding_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>

#include <algorithm>
#include <chrono>
#include <future>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;

constexpr std::chrono::seconds patience(30);            // real time, that the server's threads have

SimulatedServer::SimulatedServer(World &world, const QString &path) : m_world(world), m_path(path), m_documents(world.schema), m_dependencies(world.schema)
{
}

SimulatedServer::~SimulatedServer()
{
    stop();
}

void SimulatedServer::start()
{
    if (m_backend)
        return;
    Server::BackendOptions options;
    options.databasePath = m_path;
    options.durable = false;
    options.conflicts = m_world.options.mergesOnServer ? Server::ConflictStrategy::Automerge
                                                       : Server::ConflictStrategy::OptimisticConcurrency;
    options.readerThreads = 1;
    options.clock = [this] { return m_world.time.now() + m_skew; };
    const auto counter = std::make_shared<int>();
    options.randomId = [run = ++m_runs, counter] { return u"id-%1-%2"_s.arg(run).arg(++*counter); };
    auto opened = Server::Backend::open(m_world.schema, options);
    if (!opened)
        qFatal("The simulated server does not open: %s", qPrintable(opened.error().message()));
    m_backend = std::move(opened).value();
}

void SimulatedServer::stop()
{
    m_subscriptions.clear();
    m_backend.reset();
}

void SimulatedServer::moveClock(qint64 milliseconds)
{
    m_skew += milliseconds;
}

QJsonObject SimulatedServer::query(const Documents::Request &request)
{
    const auto answer = std::make_shared<std::promise<QByteArray>>();
    std::future<QByteArray> answered = answer->get_future();
    Server::GraphQLRequest graphQL;
    graphQL.query = request.query;
    graphQL.variables = request.variables;
    m_backend->execute(std::move(graphQL), [answer](QByteArray response) { answer->set_value(std::move(response)); });
    if (answered.wait_for(patience) != std::future_status::ready)
        qFatal("The simulated server does not answer: %s", qPrintable(request.query));
    return parseJson(answered.get()).object();
}

QJsonObject SimulatedServer::mutate(const QString &device, const Documents::Request &request, const QList<OutboxEntry> &entries)
{
    for (const OutboxEntry &entry : entries)
        checkParents(device, entry);
    const QJsonObject answer = query(request);
    learn(device, entries, answer);
    awaitFeed();
    handOver();
    return answer;
}

/* What a record belongs to must have been here before it. Two models that belong to each other may come in any order. */
void SimulatedServer::checkParents(const QString &device, const OutboxEntry &entry)
{
    Record row(entry.model);
    for (const auto &[field, value] : entry.changes)
        row.setValue(field, value);
    for (const Dependencies::ForeignKey &foreignKey : m_dependencies.foreignKeys(*entry.model)) {
        const auto &back = m_dependencies.foreignKeys(*foreignKey.parent);
        const bool circle = std::any_of(back.begin(), back.end(), [&entry](const auto &other) { return other.parent == entry.model; });
        const QString key = Dependencies::parentKey(row, foreignKey);
        if (!circle && foreignKey.owned && !key.isEmpty() && !m_history.contains({foreignKey.parent->name, key}))
            m_world.fail(u"%1 sends %2/%3 before its %4/%5"_s.arg(device, entry.model->name, entry.key, foreignKey.parent->name, key));
    }
}

static QString changesOf(const OutboxEntry &entry)
{
    QStringList texts;
    for (const auto &[field, value] : entry.changes)
        texts.append(entry.model->fields[size_t(field)].name + u'=' + value.toJsonText());
    return u'{' + texts.join(u' ') + u'}';
}

void SimulatedServer::learn(const QString &device, const QList<OutboxEntry> &entries, const QJsonObject &answer)
{
    const QList<MutationResponse> responses = decodeMutations(m_world.schema, entries, answer);
    for (qsizetype i = 0; i < responses.size(); ++i) {
        const Record &record = responses.at(i).record;
        m_world.report.mutations += 1;
        m_world.note(u"server: %1 %2 %3/%4 on v%5 %6 -> %7 %8 %9"_s.arg(device).arg(int(entries.at(i).operation)).arg(entries.at(i).model->name, entries.at(i).key)
                         .arg(entries.at(i).baseVersion).arg(changesOf(entries.at(i))).arg(int(responses.at(i).outcome)).arg(describe(record), responses.at(i).error.message()));
        if (responses.at(i).outcome != MutationResponse::Outcome::Accepted)
            continue;
        m_accepted.insert({device, entries.at(i).sequence});
        if (m_isLate)
            m_changedLate.append(entries.at(i));
        std::vector<Record> &states = m_history[idOf(record)];
        const bool known = std::any_of(states.begin(), states.end(), [&record](const Record &state) {
            return state.metadata() == record.metadata();
        });
        if (known)
            continue;                   // a second create, a second delete: nothing changed
        states.push_back(record);
        for (auto &[id, subscription] : m_subscriptions) {
            if (subscription->model == record.model() && subscription->operation == entries.at(i).operation)
                ++subscription->expected;
        }
    }
}

/* What is committed must reach every subscriber, or a device would stay behind without knowing. */
void SimulatedServer::awaitFeed()
{
    std::unique_lock lock(m_mutex);
    const bool complete = m_told.wait_for(lock, patience, [this] {
        return std::all_of(m_subscriptions.begin(), m_subscriptions.end(), [](const auto &subscription) {
            return subscription.second->seen >= subscription.second->expected;
        });
    });
    if (!complete)
        m_world.fail(u"the server did not tell a subscriber of a change that it accepted"_s);
}

void SimulatedServer::handOver()
{
    std::vector<std::pair<Deliver, QList<QByteArray>>> deliveries;
    {
        const std::lock_guard lock(m_mutex);
        for (auto &[id, subscription] : m_subscriptions) {
            if (!subscription->told.isEmpty())
                deliveries.emplace_back(subscription->deliver, std::exchange(subscription->told, {}));
        }
    }
    for (const auto &[deliver, payloads] : deliveries) {
        for (const QByteArray &payload : payloads)
            deliver(parseJson(payload).object().value(u"data"_s).toObject());
    }
}

quint64 SimulatedServer::subscribe(const std::shared_ptr<const ModelType> &model, Operation operation,
                                   const Documents::Request &request, Deliver deliver)
{
    const auto subscription = std::make_shared<Subscription>();
    subscription->model = model;
    subscription->operation = operation;
    subscription->deliver = std::move(deliver);
    Server::GraphQLRequest graphQL;
    graphQL.query = request.query;
    graphQL.variables = request.variables;
    const Result<Server::SubscriptionId> id = m_backend->subscribe(graphQL, [this, subscription](const QByteArray &payload) {
        const std::lock_guard lock(m_mutex);
        subscription->told.append(payload);
        ++subscription->seen;
        m_told.notify_all();
    });
    if (!id)
        qFatal("The simulated server refuses a subscription: %s", qPrintable(id.error().message()));
    subscription->id = *id;
    m_subscriptions.emplace(++m_lastId, subscription);
    return m_lastId;
}

void SimulatedServer::unsubscribe(quint64 id)
{
    const auto found = m_subscriptions.find(id);
    if (found == m_subscriptions.end())
        return;
    m_backend->unsubscribe(found->second->id);
    m_subscriptions.erase(found);
}

bool SimulatedServer::wasDeletedAfter(const RecordId &id, const SyncMetadata &known) const
{
    const auto states = m_history.find(id);
    return states != m_history.end() && std::any_of(states->second.begin(), states->second.end(), [&known](const Record &state) {
        const SyncMetadata &metadata = state.metadata();
        return metadata.deleted && (metadata.version > known.version || metadata.lastChangedAt > known.lastChangedAt);
    });
}

QHash<QString, Record> SimulatedServer::records(const std::shared_ptr<const ModelType> &model)
{
    QHash<QString, Record> records;
    SyncRequest request;
    request.model = model;
    for (;;) {
        const Documents::Request document = m_documents.sync(*model, 1000, request.nextToken, 0, {});
        const Result<SyncPage> page = decodePage(m_world.schema, request, query(document));
        if (!page)
            qFatal("The simulated server cannot be read: %s", qPrintable(page.error().message()));
        for (const RemoteItem &item : page->items)
            records.insert(item.record.key(), item.record);
        if (page->nextToken.isEmpty())
            return records;
        request.nextToken = page->nextToken;
    }
}

} // namespace TidelineTest
