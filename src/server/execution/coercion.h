// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/graphqlerror.h"
#include "server/execution/typesystem.h"

#include <QtCore/QJsonObject>

namespace Tideline::Server {

using Variables = QHash<QString, Value>;            // without those that have no value

/*! The values of an operation's variables, or everything that is wrong with \a inputs. */
[[nodiscard]] TIDELINE_SERVER_EXPORT std::variant<Variables, std::vector<GraphQLError>>
coerceVariables(const TypeSystem &types, const GraphQL::OperationDefinition &operation, QStringView source,
                const QJsonObject &inputs);

/*! The value of a literal as \a type has it; nothing when it is none, or a variable in it has no value. */
[[nodiscard]] std::optional<Value> coerceLiteral(const Type *type, const GraphQL::Value &literal, const Variables *variables);

struct ArgumentError { QString message; qint32 position = 0; };

/*! Values of the arguments of a field or directive at \a position, in the order of their definitions. */
[[nodiscard]] std::variant<Value::Object, ArgumentError>
coerceArguments(const std::vector<InputDefinition> &definitions, const std::vector<GraphQL::Argument> &arguments,
                const Variables &variables, qint32 position);

/*! \a literal read as \a type, a scalar or enum; the problem in graphql-js's words when it is none. */
[[nodiscard]] std::variant<Value, QString> parseLeafLiteral(const Type *type, const GraphQL::Value &literal,
                                                            const Variables *variables);

/*! A JSON number as JavaScript writes it. */
[[nodiscard]] QString numberText(const QJsonValue &number);

/*! A JSON value as graphql-js's messages show it. */
[[nodiscard]] QString inspect(const QJsonValue &value, int depth = 0);

} // namespace Tideline::Server
