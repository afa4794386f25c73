// SPDX-License-Identifier: MIT
#include "core/data/scalars.h"

#include "core/coretext_p.h"
#include "core/data/scalars_p.h"
#include "core/data/value_p.h"
#include "core/suggestion.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <cmath>
#include <limits>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

Value::Kind storedElementKind(const FieldType &type) noexcept
{
    if (type.kind != FieldType::Kind::Scalar)
        return type.kind == FieldType::Kind::Enum ? Value::Kind::Text : Value::Kind::Object;
    switch (type.scalar) {
    case Scalar::Boolean:
        return Value::Kind::Boolean;
    case Scalar::Int:
    case Scalar::AWSTimestamp:
        return Value::Kind::Integer;
    case Scalar::Float:
        return Value::Kind::Double;
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        break;
    }
    return Value::Kind::Text;
}

Value::Kind storedKind(const FieldType &type) noexcept
{
    return type.list ? Value::Kind::List : storedElementKind(type);
}

bool isInteger32(qint64 number) noexcept
{
    return number >= std::numeric_limits<qint32>::min() && number <= std::numeric_limits<qint32>::max();
}

Result<Value> checkedText(Scalar scalar, const QString &text)
{
    if (isValidScalar(scalar, text))
        return Value(text);
    if (!isUnicodeText(text))
        return problem(CoreText::tr("%1 needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters")
                           .arg(Subject));
    return mismatch(needed(scalar), shown(Value(text)));
}

Result<Value> checkedEnumValue(const EnumType &type, const QString &text)
{
    if (type.values.contains(text))
        return Value(text);
    return problem(didYouMean(mismatch(needed(type), shown(Value(text))).message(), closestName(text, type.values)));
}

namespace {

// ---- the two outside forms: what readField() below has to know of each ----

struct JsonForm
{
    using Source = QJsonValue;
    using List = QJsonArray;
    using Object = QJsonObject;

    static bool isNull(const QJsonValue &json) { return json.isNull() || json.isUndefined(); }
    static std::optional<QString> text(const QJsonValue &json)
    {
        return json.isString() ? std::optional(json.toString()) : std::nullopt;
    }
    static std::optional<QJsonArray> list(const QJsonValue &json)
    {
        return json.isArray() ? std::optional(json.toArray()) : std::nullopt;
    }
    static std::optional<QJsonObject> object(const QJsonValue &json)
    {
        return json.isObject() ? std::optional(json.toObject()) : std::nullopt;
    }
    static bool ignored(const QString &name) { return name == "__typename"_L1; }    // of every GraphQL answer
    static Result<Value> scalar(Scalar scalar, const QJsonValue &json);
};

Result<Value> integerFromJson(Scalar scalar, const QJsonValue &json)
{
    const std::optional<qint64> number = json.isDouble() ? exactInteger(json) : std::nullopt;
    if (!number || (scalar == Scalar::Int && !isInteger32(*number)))
        return mismatch(needed(scalar), shown(json));
    return Value(*number);
}

Result<Value> textFromJson(Scalar scalar, const QJsonValue &json)
{
    if (json.isString())
        return checkedText(scalar, json.toString());
    if (scalar == Scalar::AWSJSON)
        return checkedText(scalar, Value::fromJson(json).toJsonText());
    const std::optional<qint64> number = scalar == Scalar::ID && json.isDouble() ? exactInteger(json) : std::nullopt;
    if (number)
        return Value(QString::number(*number));
    return mismatch(needed(scalar), shown(json));
}

Result<Value> JsonForm::scalar(Scalar scalar, const QJsonValue &json)
{
    switch (scalar) {
    case Scalar::Int:
    case Scalar::AWSTimestamp:
        return integerFromJson(scalar, json);
    case Scalar::Float:
        if (json.isDouble() && std::isfinite(json.toDouble()))
            return Value(json.toDouble());
        return mismatch(needed(scalar), shown(json));
    case Scalar::Boolean:
        if (json.isBool())
            return Value(json.toBool());
        return mismatch(needed(scalar), shown(json));
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        break;
    }
    return textFromJson(scalar, json);
}

struct VariantForm
{
    using Source = QVariant;
    using List = QVariantList;
    using Object = QVariantMap;

