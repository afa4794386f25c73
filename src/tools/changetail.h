// SPDX-License-Identifier: MIT
#pragma once

#include "tools/livesocket.h"

#include <QtCore/QHash>

namespace Tideline::Tools {

/*
    Follows the changes of models at an endpoint: subscriptions for what happens, and a delta sync whenever the line was
    down, and every few minutes for what the line lost. Each state of a record that is heard of comes once and in
    the order of its versions; states in between, while the line was down, may be left out.
*/
class ChangeTail : public QObject
{
    Q_OBJECT

public:
    ChangeTail(const Schema &schema, const QList<std::shared_ptr<const ModelType>> &models, const EndpointOptions &options);

    void start();

Q_SIGNALS:
    void connected();                                               // from here on nothing is missed
    void disconnected(const QString &reason, qint64 nextTry);       // ms until then
    void refused(const QString &model, const QString &reason);
    void changed(const Tideline::ModelType &model, const QJsonObject &record);
    void failed(const QString &reason);                             // last; trying again would not help

private:
    struct Seen { qint64 version = 0; qint64 changedAt = 0; };
    struct Followed
    {
        ModelDocuments documents;
        qint64 lastSync = 0;            // ms; 0: it was never synced
        QHash<QString, Seen> seen = {}; // by key, of changes since lastSync and a little before
    };

    void connectLine();
    void lineLost(const Error &error);
    void syncAll();
    void sync(size_t number, const QString &nextToken, qint64 since);
    void synced(size_t number, const QJsonObject &page, qint64 since);
    void syncFailed(const Error &error);
    void hear(size_t number, const QJsonObject &record);
    void show(Followed &followed, const QJsonObject &record);

    Endpoint m_endpoint;
    std::vector<Followed> m_followed;
    std::vector<size_t> m_subscribed;   // which of m_followed a subscription is of
    std::unique_ptr<LiveSocket> m_line;
    QTimer m_retry;
    QTimer m_refresh;
    QList<std::pair<size_t, QJsonObject>> m_held;   // heard while syncing
    bool m_syncing = false;
    bool m_announced = false;           // since the line is up
    int m_failures = 0;
    int m_attempt = 0;                  // answers to an earlier one are ignored
};

} // namespace Tideline::Tools
