// SPDX-License-Identifier: MIT
#include "core/schema/appsyncbuilder_p.h"

#include "core/schema/astbuilder_p.h"
#include "core/schema/names_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

// Inputs of a model: what mutations take, and the filters of queries, conditions and subscriptions.
namespace Tideline {

using GraphQL::InputValueDefinition;

static bool isKey(const ModelType &model, const SchemaField &field)
{
    return std::any_of(model.primaryKey.begin(), model.primaryKey.end(),
                       [&](int index) { return model.fields[size_t(index)].name == field.name; });
}

static bool isForeignKey(const SchemaField &field)
{
    return field.implicit && !field.readOnly && field.name != u"id";
}

static bool isTimestamp(const ModelType &model, const SchemaField &field)
{
    return field.name == model.createdAt || field.name == model.updatedAt;
}

// The enum input for lists serves nullable lists only; the transformer takes a required one for a single value.
static bool isEnumList(const FieldType &type)
{
    return type.kind == FieldType::Kind::Enum && type.list && !type.required;
}

static QString operatorScalar(const FieldType &type)
{
    switch (type.scalar) {
    case Scalar::ID:
        return u"ID"_s;
    case Scalar::Int:
    case Scalar::AWSTimestamp:
        return u"Int"_s;
    case Scalar::Float:
        return u"Float"_s;
    case Scalar::Boolean:
        return u"Boolean"_s;
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        return u"String"_s;
    }
    return {};
}

// ModelSizeInput compares the sizes of texts. AWS takes it for an enum Size too, and then no filter on that can be written.
static QString enumFilterName(const FieldType &type)
{
    if (isEnumList(type))
        return u"Model%1ListInput"_s.arg(type.name);
    return type.name == u"Size" ? u"ModelSizeEnumInput"_s : u"Model%1Input"_s.arg(type.name);
}

QString scalarFilterName(const FieldType &type)
{
    if (type.kind == FieldType::Kind::Enum)
        return enumFilterName(type);
    return u"Model%1Input"_s.arg(operatorScalar(type));
}

static QString subscriptionFilterName(const FieldType &type)
{
    const QString scalar = type.kind == FieldType::Kind::Enum ? u"String"_s : operatorScalar(type);
    return u"ModelSubscription%1Input"_s.arg(scalar);
}

QString keyConditionName(const FieldType &type)
{
    const QString scalar = type.kind == FieldType::Kind::Enum ? u"String"_s : operatorScalar(type);
    return u"Model%1KeyConditionInput"_s.arg(scalar);
}

void AppSyncBuilder::addModelInputs(const ModelType &model)
{
    addEmbeddedInputs(model.fields);
    addEnumFilters(model.fields);
    addFilterInput(model);
    addConditionInput(model);
    if (!model.operations.create.isEmpty())
        addCreateInput(model);
    if (!model.operations.update.isEmpty())
        addUpdateInput(model);
    if (!model.operations.remove.isEmpty())
        addDeleteInput(model);
    if (!model.operations.onCreate.isEmpty() || !model.operations.onUpdate.isEmpty() || !model.operations.onDelete.isEmpty())
        addSubscriptionFilterInput(model);
}

void AppSyncBuilder::addCreateInput(const ModelType &model)
{
    Inputs fields;
    for (const SchemaField &field : model.fields) {
        if (field.readOnly)
            continue;
        FieldType type = field.type;
        const bool madeId = field.name == u"id" && (type.scalar == Scalar::ID || type.scalar == Scalar::String);
        if (madeId || isTimestamp(model, field) || field.defaultValue)
            type.required = false;
        fields.push_back(GraphQL::input(field.name, inputType(type)));
    }
    fields.push_back(GraphQL::input(u"_version"_s, GraphQL::named(u"Int"_s)));
    addInput(u"Create%1Input"_s.arg(upperFirst(model.name)), std::move(fields));
}

void AppSyncBuilder::addUpdateInput(const ModelType &model)
{
    Inputs fields;
    for (const SchemaField &field : model.fields) {
        if (field.readOnly)
            continue;
        FieldType type = field.type;
        type.required = isKey(model, field);
        fields.push_back(GraphQL::input(field.name, inputType(type)));
    }
    fields.push_back(GraphQL::input(u"_version"_s, GraphQL::named(u"Int"_s)));
    addInput(u"Update%1Input"_s.arg(upperFirst(model.name)), std::move(fields));
}

void AppSyncBuilder::addDeleteInput(const ModelType &model)
{
    Inputs fields;
    for (const int index : model.primaryKey) {
        FieldType type = model.fields[size_t(index)].type;
        type.required = true;
        fields.push_back(GraphQL::input(model.fields[size_t(index)].name, inputType(type)));
    }
    fields.push_back(GraphQL::input(u"_version"_s, GraphQL::named(u"Int"_s)));
    addInput(u"Delete%1Input"_s.arg(upperFirst(model.name)), std::move(fields));
}

static void addGroups(std::vector<InputValueDefinition> &fields, const QString &name, bool negation)
{
    fields.push_back(GraphQL::input(u"and"_s, GraphQL::listOf(GraphQL::named(name))));
    fields.push_back(GraphQL::input(u"or"_s, GraphQL::listOf(GraphQL::named(name))));
    if (negation)
        fields.push_back(GraphQL::input(u"not"_s, GraphQL::named(name)));
    fields.push_back(GraphQL::input(u"_deleted"_s, GraphQL::named(u"ModelBooleanInput"_s)));
}

void AppSyncBuilder::addFilterInput(const ModelType &model)
{
    const QString name = u"Model%1FilterInput"_s.arg(upperFirst(model.name));
    Inputs fields;
    for (const SchemaField &field : model.fields) {
        if (field.type.kind != FieldType::Kind::Embedded)
            fields.push_back(GraphQL::input(field.name, GraphQL::named(scalarFilterName(field.type))));
    }
    if (model.fieldIndex(u"id") < 0)                    // AWS offers it even where there is no such field
        fields.push_back(GraphQL::input(u"id"_s, GraphQL::named(u"ModelIDInput"_s)));
    addGroups(fields, name, true);
    addInput(name, std::move(fields));
}

void AppSyncBuilder::addConditionInput(const ModelType &model)
{
    const QString name = u"Model%1ConditionInput"_s.arg(upperFirst(model.name));
    Inputs fields;
    for (const SchemaField &field : model.fields) {
        if (field.type.kind != FieldType::Kind::Embedded && !isKey(model, field) && field.name != u"id")
            fields.push_back(GraphQL::input(field.name, GraphQL::named(scalarFilterName(field.type))));
    }
    addGroups(fields, name, true);
    addInput(name, std::move(fields));
}

// AWS names the key of a hasMany here in the filter of the parent, not of the child that has it; so do we,
// since clients were made from such schemas.
static void addForeignKeys(std::vector<InputValueDefinition> &fields, const Schema &schema, const ModelType &model)
{
    const auto addKey = [&](const SchemaField &field) {
        const bool known = std::any_of(fields.begin(), fields.end(), [&](const auto &one) { return one.name.value == field.name; });
        if (isForeignKey(field) && !known)
            fields.push_back(GraphQL::input(field.name, GraphQL::named(subscriptionFilterName(field.type))));
    };
    for (const Relation &relation : model.relations) {
        const ModelType &holder = relation.kind == Relation::Kind::HasMany ? *schema.target(relation) : model;
        const std::vector<int> &key = relation.kind == Relation::Kind::HasMany ? relation.targetFields : relation.localFields;
        const bool ofAnother = relation.kind == Relation::Kind::BelongsTo
            && std::any_of(schema.target(relation)->relations.begin(), schema.target(relation)->relations.end(), [&](const Relation &back) {
                   return back.kind == Relation::Kind::HasMany && back.target == model.name && back.targetFields == relation.localFields;
               });
        for (const int index : ofAnother ? std::vector<int>() : key)
            addKey(holder.fields[size_t(index)]);
    }
}

void AppSyncBuilder::addSubscriptionFilterInput(const ModelType &model)
{
    const QString name = u"ModelSubscription%1FilterInput"_s.arg(upperFirst(model.name));
    QStringList owners, groups;
    for (const AccessMatrix::Role &role : m_auth.matrix(model).roles()) {
        if (role.allow == AuthRule::Allow::Owner && !owners.contains(role.field))
            owners.append(role.field);
        else if (role.allow == AuthRule::Allow::Groups && !role.field.isEmpty())
            groups.append(role.field);
    }
    Inputs fields;
    for (const SchemaField &field : model.fields) {
        const bool skipped = field.type.kind == FieldType::Kind::Embedded || isForeignKey(field)
            || owners.contains(field.name) || groups.contains(field.name);
        if (!skipped)
            fields.push_back(GraphQL::input(field.name, GraphQL::named(subscriptionFilterName(field.type))));
    }
    if (model.fieldIndex(u"id") < 0)
        fields.push_back(GraphQL::input(u"id"_s, GraphQL::named(u"ModelSubscriptionIDInput"_s)));
    addGroups(fields, name, false);
    addForeignKeys(fields, m_schema, model);
    for (const QString &owner : owners)
        fields.push_back(GraphQL::input(owner, GraphQL::named(u"ModelStringInput"_s)));
    addInput(name, std::move(fields));
}

void AppSyncBuilder::addEmbeddedInputs(const std::vector<SchemaField> &fields)
{
    for (const SchemaField &field : fields) {
        const EmbeddedType *type = field.type.kind == FieldType::Kind::Embedded ? m_schema.embeddedType(field.type.name) : nullptr;
        const QString name = upperFirst(field.type.name) + u"Input"_s;
        if (!type || m_names.contains(name))
            continue;
        Inputs inputs;
        for (const SchemaField &inner : type->fields)
            inputs.push_back(GraphQL::input(inner.name, inputType(inner.type)));
        addInput(name, std::move(inputs));
        addEmbeddedInputs(type->fields);
    }
}

void AppSyncBuilder::addEnumFilters(const std::vector<SchemaField> &fields)
{
    for (const SchemaField &field : fields) {
        if (field.type.kind != FieldType::Kind::Enum)
            continue;
        const GraphQL::TypeReference element = GraphQL::named(field.type.name);
        const bool list = isEnumList(field.type);
        const GraphQL::TypeReference whole = list ? GraphQL::listOf(element) : element;
        Inputs inputs{GraphQL::input(u"eq"_s, whole), GraphQL::input(u"ne"_s, whole)};
        if (list) {
            inputs.push_back(GraphQL::input(u"contains"_s, element));
            inputs.push_back(GraphQL::input(u"notContains"_s, element));
        }
        addInput(scalarFilterName(field.type), std::move(inputs));
    }
}

} // namespace Tideline
