// SPDX-License-Identifier: MIT
#include "server/conflicts/conflictevent.h"

#include "core/data/scalars.h"

#include <QtCore/QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static QJsonObject fieldsOf(const Record &record)
{
    QJsonObject object;
    for (size_t i = 0; i < record.values().size(); ++i) {
        if (!record.values()[i].isNull())
            object.insert(record.model()->fields[i].name, record.values()[i].toJson());
    }
    return object;
}

static QJsonObject itemOf(const Record &stored)
{
    QJsonObject item = fieldsOf(stored);
    item.insert(u"_version"_s, stored.metadata().version);
    item.insert(u"_lastChangedAt"_s, stored.metadata().lastChangedAt);
    if (stored.metadata().deleted)
        item.insert(u"_deleted"_s, true);
    return item;
}

static QJsonValue identityOf(const Identity &identity)
{
    const auto claim = [&identity](const QString &name) { return identity.claims.value(name); };
    switch (identity.provider) {
    case Identity::Provider::ApiKey:
        return QJsonValue();
    case Identity::Provider::Iam:
        return QJsonObject{{u"userArn"_s, identity.subject}, {u"username"_s, identity.subject},
                           {u"cognitoIdentityAuthType"_s, identity.guest ? u"unauthenticated"_s : u"authenticated"_s}};
    case Identity::Provider::Function:
        return QJsonObject{{u"resolverContext"_s, identity.claims}};
    case Identity::Provider::Oidc:
        return QJsonObject{{u"sub"_s, identity.subject}, {u"issuer"_s, claim(u"iss"_s)}, {u"claims"_s, identity.claims}};
    case Identity::Provider::UserPools: {
        const QJsonValue username = claim(u"username"_s);
        return QJsonObject{{u"sub"_s, identity.subject}, {u"issuer"_s, claim(u"iss"_s)},
                           {u"username"_s, username.isString() ? username : claim(u"cognito:username"_s)},
                           {u"groups"_s, claim(u"cognito:groups"_s)}, {u"claims"_s, identity.claims}};
    }
    }
    Q_UNREACHABLE();
}

QJsonObject conflictEvent(const ConflictQuestion &question, const QString &field, const Value::Object &arguments, const Identity &identity)
{
    const QJsonObject given = Value(arguments).toJson().toObject();
    return {
        {u"newItem"_s, fieldsOf(question.wanted)},
        {u"existingItem"_s, itemOf(question.stored)},
        {u"arguments"_s, QJsonObject{{u"input"_s, given.value(u"input"_s).toObject()},
                                     {u"condition"_s, given.contains(u"condition"_s) ? given.value(u"condition"_s) : QJsonValue()}}},
        {u"resolver"_s, QJsonObject{{u"tableName"_s, question.stored.model()->name}, {u"awsRegion"_s, u"local"_s},
                                    {u"parentType"_s, u"Mutation"_s}, {u"field"_s, field}}},
        {u"identity"_s, identityOf(identity)},
    };
}

// What the item does not mention. The time of the update is null, to be filled in.
static Result<Value> unmentioned(const Record &stored, int field)
{
    const ModelType &model = *stored.model();
    const SchemaField &definition = model.fields[size_t(field)];
    const bool stays = definition.name == model.createdAt || (definition.type.required && definition.name != model.updatedAt);
    return stays ? stored.value(field) : Value();
}

// The stored record with what \a item says of it.
static Result<Record> resolved(const Schema &schema, const Record &stored, const QJsonObject &item)
{
    const ModelType &model = *stored.model();
    Record record = stored;
    for (int field = 0; field < int(model.fields.size()); ++field) {
        const QString &name = model.fields[size_t(field)].name;
        if (std::ranges::count(model.primaryKey, field) > 0)
            continue;
        const Result<Value> value = item.contains(name) ? fromJson(schema, model, field, item.value(name)) : unmentioned(stored, field);
        if (!value)
            return value.error();
        record.setValue(field, *value);
    }
    return record;
}

Result<ConflictAnswer> conflictAnswer(const Schema &schema, const Record &stored, bool isDelete, const QJsonObject &answer)
{
    const QString action = answer.value("action"_L1).toString();
    if (action == "REJECT"_L1)
        return ConflictAnswer{};
    if (isDelete && action == "REMOVE"_L1)
        return ConflictAnswer{ConflictAnswer::Action::Remove, {}};
    if (isDelete || action != "RESOLVE"_L1) {
        return Error(Error::Code::Protocol, u"The conflict function's answer has the action \"%1\", which is not one for %2."_s
                                                .arg(action.left(40), isDelete ? u"a delete"_s : u"an update"_s));
    }
    if (!answer.value("item"_L1).isObject())
        return Error(Error::Code::Protocol, u"The conflict function's answer has no item."_s);
    const Result<Record> item = resolved(schema, stored, answer.value("item"_L1).toObject());
    if (!item)
        return Error(Error::Code::Protocol, u"The conflict function's item cannot be stored: %1"_s.arg(item.error().message()));
    return ConflictAnswer{ConflictAnswer::Action::Resolve, *item};
}

} // namespace Tideline::Server
