// SPDX-License-Identifier: MIT
#include "server/execution/executor.h"

#include "server/execution/introspection_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Resolver::~Resolver() = default;

const Value &FieldCall::argument(QStringView name) const noexcept
{
    static const Value none;
    const auto found = std::ranges::find_if(arguments, [name](const Value::Member &member) { return member.first == name; });
    return found == arguments.end() ? none : found->second;
}

bool FieldCall::has(QStringView name) const noexcept
{
    return std::ranges::any_of(arguments, [name](const Value::Member &member) { return member.first == name; });
}

namespace {

struct Node;

// A composite field's value, ready to be written.
struct Completion
{
    using List = std::vector<Completion>;
    struct Failed { std::shared_ptr<const FieldFailure> failure; Node *stored = nullptr; };
    std::variant<std::monostate, Node *, List, Failed> state;
};

struct Node
{
    const SelectionPlan *plan = nullptr;
    Source source;
    std::vector<Completion> branches;               // one per composite field of the plan
};

class Execution
{
public:
    Execution(const TypeSystem &types, const OperationPlan &plan, QStringView source, const Variables &variables, Resolver &resolver)
        : m_types(types), m_plan(plan), m_source(source), m_variables(variables), m_resolver(resolver), m_introspection(types)
    {
        m_arguments.resize(size_t(plan.fieldCount));
    }
    ExecutionResult run(Source root);

private:
    using Arguments = std::variant<std::monostate, Value::Object, ArgumentError>;
    struct PathElement { const PlannedField *field = nullptr; int index = 0; };

    // level by level
    Node *node(const SelectionPlan *plan, Source source);
    void resolveLevel(const std::vector<Node *> &level);
    void resolveGroup(const SelectionPlan &plan, const std::vector<Node *> &nodes);
    Completion complete(const PlannedField &field, Resolved resolved);
    const Arguments &argumentsOf(const PlannedField &field);

    // writing; false: an error is reported and the nearest nullable place takes null
    bool write(const Node &node);
    bool writeField(const Node &node, const PlannedField &field);
    bool writeLeafField(const Node &node, const PlannedField &field);
    bool writeLeaf(const Type *type, const Value &value);
    bool writeLeafValue(const Type *type, const Value &value);
    bool writeCompletion(const Type *type, const Completion &completion);
    bool writeCompletionValue(const Type *type, const Completion &completion);
    bool fail(const Type *type, const FieldFailure &failure, const Node *stored);
    bool failArgument(const Type *type, const ArgumentError &error);
    void failNull(const Type *type);
    [[nodiscard]] QByteArray storedData(const Node &stored);
    GraphQLError &report(const QString &message, qint32 position);
    [[nodiscard]] const PlannedField &currentField() const;