    static bool isNull(const QVariant &variant) { return variant.isNull(); }
    static bool isText(const QVariant &variant) { return variant.typeId() == QMetaType::QString; }
    static std::optional<QString> text(const QVariant &variant)
    {
        return isText(variant) ? std::optional(variant.toString()) : std::nullopt;
    }
    // JSON text stands for the list or object it describes, as the other DataStore clients have it
    static QVariant parsed(const QVariant &variant)
    {
        return isText(variant) ? QJsonDocument::fromJson(variant.toString().toUtf8()).toVariant() : variant;
    }
    static std::optional<QVariantList> list(const QVariant &variant)
    {
        const QVariant list = parsed(variant);
        const bool convertible = list.isValid() && list.canConvert<QVariantList>();
        return convertible ? std::optional(list.toList()) : std::nullopt;
    }
    static std::optional<QVariantMap> object(const QVariant &variant)
    {
        const QVariant map = parsed(variant);
        const bool convertible = map.isValid() && map.canConvert<QVariantMap>();
        return convertible ? std::optional(map.toMap()) : std::nullopt;
    }
    static bool ignored(const QString &) { return false; }
    static Result<Value> scalar(Scalar scalar, const QVariant &variant) { return scalarFromVariant(scalar, variant); }
};

// ---- reading one of them ----

template<typename Form>
Result<Value> readField(const Schema &schema, const FieldType &type, const typename Form::Source &source);

template<typename Form>
Result<Value> readEnum(const Schema &schema, const FieldType &type, const typename Form::Source &source)
{
    const EnumType *enumType = schema.enumType(type.name);
    if (!enumType)
        return missingType(type);
    const std::optional<QString> text = Form::text(source);
    return text ? checkedEnumValue(*enumType, *text) : mismatch(needed(schema, type), shown(source));
}

template<typename Form>
Result<Value> readMembers(const Schema &schema, const EmbeddedType &type, const typename Form::Object &members)
{
    Value::Object object;
    object.reserve(qsizetype(type.fields.size()));
    qsizetype found = 0;
    for (const SchemaField &field : type.fields) {
        const auto it = members.constFind(field.name);
        const bool given = it != members.constEnd();
        found += given ? 1 : 0;
        Result<Value> value = readField<Form>(schema, field.type, given ? it.value() : typename Form::Source());
        if (!value)
            return within(value.error(), u'.' + field.name);
        object.append({field.name, std::move(value).value()});
    }
    if (found == members.size())
        return Value(std::move(object));
    for (auto it = members.constBegin(); it != members.constEnd(); ++it) {
        const bool known = std::any_of(type.fields.begin(), type.fields.end(),
                                       [&](const SchemaField &field) { return field.name == it.key(); });
        if (!known && !Form::ignored(it.key()))
            return noSuchMember(type, it.key());
    }
    return Value(std::move(object));
}

template<typename Form>
Result<Value> readSingle(const Schema &schema, const FieldType &type, const typename Form::Source &source)
{
    if (type.kind == FieldType::Kind::Scalar)
        return Form::scalar(type.scalar, source);
    if (type.kind == FieldType::Kind::Enum)
        return readEnum<Form>(schema, type, source);
    const EmbeddedType *embedded = schema.embeddedType(type.name);
    if (!embedded)
        return missingType(type);
    const std::optional<typename Form::Object> members = Form::object(source);
    return members ? readMembers<Form>(schema, *embedded, *members) : mismatch(needed(schema, type), shown(source));
}

template<typename Form>
Result<Value> readElement(const Schema &schema, const FieldType &type, const typename Form::Source &source)
{
    if (!Form::isNull(source))
        return readSingle<Form>(schema, type, source);
    if (type.elementRequired)
        return missingElement(schema, type);
    return Value();
}

template<typename Form>
Result<Value> readList(const Schema &schema, const FieldType &type, const typename Form::List &sources)
{
    Value::List list;
    list.reserve(sources.size());
    for (const typename Form::Source &source : sources) {
        Result<Value> element = readElement<Form>(schema, type, source);
        if (!element)
            return within(element.error(), u"[%1]"_s.arg(list.size()));
        list.append(std::move(element).value());
    }
    return Value(std::move(list));
}

template<typename Form>
Result<Value> readField(const Schema &schema, const FieldType &type, const typename Form::Source &source)
{
    if (Form::isNull(source)) {
        if (type.required)
            return missingValue(schema, type);
        return Value();
    }
    if (!type.list)
        return readSingle<Form>(schema, type, source);
    const std::optional<typename Form::List> list = Form::list(source);
    if (!list)
        return noList(needed(schema, type), shown(source));
    return readList<Form>(schema, type, *list);
}

QVariant unwrapped(const QVariant &variant)
{
    return variant.metaType() == QMetaType::fromType<Value>() ? variant.value<Value>().toVariant() : variant;
}

Result<Value> finishedUnlessOk(Result<Value> result, const ModelType &model, int field)
{
    if (result)
        return result;
    return finished(result.error(), model, model.fields[size_t(field)].name);
}

} // namespace

/*!
    Returns the Value a field of \a type stores for \a variant, or what is wrong with it.

    Exact conversions only: whole numbers given as double or as text for Int, seconds or a date and
    time for AWSTimestamp, 0, 1, "true" and "false" for Boolean, numbers and their text for Float,
    whole numbers for ID, QUrl, QUuid (without braces), QDateTime (UTC with milliseconds), QDate and
    QTime for text scalars of their kind, JSON text for lists and embedded types. For AWSJSON a text
    must be JSON and is kept; anything else is written as compact JSON. A JS Date given for AWSDate
    or AWSTime means the day or time its own time zone shows. Members an embedded value lacks are
    null; members its type lacks are an error.

    May be called from any thread.
    \since 0.1
*/
Result<Value> fromVariant(const Schema &schema, const FieldType &type, const QVariant &variant)
{
    Result<Value> result = readField<VariantForm>(schema, type, unwrapped(variant));
    return result ? result : finished(result.error());
}

/*! The same for the field number \a field of \a model, which errors name. \since 0.1 */
Result<Value> fromVariant(const Schema &schema, const ModelType &model, int field, const QVariant &variant)
{
    const FieldType &type = model.fields[size_t(field)].type;
    return finishedUnlessOk(readField<VariantForm>(schema, type, unwrapped(variant)), model, field);
}

/*!
    Returns the Value a field of \a type stores for the wire's \a json, or what is wrong with it.
    Text is kept as it is. A whole number given for ID becomes text, and AWSJSON given as JSON
    instead of text is written as compact text. Members an embedded value lacks are null; members its
    type lacks, other than \c{__typename}, are an error.

    May be called from any thread.
    \since 0.1
*/
Result<Value> fromJson(const Schema &schema, const FieldType &type, const QJsonValue &json)
{
    Result<Value> result = readField<JsonForm>(schema, type, json);
    return result ? result : finished(result.error());
}

/*! The same for the field number \a field of \a model, which errors name. \since 0.1 */
Result<Value> fromJson(const Schema &schema, const ModelType &model, int field, const QJsonValue &json)
{
    return finishedUnlessOk(readField<JsonForm>(schema, model.fields[size_t(field)].type, json), model, field);
}

} // namespace Tideline
