// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QString>

// Test data made by the field's own tools; a fixture that is absent ends the test with a clear message.
namespace TidelineTest {

inline QByteArray fixture(const QString &path)
{
    QFile file(QStringLiteral(TIDELINE_SHARED_DIR "/fixtures/") + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("Test fixture %s is absent; set TIDELINE_SHARED_DIR", qPrintable(file.fileName()));
    return file.readAll();
}

inline QJsonDocument jsonFixture(const QString &path)
{
    return QJsonDocument::fromJson(fixture(path));
}

} // namespace TidelineTest
