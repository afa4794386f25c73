// SPDX-License-Identifier: MIT
#include "fuzz/fuzzbackend.h"

#include "server/http/credentials_p.h"
#include "server/http/httprequest_p.h"
#include "server/http/realtimemessage_p.h"

using namespace Tideline;
using namespace Tideline::Fuzz;

static void isJson(const QByteArray &message)
{
    if (!QJsonDocument::fromJson(message).isObject())
        qFatal("no message: %s", message.constData());
}

static void subscribe(const GraphQLRequest &request, const QString &id)
{
    const Result<SubscriptionId> started = theBackend().backend->subscribe(request, [](const QByteArray &payload) { FuzzBackend::checked(payload); });
    if (!started) {
        if (!started.error().detail().isEmpty())
            (void)FuzzBackend::checked(started.error().detail().toUtf8());
        return isJson(ServerMessage::error(id, "BadRequestException", started.error().message()));
    }
    (void)theBackend().run(u"mutation { updateItem(input: {id: \"i1\", count: 1}) { id name count } }"_s, {});
    theBackend().backend->unsubscribe(*started);
}

static void handshake(const QByteArray &text)
{
    const Target target = splitTarget(text);
    (void)handshakeCredentials({{"sec-websocket-protocol", text}}, target.query, offeredProtocols(text));
    (void)handshakeCredentials({}, "header=" + text, {});
    (void)decodedAuthorization(text.toBase64());
}

// A message of a socket's client, the parts of its upgrade, and a subscription document by itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    handshake(text);
    const ClientMessage message = parseClientMessage(text);
    for (const QByteArray &answer : {ServerMessage::startAck(message.id), ServerMessage::complete(message.id), ServerMessage::dataHead(message.id) + "{}}"})
        isJson(answer);
    if (message.type == ClientMessage::Type::Start && !message.error.isError())
        subscribe(message.request, message.id);
    const qsizetype zero = text.indexOf('\0');
    const QJsonObject variables = zero < 0 ? QJsonObject() : QJsonDocument::fromJson(text.sliced(zero + 1)).object();
    subscribe({QString::fromUtf8(zero < 0 ? text : text.first(zero)), variables, {}, {}}, message.id);
    return 0;
}
