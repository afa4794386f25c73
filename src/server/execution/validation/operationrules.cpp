// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static std::pair<QString, qint32> nameOf(const GraphQL::Definition &definition)
{
    if (const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition))
        return {u'"' + type->name.value + u'"', type->loc.start};
    if (const auto *directive = std::get_if<GraphQL::DirectiveDefinition>(&definition))
        return {u'"' + directive->name.value + u'"', directive->loc.start};
    if (const auto *schema = std::get_if<GraphQL::SchemaDefinition>(&definition))
        return {u"schema"_s, schema->loc.start};
    return {};
}

void executableDefinitions(ValidationContext &context)
{
    for (const GraphQL::Definition &definition : context.document.definitions) {
        const auto [name, position] = nameOf(definition);
        if (!name.isEmpty())
            context.report(u"The %1 definition is not executable."_s.arg(name), {position});
    }
}

void uniqueOperationNames(ValidationContext &context)
{
    QHash<QString, qint32> known;
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        if (!operation->name)
            continue;
        const GraphQL::Name &name = *operation->name;
        const auto first = known.constFind(name.value);
        if (first == known.constEnd())
            known.insert(name.value, name.loc.start);
        else
            context.report(u"There can be only one operation named \"%1\"."_s.arg(name.value), {*first, name.loc.start});
    }
}

void loneAnonymousOperation(ValidationContext &context)
{
    if (context.operations.size() < 2)
        return;
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        if (!operation->name)
            context.report(u"This anonymous operation must be the only defined operation."_s, {operation->loc.start});
    }
}

namespace {

// Whether a literal condition leaves a selection out; variables have no value yet.
bool leftOut(const GraphQL::Directives &directives)
{
    return std::ranges::any_of(directives, [](const GraphQL::Directive &directive) {
        const bool skip = directive.name.value == u"skip";
        return (skip || directive.name.value == u"include")
            && std::ranges::any_of(directive.arguments, [skip](const GraphQL::Argument &argument) {
                   const auto *literal = std::get_if<GraphQL::BooleanValue>(&argument.value.node);
                   return literal && argument.name.value == u"if" && literal->value == skip;
               });
    });
}

// The fields at the top of a subscription, through fragments that apply to it, by their response key in order.
class TopFields
{
public:
    explicit TopFields(const ValidationContext &context)
        : m_context(context), m_root(context.types.rootType(GraphQL::OperationType::Subscription)) { }

    void collect(const GraphQL::SelectionSet &set)
    {
        for (const GraphQL::Selection &entry : set.selections) {
            if (const auto *field = std::get_if<GraphQL::Field>(&entry.node)) {
                if (leftOut(field->directives))
                    continue;
                if (!m_index.contains(field->responseKey())) {
                    m_index.insert(field->responseKey(), groups.size());
                    groups.emplace_back();
                }
                groups[m_index.value(field->responseKey())].push_back(field);
            } else if (const auto *spread = std::get_if<GraphQL::FragmentSpread>(&entry.node)) {
                const GraphQL::FragmentDefinition *fragment = m_context.fragment(spread->name.value);
                if (!fragment || leftOut(spread->directives) || m_seen.contains(spread->name.value))
                    continue;
                m_seen.insert(spread->name.value);
                if (applies(fragment->typeCondition))
                    collect(fragment->selectionSet);
            } else {
                const auto &fragment = std::get<GraphQL::InlineFragment>(entry.node);
                if (!leftOut(fragment.directives) && (!fragment.typeCondition || applies(*fragment.typeCondition)))
                    collect(fragment.selectionSet);
            }
        }
    }

    std::vector<std::vector<const GraphQL::Field *>> groups;

private:
    [[nodiscard]] bool applies(const GraphQL::TypeReference &condition) const
    {
        const Type *type = m_context.types.type(condition.name.value);
        return type && type->isComposite() && TypeSystem::possible(type, m_root);
    }

    const ValidationContext &m_context;
    const Type *m_root;
    QHash<QString, size_t> m_index;
    QSet<QString> m_seen;
};

} // namespace

void singleFieldSubscriptions(ValidationContext &context)
{
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        if (operation->operation != GraphQL::OperationType::Subscription || !context.types.rootType(operation->operation))
            continue;
        TopFields top(context);
        top.collect(operation->selectionSet);
        const QString subject = operation->name ? u"Subscription \"%1\""_s.arg(operation->name->value) : u"Anonymous Subscription"_s;
        std::vector<qint32> extra;
        for (size_t i = 1; i < top.groups.size(); ++i) {
            for (const GraphQL::Field *field : top.groups[i])
                extra.push_back(field->loc.start);
        }
        if (!extra.empty())
            context.report(subject + u" must select only one top level field."_s, extra);
        for (const auto &group : top.groups) {
            if (!group.front()->name.value.startsWith(u"__"))
                continue;
            std::vector<qint32> positions;
            for (const GraphQL::Field *field : group)
                positions.push_back(field->loc.start);
            context.report(subject + u" must not select an introspection top level field."_s, positions);
        }
    }
}

} // namespace Tideline::Server
