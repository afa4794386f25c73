// SPDX-License-Identifier: MIT
#include "core/schema/names_p.h"
#include "core/schema/schemacontext_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

static void addImplicitId(ModelDraft &draft)
{
    SchemaField id;
    id.name = u"id"_s;
    id.type = {FieldType::Kind::Scalar, Scalar::ID, u"ID"_s, false, true, false};
    id.implicit = true;
    draft.addField(std::move(id));
}

static bool fitsKey(const ModelDraft &draft, int index)
{
    return index >= 0 && !draft.model->fields[size_t(index)].type.list
        && draft.model->fields[size_t(index)].type.kind != FieldType::Kind::Embedded;
}

static QStringList fieldNamesOf(const ModelDraft &draft)
{
    QStringList names;
    for (const SchemaField &field : draft.model->fields)
        names.append(field.name);
    return names;
}

static void addKeyField(SchemaContext &context, ModelDraft &draft, const QString &name, const GraphQL::Location &loc)
{
    const int index = draft.model->fieldIndex(name);
    const QString model = quoted(draft.model->name);
    std::vector<int> &key = draft.model->primaryKey;
    QString problem;
    if (!draft.field(name)) {
        problem = u"Can't find field %1 in %2, but it was specified in the primary key.%3"_s
                      .arg(quoted(name), model, didYouMean(name, fieldNamesOf(draft)));
    } else if (!fitsKey(draft, index)) {
        problem = u"The primary key on type %1 cannot be a non-scalar, and field %2 is one. Use a field of type ID, String or Int."_s
                      .arg(model, quoted(name));
    } else if (std::find(key.begin(), key.end(), index) != key.end()) {
        problem = u"Field %1 is in the primary key of %2 twice."_s.arg(quoted(name), model);
    } else if (!draft.model->fields[size_t(index)].type.required && name != u"id") {
        problem = u"The primary key on type %1 must reference non-null fields: write \"!\" behind the type of %2."_s
                      .arg(model, quoted(name));
    }
    if (problem.isEmpty())
        key.push_back(index);
    else
        context.problems.add(draft.place(loc, name), problem);
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
    draft.model->declaredKey = true;
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

// Names of an index and its query: made from the fields where they are not given.
static Index namedIndex(const ModelDraft &draft, const GraphQL::Directive &directive, const QStringList &fields)
{
    const GraphQL::Value *name = findArgument(directive, u"name");
    const GraphQL::Value *queryField = findArgument(directive, u"queryField");
    const QString made = indexQueryName(draft.model->name, fields);
    Index index;
    index.name = name ? stringOf(name) : made;
    index.queryField = queryField ? stringOf(queryField) : made;    // null: no query
    return index;
}

static QString indexProblem(const ModelDraft &draft, const Index &index, const QStringList &fields)
{
    const QString name = quoted(index.name);
    const QString model = quoted(draft.model->name);
    if (index.name.isEmpty())
        return u"An @index needs a name: write one, or leave the argument out."_s;
    for (const Index &other : draft.model->indexes) {
        if (other.name == index.name)
            return u"You may only supply one @index with the name %1 on type %2. Rename one of them."_s.arg(name, model);
        if (other.name.compare(index.name, Qt::CaseInsensitive) == 0)
            return u"Indexes %1 and %2 of %3 differ in case only. Rename one of them."_s.arg(quoted(other.name), name, model);
    }
    for (qsizetype i = 0; i < fields.size(); ++i) {
        if (!draft.field(fields[i])) {
            return u"Can't find field %1 in %2, but it was specified in index %3.%4"_s
                .arg(quoted(fields[i]), model, name, didYouMean(fields[i], fieldNamesOf(draft)));
        }
        if (!fitsKey(draft, draft.model->fieldIndex(fields[i])))
            return u"Index %1 on type %2 cannot be a non-scalar, and field %3 is one."_s.arg(name, model, quoted(fields[i]));
        if (fields.indexOf(fields[i]) != i)
            return u"Field %1 is in index %2 twice."_s.arg(quoted(fields[i]), name);
    }
    const std::vector<int> &key = draft.model->primaryKey;
    const bool declared = findDirective(draft.field(fields.first())->directives, u"primaryKey");
    if (declared && key.size() == 1)
        return u"Index %1 begins with the primary key %2, which finds records by itself. Remove the @index."_s
            .arg(name, quoted(fields.first()));
    return {};
}

static void buildIndex(SchemaContext &context, ModelDraft &draft, const GraphQL::FieldDefinition &field,
                       const GraphQL::Directive &directive)
{
    const QStringList fields = QStringList(field.name.value) + stringsOf(findArgument(directive, u"sortKeyFields"));
    Index index = namedIndex(draft, directive, fields);
    const QString problem = indexProblem(draft, index, fields);
    if (!problem.isEmpty()) {
        context.problems.add(draft.place(directive.loc, field.name.value), problem);
        return;
    }
    for (const QString &name : fields)
        index.fields.push_back(draft.model->fieldIndex(name));
    draft.model->indexes.push_back(std::move(index));
}

void buildIndexes(SchemaContext &context)
{
    for (ModelDraft &draft : context.models) {
        for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
            for (const GraphQL::Directive &directive : field.directives) {
                if (directive.name.value == u"index")
                    buildIndex(context, draft, field, directive);
            }
        }
    }
}

} // namespace Tideline
