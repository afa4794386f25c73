// SPDX-License-Identifier: MIT
#pragma once

#include "shared/testserver.h"

#include <QtCore/QTemporaryDir>
#include <QtCore/QVariant>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <memory>

/*! A real server for a schema on a free loopback port, in this process. */
class LoopbackServer : public QObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(QUrl schemaFile MEMBER m_schemaFile FINAL)
    Q_PROPERTY(QUrl url READ url NOTIFY urlChanged FINAL)
    Q_PROPERTY(QString key READ key CONSTANT FINAL)
    QML_ELEMENT

public:
    using QObject::QObject;

    [[nodiscard]] QUrl url() const { return m_server ? m_server->url() : QUrl(); }
    [[nodiscard]] QString key() const { return TidelineTest::TestServer::key(); }
    Q_INVOKABLE void start() { m_server->start(); }         // on the port that it had
    Q_INVOKABLE void stop() { m_server->stop(); }
    Q_INVOKABLE void setToken(const QString &token) { m_server->setToken(token.toUtf8()); }     // the user's that is taken
    Q_INVOKABLE QVariantMap execute(const QString &query);  // past the network: the "data" of the answer

    void classBegin() override { }
    void componentComplete() override;

Q_SIGNALS:
    void urlChanged();

private:
    QUrl m_schemaFile;
    QTemporaryDir m_folder;
    std::unique_ptr<TidelineTest::TestServer> m_server;
};
