// SPDX-License-Identifier: MIT
// What a connection does with a request that it has read: find, authorize and execute what is asked.
#include "server/http/httpsession_p.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Headers HttpSession::headers() const
{
    Headers all;
    for (const auto &field : m_parser->get()) {
        QByteArray &value = all[bytes(field.name_string()).toLower()];
        value += value.isEmpty() ? bytes(field.value()) : "," + bytes(field.value());
    }
    return all;
}

void HttpSession::dispatch()
{
    const auto &request = m_parser->get();
    const Target target = splitTarget(bytes(request.target()));
    const http::verb method = request.method();
    if (dispatchAdmin(target.path))
        return;
    if (m_role == Role::Admin)
        return send(errorReply(404, "UnknownOperationException", u"There is nothing at this address; metrics are at /metrics."_s));
    if (target.path == "/graphql")
        return dispatchGraphQL(target);
    if (target.path == "/graphql/realtime") {
        if (method == http::verb::options)
            return send(preflightReply(bytes(request[http::field::access_control_request_headers])));
        if (method != http::verb::get)
            return send(notAllowedReply("GET"));
        Reply reply = errorReply(426, "BadRequestException", u"This is the address of the real-time WebSocket."_s);
        reply.headers.emplace_back("Upgrade", "websocket");
        return send(std::move(reply));
    }
    if (target.path == "/ping")
        return method == http::verb::get || m_head ? send(stateReply(200, "healthy")) : send(notAllowedReply("GET, HEAD"));
    send(errorReply(404, "UnknownOperationException", u"There is nothing at this address; GraphQL is at /graphql."_s));
}

// False when the path is another one, or these are at another port.
bool HttpSession::dispatchAdmin(const QByteArray &path)
{
    const HttpOptions &options = m_core->options;
    const bool metrics = path == "/metrics" && options.serveMetrics;
    if ((!metrics && path != "/healthz" && path != "/readyz") || options.adminPort.has_value() != (m_role == Role::Admin))
        return false;
    if (m_parser->get().method() != http::verb::get && !m_head)
        send(notAllowedReply("GET, HEAD"));
    else if (metrics)
        send(metricsReply(m_core->metrics.text()));
    else if (path == "/healthz")
        send(stateReply(200, "{\"status\":\"ok\"}"));
    else
        checkReady();
    return true;
}

void HttpSession::checkReady()
{
    enter(Phase::Executing, m_core->options.executionTimeout);
    m_core->checkReady([weak = weak_from_this(), core = m_core, strand = m_transport.get_executor(), exchange = m_exchange](bool ready) {
        core->post(strand, [weak, exchange, ready] {
            const auto self = weak.lock();
            if (self && exchange == self->m_exchange && self->m_phase == Phase::Executing)
                self->send(ready ? stateReply(200, "{\"status\":\"ready\"}") : stateReply(503, "{\"status\":\"not ready\"}"));
        });
    });
}

void HttpSession::dispatchGraphQL(const Target &target)
{
    const auto &request = m_parser->get();
    const http::verb method = request.method();
    if (method == http::verb::options)
        return send(preflightReply(bytes(request[http::field::access_control_request_headers])));
    if (method != http::verb::get && method != http::verb::post)
        return send(notAllowedReply("GET, POST, OPTIONS"));
    if (method == http::verb::post && !isBodyType(bytes(request[http::field::content_type])))
        return send(errorReply(415, "UnsupportedMediaTypeException", u"The body must be application/json."_s));
    const QByteArray body = QByteArray::fromStdString(request.body());
    authorize(method == http::verb::get ? requestFromQuery(target.query) : requestFromBody(body), body);
}

void HttpSession::authorize(const Result<GraphQLRequest> &parsed, const QByteArray &body)
{
    enter(Phase::Authorizing, m_core->options.authorizationTimeout);
    const auto &request = m_parser->get();
    AuthRequest asked{.method = bytes(request.method_string()), .target = bytes(request.target()), .headers = headers(), .body = body};
    if (parsed) {
        m_operation = m_core->logs(LogLevel::Warning) ? describe(*parsed) : QByteArray();       // the gravest line that has it
        asked.query = parsed->query;
        asked.operationName = parsed->operationName;
        asked.variables = parsed->variables;
    }
    m_core->authorizer.authorize(asked, [weak = weak_from_this(), core = m_core, strand = m_transport.get_executor(),
                                         exchange = m_exchange, parsed](Result<Identity> identity) {
        core->post(strand, [weak, exchange, parsed, identity = std::move(identity)] {
            if (const auto self = weak.lock())
                self->authorized(exchange, parsed, identity);
        });
    });
}

void HttpSession::authorized(quint64 exchange, const Result<GraphQLRequest> &parsed, const Result<Identity> &identity)
{
    if (exchange != m_exchange || m_phase != Phase::Authorizing)
        return;
    if (identity)
        m_caller = nameOf(identity->provider);
    if (const auto delay = m_core->delayOf(identity, m_transport.address()))
        return send(tooManyReply(*delay));
    if (!identity)                      // first: strangers learn nothing about their requests
        return send(errorReply(identity.error()));
    if (!parsed)
        return send(errorReply(parsed.error()));
    if (m_parser->get().method() == http::verb::get && isMutation(*parsed))     // links and images send GET
        return send(notAllowedReply("POST"));
    GraphQLRequest request = *parsed;
    request.identity = *identity;
    execute(std::move(request));
}

void HttpSession::execute(GraphQLRequest request)
{
    enter(Phase::Executing, m_core->options.executionTimeout);
    auto done = [weak = weak_from_this(), core = m_core, strand = m_transport.get_executor(),
                 exchange = m_exchange](QByteArray answer) {
        core->post(strand, [weak, exchange, answer = std::move(answer)] {
            if (const auto self = weak.lock())
                self->executed(exchange, answer);
        });
    };
    m_core->service.execute(std::move(request), std::move(done));
}

void HttpSession::executed(quint64 exchange, const QByteArray &answer)
{
    if (exchange == m_exchange && m_phase == Phase::Executing)
        send(answerReply(answer, bytes(m_parser->get()[http::field::accept])));
}

} // namespace Tideline::Server
