// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include "server/execution/suggestions.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static QStringList namesOf(const std::vector<InputDefinition> &inputs)
{
    QStringList names;
    for (const InputDefinition &input : inputs)
        names.append(input.name);
    return names;
}

static QStringList fieldNames(const Type *type)
{
    QStringList names;
    for (const FieldDefinition &field : type->fields)
        names.append(field.name);
    return names;
}

// Types below an abstract one that have the field, those that most possible types share first.
static QStringList typesWithField(const Type *type, const QString &field)
{
    if (!type->isAbstract())
        return {};
    std::vector<const Type *> found;
    QHash<const Type *, int> usage;
    const auto use = [&](const Type *candidate) {
        if (!candidate->field(field))
            return;
        if (!usage.contains(candidate))
            found.push_back(candidate);
        ++usage[candidate];
    };
    for (const Type *object : type->possibleTypes) {
        if (!object->field(field))
            continue;
        use(object);
        std::ranges::for_each(object->interfaces, use);
    }
    const auto isBelow = [](const Type *type, const Type *above) { return std::ranges::find(type->interfaces, above) != type->interfaces.end(); };
    std::ranges::stable_sort(found, [&](const Type *a, const Type *b) {
        if (usage[a] != usage[b])
            return usage[a] > usage[b];
        if (isBelow(b, a) || isBelow(a, b))
            return isBelow(b, a);
        return a->name < b->name;
    });
    QStringList names;
    for (const Type *candidate : found)
        names.append(candidate->name);
    return names;
}

namespace {

class RuleVisitor : public DocumentVisitor
{
public:
    explicit RuleVisitor(ValidationContext &context) : m_context(context) { }

protected:
    [[nodiscard]] QString queryPath() const { return path.join(u'/'); }
    ValidationContext &m_context;
};

class Leafs final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void field(const GraphQL::Field &field, const Type *, const FieldDefinition *definition) override
    {
        if (!definition)
            return;
        const QString type = typeText(definition->type);
        if (definition->type->named()->isLeaf()) {
            if (field.selectionSet)
                m_context.report(u"Field \"%1\" must not have a selection since type \"%2\" has no subfields."_s
                                     .arg(field.name.value, type), {field.selectionSet->loc.start});
        } else if (!field.selectionSet) {
            m_context.report(u"Field \"%1\" of type \"%2\" must have a selection of subfields. Did you mean \"%1 { ... }\"?"_s
                                 .arg(field.name.value, type), {field.loc.start});
        }
    }
};

class CorrectFields final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void field(const GraphQL::Field &field, const Type *parent, const FieldDefinition *definition) override
    {
        if (!parent || definition)
            return;
        const QString &name = field.name.value;
        QString suggestion = didYouMean(typesWithField(parent, name), u"to use an inline fragment on"_s);
        if (suggestion.isEmpty())
            suggestion = didYouMean(suggestionList(name, fieldNames(parent)));
        GraphQLError &error = m_context.report(u"Cannot query field \"%1\" on type \"%2\"."_s.arg(name, parent->name) + suggestion,
                                               {field.loc.start});
        error.appSyncMessage = u"Validation error of type FieldUndefined: Field '%1' in type '%2' is undefined @ '%3'"_s
                                   .arg(name, parent->name, queryPath());
    }
};

class KnownArguments final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void fieldArgument(const GraphQL::Argument &argument, const Type *parent, const FieldDefinition *field,
                       const InputDefinition *input) override
    {
        if (!field || input)
            return;
        const QString &name = argument.name.value;
        GraphQLError &error = m_context.report(u"Unknown argument \"%1\" on field \"%2.%3\"."_s.arg(name, parent->name, field->name)
                                                   + didYouMean(suggestionList(name, namesOf(field->arguments))),
                                               {argument.loc.start});
        error.appSyncMessage = u"Validation error of type UnknownArgument: Unknown field argument %1 @ '%2'"_s.arg(name, queryPath());
    }
    void directiveArgument(const GraphQL::Argument &argument, const DirectiveDefinition *directive, const InputDefinition *input) override
    {
        if (directive && !input)
            m_context.report(u"Unknown argument \"%1\" on directive \"@%2\"."_s.arg(argument.name.value, directive->name)
                                 + didYouMean(suggestionList(argument.name.value, namesOf(directive->arguments))),
                             {argument.loc.start});
    }
};

class UniqueArguments final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void arguments(const std::vector<GraphQL::Argument> &arguments) override
    {
        QSet<QString> done;
        for (const GraphQL::Argument &argument : arguments) {
            if (done.contains(argument.name.value))
                continue;
            done.insert(argument.name.value);
            std::vector<qint32> positions;
            for (const GraphQL::Argument &other : arguments) {
                if (other.name.value == argument.name.value)
                    positions.push_back(other.name.loc.start);
            }
            if (positions.size() > 1)
                m_context.report(u"There can be only one argument named \"%1\"."_s.arg(argument.name.value), positions);
        }
    }
};

