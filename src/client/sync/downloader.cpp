// SPDX-License-Identifier: MIT
#include "client/sync/downloader_p.h"

#include <algorithm>

namespace Tideline {

constexpr int modelsAtOnce = 8;

Downloader::Downloader(std::shared_ptr<const SyncContext> context, Transport &transport, const QSet<QString> &only,
                       const QSet<QString> &level, Callbacks callbacks)
    : m_context(std::move(context)), m_transport(transport), m_only(only), m_level(level), m_callbacks(std::move(callbacks))
{
}

void Downloader::cut()
{
    m_alive.reset();
    for (Model &model : m_models)
        model.download->cut();
}

void Downloader::fail(const Error &error)
{
    if (!m_alive)
        return;
    cut();
    m_callbacks.failed(error);
}

void Downloader::start()
{
    QStringList names;
    QStringList wanted;
    const QList<Dependencies::Step> steps = m_context->byPriority();
    for (const Dependencies::Step &step : steps) {
        if (!concerns(step.model->name))
            continue;
        names.append(step.model->name);
        if (m_context->isWanted(step.model->name))
            wanted.append(step.model->name);
    }
    m_context->events->syncQueriesStarted(wanted);
    m_context->events->progress(0);
    m_context->store->write<QHash<QString, SyncProgress>>(      // a reader might not see what an earlier sync still writes
        m_alive,
        [names](WriteTransaction &transaction) -> Result<QHash<QString, SyncProgress>> {
            QHash<QString, SyncProgress> progress;
            for (const QString &name : names) {
                const Result<QString> text = transaction.setting(SyncProgress::setting(name));
                if (!text)
                    return text.error();
                progress.insert(name, SyncProgress::fromText(*text));
            }
            return progress;
        },
        [this](const Result<QHash<QString, SyncProgress>> &progress) {
            if (progress)
                loaded(*progress);
            else
                fail(progress.error());
        });
}

void Downloader::loaded(const QHash<QString, SyncProgress> &progress)
{
    const QList<Dependencies::Step> steps = m_context->byPriority();
    for (const Dependencies::Step &step : steps) {
        const QString name = step.model->name;
        const bool nothingToTake = progress.value(name) == SyncProgress() || m_context->scopes->wrong.contains(name);
        if (!concerns(name) || (!m_context->isWanted(name) && nothingToTake))
            continue;
        const size_t index = m_models.size();
        ModelDownload::Callbacks callbacks{
            .settled = [this, index](bool synced, const Error &error) { settled(index, synced, error); },
            .failed = [this](const Error &error) { fail(error); },
        };
        Model model;
        model.download = std::make_unique<ModelDownload>(m_context, m_transport, step.model, progress.value(name),
                                                         m_level.contains(name), std::move(callbacks));
        model.after = step.after;
        m_models.push_back(std::move(model));
    }
    if (m_models.empty())
        m_callbacks.ready();
    else
        startWhatMay();
}

bool Downloader::mayStart(const Model &model) const
{
    return std::all_of(m_models.begin(), m_models.end(), [&model](const Model &other) {
        return other.settled || !model.after.contains(other.download->model()->name);
    });
}

void Downloader::startWhatMay()
{
    for (Model &model : m_models) {
        if (!m_alive || m_running >= modelsAtOnce)
            return;
        if (model.started || !mayStart(model))
            continue;
        model.started = true;
        ++m_running;
        model.download->start();
    }
}

void Downloader::settled(size_t index, bool synced, const Error &error)
{
    m_models[index].settled = true;
    --m_running;
    ++m_settled;
    m_admitted |= synced || error.detail() == ruleDenies;
    if (synced)
        m_callbacks.synced(m_models[index].download->model()->name);
    if (!synced)
        m_lastError = error;
    m_context->events->progress(double(m_settled) / double(m_models.size()));
    if (m_settled < int(m_models.size()))
        startWhatMay();
    else if (!m_admitted && m_lastError.code() == Error::Code::Unauthorized)
        fail(m_lastError);
    else
        m_callbacks.ready();
}

void Downloader::skipWaits()
{
    for (Model &model : m_models)
        model.download->skipWait();
}

} // namespace Tideline
