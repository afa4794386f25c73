// SPDX-License-Identifier: MIT
#include "server/execution/scalarinput_p.h"

#include "core/data/scalars.h"
#include "core/graphql/printer.h"
#include "server/execution/coercion.h"
#include "server/execution/suggestions.h"

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr double exactIntegers = 9007199254740992.0;

bool isValidText(const Type *type, const QString &text)
{
    static const QHash<QString, Scalar> scalars = {
        {u"AWSDate"_s, Scalar::AWSDate}, {u"AWSTime"_s, Scalar::AWSTime}, {u"AWSDateTime"_s, Scalar::AWSDateTime},
        {u"AWSEmail"_s, Scalar::AWSEmail}, {u"AWSJSON"_s, Scalar::AWSJSON}, {u"AWSURL"_s, Scalar::AWSURL},
        {u"AWSPhone"_s, Scalar::AWSPhone}, {u"AWSIPAddress"_s, Scalar::AWSIPAddress},
    };
    return isValidScalar(scalars.value(type->name, Scalar::String), text);
}

static bool isWhole(const QJsonValue &json)
{
    return json.isDouble() && std::trunc(json.toDouble()) == json.toDouble() && std::isfinite(json.toDouble());
}

static bool fitsInt(qint64 number) noexcept
{
    return number >= std::numeric_limits<qint32>::min() && number <= std::numeric_limits<qint32>::max();
}

static LeafResult parseIntText(const Type *type, const QString &text)
{
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (!ok)
        return u"%1 cannot represent non-integer value: \"%2\""_s.arg(type->name, text);
    if (type->scalar == ScalarRule::Int && !fitsInt(number))
        return u"Int cannot represent non 32-bit signed integer value: %1"_s.arg(text);
    return Value(number);
}

static LeafResult parseIntJson(const Type *type, const QJsonValue &json, bool numbersAsText)
{
    if (numbersAsText && json.isString())
        return parseIntText(type, json.toString());
    if (!isWhole(json))
        return u"%1 cannot represent non-integer value: %2"_s.arg(type->name, inspect(json));
    const qint64 number = json.toInteger();
    const bool fits = std::abs(json.toDouble()) <= exactIntegers || number != 0;
    const bool isInt = type->scalar == ScalarRule::Int;
    if (!fits || (isInt && !fitsInt(number)))
        return u"%1 cannot represent non %2-bit signed integer value: %3"_s
            .arg(type->name, isInt ? u"32"_s : u"64"_s, inspect(json));
    return Value(number);
}

static LeafResult parseFloatJson(const QJsonValue &json, bool numbersAsText)
{
    if (json.isDouble())
        return Value(json.toDouble());
    bool ok = false;
    const double number = numbersAsText ? json.toString().toDouble(&ok) : 0;
    if (!ok || !std::isfinite(number))
        return u"Float cannot represent non numeric value: %1"_s.arg(inspect(json));
    return Value(number);
}

static LeafResult parseEnumName(const Type *type, const QString &name)
{
    if (type->value(name))
        return Value(name);
    QStringList names;
    for (const EnumValueDefinition &value : type->values)
        names.append(value.name);
    return u"Value \"%1\" does not exist in \"%2\" enum."_s.arg(name, type->name)
        + didYouMean(suggestionList(name, names), u"the enum value"_s);
}

static LeafResult notAString(const Type *type, const QString &shown)
{
    return type->scalar == ScalarRule::String ? u"String cannot represent a non string value: %1"_s.arg(shown)
                                              : u"%1 cannot represent value: %2"_s.arg(type->name, shown);
}

static LeafResult notAnEnum(const Type *type, const QString &shown)
{
    QStringList names;
    for (const EnumValueDefinition &value : type->values)
        names.append(value.name);
    return u"Enum \"%1\" cannot represent non-string value: %2."_s.arg(type->name, shown)
        + didYouMean(suggestionList(shown, names), u"the enum value"_s);
}

LeafResult parseLeafJson(const Type *type, const QJsonValue &json, bool numbersAsText)
{
    if (type->kind == Type::Kind::Enum)
        return json.isString() ? parseEnumName(type, json.toString()) : notAnEnum(type, inspect(json));
    switch (type->scalar) {
    case ScalarRule::Any:
        return Value::fromJson(json);
    case ScalarRule::Int:
    case ScalarRule::Timestamp:
        return parseIntJson(type, json, numbersAsText);
    case ScalarRule::Float:
        return parseFloatJson(json, numbersAsText);
    case ScalarRule::Boolean:
        if (json.isBool())
            return Value(json.toBool());
        return u"Boolean cannot represent a non boolean value: %1"_s.arg(inspect(json));
    case ScalarRule::Id:
        if (isWhole(json))
            return Value(numberText(json));
        [[fallthrough]];
    case ScalarRule::String:
        return json.isString() ? LeafResult(Value(json.toString())) : notAString(type, inspect(json));
    case ScalarRule::Text:
        if (json.isString() && isValidText(type, json.toString()))
            return Value(json.toString());
        return notAString(type, inspect(json));
    }
    Q_UNREACHABLE();
}

