// SPDX-License-Identifier: MIT
#include "tools/endpoint.h"

#include "core/data/json.h"
#include "tools/optiontable.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QEventLoop>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QTimer>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslCertificate>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

constexpr int RequestDeadline = 60'000;         // ms without a byte
constexpr int Attempts = 7;
constexpr int FirstPause = 250;                 // ms; doubled each time, so that a restart of the server is sat out

bool travelsInHeader(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<QSslConfiguration> trusting(const QString &file)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    const QList<QSslCertificate> certificates = QSslCertificate::fromPath(file);
    if (certificates.isEmpty())
        return usage(u"%1 has no certificate (PEM)"_s.arg(file));
    tls.addCaCertificates(certificates);
    return tls;
}

Error httpError(int status, const QJsonObject &json, const QString &network)
{
    if (status == 0)
        return Error(Error::Code::Network, u"the endpoint does not answer: %1"_s.arg(network));
    const QString said = errorText(json).isEmpty() ? json.value("message"_L1).toString() : errorText(json);
    const QString text = said.isEmpty() ? u"HTTP status %1"_s.arg(status) : u"HTTP status %1: %2"_s.arg(status).arg(said);
    if (status == 401 || status == 403)
        return Error(Error::Code::Unauthorized, u"the endpoint refuses the credentials (%1)"_s.arg(text));
    if (status == 429)
        return Error(Error::Code::Throttled, u"the endpoint is asked too often (%1)"_s.arg(text));
    if (status >= 500)
        return Error(Error::Code::BackendFailed, u"the endpoint failed (%1)"_s.arg(text));
    return Error(Error::Code::Rejected, u"the endpoint refuses the request (%1)"_s.arg(text));
}

Result<QJsonObject> answerOf(QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QJsonObject json = parseJson(reply.readAll()).object();
    const bool whole = reply.error() == QNetworkReply::NoError || status != 200;
    if (!whole)
        return Error(Error::Code::Network, u"the answer broke off: %1"_s.arg(reply.errorString()));
    if (status == 200 && (json.contains("data"_L1) || json.contains("errors"_L1)))
        return json;
    if (status == 200)
        return Error(Error::Code::Protocol, u"the answer is not GraphQL; is the URL right?"_s);
    return httpError(status, json, reply.errorString());
}

} // namespace

QString errorText(const QJsonObject &response)
{
    QStringList texts;
    const QJsonArray errors = response.value("errors"_L1).toArray();
    for (const QJsonValue &error : errors) {
        const QString type = error["errorType"_L1].toString();
        const QString message = error["message"_L1].toString();
        texts.append(type.isEmpty() ? message : u"%1: %2"_s.arg(type, message));
    }
    texts.removeDuplicates();
    return texts.join(u"; ").replace(u'\n', u' ');
}

QJsonObject EndpointOptions::authorization() const
{
    QJsonObject object{{u"host"_s, url.authority()}};
    if (!apiKey.isEmpty())
        object.insert(u"x-api-key"_s, QString::fromLatin1(apiKey));
    if (!token.isEmpty())
        object.insert(u"Authorization"_s, QString::fromLatin1(token));
    return object;
}

void EndpointOptionSet::addTo(QCommandLineParser &parser) const
{
    parser.addOptions({m_url, m_apiKey, m_certificate});
}

Result<EndpointOptions> EndpointOptionSet::read(const QCommandLineParser &parser) const
{
    EndpointOptions options;
    options.url = QUrl(parser.value(m_url), QUrl::StrictMode);
    if (!options.url.isValid() || options.url.host().isEmpty()
        || (options.url.scheme() != "http"_L1 && options.url.scheme() != "https"_L1)) {
        return usage(u"--url URL is the GraphQL endpoint, as in https://example.org/graphql"_s);
    }
    if (!options.url.userInfo().isEmpty())
        return usage(u"--url has no user or password; see --api-key"_s);
    if (parser.isSet(m_apiKey))
        options.apiKey = parser.value(m_apiKey).toUtf8();
    else if (!qEnvironmentVariableIsEmpty("TIDELINE_TOKEN"))
        options.token = qgetenv("TIDELINE_TOKEN");
    else
        options.apiKey = qgetenv("TIDELINE_API_KEY");
    if (options.apiKey.isEmpty() && options.token.isEmpty())
        return usage(u"set TIDELINE_API_KEY or TIDELINE_TOKEN, or give --api-key"_s);
    if (!travelsInHeader(options.apiKey) || !travelsInHeader(QByteArray(options.token).replace(' ', '-')))
        return usage(u"an API key or token is made of visible ASCII characters"_s);
    options.tls = QSslConfiguration::defaultConfiguration();
    if (parser.isSet(m_certificate)) {
        const Result<QSslConfiguration> tls = trusting(parser.value(m_certificate));
        if (!tls)
            return tls.error();
        options.tls = *tls;
    }
    return options;
}

Endpoint::Endpoint(EndpointOptions options) : m_options(std::move(options))
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);     // the key is for this host only
}

Endpoint::~Endpoint()
{
    const QList<QNetworkReply *> replies = m_network.findChildren<QNetworkReply *>();
    for (QNetworkReply *reply : replies) {
        reply->disconnect(this);
        reply->abort();
    }
}

void Endpoint::post(const QString &query, const QJsonObject &variables, std::function<void(const Result<QJsonObject> &)> done)
{
    QNetworkRequest request(m_options.url);
    request.setSslConfiguration(m_options.tls);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json; charset=UTF-8"_s);
    request.setTransferTimeout(RequestDeadline);
    if (!m_options.apiKey.isEmpty())
        request.setRawHeader("x-api-key", m_options.apiKey);
    if (!m_options.token.isEmpty())
        request.setRawHeader("authorization", m_options.token);
    const QJsonObject body{{u"query"_s, query}, {u"variables"_s, variables}};
    QNetworkReply *reply = m_network.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        done(answerOf(*reply));
    });
}

Result<QJsonObject> Endpoint::askOnce(const QString &query, const QJsonObject &variables)
{
    QEventLoop loop;
    Result<QJsonObject> answer = QJsonObject();
    post(query, variables, [&loop, &answer](const Result<QJsonObject> &got) {
        answer = got;
        loop.quit();
    });
    loop.exec();
    return answer;
}

Result<QJsonObject> Endpoint::ask(const QString &query, const QJsonObject &variables)
{
    Result<QJsonObject> answer = askOnce(query, variables);
    for (int attempt = 1; attempt < Attempts && !answer && answer.error().isRetryable() && !m_interrupted; ++attempt) {
        pause(FirstPause << (attempt - 1));
        if (!m_interrupted)
            answer = askOnce(query, variables);
    }
    return answer;
}

void Endpoint::pause(int milliseconds)
{
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    m_pausing = &loop;
    loop.exec();
    m_pausing = nullptr;
}

void Endpoint::interrupt()
{
    m_interrupted = true;
    if (m_pausing)
        m_pausing->quit();
}

} // namespace Tideline::Tools
