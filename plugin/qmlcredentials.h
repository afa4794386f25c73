// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "plugin/tokenprovider.h"

#include <QtQml/QQmlListProperty>
#include <QtQml/qqml.h>

namespace Tideline {

class QmlTokenCredentials : public Tideline::TokenCredentials
{
    Q_OBJECT
    Q_PROPERTY(QJSValue provider READ provider WRITE setProvider NOTIFY providerChanged FINAL)
    QML_NAMED_ELEMENT(TokenCredentials)

public:
    explicit QmlTokenCredentials(QObject *parent = nullptr) : TokenCredentials(parent), m_provider(this) { }

    [[nodiscard]] QJSValue provider() const { return m_provider.function(); }
    void setProvider(const QJSValue &provider);

Q_SIGNALS:
    void providerChanged();

private:
    TokenProvider m_provider;
};

class QmlFunctionToken : public Tideline::FunctionToken
{
    Q_OBJECT
    Q_PROPERTY(QJSValue provider READ provider WRITE setProvider NOTIFY providerChanged FINAL)
    QML_NAMED_ELEMENT(FunctionToken)

public:
    explicit QmlFunctionToken(QObject *parent = nullptr) : FunctionToken(parent), m_provider(this) { }

    [[nodiscard]] QJSValue provider() const { return m_provider.function(); }
    void setProvider(const QJSValue &provider);

Q_SIGNALS:
    void providerChanged();

private:
    TokenProvider m_provider;
};

class QmlAppSync : public Tideline::AppSync
{
    Q_OBJECT
    Q_PROPERTY(QQmlListProperty<Tideline::Credentials> auths READ authList NOTIFY authsChanged FINAL)
    QML_NAMED_ELEMENT(AppSync)

public:
    using AppSync::AppSync;

    [[nodiscard]] QQmlListProperty<Credentials> authList();
};

} // namespace Tideline
