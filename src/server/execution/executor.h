// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "server/execution/jsonwriter.h"
#include "server/execution/plan.h"

namespace Tideline::Server {

// The object behind a selection set; only the resolver that made it looks inside.
struct Source
{
    using Data = std::variant<std::monostate, const void *, Record, Value, std::shared_ptr<const void>>;
    const Type *type = nullptr;                     // an object type
    Data data;
};

struct FieldFailure
{
    QString message;
    QString errorType;
    Source stored;                                  // written as the error's data, by the field's selection
};

// What a composite field resolved to.
struct Resolved
{
    using List = std::vector<Resolved>;
    std::variant<std::monostate, Source, List, std::shared_ptr<const FieldFailure>> state;  // monostate: null

    Resolved() = default;
    Resolved(Source source) : state(std::move(source)) { }
    Resolved(List list) : state(std::move(list)) { }
    Resolved(FieldFailure failure) : state(std::make_shared<const FieldFailure>(std::move(failure))) { }
};

// What a leaf field resolved to: a value of its own or one that outlives the call.
using ResolvedLeaf = std::variant<const Value *, Value, FieldFailure>;

struct FieldCall
{
    const PlannedField &field;
    const Value::Object &arguments;                 // coerced, in the order of the definition

    [[nodiscard]] TIDELINE_SERVER_EXPORT const Value &argument(QStringView name) const noexcept;    // null when absent
    [[nodiscard]] TIDELINE_SERVER_EXPORT bool has(QStringView name) const noexcept;
};

/*!
    \class Tideline::Server::Resolver
    \inmodule Tideline
    \since 0.1
    \brief Gives an execution its data, a level at a time.

    resolve() is called once for each composite field of a selection with all objects of that
    level, so that one look into the store serves them all; leaf() while the response is written.
*/
class TIDELINE_SERVER_EXPORT Resolver
{
public:
    virtual ~Resolver();
    virtual void resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results) = 0;
    [[nodiscard]] virtual ResolvedLeaf leaf(const FieldCall &call, const Source &parent) = 0;
};

struct ExecutionResult
{
    QByteArray data;                                // JSON: an object or null
    std::vector<GraphQLError> errors;
};

/*! Runs \a plan. \a source is the text the plan's document was parsed from. */
[[nodiscard]] TIDELINE_SERVER_EXPORT ExecutionResult
execute(const TypeSystem &types, const OperationPlan &plan, QStringView source, const Variables &variables,
        Source root, Resolver &resolver);

} // namespace Tideline::Server
