// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/parser.h"
#include "shared/valueresolver.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

namespace ExecutionFixture {

using namespace Tideline;
using namespace Tideline::Server;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

inline QByteArray read(const QString &name)
{
    QFile file(QStringLiteral(TIDELINE_SHARED_DIR) + u"/fixtures/graphql/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline GraphQL::Document parsed(const QString &source)
{
    GraphQL::ParseResult result = GraphQL::parse(source);
    const auto *document = std::get_if<GraphQL::Document>(&result);
    return document ? *document : GraphQL::Document();
}

// The cases of fixtures/graphql/NAME.json as rows of the column "entry"; an absent fixture makes one row that fails.
inline void addRows(const QString &name)
{
    QTest::addColumn<QJsonObject>("entry");
    const QJsonArray cases = QJsonDocument::fromJson(read(name + u".json"_s)).object().value("cases"_L1).toArray();
    if (cases.isEmpty())
        QTest::addRow("fixture %s is missing", qPrintable(name)) << QJsonObject();
    for (const QJsonValue &entry : cases)
        QTest::addRow("%s", qPrintable(entry["id"_L1].toString())) << entry.toObject();
}

} // namespace ExecutionFixture
