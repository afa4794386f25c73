// SPDX-License-Identifier: MIT
#include "server/execution/plan.h"

#include "server/execution/jsonwriter.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

const SelectionPlan *PlannedField::selection(const Type *object) const noexcept
{
    for (const SelectionPlan *plan : selections) {
        if (plan->type == object)
            return plan;
    }
    return nullptr;
}

namespace {

using SelectionSets = std::vector<const GraphQL::SelectionSet *>;

class PlanCompiler
{
public:
    PlanCompiler(const TypeSystem &types, const GraphQL::Document &document, const Variables &variables,
                 const PlanOptions &options);
    bool compile(OperationPlan &plan);
    [[nodiscard]] const GraphQL::Field *tooBigAt() const noexcept { return m_tooBigAt; }

private:
    using Fields = std::vector<const GraphQL::Field *>;
    struct Group { QString key; Fields fields; };
    struct Collected
    {
        std::vector<Group> groups;
        QHash<QString, size_t> index;
        QSet<QString> fragments;
        std::optional<ArgumentError> refused;
    };

    const SelectionPlan *selection(const Type *type, const SelectionSets &sets);
    PlannedField plannedField(const Type *parent, const Group &group);
    void collect(const Type *type, const GraphQL::SelectionSet &set, Collected &collected) const;
    void collectSpread(const Type *type, const GraphQL::FragmentSpread &spread, Collected &collected) const;
    [[nodiscard]] bool included(const GraphQL::Directives &directives, Collected &collected) const;
    [[nodiscard]] bool condition(const GraphQL::Directives &directives, QStringView name, bool absent, Collected &collected) const;
    [[nodiscard]] bool applies(const QString &condition, const Type *type) const;

    const TypeSystem &m_types;
    const Variables &m_variables;
    const PlanOptions &m_options;
    QHash<QString, const GraphQL::FragmentDefinition *> m_fragments;
    OperationPlan *m_plan = nullptr;
    const GraphQL::Field *m_tooBigAt = nullptr;
};

PlanCompiler::PlanCompiler(const TypeSystem &types, const GraphQL::Document &document, const Variables &variables,
                           const PlanOptions &options)
    : m_types(types), m_variables(variables), m_options(options)
{
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *fragment = std::get_if<GraphQL::FragmentDefinition>(&definition))
            m_fragments.insert(fragment->name.value, fragment);
    }
}

bool PlanCompiler::compile(OperationPlan &plan)
{
    m_plan = &plan;
    plan.root = selection(m_types.rootType(plan.operation->operation), {&plan.operation->selectionSet});
    return !m_tooBigAt;
}

const SelectionPlan *PlanCompiler::selection(const Type *type, const SelectionSets &sets)
{
    Collected collected;
    for (const GraphQL::SelectionSet *set : sets)
        collect(type, *set, collected);
    SelectionPlan &plan = m_plan->selections.emplace_back();
    plan.type = type;
    plan.refused = collected.refused;
    if (plan.refused)
        return &plan;
    for (const Group &group : collected.groups) {
        if (++m_plan->fieldCount > m_options.maxFields) {
            m_tooBigAt = group.fields.front();
            return &plan;
        }
        PlannedField field = plannedField(type, group);
        if (!field.definition)
            continue;
        if (field.named->isComposite())
            field.branch = plan.branches++;
        plan.fields.push_back(std::move(field));
        if (m_tooBigAt)
            return &plan;
    }
    return &plan;
}

PlannedField PlanCompiler::plannedField(const Type *parent, const Group &group)
{
    PlannedField field;
    field.node = group.fields.front();
    field.definition = m_types.fieldOf(parent, field.node->name.value);
    if (!field.definition)
        return field;
    field.responseKey = group.key;
    JsonWriter key;
    key.text(group.key);
    key.raw(':');
    field.jsonKey = key.take();
    field.named = field.definition->type->named();
    field.number = m_plan->fieldCount - 1;
    if (!field.named->isComposite())
        return field;
    SelectionSets sets;
    for (const GraphQL::Field *node : group.fields) {
        if (node->selectionSet)
            sets.push_back(&*node->selectionSet);
    }
    for (const Type *object : field.named->possibleTypes) {
        field.selections.push_back(selection(object, sets));
        if (m_tooBigAt)
            break;
    }
    return field;
}

void PlanCompiler::collect(const Type *type, const GraphQL::SelectionSet &set, Collected &collected) const
{
    for (const GraphQL::Selection &entry : set.selections) {
        if (const auto *field = std::get_if<GraphQL::Field>(&entry.node)) {
            if (!included(field->directives, collected))
                continue;
            const QString &key = field->responseKey();
            const auto known = collected.index.constFind(key);
            if (known != collected.index.constEnd()) {
                collected.groups[*known].fields.push_back(field);
                continue;
            }
            collected.index.insert(key, collected.groups.size());
            collected.groups.push_back({key, {field}});
        } else if (const auto *spread = std::get_if<GraphQL::FragmentSpread>(&entry.node)) {
            collectSpread(type, *spread, collected);
        } else {
            const auto &fragment = std::get<GraphQL::InlineFragment>(entry.node);
            const bool fits = !fragment.typeCondition || applies(fragment.typeCondition->name.value, type);
            if (included(fragment.directives, collected) && fits)
                collect(type, fragment.selectionSet, collected);
        }
    }
}

