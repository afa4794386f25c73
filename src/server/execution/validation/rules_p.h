// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/graphqlerror.h"
#include "server/execution/validation/walker_p.h"

namespace Tideline::Server {

struct VariableUsage { const GraphQL::Variable *variable = nullptr; InputPlace place; };

// A document under validation, and what several rules want to know of it.
class ValidationContext
{
public:
    ValidationContext(const TypeSystem &types, const GraphQL::Document &document, QStringView source);

    const TypeSystem &types;
    const GraphQL::Document &document;
    QStringView source;
    std::vector<const GraphQL::OperationDefinition *> operations;
    std::vector<const GraphQL::FragmentDefinition *> fragments;
    std::vector<GraphQLError> errors;
    QString rule;                                   // the one that runs

    [[nodiscard]] const GraphQL::FragmentDefinition *fragment(const QString &name) const { return m_byName.value(name); }
    // Fragments that an operation reaches, each once.
    [[nodiscard]] std::vector<const GraphQL::FragmentDefinition *> reachable(const GraphQL::OperationDefinition &operation) const;
    [[nodiscard]] std::vector<VariableUsage> usages(const GraphQL::OperationDefinition &operation) const;
    void walk(DocumentVisitor &visitor) const { DocumentWalker(types).walk(document, visitor); }
    GraphQLError &report(const QString &message, const std::vector<qint32> &positions);

private:
    QHash<QString, const GraphQL::FragmentDefinition *> m_byName;
};

using Rule = void (*)(ValidationContext &);

void executableDefinitions(ValidationContext &);
void uniqueOperationNames(ValidationContext &);
void loneAnonymousOperation(ValidationContext &);
void singleFieldSubscriptions(ValidationContext &);
void knownTypeNames(ValidationContext &);
void fragmentsOnCompositeTypes(ValidationContext &);
void variablesAreInputTypes(ValidationContext &);
void scalarLeafs(ValidationContext &);
void fieldsOnCorrectType(ValidationContext &);
void uniqueFragmentNames(ValidationContext &);
void knownFragmentNames(ValidationContext &);
void noUnusedFragments(ValidationContext &);
void possibleFragmentSpreads(ValidationContext &);
void noFragmentCycles(ValidationContext &);
void uniqueVariableNames(ValidationContext &);
void noUndefinedVariables(ValidationContext &);
void noUnusedVariables(ValidationContext &);
void knownDirectives(ValidationContext &);
void uniqueDirectivesPerLocation(ValidationContext &);
void knownArgumentNames(ValidationContext &);
void uniqueArgumentNames(ValidationContext &);
void valuesOfCorrectType(ValidationContext &);
void providedRequiredArguments(ValidationContext &);
void variablesInAllowedPosition(ValidationContext &);
void overlappingFieldsCanBeMerged(ValidationContext &);
void uniqueInputFieldNames(ValidationContext &);

} // namespace Tideline::Server
