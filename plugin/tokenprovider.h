// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/credentials.h"

#include <QtCore/QPromise>
#include <QtQml/QJSValue>

namespace Tideline {

/*! What a JavaScript function was asked for: settled by what it returns, or by the promise that it returns. */
class TokenAnswer : public QObject
{
    Q_OBJECT

public:
    TokenAnswer() { m_promise.start(); }
    ~TokenAnswer() override;

    [[nodiscard]] QFuture<Result<AccessToken>> future() { return m_promise.future(); }
    void take(QJSEngine *engine, const QJSValue &given);
    void finish(const Result<AccessToken> &token);

    Q_INVOKABLE void resolved(const QJSValue &value);
    Q_INVOKABLE void rejected(const QJSValue &reason);

private:
    QPromise<Result<AccessToken>> m_promise;
    bool m_done = false;
};

/*! \a value of a provider as a token: a text, {token, expiresAt}, or null when nobody is signed in. */
[[nodiscard]] Result<AccessToken> tokenFromJs(const QJSValue &value);

/*! Asks a JavaScript function for tokens; of one owner, in the engine's thread. */
class TokenProvider
{
public:
    explicit TokenProvider(TokenCredentials *owner) : m_owner(owner) { }

    [[nodiscard]] QJSValue function() const { return m_function; }
    [[nodiscard]] bool set(const QJSValue &function);           // whether it is another one

private:
    [[nodiscard]] QFuture<Result<AccessToken>> ask();

    TokenCredentials *m_owner;
    QJSValue m_function;
    std::unique_ptr<TokenAnswer> m_answer;                      // the latest: who asks again no longer waits for the one before
};

} // namespace Tideline
