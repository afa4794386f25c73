// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"

#include <QtCore/QStringList>

// Short ways to make syntax tree nodes. Nodes that stand for a piece of the user's text carry its location.
namespace Tideline::GraphQL {

[[nodiscard]] TypeReference named(const QString &name, const Location &loc = {});
[[nodiscard]] TypeReference listOf(const TypeReference &inner);
[[nodiscard]] TypeReference nonNull(const TypeReference &inner);
[[nodiscard]] Value stringValue(const QString &text, const Location &loc = {});
[[nodiscard]] Value stringList(const QStringList &texts, const Location &loc = {});
[[nodiscard]] Argument argument(const QString &name, Value value, const Location &loc = {});
[[nodiscard]] Directive directive(const QString &name, std::vector<Argument> arguments = {}, const Location &loc = {});
[[nodiscard]] FieldDefinition field(const QString &name, const TypeReference &type, const Location &loc = {});
[[nodiscard]] InputValueDefinition input(const QString &name, const TypeReference &type);
[[nodiscard]] TypeDefinition type(TypeDefinition::Kind kind, const QString &name, const Location &loc = {});

} // namespace Tideline::GraphQL
