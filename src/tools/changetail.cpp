// SPDX-License-Identifier: MIT
#include "tools/changetail.h"

#include "core/data/record.h"
#include "core/schema/appsyncschema.h"

#include <QtCore/QJsonArray>
#include <QtCore/QRandomGenerator>

#include <algorithm>
#include <chrono>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int PageSize = 1000;
constexpr auto FirstPause = 500ms;
constexpr int MostDoublings = 6;                // 32 s
constexpr auto RefreshInterval = 10min;         // well below the age at which a delta sync becomes a base sync
constexpr qint64 Overlap = 60'000;              // ms that a change may be late

QString keyOf(const ModelType &model, const QJsonObject &record)
{
    std::vector<Value> parts;
    for (const int field : model.primaryKey)
        parts.push_back(Value::fromJson(record.value(model.fields[size_t(field)].name)));
    return keyFromParts(parts);
}

} // namespace

ChangeTail::ChangeTail(const Schema &schema, const QList<std::shared_ptr<const ModelType>> &models, const EndpointOptions &options)
    : m_endpoint(options)
{
    for (const std::shared_ptr<const ModelType> &model : models)
        m_followed.push_back({ModelDocuments(schema, model)});
    m_retry.setSingleShot(true);
    m_refresh.setInterval(RefreshInterval);
    connect(&m_retry, &QTimer::timeout, this, &ChangeTail::connectLine);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (!m_syncing)
            syncAll();
    });
}

void ChangeTail::start()
{
    connectLine();
}

void ChangeTail::connectLine()
{
    ++m_attempt;
    m_announced = false;
    QList<GraphQLDocument> subscriptions;
    m_subscribed.clear();
    for (size_t i = 0; i < m_followed.size(); ++i) {
        const OperationNames names = operationNames(m_followed[i].documents.model());
        for (const QString &field : {names.onCreate, names.onUpdate, names.onDelete}) {
            if (field.isEmpty())
                continue;
            subscriptions.append(m_followed[i].documents.subscription(field));
            m_subscribed.push_back(i);
        }
    }
    if (subscriptions.isEmpty())
        return Q_EMIT failed(u"the models have no subscriptions"_s);
    m_line = std::make_unique<LiveSocket>(m_endpoint.options());
    connect(m_line.get(), &LiveSocket::established, this, &ChangeTail::syncAll);
    connect(m_line.get(), &LiveSocket::refused, this, [this](qsizetype subscription, const QString &reason) {
        Q_EMIT refused(m_followed[m_subscribed[size_t(subscription)]].documents.model().name, reason);
    });
    connect(m_line.get(), &LiveSocket::received, this, [this](qsizetype subscription, const QJsonObject &data) {
        if (data.begin() != data.end())
            hear(m_subscribed[size_t(subscription)], data.begin()->toObject());
    });
    connect(m_line.get(), &LiveSocket::lost, this, &ChangeTail::lineLost, Qt::QueuedConnection);    // it is in its own call
    m_line->open(subscriptions);
}

void ChangeTail::lineLost(const Error &error)
{
    if (!m_line || m_retry.isActive())
        return;
    m_line.reset();
    ++m_attempt;
    m_refresh.stop();
    m_syncing = false;
    m_held.clear();                     // the next sync has them
    if (error.code() == Error::Code::Unauthorized)
        return Q_EMIT failed(error.message());
    const int doublings = std::min(m_failures++, MostDoublings);
    const qint64 pause = (FirstPause.count() << doublings) + QRandomGenerator::global()->bounded(250);
    m_retry.start(int(pause));
    Q_EMIT disconnected(error.message(), pause);
}

void ChangeTail::syncAll()
{
    m_syncing = true;
    sync(0, {}, m_followed[0].lastSync);
}

// The first sync only asks what time it is there.
void ChangeTail::sync(size_t number, const QString &nextToken, qint64 since)
{
    const Followed &followed = m_followed[number];
    const GraphQLDocument document = followed.documents.sync(since == 0 ? 1 : PageSize, nextToken, since);
    m_endpoint.post(document.query, document.variables, [this, number, since, attempt = m_attempt](const Result<QJsonObject> &answer) {
        if (attempt != m_attempt)
            return;
        if (!answer)
            return syncFailed(answer.error());
        const QJsonObject page = answer->value("data"_L1)["page"_L1].toObject();
        if (page.isEmpty())
            return syncFailed(Error(Error::Code::Unauthorized, errorText(*answer)));
        synced(number, page, since);
    });
}

void ChangeTail::syncFailed(const Error &error)
{
    if (error.isRetryable())
        lineLost(error);
    else
        Q_EMIT failed(error.message());
}

void ChangeTail::synced(size_t number, const QJsonObject &page, qint64 since)
{
    Followed &followed = m_followed[number];
    for (const QJsonValue &item : page.value("items"_L1).toArray()) {
        if (since > 0 && item["_lastChangedAt"_L1].toInteger() >= since)        // a base sync has older ones, too
            show(followed, item.toObject());
    }
    const QString nextToken = page.value("nextToken"_L1).toString();
    if (since > 0 && !nextToken.isEmpty())
        return sync(number, nextToken, since);
    followed.lastSync = page.value("startedAt"_L1).toInteger();
    followed.seen.removeIf([&](const auto &entry) { return entry.value().changedAt < followed.lastSync - Overlap; });
    if (number + 1 < m_followed.size())
        return sync(number + 1, {}, m_followed[number + 1].lastSync);
    m_syncing = false;
    m_failures = 0;
    for (const auto &[held, record] : std::exchange(m_held, {}))
        show(m_followed[held], record);
    m_refresh.start();
    if (!std::exchange(m_announced, true))
        Q_EMIT connected();
}

void ChangeTail::hear(size_t number, const QJsonObject &record)
{
    if (record.isEmpty())
        return;
    if (m_syncing || !m_announced)
        m_held.append({number, record});
    else
        show(m_followed[number], record);
}

void ChangeTail::show(Followed &followed, const QJsonObject &record)
{
    const qint64 version = record.value("_version"_L1).toInteger();
    Seen &seen = followed.seen[keyOf(followed.documents.model(), record)];
    if (version <= seen.version)
        return;
    seen = {version, record.value("_lastChangedAt"_L1).toInteger()};
    Q_EMIT changed(followed.documents.model(), record);
}

} // namespace Tideline::Tools
