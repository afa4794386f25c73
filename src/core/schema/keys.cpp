// SPDX-License-Identifier: MIT
#include "core/schema/schemacontext_p.h"

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

static void addImplicitId(ModelDraft &draft)
{
    SchemaField id;
    id.name = u"id"_s;
    id.type = {FieldType::Kind::Scalar, Scalar::ID, u"ID"_s, false, true, false};
    id.implicit = true;
    draft.addField(std::move(id));
}

static void addKeyField(SchemaContext &context, ModelDraft &draft, const QString &name, const GraphQL::Location &loc)
{
    const int index = draft.model->fieldIndex(name);
    if (index < 0 && draft.field(name) == nullptr) {
        QStringList known;
        for (const SchemaField &field : draft.model->fields)
            known.append(field.name);
        context.problems.add(draft.place(loc, name),
                             u"Can't find field %1 in %2, but it was specified in the primary key.%3"_s
                                 .arg(quoted(name), quoted(draft.model->name), didYouMean(name, known)));
        return;
    }
    if (index < 0 || draft.model->fields[size_t(index)].type.list
        || draft.model->fields[size_t(index)].type.kind == FieldType::Kind::Embedded) {
        context.problems.add(draft.place(loc, name),
                             u"The primary key on type %1 cannot be a non-scalar, and field %2 is one. Use a field of type ID, String or Int."_s
                                 .arg(quoted(draft.model->name), quoted(name)));
        return;
    }
    if (std::find(draft.model->primaryKey.begin(), draft.model->primaryKey.end(), index) != draft.model->primaryKey.end()) {
        context.problems.add(draft.place(loc, name), u"Field %1 is in the primary key of %2 twice."_s
                                                         .arg(quoted(name), quoted(draft.model->name)));
        return;
    }
    draft.model->primaryKey.push_back(index);
}

static void addDeclaredKey(SchemaContext &context, ModelDraft &draft, const GraphQL::FieldDefinition &field,
                           const GraphQL::Directive &directive)
{
    if (!draft.model->primaryKey.empty()) {
        context.problems.add(draft.place(directive.loc, field.name.value),
                             u"You may only supply one primary key on type %1. Remove this @primaryKey, or list the field in the other's sortKeyFields."_s
                                 .arg(quoted(draft.model->name)));
        return;
    }
    addKeyField(context, draft, field.name.value, field.type.loc);
    const GraphQL::Value *sortKeys = findArgument(directive, u"sortKeyFields");
    for (const QString &name : stringsOf(sortKeys))
        addKeyField(context, draft, name, locationOf(*sortKeys));
}

static void buildPrimaryKey(SchemaContext &context, ModelDraft &draft)
{
    for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
        if (const GraphQL::Directive *directive = findDirective(field.directives, u"primaryKey"))
            addDeclaredKey(context, draft, field, *directive);
    }
    if (!draft.model->primaryKey.empty() || !context.problems.isEmpty())
        return;
    if (draft.field(u"id"_s))
        addKeyField(context, draft, u"id"_s, draft.field(u"id"_s)->type.loc);
    else
        addImplicitId(draft);
    if (draft.model->primaryKey.empty() && context.problems.isEmpty())
        draft.model->primaryKey.push_back(draft.model->fieldIndex(u"id"));
}

void buildPrimaryKeys(SchemaContext &context)
{
    for (ModelDraft &draft : context.models) {
        buildPrimaryKey(context, draft);
        for (const int index : draft.model->primaryKey)
            draft.model->fields[size_t(index)].type.required = true;    // a key is never null, whatever the text says
    }
}

} // namespace Tideline
