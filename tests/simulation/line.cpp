// SPDX-License-Identifier: MIT
#include "simulation/line_p.h"

#include "client/appsync/decoding_p.h"

#include <algorithm>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;

constexpr qint64 requestDeadline = 30'000;      // as the real transport's, which the engine does not rely on
constexpr qint64 handshakeDeadline = 15'000;
constexpr qint64 silenceLimit = 120'000;        // of a socket

TransportFactory SimulatedLine::factory()
{
    return [this](const Schema &schema, Scheduler &scheduler) {
        return std::make_unique<SimulatedTransport>(*this, schema, scheduler);
    };
}

void SimulatedLine::breakSockets(bool noticed)
{
    for (SimulatedTransport *transport : m_transports)
        transport->breakSocket(noticed);
}

bool SimulatedLine::hasSocket() const
{
    return std::any_of(m_transports.begin(), m_transports.end(), [](const SimulatedTransport *transport) { return transport->isEstablished(); });
}

SimulatedTransport::SimulatedTransport(SimulatedLine &line, const Schema &schema, Scheduler &scheduler)
    : m_line(line), m_world(line.world), m_scheduler(scheduler), m_documents(schema)
{
    m_line.m_transports.push_back(this);
}

SimulatedTransport::~SimulatedTransport()
{
    closeRealtime();
    std::erase(m_line.m_transports, this);
}

Error SimulatedTransport::cannotReach() const
{
    return httpError(0, {}, {}, u"the simulated line is broken"_s);
}

std::optional<Error> SimulatedTransport::refusal()
{
    if (m_line.weather.tokenRefused)
        return httpError(401, {}, {}, {});
    if (!m_world.chance(m_line.weather.busy))
        return {};
    const int status = std::array{429, 500, 503}[m_world.pick(3)];
    return httpError(status, {}, {}, {});
}

/* A request goes on when the device has forgotten it, and is executed even then. */
void SimulatedTransport::ask(std::function<QJsonObject()> atServer, std::function<void(const Answer &)> done)
{
    const auto call = std::make_shared<Call>(Call{std::move(done)});
    if (m_world.chance(700)) {
        m_scheduler.startTimer(requestDeadline, [this, call, alive = std::weak_ptr<int>(m_alive)] {
            if (!alive.expired())
                answer(call, cannotReach());
        });
    }
    const Weather &weather = m_line.weather;
    const bool late = m_world.chance(weather.late);
    if (!weather.online || !weather.up || m_world.chance(weather.loseRequest)) {
        if (m_world.chance(500)) {
            m_scheduler.startTimer(m_line.delay(), [this, call, alive = std::weak_ptr<int>(m_alive)] {
                if (!alive.expired())
                    answer(call, cannotReach());
            });
        }
        return;
    }
    m_world.carry(late ? m_world.between(1'000, 90'000) : m_line.delay(),
                  [atServer = std::move(atServer), call, this, &line = m_line, alive = std::weak_ptr<int>(m_alive)] {
                      line.server.setLate(alive.expired() || !call->done);
                      if (!alive.expired())
                          arrive(atServer, call);
                      else if (line.server.isUp())
                          atServer();
                  });
}

void SimulatedTransport::arrive(const std::function<QJsonObject()> &atServer, const std::shared_ptr<Call> &call)
{
    const auto alive = std::weak_ptr<int>(m_alive);
    Answer given = cannotReach();
    if (m_line.server.isUp()) {
        const std::optional<Error> refused = refusal();
        given = refused ? Answer(*refused) : Answer(atServer());
    }
    const Weather &weather = m_line.weather;
    if (!weather.online || !weather.down || m_world.chance(weather.loseAnswer)) {
        if (m_world.chance(500))
            return;                         // silence: the deadline answers
        given = cannotReach();
    }
    m_world.carry(m_line.delay(), [this, call, given, alive] {
        if (!alive.expired())
            answer(call, given);
    });
}

void SimulatedTransport::answer(const std::shared_ptr<Call> &call, const Answer &answer)
{
    const auto done = std::exchange(call->done, nullptr);
    if (!done)
        return;
    SimulatedLine &line = m_line;                       // the transport may go with the answer
    done(answer);
    if (const auto task = std::exchange(line.whenAnswered, nullptr))
        task();
}

void SimulatedTransport::sync(const SyncRequest &request, Reply<SyncPage> done)
{
    const Documents::Request document =
        m_documents.sync(*request.model, request.limit, request.nextToken, request.lastSync, request.filter.toJson());
    ask([&server = m_line.server, document] { return server.query(document); },
        [this, request, done = std::move(done)](const Answer &answer) {
            done(answer ? decodePage(m_world.schema, request, *answer) : Result<SyncPage>(answer.error()));
        });
}

static MutationResponse failure(const Error &error)
{
    const bool unauthorized = error.code() == Error::Code::Unauthorized;
    return {unauthorized ? MutationResponse::Outcome::Unauthorized : MutationResponse::Outcome::Unreachable, {}, error};
}

