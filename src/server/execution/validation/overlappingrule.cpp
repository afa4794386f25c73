// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include "core/graphql/printer.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t maxSameKey = 200;

namespace {

// A field in the tree of what a selection leads to, with the type it is selected on.
struct Entry
{
    const Type *parent = nullptr;
    const GraphQL::Field *node = nullptr;
    const FieldDefinition *definition = nullptr;
};

// Fields by response key in order, and the fragments spread beside them.
struct FieldMap
{
    std::vector<std::pair<QString, std::vector<Entry>>> groups;
    QHash<QString, size_t> index;
    QStringList fragments;

    [[nodiscard]] const std::vector<Entry> *find(const QString &key) const
    {
        const auto found = index.constFind(key);
        return found == index.constEnd() ? nullptr : &groups[*found].second;
    }
};

struct Conflict
{
    QString key;
    QString reason;                                 // of a leaf
    std::vector<Conflict> subConflicts;             // else
    std::vector<qint32> first, second;              // places of the fields involved
};

/*
    graphql-js's algorithm: every pair of fields that can meet under one response key is compared once; pairs
    of fragments are remembered so that documents with many fragments stay cheap.
*/
class OverlapFinder
{
public:
    explicit OverlapFinder(ValidationContext &context) : m_context(context) { }
    void check(const GraphQL::SelectionSet &set, const Type *parent);

private:
    const FieldMap &fieldsOf(const GraphQL::SelectionSet &set, const Type *parent);
    const FieldMap *fieldsOf(const QString &fragment);
    void collect(const GraphQL::SelectionSet &set, const Type *parent, FieldMap &map) const;

    void within(std::vector<Conflict> &conflicts, const FieldMap &map);
    void between(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &a, const FieldMap &b);
    void fieldsAndFragment(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &map, const QString &fragment,
                           QSet<QString> &seen);
    void fragments(std::vector<Conflict> &conflicts, bool exclusive, const QString &a, const QString &b);
    void compare(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b);
    void subfields(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b);
    [[nodiscard]] bool alreadyCompared(const QString &a, const QString &b, bool exclusive);
    [[nodiscard]] static QString reasonText(const Conflict &conflict);

