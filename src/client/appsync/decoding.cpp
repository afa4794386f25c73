// SPDX-License-Identifier: MIT
#include "client/appsync/decoding_p.h"

#include "core/data/scalars.h"

#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace Tideline {

RemoteItem decodeItem(const Schema &schema, const std::shared_ptr<const ModelType> &model, const QJsonObject &json)
{
    std::vector<Value> values;
    values.reserve(model->fields.size());
    const bool deleted = json.value("_deleted"_L1).toBool();
    for (const SchemaField &field : model->fields) {
        const QJsonValue member = json.value(field.name);
        if (member.isUndefined() || member.isNull()) {
            // A tombstone may have lost what a live record must have; only its key and version count.
            const bool missing = field.type.required && !deleted && !field.readOnly && !field.implicit;
            if (missing) {
                const Error error(Error::Code::Validation,
                                  u"The backend sent a %1 without its required field \"%2\"."_s.arg(model->name, field.name));
                return {{}, error.withModel(model->name).withField(field.name), json};
            }
            values.emplace_back();
            continue;
        }
        Result<Value> value = fromJson(schema, field.type, member);
        if (!value)
            return {{}, value.error().withModel(model->name).withField(field.name), json};
        values.push_back(std::move(*value));
    }
    const QJsonValue version = json.value("_version"_L1);
    if (!version.isDouble()) {
        const Error error(Error::Code::Protocol, u"The backend sent a %1 without _version."_s.arg(model->name));
        return {{}, error.withModel(model->name), json};
    }
    Record record(model, std::move(values));
    record.setMetadata({.version = version.toInteger(),
                        .lastChangedAt = json.value("_lastChangedAt"_L1).toInteger(),
                        .deleted = deleted});
    return {std::move(record), {}, {}};
}

bool isUnauthorized(const QJsonObject &error)
{
    const QString type = error.value("errorType"_L1).toString();
    return type == "Unauthorized"_L1 || type == "UnauthorizedException"_L1 || type == "NotAuthorizedException"_L1;
}

Error decodeGraphQLError(const QJsonObject &error)
{
    const QString type = error.value("errorType"_L1).toString();
    const QString message = error.value("message"_L1).toString(u"The backend gave no reason."_s);
    const bool conditional = type.endsWith("ConditionalCheckFailedException"_L1);      // with or without "DynamoDB:" before it
    const Error::Code code = isUnauthorized(error) ? Error::Code::Unauthorized : conditional ? Error::Code::ConditionFailed : Error::Code::Rejected;
    return Error(code, message).withDetail(type);
}

namespace {

QString bodyMessage(const QByteArray &body)
{
    const QJsonObject json = QJsonDocument::fromJson(body).object();
    const QJsonObject first = json.value("errors"_L1).toArray().first().toObject();
    const QString message = first.value("message"_L1).toString();
    return message.isEmpty() ? json.value("message"_L1).toString() : message;
}

} // namespace

Error httpError(int status, const QByteArray &errorType, const QByteArray &body, const QString &networkText)
{
    if (status == 0)
        return Error(Error::Code::Network, u"The backend could not be reached: %1"_s.arg(networkText));
    const QString said = bodyMessage(body);
    const QString detail = QString::fromLatin1(errorType);
    if (status == 401 || status == 403)
        return Error(Error::Code::Unauthorized, said.isEmpty() ? u"The backend refused the credentials."_s : said).withDetail(detail);
    if (status == 429)
        return Error(Error::Code::Throttled, u"The backend asks to slow down (HTTP 429)."_s).withDetail(detail);
    if (status >= 500)
        return Error(Error::Code::BackendFailed, u"The backend failed (HTTP %1). %2"_s.arg(status).arg(said).trimmed()).withDetail(detail);
    if (status >= 400)
        return Error(Error::Code::Rejected, said.isEmpty() ? u"The backend refused the request (HTTP %1)."_s.arg(status) : said).withDetail(detail);
    return Error(Error::Code::Protocol,
                 u"What answered is no GraphQL backend (HTTP %1): a captive portal or a wrong URL."_s.arg(status))
        .withDetail(QString::fromUtf8(body.left(200)));
}

} // namespace Tideline
