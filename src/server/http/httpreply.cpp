// SPDX-License-Identifier: MIT
#include "server/http/httpreply_p.h"

#include "core/data/json.h"

#include <QtCore/QJsonValue>

#include <algorithm>
#include <array>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

// Names that go back into a header: tokens of RFC 9110.
bool isToken(const QByteArray &name)
{
    static constexpr QByteArrayView others = "!#$%&'*+-.^_`|~";
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.contains(c);
    });
}

QByteArray mediaType(const QByteArray &value)
{
    return value.first(value.indexOf(';') < 0 ? value.size() : value.indexOf(';')).trimmed().toLower();
}

bool accepts(const QByteArray &accept, const QByteArray &type)
{
    const QByteArrayList ranges = accept.split(',');
    return std::any_of(ranges.begin(), ranges.end(), [&type](const QByteArray &range) {
        return mediaType(range) == type && !range.simplified().replace(' ', "").toLower().endsWith(";q=0");
    });
}

} // namespace

Reply errorReply(int status, const QByteArray &type, const QString &message)
{
    const QByteArray body = "{\"errors\":[{\"errorType\":" + jsonText(QString::fromLatin1(type))
        + ",\"message\":" + jsonText(message) + "}]}";
    return {.status = status, .body = body, .errorType = type};
}

Reply errorReply(const Error &error)
{
    using enum ErrorCode::Code;
    struct Row { Error::Code code; int status; const char *type; };
    static constexpr std::array rows{
        Row{Unauthorized, 401, "UnauthorizedException"},
        Row{Rejected, 403, "AccessDeniedException"},
        Row{SyntaxError, 400, "MalformedHttpRequestException"},
        Row{InvalidArgument, 400, "BadRequestException"},
        Row{Validation, 400, "BadRequestException"},
        Row{Throttled, 429, "ThrottlingException"},
        Row{Closed, 503, "ServiceUnavailableException"},
        Row{Network, 503, "ServiceUnavailableException"},
        Row{Timeout, 503, "ServiceUnavailableException"},
        Row{StoreUnavailable, 503, "ServiceUnavailableException"},
    };
    const auto *row = std::find_if(rows.begin(), rows.end(), [&](const Row &r) { return r.code == error.code(); });
    const QByteArray type = error.detail().toLatin1();
    if (row == rows.end())              // what failed inside is not for strangers
        return errorReply(500, "InternalFailure", u"An internal failure occurred."_s);
    const bool named = (error.code() == Unauthorized || error.code() == Rejected) && type.endsWith("Exception") && isToken(type);
    return errorReply(row->status, named ? type : row->type,
                      error.message().isEmpty() ? u"You are not authorized to make this call."_s : error.message());
}

Reply preflightReply(const QByteArray &requested)
{
    QByteArrayList allowed{"authorization", "content-type", "x-api-key", "x-amz-user-agent", "x-amz-date",
                           "x-amz-security-token"};
    for (const QByteArray &part : requested.split(',')) {
        const QByteArray name = part.trimmed().toLower();
        if (isToken(name) && !allowed.contains(name))
            allowed.append(name);
    }
    return {.headers = {{"Access-Control-Allow-Methods", "POST, OPTIONS"},
                        {"Access-Control-Allow-Headers", allowed.join(", ")},
                        {"Access-Control-Max-Age", "172800"}}};
}

Reply notAllowedReply(const QByteArray &allowed)
{
    Reply reply = errorReply(405, "MethodNotAllowedException",
                             u"This method is not allowed here; use %1."_s.arg(QString::fromLatin1(allowed)));
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

Reply foreignOriginReply()
{
    Reply reply = errorReply(403, "AccessDeniedException", u"Pages of this origin may not connect."_s);
    reply.refusal = Refusal::Origin;
    return reply;
}

Reply tooManyReply(std::chrono::milliseconds delay)
{
    Reply reply = errorReply(429, "ThrottlingException", u"Rate limit exceeded."_s);
    reply.headers.emplaceBack("Retry-After", QByteArray::number(qint64(std::chrono::ceil<std::chrono::seconds>(delay).count())));
    return reply;
}

Reply stateReply(int status, const QByteArray &body)
{
    return {.status = status, .body = body, .headers = {{"Cache-Control", "no-store"}}};
}

Reply metricsReply(const QByteArray &text)
{
    Reply reply = stateReply(200, text);
    reply.headers.emplaceBack("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return reply;
}

bool isAllowedOrigin(const QByteArrayList &allowed, const QByteArray &origin)
{
    return allowed.contains("*") || (!origin.isEmpty() && allowed.contains(origin));
}

Reply answerReply(const QByteArray &answer, const QByteArray &accept)
{
    static constexpr QByteArrayView noData = "{\"data\":null,";
    static constexpr QByteArrayView notBegun = "{\"data\":null,\"errors\":[{\"path\":null,";      // errors of fields have a path
    static constexpr QByteArrayView failed = "\"data\":null,\"errorType\":\"InternalFailure\"";
    Reply reply{.body = answer, .headers = {{"x-amzn-appsync-TokensConsumed", "1"}}};
    if (!accepts(accept, "application/graphql-response+json"))
        return reply;
    reply.headers.emplaceBack("Content-Type", "application/graphql-response+json;charset=UTF-8");
    if (answer.startsWith(notBegun)) {
        reply.status = QByteArrayView(answer).sliced(notBegun.size()).startsWith(failed) ? 500 : 400;
        reply.body = '{' + answer.sliced(noData.size());
    }
    return reply;
}

bool isBodyType(const QByteArray &contentType)
{
    static const QByteArrayList simple{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"};
    return !simple.contains(mediaType(contentType));
}

QByteArray httpDate(std::time_t time)
{
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc = {};
    ::gmtime_r(&time, &utc);
    std::array<char, 64> text = {};
    const int length = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                     days[std::size_t(utc.tm_wday)], utc.tm_mday, months[std::size_t(utc.tm_mon)],
                                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    return QByteArray(text.data(), length);
}

} // namespace Tideline::Server
