// SPDX-License-Identifier: MIT
#include "core/schema/names_p.h"
#include "core/schema/relations_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

// Where the foreign key of a relation is, in the three spellings: fields, references, defaults.
namespace Tideline {

void RelationBuilder::resolve(RelationDraft &relation)
{
    if (!relation.references.isEmpty())
        resolveReferences(relation);
    else if (!relation.fields.isEmpty() || !relation.indexName.isEmpty())
        resolveFields(relation);
    else
        resolveDefaults(relation);
}

bool RelationBuilder::checkNames(const RelationDraft &relation, const ModelDraft &draft, const QStringList &names)
{
    QStringList known;
    for (const SchemaField &field : draft.model->fields)
        known.append(field.name);
    for (const QString &name : names) {
        const int index = draft.model->fieldIndex(name);
        if (index < 0) {
            add(relation.place(), u"%1 is not a field in %2.%3"_s.arg(quoted(name), quoted(draft.model->name), didYouMean(name, known)));
            return false;
        }
        const FieldType &type = draft.model->fields[size_t(index)].type;
        if (type.list || type.kind == FieldType::Kind::Embedded) {
            add(relation.place(), u"All fields provided to @%1 must be scalar or enum fields, and %2 is not."_s
                                      .arg(relation.directive->name.value, quoted(name)));
            return false;
        }
    }
    return true;
}

bool RelationBuilder::checkCount(const RelationDraft &relation, const ModelDraft &keyOwner, qsizetype given, const QString &what)
{
    const QStringList keys = keyNames(keyOwner);
    if (keys.size() == given)
        return true;
    add(relation.place(), u"The number of %1 provided to @%2 must match the number of primary keys on %3: %4 given, %5 needed (%6)."_s
                              .arg(what, relation.directive->name.value, quoted(keyOwner.model->name))
                              .arg(given).arg(keys.size()).arg(keys.join(u", "_s)));
    return false;
}

bool RelationBuilder::checkTypes(const RelationDraft &relation, bool idIsString)
{
    const auto typeOf = [](const ModelDraft &draft, const QString &name) {
        return draft.model->fields[size_t(draft.model->fieldIndex(name))].type.name;
    };
    const auto text = [](const QString &type) { return type == u"ID" || type == u"String"; };
    for (qsizetype i = 0; i < relation.local.size(); ++i) {
        const QString local = typeOf(*relation.owner, relation.local[i]);
        const QString remote = typeOf(*relation.target, relation.remote[i]);
        if (local == remote || (idIsString && text(local) && text(remote)))
            continue;
        add(relation.place(), u"%1 field is not of type %2, which is the type of %3. Give both the same type."_s
                                  .arg(quoted(relation.owner->model->name + u'.' + relation.local[i]), remote,
                                       quoted(relation.target->model->name + u'.' + relation.remote[i])));
        return false;
    }
    return true;
}

// fields: of this model. They equal the other's primary key, or an index of it when one is named.
void RelationBuilder::resolveFields(RelationDraft &relation)
{
    relation.local = relation.fields.isEmpty() ? keyNames(*relation.owner) : relation.fields;
    if (!checkNames(relation, *relation.owner, relation.local))
        return;
    if (relation.kind == Relation::Kind::HasMany)
        resolveByIndex(relation);
    else if (checkCount(relation, *relation.target, relation.local.size(), u"fields"_s))
        relation.remote = keyNames(*relation.target);
    if (!relation.remote.isEmpty())
        (void)checkTypes(relation, false);
}

void RelationBuilder::resolveByIndex(RelationDraft &relation)
{
    const ModelType &target = *relation.target->model;
    QStringList remote = keyNames(*relation.target);
    if (!relation.indexName.isEmpty()) {
        QStringList known;
        for (const Index &index : target.indexes)
            known.append(index.name);
        const qsizetype found = known.indexOf(relation.indexName);
        if (found < 0) {
            add(relation.place(), u"Index %1 does not exist for model %2.%3 Add @index(name: %1) to the field of %2 that holds the key."_s
                                      .arg(quoted(relation.indexName), target.name, didYouMean(relation.indexName, known)));
            return;
        }
        remote.clear();
        for (const int index : target.indexes[size_t(found)].fields)
            remote.append(target.fields[size_t(index)].name);
    }
    const qsizetype given = relation.local.size();
    if (given > remote.size() || (given > 1 && given != remote.size())) {
        add(relation.place(), u"Invalid @hasMany directive on %1. Partial sort keys are not accepted: give one field, or one for each of %2."_s
                                  .arg(quoted(relation.field->name.value), remote.join(u", "_s)));
        return;
    }
    relation.remote = remote.first(given);
}

// references: of the model that holds the key, the same on both sides.
void RelationBuilder::resolveReferences(RelationDraft &relation)
{
    const bool holder = relation.kind == Relation::Kind::BelongsTo;
    const ModelDraft &child = holder ? *relation.owner : *relation.target;
    const ModelDraft &parent = holder ? *relation.target : *relation.owner;
    if (!checkNames(relation, child, relation.references)
        || !checkCount(relation, parent, relation.references.size(), u"references"_s))
        return;
    relation.local = holder ? relation.references : keyNames(parent);
    relation.remote = holder ? keyNames(parent) : relation.references;
    if (!checkTypes(relation, true))
        return;
    if (!holder)
        relation.foreignKeyIndex = u"gsi-%1"_s.arg(relation.name());
    checkOtherReferences(relation);
}

void RelationBuilder::checkOtherReferences(const RelationDraft &relation)
{
    const bool found = std::any_of(m_relations.begin(), m_relations.end(), [&](const RelationDraft &other) {
        return other.owner == relation.target && other.target == relation.owner && other.references == relation.references
            && (other.kind == Relation::Kind::BelongsTo) != (relation.kind == Relation::Kind::BelongsTo);
    });
    if (found)
        return;
    const bool holder = relation.kind == Relation::Kind::BelongsTo;
    add(relation.place(), u"Uni-directional relationships are not supported with 'references'. Add a %1 field of type %2 to %3 with references: [%4]."_s
                              .arg(holder ? u"@hasMany or @hasOne"_s : u"@belongsTo"_s, relation.owner->model->name,
                                   relation.target->model->name, relation.references.join(u", "_s)));
}

// Nothing said: the key gets a made name. Of hasMany it is in the target, else here.
void RelationBuilder::resolveDefaults(RelationDraft &relation)
{
    switch (relation.kind) {
    case Relation::Kind::HasMany:
        relation.local = keyNames(*relation.owner);
        makeForeignKey(*relation.target, *relation.owner, relation, relation.remote);
        relation.foreignKeyIndex = u"gsi-%1"_s.arg(relation.name());
        return;
    case Relation::Kind::HasOne:
        relation.remote = keyNames(*relation.target);
        makeForeignKey(*relation.owner, *relation.target, relation, relation.local);
        return;
    case Relation::Kind::BelongsTo:
        break;
    }
    relation.remote = keyNames(*relation.target);
    const RelationDraft &other = *counterpartOf(relation);
    const bool keyIsHere = other.kind == Relation::Kind::HasMany || !other.references.isEmpty();
    if (!keyIsHere)
        makeForeignKey(*relation.owner, *relation.target, relation, relation.local);
    else if (other.local == relation.remote)
        relation.local = other.remote;
    else
        add(relation.place(), u"%1 does not use the primary key of %2, so this @belongsTo cannot follow it. Name the key: @belongsTo(fields: [...])."_s
                                  .arg(quoted(other.name()), quoted(relation.target->model->name)));
}

// What the foreign key was called when the model, the relation or the other's key had former names.
static QStringList formerKeyNames(const RelationDraft &relation, const SchemaField &key)
{
    QStringList names;
    for (const QString &model : QStringList(relation.owner->model->name) + relation.owner->model->renamedFrom) {
        for (const QString &field : QStringList(relation.field->name.value) + formerNames(relation.field->directives)) {
            for (const QString &part : QStringList(key.name) + key.renamedFrom)
                names.append(camelCase({model, field, part}));
        }
    }
    return names.mid(1);
}

void RelationBuilder::makeForeignKey(ModelDraft &holder, const ModelDraft &keyOwner, const RelationDraft &relation,
                                     QStringList &names)
{
    for (const int index : keyOwner.model->primaryKey) {
        const SchemaField &key = keyOwner.model->fields[size_t(index)];
        const QString name = camelCase({relation.owner->model->name, relation.field->name.value, key.name});
        names.append(name);
        const int existing = holder.model->fieldIndex(name);
        if (existing >= 0) {
            const FieldType &type = holder.model->fields[size_t(existing)].type;
            if (type.list || type.name != key.type.name) {
                add(holder.place(name), u"Field %1 is the foreign key of %2 and must be of type %3. Rename it, or give it that type."_s
                                            .arg(quoted(name), quoted(relation.name()), key.type.name));
            }
            continue;                                   // declared by hand, or shared
        }
        if (holder.field(name)) {
            add(holder.place(name), u"Field %1 has the name of the foreign key of %2. Rename it."_s.arg(quoted(name), quoted(relation.name())));
            continue;
        }
        SchemaField made;
        made.name = name;
        made.type = key.type;
        made.type.required = isNonNull(relation.field->type);
        made.implicit = true;
        made.renamedFrom = formerKeyNames(relation, key);
        holder.addField(std::move(made));
    }
}

} // namespace Tideline
