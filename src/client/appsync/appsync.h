// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/backend.h"

#include <QtCore/QPointer>
#include <QtCore/QUrl>

namespace Tideline {

/*! How requests prove who sends them. */
class TIDELINE_EXPORT Credentials : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    [[nodiscard]] virtual Result<QJsonObject> authorization(const QString &host) const = 0;   // the protocol's authorization object

Q_SIGNALS:
    void changed();
};

class TIDELINE_EXPORT ApiKey : public Tideline::Credentials
{
    Q_OBJECT
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)

public:
    using Credentials::Credentials;
    [[nodiscard]] QString key() const;
    void setKey(const QString &key);
    [[nodiscard]] Result<QJsonObject> authorization(const QString &host) const override;

Q_SIGNALS:
    void keyChanged();

private:
    QString m_key;
};

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

    [[nodiscard]] Result<TransportFactory> transportFactory() const override;

Q_SIGNALS:
    void urlChanged();
    void authChanged();

private:
    QUrl m_url;
    QPointer<Credentials> m_auth;
};

} // namespace Tideline
