// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include "core/graphql/printer.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

void variablesAreInputTypes(ValidationContext &context)
{
    std::deque<Type> arena;
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        for (const GraphQL::VariableDefinition &definition : operation->variableDefinitions) {
            const Type *type = context.types.resolve(definition.type, arena);
            if (type && !type->named()->isInput())
                context.report(u"Variable \"$%1\" cannot be non-input type \"%2\"."_s
                                   .arg(definition.variable.name.value, GraphQL::print(definition.type)), {definition.type.loc.start});
        }
    }
}

void uniqueVariableNames(ValidationContext &context)
{
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        QSet<QString> done;
        for (const GraphQL::VariableDefinition &definition : operation->variableDefinitions) {
            const QString &name = definition.variable.name.value;
            if (done.contains(name))
                continue;
            done.insert(name);
            std::vector<qint32> positions;
            for (const GraphQL::VariableDefinition &other : operation->variableDefinitions) {
                if (other.variable.name.value == name)
                    positions.push_back(other.variable.name.loc.start);
            }
            if (positions.size() > 1)
                context.report(u"There can be only one variable named \"$%1\"."_s.arg(name), positions);
        }
    }
}

// Of several with one name the last counts.
static const GraphQL::VariableDefinition *find(const GraphQL::OperationDefinition &operation, const QString &name)
{
    const auto &definitions = operation.variableDefinitions;
    const auto found = std::find_if(definitions.rbegin(), definitions.rend(),
                                    [&](const auto &definition) { return definition.variable.name.value == name; });
    return found == definitions.rend() ? nullptr : &*found;
}

static QString inOperation(const GraphQL::OperationDefinition &operation, const QString &preposition)
{
    return operation.name ? u" %1 operation \"%2\"."_s.arg(preposition, operation.name->value) : u"."_s;
}

void noUndefinedVariables(ValidationContext &context)
{
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        for (const VariableUsage &usage : context.usages(*operation)) {
            const QString &name = usage.variable->name.value;
            if (!find(*operation, name))
                context.report(u"Variable \"$%1\" is not defined"_s.arg(name) + inOperation(*operation, u"by"_s),
                               {usage.variable->loc.start, operation->loc.start});
        }
    }
}

void noUnusedVariables(ValidationContext &context)
{
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        const std::vector<VariableUsage> usages = context.usages(*operation);
        for (const GraphQL::VariableDefinition &definition : operation->variableDefinitions) {
            const QString &name = definition.variable.name.value;
            if (std::ranges::none_of(usages, [&](const VariableUsage &usage) { return usage.variable->name.value == name; }))
                context.report(u"Variable \"$%1\" is never used"_s.arg(name) + inOperation(*operation, u"in"_s), {definition.loc.start});
        }
    }
}

// Whether a value of type \a sub is always one of type \a super.
static bool isSubtype(const Type *sub, const Type *super)
{
    if (sameType(sub, super))
        return true;
    if (super->isNonNull())
        return sub->isNonNull() && isSubtype(sub->inner, super->inner);
    if (sub->isNonNull())
        return isSubtype(sub->inner, super);
    return sub->kind == Type::Kind::List && super->kind == Type::Kind::List && isSubtype(sub->inner, super->inner);
}

static bool isAllowed(const Type *variable, const GraphQL::VariableDefinition &definition, const InputPlace &place)
{
    if (!place.type->isNonNull() || variable->isNonNull())
        return isSubtype(variable, place.type);
    const bool hasDefault = definition.defaultValue && !std::holds_alternative<GraphQL::NullValue>(definition.defaultValue->node);
    return (hasDefault || place.hasDefault) && isSubtype(variable, place.type->inner);
}

void variablesInAllowedPosition(ValidationContext &context)
{
    std::deque<Type> arena;
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        for (const VariableUsage &usage : context.usages(*operation)) {
            const GraphQL::VariableDefinition *definition = find(*operation, usage.variable->name.value);
            const Type *type = definition ? context.types.resolve(definition->type, arena) : nullptr;
            if (type && usage.place.type && !isAllowed(type, *definition, usage.place))
                context.report(u"Variable \"$%1\" of type \"%2\" used in position expecting type \"%3\"."_s
                                   .arg(usage.variable->name.value, typeText(type), typeText(usage.place.type)),
                               {definition->loc.start, usage.variable->loc.start});
        }
    }
}

} // namespace Tideline::Server