static Value untyped(const GraphQL::Value &literal, const Variables *variables);

static Value untypedList(const GraphQL::ListValue &list, const Variables *variables)
{
    Value::List values;
    for (const GraphQL::Value &item : list.values)
        values.append(untyped(item, variables));
    return values;
}

static Value untypedObject(const GraphQL::ObjectValue &object, const Variables *variables)
{
    Value::Object members;
    for (const GraphQL::ObjectField &field : object.fields)
        members.append({field.name.value, untyped(field.value, variables)});
    return members;
}

static Value untyped(const GraphQL::Value &literal, const Variables *variables)
{
    if (const auto *number = std::get_if<GraphQL::IntValue>(&literal.node))
        return number->value.toLongLong();
    if (const auto *number = std::get_if<GraphQL::FloatValue>(&literal.node))
        return number->value.toDouble();
    if (const auto *text = std::get_if<GraphQL::StringValue>(&literal.node))
        return text->value;
    if (const auto *boolean = std::get_if<GraphQL::BooleanValue>(&literal.node))
        return boolean->value;
    if (const auto *name = std::get_if<GraphQL::EnumValue>(&literal.node))
        return name->value;
    if (const auto *list = std::get_if<GraphQL::ListValue>(&literal.node))
        return untypedList(*list, variables);
    if (const auto *object = std::get_if<GraphQL::ObjectValue>(&literal.node))
        return untypedObject(*object, variables);
    if (const auto *variable = std::get_if<GraphQL::Variable>(&literal.node))
        return variables ? variables->value(variable->name.value) : Value();
    return {};
}

static LeafResult parseNumberLiteral(const Type *type, const GraphQL::Value &literal)
{
    if (const auto *number = std::get_if<GraphQL::IntValue>(&literal.node)) {
        if (type->scalar == ScalarRule::Float)
            return Value(number->value.toDouble());
        bool ok = false;
        const qint64 value = number->value.toLongLong(&ok);
        if (!ok || (type->scalar == ScalarRule::Int && !fitsInt(value)))
            return u"%1 cannot represent non %2-bit signed integer value: %3"_s
                .arg(type->name, type->scalar == ScalarRule::Int ? u"32"_s : u"64"_s, number->value);
        return Value(value);
    }
    if (const auto *number = std::get_if<GraphQL::FloatValue>(&literal.node); number && type->scalar == ScalarRule::Float)
        return Value(number->value.toDouble());
    const QString problem = type->scalar == ScalarRule::Float ? u"%1 cannot represent non numeric value: %2"_s
                                                              : u"%1 cannot represent non-integer value: %2"_s;
    return problem.arg(type->name, GraphQL::print(literal));
}

static LeafResult parseTextLiteral(const Type *type, const GraphQL::Value &literal)
{
    if (const auto *text = std::get_if<GraphQL::StringValue>(&literal.node)) {
        if (type->scalar != ScalarRule::Text || isValidText(type, text->value))
            return Value(text->value);
    }
    if (const auto *number = std::get_if<GraphQL::IntValue>(&literal.node); number && type->scalar == ScalarRule::Id)
        return Value(number->value);
    if (type->scalar == ScalarRule::Id)
        return u"ID cannot represent a non-string and non-integer value: %1"_s.arg(GraphQL::print(literal));
    return notAString(type, GraphQL::print(literal));
}

LeafResult parseLeafLiteral(const Type *type, const GraphQL::Value &literal, const Variables *variables)
{
    if (type->kind == Type::Kind::Enum) {
        const auto *name = std::get_if<GraphQL::EnumValue>(&literal.node);
        return name ? parseEnumName(type, name->value)
                    : LeafResult(std::get<QString>(notAnEnum(type, GraphQL::print(literal))).replace(u"non-string"_s, u"non-enum"_s));
    }
    switch (type->scalar) {
    case ScalarRule::Any:
        return untyped(literal, variables);
    case ScalarRule::Int:
    case ScalarRule::Timestamp:
    case ScalarRule::Float:
        return parseNumberLiteral(type, literal);
    case ScalarRule::Boolean:
        if (const auto *boolean = std::get_if<GraphQL::BooleanValue>(&literal.node))
            return Value(boolean->value);
        return u"Boolean cannot represent a non boolean value: %1"_s.arg(GraphQL::print(literal));
    case ScalarRule::Id:
    case ScalarRule::String:
    case ScalarRule::Text:
        return parseTextLiteral(type, literal);
    }
    Q_UNREACHABLE();
}

} // namespace Tideline::Server
