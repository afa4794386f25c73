// SPDX-License-Identifier: MIT
#include "client/live/related.h"

#include <QtCore/QPointer>

namespace Tideline {

namespace {

/*! The condition "related to owner's record"; none() while a part of the key is missing. */
Predicate relatedTo(const ModelObject &owner, const Relation &relation, const ModelType &target)
{
    const Draft draft = owner.draft();
    QList<Predicate> parts;
    for (size_t i = 0; i < relation.localFields.size(); ++i) {
        const Value &value = draft.value(relation.localFields[i]);
        if (value.isNull())
            return Predicate::none();
        parts.append(Predicate::compare(target.fields[size_t(relation.targetFields[i])].name, Predicate::Operator::Eq, {value}));
    }
    return Predicate::allOf(parts);
}

/*! The model type whose records a hasMany shows: of a many-to-many relation not the join model, but what is behind it. */
std::shared_ptr<const ModelType> farSide(const Schema &schema, const Relation &relation)
{
    const auto target = schema.model(relation.target);
    return relation.joinRelation.isEmpty() ? target : schema.target(*target->relation(relation.joinRelation));
}

/*! A condition on the join model, said of the other side. */
Predicate throughJoin(const Schema &schema, const Relation &relation, const Predicate &condition)
{
    const auto far = farSide(schema, relation);
    const auto back = std::find_if(far->relations.begin(), far->relations.end(), [&](const Relation &other) {
        return other.target == relation.target && !other.joinRelation.isEmpty();
    });
    Q_ASSERT(back != far->relations.end());
    return condition.kind() == Predicate::Kind::None ? condition : Predicate::related(back->name, condition);
}

bool leadsToKey(const Relation &relation, const ModelType &target)
{
    return relation.targetFields == target.primaryKey;
}

} // namespace

void followRelated(ModelObject *owner, const QString &relationName, ModelObject *related)
{
    const auto model = owner->draft().model();
    const Relation *relation = model->relation(relationName);
    Q_ASSERT(relation && relation->kind != Relation::Kind::HasMany);

    // A key that stands in the owner needs no query; a child that points back does.
    auto *query = new LiveQuery(related);
    query->setType(relation->target);
    query->setLimit(1);
    const auto refresh = [owner, model, relation, related, query] {
        if (!owner->store())
            return;
        related->setStore(owner->store());
        const auto target = owner->store()->schema().model(relation->target);
        if (leadsToKey(*relation, *target)) {
            std::vector<Value> parts;
            for (const int field : relation->localFields)
                parts.push_back(owner->draft().value(field));
            const bool complete = std::none_of(parts.begin(), parts.end(), [](const Value &part) { return part.isNull(); });
            related->setKey(complete ? keyFromParts(parts) : QString());
            return;
        }
        query->setStore(owner->store());
        query->setPredicate(relatedTo(*owner, *relation, *target));
    };
    const auto take = [related, query] {
        const Record first = query->count() > 0 ? query->record(0) : Record();
        related->setKey(first ? first.key() : QString());
    };
    QObject::connect(owner, &ModelObject::storeChanged, related, refresh);
    QObject::connect(owner, &ModelObject::fieldChanged, related, [relation, refresh](int field) {
        if (std::find(relation->localFields.begin(), relation->localFields.end(), field) != relation->localFields.end())
            refresh();
    });
    // the count alone does not tell that another child took the first one's place
    QObject::connect(query, &LiveQuery::modelReset, related, take);
    QObject::connect(query, &LiveQuery::rowsInserted, related, take);
    QObject::connect(query, &LiveQuery::rowsRemoved, related, take);
    QObject::connect(query, &LiveQuery::dataChanged, related, take);
    refresh();
}

LiveQuery *relatedQuery(ModelObject *owner, const QString &relationName)
{
    const auto model = owner->draft().model();
    const Relation *relation = model->relation(relationName);
    Q_ASSERT(relation && relation->kind == Relation::Kind::HasMany);

    auto *query = new LiveQuery(owner);
    const auto refresh = [owner, model, relation, query] {
        if (!owner->store())
            return;
        const Schema schema = owner->store()->schema();
        const auto target = schema.model(relation->target);
        const Predicate condition = relatedTo(*owner, *relation, *target);
        query->setType(farSide(schema, *relation)->name);
        query->setPredicate(relation->joinRelation.isEmpty() ? condition : throughJoin(schema, *relation, condition));
        query->setStore(owner->store());
    };
    QObject::connect(owner, &ModelObject::storeChanged, query, refresh);
    QObject::connect(owner, &ModelObject::fieldChanged, query, [relation, refresh](int field) {
        if (std::find(relation->localFields.begin(), relation->localFields.end(), field) != relation->localFields.end())
            refresh();
    });
    refresh();
    return query;
}

} // namespace Tideline
