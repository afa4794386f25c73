// SPDX-License-Identifier: MIT
#include "server/auth/networkfetcher.h"

#include <QtCore/QTimer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

#include <atomic>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

Error shuttingDown()
{
    return Error(Error::Code::Closed, u"The server is shutting down."_s);
}

// One request on its way; belongs to its reply and ends with it.
class Exchange final : public QObject
{
public:
    Exchange(QNetworkReply *reply, const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done)
        : QObject(reply), m_reply(reply), m_maxBytes(request.maxBytes), m_done(std::move(done))
    {
        connect(reply, &QNetworkReply::readyRead, this, [this] { read(); });
        connect(reply, &QNetworkReply::finished, this, [this] { finish(); });
        QTimer::singleShot(request.deadline, this, [this] { end(Error(Error::Code::Timeout, u"No answer came in time."_s)); });
    }

    ~Exchange() override { answer(shuttingDown()); }

private:
    void read()
    {
        m_body += m_reply->read(m_maxBytes + 1 - m_body.size());
        if (m_body.size() > m_maxBytes)
            end(Error(Error::Code::Network, u"The answer exceeds %1 bytes."_s.arg(m_maxBytes)));
    }

    void finish()
    {
        read();
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0 || m_reply->error() == QNetworkReply::RemoteHostClosedError)
            end(Error(Error::Code::Network, m_reply->errorString()));
        else
            end(FetchAnswer{status, m_body});
    }

    void end(Result<FetchAnswer> result)
    {
        disconnect(m_reply, nullptr, this, nullptr);
        m_reply->abort();
        m_reply->deleteLater();
        answer(std::move(result));
    }

    void answer(Result<FetchAnswer> result)
    {
        if (const auto done = std::exchange(m_done, nullptr))
            done(std::move(result));
    }

    QNetworkReply *const m_reply;
    const qsizetype m_maxBytes;
    std::function<void(Result<FetchAnswer>)> m_done;
    QByteArray m_body;
};

} // namespace

class NetworkFetcher::Worker
{
public:
    [[nodiscard]] bool hasEnded() const noexcept { return m_ended; }

    void begin(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done)
    {
        if (m_ended)
            return done(shuttingDown());
        if (!m_network)
            m_network = std::make_unique<QNetworkAccessManager>();
        QNetworkRequest asked(request.url);
        asked.setRawHeader("accept", "application/json");
        for (const auto &[name, value] : request.headers)
            asked.setRawHeader(name, value);
        // Whoever can redirect could choose whom to believe.
        asked.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
        asked.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
        asked.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
        asked.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        if (!request.body.isNull())
            asked.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        QNetworkReply *reply = request.body.isNull() ? m_network->get(asked) : m_network->post(asked, request.body);
        reply->setReadBufferSize(request.maxBytes + 1);
        new Exchange(reply, request, std::move(done));
    }

    void end()
    {
        m_ended = true;
        m_network.reset();
    }

private:
    std::atomic<bool> m_ended = false;
    std::unique_ptr<QNetworkAccessManager> m_network;       // made and destroyed in the thread
};

NetworkFetcher::NetworkFetcher() : m_worker(std::make_unique<Worker>()), m_thread(u"fetcher"_s)
{
}

NetworkFetcher::~NetworkFetcher()
{
    m_thread.post([worker = m_worker.get()] { worker->end(); });
}

/*! Sends \a request and gives the answer to \a done, in the fetcher's thread. Redirects are answers and not followed. */
void NetworkFetcher::fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done)
{
    if (m_worker->hasEnded())           // somebody who was told so asks again
        return done(shuttingDown());
    m_thread.post([worker = m_worker.get(), request, done = std::move(done)] { worker->begin(request, done); });
}

} // namespace Tideline::Server
