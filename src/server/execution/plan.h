// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/coercion.h"

namespace Tideline::Server {

struct SelectionPlan;

// One key of a response object: what the fields of a document merged to.
struct PlannedField
{
    const FieldDefinition *definition = nullptr;
    const GraphQL::Field *node = nullptr;       // the first of those that were merged
    QString responseKey;
    QByteArray jsonKey;                         // the key as JSON with its colon
    const Type *named = nullptr;                // the type without wrappers
    int number = 0;                             // of the field in the whole plan
    int branch = -1;                            // of a composite field: which of the selection
    std::vector<const SelectionPlan *> selections;  // of a composite field: one per possible object type

    [[nodiscard]] const SelectionPlan *selection(const Type *object) const noexcept;
};

struct SelectionPlan
{
    const Type *type = nullptr;                 // an object type
    std::vector<PlannedField> fields;
    int branches = 0;                           // number of composite fields
    std::optional<ArgumentError> refused;       // a condition in it is null, so it has no fields
};

/*! What an operation selects, fragments and conditions resolved; keeps pointers into the document. */
struct OperationPlan
{
    const GraphQL::OperationDefinition *operation = nullptr;
    const SelectionPlan *root = nullptr;
    std::deque<SelectionPlan> selections;
    int fieldCount = 0;
};

struct PlanOptions { int maxFields = 20000; int maxDepth = 100; };

[[nodiscard]] TIDELINE_SERVER_EXPORT std::variant<std::unique_ptr<const OperationPlan>, GraphQLError>
compilePlan(const TypeSystem &types, const GraphQL::Document &document, QStringView source,
            const GraphQL::OperationDefinition &operation, const Variables &variables, const PlanOptions &options = {});

/*! Names of the variables that decide in \c @skip and \c @include anywhere in \a document. */
[[nodiscard]] QStringList conditionVariables(const GraphQL::Document &document);

/*! The operation a request means: the one named \a name, or the only one. */
[[nodiscard]] TIDELINE_SERVER_EXPORT std::variant<const GraphQL::OperationDefinition *, GraphQLError>
findOperation(const GraphQL::Document &document, const QString &name);

} // namespace Tideline::Server
