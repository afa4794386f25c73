// SPDX-License-Identifier: MIT
#include "core/schema/appsyncschema.h"
#include "core/schema/names_p.h"
#include "core/schema/schemacontext_p.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

using GraphQL::TypeDefinition;

static QString descriptionOf(const std::optional<GraphQL::StringValue> &description)
{
    return description ? description->value : QString();
}

static bool isRootType(const QString &name)
{
    return name == "Query"_L1 || name == "Mutation"_L1 || name == "Subscription"_L1;
}

static void checkNoArguments(SchemaContext &context, const GraphQL::FieldDefinition &field, const QString &type)
{
    if (!field.arguments.empty()) {
        context.problems.add({field.arguments.front().loc, type, field.name.value},
                             u"A stored field takes no arguments. Remove them from %1."_s
                                 .arg(quoted(type + u'.' + field.name.value)));
    }
}

static void buildEnum(SchemaContext &context, const TypeDefinition &type)
{
    EnumType result{type.name.value, descriptionOf(type.description), {}, {}};
    for (const GraphQL::EnumValueDefinition &value : type.values) {
        result.values.append(value.name.value);
        for (const QString &former : formerNames(value.directives))
            result.renamedValues.insert(former, value.name.value);
    }
    context.result->enumNumbers.insert(result.name, int(context.result->enums.size()));
    context.result->enums.push_back(std::move(result));
}

static void buildEmbedded(SchemaContext &context, const TypeDefinition &type)
{
    EmbeddedType result{type.name.value, descriptionOf(type.description), {}, namesOf(type.interfaces)};
    for (const GraphQL::FieldDefinition &field : type.fields) {
        const Place place{field.type.loc, result.name, field.name.value};
        checkNoArguments(context, field, result.name);
        const std::optional<FieldType> fieldType = fieldTypeOf(context, field.type, place);
        if (!fieldType)
            continue;
        const TypeDefinition *target = context.type(fieldType->name);
        if (target && isModel(*target)) {
            context.problems.add(place, u"Type %1 is no model, so its field %2 cannot hold the model %3. Store the key in a field of type ID."_s
                                            .arg(quoted(result.name), quoted(field.name.value), quoted(fieldType->name)));
            continue;
        }
        SchemaField built;
        built.name = field.name.value;
        built.type = *fieldType;
        built.description = descriptionOf(field.description);
        built.renamedFrom = formerNames(field.directives);
        result.fields.push_back(std::move(built));
    }
    context.result->embeddedNumbers.insert(result.name, int(context.result->embedded.size()));
    context.result->embedded.push_back(std::move(result));
}

// Directives that say something about a stored record make no sense in types that are none.
static void checkModelOnly(SchemaContext &context, const TypeDefinition &type)
{
    static const QStringList modelOnly{u"primaryKey"_s, u"index"_s, u"default"_s, u"conflict"_s, u"hasOne"_s, u"hasMany"_s, u"belongsTo"_s, u"manyToMany"_s};
    for (const GraphQL::FieldDefinition &field : type.fields) {
        for (const GraphQL::Directive &directive : field.directives) {
            if (modelOnly.contains(directive.name.value)) {
                context.problems.add({directive.loc, type.name.value, field.name.value},
                                     u"The @%1 directive may only be added to object definitions annotated with @model. "
                                     "Remove it, or add @model to %2."_s.arg(directive.name.value, quoted(type.name.value)));
            }
        }
    }
    if (const GraphQL::Directive *auth = findDirective(type.directives, u"auth")) {
        context.problems.add({auth->loc, type.name.value, {}},
                             u"Types annotated with @auth must also be annotated with @model. Remove the rules from %1."_s
                                 .arg(quoted(type.name.value)));
    }
}