    const TypeSystem &m_types;
    const OperationPlan &m_plan;
    QStringView m_source;
    const Variables &m_variables;
    Resolver &m_resolver;
    Introspection m_introspection;
    std::vector<Arguments> m_arguments;
    std::deque<Node> m_nodes;
    std::vector<Node *> m_next;
    JsonWriter m_writer;
    std::vector<PathElement> m_path;
    std::vector<GraphQLError> m_errors;
};

ExecutionResult Execution::run(Source root)
{
    Node *top = node(m_plan.root, std::move(root));
    while (!m_next.empty()) {
        const std::vector<Node *> level = std::exchange(m_next, {});
        resolveLevel(level);
    }
    if (!write(*top)) {
        m_writer.truncate(0);
        m_writer.null();
    }
    return {m_writer.take(), std::move(m_errors)};
}

Node *Execution::node(const SelectionPlan *plan, Source source)
{
    Node &created = m_nodes.emplace_back();
    created.plan = plan;
    created.source = std::move(source);
    if (plan->branches > 0) {
        created.branches.resize(size_t(plan->branches));
        m_next.push_back(&created);
    }
    return &created;
}

void Execution::resolveLevel(const std::vector<Node *> &level)
{
    std::vector<std::pair<const SelectionPlan *, std::vector<Node *>>> groups;
    QHash<const SelectionPlan *, size_t> index;
    for (Node *entry : level) {
        const auto known = index.constFind(entry->plan);
        if (known != index.constEnd()) {
            groups[*known].second.push_back(entry);
            continue;
        }
        index.insert(entry->plan, groups.size());
        groups.push_back({entry->plan, {entry}});
    }
    for (const auto &[plan, nodes] : groups)
        resolveGroup(*plan, nodes);
}

void Execution::resolveGroup(const SelectionPlan &plan, const std::vector<Node *> &nodes)
{
    std::vector<const Source *> parents;
    parents.reserve(nodes.size());
    for (const Node *entry : nodes)
        parents.push_back(&entry->source);
    for (const PlannedField &field : plan.fields) {
        if (field.branch < 0)
            continue;
        const auto *arguments = std::get_if<Value::Object>(&argumentsOf(field));
        if (!arguments)
            continue;                               // reported when it is written
        std::vector<Resolved> results(nodes.size());
        Resolver &resolver = m_introspection.owns(field, plan.type) ? m_introspection : m_resolver;
        resolver.resolve({field, *arguments}, parents, results);
        for (size_t i = 0; i < nodes.size(); ++i)
            nodes[i]->branches[size_t(field.branch)] = complete(field, std::move(results[i]));
    }
}

const Execution::Arguments &Execution::argumentsOf(const PlannedField &field)
{
    Arguments &arguments = m_arguments[size_t(field.number)];
    if (std::holds_alternative<std::monostate>(arguments)) {
        auto coerced = coerceArguments(field.definition->arguments, field.node->arguments, m_variables, field.node->loc.start);
        if (auto *object = std::get_if<Value::Object>(&coerced))
            arguments = std::move(*object);
        else
            arguments = std::get<ArgumentError>(std::move(coerced));
    }
    return arguments;
}

Completion Execution::complete(const PlannedField &field, Resolved resolved)
{
    if (auto *source = std::get_if<Source>(&resolved.state)) {
        const SelectionPlan *plan = field.selection(source->type);
        if (!plan)
            return {Completion::Failed{std::make_shared<const FieldFailure>(FieldFailure{
                u"Abstract type \"%1\" was resolved to an object that is none of its types."_s.arg(field.named->name), {}, {}})}};
        return {node(plan, std::move(*source))};
    }
    if (auto *list = std::get_if<Resolved::List>(&resolved.state)) {
        Completion::List completed;
        completed.reserve(list->size());
        for (Resolved &item : *list)
            completed.push_back(complete(field, std::move(item)));
        return {std::move(completed)};
    }
    if (auto *failure = std::get_if<std::shared_ptr<const FieldFailure>>(&resolved.state)) {
        const SelectionPlan *plan = (*failure)->stored.type ? field.selection((*failure)->stored.type) : nullptr;
        return {Completion::Failed{*failure, plan ? node(plan, (*failure)->stored) : nullptr}};
    }
    return {};
}

bool Execution::write(const Node &node)
{
    if (node.plan->refused) {
        report(node.plan->refused->message, node.plan->refused->position);
        return false;
    }
    m_writer.raw('{');
    bool first = true;
    for (const PlannedField &field : node.plan->fields) {
        if (!first)
            m_writer.raw(',');
        first = false;
        m_writer.raw(field.jsonKey);
        m_path.push_back({&field, 0});
        const bool written = writeField(node, field);
        m_path.pop_back();
        if (!written)
            return false;
    }
    m_writer.raw('}');
    return true;
}

bool Execution::writeField(const Node &node, const PlannedField &field)
{
    if (field.definition == m_types.typenameField()) {
        m_writer.text(node.source.type->name);
        return true;
    }
    if (field.branch < 0)
        return writeLeafField(node, field);
    if (const auto *error = std::get_if<ArgumentError>(&argumentsOf(field)))
        return failArgument(field.definition->type, *error);
    return writeCompletion(field.definition->type, node.branches[size_t(field.branch)]);
}

bool Execution::writeLeafField(const Node &node, const PlannedField &field)
{
    const Type *type = field.definition->type;
    const Arguments &arguments = argumentsOf(field);
    if (const auto *error = std::get_if<ArgumentError>(&arguments))
        return failArgument(type, *error);
    Resolver &resolver = m_introspection.owns(field, node.plan->type) ? m_introspection : m_resolver;
    const ResolvedLeaf leaf = resolver.leaf({field, std::get<Value::Object>(arguments)}, node.source);
    if (const auto *shared = std::get_if<const Value *>(&leaf))
        return writeLeaf(type, **shared);
    if (const auto *own = std::get_if<Value>(&leaf))
        return writeLeaf(type, *own);
    return fail(type, std::get<FieldFailure>(leaf), nullptr);
}

bool Execution::writeLeaf(const Type *type, const Value &value)
{
    if (type->isNonNull()) {
        if (!value.isNull())
            return writeLeafValue(type->inner, value);
        failNull(type);
        return false;
    }
    if (value.isNull()) {
        m_writer.null();
        return true;
    }
    const qsizetype start = m_writer.position();
    if (!writeLeafValue(type, value)) {
        m_writer.truncate(start);
        m_writer.null();
    }
    return true;
}

bool Execution::writeLeafValue(const Type *type, const Value &value)
{
    if (type->kind != Type::Kind::List) {
        const bool textNumber = type->scalar == ScalarRule::Id && value.kind() == Value::Kind::Integer;
        textNumber ? m_writer.text(QString::number(value.toInteger())) : m_writer.value(value);
        return true;
    }
    if (value.kind() != Value::Kind::List) {
        const FieldDefinition &definition = *currentField().definition;
        report(u"Expected Iterable, but did not find one for field \"%1.%2\"."_s
                   .arg(definition.parent ? definition.parent->name : QString(), definition.name),
               currentField().node->loc.start);
        return false;
    }
    m_writer.raw('[');
    int index = 0;
    for (const Value &item : value.toList()) {
        if (index > 0)
            m_writer.raw(',');
        m_path.push_back({nullptr, index++});
        const bool written = writeLeaf(type->inner, item);
        m_path.pop_back();
        if (!written)
            return false;
    }
    m_writer.raw(']');
    return true;
}

bool Execution::writeCompletion(const Type *type, const Completion &completion)
{
    if (const auto *failed = std::get_if<Completion::Failed>(&completion.state))
        return fail(type, *failed->failure, failed->stored);
    const bool isNull = std::holds_alternative<std::monostate>(completion.state);
    if (type->isNonNull()) {
        if (!isNull)
            return writeCompletionValue(type->inner, completion);
        failNull(type);
        return false;
    }
    const qsizetype start = m_writer.position();
    if (isNull || !writeCompletionValue(type, completion)) {
        m_writer.truncate(start);
        m_writer.null();
    }
    return true;
}

bool Execution::writeCompletionValue(const Type *type, const Completion &completion)
{
    if (const auto *object = std::get_if<Node *>(&completion.state))
        return write(**object);
    m_writer.raw('[');
    int index = 0;
    for (const Completion &item : std::get<Completion::List>(completion.state)) {
        if (index > 0)
            m_writer.raw(',');
        m_path.push_back({nullptr, index++});
        const bool written = writeCompletion(type->inner, item);
        m_path.pop_back();
        if (!written)
            return false;
    }
    m_writer.raw(']');
    return true;
}

const PlannedField &Execution::currentField() const
{
    const auto found = std::find_if(m_path.rbegin(), m_path.rend(), [](const PathElement &element) { return element.field; });
    return *found->field;
}

GraphQLError &Execution::report(const QString &message, qint32 position)
{
    GraphQLError &error = m_errors.emplace_back();
    error.message = message;
    error.locations = {GraphQL::positionOf(m_source, position)};
    if (m_path.empty())
        return error;
    Path path;
    for (const PathElement &element : m_path) {
        if (element.field)
            path.emplace_back(element.field->responseKey);
        else
            path.emplace_back(element.index);
    }
    error.path = std::move(path);
    return error;
}

bool Execution::fail(const Type *type, const FieldFailure &failure, const Node *stored)
{
    const QByteArray data = stored ? storedData(*stored) : QByteArray();
    GraphQLError &error = report(failure.message, currentField().node->loc.start);
    error.errorType = failure.errorType;
    error.data = data;
    if (!type->isNonNull())
        m_writer.null();
    return !type->isNonNull();
}

// The record a mutation met, by the mutation's own selection; nulls where they may not be are no second error.
QByteArray Execution::storedData(const Node &stored)
{
    const size_t errors = m_errors.size();
    const qsizetype start = m_writer.position();
    JsonWriter outer = std::exchange(m_writer, JsonWriter());
    const bool written = write(stored);
    QByteArray data = written ? m_writer.take() : QByteArray();
    m_writer = std::move(outer);
    m_writer.truncate(start);
    m_errors.resize(errors);
    return data;
}

bool Execution::failArgument(const Type *type, const ArgumentError &error)
{
    report(error.message, error.position);
    if (!type->isNonNull())
        m_writer.null();
    return !type->isNonNull();
}

static QString slashPath(const Path &path)
{
    QString text;
    for (const PathKey &key : path) {
        if (const int *index = std::get_if<int>(&key))
            text += u'[' + QString::number(*index) + u']';
        else
            text += u'/' + std::get<QString>(key);
    }
    return text;
}

void Execution::failNull(const Type *type)
{
    const PlannedField &field = currentField();
    const QString parent = field.definition->parent ? field.definition->parent->name : QString();
    GraphQLError &error = report(u"Cannot return null for non-nullable field %1.%2."_s.arg(parent, field.definition->name),
                                 field.node->loc.start);
    error.appSyncMessage = u"Cannot return null for non-nullable type: '%1' within parent '%2' (%3)"_s
                               .arg(typeText(type->inner), parent, slashPath(*error.path));
}

} // namespace

ExecutionResult execute(const TypeSystem &types, const OperationPlan &plan, QStringView source, const Variables &variables,
                        Source root, Resolver &resolver)
{
    return Execution(types, plan, source, variables, resolver).run(std::move(root));
}

} // namespace Tideline::Server