void SimulatedTransport::mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done)
{
    for (const OutboxEntry &entry : entries) {
        const RecordId id{entry.model->name, entry.key};
        if (m_underWay.contains(id))
            m_world.fail(u"%1 sends two mutations of %2/%3 at once"_s.arg(m_line.name, id.first, id.second));
        m_underWay.insert(id);
    }
    const QSet<qint64> before = m_line.mayHaveArrived;
    for (const OutboxEntry &entry : entries)
        m_line.mayHaveArrived.insert(entry.sequence);
    const Documents::Request document = m_documents.mutations(entries);
    ask([&server = m_line.server, document, entries, name = m_line.name] { return server.mutate(name, document, entries); },
        [this, entries, before, done = std::move(done)](const Answer &answer) {
            const bool isTold = answer || answer.error().code() == Error::Code::Unauthorized;
            for (const OutboxEntry &entry : entries) {
                m_underWay.remove({entry.model->name, entry.key});
                if (isTold && !m_line.forgets && !before.contains(entry.sequence))
                    m_line.mayHaveArrived.remove(entry.sequence);
            }
            done(answer ? decodeMutations(m_world.schema, entries, *answer)
                        : QList<MutationResponse>(entries.size(), failure(answer.error())));
        });
}

// ---- the socket ----

void SimulatedTransport::openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener)
{
    closeRealtime();
    m_socket = std::make_shared<Socket>();
    m_socket->listener = listener;
    const Weather &weather = m_line.weather;
    if (!weather.online || !weather.up || !weather.down) {
        lose(m_socket, cannotReach(), m_world.chance(500) ? m_line.delay() : handshakeDeadline);
        return;
    }
    m_world.carry(2 * m_line.delay(), [this, models, weak = std::weak_ptr<Socket>(m_socket)] {
        const std::shared_ptr<Socket> socket = weak.lock();
        if (!socket || socket->dead)
            return;
        if (!m_line.server.isUp())
            lose(socket, cannotReach(), m_line.delay());
        else if (m_line.weather.tokenRefused)
            lose(socket, httpError(401, {}, {}, {}), m_line.delay());
        else
            subscribe(socket, models);
    });
}

void SimulatedTransport::subscribe(const std::shared_ptr<Socket> &socket, const QList<std::shared_ptr<const ModelType>> &models)
{
    for (const std::shared_ptr<const ModelType> &model : models) {
        const OperationNames names = operationNames(*model);
        for (const auto &[field, operation] : {std::pair(names.onCreate, Operation::Create), std::pair(names.onUpdate, Operation::Update),
                                               std::pair(names.onDelete, Operation::Delete)}) {
            if (field.isEmpty())
                continue;
            socket->subscriptions.push_back(m_line.server.subscribe(
                model, operation, m_documents.subscription(*model, field),
                [this, model = model, weak = std::weak_ptr<Socket>(socket)](const QJsonObject &data) { tell(weak, model, data); }));
        }
    }
    m_world.carry(m_line.delay(), [weak = std::weak_ptr<Socket>(socket)] {
        const std::shared_ptr<Socket> open = weak.lock();
        if (!open || open->dead)
            return;
        open->established = true;
        open->listener->realtimeEstablished();
    });
}

void SimulatedTransport::tell(const std::weak_ptr<Socket> &weak, const std::shared_ptr<const ModelType> &model, const QJsonObject &data)
{
    const std::shared_ptr<Socket> socket = weak.lock();
    if (!socket || socket->dead || data.isEmpty())
        return;
    const QJsonObject item = data.begin().value().toObject();
    const qint64 now = m_world.time.monotonic();
    const auto send = [&](qint64 at) {
        m_world.carry(at - now, [this, weak, model, item] {
            if (!weak.expired())
                receive(weak, model, item);
        });
    };
    const bool overtaken = m_world.chance(m_line.weather.reorder);
    const qint64 behind = m_world.chance(300) ? 10'000 : 10 * m_line.weather.latency;
    const qint64 arrival = now + m_line.delay() + (overtaken ? m_world.between(1, behind) : 0);
    if (!overtaken)
        socket->lastArrival = std::max(socket->lastArrival, arrival);
    send(overtaken ? arrival : socket->lastArrival);
    if (m_world.chance(m_line.weather.duplicate))
        send(std::max(socket->lastArrival, arrival) + m_world.between(1, behind));
}

void SimulatedTransport::receive(const std::weak_ptr<Socket> &weak, const std::shared_ptr<const ModelType> &model, const QJsonObject &item)
{
    const std::shared_ptr<Socket> socket = weak.lock();
    if (socket && !socket->dead)
        socket->listener->recordReceived(RemoteItem::fromJson(m_world.schema, model, item));
}

void SimulatedTransport::lose(const std::shared_ptr<Socket> &socket, const Error &error, qint64 after)
{
    socket->dead = true;
    unsubscribe(*socket);
    m_scheduler.startTimer(after, [weak = std::weak_ptr<Socket>(socket), error] {
        if (const std::shared_ptr<Socket> lost = weak.lock())
            lost->listener->realtimeLost(error);
    });
}

void SimulatedTransport::breakSocket(bool noticed)
{
    if (!m_socket || m_socket->dead)
        return;
    const qint64 least = m_socket->established ? silenceLimit : handshakeDeadline;
    lose(m_socket, Error(Error::Code::Timeout, u"The simulated socket fell silent."_s), noticed ? m_line.delay() : least);
}

void SimulatedTransport::unsubscribe(Socket &socket)
{
    for (const quint64 id : std::exchange(socket.subscriptions, {}))
        m_line.server.unsubscribe(id);
}

void SimulatedTransport::closeRealtime()
{
    if (m_socket)
        unsubscribe(*m_socket);
    m_socket.reset();
}

} // namespace TidelineTest
