// SPDX-License-Identifier: MIT
#include "tools/schemachange.h"

#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"
#include "core/schema/selection.h"

#include <QtCore/QMap>

#include <algorithm>

// What a schema's change means to apps that were built with the one before.
namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using GraphQL::InputValueDefinition;
using GraphQL::TypeDefinition;
using GraphQL::TypeReference;

namespace {

using Types = QHash<QString, const TypeDefinition *>;
using TypeKind = TypeDefinition::Kind;

Types typesOf(const GraphQL::Document &document)
{
    Types types;
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *type = std::get_if<TypeDefinition>(&definition))
            types.insert(type->name.value, type);
    }
    return types;
}

bool isRoot(const QString &type)
{
    return type == u"Query"_s || type == u"Mutation"_s || type == u"Subscription"_s;
}

bool isKind(const TypeReference &type, TypeReference::Kind kind)
{
    return type.kind == kind;
}

// Whether a client that expects the one gets nothing else from the other.
bool isSafeAnswer(const TypeReference &before, const TypeReference &after)
{
    using Kind = TypeReference::Kind;
    if (isKind(after, Kind::NonNull))
        return isSafeAnswer(isKind(before, Kind::NonNull) ? *before.inner : before, *after.inner);
    if (before.kind != after.kind)
        return false;
    return isKind(before, Kind::Named) ? before.name.value == after.name.value : isSafeAnswer(*before.inner, *after.inner);
}

// Whether what a client sends for the one is taken for the other.
bool isSafeInput(const TypeReference &before, const TypeReference &after)
{
    using Kind = TypeReference::Kind;
    if (isKind(before, Kind::NonNull))
        return isSafeInput(*before.inner, isKind(after, Kind::NonNull) ? *after.inner : after);
    if (before.kind != after.kind)
        return false;
    return isKind(before, Kind::Named) ? before.name.value == after.name.value : isSafeInput(*before.inner, *after.inner);
}

template<typename T>
const T *named(const std::vector<T> &all, const QString &name)
{
    const auto found = std::find_if(all.begin(), all.end(), [&name](const T &one) { return one.name.value == name; });
    return found == all.end() ? nullptr : &*found;
}

// A difference between the two AppSync schemas.
struct Difference
{
    enum class Kind { TypeGone, Gone, Retyped, Required, ValueGone, ValueCame, MemberGone, MemberCame, InterfaceGone, Default };
    Kind kind = Kind::Gone;
    QString type;
    QString member;                     // of the type; empty for the type itself
    QString text;                       // "Query.getPost(id:)", or with types: "Post.rating: Int -> Float"
};

class SchemaComparison
{
public:
    SchemaComparison(const Types &before, const Types &after) : m_before(before), m_after(after) { }

    [[nodiscard]] QList<Difference> run()
    {
        QStringList names = m_before.keys();
        names.sort();
        for (const QString &name : names) {
            const TypeDefinition *now = m_after.value(name);
            if (now && now->kind == m_before[name]->kind)
                compare(*m_before[name], *now);
            else if (isRoot(name))
                compare(*m_before[name], TypeDefinition());
            else if (now || isSelectable(m_before[name]->kind))
                add(Difference::Kind::TypeGone, name, {}, name);
        }
        return m_differences;
    }

private:
    using Kind = Difference::Kind;

    void add(Kind kind, const QString &type, const QString &member, const QString &text)
    {
        m_differences.append({kind, type, member, text});
    }

    static QString retyped(const QString &place, const TypeReference &before, const TypeReference &after)
    {
        return u"%1: %2 instead of %3"_s.arg(place, GraphQL::print(after), GraphQL::print(before));
    }

    // Of others that are gone, the fields and arguments that had them tell.
    static bool isSelectable(TypeKind kind) { return kind == TypeKind::Object || kind == TypeKind::Interface || kind == TypeKind::Union; }

    void compare(const TypeDefinition &before, const TypeDefinition &after)
    {
        const QString &type = before.name.value;
        for (const GraphQL::FieldDefinition &field : before.fields)
            compareField(type, field, named(after.fields, field.name.value));
        for (const InputValueDefinition &input : before.inputFields)
            compareInput(type, input.name.value, type + u'.' + input.name.value, input, named(after.inputFields, input.name.value));
        for (const InputValueDefinition &input : after.inputFields) {
            if (isRequired(input) && !named(before.inputFields, input.name.value))
                add(Kind::Required, type, input.name.value, type + u'.' + input.name.value);
        }
        compareNames(type, before.values, after.values, Kind::ValueGone);
        compareNames(type, after.values, before.values, Kind::ValueCame);
        compareNames(type, before.types, after.types, Kind::MemberGone);
        compareNames(type, after.types, before.types, Kind::MemberCame);
        compareNames(type, before.interfaces, after.interfaces, Kind::InterfaceGone);
    }

