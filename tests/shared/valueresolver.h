// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/parser.h"
#include "server/execution/executor.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

// Runs operations over plain values and answers as graphql-js serialises it.
namespace TidelineTest {

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

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

// Resolves from plain values: "$error" fails, "$echo" gives back arguments, "$args" names a field of an object that shows those it
// was asked with.
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
            return Source{m_types.type(value.member(u"__typename").toText()), withArguments(call, value)};
        if (value.kind() != Value::Kind::List)
            return {};
        Resolved::List list;
        for (const Value &item : value.toList())
            list.push_back(resolved(call, item));
        return list;
    }

    static Value withArguments(const FieldCall &call, const Value &value)
    {
        const Value name = value.member(u"$args");
        if (name.isNull())
            return value;
        Value::Object members = value.toObject();
        members.append({name.toText(), Value(call.arguments).toJsonText()});
        return members;
    }

    const TypeSystem &m_types;
};

struct Operation { QString source; QJsonObject variables; QString name; };

struct Answer
{
    std::optional<QByteArray> data;                 // JSON; nothing when the operation did not begin
    std::vector<GraphQLError> errors;
    int calls = 0;                                  // how often composite fields were resolved
};

inline Answer answer(const TypeSystem &types, const GraphQL::Document &document, const Operation &asked, const Value &root)
{
    const auto found = findOperation(document, asked.name);
    if (const auto *error = std::get_if<GraphQLError>(&found))
        return {{}, {*error}};
    const GraphQL::OperationDefinition &operation = *std::get<const GraphQL::OperationDefinition *>(found);
    const auto coerced = coerceVariables(types, operation, asked.source, asked.variables);
    if (const auto *errors = std::get_if<std::vector<GraphQLError>>(&coerced))
        return {{}, *errors};
    const auto &values = std::get<Variables>(coerced);
    const auto plan = compilePlan(types, document, asked.source, operation, values, {.maxFields = 1000});
    if (const auto *error = std::get_if<GraphQLError>(&plan))
        return {{}, {*error}};
    ValueResolver resolver(types);
    const OperationPlan &compiled = *std::get<std::unique_ptr<const OperationPlan>>(plan);
    ExecutionResult result = execute(types, compiled, asked.source, values, Source{compiled.root->type, root}, resolver);
    return {std::move(result.data), std::move(result.errors), resolver.calls};
}

inline QJsonObject json(const Answer &answer)
{
    QJsonObject response;
    if (!answer.errors.empty())
        response.insert(u"errors"_s, json(answer.errors));
    const QJsonDocument data = QJsonDocument::fromJson(answer.data.value_or(QByteArray()));
    if (answer.data)
        response.insert(u"data"_s, data.isObject() ? QJsonValue(data.object()) : QJsonValue());
    return response;
}

} // namespace TidelineTest