class RequiredArguments final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void leaveField(const GraphQL::Field &field, const FieldDefinition *definition) override
    {
        if (!definition)
            return;
        for (const InputDefinition *missing : missingOf(definition->arguments, field.arguments))
            m_context.report(u"Field \"%1\" argument \"%2\" of type \"%3\" is required, but it was not provided."_s
                                 .arg(definition->name, missing->name, typeText(missing->type)), {field.loc.start});
    }
    void directive(const GraphQL::Directive &directive, const DirectiveDefinition *definition) override
    {
        if (!definition)
            return;
        for (const InputDefinition *missing : missingOf(definition->arguments, directive.arguments))
            m_context.report(u"Directive \"@%1\" argument \"%2\" of type \"%3\" is required, but it was not provided."_s
                                 .arg(definition->name, missing->name, typeText(missing->type)), {directive.loc.start});
    }

private:
    static std::vector<const InputDefinition *> missingOf(const std::vector<InputDefinition> &inputs,
                                                          const std::vector<GraphQL::Argument> &given)
    {
        std::vector<const InputDefinition *> missing;
        for (const InputDefinition &input : inputs) {
            const bool present = std::ranges::any_of(given, [&](const auto &argument) { return argument.name.value == input.name; });
            if (!present && input.isRequired())
                missing.push_back(&input);
        }
        return missing;
    }
};

class KnownTypes final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void typeReference(const GraphQL::TypeReference &reference) override
    {
        if (reference.kind != GraphQL::TypeReference::Kind::Named)
            return typeReference(*reference.inner);
        const QString &name = reference.name.value;
        QStringList known = definedHere();
        if (m_context.types.type(name) || known.contains(name))
            return;
        for (const Type *type : m_context.types.types())
            known.append(type->name);
        m_context.report(u"Unknown type \"%1\"."_s.arg(name) + didYouMean(suggestionList(name, known)), {reference.loc.start});
    }

private:
    [[nodiscard]] QStringList definedHere() const
    {
        QStringList names;
        for (const GraphQL::Definition &definition : m_context.document.definitions) {
            const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition);
            if (type && !type->extension && !names.contains(type->name.value))
                names.append(type->name.value);
        }
        return names;
    }
};

class Directives final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void directives(const GraphQL::Directives &directives, DirectivePlace place) override
    {
        for (const GraphQL::Directive &directive : directives) {
            const DirectiveDefinition *definition = m_context.types.directive(directive.name.value);
            const QString text = placeName(place);
            if (!definition)
                m_context.report(u"Unknown directive \"@%1\"."_s.arg(directive.name.value), {directive.loc.start});
            else if (!definition->locations.contains(text))
                m_context.report(u"Directive \"@%1\" may not be used on %2."_s.arg(definition->name, text), {directive.loc.start});
        }
    }

private:
    static QString placeName(DirectivePlace place)
    {
        switch (place) {
        case DirectivePlace::Query:
            return u"QUERY"_s;
        case DirectivePlace::Mutation:
            return u"MUTATION"_s;
        case DirectivePlace::Subscription:
            return u"SUBSCRIPTION"_s;
        case DirectivePlace::Field:
            return u"FIELD"_s;
        case DirectivePlace::FragmentDefinition:
            return u"FRAGMENT_DEFINITION"_s;
        case DirectivePlace::FragmentSpread:
            return u"FRAGMENT_SPREAD"_s;
        case DirectivePlace::InlineFragment:
            return u"INLINE_FRAGMENT"_s;
        case DirectivePlace::VariableDefinition:
            return u"VARIABLE_DEFINITION"_s;
        }
        Q_UNREACHABLE();
    }
};

class DirectivesOnce final : public RuleVisitor
{
public:
    using RuleVisitor::RuleVisitor;
    void directives(const GraphQL::Directives &directives, DirectivePlace) override
    {
        QHash<QString, qint32> first;
        for (const GraphQL::Directive &directive : directives) {
            const QString &name = directive.name.value;
            const DirectiveDefinition *definition = m_context.types.directive(name);
            if (!definition || definition->repeatable)
                continue;
            if (first.contains(name))
                m_context.report(u"The directive \"@%1\" can only be used once at this location."_s.arg(name),
                                 {first.value(name), directive.loc.start});
            else
                first.insert(name, directive.loc.start);
        }
    }
};

template<typename Visitor>
void run(ValidationContext &context)
{
    Visitor visitor(context);
    context.walk(visitor);
}

} // namespace

void scalarLeafs(ValidationContext &context) { run<Leafs>(context); }
void fieldsOnCorrectType(ValidationContext &context) { run<CorrectFields>(context); }
void knownArgumentNames(ValidationContext &context) { run<KnownArguments>(context); }
void uniqueArgumentNames(ValidationContext &context) { run<UniqueArguments>(context); }
void providedRequiredArguments(ValidationContext &context) { run<RequiredArguments>(context); }
void knownTypeNames(ValidationContext &context) { run<KnownTypes>(context); }
void knownDirectives(ValidationContext &context) { run<Directives>(context); }
void uniqueDirectivesPerLocation(ValidationContext &context) { run<DirectivesOnce>(context); }

} // namespace Tideline::Server
