// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/syntaxerror.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

/*
    The cases of fixtures/graphql/NAME.json as rows of the column "entry", one row per case id. An
    absent or empty fixture makes one row "fixture", which fails in entry().
*/
namespace Fixtures {

using namespace Qt::StringLiterals;

inline QString path(const QString &name)
{
    return QStringLiteral(TIDELINE_SHARED_DIR) + u"/fixtures/graphql/"_s + name + u".json"_s;
}

inline QJsonArray cases(const QString &name)
{
    QFile file(path(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    // QJsonDocument drops a byte order mark that begins a string, unless it is escaped.
    const QByteArray json = file.readAll().replace("\xef\xbb\xbf", "\\ufeff");
    return QJsonDocument::fromJson(json).object().value("cases"_L1).toArray();
}

inline void addRows(const QStringList &names)
{
    QTest::addColumn<QJsonObject>("entry");
    for (const QString &name : names) {
        const QJsonArray entries = cases(name);
        if (entries.isEmpty())
            QTest::addRow("fixture %s", qPrintable(name)) << QJsonObject{{u"missing"_s, path(name)}};
        int number = 0;
        for (const QJsonValue &entry : entries) {
            ++number;
            QTest::addRow("%s: %s (%d)", qPrintable(name), qPrintable(entry["id"_L1].toString()), number)
                << entry.toObject();
        }
    }
}

inline bool isPresent(const QJsonObject &entry)
{
    return !entry.contains("missing"_L1);
}

inline Tideline::GraphQL::SyntaxError syntaxError(const QJsonObject &entry)
{
    const QJsonObject error = entry["error"_L1].toObject();
    return {error["message"_L1].toString(), error["position"_L1].toInt(),
            {error["line"_L1].toInt(), error["column"_L1].toInt()}};
}

inline QByteArray text(const QJsonObject &object)
{
    return QJsonDocument(object).toJson();
}

inline QByteArray text(const Tideline::GraphQL::SyntaxError &error)
{
    return QStringLiteral("%1 at %2, %3:%4").arg(error.message).arg(error.position).arg(error.at.line)
        .arg(error.at.column).toUtf8();
}

} // namespace Fixtures

#define FETCH_CASE(entry) \
    QFETCH(QJsonObject, entry); \
    QVERIFY2(Fixtures::isPresent(entry), \
             qPrintable(QStringLiteral("no cases in ") + entry.value(QLatin1StringView("missing")).toString()))