// Follows only fields that must hold a value: a circle of those can have no value at all.
static bool needsItself(const SchemaPrivate &schema, const QString &start, const QString &name, QSet<QString> &seen)
{
    const int number = schema.embeddedNumbers.value(name, -1);
    if (number < 0 || seen.contains(name))
        return false;
    seen.insert(name);
    const auto &fields = schema.embedded[size_t(number)].fields;
    return std::any_of(fields.begin(), fields.end(), [&](const SchemaField &field) {
        if (field.type.kind != FieldType::Kind::Embedded || !field.type.required || field.type.list)
            return false;
        return field.type.name == start || needsItself(schema, start, field.type.name, seen);
    });
}

static void checkEmbeddedCircles(SchemaContext &context)
{
    for (const EmbeddedType &type : context.result->embedded) {
        QSet<QString> seen;
        if (needsItself(*context.result, type.name, type.name, seen)) {
            context.problems.add({context.type(type.name)->name.loc, type.name, {}},
                                 u"Type %1 requires a value of itself, so it can have no value. Make one of the fields on the way nullable."_s
                                     .arg(quoted(type.name)));
        }
    }
}

// Enums, and object types that are neither models nor roots.
void buildValueTypes(SchemaContext &context)
{
    for (const auto &type : context.types) {
        if (!isModel(*type))
            checkModelOnly(context, *type);
        if (type->kind == TypeDefinition::Kind::Enum)
            buildEnum(context, *type);
        else if (type->kind != TypeDefinition::Kind::Object)
            context.result->others.definitions.push_back(*type);
        else if (isRootType(type->name.value))
            context.result->others.definitions.push_back(*type);
        else if (!isModel(*type))
            buildEmbedded(context, *type);
    }
    checkEmbeddedCircles(context);
}

static bool checkFieldName(SchemaContext &context, const ModelDraft &draft, const QString &name)
{
    static const QStringList noted{u"_version"_s, u"_deleted"_s, u"_lastChangedAt"_s, u"_ttl"_s};
    static const QStringList grammar{u"and"_s, u"or"_s, u"not"_s};
    if (noted.contains(name)) {
        context.problems.add(draft.place(name), u"Field name %1 is reserved for what the backend notes about a record. Rename the field."_s
                                                    .arg(quoted(name)));
    } else if (grammar.contains(name)) {
        context.problems.add(draft.place(name), u"Field name %1 is reserved: filters combine conditions with it. Rename the field."_s
                                                    .arg(quoted(name)));
    } else {
        return true;
    }
    return false;
}

static void buildField(SchemaContext &context, ModelDraft &draft, const GraphQL::FieldDefinition &field)
{
    const QString &name = field.name.value;
    checkNoArguments(context, field, draft.model->name);
    if (!checkFieldName(context, draft, name))
        return;
    const std::optional<FieldType> type = fieldTypeOf(context, field.type, draft.place(field.type.loc, name));
    if (!type)
        return;
    const TypeDefinition *target = context.type(type->name);
    if (target && isModel(*target))
        return;                                 // a relation
    if (isRootType(type->name)) {
        context.problems.add(draft.place(field.type.loc, name),
                             u"Field %1 cannot hold %2, a root type."_s.arg(quoted(name), quoted(type->name)));
        return;
    }
    SchemaField built;
    built.name = name;
    built.type = *type;
    built.description = descriptionOf(field.description);
    built.renamedFrom = formerNames(field.directives);
    draft.addField(std::move(built));
}

// Tables and columns of the local file are found without regard to case.
static void checkCase(SchemaContext &context)
{
    QHash<QString, QString> models;
    for (const ModelDraft &draft : context.models) {
        const QString name = draft.model->name;
        const QString other = models.value(name.toLower());
        if (!other.isEmpty())
            context.problems.add(draft.place(), u"Models %1 and %2 differ in case only. Rename one of them."_s.arg(quoted(other), quoted(name)));
        models.insert(name.toLower(), name);
        QHash<QString, QString> fields;
        for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
            const QString known = fields.value(field.name.value.toLower());
            if (!known.isEmpty()) {
                context.problems.add(draft.place(field.name.value), u"Fields %1 and %2 of %3 differ in case only. Rename one of them."_s
                                                                        .arg(quoted(known), quoted(field.name.value), quoted(name)));
            }
            fields.insert(field.name.value.toLower(), field.name.value);
        }
    }
}

