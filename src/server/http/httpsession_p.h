// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/core_p.h"
#include "server/http/credentials_p.h"
#include "server/http/deadline_p.h"
#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"
#include "server/http/transport_p.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <optional>

namespace Tideline::Server {

namespace http = boost::beast::http;

inline QByteArray bytes(boost::beast::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

// A connection that speaks HTTP, from its first byte on. Lives on its strand; one request at a time, in order.
class HttpSession final : public Peer, public std::enable_shared_from_this<HttpSession>
{
public:
    HttpSession(std::shared_ptr<Core> core, Transport transport, Role role);
    ~HttpSession() override;

    void begin();                               // from any thread
    void drain() override;
    void abort() override;
    void deadlinePassed();

private:
    enum class Phase { Opening, Idle, Header, Body, Authorizing, Executing, Writing, Closing, Finished };
    using Parser = http::request_parser<http::string_body>;
    using Response = http::response<http::span_body<const char>>;

    void open();
    void firstByte(error_code error);
    void handshake();
    [[nodiscard]] bool mayAskOnce() const noexcept;
    void nextRequest();
    void readHeader();
    void skipEmptyLines();
    void headerRead(error_code error);
    void readBody();
    void confirmContinue();
    void bodyRead(error_code error);
    void refuse(error_code error);
    void upgrade();

    void dispatch();
    void dispatchGraphQL(const Target &target);
    [[nodiscard]] bool dispatchAdmin(const QByteArray &path);
    void checkReady();
    void authorize(const Result<GraphQLRequest> &parsed, const QByteArray &body);
    void authorized(quint64 exchange, const Result<GraphQLRequest> &parsed, const Result<Identity> &identity);
    void execute(GraphQLRequest request);
    void executed(quint64 exchange, const QByteArray &answer);

    void send(Reply reply);
    void buildResponse(const Reply &reply, const QByteArray &requestId);
    void allowOrigin(const std::function<void(const char *, const QByteArray &)> &set) const;
    void account(const Reply &reply, const QByteArray &requestId);
    void written(error_code error);
    void watchWriting();
    void linger();
    void discard();
    void finish();

    [[nodiscard]] Headers headers() const;
    [[nodiscard]] boost::beast::flat_buffer freshBuffer() const;
    void enter(Phase phase, Clock::duration patience);

    const std::shared_ptr<Core> m_core;
    Transport m_transport;
    const Role m_role;
    Deadline<HttpSession> m_deadline;
    boost::beast::flat_buffer m_buffer;
    std::unique_ptr<Parser> m_parser;           // of the request under way
    std::unique_ptr<Response> m_response;
    QByteArray m_body;                          // of the response; m_response points into it
    quint64 m_exchange = 0;
    Clock::time_point m_began;                  // of the request under way, as the next two
    QByteArray m_operation;                     // for the log
    QByteArray m_caller;
    quint64 m_writtenBefore = 0;
    Phase m_phase = Phase::Opening;
    unsigned m_version = 11;
    bool m_head = false;
    bool m_keepAlive = false;
    bool m_timedOut = false;
    bool m_draining = false;
};

} // namespace Tideline::Server
