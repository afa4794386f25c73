// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/modeldownload_p.h"

namespace Tideline {

/*
    One sync of all model types: each after those it refers to, independent ones side by side. A model
    that fails holds up nothing: it is retried while the others go on.
*/
class Downloader
{
public:
    struct Callbacks
    {
        std::function<void(const QString &model)> synced;
        std::function<void()> ready;                        // once: every model is synced or goes on failing alone
        std::function<void(const Error &)> failed;          // the session must end; nothing comes after
    };

    Downloader(std::shared_ptr<const SyncContext> context, Transport &transport, const QSet<QString> &only, const QSet<QString> &level,
               Callbacks callbacks);
    Q_DISABLE_COPY_MOVE(Downloader)

    void start();
    void skipWaits();
    void cut();

private:
    struct Model
    {
        std::unique_ptr<ModelDownload> download;
        QStringList after;
        bool started = false;
        bool settled = false;
    };

    [[nodiscard]] bool concerns(const QString &model) const { return m_only.isEmpty() || m_only.contains(model); }
    void loaded(const QHash<QString, SyncProgress> &progress);
    void startWhatMay();
    [[nodiscard]] bool mayStart(const Model &model) const;
    void settled(size_t index, bool synced, const Error &error);
    void fail(const Error &error);

    std::shared_ptr<const SyncContext> m_context;
    Transport &m_transport;
    QSet<QString> m_only;               // these models; empty: all
    QSet<QString> m_level;              // models that need no delta sync after a difference
    Callbacks m_callbacks;
    std::vector<Model> m_models;        // in the order of their priority
    int m_settled = 0;
    bool m_admitted = false;            // some credentials are good: a model was synced, or the rules deny it
    int m_running = 0;
    Error m_lastError;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
