// SPDX-License-Identifier: MIT
#include "core/schema/appsyncbuilder_p.h"
#include "core/schema/names_p.h"
#include "core/schema/schemacontext_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

// Names of types that the backend makes. None of the schema's own may have one, and no two things may make the same.
class MadeNames
{
public:
    explicit MadeNames(SchemaContext &context);

    void addModel(const ModelDraft &draft);
    void addValues(const std::vector<SchemaField> &fields, bool ofModel);
    void check() const;

private:
    void add(const QString &name, const QString &maker);
    void addCompositeKey(const QString &model, const QString &keyName, const std::vector<int> &key);

    SchemaContext &m_context;
    QHash<QString, QString> m_makers;           // by name; empty: made for every schema
    QSet<QString> m_inputs;                     // of embedded types: the schema may have its own
};

} // namespace

MadeNames::MadeNames(SchemaContext &context) : m_context(context)
{
    for (const QString &scalar : {u"String"_s, u"ID"_s, u"Int"_s, u"Float"_s, u"Boolean"_s}) {
        for (const QString &pattern : {u"Model%1Input"_s, u"ModelSubscription%1Input"_s, u"Model%1KeyConditionInput"_s})
            m_makers.insert(pattern.arg(scalar), {});
    }
    for (const QString &name : {u"ModelSizeInput"_s, u"ModelAttributeTypes"_s, u"ModelSortDirection"_s})
        m_makers.insert(name, {});
}

void MadeNames::add(const QString &name, const QString &maker)
{
    const auto known = m_makers.constFind(name);
    if (known == m_makers.constEnd()) {
        m_makers.insert(name, maker);
    } else if (*known != maker) {
        const GraphQL::TypeDefinition *type = m_context.type(maker);
        m_context.problems.add({type ? type->name.loc : GraphQL::Location(), maker, {}},
                               u"%1 cannot be the name of this type: the backend makes %2 of it, and already has a type of that name. Rename the type."_s
                                   .arg(quoted(maker), quoted(name)));
    }
}

void MadeNames::addCompositeKey(const QString &model, const QString &keyName, const std::vector<int> &key)
{
    for (const QString &pattern : {u"Model%1%2CompositeKeyInput"_s, u"Model%1%2CompositeKeyConditionInput"_s}) {
        if (key.size() > 2)
            add(pattern.arg(upperFirst(model), upperFirst(keyName)), model);
    }
}

void MadeNames::addModel(const ModelDraft &draft)
{
    const QString &model = draft.model->name;
    for (const QString &pattern : {u"Model%1Connection"_s, u"Model%1FilterInput"_s, u"Model%1ConditionInput"_s,
                                   u"ModelSubscription%1FilterInput"_s, u"Create%1Input"_s, u"Update%1Input"_s, u"Delete%1Input"_s})
        add(pattern.arg(upperFirst(model)), model);
    addCompositeKey(model, u"Primary"_s, draft.model->primaryKey);
    for (const Index &index : draft.model->indexes) {
        if (!index.foreignKey)
            addCompositeKey(model, index.name, index.fields);
    }
}

void MadeNames::addValues(const std::vector<SchemaField> &fields, bool ofModel)
{
    for (const SchemaField &field : fields) {
        if (field.type.kind == FieldType::Kind::Enum && ofModel)
            add(scalarFilterName(field.type), field.type.name);
        const QString input = upperFirst(field.type.name) + u"Input"_s;
        if (field.type.kind != FieldType::Kind::Embedded || m_inputs.contains(input))
            continue;
        m_inputs.insert(input);
        add(input, field.type.name);
        const auto type = std::ranges::find(m_context.result->embedded, field.type.name, &EmbeddedType::name);
        if (type != m_context.result->embedded.end())
            addValues(type->fields, false);
    }
}

void MadeNames::check() const
{
    for (const auto &type : m_context.types) {
        const QString &name = type->name.value;
        const bool own = m_inputs.contains(name) && type->kind == GraphQL::TypeDefinition::Kind::InputObject;
        if (m_makers.contains(name) && !own) {
            m_context.problems.add({type->name.loc, name, {}},
                                   u"Type name %1 is reserved: the backend makes a type of this name. Rename the type."_s.arg(quoted(name)));
        }
    }
}

void checkTypeNames(SchemaContext &context)
{
    MadeNames names(context);
    for (const ModelDraft &draft : context.models)
        names.addModel(draft);
    for (const ModelDraft &draft : context.models)
        names.addValues(draft.model->fields, true);
    names.check();
}

} // namespace Tideline
