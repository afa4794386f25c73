// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "core/result.h"
#include "core/schema/schema.h"

#include <QtCore/QFuture>
#include <QtCore/QJsonObject>
#include <QtCore/QObject>

namespace Tideline {

class Authorizer;
struct AuthorizationRequest;
struct Secret;

/*! Who calls with some credentials, as far as the client can know: what verdicts are made of. */
struct Caller
{
    AuthRule::Provider provider = AuthRule::Provider::ApiKey;
    bool available = false;             // there is something to call with
    bool known = false;                 // claims are what the backend will see
    QJsonObject claims = {};
    std::optional<bool> guest = {};     // of IAM: did not sign in; nothing: unknown
};

/*! How requests prove who sends them. */
class TIDELINE_EXPORT Credentials : public QObject
{
    Q_OBJECT

public:
    ~Credentials() override;

    [[nodiscard]] std::shared_ptr<Authorizer> authorizer() const noexcept { return m_authorizer; }
    [[nodiscard]] virtual Caller caller() const = 0;
    void setScheduler(Scheduler *scheduler);        // of this thread, one that outlives this; for tests, before anything else

Q_SIGNALS:
    void changed();                                 // there are others: what waited for them goes on

protected:
    using Encode = std::function<QJsonObject(const Secret &, const AuthorizationRequest &, qint64 now)>;
    Credentials(AuthRule::Provider mode, Encode encode, QObject *parent);

private:
    EventLoopScheduler m_scheduler;
    std::shared_ptr<Authorizer> m_authorizer;       // shared with those that send
};

class TIDELINE_EXPORT ApiKey : public Tideline::Credentials
{
    Q_OBJECT
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)

public:
    explicit ApiKey(QObject *parent = nullptr);

    [[nodiscard]] QString key() const;
    void setKey(const QString &key);
    [[nodiscard]] Caller caller() const override;

Q_SIGNALS:
    void keyChanged();
};

struct AccessToken
{
    QString token;
    qint64 expiresAt = 0;               // ms since the epoch; 0: what the token itself says, else never
};

class TIDELINE_EXPORT TokenCredentials : public Tideline::Credentials
{
    Q_OBJECT
    Q_PROPERTY(Mode mode READ mode WRITE setMode NOTIFY modeChanged FINAL)
    Q_PROPERTY(QString token READ token WRITE setToken NOTIFY tokenChanged FINAL)
    Q_PROPERTY(int refreshBefore READ refreshBefore WRITE setRefreshBefore NOTIFY refreshBeforeChanged FINAL)

public:
    enum Mode { UserPools, Oidc };
    Q_ENUM(Mode)
    using Provider = std::function<QFuture<Result<AccessToken>>()>;

    explicit TokenCredentials(QObject *parent = nullptr);

    [[nodiscard]] Mode mode() const;
    void setMode(Mode mode);
    [[nodiscard]] QString token() const;
    void setToken(const QString &token);
    void setToken(const AccessToken &token);
    [[nodiscard]] int refreshBefore() const;
    void setRefreshBefore(int seconds);
    void setProvider(const Provider &provider);
    Q_INVOKABLE void refresh();
    [[nodiscard]] Caller caller() const override;

Q_SIGNALS:
    void modeChanged();
    void tokenChanged();
    void refreshBeforeChanged();

protected:
    TokenCredentials(AuthRule::Provider mode, QObject *parent);

private:
    int m_refreshBefore = 60;           // s
};

class TIDELINE_EXPORT FunctionToken : public Tideline::TokenCredentials
{
    Q_OBJECT

public:
    explicit FunctionToken(QObject *parent = nullptr);
    [[nodiscard]] Caller caller() const override;
};

struct IamKeys
{
    QString accessKeyId;
    QString secretAccessKey;
    QString sessionToken = {};          // empty: keys that last
    qint64 expiresAt = 0;               // ms since the epoch; 0: never
};

class TIDELINE_EXPORT IamCredentials : public Tideline::Credentials
{
    Q_OBJECT
    Q_PROPERTY(QString accessKeyId READ accessKeyId WRITE setAccessKeyId NOTIFY keysChanged FINAL)
    Q_PROPERTY(QString secretAccessKey READ secretAccessKey WRITE setSecretAccessKey NOTIFY keysChanged FINAL)
    Q_PROPERTY(QString sessionToken READ sessionToken WRITE setSessionToken NOTIFY keysChanged FINAL)
    Q_PROPERTY(QString region READ region WRITE setRegion NOTIFY regionChanged FINAL)

public:
    using Provider = std::function<QFuture<Result<IamKeys>>()>;

    explicit IamCredentials(QObject *parent = nullptr);

    [[nodiscard]] QString accessKeyId() const { return m_keys.accessKeyId; }
    void setAccessKeyId(const QString &id);
    [[nodiscard]] QString secretAccessKey() const { return m_keys.secretAccessKey; }
    void setSecretAccessKey(const QString &key);
    [[nodiscard]] QString sessionToken() const { return m_keys.sessionToken; }
    void setSessionToken(const QString &token);
    void setKeys(const IamKeys &keys);
    [[nodiscard]] QString region() const;
    void setRegion(const QString &region);
    void setProvider(const Provider &provider);
    void setGuest(std::optional<bool> guest);
    [[nodiscard]] Caller caller() const override;

Q_SIGNALS:
    void keysChanged();
    void regionChanged();

private:
    struct Region;
    IamCredentials(std::shared_ptr<Region> region, QObject *parent);

    std::shared_ptr<Region> m_region;   // shared with those that sign
    IamKeys m_keys;
    std::optional<bool> m_guest;
};

} // namespace Tideline
