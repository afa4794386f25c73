// SPDX-License-Identifier: MIT
#include "server/execution/coercion.h"

#include "core/data/json.h"
#include "core/graphql/printer.h"
#include "server/execution/scalarinput_p.h"
#include "server/execution/suggestions.h"

#include <QtCore/QJsonArray>
#include <QtCore/QLocale>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int maxErrors = 50;
static constexpr int maxInputDepth = 200;               // of variables; guards the stack
static constexpr int maxInspectDepth = 1;
static constexpr qsizetype maxInspectItems = 10;

static QString inspectArray(const QJsonArray &array, int depth)
{
    if (array.isEmpty())
        return u"[]"_s;
    if (depth > maxInspectDepth)
        return u"[Array]"_s;
    QStringList items;
    for (const QJsonValue item : array) {
        if (items.size() == maxInspectItems)
            break;
        items.append(inspect(item, depth + 1));
    }
    const qsizetype more = array.size() - items.size();
    if (more > 0)
        items.append(more == 1 ? u"... 1 more item"_s : u"... %1 more items"_s.arg(more));
    return u'[' + items.join(u", ") + u']';
}

static QString inspectObject(const QJsonObject &object, int depth)
{
    if (object.isEmpty())
        return u"{}"_s;
    if (depth > maxInspectDepth)
        return u"[Object]"_s;
    QStringList members;
    for (auto it = object.begin(); it != object.end(); ++it)
        members.append(it.key() + u": "_s + inspect(it.value(), depth + 1));
    return u"{ "_s + members.join(u", ") + u" }"_s;
}

// Plain digits up to 10^21 and down to a millionth, as JavaScript writes numbers.
QString numberText(const QJsonValue &number)
{
    const double value = number.toDouble();
    const double size = std::abs(value);
    if (size < 1e15 && std::trunc(value) == value)
        return QString::number(qint64(value));
    if (number.toInteger() != 0 && std::trunc(value) == value)
        return QString::number(number.toInteger());     // to the last digit, which a double may not hold
    if (size < 1e21 && size >= 1e-6)
        return QString::number(value, 'f', QLocale::FloatingPointShortest);
    QString text = QString::number(value, 'g', QLocale::FloatingPointShortest);
    return text.replace(u"e-0"_s, u"e-"_s).replace(u"e+0"_s, u"e+"_s);
}

