// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include "core/graphql/printer.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qsizetype maxDetail = 1000;         // characters of a name or reason in a message
static constexpr size_t maxPlaces = 20;             // of one side of a conflict
static constexpr int maxWork = 500'000;             // comparing can grow much faster than a document

namespace {

// A field in the tree of what a selection leads to, with the type it is selected on.
struct Entry
{
    const Type *parent = nullptr;
    const GraphQL::Field *node = nullptr;
    const FieldDefinition *definition = nullptr;

    [[nodiscard]] bool isSimpleLeaf() const { return node->arguments.empty() && !node->selectionSet; }
};

// Fields by response key in order, and the fragments spread beside them.
struct FieldMap
{
    std::vector<std::pair<QString, std::vector<Entry>>> groups;
    QHash<QString, size_t> index;
    QStringList fragments;
    QHash<QString, bool> compared;                  // fragments, and whether only as mutually exclusive

    [[nodiscard]] const std::vector<Entry> *find(const QString &key) const
    {
        const auto found = index.constFind(key);
        return found == index.constEnd() ? nullptr : &groups[*found].second;
    }
};

struct Conflict
{
    QString key;
    QString reason;
    std::vector<qint32> first, second;              // places of the fields involved
};

/*
    graphql-js's algorithm: every pair of fields that can meet under one response key is compared once; pairs
    of fragments are remembered so that documents with many fragments stay cheap. Past maxWork it gives up.
*/
class OverlapFinder
{
public:
    explicit OverlapFinder(ValidationContext &context) : m_context(context) { }
    void check(const GraphQL::SelectionSet &set, const Type *parent);
    [[nodiscard]] bool gaveUp() const noexcept { return m_work > maxWork; }

private:
    FieldMap &fieldsOf(const GraphQL::SelectionSet &set, const Type *parent);
    FieldMap *fieldsOf(const QString &fragment);
    void collect(const GraphQL::SelectionSet &set, const Type *parent, FieldMap &map) const;

    void within(std::vector<Conflict> &conflicts, const FieldMap &map);
    void between(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &a, const FieldMap &b);
    void fieldsAndFragment(std::vector<Conflict> &conflicts, bool exclusive, FieldMap &map, const QString &fragment);
    void fragments(std::vector<Conflict> &conflicts, bool exclusive, const QString &a, const QString &b);
    void compare(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b);
    void subfields(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b);
    [[nodiscard]] bool alreadyCompared(const QString &a, const QString &b, bool exclusive);
    [[nodiscard]] bool spend(int work) { m_work += work; return !gaveUp(); }

