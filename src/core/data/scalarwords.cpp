// SPDX-License-Identifier: MIT
#include "core/data/scalars_p.h"

#include "core/data/jsontext_p.h"
#include "core/data/value_p.h"
#include "core/suggestion.h"

#include <QtCore/QJsonValue>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

QString needed(Scalar scalar)
{
    switch (scalar) {
    case Scalar::ID:
        return u"a text (ID)"_s;
    case Scalar::String:
        return u"a text (String)"_s;
    case Scalar::Int:
        return u"a whole number from -2147483648 to 2147483647 (Int)"_s;
    case Scalar::Float:
        return u"a finite number (Float)"_s;
    case Scalar::Boolean:
        return u"true or false (Boolean)"_s;
    case Scalar::AWSDate:
        return u"a date such as 2024-05-31 (AWSDate)"_s;
    case Scalar::AWSTime:
        return u"a time such as 12:30:00.000 (AWSTime)"_s;
    case Scalar::AWSDateTime:
        return u"a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime)"_s;
    case Scalar::AWSTimestamp:
        return u"a whole number of seconds since 1970 (AWSTimestamp)"_s;
    case Scalar::AWSEmail:
        return u"an e-mail address such as anna@example.org (AWSEmail)"_s;
    case Scalar::AWSJSON:
        return u"a JSON text, in which a plain text stands in quotes (AWSJSON)"_s;
    case Scalar::AWSURL:
        return u"an absolute URL such as https://example.org/a, without // in its path (AWSURL)"_s;
    case Scalar::AWSPhone:
        return u"a phone number of digits, blanks and hyphens such as +44 20 7946 0000 (AWSPhone)"_s;
    case Scalar::AWSIPAddress:
        return u"an IP address such as 192.168.0.1, 2001:db8::1 or 10.0.0.0/8 (AWSIPAddress)"_s;
    }
    return {};
}

QString needed(const Schema &schema, const FieldType &type)
{
    switch (type.kind) {
    case FieldType::Kind::Scalar:
        return needed(type.scalar);
    case FieldType::Kind::Enum: {
        const EnumType *enumType = schema.enumType(type.name);
        return enumType ? u"one of %1 (%2)"_s.arg(enumType->values.join(", "_L1), type.name) : type.name;
    }
    case FieldType::Kind::Embedded:
        return u"an object (%1)"_s.arg(type.name);
    }
    return {};
}

static QString quoted(const QString &text)
{
    constexpr qsizetype longest = 60;       // enough to recognise it; a message is one line
    QString out;
    appendJsonString(out, QStringView(text).first(std::min(longest, text.size())));
    if (text.size() > longest)
        out.insert(out.size() - 1, u"\u2026"_s);
    return out;
}

QString shown(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Null:
        return u"null"_s;
    case Value::Kind::Text:
        return value.toText().isEmpty() ? u"an empty text"_s : u"the text "_s + quoted(value.toText());
    case Value::Kind::Boolean:
    case Value::Kind::Integer:
        return value.toJsonText();
    case Value::Kind::Double:
        return numberText(value.toDouble());
    case Value::Kind::List:
        return u"a list"_s;
    case Value::Kind::Object:
        return u"an object"_s;
    }
    return {};
}

QString shown(const QVariant &variant)
{
    if (const std::optional<Value> value = plainValue(variant))
        return shown(*value);
    switch (variant.typeId()) {
    case QMetaType::QDate:
    case QMetaType::QTime:
    case QMetaType::QDateTime:
        return u"an invalid date or time"_s;
    default:
        return u"a value of type %1"_s.arg(QString::fromLatin1(variant.typeName()));
    }
}

QString shown(const QJsonValue &json)
{
    return shown(Value::fromJson(json));
}

Error problem(const QString &endOfSentence, Error::Code code)
{
    return Error(code, endOfSentence);
}

Error mismatch(const QString &needed, const QString &shown)
{
    return problem(u"needs %1, not %2"_s.arg(needed, shown));
}

Error noSuchMember(const EmbeddedType &type, const QString &name)
{
    QStringList names;
    for (const SchemaField &field : type.fields)
        names += field.name;
    return problem(u"has no field \"%1\" in %2%3"_s.arg(name, type.name, suggestionFor(name, names)),
                   Error::Code::UnknownField);
}

Error missingValue(const Schema &schema, const FieldType &type)
{
    const QString what = type.list ? u"a list, which may be empty"_s : needed(schema, type);
    return problem(u"is required; give it %1"_s.arg(what));
}

Error missingElement(const Schema &schema, const FieldType &type)
{
    return problem(u"cannot be null: each element needs %1"_s.arg(needed(schema, type)));
}

Error missingType(const FieldType &type)
{
    return problem(u"has the type %1, which the schema given does not know; give the schema the field comes from"_s.arg(type.name),
                   Error::Code::InvalidArgument);
}

Error within(const Error &error, const QString &step)
{
    return error.withField(step + error.field());
}

Error finished(const Error &error)
{
    QString path = error.field();
    if (path.startsWith(u'.'))
        path.remove(0, 1);
    const QString subject = path.isEmpty() ? u"The value"_s : u"The value at %1"_s.arg(path);
    return Error(error.code(), subject + u' ' + error.message()).withField(path);
}

Error finished(const Error &error, const ModelType &model, const QString &field)
{
    const QString path = field + error.field();
    return Error(error.code(), u"%1.%2 %3"_s.arg(model.name, path, error.message())).withModel(model.name).withField(path);
}

} // namespace Tideline
