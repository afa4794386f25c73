// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkAccessManager>

namespace TidelineBench {

/* The least program that speaks to the server: one request, its answer, the next. */
class RawClient
{
public:
    explicit RawClient(const QUrl &url) : m_url(url) { }

    /*! Ends the program when the answer has errors. */
    QJsonObject execute(const QString &query, const QJsonObject &variables = {});

private:
    QUrl m_url;
    QNetworkAccessManager m_network;
};

} // namespace TidelineBench
