// SPDX-License-Identifier: MIT
#include "loopbackserver.h"

#include <QtCore/QFile>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlFile>
#include <QtQml/qqml.h>

using namespace Qt::StringLiterals;

QVariantMap LoopbackServer::execute(const QString &query)
{
    return m_server->execute(query).value(u"data"_s).toObject().toVariantMap();
}

void LoopbackServer::componentComplete()
{
    QFile file(QQmlFile::urlToLocalFileOrQrc(qmlContext(this)->resolvedUrl(m_schemaFile)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("The server's schema cannot be read: %s", qPrintable(file.fileName()));
    const auto schema = Tideline::Schema::parse(QString::fromUtf8(file.readAll()));
    if (!schema)
        qFatal("The server's schema is wrong: %s", qPrintable(schema.error().message()));
    m_server = std::make_unique<TidelineTest::TestServer>(*schema, m_folder.filePath(u"server.db"_s));
    Q_EMIT urlChanged();
}
