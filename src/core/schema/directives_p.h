// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"

#include <QtCore/QHash>

#include <vector>

namespace Tideline {

// The directives a schema may use, and the input types of their arguments.
class DirectiveList
{
public:
    explicit DirectiveList(const std::vector<GraphQL::DirectiveDefinition> &declared);

    [[nodiscard]] const GraphQL::DirectiveDefinition *directive(const QString &name) const;
    [[nodiscard]] const GraphQL::TypeDefinition *type(const QString &name) const;
    [[nodiscard]] QStringList directiveNames() const;       // with the @

private:
    QHash<QString, GraphQL::DirectiveDefinition> m_directives;
    QHash<QString, GraphQL::TypeDefinition> m_types;
};

} // namespace Tideline
