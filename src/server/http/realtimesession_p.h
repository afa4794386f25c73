// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/core_p.h"
#include "server/http/credentials_p.h"
#include "server/http/deadline_p.h"
#include "server/http/realtimemessage_p.h"
#include "server/http/transport_p.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <QtCore/QHash>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace Tideline::Server {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

/*
    A real-time connection after its upgrade. Lives on its strand; only the send queue is shared
    with the service's threads, which put payloads into it while they deliver.
*/
class RealtimeSession final : public Peer, public std::enable_shared_from_this<RealtimeSession>
{
public:
    using UpgradeRequest = http::request<http::string_body>;

    RealtimeSession(std::shared_ptr<Core> core, Transport transport);
    ~RealtimeSession() override;

    void start(const UpgradeRequest &request, const Headers &headers);
    void drain() override;
    void abort() override;
    void recheckCallers() override;
    void deadlinePassed();

private:
    enum class Phase { Upgrading, AwaitingInit, Refused, Running, Closing, Finished };

    // A JSON text; a payload is shared by all receivers, its head is this receiver's.
    struct Outgoing
    {
        QByteArray head;
        QByteArray payload;             // null: head is the whole message
        [[nodiscard]] qsizetype size() const noexcept { return head.size() + payload.size(); }
    };

    struct Subscription
    {
        QByteArray dataHead;
        std::optional<SubscriptionId> id;                       // none: its credentials are being looked at
        qint64 expiresAt = 0;                                   // of the credentials
        QByteArray credential;                                  // Identity's
        Clock::time_point due = Clock::time_point::max();       // when to look at it again
        bool acknowledged = false;      // under m_mutex, as the following
        std::vector<Outgoing> early;    // delivered before start_ack was queued
    };

    // What an authorizer calls with its answer: `call` then has it in the strand.
    template<typename Call>
    [[nodiscard]] auto onStrand(Call call)
    {
        return [weak = weak_from_this(), core = m_core, strand = m_socket.get_executor(), call = std::move(call)](Result<Identity> identity) {
            core->post(strand, [weak, call, identity = std::move(identity)] {
                if (const auto self = weak.lock())
                    call(*self, identity);
            });
        };
    }
    [[nodiscard]] static Error silentAuthorizer();
    void authorizeConnection(const UpgradeRequest &request, const Headers &headers);
    void connectionAuthorized(const Result<Identity> &identity);
    void accepted(error_code error);
    void read();
    void received(error_code error);
    void handle(const ClientMessage &message);
    void welcome();
    void initialise();
    void refuseConnection();
    void subscribe(const ClientMessage &message);
    void subscriptionAuthorized(const QString &id, const std::shared_ptr<Subscription> &subscription, GraphQLRequest request,
                                const Result<Identity> &identity);
    void refuse(const QString &id, const QByteArray &type, const QString &message, Refusal why);
    void refuse(const Error &error);    // the connection
    void count(const QByteArray &type, Refusal why) const;
    void acknowledge(const QString &id, const std::shared_ptr<Subscription> &subscription);
    void unsubscribe(const QString &id);
    void unsubscribeAll();
    void release(const Subscription &subscription);
    [[nodiscard]] Clock::time_point expiryOf(const Subscription &subscription, Clock::time_point now) const;
    void watch(Subscription &subscription, Clock::time_point due);
    void endOverdueSubscriptions();
    [[nodiscard]] bool isRevoked(const QByteArray &credential) const { return !credential.isEmpty() && m_core->authorizer.isRevoked(credential); }
    [[nodiscard]] static Error revoked();
    void endRevokedSubscriptions();

    void deliver(Subscription &subscription, const QByteArray &payload);
    void send(const QByteArray &message);
    void enqueue(Outgoing message);     // with m_mutex held
    void pump();
    void write();
    void written(error_code error);
    void cutOff();

    void keepAlive();
    void schedule();
    void close(websocket::close_code code, const char *reason);
    void finish();

    const std::shared_ptr<Core> m_core;
    websocket::stream<Transport, false> m_socket;
    Deadline<RealtimeSession> m_deadline;
    boost::beast::flat_buffer m_buffer;
    std::optional<Identity> m_identity;
    QByteArray m_refusal;                                           // connection_error; empty: welcome
    QHash<QString, std::shared_ptr<Subscription>> m_subscriptions;
    std::vector<Outgoing> m_batch;                                  // taken from the queue, being written
    std::size_t m_batchPosition = 0;
    Clock::time_point m_nextKeepAlive = Clock::time_point::max();
    Clock::time_point m_phaseEnd = Clock::time_point::max();
    Clock::time_point m_writeEnd = Clock::time_point::max();
    Clock::time_point m_nextDue = Clock::time_point::max();         // of the subscriptions
    quint64 m_writtenBefore = 0;
    Phase m_phase = Phase::Upgrading;
    bool m_authorizing = false;                                     // the connection's credentials are being looked at
    bool m_initialised = false;                                     // the client said connection_init
    bool m_counted = false;

    std::mutex m_mutex;                                             // of the members below
    std::vector<Outgoing> m_queue;
    qsizetype m_queuedBytes = 0;                                    // of m_queue and m_batch
    bool m_pumping = false;                                         // pump() is posted, or a batch being written
    bool m_deaf = false;                                            // takes no more
};

} // namespace Tideline::Server
