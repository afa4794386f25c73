// SPDX-License-Identifier: MIT
#include "core/data/scalars_p.h"

#include "core/data/value_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QStringDecoder>
#include <QtCore/QUrl>
#include <QtCore/QUuid>

#include <cmath>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

bool isText(const QVariant &variant)
{
    return variant.typeId() == QMetaType::QString;
}

std::optional<qint64> integerOf(const QVariant &variant)
{
    if (isText(variant)) {
        bool ok = false;
        const qint64 number = variant.toString().toLongLong(&ok);
        return ok ? std::optional(number) : std::nullopt;
    }
    if (variant.metaType().flags() & QMetaType::IsEnumeration)
        return variant.toLongLong();
    const std::optional<Value> plain = plainValue(variant);
    if (plain && plain->kind() == Value::Kind::Integer)
        return plain->toInteger();
    return plain && plain->kind() == Value::Kind::Double ? exactInteger(plain->toDouble()) : std::nullopt;
}

std::optional<double> doubleOf(const QVariant &variant)
{
    bool ok = false;
    double number = 0;
    if (isText(variant)) {
        number = variant.toString().toDouble(&ok);
    } else if (const std::optional<Value> plain = plainValue(variant)) {
        ok = plain->kind() == Value::Kind::Integer || plain->kind() == Value::Kind::Double;
        number = plain->toDouble();
    }
    return ok && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<bool> booleanOf(const QVariant &variant)
{
    if (variant.typeId() == QMetaType::Bool)
        return variant.toBool();
    if (isText(variant)) {
        const QString text = variant.toString();
        if (text == "true"_L1 || text == "false"_L1)
            return text == "true"_L1;
        return {};
    }
    const std::optional<qint64> number = integerOf(variant);
    return number && (*number == 0 || *number == 1) ? std::optional(*number == 1) : std::nullopt;
}

std::optional<qint64> timestampOf(const QVariant &variant)
{
    if (variant.typeId() == QMetaType::QDateTime) {
        const QDateTime time = variant.toDateTime();
        return time.isValid() ? std::optional(time.toSecsSinceEpoch()) : std::nullopt;
    }
    if (isText(variant) && isValidScalar(Scalar::AWSDateTime, variant.toString())) {
        const QDateTime time = QDateTime::fromString(variant.toString(), Qt::ISODateWithMs);
        return time.isValid() ? std::optional(time.toSecsSinceEpoch()) : std::nullopt;
    }
    return integerOf(variant);
}

std::optional<QString> utf8Text(const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8);
    QString text = decoder(bytes);
    return decoder.hasError() ? std::nullopt : std::optional(std::move(text));
}

// A date or time in the form of the scalar; a date and time gives its day or time of day as its own zone has it.
std::optional<QString> calendarText(Scalar scalar, const QVariant &variant)
{
    QString text;
    const int type = variant.typeId();
    if (scalar == Scalar::AWSDateTime && type == QMetaType::QDateTime)
        text = awsDateTime(variant.toDateTime());
    else if (scalar == Scalar::AWSDate && (type == QMetaType::QDateTime || type == QMetaType::QDate))
        text = awsDate(type == QMetaType::QDate ? variant.toDate() : variant.toDateTime().date());
    else if (scalar == Scalar::AWSTime && (type == QMetaType::QDateTime || type == QMetaType::QTime))
        text = awsTime(type == QMetaType::QTime ? variant.toTime() : variant.toDateTime().time());
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

std::optional<QString> textOf(Scalar scalar, const QVariant &variant)
{
    const bool free = scalar == Scalar::String || scalar == Scalar::ID;
    switch (variant.typeId()) {
    case QMetaType::QString:
        return variant.toString();
    case QMetaType::QChar:
        return QString(variant.toChar());
    case QMetaType::QByteArray:
        return utf8Text(variant.toByteArray());
    case QMetaType::QUrl:
        return free || scalar == Scalar::AWSURL ? std::optional(QString::fromLatin1(variant.toUrl().toEncoded()))
                                                : std::nullopt;
    case QMetaType::QUuid:
        return free ? std::optional(variant.toUuid().toString(QUuid::WithoutBraces)) : std::nullopt;
    case QMetaType::QDate:
    case QMetaType::QTime:
    case QMetaType::QDateTime:
        return calendarText(scalar, variant);
    default:
        break;
    }
    if (scalar != Scalar::ID)
        return {};
    const std::optional<qint64> number = integerOf(variant);    // as GraphQL takes an Int for an ID
    return number ? std::optional(QString::number(*number)) : std::nullopt;
}

Result<Value> jsonFromVariant(const QVariant &variant)
{
    if (const std::optional<QString> text = textOf(Scalar::AWSJSON, variant))
        return checkedText(Scalar::AWSJSON, *text);
    const std::optional<Value> plain = plainValue(variant);
    if (!plain || (plain->kind() == Value::Kind::Double && !std::isfinite(plain->toDouble())))
        return mismatch(needed(Scalar::AWSJSON), shown(variant));
    return checkedText(Scalar::AWSJSON, plain->toJsonText());
}

template<typename T>
Result<Value> valueOr(const std::optional<T> &found, Scalar scalar, const QVariant &variant)
{
    if (!found)
        return mismatch(needed(scalar), shown(variant));
    return Value(*found);
}

} // namespace

Result<Value> scalarFromVariant(Scalar scalar, const QVariant &variant)
{
    switch (scalar) {
    case Scalar::Boolean:
        return valueOr(booleanOf(variant), scalar, variant);
    case Scalar::Int: {
        const std::optional<qint64> number = integerOf(variant);
        return valueOr(number && isInteger32(*number) ? number : std::nullopt, scalar, variant);
    }
    case Scalar::AWSTimestamp:
        return valueOr(timestampOf(variant), scalar, variant);
    case Scalar::Float:
        return valueOr(doubleOf(variant), scalar, variant);
    case Scalar::AWSJSON:
        return jsonFromVariant(variant);
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        break;
    }
    const std::optional<QString> text = textOf(scalar, variant);
    return text ? checkedText(scalar, *text) : mismatch(needed(scalar), shown(variant));
}

} // namespace Tideline