    template<typename T>
    void compareNames(const QString &type, const std::vector<T> &some, const std::vector<T> &others, Kind kind)
    {
        for (const T &one : some) {
            if (!named(others, one.name.value))
                add(kind, type, one.name.value, type + u'.' + one.name.value);
        }
    }

    static bool isRequired(const InputValueDefinition &input)
    {
        return isKind(input.type, TypeReference::Kind::NonNull) && !input.defaultValue;
    }

    void compareField(const QString &type, const GraphQL::FieldDefinition &before, const GraphQL::FieldDefinition *after)
    {
        const QString &member = before.name.value;
        const QString place = type + u'.' + member;
        if (!after)
            return add(Kind::Gone, type, member, place);
        if (!isSafeAnswer(before.type, after->type))
            add(Kind::Retyped, type, member, retyped(place, before.type, after->type));
        for (const InputValueDefinition &argument : before.arguments)
            compareInput(type, member, u"%1(%2:)"_s.arg(place, argument.name.value), argument, named(after->arguments, argument.name.value));
        for (const InputValueDefinition &argument : after->arguments) {
            if (isRequired(argument) && !named(before.arguments, argument.name.value))
                add(Kind::Required, type, member, u"%1(%2:)"_s.arg(place, argument.name.value));
        }
    }

    void compareInput(const QString &type, const QString &member, const QString &place, const InputValueDefinition &before,
                      const InputValueDefinition *after)
    {
        if (!after)
            return add(Kind::Gone, type, member, place);
        if (!isSafeInput(before.type, after->type))
            return add(Kind::Retyped, type, member, retyped(place, before.type, after->type));
        const auto text = [](const InputValueDefinition &input) { return input.defaultValue ? GraphQL::print(*input.defaultValue) : QString(); };
        if (text(before) != text(*after) && before.defaultValue)
            add(Kind::Default, type, member, place);
    }

    const Types &m_before;
    const Types &m_after;
    QList<Difference> m_differences;
};

// Which type of the models' schema each type of the backend's was made for.
class Origins
{
public:
    explicit Origins(const Schema &schema)
    {
        for (const std::shared_ptr<const ModelType> &model : schema.models()) {
            for (const QStringView verb : {u"Create", u"Update", u"Delete"})
                m_types.insert(inputTypeName(verb, *model), model->name);
            for (const QStringView pattern : {u"Model%1FilterInput", u"Model%1ConditionInput", u"ModelSubscription%1FilterInput", u"Model%1Connection"})
                addType(pattern, model->name);
            addOperations(*model);
        }
        for (const EmbeddedType &type : schema.embeddedTypes())
            addType(u"%1Input", type.name);
        for (const EnumType &type : schema.enumTypes()) {
            addType(u"Model%1Input", type.name);
            addType(u"Model%1ListInput", type.name);
        }
    }

    [[nodiscard]] QString of(const QString &type) const { return m_types.value(type, type); }
    // The model whose operation a field of Query, Mutation or Subscription is; empty: none's.
    [[nodiscard]] QString ofOperation(const QString &field) const { return m_operations.value(field); }

private:
    void addType(QStringView pattern, const QString &name)
    {
        m_types.insert(pattern.toString().arg(name.left(1).toUpper() + name.mid(1)), name);
    }

    void addOperations(const ModelType &model)
    {
        const OperationNames names = operationNames(model);
        QStringList all{names.get, names.list, names.sync, names.create, names.update, names.remove};
        all += model.operations.onCreate + model.operations.onUpdate + model.operations.onDelete;
        for (const Index &index : model.indexes)
            all.append(index.queryField);
        for (const QString &operation : all)
            m_operations.insert(operation, model.name);
        m_operations.remove(QString());
    }

    QHash<QString, QString> m_types;
    QHash<QString, QString> m_operations;
};

struct Words { SchemaChange::Severity severity; QString message; QString advice; };

