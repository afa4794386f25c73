// SPDX-License-Identifier: MIT
#include "client/sync/remoteitem.h"

#include "client/sync/synctext_p.h"
#include "core/data/scalars.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonDocument>

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;

static SyncMetadata metadataOf(const QJsonObject &json)
{
    return {json.value("_version"_L1).toInteger(), json.value("_lastChangedAt"_L1).toInteger(), json.value("_deleted"_L1).toBool()};
}

// Empty when a part of it is missing or wrong.
static QString keyIn(const Schema &schema, const ModelType &model, const QJsonObject &json)
{
    std::vector<Value> parts;
    for (const int field : model.primaryKey) {
        const SchemaField &part = model.fields[size_t(field)];
        const Result<Value> value = Tideline::fromJson(schema, part.type, json.value(part.name));
        if (!value || value->isNull())
            return {};
        parts.push_back(*value);
    }
    return keyFromParts(parts);
}

/* A tombstone may have lost what a live record must have, or have what was allowed once; only its key and version count. */
static Result<Value> valueIn(const Schema &schema, const ModelType &model, const SchemaField &field, const QJsonObject &json, bool isKey)
{
    const QJsonValue member = json.value(field.name);
    const bool deleted = json.value("_deleted"_L1).toBool();
    if (member.isUndefined() || member.isNull()) {
        if (field.type.required && (!deleted || isKey) && !field.readOnly && !field.implicit)
            return Error(Error::Code::Validation, SyncText::tr("The backend sent a %1 without its required field \"%2\".").arg(model.name, field.name));
        return Value();
    }
    Result<Value> value = Tideline::fromJson(schema, field.type, member);
    return value || !deleted || isKey ? value : Result<Value>(Value());
}

RemoteItem RemoteItem::fromJson(const Schema &schema, const std::shared_ptr<const ModelType> &model, const QJsonObject &json)
{
    const auto wrong = [&](const Error &error) { return RemoteItem{{}, error.withModel(model->name).withRecord(keyIn(schema, *model, json)), json}; };
    std::vector<Value> values;
    values.reserve(model->fields.size());
    for (size_t i = 0; i < model->fields.size(); ++i) {
        const bool isKey = std::ranges::find(model->primaryKey, int(i)) != model->primaryKey.end();
        Result<Value> value = valueIn(schema, *model, model->fields[i], json, isKey);
        if (!value)
            return wrong(value.error().withField(model->fields[i].name));
        values.push_back(std::move(*value));
    }
    if (!json.value("_version"_L1).isDouble())
        return wrong(Error(Error::Code::Protocol, SyncText::tr("The backend sent a %1 without _version.").arg(model->name)));
    Record record(model, std::move(values));
    record.setMetadata(metadataOf(json));
    return {std::move(record), {}, {}};
}

QJsonObject RemoteItem::toJson() const
{
    if (record.isNull())
        return raw;
    QJsonObject json;
    const std::vector<SchemaField> &fields = record.model()->fields;
    for (size_t field = 0; field < fields.size(); ++field)
        json.insert(fields[field].name, record.value(int(field)).toJson());
    const SyncMetadata &metadata = record.metadata();
    json.insert(u"_version"_s, metadata.version);
    json.insert(u"_lastChangedAt"_s, metadata.lastChangedAt);
    json.insert(u"_deleted"_s, metadata.deleted);
    return json;
}

SyncMetadata RemoteItem::metadata() const
{
    return record.isNull() ? metadataOf(raw) : record.metadata();
}

QString RemoteItem::key() const
{
    if (!record.isNull())
        return record.key();
    if (!error.record().isEmpty())
        return error.record();
    return QString::fromLatin1(QCryptographicHash::hash(QJsonDocument(raw).toJson(QJsonDocument::Compact), QCryptographicHash::Sha1).toHex());
}

} // namespace Tideline