void PlanCompiler::collectSpread(const Type *type, const GraphQL::FragmentSpread &spread, Collected &collected) const
{
    const GraphQL::FragmentDefinition *fragment = m_fragments.value(spread.name.value);
    if (!fragment || !included(spread.directives, collected) || collected.fragments.contains(spread.name.value))
        return;
    collected.fragments.insert(spread.name.value);
    if (applies(fragment->typeCondition.name.value, type))
        collect(type, fragment->selectionSet, collected);
}

bool PlanCompiler::applies(const QString &condition, const Type *type) const
{
    const Type *named = m_types.type(condition);
    return named && named->isComposite() && TypeSystem::possible(named, type);
}

// What the directive \a name says, \a absent without one. A nullable variable may stand here when it has a default, and be null.
bool PlanCompiler::condition(const GraphQL::Directives &directives, QStringView name, bool absent, Collected &collected) const
{
    const auto directive = std::ranges::find_if(directives, [name](const auto &entry) { return entry.name.value == name; });
    if (directive == directives.end() || directive->arguments.empty())
        return absent;
    const GraphQL::Value &value = directive->arguments.front().value;
    if (const auto *literal = std::get_if<GraphQL::BooleanValue>(&value.node))
        return literal->value;
    const auto *variable = std::get_if<GraphQL::Variable>(&value.node);
    const Value given = variable ? m_variables.value(variable->name.value) : Value();
    if (given.isNull() && !collected.refused && variable)
        collected.refused = ArgumentError{u"Argument \"if\" of non-null type \"Boolean!\" must not be null."_s, variable->loc.start};
    return given.toBool();
}

bool PlanCompiler::included(const GraphQL::Directives &directives, Collected &collected) const
{
    return !condition(directives, u"skip", false, collected) && condition(directives, u"include", true, collected);
}

// Reads every directive of a document.
class ConditionFinder
{
public:
    void visit(const GraphQL::SelectionSet &set)
    {
        for (const GraphQL::Selection &entry : set.selections)
            std::visit([this](const auto &node) { visitNode(node); }, entry.node);
    }
    [[nodiscard]] QStringList names() const { return m_names; }

private:
    void visitNode(const GraphQL::Field &field)
    {
        visit(field.directives);
        if (field.selectionSet)
            visit(*field.selectionSet);
    }
    void visitNode(const GraphQL::FragmentSpread &spread) { visit(spread.directives); }
    void visitNode(const GraphQL::InlineFragment &fragment)
    {
        visit(fragment.directives);
        visit(fragment.selectionSet);
    }
    void visit(const GraphQL::Directives &directives)
    {
        for (const GraphQL::Directive &directive : directives) {
            if (directive.name.value != u"skip" && directive.name.value != u"include")
                continue;
            for (const GraphQL::Argument &argument : directive.arguments) {
                const auto *variable = std::get_if<GraphQL::Variable>(&argument.value.node);
                if (variable && !m_names.contains(variable->name.value))
                    m_names.append(variable->name.value);
            }
        }
    }

    QStringList m_names;
};

} // namespace

std::variant<std::unique_ptr<const OperationPlan>, GraphQLError>
compilePlan(const TypeSystem &types, const GraphQL::Document &document, QStringView source,
            const GraphQL::OperationDefinition &operation, const Variables &variables, const PlanOptions &options)
{
    auto plan = std::make_unique<OperationPlan>();
    plan->operation = &operation;
    PlanCompiler compiler(types, document, variables, options);
    if (compiler.compile(*plan))
        return plan;
    GraphQLError error;
    error.message = u"The document selects more than %1 fields."_s.arg(options.maxFields);
    error.locations = {GraphQL::positionOf(source, compiler.tooBigAt()->loc.start)};
    return error;
}

QStringList conditionVariables(const GraphQL::Document &document)
{
    ConditionFinder finder;
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition))
            finder.visit(operation->selectionSet);
        else if (const auto *fragment = std::get_if<GraphQL::FragmentDefinition>(&definition))
            finder.visit(fragment->selectionSet);
    }
    return finder.names();
}

std::variant<const GraphQL::OperationDefinition *, GraphQLError>
findOperation(const GraphQL::Document &document, const QString &name)
{
    const GraphQL::OperationDefinition *found = nullptr;
    GraphQLError error;
    for (const GraphQL::Definition &definition : document.definitions) {
        const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition);
        if (!operation)
            continue;
        if (!name.isEmpty()) {
            if (operation->name && operation->name->value == name)
                return operation;
            continue;
        }
        if (found) {
            error.message = u"Must provide operation name if query contains multiple operations."_s;
            return error;
        }
        found = operation;
    }
    if (found)
        return found;
    error.message = name.isEmpty() ? u"Must provide an operation."_s : u"Unknown operation named \"%1\"."_s.arg(name);
    return error;
}

} // namespace Tideline::Server
