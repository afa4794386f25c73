// SPDX-License-Identifier: MIT
#include "server/http/realtimemessage_p.h"

#include "core/data/json.h"
#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

ClientMessage::Type typeOf(const QString &name)
{
    if (name == "connection_init"_L1)
        return ClientMessage::Type::ConnectionInit;
    if (name == "start"_L1)
        return ClientMessage::Type::Start;
    if (name == "stop"_L1)
        return ClientMessage::Type::Stop;
    return ClientMessage::Type::Unknown;
}

void readStart(const QJsonObject &payload, ClientMessage &message)
{
    if (message.id.isEmpty()) {
        message.error = Error(Error::Code::Validation, u"A start message needs an id."_s);
        return;
    }
    const QJsonValue data = payload.value("data"_L1);
    message.data = data.toString().toUtf8();
    Result<GraphQLRequest> request = data.isString()
        ? requestFromBody(message.data)
        : Result<GraphQLRequest>(Error(Error::Code::Validation, u"payload.data of a start message is a string of JSON."_s));
    if (!request) {
        message.error = request.error();
        return;
    }
    message.request = std::move(*request);
    const QJsonValue authorization = payload.value("extensions"_L1).toObject().value("authorization"_L1);
    if (authorization.isObject())
        message.authorization = headersOf(authorization.toObject());
}

QByteArray withId(QByteArrayView type, const QString &id)
{
    return "{\"type\":\"" + type.toByteArray() + "\",\"id\":" + jsonText(id);
}

} // namespace

ClientMessage parseClientMessage(const QByteArray &text)
{
    const QJsonObject object = parseJson(text).object();
    ClientMessage message;
    message.type = typeOf(object.value("type"_L1).toString());
    message.id = object.value("id"_L1).toString();
    if (message.type == ClientMessage::Type::Start)
        readStart(object.value("payload"_L1).toObject(), message);
    return message;
}

namespace ServerMessage {

QByteArray connectionAck(std::chrono::milliseconds timeout)
{
    return "{\"type\":\"connection_ack\",\"payload\":{\"connectionTimeoutMs\":" + QByteArray::number(qint64(timeout.count()))
        + "}}";
}

QByteArray keepAlive()
{
    return QByteArrayLiteral("{\"type\":\"ka\"}");
}

QByteArray startAck(const QString &id)
{
    return withId("start_ack", id) + '}';
}

QByteArray complete(const QString &id)
{
    return withId("complete", id) + '}';
}

QByteArray dataHead(const QString &id)
{
    return withId("data", id) + ",\"payload\":";
}

QByteArray error(const QString &id, const QByteArray &type, const QString &message)
{
    return error(id, "{\"errors\":[{\"errorType\":" + jsonText(QString::fromLatin1(type)) + ",\"message\":"
                         + jsonText(message) + "}]}");
}

QByteArray error(const QString &id, const QByteArray &payload)
{
    const QByteArray head = id.isEmpty() ? QByteArray("{\"type\":\"error\"") : withId("error", id);
    return head + ",\"payload\":" + payload + '}';
}

QByteArray connectionError(const Error &error)
{
    const Reply reply = errorReply(error);
    QByteArray payload = reply.body;
    payload.replace(payload.size() - 3, 3, ",\"errorCode\":" + QByteArray::number(reply.status) + "}]}");
    return "{\"type\":\"connection_error\",\"payload\":" + payload + '}';
}

} // namespace ServerMessage

} // namespace Tideline::Server
