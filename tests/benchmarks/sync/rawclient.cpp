// SPDX-License-Identifier: MIT
#include "rawclient.h"

#include "bench.h"

#include <QtNetwork/QNetworkReply>

namespace TidelineBench {

using namespace Qt::StringLiterals;

QJsonObject RawClient::execute(const QString &query, const QJsonObject &variables)
{
    QNetworkRequest request(m_url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("x-api-key", TidelineTest::TestServer::key().toUtf8());
    const QJsonObject body{{u"query"_s, query}, {u"variables"_s, variables}};
    QNetworkReply *reply = m_network.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
    waitFor([reply] { return reply->isFinished(); });
    const QByteArray text = reply->readAll();
    reply->deleteLater();
    const QJsonObject answer = QJsonDocument::fromJson(text).object();
    if (!answer.contains("data"_L1) || answer.contains("errors"_L1))
        qFatal("%s", text.constData());
    return answer["data"_L1].toObject();
}

} // namespace TidelineBench
