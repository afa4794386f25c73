// SPDX-License-Identifier: MIT
#include "core/data/lookup_p.h"

#include "core/coretext_p.h"
#include "core/suggestion.h"

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static Error located(Error::Code code, const ModelType &model, const QString &name, const QString &message)
{
    return Error(code, message).withModel(model.name).withField(name);
}

static Error unknownName(const ModelType &model, const QString &name)
{
    QStringList names;
    for (const SchemaField &field : model.fields)
        names += field.name;
    for (const Relation &relation : model.relations)
        names += relation.name;
    return located(Error::Code::UnknownField, model, name,
                   withSuggestion(CoreText::tr("%1 has no field \"%2\"").arg(model.name, name), name, names));
}

Result<RelationTarget> findRelation(const Schema &schema, const ModelType &model, const QString &name)
{
    const Relation *relation = model.relation(name);
    if (!relation) {
        const int field = model.fieldIndex(name);
        if (field < 0)
            return unknownName(model, name);
        return located(Error::Code::InvalidArgument, model, name,
                       CoreText::tr("%1.%2 is a field of type %3, not a relation; give it an operator such as eq, and no fields of its own")
                           .arg(model.name, name, model.fields[size_t(field)].type.name));
    }
    std::shared_ptr<const ModelType> target = schema.target(*relation);
    if (!target) {
        return located(Error::Code::InvalidArgument, model, name,
                       CoreText::tr("%1.%2 leads to %3, which the schema given does not know; give the schema the model type comes from")
                           .arg(model.name, name, relation->target));
    }
    return RelationTarget {relation, std::move(target)};
}

static QString firstKeyField(const Schema &schema, const Relation &relation)
{
    const std::shared_ptr<const ModelType> target = schema.target(relation);
    return target && !target->primaryKey.empty() ? target->fields[size_t(target->primaryKey.front())].name : u"id"_s;
}

Result<int> findField(const Schema &schema, const ModelType &model, const QString &name)
{
    const int field = model.fieldIndex(name);
    if (field >= 0)
        return field;
    if (const Relation *relation = model.relation(name)) {
        return located(Error::Code::InvalidArgument, model, name,
                       CoreText::tr("%1.%2 is a relation, which has no value of its own; name a field of %3, as in \"%2.%4\"")
                           .arg(model.name, name, relation->target, firstKeyField(schema, *relation)));
    }
    return unknownName(model, name);
}

} // namespace Tideline
