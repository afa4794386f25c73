// SPDX-License-Identifier: MIT
#include "core/data/automerge.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

namespace Tideline {

/*
    AppSync's rules, field by field: what is absent is added, a scalar that differs is rejected, lists
    are joined with their duplicates, maps are merged by these rules. Not documented, and chosen here so that
    nothing stored is lost: an incoming null, and a value of another shape than the stored one, change nothing.
*/
static Value merged(const Value &stored, const Value &incoming)
{
    if (stored.isNull())
        return incoming;
    if (stored.kind() == Value::Kind::List && incoming.kind() == Value::Kind::List)
        return stored.toList() + incoming.toList();
    if (stored.kind() != Value::Kind::Object || incoming.kind() != Value::Kind::Object)
        return stored;
    Value::Object members = stored.toObject();
    for (const Value::Member &member : incoming.toObject()) {
        const auto known = std::ranges::find_if(members, [&](const Value::Member &own) { return own.first == member.first; });
        if (known == members.end())
            members.append(member);
        else
            known->second = merged(known->second, member.second);
    }
    return members;
}

static Value parsed(const QString &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json.toUtf8());
    if (document.isArray())
        return Value::fromJson(document.array());
    return document.isObject() ? Value::fromJson(document.object()) : Value();
}

// AppSync stores AWSJSON parsed: objects merge and lists join. The text stays as it was when nothing came of it.
static Value mergedJson(const Value &stored, const Value &incoming)
{
    if (stored.isNull() || incoming.isNull())
        return stored.isNull() ? incoming : stored;
    const Value before = parsed(stored.toText());
    const Value after = merged(before, parsed(incoming.toText()));
    return before.isNull() || after == before ? stored : Value(after.toJsonText());
}

Value automerged(const FieldType &type, const Value &stored, const Value &incoming)
{
    const bool isJson = type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::AWSJSON && !type.list;
    return isJson ? mergedJson(stored, incoming) : merged(stored, incoming);
}

} // namespace Tideline
