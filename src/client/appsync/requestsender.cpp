// SPDX-License-Identifier: MIT
#include "client/appsync/requestsender_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/decoding_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr int requestDeadline = 30'000;         // ms without a byte

/*
    QNetworkAccessManager sends a request again when the line ends before its answer, be it a POST. The backend may have done it by
    then, and would do it twice for one attempt.
*/
class OneWayBody final : public QIODevice
{
public:
    explicit OneWayBody(const QByteArray &bytes) : m_bytes(bytes) { open(ReadOnly | Unbuffered); }

    [[nodiscard]] qint64 size() const override { return m_bytes.size(); }
    bool reset() override { return pos() == 0; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        const qint64 count = std::min<qint64>(most, m_bytes.size() - pos());
        std::copy_n(m_bytes.constData() + pos(), count, data);
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    const QByteArray m_bytes;
};

RequestSender::Answer read(QNetworkReply &reply, int status)
{
    const QByteArray text = reply.readAll();
    const QJsonObject json = status == 200 ? parseJson(text).object() : QJsonObject();
    if (reply.error() != QNetworkReply::NoError && status == 200)
        return {Error(Error::Code::Network, AppSyncText::tr("The answer of the backend broke off: %1").arg(reply.errorString())), {}};
    if (json.contains("data"_L1) || json.contains("errors"_L1))
        return {{}, json};
    return {httpError(status, reply.rawHeader("x-amzn-errortype"), text, reply.errorString()), {},
            retryAfter(status, reply.rawHeader("Retry-After"), reply.rawHeader("Date"))};
}

} // namespace

QString authorizationHost(const QUrl &endpoint)
{
    return endpoint.port() > 0 ? u"%1:%2"_s.arg(endpoint.host()).arg(endpoint.port()) : endpoint.host();
}

RequestSender::~RequestSender()
{
    m_waiting.clear();
    const QList<QNetworkReply *> replies = m_network.findChildren<QNetworkReply *>();
    for (QNetworkReply *reply : replies) {
        reply->disconnect(this);
        reply->abort();
    }
}

void RequestSender::post(const Documents::Request &request, const std::shared_ptr<Authorizer> &authorizer, Repeat repeat, Done done)
{
    const QJsonObject body{{u"query"_s, request.query}, {u"variables"_s, request.variables}};
    authorize(std::make_shared<Sending>(Sending{QJsonDocument(body).toJson(QJsonDocument::Compact), authorizer, repeat, std::move(done)}));
}

void RequestSender::authorize(const std::shared_ptr<Sending> &sending)
{
    const QByteArray path = m_endpoint.path(QUrl::FullyEncoded).toLatin1();
    const AuthorizationRequest request{authorizationHost(m_endpoint), path.isEmpty() ? QByteArray("/") : path, sending->body, {}, m_account};
    m_waiting.insert(sending.get(), sending);
    // Weak, for the wait belongs to what it calls.
    sending->wait = sending->authorizer->authorize(request, m_scheduler, [this, weak = std::weak_ptr(sending)](const Result<Authorization> &authorization) {
        const std::shared_ptr<Sending> sending = weak.lock();
        m_waiting.remove(sending.get());
        if (authorization)
            return send(sending, *authorization);
        m_scheduler.post([sending, error = authorization.error(), alive = QPointer<QObject>(this)] {
            if (alive)
                sending->done({error, {}});
        });
    });
}

void RequestSender::send(const std::shared_ptr<Sending> &sending, const Authorization &authorization)
{
    QNetworkRequest http(m_endpoint);
    http.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json; charset=UTF-8"_s);
    http.setTransferTimeout(requestDeadline);
    // Who redirects is no backend but a network that wants a sign-in; it must not get what the headers hold.
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    for (auto header = authorization.headers.begin(); header != authorization.headers.end(); ++header) {
        if (header.key().compare("host"_L1, Qt::CaseInsensitive) != 0)
            http.setRawHeader(header.key().toLatin1(), header.value().toString().toUtf8());
    }
    auto body = sending->repeat == Repeat::Never ? std::make_unique<OneWayBody>(sending->body) : nullptr;
    QNetworkReply *reply = body ? m_network.post(http, body.get()) : m_network.post(http, sending->body);
    if (body)
        body.release()->setParent(reply);
    connect(reply, &QNetworkReply::finished, this, [this, reply, sending, secret = authorization.number] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        answered(sending, secret, status, read(*reply, status));
    });
}

void RequestSender::answered(const std::shared_ptr<Sending> &sending, quint64 secret, int status, const Answer &answer)
{
    const bool refused = status == 401 || status == 403;
    if (refused && sending->authorizer->refused(secret) && !std::exchange(sending->again, true))
        return authorize(sending);
    sending->done(answer);
}

} // namespace Tideline
