// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/world_p.h"

#include "client/appsync/documents_p.h"
#include "client/sync/dependencies_p.h"
#include "client/sync/transport.h"
#include "server/backend.h"

#include <QtCore/QSet>

#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

namespace TidelineTest {

/*
    The real server on the virtual clock. Its threads work while the caller waits, and what they tell subscribers is
    collected and handed over here, in the simulation's thread and in a fixed order.
*/
class SimulatedServer
{
public:
    using Deliver = std::function<void(const QJsonObject &data)>;

    SimulatedServer(World &world, const QString &path);
    ~SimulatedServer();

    void start();
    void stop();                                        // forgets the subscriptions; the database stays
    [[nodiscard]] bool isUp() const noexcept { return m_backend != nullptr; }
    void moveClock(qint64 milliseconds);

    [[nodiscard]] QJsonObject query(const Documents::Request &request);
    [[nodiscard]] QJsonObject mutate(const QString &device, const Documents::Request &request, const QList<OutboxEntry> &entries);
    void setLate(bool late) { m_isLate = late; }        // the requests from now on nobody waits for any more
    [[nodiscard]] const QList<OutboxEntry> &changedLate() const { return m_changedLate; }
    [[nodiscard]] quint64 subscribe(const std::shared_ptr<const ModelType> &model, OutboxEntry::Operation operation,
                                    const Documents::Request &request, Deliver deliver);
    void unsubscribe(quint64 id);

    [[nodiscard]] QHash<QString, Record> records(const std::shared_ptr<const ModelType> &model);    // by key, tombstones too
    [[nodiscard]] bool wasDeletedAfter(const RecordId &id, const SyncMetadata &known) const;
    [[nodiscard]] const std::map<RecordId, std::vector<Record>> &history() const noexcept { return m_history; }
    [[nodiscard]] bool hasAccepted(const QString &device, qint64 sequence) const { return m_accepted.contains({device, sequence}); }

private:
    struct Subscription
    {
        std::shared_ptr<const ModelType> model;
        OutboxEntry::Operation operation = OutboxEntry::Operation::Create;
        Deliver deliver;
        Server::SubscriptionId id = 0;
        qsizetype expected = 0;
        qsizetype seen = 0;
        QList<QByteArray> told;                         // guarded by m_mutex
    };

    void checkParents(const QString &device, const OutboxEntry &entry);
    void learn(const QString &device, const QList<OutboxEntry> &entries, const QJsonObject &answer);
    void awaitFeed();
    void handOver();

    World &m_world;
    const QString m_path;
    Documents m_documents;
    Dependencies m_dependencies;
    std::unique_ptr<Server::Backend> m_backend;
    std::map<RecordId, std::vector<Record>> m_history;  // every state that was answered, in order
    QSet<std::pair<QString, qint64>> m_accepted;        // device, number of the mutation
    std::map<quint64, std::shared_ptr<Subscription>> m_subscriptions;
    quint64 m_lastId = 0;
    bool m_isLate = false;
    QList<OutboxEntry> m_changedLate;
    qint64 m_skew = 0;
    int m_runs = 0;
    std::mutex m_mutex;
    std::condition_variable m_told;
};

} // namespace TidelineTest
