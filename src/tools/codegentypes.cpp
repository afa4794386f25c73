// SPDX-License-Identifier: MIT
#include "tools/codegentypes.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

QString identifier(const QString &name)
{
    static const QSet<QString> reserved{
        u"alignas"_s, u"alignof"_s, u"and"_s, u"asm"_s, u"auto"_s, u"bool"_s, u"break"_s, u"case"_s, u"catch"_s, u"char"_s,
        u"class"_s, u"concept"_s, u"const"_s, u"continue"_s, u"decltype"_s, u"default"_s, u"delete"_s, u"do"_s, u"double"_s,
        u"else"_s, u"enum"_s, u"explicit"_s, u"export"_s, u"extern"_s, u"false"_s, u"float"_s, u"for"_s, u"friend"_s,
        u"goto"_s, u"if"_s, u"inline"_s, u"int"_s, u"long"_s, u"mutable"_s, u"namespace"_s, u"new"_s, u"noexcept"_s,
        u"not"_s, u"nullptr"_s, u"operator"_s, u"or"_s, u"private"_s, u"protected"_s, u"public"_s, u"register"_s,
        u"requires"_s, u"return"_s, u"short"_s, u"signed"_s, u"sizeof"_s, u"static"_s, u"struct"_s, u"switch"_s,
        u"template"_s, u"this"_s, u"throw"_s, u"true"_s, u"try"_s, u"typedef"_s, u"typeid"_s, u"typename"_s, u"union"_s,
        u"unsigned"_s, u"using"_s, u"virtual"_s, u"void"_s, u"volatile"_s, u"while"_s, u"xor"_s,
        // members of the generated classes and their base
        u"store"_s, u"type"_s, u"key"_s, u"stored"_s, u"modified"_s, u"valid"_s, u"errors"_s, u"syncState"_s, u"version"_s,
        u"record"_s, u"draft"_s, u"field"_s, u"parent"_s, u"event"_s, u"connect"_s, u"objectName"_s, u"emit"_s, u"signals"_s,
        u"slots"_s,
    };
    return reserved.contains(name) ? name + u'_' : name;
}

QString capitalized(const QString &name)
{
    return name.left(1).toUpper() + name.mid(1);
}

QString elementType(const FieldType &type)
{
    if (type.kind != FieldType::Kind::Scalar)
        return type.name;
    switch (type.scalar) {
    case Scalar::Int: return u"int"_s;
    case Scalar::AWSTimestamp: return u"qint64"_s;
    case Scalar::Float: return u"double"_s;
    case Scalar::Boolean: return u"bool"_s;
    case Scalar::AWSDate: return u"QDate"_s;
    case Scalar::AWSTime: return u"QTime"_s;
    case Scalar::AWSDateTime: return u"QDateTime"_s;
    case Scalar::AWSURL: return u"QUrl"_s;
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress: return u"QString"_s;
    }
    Q_UNREACHABLE();
}

QString valueType(const FieldType &type)
{
    if (!type.list)
        return elementType(type);
    const QString element = type.elementRequired ? elementType(type) : u"std::optional<%1>"_s.arg(elementType(type));
    return u"QList<%1>"_s.arg(element);
}

QString accessorType(const FieldType &type)
{
    return type.required ? valueType(type) : u"std::optional<%1>"_s.arg(valueType(type));
}

namespace {

PropertyType textProperty(bool required)
{
    // An empty text field of a form means "no value" where the schema allows one.
    return {.name = u"QString"_s,
            .get = u"fieldValue(%1).toText()"_s,
            .set = required ? u"setFieldValue(%1, Tideline::Value(value))"_s
                            : u"setFieldValue(%1, value.isEmpty() ? Tideline::Value() : Tideline::Value(value))"_s,
            .byReference = true};
}

PropertyType plainProperty(const QString &name, const QString &reader)
{
    return {.name = name, .get = u"fieldValue(%1)."_s + reader, .set = u"setFieldValue(%1, Tideline::Value(value))"_s};
}

PropertyType variantProperty()
{
    return {.name = u"QVariant"_s, .get = u"fieldVariant(%1)"_s, .set = u"setFieldVariant(%1, value)"_s, .byReference = true};
}

} // namespace

PropertyType propertyType(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return variantProperty();
    if (type.kind == FieldType::Kind::Enum)
        return textProperty(type.required);
    switch (type.scalar) {
    case Scalar::Int: return type.required ? plainProperty(u"int"_s, u"toInteger()"_s) : variantProperty();
    case Scalar::AWSTimestamp: return type.required ? plainProperty(u"qint64"_s, u"toInteger()"_s) : variantProperty();
    case Scalar::Float: return type.required ? plainProperty(u"double"_s, u"toDouble()"_s) : variantProperty();
    case Scalar::Boolean: return type.required ? plainProperty(u"bool"_s, u"toBool()"_s) : variantProperty();
    case Scalar::AWSDateTime:
        return {.name = u"QDateTime"_s,
                .get = u"Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(%1))"_s,
                .set = u"setFieldValue(%1, value.isValid() ? Tideline::ValueTraits<QDateTime>::toValue(value) : Tideline::Value())"_s,
                .byReference = true};
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress: return textProperty(type.required);
    }
    Q_UNREACHABLE();
}

} // namespace Tideline::Tools
