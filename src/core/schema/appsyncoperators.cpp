// SPDX-License-Identifier: MIT
#include "core/schema/appsyncbuilder_p.h"

#include "core/schema/astbuilder_p.h"
#include "core/schema/names_p.h"

using namespace Qt::StringLiterals;

// Inputs that do not depend on a model: operators of filters, conditions on sort keys.
namespace Tideline {

using Kind = GraphQL::TypeDefinition::Kind;
using GraphQL::InputValueDefinition;

static const QStringList equality{u"ne"_s, u"eq"_s};
static const QStringList ordering{u"le"_s, u"lt"_s, u"ge"_s, u"gt"_s};
static const QStringList searching{u"contains"_s, u"notContains"_s};

static std::vector<InputValueDefinition> operators(const QStringList &names, const QString &type)
{
    std::vector<InputValueDefinition> result;
    for (const QString &name : names) {
        const bool list = name == u"between" || name == u"in" || name == u"notIn";
        result.push_back(GraphQL::input(name, list ? GraphQL::listOf(GraphQL::named(type)) : GraphQL::named(type)));
    }
    return result;
}

static QStringList filterOperators(const QString &scalar)
{
    if (scalar == u"Boolean")
        return equality;
    if (scalar == u"Int" || scalar == u"Float")
        return equality + ordering + QStringList{u"between"_s};
    return equality + ordering + searching + QStringList{u"between"_s, u"beginsWith"_s};
}

static GraphQL::TypeDefinition enumOf(const QString &name, const QStringList &values)
{
    GraphQL::TypeDefinition type = GraphQL::type(Kind::Enum, name);
    for (const QString &value : values) {
        GraphQL::EnumValueDefinition definition;
        definition.name = {value, {}};
        type.values.push_back(std::move(definition));
    }
    return type;
}

void AppSyncBuilder::addOperatorInputs()
{
    for (const QString &scalar : {u"String"_s, u"Int"_s, u"Float"_s, u"Boolean"_s, u"ID"_s}) {
        Inputs inputs = operators(filterOperators(scalar), scalar);
        inputs.push_back(GraphQL::input(u"attributeExists"_s, GraphQL::named(u"Boolean"_s)));
        inputs.push_back(GraphQL::input(u"attributeType"_s, GraphQL::named(u"ModelAttributeTypes"_s)));
        if (scalar == u"String" || scalar == u"ID")
            inputs.push_back(GraphQL::input(u"size"_s, GraphQL::named(u"ModelSizeInput"_s)));
        addInput(u"Model%1Input"_s.arg(scalar), std::move(inputs));

        QStringList live = filterOperators(scalar);
        if (scalar != u"Boolean")
            live += QStringList{u"in"_s, u"notIn"_s};
        addInput(u"ModelSubscription%1Input"_s.arg(scalar), operators(live, scalar));
    }
    addInput(u"ModelSizeInput"_s, operators(filterOperators(u"Int"_s), u"Int"_s));
    add(enumOf(u"ModelAttributeTypes"_s, {u"binary"_s, u"binarySet"_s, u"bool"_s, u"list"_s, u"map"_s, u"number"_s, u"numberSet"_s,
                                          u"string"_s, u"stringSet"_s, u"_null"_s}));
    add(enumOf(u"ModelSortDirection"_s, {u"ASC"_s, u"DESC"_s}));
}

static QStringList keyOperators(const QString &scalar)
{
    QStringList names = QStringList{u"eq"_s} + ordering + QStringList{u"between"_s};
    if (scalar == u"String" || scalar == u"ID")
        names.append(u"beginsWith"_s);
    return names;
}

void AppSyncBuilder::addKeyConditions(const ModelType &model)
{
    addKeyCondition(model, u"Primary"_s, model.primaryKey);
    for (const Index &index : model.indexes) {
        if (!index.foreignKey)
            addKeyCondition(model, upperFirst(index.name), index.fields);
    }
}

// One sort field is compared by itself; several are compared together, as one object.
void AppSyncBuilder::addKeyCondition(const ModelType &model, const QString &keyName, const std::vector<int> &key)
{
    if (key.size() == 2) {
        const QString name = keyConditionName(model.fields[size_t(key[1])].type);
        const QString scalar = name.mid(5).chopped(17);             // between "Model" and "KeyConditionInput"
        addInput(name, operators(keyOperators(scalar), scalar));
    } else if (key.size() > 2) {
        const QString prefix = u"Model%1%2CompositeKey"_s.arg(upperFirst(model.name), keyName);
        Inputs parts;
        for (size_t i = 1; i < key.size(); ++i)
            parts.push_back(GraphQL::input(model.fields[size_t(key[i])].name, GraphQL::named(model.fields[size_t(key[i])].type.name)));
        addInput(prefix + u"Input"_s, std::move(parts));
        addInput(prefix + u"ConditionInput"_s, operators(keyOperators(u"String"_s), prefix + u"Input"_s));
    }
}

std::optional<InputValueDefinition> sortKeyArgument(const ModelType &model, const QString &keyName, const std::vector<int> &key)
{
    if (key.size() < 2)
        return std::nullopt;
    if (key.size() == 2) {
        const SchemaField &field = model.fields[size_t(key[1])];
        return GraphQL::input(field.name, GraphQL::named(keyConditionName(field.type)));
    }
    QStringList names;
    for (size_t i = 1; i < key.size(); ++i)
        names.append(model.fields[size_t(key[i])].name);
    return GraphQL::input(camelCase(names), GraphQL::named(u"Model%1%2CompositeKeyConditionInput"_s.arg(upperFirst(model.name), keyName)));
}

} // namespace Tideline