    ValidationContext &m_context;
    QHash<std::pair<const GraphQL::SelectionSet *, const Type *>, std::shared_ptr<const FieldMap>> m_maps;
    QHash<QString, bool> m_comparedPairs;           // by names; whether only as mutually exclusive
};

bool sameArguments(const GraphQL::Field &a, const GraphQL::Field &b)
{
    if (a.arguments.size() != b.arguments.size())
        return false;
    return std::ranges::all_of(a.arguments, [&b](const GraphQL::Argument &argument) {
        return std::ranges::any_of(b.arguments, [&argument](const GraphQL::Argument &other) {
            return other.name.value == argument.name.value && GraphQL::print(other.value) == GraphQL::print(argument.value);
        });
    });
}

bool typesConflict(const Type *a, const Type *b)
{
    if (a->kind == Type::Kind::List || b->kind == Type::Kind::List || a->isNonNull() || b->isNonNull())
        return a->kind != b->kind || typesConflict(a->inner, b->inner);
    return (a->isLeaf() || b->isLeaf()) && a != b;
}

void OverlapFinder::collect(const GraphQL::SelectionSet &set, const Type *parent, FieldMap &map) const
{
    for (const GraphQL::Selection &entry : set.selections) {
        if (const auto *field = std::get_if<GraphQL::Field>(&entry.node)) {
            const QString &key = field->responseKey();
            if (!map.index.contains(key)) {
                map.index.insert(key, map.groups.size());
                map.groups.push_back({key, {}});
            }
            map.groups[map.index.value(key)].second.push_back(
                {parent, field, parent ? m_context.types.fieldOf(parent, field->name.value) : nullptr});
        } else if (const auto *spread = std::get_if<GraphQL::FragmentSpread>(&entry.node)) {
            if (!map.fragments.contains(spread->name.value))
                map.fragments.append(spread->name.value);
        } else {
            const auto &fragment = std::get<GraphQL::InlineFragment>(entry.node);
            const Type *type = fragment.typeCondition ? m_context.types.type(fragment.typeCondition->name.value) : parent;
            collect(fragment.selectionSet, type, map);
        }
    }
}

const FieldMap &OverlapFinder::fieldsOf(const GraphQL::SelectionSet &set, const Type *parent)
{
    std::shared_ptr<const FieldMap> &known = m_maps[{&set, parent}];
    if (!known) {
        auto map = std::make_shared<FieldMap>();
        collect(set, parent, *map);
        known = std::move(map);
    }
    return *known;
}

const FieldMap *OverlapFinder::fieldsOf(const QString &fragment)
{
    const GraphQL::FragmentDefinition *definition = m_context.fragment(fragment);
    if (!definition)
        return nullptr;
    return &fieldsOf(definition->selectionSet, m_context.types.type(definition->typeCondition.name.value));
}

bool OverlapFinder::alreadyCompared(const QString &a, const QString &b, bool exclusive)
{
    const QString key = a < b ? a + u' ' + b : b + u' ' + a;
    const auto known = m_comparedPairs.constFind(key);
    if (known != m_comparedPairs.constEnd() && (exclusive || !*known))
        return true;
    m_comparedPairs.insert(key, exclusive);
    return false;
}

void OverlapFinder::check(const GraphQL::SelectionSet &set, const Type *parent)
{
    std::vector<Conflict> conflicts;
    const FieldMap &map = fieldsOf(set, parent);
    within(conflicts, map);
    QSet<QString> seen;
    for (qsizetype i = 0; i < map.fragments.size(); ++i) {
        fieldsAndFragment(conflicts, false, map, map.fragments[i], seen);
        for (qsizetype j = i + 1; j < map.fragments.size(); ++j)
            fragments(conflicts, false, map.fragments[i], map.fragments[j]);
    }
    for (const Conflict &conflict : conflicts) {
        std::vector<qint32> positions = conflict.first;
        positions.insert(positions.end(), conflict.second.begin(), conflict.second.end());
        m_context.report(u"Fields \"%1\" conflict because %2. Use different aliases on the fields to fetch both if this was intentional."_s
                             .arg(conflict.key, reasonText(conflict)), positions);
    }
}

QString OverlapFinder::reasonText(const Conflict &conflict)
{
    if (conflict.subConflicts.empty())
        return conflict.reason;
    QStringList parts;
    for (const Conflict &sub : conflict.subConflicts)
        parts.append(u"subfields \"%1\" conflict because %2"_s.arg(sub.key, reasonText(sub)));
    return parts.join(u" and ");
}

// Comparing grows with the square of the fields under one key, so their number has a limit.
void OverlapFinder::within(std::vector<Conflict> &conflicts, const FieldMap &map)
{
    for (const auto &[key, entries] : map.groups) {
        if (entries.size() > maxSameKey) {
            conflicts.push_back({key, u"the key is selected more than %1 times"_s.arg(maxSameKey), {},
                                 {entries[maxSameKey].node->loc.start}, {}});
            continue;
        }
        for (size_t i = 0; i < entries.size(); ++i) {
            for (size_t j = i + 1; j < entries.size(); ++j)
                compare(conflicts, false, key, entries[i], entries[j]);
        }
    }
}

void OverlapFinder::between(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &a, const FieldMap &b)
{
    for (const auto &[key, entries] : a.groups) {
        const std::vector<Entry> *others = b.find(key);
        if (!others || entries.size() > maxSameKey || others->size() > maxSameKey)
            continue;
        for (const Entry &entry : entries) {
            for (const Entry &other : *others)
                compare(conflicts, exclusive, key, entry, other);
        }
    }
}

void OverlapFinder::fieldsAndFragment(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &map, const QString &fragment,
                                      QSet<QString> &seen)
{
    if (seen.contains(fragment))
        return;
    seen.insert(fragment);
    const FieldMap *other = fieldsOf(fragment);
    if (!other || other == &map)
        return;
    between(conflicts, exclusive, map, *other);
    for (const QString &nested : other->fragments)
        fieldsAndFragment(conflicts, exclusive, map, nested, seen);
}

void OverlapFinder::fragments(std::vector<Conflict> &conflicts, bool exclusive, const QString &a, const QString &b)
{
    if (a == b || alreadyCompared(a, b, exclusive))
        return;
    const FieldMap *first = fieldsOf(a);
    const FieldMap *second = fieldsOf(b);
    if (!first || !second)
        return;
    between(conflicts, exclusive, *first, *second);
    for (const QString &nested : second->fragments)
        fragments(conflicts, exclusive, a, nested);
    for (const QString &nested : first->fragments)
        fragments(conflicts, exclusive, nested, b);
}

void OverlapFinder::compare(std::vector<Conflict> &conflicts, bool parentsExclusive, const QString &key, const Entry &a, const Entry &b)
{
    const auto isObject = [](const Type *type) { return type && type->kind == Type::Kind::Object; };
    const bool exclusive = parentsExclusive || (a.parent != b.parent && isObject(a.parent) && isObject(b.parent));
    Conflict conflict{key, {}, {}, {a.node->loc.start}, {b.node->loc.start}};
    if (!exclusive && a.node->name.value != b.node->name.value)
        conflict.reason = u"\"%1\" and \"%2\" are different fields"_s.arg(a.node->name.value, b.node->name.value);
    else if (!exclusive && !sameArguments(*a.node, *b.node))
        conflict.reason = u"they have differing arguments"_s;
    else if (a.definition && b.definition && typesConflict(a.definition->type, b.definition->type))
        conflict.reason = u"they return conflicting types \"%1\" and \"%2\""_s.arg(typeText(a.definition->type), typeText(b.definition->type));
    if (!conflict.reason.isEmpty())
        conflicts.push_back(std::move(conflict));
    else if (a.node->selectionSet && b.node->selectionSet)
        subfields(conflicts, exclusive, key, a, b);
}

void OverlapFinder::subfields(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b)
{
    const auto typeOf = [](const Entry &entry) { return entry.definition ? entry.definition->type->named() : nullptr; };
    const FieldMap &first = fieldsOf(*a.node->selectionSet, typeOf(a));
    const FieldMap &second = fieldsOf(*b.node->selectionSet, typeOf(b));
    std::vector<Conflict> found;
    between(found, exclusive, first, second);
    QSet<QString> seenFirst, seenSecond;
    for (const QString &fragment : second.fragments)
        fieldsAndFragment(found, exclusive, first, fragment, seenSecond);
    for (const QString &fragment : first.fragments)
        fieldsAndFragment(found, exclusive, second, fragment, seenFirst);
    for (const QString &one : first.fragments) {
        for (const QString &other : second.fragments)
            fragments(found, exclusive, one, other);
    }
    if (found.empty())
        return;
    Conflict conflict{key, {}, {}, {a.node->loc.start}, {b.node->loc.start}};
    for (const Conflict &sub : found) {
        conflict.first.insert(conflict.first.end(), sub.first.begin(), sub.first.end());
        conflict.second.insert(conflict.second.end(), sub.second.begin(), sub.second.end());
    }
    conflict.subConflicts = std::move(found);
    conflicts.push_back(std::move(conflict));
}

class OverlapVisitor final : public DocumentVisitor
{
public:
    explicit OverlapVisitor(ValidationContext &context) : m_types(context.types), m_finder(context) { }
    void operation(const GraphQL::OperationDefinition &operation) override
    {
        m_finder.check(operation.selectionSet, m_types.rootType(operation.operation));
    }
    void fragment(const GraphQL::FragmentDefinition &fragment) override
    {
        m_finder.check(fragment.selectionSet, m_types.type(fragment.typeCondition.name.value));
    }
    void field(const GraphQL::Field &field, const Type *, const FieldDefinition *definition) override
    {
        if (field.selectionSet)
            m_finder.check(*field.selectionSet, definition ? definition->type->named() : nullptr);
    }
    void inlineFragment(const GraphQL::InlineFragment &fragment, const Type *, const Type *type) override
    {
        m_finder.check(fragment.selectionSet, type);
    }

private:
    const TypeSystem &m_types;
    OverlapFinder m_finder;
};

} // namespace

void overlappingFieldsCanBeMerged(ValidationContext &context)
{
    OverlapVisitor visitor(context);
    context.walk(visitor);
}

} // namespace Tideline::Server
