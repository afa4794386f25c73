// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QCommandLineOption>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QSslConfiguration>

#include <functional>

QT_FORWARD_DECLARE_CLASS(QCommandLineParser)
QT_FORWARD_DECLARE_CLASS(QEventLoop)

namespace Tideline::Tools {

// Which backend, and what proves who asks. Holds secrets: nothing of it is printed.
struct EndpointOptions
{
    QUrl url = {};
    QByteArray apiKey = {};
    QByteArray token = {};              // one of the two
    QSslConfiguration tls = {};

    [[nodiscard]] QJsonObject authorization() const;    // the protocol's authorization object
};

class EndpointOptionSet
{
public:
    void addTo(QCommandLineParser &parser) const;
    [[nodiscard]] Result<EndpointOptions> read(const QCommandLineParser &parser) const;

private:
    const QCommandLineOption m_url{QStringLiteral("url"),
        QStringLiteral("The GraphQL endpoint, as in https://example.org/graphql; needed"), QStringLiteral("URL")};
    const QCommandLineOption m_apiKey{QStringLiteral("api-key"),
        QStringLiteral("The API key to call with. The environment variable TIDELINE_API_KEY does not show in process lists; "
                       "TIDELINE_TOKEN has the token of a user instead, and goes before it"), QStringLiteral("KEY")};
    const QCommandLineOption m_certificate{QStringLiteral("trust"),
        QStringLiteral("Trust this certificate, too, as of a server started with --self-signed (PEM)"), QStringLiteral("FILE")};
};

/*
    An AppSync-speaking backend over HTTP. Errors are retryable when asking again may help, Unauthorized when the credentials
    are refused, Rejected when the request is; an answer is the whole GraphQL response, errors included.
*/
class Endpoint : public QObject
{
    Q_OBJECT

public:
    explicit Endpoint(EndpointOptions options);
    ~Endpoint() override;

    [[nodiscard]] const EndpointOptions &options() const { return m_options; }

    void post(const QString &query, const QJsonObject &variables, std::function<void(const Result<QJsonObject> &)> done);

    // Runs an event loop until there is an answer; what may be retried is, with growing pauses, until interrupt().
    [[nodiscard]] Result<QJsonObject> ask(const QString &query, const QJsonObject &variables);
    void interrupt();                                   // a request under way is still answered
    [[nodiscard]] bool isInterrupted() const { return m_interrupted; }

private:
    [[nodiscard]] Result<QJsonObject> askOnce(const QString &query, const QJsonObject &variables);
    void pause(int milliseconds);

    const EndpointOptions m_options;
    QNetworkAccessManager m_network;
    QEventLoop *m_pausing = nullptr;
    bool m_interrupted = false;
};

// What a response's errors say, on one line; empty: it has none.
[[nodiscard]] QString errorText(const QJsonObject &response);

} // namespace Tideline::Tools
