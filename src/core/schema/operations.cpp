// SPDX-License-Identifier: MIT
#include "core/schema/appsyncschema.h"
#include "core/schema/names_p.h"
#include "core/schema/schemacontext_p.h"

#include <QtCore/QCryptographicHash>

using namespace Qt::StringLiterals;

namespace Tideline {

// The transformer cuts long names of subscriptions and makes them unique with a digest.
static QString subscriptionName(const QString &verb, const QString &model)
{
    const QString name = verb + upperFirst(model);
    if (name.size() <= 50)
        return name;
    const QByteArray digest = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Md5).toHex();
    return name.left(45) + QString::fromLatin1(digest.left(5));
}

namespace {

// The names given in one argument of @model: null switches off all, a member one of them.
class GivenNames
{
public:
    GivenNames(const GraphQL::Directive &model, QStringView argument)
    {
        const GraphQL::Value *value = findArgument(model, argument);
        m_off = value && isNull(*value);
        m_object = value ? std::get_if<GraphQL::ObjectValue>(&value->node) : nullptr;
    }

    [[nodiscard]] bool isOff() const { return m_off; }
    [[nodiscard]] const GraphQL::Value *member(QStringView name) const { return m_object ? findMember(*m_object, name) : nullptr; }

    [[nodiscard]] QString name(QStringView member, const QString &usual) const
    {
        const GraphQL::Value *value = this->member(member);
        return m_off ? QString() : value ? stringOf(value) : usual;
    }

    [[nodiscard]] QStringList names(QStringView member, const QString &usual) const
    {
        const GraphQL::Value *value = this->member(member);
        return m_off ? QStringList() : value ? stringsOf(value) : QStringList(usual);
    }

private:
    bool m_off = false;
    const GraphQL::ObjectValue *m_object = nullptr;
};

} // namespace

static ModelOperations::SubscriptionLevel levelOf(const GivenNames &subscriptions)
{
    const QString level = stringOf(subscriptions.member(u"level"));
    if (subscriptions.isOff() || level == u"off")
        return ModelOperations::SubscriptionLevel::Off;
    return level == u"public" ? ModelOperations::SubscriptionLevel::Public : ModelOperations::SubscriptionLevel::On;
}

static ModelOperations operationsOf(const ModelDraft &draft)
{
    const GraphQL::Directive &directive = *findDirective(draft.definition->directives, u"model");
    const GivenNames queries(directive, u"queries");
    const GivenNames mutations(directive, u"mutations");
    const GivenNames subscriptions(directive, u"subscriptions");
    const QString model = upperFirst(draft.model->name);

    ModelOperations result;
    result.get = queries.name(u"get", u"get"_s + model);
    result.list = queries.name(u"list", u"list"_s + upperFirst(draft.model->plural));
    result.create = mutations.name(u"create", u"create"_s + model);
    result.update = mutations.name(u"update", u"update"_s + model);
    result.remove = mutations.name(u"delete", u"delete"_s + model);
    result.level = levelOf(subscriptions);
    if (result.level == ModelOperations::SubscriptionLevel::Off)
        return result;
    if (!result.create.isEmpty())
        result.onCreate = subscriptions.names(u"onCreate", subscriptionName(u"onCreate"_s, model));
    if (!result.update.isEmpty())
        result.onUpdate = subscriptions.names(u"onUpdate", subscriptionName(u"onUpdate"_s, model));
    if (!result.remove.isEmpty())
        result.onDelete = subscriptions.names(u"onDelete", subscriptionName(u"onDelete"_s, model));
    return result;
}

// Two root fields of one name: the backend could answer only one of them.
static void checkUnique(SchemaContext &context, QHash<QString, QString> &taken, const ModelDraft &draft, const QStringList &names)
{
    for (const QString &name : names) {
        if (name.isEmpty())
            continue;
        if (!isName(name)) {
            context.problems.add(draft.place(), u"%1 cannot be the name of an operation of %2. Use letters, digits and _."_s
                                                    .arg(quoted(name), quoted(draft.model->name)));
            return;
        }
        if (taken.contains(name) && taken.value(name) != draft.model->name) {
            context.problems.add(draft.place(), u"%1 and %2 both have an operation named %3. Rename a model, or give the operation another name in @model."_s
                                                    .arg(quoted(taken.value(name)), quoted(draft.model->name), quoted(name)));
            return;
        }
        taken.insert(name, draft.model->name);
    }
}

// The fields the schema declares itself in a root type.
static QHash<QString, QString> declaredIn(const SchemaContext &context, const QString &rootType)
{
    QHash<QString, QString> taken;
    if (const GraphQL::TypeDefinition *type = context.type(rootType)) {
        for (const GraphQL::FieldDefinition &field : type->fields)
            taken.insert(field.name.value, rootType);
    }
    return taken;
}

void buildOperations(SchemaContext &context)
{
    checkTypeNames(context);
    QHash<QString, QString> queries = declaredIn(context, u"Query"_s);
    QHash<QString, QString> mutations = declaredIn(context, u"Mutation"_s);
    QHash<QString, QString> subscriptions = declaredIn(context, u"Subscription"_s);
    for (ModelDraft &draft : context.models) {
        draft.model->operations = operationsOf(draft);
        const ModelOperations &names = draft.model->operations;
        QStringList queryNames{names.get, names.list, u"sync"_s + upperFirst(draft.model->plural)};
        for (const Index &index : draft.model->indexes)
            queryNames.append(index.queryField);
        checkUnique(context, queries, draft, queryNames);
        checkUnique(context, mutations, draft, {names.create, names.update, names.remove});
        checkUnique(context, subscriptions, draft, names.onCreate + names.onUpdate + names.onDelete);
    }
}

/*!
    \relates Tideline::ModelType
    \since 0.1

    Returns the names of the root fields of \a model on the wire: the usual ones, or those that
    \c {@model(queries:, mutations:, subscriptions:)} gives, exactly as appSyncDocument() has them. An empty
    name means that the operation is switched off. Of several subscriptions of one kind it is the first;
    sync is always there. May be called from any thread.
*/
OperationNames operationNames(const ModelType &model)
{
    const ModelOperations &names = model.operations;
    return {names.create, names.update, names.remove, names.get, names.list, u"sync"_s + upperFirst(model.plural),
            names.onCreate.value(0), names.onUpdate.value(0), names.onDelete.value(0)};
}

} // namespace Tideline
