// SPDX-License-Identifier: MIT
#include "core/schema/relations_p.h"

#include "core/schema/names_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

using GraphQL::FieldDefinition;

static std::optional<Relation::Kind> kindOf(const QString &directive)
{
    if (directive == u"hasOne")
        return Relation::Kind::HasOne;
    if (directive == u"hasMany")
        return Relation::Kind::HasMany;
    if (directive == u"belongsTo")
        return Relation::Kind::BelongsTo;
    return std::nullopt;
}

static QString shapeProblem(const RelationDraft &relation, bool list)
{
    switch (relation.kind) {
    case Relation::Kind::HasMany:
        return list ? QString() : u"@hasMany must be used with a list. Write [%1], or use @hasOne."_s.arg(relation.target->model->name);
    case Relation::Kind::HasOne:
        return list ? u"@hasOne cannot be used with lists. Use @hasMany."_s : QString();
    case Relation::Kind::BelongsTo:
        return list ? u"@belongsTo cannot be used with lists. Write %1, or use @hasMany."_s.arg(relation.target->model->name) : QString();
    }
    return {};
}

void RelationBuilder::collect()
{
    for (ModelDraft &draft : m_context.models) {
        for (const FieldDefinition &field : draft.definition->fields)
            collectField(draft, field);
    }
}

void RelationBuilder::collectField(ModelDraft &draft, const FieldDefinition &field)
{
    const QString &name = field.name.value;
    ModelDraft *target = m_context.model(namedType(field.type).name.value);
    std::vector<const GraphQL::Directive *> directives;
    for (const GraphQL::Directive &directive : field.directives) {
        if (kindOf(directive.name.value))
            directives.push_back(&directive);
    }
    if (directives.empty()) {
        if (target) {
            add(draft.place(field.type.loc, name),
                u"Field %1 leads to model %2 but does not say how. Add @belongsTo, @hasOne or @hasMany."_s
                    .arg(quoted(name), quoted(target->model->name)));
        }
        return;
    }
    const Place place = draft.place(directives.back()->loc, name);
    if (directives.size() > 1) {
        add(place, u"Field %1 has @%2 and @%3. Keep one of them."_s
                       .arg(quoted(name), directives[0]->name.value, directives[1]->name.value));
    } else if (!target) {
        add(place, u"Object type %1 must be annotated with @model to be the target of @%2."_s
                       .arg(quoted(namedType(field.type).name.value), directives[0]->name.value));
    } else {
        collectRelation(draft, field, *directives[0], *target);
    }
}

void RelationBuilder::collectRelation(ModelDraft &draft, const FieldDefinition &field, const GraphQL::Directive &directive,
                                      ModelDraft &target)
{
    RelationDraft relation;
    relation.owner = &draft;
    relation.target = &target;
    relation.field = &field;
    relation.directive = &directive;
    relation.kind = *kindOf(directive.name.value);
    const QString shape = shapeProblem(relation, isList(field.type));
    const GraphQL::Value *fields = findArgument(directive, u"fields");
    const GraphQL::Value *references = findArgument(directive, u"references");
    const GraphQL::Value *limit = findArgument(directive, u"limit");
    relation.fields = stringsOf(fields);
    relation.references = stringsOf(references);
    relation.indexName = stringOf(findArgument(directive, u"indexName"));
    if (const auto *number = limit ? std::get_if<GraphQL::IntValue>(&limit->node) : nullptr)
        relation.limit = number->value.toInt();

    QString problem = shape;
    if (problem.isEmpty() && fields && references)
        problem = u"@%1 has 'fields' and 'references'. Use one of them."_s.arg(directive.name.value);
    else if (problem.isEmpty() && fields && relation.fields.isEmpty() && !isNull(*fields))
        problem = u"No fields passed to @%1. Name them, or leave the argument out."_s.arg(directive.name.value);
    else if (problem.isEmpty() && references && relation.references.isEmpty())
        problem = u"No reference fields passed to @%1. Name them."_s.arg(directive.name.value);
    else if (problem.isEmpty() && references && !relation.indexName.isEmpty())
        problem = u"@hasMany with 'references' has no indexName. Remove one of them."_s;
    else if (problem.isEmpty() && relation.limit <= 0)
        problem = u"The limit of @%1 must be at least 1."_s.arg(directive.name.value);
    if (problem.isEmpty())
        m_relations.push_back(relation);
    else
        add(relation.place(), problem);
}

Place RelationDraft::place() const
{
    return owner->place(directive->loc, field->name.value);
}

QString RelationDraft::name() const
{
    return owner->model->name + u'.' + field->name.value;
}

QStringList keyNames(const ModelDraft &draft)
{
    QStringList names;
    for (const int index : draft.model->primaryKey)
        names.append(draft.model->fields[size_t(index)].name);
    return names;
}

// The other side of a belongsTo: the first hasOne or hasMany that leads back.
RelationDraft *RelationBuilder::counterpartOf(const RelationDraft &relation)
{
    const auto found = std::find_if(m_relations.begin(), m_relations.end(), [&](const RelationDraft &other) {
        return other.owner == relation.target && other.target == relation.owner && other.kind != Relation::Kind::BelongsTo;
    });
    return found == m_relations.end() ? nullptr : &*found;
}

