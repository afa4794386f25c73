// SPDX-License-Identifier: MIT
#include "client/sync/session_p.h"

#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;

Session::Session(std::shared_ptr<const SyncContext> context, std::unique_ptr<Transport> transport, Callbacks callbacks)
    : m_context(std::move(context)), m_callbacks(std::move(callbacks)), m_transport(std::move(transport)),
      m_inbox(m_context, {.lanesChanged = [this] { wake(); }, .failed = [this](const Error &error) { end(Concern::Sync, error); }}),
      m_uploader(m_context, *m_transport,
                 {.answered = [this] { m_callbacks.succeeded(Concern::Upload); },
                  .failed = [this](const Error &error) { end(Concern::Upload, error); }}),
      m_realtimeDeadline(m_context->scheduler), m_nextSync(m_context->scheduler), m_rescope(m_context->scheduler)
{
}

Session::~Session()
{
    cut();
}

void Session::start()
{
    m_realtimeDeadline.start(SyncContext::realtimeDeadline, [this] {
        end(Concern::Connection, Error(Error::Code::Timeout, SyncText::tr("The backend's subscriptions were not there in time.")));
    });
    QList<std::shared_ptr<const ModelType>> models;
    const QList<Dependencies::Step> steps = m_context->steps();
    for (const Dependencies::Step &step : steps) {
        models.append(step.model);
        m_subscribed.insert(step.model->name);
    }
    m_transport->setAccount(m_context->options.account);
    m_transport->setHeartbeat(m_context->options.heartbeat);
    m_transport->openRealtime(models, this);
}

void Session::cut()
{
    if (m_ended)
        return;
    m_ended = true;
    m_alive.reset();
    m_realtimeDeadline.cancel();
    m_nextSync.cancel();
    m_rescope.cancel();
    m_inbox.cut();
    m_uploader.cut();
    if (m_downloader)
        m_downloader->cut();
    m_transport->closeRealtime();
}

void Session::end(Concern concern, const Error &error)
{
    if (m_ended)
        return;
    cut();
    m_callbacks.ended(concern, error);
}

void Session::realtimeEstablished()
{
    if (m_ended)
        return;
    if (std::exchange(m_established, true))
        return syncNow();
    m_realtimeDeadline.cancel();
    m_callbacks.succeeded(Concern::Connection);
    m_callbacks.stateChanged(EngineState::Syncing);
    m_context->events->subscriptionsEstablished();
    sync();
}

void Session::realtimeRefused(const QString &model, const Error &error)
{
    if (!m_ended)
        m_context->events->fault((error.model().isEmpty() ? error.withModel(model) : error).inPhase(Error::Phase::Subscribe));
}

void Session::realtimeLost(const Error &error)
{
    end(Concern::Connection, error);
}

void Session::recordReceived(const RemoteItem &item)
{
    if (!m_uploader.takesEcho(item))
        m_inbox.receive(item);
}

void Session::waitAsked(qint64 milliseconds)
{
    *m_context->notBefore = m_context->scheduler.monotonic() + milliseconds;
}

void Session::credentialsJudged(const Error &error)
{
    if (m_ended || (!error.isError() && !m_needsCredentials))
        return;
    m_needsCredentials = error.isError();
    m_callbacks.credentialsJudged(error);
}

void Session::sync()
{
    m_syncing = true;
    if (m_downloader)
        m_downloader->cut();
    m_previous = std::move(m_downloader);
    m_downloader = std::make_unique<Downloader>(
        m_context, *m_transport, m_unsynced, m_level,
        Downloader::Callbacks{.synced = [this](const QString &model) { modelSynced(model); },
                              .ready = [this] { synced(); },
                              .failed = [this](const Error &error) { end(Concern::Sync, error); }});
    m_downloader->start();
}

void Session::modelSynced(const QString &model)
{
    m_level.insert(model);
    wake();
}

void Session::synced()
{
    m_syncing = false;
    m_unsynced.clear();
    m_inbox.hold({});
    m_context->events->works(Error::Phase::Sync);
    m_context->events->syncQueriesReady();
    m_callbacks.succeeded(Concern::Sync);
    planSync();
    if (m_live) {
        m_uploader.wake();
        return;
    }
    m_live = true;
    m_inbox.open();             // before the uploader: what is known newer lies under the lanes that go out
    m_callbacks.stateChanged(EngineState::Live);
    m_uploader.wake();
}

/* Nothing that was asked for by another scope may be merged any more. What the cut sync was about is part of the next one, and so is
   what was never synced. */
void Session::scopesChanged(const QSet<QString> &models)
{
    constexpr qint64 seriesPause = 50;      // ms
    if (m_ended || !m_established)
        return;
    const bool all = !m_live || (m_syncing && m_unsynced.isEmpty());
    if (m_downloader)
        m_downloader->cut();
    m_unsynced += models;
    const QList<Dependencies::Step> steps = m_context->byPriority();
    for (const Dependencies::Step &step : steps) {
        if (all || !m_level.contains(step.model->name))
            m_unsynced.insert(step.model->name);
    }
    m_syncing = true;
    if (m_live)
        m_inbox.hold(m_unsynced);
    m_rescope.start(seriesPause, [this] { sync(); });
}

/* A backend may drop a message in silence; AppSync does so with large ones. */
void Session::planSync()
{
    constexpr qint64 longestTimer = 24 * 3600 * 1000;
    constexpr qint64 shortestTimer = 60 * 1000;
    const qint64 asked = std::min(m_context->options.syncInterval, m_context->options.fullSyncInterval);
    const qint64 interval = std::clamp(asked, shortestTimer, longestTimer);
    const qint64 jitter = qint64(m_context->scheduler.random() % quint64(interval / 4));
    m_nextSync.start(interval - jitter, [this] {
        if (!m_syncing)
            sync();
    });
}

void Session::wake()
{
    if (m_live)
        m_uploader.wake();
}

void Session::credentialsChanged(bool wereAskedFor)
{
    m_needsCredentials = m_needsCredentials && wereAskedFor;
    if (!m_ended && m_downloader)
        m_downloader->skipWaits();
    if (m_live)
        m_uploader.skipWaits();
}

void Session::syncNow()
{
    if (m_ended)
        return;
    if (m_syncing)
        m_downloader->skipWaits();
    else if (m_live)
        sync();
    if (m_live)
        m_uploader.skipWaits();
}

void Session::check()
{
    if (!m_ended)
        m_transport->checkRealtime();
}

void Session::describe(EngineStatus &status, qint64 toEpoch) const
{
    m_uploader.describe(status, toEpoch);
}

} // namespace Tideline