void buildModels(SchemaContext &context)
{
    for (const auto &type : context.types) {
        if (!isModel(*type))
            continue;
        ModelDraft draft{type.get(), std::make_shared<ModelType>()};
        draft.model->name = type->name.value;
        draft.model->plural = pluralOf(type->name.value);
        draft.model->description = descriptionOf(type->description);
        draft.model->interfaces = namesOf(type->interfaces);
        draft.model->renamedFrom = formerNames(type->directives);
        draft.model->join = context.joinModels.contains(type->name.value);
        draft.model->number = int(context.models.size());
        context.modelNumbers.insert(type->name.value, int(context.models.size()));
        context.models.push_back(std::move(draft));
    }
    for (ModelDraft &draft : context.models) {
        for (const GraphQL::FieldDefinition &field : draft.definition->fields)
            buildField(context, draft, field);
    }
    checkCase(context);
}

// Names of the timestamp fields: empty when switched off by null.
static QString timestampName(const TypeDefinition &type, const QString &which)
{
    const GraphQL::Directive *model = findDirective(type.directives, u"model");
    const GraphQL::Value *timestamps = findArgument(*model, u"timestamps");
    if (!timestamps)
        return which;
    const auto *object = std::get_if<GraphQL::ObjectValue>(&timestamps->node);
    if (!object)
        return {};
    const GraphQL::Value *name = findMember(*object, which);
    return name ? stringOf(name) : which;
}

static QString buildTimestamp(SchemaContext &context, ModelDraft &draft, const QString &which)
{
    const QString name = timestampName(*draft.definition, which);
    if (name.isEmpty())
        return {};
    if (!isName(name)) {
        const GraphQL::Directive *model = findDirective(draft.definition->directives, u"model");
        context.problems.add(draft.place(model->loc), u"%1 cannot be the name of a field."_s.arg(quoted(name)));
        return {};
    }
    if (draft.field(name) && draft.model->fieldIndex(name) < 0) {
        context.problems.add(draft.place(name), u"Field %1 leads to a model, but the backend writes a time there. "
                                                "Rename it, or give the time another name: @model(timestamps: {%2: \"...\"})."_s
                                                    .arg(quoted(name), which));
        return {};
    }
    const int declared = draft.model->fieldIndex(name);
    if (declared >= 0) {
        const FieldType &type = draft.model->fields[size_t(declared)].type;
        const bool fits = type.kind == FieldType::Kind::Scalar && !type.list
            && (type.scalar == Scalar::AWSDateTime || type.scalar == Scalar::String);
        return fits ? name : QString();         // of another type: the backend leaves it alone
    }
    SchemaField field;
    field.name = name;
    field.type = {FieldType::Kind::Scalar, Scalar::AWSDateTime, u"AWSDateTime"_s, false, true, false};
    field.implicit = true;
    field.readOnly = true;
    draft.addField(std::move(field));
    return name;
}

void buildTimestamps(SchemaContext &context)
{
    for (ModelDraft &draft : context.models) {
        draft.model->createdAt = buildTimestamp(context, draft, u"createdAt"_s);
        draft.model->updatedAt = buildTimestamp(context, draft, u"updatedAt"_s);
        if (!draft.model->createdAt.isEmpty() && draft.model->createdAt == draft.model->updatedAt)
            context.problems.add(draft.place(), u"createdAt and updatedAt of %1 are the same field %2. Give them two names."_s
                                                    .arg(quoted(draft.model->name), quoted(draft.model->createdAt)));
    }
}

} // namespace Tideline
