// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/server_p.h"

#include <QtCore/QSet>

namespace TidelineTest {

/* What may be wrong between one device and the server, now. */
struct Weather
{
    bool online = true;                     // false: requests fail, sockets are dead
    bool up = true;                         // what the device sends arrives
    bool down = true;                       // what the server sends arrives
    int loseRequest = 0;                    // of 1000
    int loseAnswer = 0;                     // the server did it, the device does not know
    int late = 0;                           // requests that arrive long after the device gave up
    int duplicate = 0;                      // messages of the socket
    int reorder = 0;                        // messages that others overtake
    int busy = 0;                           // HTTP 429, 500, 503
    bool tokenRefused = false;
    qint64 latency = 100;                   // ms at most, each way
};

class SimulatedTransport;

/* The line of one device. Outlives the transports of its sessions. */
class SimulatedLine
{
public:
    SimulatedLine(World &usedWorld, SimulatedServer &usedServer, const QString &deviceName)
        : world(usedWorld), server(usedServer), name(deviceName) { }

    World &world;
    SimulatedServer &server;
    const QString name;
    Weather weather;
    std::function<void()> whenAnswered;                 // once, right after the device has got an answer
    bool forgets = false;                               // what it is told the device may not be able to keep
    QSet<qint64> mayHaveArrived;                        // mutations that were sent and of which the device was not told what became

    [[nodiscard]] TransportFactory factory();
    void breakSockets(bool noticed);                    // noticed: the device is told; else it waits for what never comes
    [[nodiscard]] bool hasSocket() const;               // one that is established and alive

    [[nodiscard]] qint64 delay() { return world.between(1, std::max<qint64>(1, weather.latency)); }

private:
    friend class SimulatedTransport;
    std::vector<SimulatedTransport *> m_transports;
};

class SimulatedTransport final : public Transport
{
public:
    SimulatedTransport(SimulatedLine &line, const Schema &schema, Scheduler &scheduler);
    ~SimulatedTransport() override;

    void sync(const SyncRequest &request, Reply<SyncPage> done) override;
    void mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done) override;
    void openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener) override;
    void closeRealtime() override;

    void breakSocket(bool noticed);
    [[nodiscard]] bool isEstablished() const { return m_socket && m_socket->established && !m_socket->dead; }

private:
    using Answer = Result<QJsonObject>;
    struct Call { std::function<void(const Answer &)> done; };
    struct Socket
    {
        Listener *listener = nullptr;
        std::vector<quint64> subscriptions;
        qint64 lastArrival = 0;             // messages do not overtake each other
        bool established = false;
        bool dead = false;                  // nothing comes any more
    };

    void ask(std::function<QJsonObject()> atServer, std::function<void(const Answer &)> done);
    void arrive(const std::function<QJsonObject()> &atServer, const std::shared_ptr<Call> &call);
    void answer(const std::shared_ptr<Call> &call, const Answer &answer);
    void subscribe(const std::shared_ptr<Socket> &socket, const QList<std::shared_ptr<const ModelType>> &models);
    void tell(const std::weak_ptr<Socket> &socket, const std::shared_ptr<const ModelType> &model, const QJsonObject &data);
    void receive(const std::weak_ptr<Socket> &socket, const std::shared_ptr<const ModelType> &model, const QJsonObject &item);
    void lose(const std::shared_ptr<Socket> &socket, const Error &error, qint64 after);
    void unsubscribe(Socket &socket);
    [[nodiscard]] Error cannotReach() const;
    [[nodiscard]] std::optional<Error> refusal();

    SimulatedLine &m_line;
    World &m_world;
    Scheduler &m_scheduler;
    Documents m_documents;
    std::shared_ptr<Socket> m_socket;
    QSet<RecordId> m_underWay;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace TidelineTest
