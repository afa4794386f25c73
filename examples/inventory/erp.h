// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QMap>
#include <QtCore/QSet>
#include <QtNetwork/QTcpServer>

/*
    A stand-in for the system that orders new goods: the server's trigger tells it of every stock count, and it keeps how many
    pieces of a product are in a bin.

    An event may come again, when its answer was lost, and an old one after a newer one, when it was replayed: per count the highest
    sequence wins, so neither changes anything.
*/
class Erp
{
public:
    using Levels = QMap<std::pair<QString, QString>, qint64>;       // of product and bin

    explicit Erp(const QByteArray &secret);

    [[nodiscard]] bool listen(quint16 port);
    void close();                                   // whoever wants to tell something finds nobody
    void loseNextAnswer() { m_losesAnswer = true; }

    [[nodiscard]] Levels levels() const;
    [[nodiscard]] qsizetype eventCount() const { return m_known.size(); }
    [[nodiscard]] qsizetype retriedCount() const { return m_retried.size(); }   // that did not come with the first attempt
    [[nodiscard]] int refusedCount() const { return m_refused; }

private:
    struct Count
    {
        qint64 sequence = 0;
        std::pair<QString, QString> place;
        qint64 quantity = 0;
    };

    void read(QTcpSocket *socket);
    [[nodiscard]] bool isGenuine(const QByteArray &signature, const QByteArray &body) const;
    void take(const QJsonObject &event, int attempt);

    const QByteArray m_secret;
    QTcpServer m_server;
    QSet<QString> m_known, m_retried;               // ids of events
    QHash<QString, Count> m_counts;
    int m_refused = 0;
    bool m_losesAnswer = false;
};