QString inspect(const QJsonValue &value, int depth)
{
    switch (value.type()) {
    case QJsonValue::Bool:
        return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double:
        return numberText(value);
    case QJsonValue::String:
        return QString::fromUtf8(jsonText(value));
    case QJsonValue::Array:
        return inspectArray(value.toArray(), depth);
    case QJsonValue::Object:
        return inspectObject(value.toObject(), depth);
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return u"null"_s;
}

namespace {

// Coerces one variable; collects everything wrong with it.
class InputCoercion
{
public:
    InputCoercion(const QString &variable, GraphQL::SourcePosition position, std::vector<GraphQLError> &errors)
        : m_variable(variable), m_position(position), m_errors(errors) { }

    Value coerce(const Type *type, const QJsonValue &json, bool numbersAsText);

private:
    Value coerceList(const Type *type, const QJsonValue &json, bool numbersAsText);
    Value coerceObject(const Type *type, const QJsonValue &json);
    void reportUnknownFields(const Type *type, const QJsonObject &object, qsizetype known);
    void fail(const QJsonValue &json, const QString &problem, const QString &appSync = {});
    void failNull(const QJsonValue &json, const Type *type, const QString &problem);
    [[nodiscard]] QString place() const;

    const QString &m_variable;
    GraphQL::SourcePosition m_position;
    std::vector<GraphQLError> &m_errors;
    Path m_path;
};

QString InputCoercion::place() const
{
    QString text = m_variable;
    for (const PathKey &key : m_path) {
        if (const int *index = std::get_if<int>(&key))
            text += u'[' + QString::number(*index) + u']';
        else
            text += u'.' + std::get<QString>(key);
    }
    return text;
}

void InputCoercion::fail(const QJsonValue &json, const QString &problem, const QString &appSync)
{
    if (m_errors.size() >= maxErrors)
        return;
    const QString at = m_path.empty() ? QString() : u" at \"%1\""_s.arg(place());
    GraphQLError error;
    error.message = u"Variable \"$%1\" got invalid value "_s.arg(m_variable) + inspect(json) + at + u"; "_s + problem;
    error.locations = {m_position};
    error.appSyncMessage = appSync;
    m_errors.push_back(std::move(error));
}

void InputCoercion::failNull(const QJsonValue &json, const Type *type, const QString &problem)
{
    fail(json, problem, u"Variable '%1' has coerced Null value for NonNull type '%2' at '%3'"_s
                            .arg(m_variable, typeText(type), place()));
}

Value InputCoercion::coerce(const Type *type, const QJsonValue &json, bool numbersAsText)
{
    if (m_path.size() > maxInputDepth) {
        fail({}, u"Input is nested too deeply."_s);
        return {};
    }
    if (type->isNonNull()) {
        if (!json.isNull() && !json.isUndefined())
            return coerce(type->inner, json, numbersAsText);
        failNull(json, type, u"Expected non-nullable type \"%1\" not to be null."_s.arg(typeText(type)));
        return {};
    }
    if (json.isNull() || json.isUndefined())
        return {};
    if (type->kind == Type::Kind::List)
        return coerceList(type, json, numbersAsText);
    if (type->kind == Type::Kind::InputObject)
        return coerceObject(type, json);
    LeafResult leaf = parseLeafJson(type, json, numbersAsText);
    if (const QString *problem = std::get_if<QString>(&leaf)) {
        fail(json, *problem);
        return {};
    }
    return std::get<Value>(std::move(leaf));
}

Value InputCoercion::coerceList(const Type *type, const QJsonValue &json, bool numbersAsText)
{
    Value::List values;
    if (!json.isArray()) {
        values.append(coerce(type->inner, json, numbersAsText));
        return values;
    }
    const QJsonArray array = json.toArray();
    values.reserve(array.size());
    for (int i = 0; i < int(array.size()); ++i) {
        m_path.emplace_back(i);
        values.append(coerce(type->inner, array.at(i), numbersAsText));
        m_path.pop_back();
    }
    return values;
}

Value InputCoercion::coerceObject(const Type *type, const QJsonValue &json)
{
    if (!json.isObject()) {
        fail(json, u"Expected type \"%1\" to be an object."_s.arg(type->name));
        return {};
    }
    const QJsonObject object = json.toObject();
    Value::Object members;
    members.reserve(object.size());
    qsizetype known = 0;
    for (const InputDefinition &field : type->inputFields) {
        const auto found = object.constFind(field.name);
        if (found == object.constEnd()) {
            if (field.defaultValue)
                members.append({field.name, *field.defaultValue});
            else if (field.type->isNonNull())
                failNull(json, field.type, u"Field \"%1\" of required type \"%2\" was not provided."_s
                                               .arg(field.name, typeText(field.type)));
            continue;
        }
        ++known;
        m_path.emplace_back(field.name);
        members.append({field.name, coerce(field.type, *found, type->numbersAsText)});
        m_path.pop_back();
    }
    if (known != object.size())
        reportUnknownFields(type, object, object.size() - known);
    return members;
}

void InputCoercion::reportUnknownFields(const Type *type, const QJsonObject &object, qsizetype count)
{
    QStringList names;
    for (const InputDefinition &field : type->inputFields)
        names.append(field.name);
    for (auto it = object.begin(); it != object.end() && count > 0; ++it) {
        if (type->inputField(it.key()))
            continue;
        --count;
        fail(object, u"Field \"%1\" is not defined by type \"%2\"."_s.arg(it.key(), type->name)
                         + didYouMean(suggestionList(it.key(), names)),
             u"The variables input contains a field name '%1' that is not defined for input object type '%2' "_s
                 .arg(it.key(), type->name));
    }
}

GraphQLError variableError(const QString &message, GraphQL::SourcePosition position, const QString &appSync)
{
    GraphQLError error;
    error.message = message;
    error.locations = {position};
    error.appSyncMessage = appSync;
    return error;
}

} // namespace

static void coerceVariable(const Type *type, const GraphQL::VariableDefinition &definition, QStringView source,
                           const QJsonObject &inputs, Variables &variables, std::vector<GraphQLError> &errors)
{
    const QString &name = definition.variable.name.value;
    const auto found = inputs.constFind(name);
    if (found != inputs.constEnd() && !(found->isNull() && type->isNonNull())) {
        InputCoercion coercion(name, GraphQL::positionOf(source, definition.loc.start), errors);
        variables.insert(name, coercion.coerce(type, *found, false));
        return;
    }
    if (found == inputs.constEnd() && definition.defaultValue) {
        if (const std::optional<Value> value = coerceLiteral(type, *definition.defaultValue, nullptr))
            variables.insert(name, *value);
        return;
    }
    if (!type->isNonNull())
        return;
    const QString problem = found == inputs.constEnd() ? u"Variable \"$%1\" of required type \"%2\" was not provided."_s
                                                       : u"Variable \"$%1\" of non-null type \"%2\" must not be null."_s;
    errors.push_back(variableError(problem.arg(name, typeText(type)), GraphQL::positionOf(source, definition.loc.start),
                                   u"Variable '%1' has coerced Null value for NonNull type '%2'"_s.arg(name, typeText(type))));
}

std::variant<Variables, std::vector<GraphQLError>>
coerceVariables(const TypeSystem &types, const GraphQL::OperationDefinition &operation, QStringView source,
                const QJsonObject &inputs)
{
    Variables variables;
    std::vector<GraphQLError> errors;
    std::deque<Type> arena;
    for (const GraphQL::VariableDefinition &definition : operation.variableDefinitions) {
        const Type *type = types.resolve(definition.type, arena);
        if (type && type->named()->isInput()) {
            coerceVariable(type, definition, source, inputs, variables, errors);
            continue;
        }
        errors.push_back(variableError(u"Variable \"$%1\" expected value of type \"%2\" which cannot be used as an input type."_s
                                           .arg(definition.variable.name.value, GraphQL::print(definition.type)),
                                       GraphQL::positionOf(source, definition.type.loc.start), {}));
    }
    if (!errors.empty())
        return errors;
    return variables;
}

static bool isMissing(const GraphQL::Value &literal, const Variables *variables)
{
    const auto *variable = std::get_if<GraphQL::Variable>(&literal.node);
    return variable && (!variables || !variables->contains(variable->name.value));
}

static std::optional<Value> coerceListLiteral(const Type *type, const GraphQL::Value &literal, const Variables *variables)
{
    Value::List values;
    const auto *list = std::get_if<GraphQL::ListValue>(&literal.node);
    if (!list) {
        std::optional<Value> single = coerceLiteral(type->inner, literal, variables);
        if (!single)
            return {};
        values.append(*std::move(single));
        return values;
    }
    for (const GraphQL::Value &item : list->values) {
        std::optional<Value> value = Value();
        if (!isMissing(item, variables) || type->inner->isNonNull())
            value = coerceLiteral(type->inner, item, variables);
        if (!value)
            return {};
        values.append(*std::move(value));
    }
    return values;
}

static std::optional<Value> coerceObjectLiteral(const Type *type, const GraphQL::Value &literal, const Variables *variables)
{
    const auto *object = std::get_if<GraphQL::ObjectValue>(&literal.node);
    if (!object)
        return {};
    for (const GraphQL::ObjectField &given : object->fields) {
        if (!type->inputField(given.name.value))
            return {};
    }
    Value::Object members;
    for (const InputDefinition &field : type->inputFields) {
        const auto found = std::ranges::find_if(object->fields, [&](const auto &given) { return given.name.value == field.name; });
        if (found == object->fields.end() || isMissing(found->value, variables)) {
            if (field.defaultValue)
                members.append({field.name, *field.defaultValue});
            else if (field.type->isNonNull())
                return {};
            continue;
        }
        std::optional<Value> value = coerceLiteral(field.type, found->value, variables);
        if (!value)
            return {};
        members.append({field.name, *std::move(value)});
    }
    return members;
}

std::optional<Value> coerceLiteral(const Type *type, const GraphQL::Value &literal, const Variables *variables)
{
    if (const auto *variable = std::get_if<GraphQL::Variable>(&literal.node)) {
        if (isMissing(literal, variables))
            return {};
        const Value value = variables->value(variable->name.value);
        return value.isNull() && type->isNonNull() ? std::nullopt : std::optional(value);
    }
    const bool isNull = std::holds_alternative<GraphQL::NullValue>(literal.node);
    if (type->isNonNull())
        return isNull ? std::nullopt : coerceLiteral(type->inner, literal, variables);
    if (isNull)
        return Value();
    if (type->kind == Type::Kind::List)
        return coerceListLiteral(type, literal, variables);
    if (type->kind == Type::Kind::InputObject)
        return coerceObjectLiteral(type, literal, variables);
    LeafResult leaf = parseLeafLiteral(type, literal, variables);
    return std::holds_alternative<Value>(leaf) ? std::optional(std::get<Value>(std::move(leaf))) : std::nullopt;
}

static qint32 positionOfValue(const GraphQL::Value &value)
{
    return std::visit([](const auto &node) { return node.loc.start; }, value.node);
}

static bool isNullGiven(const GraphQL::Value &literal, const Variables &variables)
{
    const auto *variable = std::get_if<GraphQL::Variable>(&literal.node);
    return variable ? variables.value(variable->name.value).isNull() : std::holds_alternative<GraphQL::NullValue>(literal.node);
}

// Why a required argument has no value: it is absent, or a variable that nobody gave.
static ArgumentError missingArgument(const InputDefinition &definition, const GraphQL::Argument *given, qint32 position)
{
    const QString type = typeText(definition.type);
    if (!given)
        return {u"Argument \"%1\" of required type \"%2\" was not provided."_s.arg(definition.name, type), position};
    return {u"Argument \"%1\" of required type \"%2\" was provided the variable \"%3\" which was not provided a runtime value."_s
                .arg(definition.name, type, GraphQL::print(given->value)), positionOfValue(given->value)};
}

std::variant<Value::Object, ArgumentError>
coerceArguments(const std::vector<InputDefinition> &definitions, const std::vector<GraphQL::Argument> &arguments,
                const Variables &variables, qint32 position)
{
    Value::Object values;
    for (const InputDefinition &definition : definitions) {
        const auto given = std::ranges::find_if(arguments, [&](const auto &argument) { return argument.name.value == definition.name; });
        const bool absent = given == arguments.end();
        if (absent || isMissing(given->value, &variables)) {
            if (definition.defaultValue)
                values.append({definition.name, *definition.defaultValue});
            else if (definition.type->isNonNull())
                return missingArgument(definition, absent ? nullptr : &*given, position);
            continue;
        }
        if (definition.type->isNonNull() && isNullGiven(given->value, variables))
            return ArgumentError{u"Argument \"%1\" of non-null type \"%2\" must not be null."_s.arg(definition.name, typeText(definition.type)),
                                 positionOfValue(given->value)};
        std::optional<Value> value = coerceLiteral(definition.type, given->value, &variables);
        if (!value)
            return ArgumentError{u"Argument \"%1\" has invalid value %2."_s.arg(definition.name, GraphQL::print(given->value)),
                                 positionOfValue(given->value)};
        values.append({definition.name, *std::move(value)});
    }
    return values;
}

} // namespace Tideline::Server
