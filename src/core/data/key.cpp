// SPDX-License-Identifier: MIT
#include "core/data/record.h"

#include "core/data/jsontext_p.h"
#include "core/data/scalars_p.h"
#include "core/data/value_p.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace Tideline {

static QString keyText(const Value &value)
{
    if (value.kind() == Value::Kind::Text)
        return value.toText();
    return value.isNull() ? QString() : value.toJsonText();
}

/*!
    Returns the canonical key of a record of \a model with \a values, one for each field.
    \since 0.1
*/
QString keyOf(const ModelType &model, const std::vector<Value> &values)
{
    if (model.primaryKey.size() == 1)
        return keyText(values[size_t(model.primaryKey.front())]);
    QString key(u'[');
    for (const int field : model.primaryKey) {
        if (key.size() > 1)
            key += u',';
        appendJson(key, values[size_t(field)]);
    }
    return key += u']';
}

/*!
    Returns the canonical key whose parts are \a keyValues, in the order of the key's fields.
    \since 0.1
*/
QString keyFromParts(const std::vector<Value> &keyValues)
{
    if (keyValues.size() == 1)
        return keyText(keyValues.front());
    return Value(Value::List(keyValues.begin(), keyValues.end())).toJsonText();
}

static std::optional<Value> singlePart(Value::Kind kind, const QString &key)
{
    if (kind == Value::Kind::Text)
        return Value(key);
    const QJsonArray array = QJsonDocument::fromJson(u'[' + key.toUtf8() + u']').array();
    return array.size() == 1 ? std::optional(Value::fromJson(array.first())) : std::nullopt;
}

// A part of the kind its field stores; nothing when it is of another.
static std::optional<Value> typedPart(Value::Kind kind, const Value &part)
{
    if (kind == Value::Kind::Double && part.kind() == Value::Kind::Integer)
        return Value(part.toDouble());
    return part.kind() == kind ? std::optional(part) : std::nullopt;
}

/*!
    Returns the values of the key fields of \a model that \a key stands for, in the order of the key's
    fields; an empty vector when \a key is no key of that model type.
    \since 0.1
*/
std::vector<Value> keyParts(const ModelType &model, const QString &key)
{
    const auto kindOf = [&model](size_t part) { return storedKind(model.fields[size_t(model.primaryKey[part])].type); };
    Value::List found;
    if (model.primaryKey.size() == 1) {
        if (const std::optional<Value> part = singlePart(kindOf(0), key))
            found.append(*part);
    } else {
        found = Value::fromJson(QJsonDocument::fromJson(key.toUtf8()).array()).toList();
    }
    if (size_t(found.size()) != model.primaryKey.size())
        return {};
    std::vector<Value> parts;
    for (size_t i = 0; i < model.primaryKey.size(); ++i) {
        const std::optional<Value> part = typedPart(kindOf(i), found[qsizetype(i)]);
        if (!part)
            return {};
        parts.push_back(*part);
    }
    return parts;
}

} // namespace Tideline