void RelationBuilder::checkPairs()
{
    for (const RelationDraft &relation : m_relations) {
        const QString here = relation.owner->model->name;
        const QString there = relation.target->model->name;
        const RelationDraft *back = counterpartOf(relation);
        if (relation.kind == Relation::Kind::BelongsTo && !back && !relation.owner->model->join) {
            add(relation.place(), u"%1 must have a relationship with %2 in order to use @belongsTo. Add a @hasOne or @hasMany field of type %2 to %1."_s
                                      .arg(there, here));
        }
        if (relation.kind != Relation::Kind::BelongsTo && back && relation.owner != relation.target && here < there) {
            add(relation.place(), u"%1 and %2 cannot refer to each other via @hasOne or @hasMany. Use @belongsTo for one of %3 and %4."_s
                                      .arg(here, there, quoted(relation.name()), quoted(back->name())));
        }
    }
    checkAmbiguity();
}

// Two fields that would silently share one foreign key.
void RelationBuilder::checkAmbiguity()
{
    for (auto it = m_relations.begin(); it != m_relations.end(); ++it) {
        if (!it->usesCounterpart())
            continue;
        const auto twin = std::find_if(m_relations.begin(), it, [&](const RelationDraft &other) {
            return other.owner == it->owner && other.target == it->target && other.usesCounterpart();
        });
        const RelationDraft *back = counterpartOf(*it);
        if (twin != it && back && back->kind == Relation::Kind::HasMany) {
            add(it->place(), u"%1 and %2 would share one foreign key. Declare a key field for each and name it: @belongsTo(fields: [...])."_s
                                 .arg(quoted(twin->name()), quoted(it->name())));
        }
    }
}

void RelationBuilder::build()
{
    collect();
    if (!m_context.problems.isEmpty())
        return;
    checkPairs();
    if (!m_context.problems.isEmpty())
        return;
    for (RelationDraft &relation : m_relations) {
        if (relation.kind != Relation::Kind::BelongsTo)
            resolve(relation);
    }
    for (RelationDraft &relation : m_relations) {
        if (relation.kind == Relation::Kind::BelongsTo && m_context.problems.isEmpty())
            resolve(relation);
    }
    if (!m_context.problems.isEmpty())
        return;
    for (const RelationDraft &relation : m_relations)
        finish(relation);
    checkCircles();
}

// Turns names into indices, now that all fields are there.
void RelationBuilder::finish(const RelationDraft &relation)
{
    Relation result;
    result.kind = relation.kind;
    result.name = relation.field->name.value;
    result.target = relation.target->model->name;
    result.required = isNonNull(relation.field->type);
    result.renamedFrom = formerNames(relation.field->directives);
    result.indexName = relation.indexName;
    result.joinRelation = m_context.joinRelations.value(relation.name());
    result.limit = relation.limit;
    for (const QString &name : relation.local)
        result.localFields.push_back(relation.owner->model->fieldIndex(name));
    for (const QString &name : relation.remote)
        result.targetFields.push_back(relation.target->model->fieldIndex(name));
    relation.owner->model->relations.push_back(std::move(result));
    if (!relation.foreignKeyIndex.isEmpty()) {
        Index index;
        index.name = relation.foreignKeyIndex;
        index.foreignKey = true;
        for (const QString &name : relation.remote)
            index.fields.push_back(relation.target->model->fieldIndex(name));
        relation.target->model->indexes.push_back(std::move(index));
    }
}

// Models that require each other: no record of any of them could be the first.
void RelationBuilder::checkCircles()
{
    const auto needed = [](const ModelDraft &draft) {
        std::vector<const Relation *> result;
        for (const Relation &relation : draft.model->relations) {
            const bool holdsKey = relation.kind == Relation::Kind::BelongsTo
                || (relation.kind == Relation::Kind::HasOne && relation.localFields != draft.model->primaryKey);
            if (holdsKey && relation.required && relation.target != draft.model->name)
                result.push_back(&relation);
        }
        return result;
    };
    for (ModelDraft &draft : m_context.models) {
        QStringList reached;
        std::vector<const ModelDraft *> open{&draft};
        while (!open.empty()) {
            const ModelDraft *next = open.back();
            open.pop_back();
            for (const Relation *relation : needed(*next)) {
                if (relation->target == draft.model->name) {
                    add(next->place(relation->name),
                        u"%1 requires %2, which in turn requires it, so that none can be saved first. Make one of the relations nullable."_s
                            .arg(quoted(next->model->name + u'.' + relation->name), quoted(relation->target)));
                    return;
                }
                if (!reached.contains(relation->target)) {
                    reached.append(relation->target);
                    open.push_back(m_context.model(relation->target));
                }
            }
        }
    }
}

void RelationBuilder::add(const Place &place, const QString &text)
{
    m_context.problems.add(place, text);
}

void buildRelations(SchemaContext &context)
{
    RelationBuilder(context).build();
}

} // namespace Tideline