    ValidationContext &m_context;
    QHash<std::pair<const GraphQL::SelectionSet *, const Type *>, std::shared_ptr<FieldMap>> m_maps;
    QHash<QString, bool> m_comparedPairs;           // by names; whether only as mutually exclusive
    int m_work = 0;
};

QString abbreviated(const QString &text)
{
    return text.size() > maxDetail ? text.first(maxDetail) + u"..."_s : text;
}

// A literal with the members of its objects in one order.
GraphQL::Value sorted(GraphQL::Value value)
{
    if (auto *list = std::get_if<GraphQL::ListValue>(&value.node)) {
        for (GraphQL::Value &item : list->values)
            item = sorted(std::move(item));
    } else if (auto *object = std::get_if<GraphQL::ObjectValue>(&value.node)) {
        for (GraphQL::ObjectField &field : object->fields)
            field.value = sorted(std::move(field.value));
        std::ranges::stable_sort(object->fields, {}, [](const GraphQL::ObjectField &field) { return field.name.value; });
    }
    return value;
}

bool sameArguments(const GraphQL::Field &a, const GraphQL::Field &b)
{
    if (a.arguments.size() != b.arguments.size())
        return false;
    return std::ranges::all_of(a.arguments, [&b](const GraphQL::Argument &argument) {
        const auto other = std::find_if(b.arguments.rbegin(), b.arguments.rend(), [&argument](const GraphQL::Argument &entry) {
            return entry.name.value == argument.name.value;
        });
        return other != b.arguments.rend() && GraphQL::print(sorted(other->value)) == GraphQL::print(sorted(argument.value));
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
                {parent, field, parent ? parent->field(field->name.value) : nullptr});
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

FieldMap &OverlapFinder::fieldsOf(const GraphQL::SelectionSet &set, const Type *parent)
{
    std::shared_ptr<FieldMap> &known = m_maps[{&set, parent}];
    if (!known) {
        auto map = std::make_shared<FieldMap>();
        collect(set, parent, *map);
        known = std::move(map);
    }
    return *known;
}

FieldMap *OverlapFinder::fieldsOf(const QString &fragment)
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
    if (gaveUp())
        return;
    std::vector<Conflict> conflicts;
    FieldMap &map = fieldsOf(set, parent);
    within(conflicts, map);
    for (qsizetype i = 0; i < map.fragments.size(); ++i) {
        fieldsAndFragment(conflicts, false, map, map.fragments[i]);
        for (qsizetype j = i + 1; j < map.fragments.size(); ++j)
            fragments(conflicts, false, map.fragments[i], map.fragments[j]);
    }
    if (gaveUp())
        return;
    for (const Conflict &conflict : conflicts) {
        std::vector<qint32> positions = conflict.first;
        positions.insert(positions.end(), conflict.second.begin(), conflict.second.end());
        m_context.report(u"Fields \"%1\" conflict because %2. Use different aliases on the fields to fetch both if this was intentional."_s
                             .arg(abbreviated(conflict.key), conflict.reason), positions);
    }
}

void OverlapFinder::within(std::vector<Conflict> &conflicts, const FieldMap &map)
{
    for (const auto &[key, entries] : map.groups) {
        for (size_t i = 0; i < entries.size(); ++i) {
            for (size_t j = i + 1; j < entries.size() && !gaveUp(); ++j)
                compare(conflicts, false, key, entries[i], entries[j]);
        }
    }
}

void OverlapFinder::between(std::vector<Conflict> &conflicts, bool exclusive, const FieldMap &a, const FieldMap &b)
{
    for (const auto &[key, entries] : a.groups) {
        const std::vector<Entry> *others = spend(1) ? b.find(key) : nullptr;
        if (!others)
            continue;
        for (const Entry &entry : entries) {
            for (size_t i = 0; i < others->size() && !gaveUp(); ++i)
                compare(conflicts, exclusive, key, entry, (*others)[i]);
        }
    }
}

void OverlapFinder::fieldsAndFragment(std::vector<Conflict> &conflicts, bool exclusive, FieldMap &map, const QString &fragment)
{
    if (!spend(1) || map.groups.empty())
        return;
    const auto known = map.compared.constFind(fragment);
    if (known != map.compared.constEnd() && (exclusive || !*known))
        return;
    map.compared.insert(fragment, exclusive);
    const FieldMap *other = fieldsOf(fragment);
    if (!other || other == &map)
        return;
    between(conflicts, exclusive, map, *other);
    for (const QString &nested : other->fragments)
        fieldsAndFragment(conflicts, exclusive, map, nested);
}

void OverlapFinder::fragments(std::vector<Conflict> &conflicts, bool exclusive, const QString &a, const QString &b)
{
    if (!spend(2) || a == b || alreadyCompared(a, b, exclusive))
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
    const auto typeOf = [](const Entry &entry) { return entry.definition ? entry.definition->type : nullptr; };
    const QString &firstName = a.node->name.value;
    const QString &secondName = b.node->name.value;
    if (!spend(2) || (a.isSimpleLeaf() && b.isSimpleLeaf() && typeOf(a) == typeOf(b) && firstName == secondName))
        return;
    Conflict conflict{key, {}, {a.node->loc.start}, {b.node->loc.start}};
    if (!exclusive && firstName != secondName)
        conflict.reason = u"\"%1\" and \"%2\" are different fields"_s.arg(abbreviated(firstName), abbreviated(secondName));
    else if (!exclusive && (!spend(int(a.node->arguments.size())) || !sameArguments(*a.node, *b.node)))
        conflict.reason = u"they have differing arguments"_s;
    else if (typeOf(a) && typeOf(b) && typesConflict(typeOf(a), typeOf(b)))
        conflict.reason = u"they return conflicting types \"%1\" and \"%2\""_s.arg(typeText(typeOf(a)), typeText(typeOf(b)));
    if (!conflict.reason.isEmpty())
        conflicts.push_back(std::move(conflict));
    else if (a.node->selectionSet && b.node->selectionSet)
        subfields(conflicts, exclusive, key, a, b);
}

// The place of an enclosing field and then those inside.
std::vector<qint32> placesOf(qint32 place, const std::vector<Conflict> &conflicts, std::vector<qint32> Conflict::*side)
{
    std::vector<qint32> places{place};
    for (const Conflict &conflict : conflicts) {
        const std::vector<qint32> &inner = conflict.*side;
        const size_t taken = std::min(maxPlaces - places.size(), inner.size());
        places.insert(places.end(), inner.end() - std::ptrdiff_t(taken), inner.end());
    }
    return places;
}

QString reasonOf(const std::vector<Conflict> &conflicts)
{
    QString text;
    for (const Conflict &conflict : conflicts) {
        if (text.size() > maxDetail)
            break;
        text += (text.isEmpty() ? QString() : u" and "_s)
            + u"subfields \"%1\" conflict because %2"_s.arg(abbreviated(conflict.key), conflict.reason);
    }
    return abbreviated(text);
}

void OverlapFinder::subfields(std::vector<Conflict> &conflicts, bool exclusive, const QString &key, const Entry &a, const Entry &b)
{
    const auto typeOf = [](const Entry &entry) { return entry.definition ? entry.definition->type->named() : nullptr; };
    FieldMap &first = fieldsOf(*a.node->selectionSet, typeOf(a));
    FieldMap &second = fieldsOf(*b.node->selectionSet, typeOf(b));
    std::vector<Conflict> found;
    between(found, exclusive, first, second);
    for (const QString &fragment : second.fragments)
        fieldsAndFragment(found, exclusive, first, fragment);
    for (const QString &fragment : first.fragments)
        fieldsAndFragment(found, exclusive, second, fragment);
    for (const QString &one : first.fragments) {
        for (const QString &other : second.fragments)
            fragments(found, exclusive, one, other);
    }
    if (found.empty())
        return;
    conflicts.push_back({key, reasonOf(found), placesOf(a.node->loc.start, found, &Conflict::first),
                         placesOf(b.node->loc.start, found, &Conflict::second)});
}

// Inline fragments belong to the selection around them.
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
        check(fragment.selectionSet, m_types.type(fragment.typeCondition.name.value));
    }
    void field(const GraphQL::Field &field, const Type *, const FieldDefinition *definition) override
    {
        if (field.selectionSet)
            check(*field.selectionSet, definition ? definition->type->named() : nullptr);
    }
    [[nodiscard]] bool gaveUp() const noexcept { return m_finder.gaveUp(); }

private:
    // What has no fields is no parent.
    void check(const GraphQL::SelectionSet &set, const Type *type)
    {
        m_finder.check(set, type && type->isComposite() ? type : nullptr);
    }

    const TypeSystem &m_types;
    OverlapFinder m_finder;
};

} // namespace

void overlappingFieldsCanBeMerged(ValidationContext &context)
{
    OverlapVisitor visitor(context);
    context.walk(visitor);
    if (visitor.gaveUp())
        context.report(u"Validation aborted."_s, {});
}

} // namespace Tideline::Server
