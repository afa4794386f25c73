// SPDX-License-Identifier: MIT
#include "server/execution/validation.h"

#include "server/execution/validation/rules_p.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t maxErrors = 100;

ValidationContext::ValidationContext(const TypeSystem &typeSystem, const GraphQL::Document &validated, QStringView text)
    : types(typeSystem), document(validated), source(text)
{
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition)) {
            operations.push_back(operation);
        } else if (const auto *fragment = std::get_if<GraphQL::FragmentDefinition>(&definition)) {
            fragments.push_back(fragment);
            m_byName.insert(fragment->name.value, fragment);
        }
    }
}

GraphQLError &ValidationContext::report(const QString &message, const std::vector<qint32> &positions)
{
    GraphQLError &error = errors.emplace_back();
    error.rule = rule;
    error.message = message;
    for (qint32 position : positions)
        error.locations.push_back(GraphQL::positionOf(source, position));
    return error;
}

namespace {

class SpreadCollector final : public DocumentVisitor
{
public:
    void spread(const GraphQL::FragmentSpread &spread, const Type *) override { names.append(spread.name.value); }
    QStringList names;
};

class UsageCollector final : public DocumentVisitor
{
public:
    bool value(const GraphQL::Value &value, const InputPlace &place) override
    {
        if (const auto *variable = std::get_if<GraphQL::Variable>(&value.node); variable)
            usages.push_back({variable, place});
        return true;
    }
    std::vector<VariableUsage> usages;
};

struct NamedRule { const char16_t *name; Rule rule; };

} // namespace

std::vector<const GraphQL::FragmentDefinition *>
ValidationContext::reachable(const GraphQL::OperationDefinition &operation) const
{
    std::vector<const GraphQL::FragmentDefinition *> found;
    QSet<QString> seen;
    SpreadCollector collector;
    DocumentWalker(types).walkOperation(operation, collector);
    while (!collector.names.isEmpty()) {
        const QString name = collector.names.takeFirst();
        const GraphQL::FragmentDefinition *definition = fragment(name);
        if (!definition || seen.contains(name))
            continue;
        seen.insert(name);
        found.push_back(definition);
        DocumentWalker(types).walkFragment(*definition, collector);
    }
    return found;
}

std::vector<VariableUsage> ValidationContext::usages(const GraphQL::OperationDefinition &operation) const
{
    UsageCollector collector;
    DocumentWalker walker(types);
    walker.walkOperation(operation, collector);
    for (const GraphQL::FragmentDefinition *definition : reachable(operation))
        walker.walkFragment(*definition, collector);
    return std::move(collector.usages);
}

std::vector<GraphQLError> validate(const TypeSystem &types, const GraphQL::Document &document, QStringView source)
{
    static constexpr NamedRule rules[] = {
        {u"ExecutableDefinitions", executableDefinitions}, {u"UniqueOperationNames", uniqueOperationNames},
        {u"LoneAnonymousOperation", loneAnonymousOperation}, {u"SingleFieldSubscriptions", singleFieldSubscriptions},
        {u"KnownTypeNames", knownTypeNames}, {u"FragmentsOnCompositeTypes", fragmentsOnCompositeTypes},
        {u"VariablesAreInputTypes", variablesAreInputTypes}, {u"ScalarLeafs", scalarLeafs},
        {u"FieldsOnCorrectType", fieldsOnCorrectType}, {u"UniqueFragmentNames", uniqueFragmentNames},
        {u"KnownFragmentNames", knownFragmentNames}, {u"NoUnusedFragments", noUnusedFragments},
        {u"PossibleFragmentSpreads", possibleFragmentSpreads}, {u"NoFragmentCycles", noFragmentCycles},
        {u"UniqueVariableNames", uniqueVariableNames}, {u"NoUndefinedVariables", noUndefinedVariables},
        {u"NoUnusedVariables", noUnusedVariables}, {u"KnownDirectives", knownDirectives},
        {u"UniqueDirectivesPerLocation", uniqueDirectivesPerLocation}, {u"KnownArgumentNames", knownArgumentNames},
        {u"UniqueArgumentNames", uniqueArgumentNames}, {u"ValuesOfCorrectType", valuesOfCorrectType},
        {u"ProvidedRequiredArguments", providedRequiredArguments}, {u"VariablesInAllowedPosition", variablesInAllowedPosition},
        {u"OverlappingFieldsCanBeMerged", overlappingFieldsCanBeMerged}, {u"UniqueInputFieldNames", uniqueInputFieldNames},
    };
    ValidationContext context(types, document, source);
    for (const NamedRule &rule : rules) {
        context.rule = QString::fromUtf16(rule.name);
        rule.rule(context);
        if (context.errors.size() > maxErrors) {
            context.errors.resize(maxErrors);
            context.report(u"Too many validation errors, error limit reached. Validation aborted."_s, {});
            break;
        }
    }
    for (GraphQLError &error : context.errors) {
        if (error.appSyncMessage.isEmpty())
            error.appSyncMessage = u"Validation error of type %1: %2"_s.arg(error.rule, error.message);
    }
    return std::move(context.errors);
}

} // namespace Tideline::Server
