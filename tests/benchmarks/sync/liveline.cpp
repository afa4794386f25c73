// SPDX-License-Identifier: MIT
#include "bench.h"

#include "rawclient.h"

#include "client/live/livequery.h"

#include <QtCore/QJsonArray>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketHandshakeOptions>

#include <algorithm>

namespace TidelineBench {

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

constexpr int Changes = 300;
constexpr int Stored = 1000;
const QString Selection = u"id sku bin quantity note countedAt createdAt updatedAt _version _lastChangedAt _deleted"_s;

namespace {

struct Times
{
    std::vector<double> values;         // ms

    void add(const QElapsedTimer &timer) { values.push_back(double(timer.nsecsElapsed()) / 1e6); }
    [[nodiscard]] double at(double part)
    {
        std::sort(values.begin(), values.end());
        return values[size_t(double(values.size() - 1) * part)];
    }
};

/* A socket that is told of updates, and calls when one comes. */
class RawListener
{
public:
    RawListener(const QUrl &url, std::function<void()> updated)
    {
        QJsonObject authorization{{u"host"_s, u"%1:%2"_s.arg(url.host()).arg(url.port())}, {u"x-api-key"_s, TestServer::key()}};
        QObject::connect(&m_socket, &QWebSocket::connected, &m_socket, [this] { m_socket.sendTextMessage(u"{\"type\":\"connection_init\"}"_s); });
        QObject::connect(&m_socket, &QWebSocket::textMessageReceived, &m_socket, [this, authorization, updated](const QString &text) {
            const QString type = QJsonDocument::fromJson(text.toUtf8())["type"_L1].toString();
            if (type == "connection_ack"_L1)
                subscribe(authorization);
            else if (type == "start_ack"_L1)
                m_subscribed = true;
            else if (type == "data"_L1)
                updated();
        });
        QUrl realtime = url;
        realtime.setScheme(u"ws"_s);
        realtime.setPath(url.path() + u"/realtime"_s);
        const QByteArray header = QJsonDocument(authorization).toJson(QJsonDocument::Compact)
                                      .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({u"graphql-ws"_s, u"header-"_s + QString::fromLatin1(header)});
        m_socket.open(QNetworkRequest(realtime), options);
        waitFor([this] { return m_subscribed; });
    }

private:
    void subscribe(const QJsonObject &authorization)
    {
        const QJsonObject document{{u"query"_s, u"subscription { onUpdateStockCount { "_s + Selection + u" } }"_s}};
        const QJsonObject payload{{u"data"_s, QString::fromUtf8(QJsonDocument(document).toJson(QJsonDocument::Compact))},
                                  {u"extensions"_s, QJsonObject{{u"authorization"_s, authorization}}}};
        const QJsonObject start{{u"id"_s, u"1"_s}, {u"type"_s, u"start"_s}, {u"payload"_s, payload}};
        m_socket.sendTextMessage(QString::fromUtf8(QJsonDocument(start).toJson(QJsonDocument::Compact)));
    }

    QWebSocket m_socket;
    bool m_subscribed = false;
};

/* From the request's being posted to the message on the socket. */
Times rawChanges(const QUrl &url)
{
    Times times;
    QElapsedTimer timer;
    const RawListener listener(url, [&] { times.add(timer); });
    RawClient client(url);
    const QString mutation = u"mutation ($i: UpdateStockCountInput!) { updateStockCount(input: $i) { "_s + Selection + u" } }"_s;
    for (int i = 0; i < Changes; ++i) {
        timer.start();
        client.execute(mutation, {{u"i"_s, QJsonObject{{u"id"_s, u"r%1"_s.arg(i)}, {u"quantity"_s, 200'000 + i}, {u"_version"_s, 1}}}});
        waitFor([&] { return times.values.size() > size_t(i); });
    }
    return times;
}

/* From save() on A to the row of B's live model. */
Times ownChanges(const QUrl &url, const QTemporaryDir &folder)
{
    const Schema schema = stockSchema();
    Device a(schema, folder.filePath(u"a.sqlite"_s), url);
    Device b(schema, folder.filePath(u"b.sqlite"_s), url);
    waitFor([&] { return a.isLevel() && b.isLevel(); });
    LiveQuery list(&b.store);
    list.setType(u"StockCount"_s);
    list.setSort({u"sku"_s});
    waitFor([&list] { return list.count() == Stored; });
    bool shown = false;
    QObject::connect(&list, &LiveQuery::dataChanged, &list, [&shown] { shown = true; });
    const auto model = schema.model(u"StockCount"_s);
    Times times;
    for (int i = 0; i < Changes; ++i) {
        shown = false;
        Draft draft(model);
        draft.set(model->fieldIndex(u"id"), u"r%1"_s.arg(Changes + i));
        draft.set(model->fieldIndex(u"quantity"), 100'000 + i);
        QElapsedTimer timer;
        timer.start();
        (void)a.store.save(draft);
        waitFor([&shown] { return shown; });
        times.add(timer);
        waitFor([&a] { return a.store.outboxCount() == 0; });
    }
    return times;
}

} // namespace

void liveChanges(const QTemporaryDir &folder)
{
    TestServer server(stockSchema(), folder.filePath(u"live.sqlite"_s));
    fillStock(server, Stored);
    Times raw = rawChanges(server.url());
    Times own = ownChanges(server.url(), folder);
    row("change on A shown by B's live model, median", own.at(0.5), "ms", u"3"_s, u"raw %1 ms"_s.arg(raw.at(0.5), 0, 'f', 2));
    row("  95th percentile", own.at(0.95), "ms", {}, u"raw %1 ms"_s.arg(raw.at(0.95), 0, 'f', 2));
}

} // namespace TidelineBench
