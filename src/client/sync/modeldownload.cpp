// SPDX-License-Identifier: MIT
#include "client/sync/modeldownload_p.h"

#include "client/sync/synctext_p.h"
#include "client/sync/transport.h"

namespace Tideline {

using namespace Qt::StringLiterals;

constexpr int failuresBeforeOthersGoOn = 3;
constexpr int rowsPerStep = 500;        // that a sweep or an eviction takes away

ModelDownload::ModelDownload(std::shared_ptr<const SyncContext> context, Transport &transport,
                             std::shared_ptr<const ModelType> model, const SyncProgress &progress, bool level, Callbacks callbacks)
    : m_context(std::move(context)), m_transport(transport), m_model(std::move(model)),
      m_scope(m_context->scopes->predicates.value(m_model->name)), m_expression(SyncProgress::expressionOf(m_scope)),
      m_progress(progress), m_callbacks(std::move(callbacks)), m_level(level), m_backoff(m_context->backoff()), m_deadline(m_context->scheduler), m_retry(m_context->scheduler)
{
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
    const bool unwanted = m_scope.kind() == Predicate::Kind::None;
    const bool mayHaveOthers = !m_expression.isEmpty() && !m_progress.isLevelWith(m_expression);
    if (unwanted || mayHaveOthers)
        evict(0, 0);
    else
        begin();
}

/* Rows that wait for their mutations are passed over. When one of them went meanwhile, another may have been passed over
   with it: a round that dropped something behind such rows is followed by one more. */
void ModelDownload::evict(int offset, int dropped)
{
    m_context->store->write<Merger::Evicted>(
        m_alive,
        [model = m_model, scope = m_scope, offset](WriteTransaction &transaction) {
            return Merger::evict(transaction, model, scope, offset, rowsPerStep);
        },
        [this, offset, dropped](const Result<Merger::Evicted> &step) {
            if (!step) {
                fail(step.error());
                return;
            }
            m_counts.deleted += step->dropped;
            const int kept = offset + step->read - step->dropped;
            if (step->read == rowsPerStep)
                evict(kept, dropped + step->dropped);
            else if (kept > 0 && dropped + step->dropped > 0)
                evict(0, 0);
            else if (m_scope.kind() == Predicate::Kind::None)
                forget();
            else
                begin();
        });
}

/* Nothing is wanted of the model, and nothing is here. */
void ModelDownload::forget()
{
    m_context->store->write<void>(
        m_alive,
        [model = m_model](WriteTransaction &transaction) {
            const Result<void> forgotten = transaction.forgetSeen(*model);
            return forgotten ? transaction.setSetting(SyncProgress::setting(model->name), {}) : forgotten;
        },
        [this](const Result<void> &forgotten) {
            if (!forgotten) {
                fail(forgotten.error());
                return;
            }
            m_settled = true;
            m_callbacks.settled(true, {});
        });
}

/*
    A filter hides from a delta sync what left the scope. So that asks for all changes; but one from longer ago than a backend
    keeps them is answered with all records, and a base sync with the filter is better.
*/
bool ModelDownload::isBaseSyncDue() const
{
    constexpr qint64 deltaReach = 25 * 60 * 1000;       // ms; AppSync keeps changes for 30 minutes unless told otherwise
    const qint64 now = m_context->scheduler.now();
    if (m_progress.needsFullSync(now, m_context->options.fullSyncInterval))
        return true;
    const bool deltaFollows = !m_level || m_progress.isLevelWith(m_expression);
    return deltaFollows && !m_expression.isEmpty() && m_progress.lastSync < now - deltaReach;
}

/* False: it cannot be said what is missing. */
bool ModelDownload::planDifference()
{
    const std::optional<Predicate> missing = m_progress.missing(m_scope, m_context->schema, m_model);
    if (missing)
        m_filter = *missing;
    return missing.has_value();
}

void ModelDownload::begin()
{
    const bool level = m_progress.isLevelWith(m_expression);
    if (level && m_progress.sweeps) {
        m_resumed = true;
        m_startedAt = m_progress.lastSync;
        sweep(0);
        return;
    }
    const bool baseSyncDue = isBaseSyncDue();
    m_resumed = !m_progress.nextToken.isEmpty() && (m_progress.adding.isEmpty() ? level : !level && m_progress.adding == m_expression);
    m_difference = !level && !baseSyncDue && planDifference();
    m_resumed = m_resumed && m_difference == !m_progress.adding.isEmpty();
    m_full = m_resumed ? m_progress.full : !m_difference && (baseSyncDue || !level);
    m_hadBase = m_hadBase || m_full;
    m_token = m_resumed ? m_progress.nextToken : QString();
    m_startedAt = m_resumed ? m_progress.startedAt : 0;
    m_first = !m_resumed;
    if (!m_difference)
        m_filter = m_full ? m_scope : Predicate();
    if (m_difference && m_filter.kind() == Predicate::Kind::None) {
        m_page = SyncPage();            // all of it is here
        mergeNext();
    } else {
        request();
    }
}

void ModelDownload::skipWait()
{
    if (!m_retry.isActive())
        return;
    m_retry.cancel();
    tryAgain();
}

void ModelDownload::tryAgain()
{
    std::exchange(m_beginsAnew, false) ? begin() : request();
}

int ModelDownload::pageSize() const
{
    return m_context->pageSizes->value(m_model->name, m_context->options.pageSize);
}

/* What does not come in one page, for its size or for the time that it takes, may in two. */
bool ModelDownload::askForFewer()
{
    const int half = pageSize() / 2;
    if (half > 0)
        m_context->pageSizes->insert(m_model->name, half);
    return half > 0;
}

void ModelDownload::request()
{
    SyncRequest request;
    request.model = m_model;
    request.lastSync = m_full || m_difference ? 0 : m_progress.lastSync;
    request.nextToken = m_token;
    request.limit = pageSize();
    request.filter = m_filter;
    m_requesting = true;
    m_deadline.start(SyncContext::requestDeadline, [this] {
        askForFewer();
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
    if (error.detail() == pageTooLarge && askForFewer())
        return request();
    const bool tokenRefused = !m_token.isEmpty() && !error.isRetryable() && error.code() != Error::Code::Unauthorized;
    if (tokenRefused && !m_merging) {
        m_counts = {};
        m_progress.nextToken.clear();
        m_token.clear();
    }
    m_context->events->fault((error.model().isEmpty() ? error.withModel(m_model->name) : error).inPhase(Error::Phase::Sync));
    const qint64 cap = mayHealByItself(error) ? m_context->options.lineCap : m_context->options.backoffCap;
    m_beginsAnew = tokenRefused;
    m_retry.start(m_context->patience(m_backoff.next(m_context->scheduler, cap)), [this] { tryAgain(); });
    const bool hopeless = error.code() == Error::Code::Unauthorized || m_backoff.failures() >= failuresBeforeOthersGoOn;
    if (hopeless && !m_settled) {
        m_settled = true;
        m_callbacks.settled(false, error);
    }
}

SyncProgress ModelDownload::progressAfter(const SyncPage &page) const
{
    const bool last = page.nextToken.isEmpty();
    SyncProgress progress = m_progress;
    progress.nextToken = page.nextToken;
    progress.startedAt = m_startedAt;
    progress.full = m_full;
    progress.sweeps = false;
    progress.adding = m_difference && !last ? m_expression : QString();
    if (m_difference && !last)
        return progress;
    progress.expression = m_expression;
    progress.narrowed.clear();
    if (m_difference)
        return progress;
    if (last) {
        progress.lastSync = m_startedAt;
        if (m_full)
            progress.lastFullSync = m_context->scheduler.now();
    } else if (!m_progress.isLevelWith(m_expression)) {
        progress.lastSync = 0;                      // belongs to the earlier scope
    }
    return progress;
}

namespace {

struct Merged
{
    Merger::Outcome outcome;
    SyncProgress progress;
};

} // namespace

static Result<void> noteSeen(WriteTransaction &transaction, const ModelType &model, const SyncPage &page, bool first)
{
    if (first) {
        if (const Result<void> begun = transaction.beginSeen(model); !begun)
            return begun;
    }
    QStringList keys;
    for (const RemoteItem &item : page.items)
        keys.append(item.key());
    return transaction.addSeen(model, keys);
}

static Result<Merged> mergePage(WriteTransaction &transaction, const ModelType &model, const SyncPage &page, SyncProgress progress,
                                bool first, const std::shared_ptr<const MergeRules> &rules)
{
    if (progress.full) {
        if (const Result<void> noted = noteSeen(transaction, model, page, first); !noted)
            return noted.error();
    }
    Result<Merger::Outcome> outcome = Merger(transaction, rules).merge(page.items, model.name);
    if (!outcome)
        return outcome.error();
    if (progress.full && page.nextToken.isEmpty()) {
        const Result<bool> sweeps = transaction.keepsSeen(model);
        if (!sweeps)
            return sweeps.error();
        progress.sweeps = *sweeps;
    }
    const Result<void> stored = transaction.setSetting(SyncProgress::setting(model.name), progress.toText());
    return stored ? Result<Merged>(Merged{std::move(outcome).value(), progress}) : Result<Merged>(stored.error());
}

/* Puts the page that arrived on its way into the store and asks for the next one meanwhile. */
void ModelDownload::mergeNext()
{
    const auto page = std::make_shared<const SyncPage>(std::move(*m_page));
    m_page.reset();
    if (m_startedAt == 0)
        m_startedAt = page->startedAt;
    const bool last = page->nextToken.isEmpty();
    m_merging = true;
    m_context->store->write<Merged>(
        m_alive,
        [page, progress = progressAfter(*page), first = std::exchange(m_first, false), model = m_model,
         rules = m_context->rules()](WriteTransaction &transaction) {
            return mergePage(transaction, *model, *page, progress, first, rules);
        },
        [this, last](const Result<Merged> &page) {
            m_merging = false;
            if (!page) {
                fail(page.error());
                return;
            }
            m_progress = page->progress;
            merged(page->outcome, last);
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
    if (last && m_progress.sweeps)
        sweep(0);
    else if (last)
        finished();
    else if (m_page)
        mergeNext();
}

/*
    The backend forgets what was deleted long ago. After a complete base sync a row that it did not
    send is gone there, unless it was changed since the sync began. Found by a reader, dropped by the
    writer in small steps. Another session may have fetched some of the pages, or left before this was done.
*/
void ModelDownload::sweep(qint64 afterRow)
{
    m_context->store->read<ReadTransaction::Unseen>(
        m_alive,
        [model = m_model, afterRow, startedAt = m_startedAt](ReadTransaction &transaction) {
            return transaction.unseen(*model, afterRow, startedAt);
        },
        [this](const Result<ReadTransaction::Unseen> &unseen) {
            if (unseen)
                drop(unseen->keys, unseen->lastRow);
            else
                fail(unseen.error());
        });
}

void ModelDownload::drop(const QStringList &keys, qint64 lastRow)
{
    if (keys.isEmpty()) {
        lastRow > 0 ? sweep(lastRow) : swept();
        return;
    }
    m_context->store->write<int>(
        m_alive,
        [model = m_model, step = keys.mid(0, rowsPerStep), startedAt = m_startedAt, rules = m_context->rules()](WriteTransaction &transaction) {
            return Merger(transaction, rules).dropVanished(model, step, startedAt);
        },
        [this, rest = keys.mid(rowsPerStep), lastRow](const Result<int> &dropped) {
            if (!dropped) {
                fail(dropped.error());
                return;
            }
            m_counts.deleted += *dropped;
            drop(rest, lastRow);
        });
}

void ModelDownload::swept()
{
    SyncProgress progress = m_progress;
    progress.sweeps = false;
    m_context->store->write<void>(
        m_alive,
        [model = m_model, progress](WriteTransaction &transaction) {
            const Result<void> forgotten = transaction.forgetSeen(*model);
            return forgotten ? transaction.setSetting(SyncProgress::setting(model->name), progress.toText()) : forgotten;
        },
        [this, progress](const Result<void> &stored) {
            if (!stored) {
                fail(stored.error());
                return;
            }
            m_progress = progress;
            finished();
        });
}

void ModelDownload::finished()
{
    if ((m_difference || m_resumed) && !m_level) {      // something came before the subscriptions did
        begin();
        return;
    }
    m_context->pageSizes->remove(m_model->name);
    m_context->events->works(Error::Phase::Sync, m_model->name);
    m_context->events->modelSynced(m_model->name, m_hadBase, m_counts);
    if (!m_settled) {
        m_settled = true;
        m_callbacks.settled(true, {});
    }
}

} // namespace Tideline
