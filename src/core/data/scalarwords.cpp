// SPDX-License-Identifier: MIT
#include "core/data/scalars_p.h"

#include "core/coretext_p.h"
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
        return CoreText::tr("a text (ID)");
    case Scalar::String:
        return CoreText::tr("a text (String)");
    case Scalar::Int:
        return CoreText::tr("a whole number from -2147483648 to 2147483647 (Int)");
    case Scalar::Float:
        return CoreText::tr("a finite number (Float)");
    case Scalar::Boolean:
        return CoreText::tr("true or false (Boolean)");
    case Scalar::AWSDate:
        return CoreText::tr("a date such as 2024-05-31 (AWSDate)");
    case Scalar::AWSTime:
        return CoreText::tr("a time such as 12:30:00.000 (AWSTime)");
    case Scalar::AWSDateTime:
        return CoreText::tr("a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime)");
    case Scalar::AWSTimestamp:
        return CoreText::tr("a whole number of seconds since 1970 (AWSTimestamp)");
    case Scalar::AWSEmail:
        return CoreText::tr("an e-mail address such as anna@example.org (AWSEmail)");
    case Scalar::AWSJSON:
        return CoreText::tr("a JSON text, in which a plain text stands in quotes (AWSJSON)");
    case Scalar::AWSURL:
        return CoreText::tr("an absolute URL such as https://example.org/a, without // in its path (AWSURL)");
    case Scalar::AWSPhone:
        return CoreText::tr("a phone number of digits, blanks and hyphens such as +44 20 7946 0000 (AWSPhone)");
    case Scalar::AWSIPAddress:
        return CoreText::tr("an IP address such as 192.168.0.1, 2001:db8::1 or 10.0.0.0/8 (AWSIPAddress)");
    }
    return {};
}

QString needed(const EnumType &type)
{
    return CoreText::tr("one of %1 (%2)").arg(type.values.join(", "_L1), type.name);
}

QString needed(const Schema &schema, const FieldType &type)
{
    switch (type.kind) {
    case FieldType::Kind::Scalar:
        return needed(type.scalar);
    case FieldType::Kind::Enum: {
        const EnumType *enumType = schema.enumType(type.name);
        return enumType ? needed(*enumType) : type.name;
    }
    case FieldType::Kind::Embedded:
        return CoreText::tr("an object (%1)").arg(type.name);
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
        return value.toText().isEmpty() ? CoreText::tr("an empty text") : CoreText::tr("the text %1").arg(quoted(value.toText()));
    case Value::Kind::Boolean:
    case Value::Kind::Integer:
        return value.toJsonText();
    case Value::Kind::Double:
        return numberText(value.toDouble());
    case Value::Kind::List:
        return CoreText::tr("a list");
    case Value::Kind::Object:
        return CoreText::tr("an object");
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
        return CoreText::tr("an invalid date or time");
    default:
        return CoreText::tr("a value of type %1").arg(QString::fromLatin1(variant.typeName()));
    }
}

QString shown(const QJsonValue &json)
{
    return shown(Value::fromJson(json));
}

Error problem(const QString &sentence, Error::Code code)
{
    return Error(code, sentence);
}

Error mismatch(const QString &needed, const QString &shown)
{
    return problem(CoreText::tr("%1 needs %2, not %3").arg(Subject, needed, shown));
}

Error noList(const QString &neededElement, const QString &shown)
{
    return problem(CoreText::tr("%1 needs a list whose elements are %2, not %3").arg(Subject, neededElement, shown));
}

Error noSuchMember(const EmbeddedType &type, const QString &name)
{
    QStringList names;
    for (const SchemaField &field : type.fields)
        names += field.name;
    const QString sentence = CoreText::tr("%1 has no field \"%2\" in %3").arg(Subject, name, type.name);
    return problem(withSuggestion(sentence, name, names), Error::Code::UnknownField);
}

Error missingValue(const Schema &schema, const FieldType &type)
{
    const QString what = type.list ? CoreText::tr("a list, which may be empty") : needed(schema, type);
    return problem(CoreText::tr("%1 is required; give it %2").arg(Subject, what));
}

Error missingElement(const Schema &schema, const FieldType &type)
{
    return problem(CoreText::tr("%1 cannot be null: each element needs %2").arg(Subject, needed(schema, type)));
}

Error missingType(const FieldType &type)
{
    return problem(CoreText::tr("%1 has the type %2, which the schema given does not know; give the schema the field comes from")
                       .arg(Subject, type.name),
                   Error::Code::InvalidArgument);
}

Error within(const Error &error, const QString &step)
{
    return error.withField(step + error.field());
}

QString about(const QString &subject, const Error &error)
{
    QString message = error.message();
    if (const qsizetype at = message.indexOf(Subject); at >= 0)
        message.replace(at, Subject.size(), subject);
    return message;
}

Error finished(const Error &error)
{
    QString path = error.field();
    if (path.startsWith(u'.'))
        path.remove(0, 1);
    const QString subject = path.isEmpty() ? CoreText::tr("The value") : CoreText::tr("The value at %1").arg(path);
    return Error(error.code(), about(subject, error)).withField(path);
}

Error finished(const Error &error, const ModelType &model, const QString &field)
{
    const QString path = field + error.field();
    return Error(error.code(), about(model.name + u'.' + path, error)).withModel(model.name).withField(path);
}

} // namespace Tideline