Words wordsOf(Difference::Kind kind)
{
    using enum SchemaChange::Severity;
    using Kind = Difference::Kind;
    switch (kind) {
    case Kind::TypeGone:
        return {Breaking, u"documents of deployed apps name what is gone: %1"_s, u"Keep it until no deployed app uses it."_s};
    case Kind::Gone:
        return {Breaking, u"deployed apps select or send what is gone: %1"_s,
                u"Keep it until no deployed app uses it; one unknown name makes the backend refuse the whole document."_s};
    case Kind::Retyped:
        return {Breaking, u"deployed apps send or expect another type: %1"_s, u"Leave it as it is and add a field of another name."_s};
    case Kind::Required:
        return {Breaking, u"deployed apps do not send what is required now: %1"_s, u"Make it optional or give it a @default."_s};
    case Kind::ValueGone:
        return {Breaking, u"deployed apps may send a value that is gone: %1"_s, u"Keep the value until no deployed app uses it."_s};
    case Kind::MemberGone:
    case Kind::InterfaceGone:
        return {Breaking, u"deployed apps may select what is gone: %1"_s, u"Keep it until no deployed app uses it."_s};
    case Kind::ValueCame:
        return {Dangerous, u"apps generated from the old schema do not know the value and may not read records that have it: %1"_s,
                u"Write the value only when every app knows it."_s};
    case Kind::MemberCame:
        return {Dangerous, u"deployed apps may get a type they do not know: %1"_s, u"Answer with it only when every app knows it."_s};
    case Kind::Default:
        return {Dangerous, u"what is taken when an app sends nothing has changed: %1"_s, u"See that deployed apps mean the new value, too."_s};
    }
    Q_UNREACHABLE();
}

class ClientComparison
{
public:
    ClientComparison(const Schema &before, const Schema &after) : m_before(before), m_after(after), m_origins(before) { }

    [[nodiscard]] QList<SchemaChange> run()
    {
        const GraphQL::Document documentBefore = appSyncDocument(m_before);
        const GraphQL::Document documentAfter = appSyncDocument(m_after);
        const Types before = typesOf(documentBefore), after = typesOf(documentAfter);
        for (const Difference &difference : SchemaComparison(before, after).run())
            sort(difference);
        QList<SchemaChange> changes = removedModels();
        for (auto group = m_groups.cbegin(); group != m_groups.cend(); ++group) {
            const Words words = wordsOf(group.key().second);
            changes.append({words.severity, SchemaChange::Concern::Clients, group.key().first,
                            m_declared.value(group.key().first), words.message.arg(group->join(u", ")), words.advice});
        }
        for (const std::shared_ptr<const ModelType> &model : m_before.models())
            compareRules(*model, changes);
        return changes;
    }

private:
    // One change of the models' schema shows in many places: they are told together.
    void sort(const Difference &difference)
    {
        const bool root = isRoot(difference.type);
        const QString model = root ? m_origins.ofOperation(difference.member) : m_origins.of(difference.type);
        if (m_before.model(model) && !m_after.model(model)) {
            if (root)
                m_removed[model].append(difference.type + u'.' + difference.member);
            return;
        }
        const QString owner = root ? difference.type : model;
        const QString subject = difference.member.isEmpty() ? owner : owner + u'.' + difference.member;
        m_groups[{subject, difference.kind}].append(difference.text);
        m_declared.insert(subject, root && !model.isEmpty() ? model : subject);
    }

    [[nodiscard]] QList<SchemaChange> removedModels() const
    {
        QList<SchemaChange> changes;
        for (auto removed = m_removed.cbegin(); removed != m_removed.cend(); ++removed) {
            changes.append({SchemaChange::Severity::Breaking, SchemaChange::Concern::Clients, removed.key(), removed.key(),
                            u"deployed apps sync the model and do not start without %1"_s.arg(removed->join(u", ")),
                            u"Keep the model until no deployed app has it."_s});
        }
        return changes;
    }

    void compareRules(const ModelType &model, QList<SchemaChange> &changes) const
    {
        const std::shared_ptr<const ModelType> now = m_after.model(model.name);
        if (!now)
            return;
        const auto add = [&changes](const QString &subject) {
            changes.append({SchemaChange::Severity::Dangerous, SchemaChange::Concern::Clients, subject, subject,
                            u"the rules of who may do what changed: deployed apps may be refused, or see more than before"_s,
                            u"Compare the @auth rules with what each kind of user does."_s});
        };
        if (model.authRules != now->authRules)
            add(model.name);
        for (const SchemaField &field : model.fields) {
            const int index = now->fieldIndex(field.name);
            if (index >= 0 && now->fields[size_t(index)].authRules != field.authRules)
                add(model.name + u'.' + field.name);
        }
    }

    const Schema &m_before;
    const Schema &m_after;
    const Origins m_origins;
    QMap<std::pair<QString, Difference::Kind>, QStringList> m_groups;
    QMap<QString, QStringList> m_removed;
    QHash<QString, QString> m_declared;         // by subject
};

} // namespace

QList<SchemaChange> changesForClients(const Schema &before, const Schema &after)
{
    return ClientComparison(before, after).run();
}

} // namespace Tideline::Tools
