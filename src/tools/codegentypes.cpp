// SPDX-License-Identifier: MIT
#include "tools/codegentypes.h"

#include <QtCore/QStringList>

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

QString elementType(const Names &names, const FieldType &type)
{
    if (type.kind != FieldType::Kind::Scalar)
        return names.type(type.name);
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

QString valueType(const Names &names, const FieldType &type)
{
    if (!type.list)
        return elementType(names, type);
    const QString element = type.elementRequired ? elementType(names, type) : u"std::optional<%1>"_s.arg(elementType(names, type));
    return u"QList<%1>"_s.arg(element);
}

QString accessorType(const Names &names, const FieldType &type)
{
    return type.required ? valueType(names, type) : u"std::optional<%1>"_s.arg(valueType(names, type));
}

QString parameter(const QString &type, const QString &name)
{
    static const QStringList small{u"int"_s, u"qint64"_s, u"double"_s, u"bool"_s, u"QDate"_s, u"QTime"_s};
    return small.contains(type) ? type + u' ' + name : u"const %1 &%2"_s.arg(type, name);
}

namespace {

PropertyType textProperty(bool required)
{
    // An empty text field of a form means "no value" where the schema allows one.
    return {.name = u"QString"_s,
            .get = u"fieldValue(%1).toText()"_s,
            .set = required ? u"setFieldValue(%1, Tideline::Value(newValue))"_s
                            : u"setFieldValue(%1, newValue.isEmpty() ? Tideline::Value() : Tideline::Value(newValue))"_s};
}

PropertyType plainProperty(const QString &name, const QString &reader)
{
    return {.name = name, .get = reader, .set = u"setFieldValue(%1, Tideline::Value(newValue))"_s};
}

PropertyType variantProperty()
{
    return {.name = u"QVariant"_s, .get = u"fieldVariant(%1)"_s, .set = u"setFieldVariant(%1, newValue)"_s};
}

} // namespace

PropertyType propertyType(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return variantProperty();
    if (type.kind == FieldType::Kind::Enum)
        return textProperty(type.required);
    switch (type.scalar) {
    case Scalar::Int: return type.required ? plainProperty(u"int"_s, u"int(fieldValue(%1).toInteger())"_s) : variantProperty();
    case Scalar::Float: return type.required ? plainProperty(u"double"_s, u"fieldValue(%1).toDouble()"_s) : variantProperty();
    case Scalar::Boolean: return type.required ? plainProperty(u"bool"_s, u"fieldValue(%1).toBool()"_s) : variantProperty();
    case Scalar::AWSDateTime:
        return {.name = u"QDateTime"_s,
                .get = u"Tideline::ValueTraits<QDateTime>::fromValue(fieldValue(%1))"_s,
                .set = u"setFieldValue(%1, newValue.isValid() ? Tideline::ValueTraits<QDateTime>::toValue(newValue) : Tideline::Value())"_s};
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSEmail:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress: return textProperty(type.required);
    case Scalar::AWSTimestamp:         // QML takes no literal for a 64-bit integer
    case Scalar::AWSJSON: return variantProperty();
    }
    Q_UNREACHABLE();
}

} // namespace Tideline::Tools
