// SPDX-License-Identifier: MIT
#include "client/sync/modeldownload_p.h"

#include "client/sync/synctext_p.h"
#include "client/sync/transport.h"

#include <QtCore/QJsonDocument>

namespace Tideline {

using namespace Qt::StringLiterals;

constexpr int failuresBeforeOthersGoOn = 3;
constexpr int rowsPerStep = 500;        // of a sweep

ModelDownload::ModelDownload(std::shared_ptr<const SyncContext> context, Transport &transport,
                             std::shared_ptr<const ModelType> model, const SyncProgress &progress, Callbacks callbacks)
    : m_context(std::move(context)), m_transport(transport), m_model(std::move(model)),
      m_scope(m_context->options.scopes.value(m_model->name)), m_progress(progress), m_callbacks(std::move(callbacks)),
      m_backoff(m_context->backoff()), m_deadline(m_context->scheduler), m_retry(m_context->scheduler)
{
    if (m_scope != Predicate())
        m_expression = QString::fromUtf8(QJsonDocument(m_scope.toJson()).toJson(QJsonDocument::Compact));
}

void ModelDownload::cut()
{
    m_alive.reset();
    m_deadline.cancel();
    m_retry.cancel();
}

void ModelDownload::fail(const Error &error)
{
    cut();
    m_callbacks.failed(error);
}

void ModelDownload::start()
{
    m_resumed = !m_progress.nextToken.isEmpty() && m_progress.expression == m_expression;
    begin();
}

void ModelDownload::begin()
{
    m_full = m_resumed ? m_progress.full
                       : m_progress.needsFullSync(m_expression, m_context->scheduler.now(), m_context->options.fullSyncInterval);
    m_token = m_resumed ? m_progress.nextToken : QString();
    m_startedAt = m_resumed ? m_progress.startedAt : 0;
    m_counts = {};
    m_seen.clear();
    request();
}

void ModelDownload::skipWait()
{
    if (!m_retry.isActive())
        return;
    m_retry.cancel();
    request();
}

void ModelDownload::request()
{
    SyncRequest request;
    request.model = m_model;
    request.lastSync = m_full ? 0 : m_progress.lastSync;
    request.nextToken = m_token;
    request.limit = m_context->options.pageSize;
    request.filter = m_scope;
    m_requesting = true;
    m_deadline.start(SyncContext::requestDeadline, [this] {
        fail(Error(Error::Code::Timeout, SyncText::tr("The backend did not answer a sync query of %1 in time.").arg(m_model->name)));
    });
    m_transport.sync(request, [this, alive = std::weak_ptr<int>(m_alive)](Result<SyncPage> page) {
        if (!alive.expired())
            answered(std::move(page));
    });
}

void ModelDownload::answered(Result<SyncPage> page)
{
    m_requesting = false;
    m_deadline.cancel();
    if (!page) {
        pageFailed(page.error());
        return;
    }
    m_backoff.reset();
    m_page = std::move(page).value();
    if (!m_merging)
        mergeNext();
}

/*
    A token that the backend no longer takes must not stop the model for ever: the sync begins anew.
    Other failures are retried here; the line's end the session.
*/
void ModelDownload::pageFailed(const Error &error)
{
    if (isOfTheLine(error)) {
        fail(error);
        return;
    }
    const bool tokenRefused = !m_token.isEmpty() && !error.isRetryable() && error.code() != Error::Code::Unauthorized;
    if (tokenRefused && !m_merging) {
        m_resumed = false;
        m_progress.nextToken.clear();
        m_token.clear();
    }
    m_context->events->fault((error.model().isEmpty() ? error.withModel(m_model->name) : error).inPhase(Error::Phase::Sync));
    const qint64 cap = mayHealByItself(error) ? m_context->options.lineCap : m_context->options.backoffCap;
    m_retry.start(m_context->patience(m_backoff.next(m_context->scheduler, cap)), [this, tokenRefused] { tokenRefused ? begin() : request(); });
    const bool hopeless = error.code() == Error::Code::Unauthorized || m_backoff.failures() >= failuresBeforeOthersGoOn;
    if (hopeless && !m_settled) {
        m_settled = true;
        m_callbacks.settled(false, error);
    }
}

/* Puts the page that arrived on its way into the store and asks for the next one meanwhile. */
void ModelDownload::mergeNext()
{
    const auto page = std::make_shared<const SyncPage>(std::move(*m_page));
    m_page.reset();
    if (m_startedAt == 0)
        m_startedAt = page->startedAt;
    const bool last = page->nextToken.isEmpty();
    SyncProgress progress = m_progress;
    progress.expression = m_expression;
    progress.nextToken = page->nextToken;
    progress.startedAt = m_startedAt;
    progress.full = m_full;
    if (last) {
        progress.lastSync = m_startedAt;
        if (m_full)
            progress.lastFullSync = m_context->scheduler.now();
    } else if (progress.expression != m_progress.expression) {
        progress.lastSync = 0;                      // belongs to the earlier scope
    }
    if (m_full && !m_resumed) {
        for (const RemoteItem &item : page->items)
            m_seen.insert(qHash(item.key()));
    }
    m_merging = true;
    m_context->store->write<Merger::Outcome>(
        m_alive,
        [page, progress, model = m_model->name, rules = m_context->rules](WriteTransaction &transaction) -> Result<Merger::Outcome> {
            Result<Merger::Outcome> outcome = Merger(transaction, rules).merge(page->items, model);
            if (!outcome)
                return outcome;
            const Result<void> stored = transaction.setSetting(SyncProgress::setting(model), progress.toText());
            return stored ? outcome : Result<Merger::Outcome>(stored.error());
        },
        [this, progress, last](const Result<Merger::Outcome> &outcome) {
            m_merging = false;
            if (!outcome) {
                fail(outcome.error());
                return;
            }
            m_progress = progress;
            merged(*outcome, last);
        });
    m_token = page->nextToken;
    if (!last)
        request();
}

void ModelDownload::merged(const Merger::Outcome &outcome, bool last)
{
    m_counts.added += outcome.counts.added;
    m_counts.updated += outcome.counts.updated;
    m_counts.deleted += outcome.counts.deleted;
    m_context->events->outboxMutationsArrived(outcome.arrived);
    for (const Error &problem : outcome.problems)
        m_context->events->nonApplicableDataReceived(m_model->name, problem);
    if (last && m_full && !m_resumed)
        findVanished();
    else if (last)
        finished();
    else if (m_page)
        mergeNext();
}

/*
    The backend forgets what was deleted long ago. After a complete base sync a row that it did not
    send is gone there, unless it was changed since the sync began. Found by a reader, dropped by the
    writer in small steps.
*/
void ModelDownload::findVanished()
{
    m_context->store->read<QStringList>(
        m_alive,
        [model = m_model, seen = m_seen, startedAt = m_startedAt](ReadTransaction &transaction) {
            return Merger::vanished(transaction, model, seen, startedAt);
        },
        [this](const Result<QStringList> &keys) {
            if (keys)
                sweep(*keys);
            else
                fail(keys.error());
        });
}

void ModelDownload::sweep(const QStringList &keys)
{
    if (keys.isEmpty()) {
        finished();
        return;
    }
    m_context->store->write<int>(
        m_alive,
        [model = m_model, step = keys.mid(0, rowsPerStep), startedAt = m_startedAt, rules = m_context->rules](WriteTransaction &transaction) {
            return Merger(transaction, rules).dropVanished(model, step, startedAt);
        },
        [this, rest = keys.mid(rowsPerStep)](const Result<int> &dropped) {
            if (!dropped) {
                fail(dropped.error());
                return;
            }
            m_counts.deleted += *dropped;
            sweep(rest);
        });
}

void ModelDownload::finished()
{
    m_seen.clear();
    m_context->events->works(Error::Phase::Sync, m_model->name);
    m_context->events->modelSynced(m_model->name, m_full, m_counts);
    if (!m_settled) {
        m_settled = true;
        m_callbacks.settled(true, {});
    }
}

} // namespace Tideline
