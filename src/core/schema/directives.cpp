// SPDX-License-Identifier: MIT
#include "core/schema/directives_p.h"

#include "core/schema/schemacontext_p.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

using GraphQL::TypeDefinition;
using GraphQL::TypeReference;
using GraphQL::Value;

// Checks every use of a directive: known, allowed there, arguments of the right names and types.
class DirectiveChecker
{
public:
    explicit DirectiveChecker(SchemaContext &context) : m_context(context), m_list(context.directives) { }

    void checkType(const TypeDefinition &type);

private:
    void checkUses(const GraphQL::Directives &directives, QLatin1StringView location, const Place &place);
    void checkUse(const GraphQL::Directive &use, QLatin1StringView location, const Place &place);
    void checkArguments(const GraphQL::Directive &use, const GraphQL::DirectiveDefinition &definition, const Place &place);
    void checkValue(const Value &value, const TypeReference &type, const Place &place);
    void checkNamed(const Value &value, const QString &typeName, const Place &place);
    void checkEnum(const Value &value, const TypeDefinition &type, const Place &place);
    void checkObject(const Value &value, const TypeDefinition &type, const Place &place);
    void checkInputs(const std::vector<GraphQL::InputValueDefinition> &inputs, QLatin1StringView location, const Place &place);
    void add(const GraphQL::Location &loc, const Place &place, const QString &text);

    SchemaContext &m_context;
    DirectiveList m_list;
};

void DirectiveChecker::add(const GraphQL::Location &loc, const Place &place, const QString &text)
{
    m_context.problems.add({loc, place.model, place.field}, text);
}

static QLatin1StringView locationName(TypeDefinition::Kind kind)
{
    switch (kind) {
    case TypeDefinition::Kind::Scalar:
        return "SCALAR"_L1;
    case TypeDefinition::Kind::Object:
        return "OBJECT"_L1;
    case TypeDefinition::Kind::Interface:
        return "INTERFACE"_L1;
    case TypeDefinition::Kind::Union:
        return "UNION"_L1;
    case TypeDefinition::Kind::Enum:
        return "ENUM"_L1;
    case TypeDefinition::Kind::InputObject:
        return "INPUT_OBJECT"_L1;
    }
    return {};
}

void DirectiveChecker::checkType(const TypeDefinition &type)
{
    const QString &name = type.name.value;
    checkUses(type.directives, locationName(type.kind), {type.name.loc, name, {}});
    for (const GraphQL::FieldDefinition &field : type.fields) {
        const Place place{field.name.loc, name, field.name.value};
        checkUses(field.directives, "FIELD_DEFINITION"_L1, place);
        checkInputs(field.arguments, "ARGUMENT_DEFINITION"_L1, place);
    }
    checkInputs(type.inputFields, "INPUT_FIELD_DEFINITION"_L1, {type.name.loc, name, {}});
    for (const GraphQL::EnumValueDefinition &value : type.values)
        checkUses(value.directives, "ENUM_VALUE"_L1, {value.name.loc, name, value.name.value});
}

void DirectiveChecker::checkInputs(const std::vector<GraphQL::InputValueDefinition> &inputs, QLatin1StringView location,
                                   const Place &place)
{
    for (const GraphQL::InputValueDefinition &input : inputs)
        checkUses(input.directives, location, {input.name.loc, place.model, place.field});
}

void DirectiveChecker::checkUses(const GraphQL::Directives &directives, QLatin1StringView location, const Place &place)
{
    QSet<QString> seen;
    for (const GraphQL::Directive &use : directives) {
        const GraphQL::DirectiveDefinition *definition = m_list.directive(use.name.value);
        if (definition && !definition->repeatable && seen.contains(use.name.value)) {
            add(use.loc, place, u"The directive \"@%1\" can only be used once at this location. Merge the two."_s
                                    .arg(use.name.value));
        }
        seen.insert(use.name.value);
        checkUse(use, location, place);
    }
}

static QString successorOf(const QString &name)
{
    if (name == "key"_L1)
        return u" It belongs to an older transformer: use @primaryKey and @index on fields."_s;
    if (name == "connection"_L1)
        return u" It belongs to an older transformer: use @hasOne, @hasMany, @belongsTo or @manyToMany."_s;
    if (name == "versioned"_L1)
        return u" It belongs to an older transformer: every model is versioned; remove it."_s;
    return {};
}

void DirectiveChecker::checkUse(const GraphQL::Directive &use, QLatin1StringView location, const Place &place)
{
    const QString &name = use.name.value;
    const GraphQL::DirectiveDefinition *definition = m_list.directive(name);
    if (!definition) {
        QString hint = successorOf(name);
        if (hint.isEmpty())
            hint = didYouMean(u'@' + name, m_list.directiveNames());
        add(use.loc, place, u"Unknown directive \"@%1\".%2"_s.arg(name, hint));
        return;
    }
    QStringList allowed;
    for (const GraphQL::Name &where : definition->locations)
        allowed.append(where.value);
    if (!allowed.contains(location)) {
        add(use.loc, place, u"Directive \"@%1\" may not be used on %2, only on %3."_s
                                .arg(name, location, allowed.join(u", "_s)));
        return;
    }
    checkArguments(use, *definition, place);
}

