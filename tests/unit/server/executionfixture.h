// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/parser.h"
#include "server/execution/executor.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

namespace ExecutionFixture {

using namespace Tideline;
using namespace Tideline::Server;
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

inline QJsonArray locations(const GraphQLError &error)
{
    QJsonArray array;
    for (const GraphQL::SourcePosition &position : error.locations)
        array.append(QJsonObject{{u"line"_s, position.line}, {u"column"_s, position.column}});
    return array;
}

// An error as graphql-js serialises it.
inline QJsonObject json(const GraphQLError &error)
{
    QJsonObject object{{u"message"_s, error.message}};
    if (!error.locations.empty())
        object.insert(u"locations"_s, locations(error));
    if (error.path) {
        QJsonArray path;
        for (const PathKey &key : *error.path)
            path.append(std::holds_alternative<int>(key) ? QJsonValue(std::get<int>(key)) : QJsonValue(std::get<QString>(key)));
        object.insert(u"path"_s, path);
    }
    return object;
}

inline QJsonArray json(const std::vector<GraphQLError> &errors)
{
    QJsonArray array;
    for (const GraphQLError &error : errors)
        array.append(json(error));
    return array;
}

// Resolves from plain values: "$error" fails, "$echo" gives back arguments.
class ValueResolver : public Resolver
{
public:
    explicit ValueResolver(const TypeSystem &types) : m_types(types) { }

    void resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results) override
    {
        ++calls;
        for (size_t i = 0; i < parents.size(); ++i)
            results[i] = resolved(call, std::get<Value>(parents[i]->data).member(call.field.definition->name));
    }

    ResolvedLeaf leaf(const FieldCall &call, const Source &parent) override
    {
        const Value value = std::get<Value>(parent.data).member(call.field.definition->name);
        if (const Value error = value.member(u"$error"); !error.isNull())
            return FieldFailure{error.toText(), {}, {}};
        const Value echo = value.member(u"$echo");
        if (echo.toBool())
            return call.argument(u"v");
        if (echo.toText() == u"json")
            return Value(call.argument(u"v").toJsonText());
        if (echo.toText() == u"args")
            return Value(Value(call.arguments).toJsonText());
        return echo.isNull() ? value : call.argument(echo.toText());
    }

    int calls = 0;

private:
    Resolved resolved(const FieldCall &call, const Value &value) const
    {
        if (const Value error = value.member(u"$error"); !error.isNull())
            return FieldFailure{error.toText(), {}, {}};
        if (value.kind() == Value::Kind::Object)
            return Source{m_types.type(value.member(u"__typename").toText()), value};
        if (value.kind() != Value::Kind::List)
            return {};
        Resolved::List list;
        for (const Value &item : value.toList())
            list.push_back(resolved(call, item));
        return list;
    }

    const TypeSystem &m_types;
};

} // namespace ExecutionFixture
