// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

void uniqueFragmentNames(ValidationContext &context)
{
    QHash<QString, qint32> known;
    for (const GraphQL::FragmentDefinition *fragment : context.fragments) {
        const GraphQL::Name &name = fragment->name;
        const auto first = known.constFind(name.value);
        if (first == known.constEnd())
            known.insert(name.value, name.loc.start);
        else
            context.report(u"There can be only one fragment named \"%1\"."_s.arg(name.value), {*first, name.loc.start});
    }
}

void noUnusedFragments(ValidationContext &context)
{
    QSet<QString> used;
    for (const GraphQL::OperationDefinition *operation : context.operations) {
        for (const GraphQL::FragmentDefinition *fragment : context.reachable(*operation))
            used.insert(fragment->name.value);
    }
    for (const GraphQL::FragmentDefinition *fragment : context.fragments) {
        if (!used.contains(fragment->name.value))
            context.report(u"Fragment \"%1\" is never used."_s.arg(fragment->name.value), {fragment->loc.start});
    }
}

namespace {

class FragmentVisitor : public DocumentVisitor
{
public:
    explicit FragmentVisitor(ValidationContext &context) : m_context(context) { }

protected:
    ValidationContext &m_context;
};

class KnownFragments final : public FragmentVisitor
{
public:
    using FragmentVisitor::FragmentVisitor;
    void spread(const GraphQL::FragmentSpread &spread, const Type *) override
    {
        if (!m_context.fragment(spread.name.value))
            m_context.report(u"Unknown fragment \"%1\"."_s.arg(spread.name.value), {spread.name.loc.start});
    }
};

class CompositeConditions final : public FragmentVisitor
{
public:
    using FragmentVisitor::FragmentVisitor;
    void inlineFragment(const GraphQL::InlineFragment &fragment, const Type *, const Type *) override
    {
        if (fragment.typeCondition)
            check(*fragment.typeCondition, u"Fragment cannot condition on non composite type \"%1\"."_s);
    }
    void fragment(const GraphQL::FragmentDefinition &fragment) override
    {
        check(fragment.typeCondition, u"Fragment \"%2\" cannot condition on non composite type \"%1\"."_s, fragment.name.value);
    }

private:
    void check(const GraphQL::TypeReference &condition, const QString &message, const QString &name = {})
    {
        const Type *type = m_context.types.type(condition.name.value);
        if (!type || type->isComposite())
            return;
        const QString text = name.isEmpty() ? message.arg(type->name) : message.arg(type->name, name);
        m_context.report(text, {condition.loc.start});
    }
};

class PossibleSpreads final : public FragmentVisitor
{
public:
    using FragmentVisitor::FragmentVisitor;
    void inlineFragment(const GraphQL::InlineFragment &fragment, const Type *parent, const Type *type) override
    {
        if (apart(parent, type))
            m_context.report(u"Fragment cannot be spread here as objects of type \"%1\" can never be of type \"%2\"."_s
                                 .arg(parent->name, type->name), {fragment.loc.start});
    }
    void spread(const GraphQL::FragmentSpread &spread, const Type *parent) override
    {
        const GraphQL::FragmentDefinition *fragment = m_context.fragment(spread.name.value);
        const Type *type = fragment ? m_context.types.type(fragment->typeCondition.name.value) : nullptr;
        if (type && type->isComposite() && apart(parent, type))
            m_context.report(u"Fragment \"%1\" cannot be spread here as objects of type \"%2\" can never be of type \"%3\"."_s
                                 .arg(spread.name.value, parent->name, type->name), {spread.loc.start});
    }

private:
    static bool apart(const Type *a, const Type *b)
    {
        return a && b && std::ranges::none_of(a->possibleTypes, [b](const Type *type) { return TypeSystem::possible(b, type); });
    }
};

// The spreads in a fragment in the order that decides which of several cycles are named: outer ones first, then
// those of the selections inside, the last of these first.
std::vector<const GraphQL::FragmentSpread *> spreadsIn(const GraphQL::FragmentDefinition &fragment)
{
    std::vector<const GraphQL::FragmentSpread *> spreads;
    std::vector<const GraphQL::SelectionSet *> sets{&fragment.selectionSet};
    while (!sets.empty()) {
        const GraphQL::SelectionSet *set = sets.back();
        sets.pop_back();
        for (const GraphQL::Selection &entry : set->selections) {
            if (const auto *spread = std::get_if<GraphQL::FragmentSpread>(&entry.node))
                spreads.push_back(spread);
            else if (const auto *inner = std::get_if<GraphQL::InlineFragment>(&entry.node))
                sets.push_back(&inner->selectionSet);
            else if (const auto *field = std::get_if<GraphQL::Field>(&entry.node); field->selectionSet)
                sets.push_back(&*field->selectionSet);
        }
    }
    return spreads;
}

class CycleFinder
{
public:
    explicit CycleFinder(ValidationContext &context) : m_context(context) { }

    void detect(const GraphQL::FragmentDefinition &fragment)
    {
        if (m_visited.contains(fragment.name.value))
            return;
        m_visited.insert(fragment.name.value);
        const std::vector<const GraphQL::FragmentSpread *> spreads = spreadsIn(fragment);
        m_start.insert(fragment.name.value, m_path.size());
        for (const GraphQL::FragmentSpread *spread : spreads) {
            const auto start = m_start.constFind(spread->name.value);
            m_path.push_back(spread);
            if (start != m_start.constEnd())
                report(spread->name.value, *start);
            else if (const GraphQL::FragmentDefinition *next = m_context.fragment(spread->name.value))
                detect(*next);
            m_path.pop_back();
        }
        m_start.remove(fragment.name.value);
    }

private:
    void report(const QString &name, size_t start)
    {
        QStringList via;
        std::vector<qint32> positions;
        for (size_t i = start; i < m_path.size(); ++i) {
            positions.push_back(m_path[i]->loc.start);
            if (i + 1 < m_path.size())
                via.append(u'"' + m_path[i]->name.value + u'"');
        }
        m_context.report(u"Cannot spread fragment \"%1\" within itself"_s.arg(name)
                             + (via.isEmpty() ? u"."_s : u" via %1."_s.arg(via.join(u", "))), positions);
    }

    ValidationContext &m_context;
    QSet<QString> m_visited;
    QHash<QString, size_t> m_start;
    std::vector<const GraphQL::FragmentSpread *> m_path;
};

} // namespace

void knownFragmentNames(ValidationContext &context)
{
    KnownFragments visitor(context);
    context.walk(visitor);
}

void fragmentsOnCompositeTypes(ValidationContext &context)
{
    CompositeConditions visitor(context);
    context.walk(visitor);
}

void possibleFragmentSpreads(ValidationContext &context)
{
    PossibleSpreads visitor(context);
    context.walk(visitor);
}

void noFragmentCycles(ValidationContext &context)
{
    CycleFinder finder(context);
    for (const GraphQL::FragmentDefinition *fragment : context.fragments)
        finder.detect(*fragment);
}

} // namespace Tideline::Server