void DirectiveChecker::checkArguments(const GraphQL::Directive &use, const GraphQL::DirectiveDefinition &definition,
                                      const Place &place)
{
    QStringList known;
    for (const GraphQL::InputValueDefinition &argument : definition.arguments) {
        known.append(argument.name.value);
        const Value *given = findArgument(use, argument.name.value);
        if (given) {
            checkValue(*given, argument.type, place);
        } else if (isNonNull(argument.type) && !argument.defaultValue) {
            add(use.loc, place, u"Directive \"@%1\" argument %2 of type %3 is required, but it was not provided."_s
                                    .arg(use.name.value, quoted(argument.name.value),
                                         quoted(textOf(argument.type))));
        }
    }
    QSet<QString> seen;
    for (const GraphQL::Argument &argument : use.arguments) {
        const QString &name = argument.name.value;
        if (!known.contains(name)) {
            add(argument.loc, place, u"Unknown argument %1 on directive \"@%2\".%3"_s
                                         .arg(quoted(name), use.name.value, didYouMean(name, known)));
        } else if (seen.contains(name)) {
            add(argument.loc, place, u"There can be only one argument named %1."_s.arg(quoted(name)));
        }
        seen.insert(name);
    }
}

void DirectiveChecker::checkValue(const Value &value, const TypeReference &type, const Place &place)
{
    using Kind = TypeReference::Kind;
    if (type.kind == Kind::NonNull) {
        if (isNull(value))
            add(locationOf(value), place, u"Expected value of type %1, found null."_s.arg(quoted(textOf(type))));
        else
            checkValue(value, *type.inner, place);
        return;
    }
    if (isNull(value))
        return;
    if (type.kind == Kind::List) {
        if (const auto *list = std::get_if<GraphQL::ListValue>(&value.node)) {
            for (const Value &element : list->values)
                checkValue(element, *type.inner, place);
        } else {
            checkValue(value, *type.inner, place);      // one value stands for a list of one
        }
        return;
    }
    checkNamed(value, type.name.value, place);
}

static bool isOf(const Value &value, const QString &scalar)
{
    if (scalar == "Int"_L1)
        return std::holds_alternative<GraphQL::IntValue>(value.node);
    if (scalar == "Float"_L1)
        return std::holds_alternative<GraphQL::IntValue>(value.node) || std::holds_alternative<GraphQL::FloatValue>(value.node);
    if (scalar == "Boolean"_L1)
        return std::holds_alternative<GraphQL::BooleanValue>(value.node);
    if (scalar == "String"_L1)
        return std::holds_alternative<GraphQL::StringValue>(value.node);
    return true;                                        // a type the schema declares itself
}

void DirectiveChecker::checkNamed(const Value &value, const QString &typeName, const Place &place)
{
    if (const TypeDefinition *type = m_list.type(typeName)) {
        if (type->kind == TypeDefinition::Kind::Enum)
            checkEnum(value, *type, place);
        else
            checkObject(value, *type, place);
    } else if (!isOf(value, typeName)) {
        add(locationOf(value), place, u"Expected a value of type %1, found %2."_s.arg(typeName, m_context.problems.textAt(locationOf(value))));
    }
}

void DirectiveChecker::checkEnum(const Value &value, const TypeDefinition &type, const Place &place)
{
    QStringList known;
    for (const GraphQL::EnumValueDefinition &one : type.values)
        known.append(one.name.value);
    const auto *given = std::get_if<GraphQL::EnumValue>(&value.node);
    if (given && known.contains(given->value))
        return;
    const QString text = given ? quoted(given->value) : m_context.problems.textAt(locationOf(value));
    QString hint = didYouMean(given ? given->value : stringOf(&value), known);
    if (hint.isEmpty())
        hint = u" Use one of %1."_s.arg(known.join(u", "_s));
    add(locationOf(value), place, u"Value %1 does not exist in %2 enum.%3"_s.arg(text, quoted(type.name.value), hint));
}

void DirectiveChecker::checkObject(const Value &value, const TypeDefinition &type, const Place &place)
{
    const auto *object = std::get_if<GraphQL::ObjectValue>(&value.node);
    if (!object) {
        add(locationOf(value), place, u"Expected an object of type %1, found %2."_s
                                          .arg(quoted(type.name.value), m_context.problems.textAt(locationOf(value))));
        return;
    }
    QStringList known;
    for (const GraphQL::InputValueDefinition &input : type.inputFields) {
        known.append(input.name.value);
        if (const Value *given = findMember(*object, input.name.value))
            checkValue(*given, input.type, place);
        else if (isNonNull(input.type))
            add(object->loc, place, u"Field %1 of required type %2 was not provided."_s
                                        .arg(quoted(type.name.value + u'.' + input.name.value),
                                             quoted(textOf(input.type))));
    }
    for (const GraphQL::ObjectField &field : object->fields) {
        if (!known.contains(field.name.value)) {
            add(field.loc, place, u"Field %1 is not defined by type %2.%3"_s
                                      .arg(quoted(field.name.value), quoted(type.name.value),
                                           didYouMean(field.name.value, known)));
        }
    }
}

void checkDirectives(SchemaContext &context)
{
    DirectiveChecker checker(context);
    for (const auto &type : context.types)
        checker.checkType(*type);
}

} // namespace Tideline
