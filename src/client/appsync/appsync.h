// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/credentials.h"
#include "client/sync/backend.h"

#include <QtCore/QPointer>
#include <QtCore/QUrl>

namespace Tideline {

class TIDELINE_EXPORT AppSync : public Tideline::Backend
{
    Q_OBJECT
    Q_PROPERTY(QUrl url READ url WRITE setUrl NOTIFY urlChanged FINAL)
    Q_PROPERTY(Tideline::Credentials *auth READ auth WRITE setAuth NOTIFY authChanged FINAL)

public:
    explicit AppSync(QObject *parent = nullptr);
    ~AppSync() override;

    [[nodiscard]] QUrl url() const;
    void setUrl(const QUrl &url);
    [[nodiscard]] Credentials *auth() const;
    void setAuth(Credentials *auth);                // not owned

    [[nodiscard]] QList<Credentials *> auths() const;
    void setAuths(const QList<Credentials *> &auths);       // not owned

    [[nodiscard]] Result<TransportFactory> transportFactory() const override;
    [[nodiscard]] Verdict verdict(const Intention &intention) const override;

Q_SIGNALS:
    void urlChanged();
    void authChanged();
    void authsChanged();

private:
    [[nodiscard]] QList<Credentials *> all() const;
    void watch(Credentials *credentials);
    void unwatch(Credentials *credentials);

    QUrl m_url;
    QPointer<Credentials> m_auth;
    QList<QPointer<Credentials>> m_auths;
};

} // namespace Tideline
