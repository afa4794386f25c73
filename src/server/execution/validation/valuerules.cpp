// SPDX-License-Identifier: MIT
#include "server/execution/validation/rules_p.h"

#include "core/graphql/printer.h"
#include "server/execution/coercion.h"
#include "server/execution/suggestions.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static qint32 positionOf(const GraphQL::Value &value)
{
    return std::visit([](const auto &node) { return node.loc.start; }, value.node);
}

namespace {

class CorrectValues final : public DocumentVisitor
{
public:
    explicit CorrectValues(ValidationContext &context) : m_context(context) { }

    bool value(const GraphQL::Value &value, const InputPlace &place) override
    {
        if (std::holds_alternative<GraphQL::Variable>(value.node))
            return true;
        if (std::holds_alternative<GraphQL::NullValue>(value.node)) {
            if (place.type && place.type->isNonNull())
                unexpected(value, place.type);
            return true;
        }
        if (std::holds_alternative<GraphQL::ListValue>(value.node))
            return list(value, place);
        if (const auto *object = std::get_if<GraphQL::ObjectValue>(&value.node))
            return this->object(value, *object, place);
        leaf(value, place.type);
        return true;
    }

    void objectField(const GraphQL::ObjectField &field, const Type *object, const InputDefinition *definition) override
    {
        if (!object || definition)
            return;
        QStringList names;
        for (const InputDefinition &input : object->inputFields)
            names.append(input.name);
        GraphQLError &error = m_context.report(u"Field \"%1\" is not defined by type \"%2\"."_s.arg(field.name.value, object->name)
                                                   + didYouMean(suggestionList(field.name.value, names)), {field.loc.start});
        error.appSyncMessage = u"The variables input contains a field name '%1' that is not defined for input object type '%2' "_s
                                   .arg(field.name.value, object->name);
    }

private:
    bool list(const GraphQL::Value &value, const InputPlace &place)
    {
        if (!place.type || place.type->nullable()->kind == Type::Kind::List)
            return true;
        leaf(value, place.type->nullable());
        return false;
    }

    bool object(const GraphQL::Value &value, const GraphQL::ObjectValue &object, const InputPlace &place)
    {
        const Type *type = place.type ? place.type->named() : nullptr;
        if (!type || type->kind != Type::Kind::InputObject) {
            leaf(value, place.type);
            return false;
        }
        for (const InputDefinition &input : type->inputFields) {
            const bool present = std::ranges::any_of(object.fields, [&](const auto &field) { return field.name.value == input.name; });
            if (!present && input.isRequired())
                m_context.report(u"Field \"%1.%2\" of required type \"%3\" was not provided."_s
                                     .arg(type->name, input.name, typeText(input.type)), {positionOf(value)});
        }
        return true;
    }

    void leaf(const GraphQL::Value &value, const Type *placeType)
    {
        if (!placeType)
            return;
        const Type *type = placeType->named();
        if (!type->isLeaf())
            return unexpected(value, placeType);
        const auto parsed = parseLeafLiteral(type, value, nullptr);
        if (const QString *problem = std::get_if<QString>(&parsed))
            m_context.report(*problem, {positionOf(value)});
    }

    void unexpected(const GraphQL::Value &value, const Type *type)
    {
        m_context.report(u"Expected value of type \"%1\", found %2."_s.arg(typeText(type), GraphQL::print(value)), {positionOf(value)});
    }

    ValidationContext &m_context;
};

class UniqueInputFields final : public DocumentVisitor
{
public:
    explicit UniqueInputFields(ValidationContext &context) : m_context(context) { }

    bool value(const GraphQL::Value &value, const InputPlace &) override
    {
        const auto *object = std::get_if<GraphQL::ObjectValue>(&value.node);
        if (!object)
            return true;
        QHash<QString, qint32> first;
        for (const GraphQL::ObjectField &field : object->fields) {
            const QString &name = field.name.value;
            if (first.contains(name))
                m_context.report(u"There can be only one input field named \"%1\"."_s.arg(name), {first.value(name), field.name.loc.start});
            else
                first.insert(name, field.name.loc.start);
        }
        return true;
    }

private:
    ValidationContext &m_context;
};

} // namespace

void valuesOfCorrectType(ValidationContext &context)
{
    CorrectValues visitor(context);
    context.walk(visitor);
}

void uniqueInputFieldNames(ValidationContext &context)
{
    UniqueInputFields visitor(context);
    context.walk(visitor);
}

} // namespace Tideline::Server
