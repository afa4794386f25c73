// SPDX-License-Identifier: MIT
#include "client/appsync/appsynctransport_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/decoding_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QNetworkRequest>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr int requestDeadline = 30'000;         // ms without a byte

MutationResponse::Outcome outcomeOf(const Error &error)
{
    switch (error.code()) {
    case Error::Code::Unauthorized: return MutationResponse::Outcome::Unauthorized;
    case Error::Code::Rejected: return MutationResponse::Outcome::Rejected;
    default: return MutationResponse::Outcome::Unreachable;
    }
}

QList<MutationResponse> allFailed(qsizetype count, const Error &error)
{
    return QList<MutationResponse>(count, MutationResponse{outcomeOf(error), {}, error});
}

} // namespace

AppSyncTransport::AppSyncTransport(const Schema &schema, Scheduler &scheduler, const QUrl &endpoint, Authorization authorization)
    : m_schema(schema), m_scheduler(scheduler), m_endpoint(endpoint), m_authorization(std::move(authorization)), m_documents(schema)
{
}

AppSyncTransport::~AppSyncTransport()
{
    closeRealtime();
    const QList<QNetworkReply *> replies = m_network.findChildren<QNetworkReply *>();
    for (QNetworkReply *reply : replies) {
        reply->disconnect(this);
        reply->abort();
    }
}

void AppSyncTransport::post(const Documents::Request &request, std::function<void(const Answer &)> done)
{
    const Result<QJsonObject> authorization = m_authorization();
    if (!authorization) {
        m_scheduler.post([done = std::move(done), error = authorization.error(), alive = QPointer<QObject>(this)] {
            if (alive)
                done({error, {}});
        });
        return;
    }
    QNetworkRequest http(m_endpoint);
    http.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json; charset=UTF-8"_s);
    http.setTransferTimeout(requestDeadline);
    for (auto header = authorization->begin(); header != authorization->end(); ++header) {
        if (header.key().compare("host"_L1, Qt::CaseInsensitive) != 0)
            http.setRawHeader(header.key().toLatin1(), header.value().toString().toUtf8());
    }
    const QJsonObject body{{u"query"_s, request.query}, {u"variables"_s, request.variables}};
    QNetworkReply *reply = m_network.post(http, QJsonDocument(body).toJson(QJsonDocument::Compact));
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QByteArray text = reply->readAll();
        const QJsonObject json = status == 200 ? parseJson(text).object() : QJsonObject();
        const bool truncated = reply->error() != QNetworkReply::NoError && status == 200;
        if (truncated)
            done({Error(Error::Code::Network, AppSyncText::tr("The answer of the backend broke off: %1").arg(reply->errorString())), {}});
        else if (json.contains("data"_L1) || json.contains("errors"_L1))
            done({{}, json});
        else
            done({httpError(status, reply->rawHeader("x-amzn-errortype"), text, reply->errorString()), {}});
    });
}

void AppSyncTransport::sync(const SyncRequest &request, Reply<SyncPage> done)
{
    const Documents::Request document =
        m_documents.sync(*request.model, request.limit, request.nextToken, request.lastSync, Documents::filter(request.filter));
    post(document, [this, request, done = std::move(done)](const Answer &answer) {
        done(answer.error.isError() ? Result<SyncPage>(answer.error) : decodePage(m_schema, request, answer.json));
    });
}

void AppSyncTransport::mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done)
{
    post(m_documents.mutations(entries), [this, entries, done = std::move(done)](const Answer &answer) {
        if (answer.error.isError() && (answer.error.code() != Error::Code::Rejected || entries.size() == 1))
            return done(allFailed(entries.size(), answer.error));
        const QJsonArray errors = answer.json.value("errors"_L1).toArray();
        const bool wholeDocument = answer.error.isError()
            || (answer.json.value("data"_L1).isNull() && !errors.isEmpty() && errors.first().toObject().value("path"_L1).toArray().isEmpty());
        // A backend that refuses the document as a whole does so for one entry, or takes only one each.
        if (wholeDocument && entries.size() > 1)
            return mutateOneByOne(entries, {}, done);
        done(decodeMutations(m_schema, entries, answer.json));
    });
}

void AppSyncTransport::mutateOneByOne(const QList<OutboxEntry> &entries, QList<MutationResponse> sofar,
                                      std::function<void(QList<MutationResponse>)> done)
{
    if (sofar.size() == entries.size())
        return done(sofar);
    mutate({entries[sofar.size()]}, [this, entries, sofar, done = std::move(done)](const QList<MutationResponse> &response) {
        mutateOneByOne(entries, sofar + response, done);
    });
}

void AppSyncTransport::openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener)
{
    closeRealtime();
    const Result<QJsonObject> authorization = m_authorization();
    if (!authorization) {
        m_scheduler.post([listener, error = authorization.error(), alive = QPointer<QObject>(this)] {
            if (alive)
                listener->realtimeLost(error);
        });
        return;
    }
    m_subscribed.clear();
    QList<RealtimeSocket::Subscription> subscriptions;
    for (const auto &model : models) {
        const OperationNames names = operationNames(*model);
        for (const QString &field : {names.onCreate, names.onUpdate, names.onDelete}) {
            if (field.isEmpty())
                continue;
            const Documents::Request document = m_documents.subscription(*model, field);
            subscriptions.append({document.query, document.variables});
            m_subscribed.append({model, field});
        }
    }
    m_socket = std::make_unique<RealtimeSocket>(m_scheduler, m_endpoint, *authorization);
    connectSocket(listener);
    m_socket->open(subscriptions);
}

void AppSyncTransport::connectSocket(Listener *listener)
{
    connect(m_socket.get(), &RealtimeSocket::established, this, [listener] { listener->realtimeEstablished(); });
    connect(m_socket.get(), &RealtimeSocket::refused, this, [this, listener](qsizetype subscription, const Error &error) {
        listener->realtimeRefused(m_subscribed[subscription].model->name, error);
    });
    connect(m_socket.get(), &RealtimeSocket::dataReceived, this, [this, listener](qsizetype subscription, const QJsonObject &data) {
        forward(listener, subscription, data);
    });
    connect(m_socket.get(), &RealtimeSocket::lost, this, [listener](const Error &error) { listener->realtimeLost(error); },
            Qt::QueuedConnection);      // the listener may close the socket, which is inside its own call
}

void AppSyncTransport::forward(Listener *listener, qsizetype subscription, const QJsonObject &data)
{
    const Subscribed &subscribed = m_subscribed[subscription];
    const QJsonValue record = data.value(subscribed.field);
    if (record.isObject())
        listener->recordReceived(RemoteItem::fromJson(m_schema, subscribed.model, record.toObject()));
}

void AppSyncTransport::closeRealtime()
{
    if (m_socket)
        m_socket->disconnect(this);
    m_socket.reset();
}

} // namespace Tideline
