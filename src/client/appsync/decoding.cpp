// SPDX-License-Identifier: MIT
#include "client/appsync/decoding_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/documents_p.h"
#include "core/data/json.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QLocale>
#include <QtCore/QRegularExpression>
#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

static QJsonArray errorsOf(const QJsonObject &json)
{
    return json.value("errors"_L1).toArray();
}

bool isUnauthorized(const QJsonObject &error)
{
    const QString type = error.value("errorType"_L1).toString();
    return type == "Unauthorized"_L1 || type == "UnauthorizedException"_L1 || type == "NotAuthorizedException"_L1;
}

/* What a request can be tried again after, as it is; it may have been done. */
static std::optional<Error::Code> passing(const QString &type, const QString &message)
{
    static const QSet<QString> slowDown{u"Throttling"_s, u"ThrottlingException"_s, u"ThrottledException"_s, u"ProvisionedThroughputExceeded"_s,
                                        u"ProvisionedThroughputExceededException"_s, u"RequestLimitExceeded"_s, u"TooManyRequestsException"_s};
    static const QSet<QString> failures{u"InternalFailure"_s, u"InternalFailureException"_s, u"InternalServerError"_s, u"InternalServerErrorException"_s,
                                        u"ServiceUnavailable"_s, u"ServiceUnavailableException"_s, u"ExecutionTimeout"_s, u"ExecutionTimeoutException"_s,
                                        u"RequestTimeout"_s, u"RequestTimeoutException"_s, u"ResolverExecutionLimitReached"_s, u"MaxConflicts"_s,
                                        u"DeltaSyncWriteError"_s};
    const QString name = type.mid(type.lastIndexOf(u':') + 1);         // "DynamoDB:" may be before it
    if (slowDown.contains(name))
        return Error::Code::Throttled;
    const bool ofTheStore = type.startsWith("DynamoDB:"_L1) && message.contains("Status Code: 5"_L1);
    return failures.contains(name) || ofTheStore ? std::optional(Error::Code::BackendFailed) : std::nullopt;
}

Error decodeGraphQLError(const QJsonObject &error)
{
    const QString type = error.value("errorType"_L1).toString();
    const QString message = error.value("message"_L1).toString(AppSyncText::tr("The backend gave no reason."));
    const bool conditionFailed = type.endsWith("ConditionalCheckFailedException"_L1);
    const Error::Code code = isUnauthorized(error) ? Error::Code::Unauthorized
        : conditionFailed                          ? Error::Code::ConditionFailed
                                                   : passing(type, message).value_or(Error::Code::Rejected);
    return Error(code, message).withDetail(type);
}

/* The limit of a whole answer, which fewer records keep. */
static bool isTooLarge(const Error &error)
{
    return error.detail() == "MappingTemplate"_L1 && error.message().contains("too large"_L1, Qt::CaseInsensitive);
}

/* Within a row that is there: who may not read a field has the row without it. */
static bool hidesAField(const QJsonObject &error, const QJsonArray &items)
{
    const QJsonArray path = error.value("path"_L1).toArray();           // syncTags, items, 7, secret
    return path.size() > 3 && isUnauthorized(error) && items.at(path.at(2).toInteger(-1)).isObject();
}

Result<SyncPage> decodePage(const Schema &schema, const SyncRequest &request, const QJsonObject &json)
{
    const QJsonObject connection = json.value("data"_L1).toObject().value(operationNames(*request.model).sync).toObject();
    const QJsonArray errors = errorsOf(json);
    if (!connection.value("items"_L1).isArray()) {
        const Error error = errors.isEmpty() ? Error(Error::Code::Protocol, AppSyncText::tr("The backend answered a sync query without items."))
                                             : decodeGraphQLError(errors.first().toObject());
        return (isTooLarge(error) ? error.withDetail(pageTooLarge) : error).withModel(request.model->name);
    }
    SyncPage page;
    const QJsonArray items = connection.value("items"_L1).toArray();
    page.items.reserve(size_t(items.size()));
    for (const QJsonValue &item : items) {
        if (item.isObject())
            page.items.push_back(RemoteItem::fromJson(schema, request.model, item.toObject()));
    }
    for (const QJsonValue &each : errors) {     // rows that the backend itself could not give
        const QJsonObject error = each.toObject();
        if (!hidesAField(error, items))
            page.items.push_back({{}, decodeGraphQLError(error).withModel(request.model->name), error});
    }
    page.nextToken = connection.value("nextToken"_L1).toString();
    page.startedAt = connection.value("startedAt"_L1).toInteger();
    return page;
}

static MutationResponse decodeFailure(const Schema &schema, const OutboxEntry &entry, const QJsonObject &error)
{
    MutationResponse response{MutationResponse::Outcome::Rejected, {},
                              decodeGraphQLError(error).withModel(entry.model->name).withRecord(entry.key)};
    const QJsonValue data = error.value("data"_L1);
    if (data.isObject())
        response.record = RemoteItem::fromJson(schema, entry.model, data.toObject()).record;
    if (error.value("errorType"_L1).toString() == "ConflictUnhandled"_L1)
        response.outcome = MutationResponse::Outcome::Conflict;
    else if (response.error.isRetryable())
        response.outcome = MutationResponse::Outcome::Unreachable;
    return response;
}

/* What failed on the way may have been done in part. */
bool isRefused(const QJsonObject &json)
{
    const QJsonArray errors = errorsOf(json);
    return !json.value("data"_L1).isObject() && !errors.isEmpty() && std::all_of(errors.begin(), errors.end(), [](const QJsonValue &error) {
        return error["path"_L1].toArray().isEmpty() && !decodeGraphQLError(error.toObject()).isRetryable();
    });
}

QList<MutationResponse> decodeMutations(const Schema &schema, const QList<OutboxEntry> &entries, const QJsonObject &json)
{
    QHash<QString, QJsonObject> errors;
    QJsonObject whole;
    for (const QJsonValue &error : errorsOf(json)) {
        const QString place = error.toObject().value("path"_L1).toArray().first().toString();
        if (place.isEmpty())
            whole = error.toObject();
        else if (!errors.contains(place))
            errors.insert(place, error.toObject());
    }
    const QJsonObject data = json.value("data"_L1).toObject();
    QList<MutationResponse> list;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString place = Documents::alias(i, entries.size(), entries[i]);
        const QJsonValue record = data.value(place);
        if (record.isObject()) {
            const RemoteItem item = RemoteItem::fromJson(schema, entries[i].model, record.toObject());
            list.append(item.error.isError() ? MutationResponse{MutationResponse::Outcome::Rejected, {}, item.error}
                                             : MutationResponse{MutationResponse::Outcome::Accepted, item.record, {}});
        } else if (errors.contains(place)) {
            list.append(decodeFailure(schema, entries[i], errors.value(place)));
        } else if (!whole.isEmpty()) {
            list.append(decodeFailure(schema, entries[i], whole));
        } else {
            list.append({MutationResponse::Outcome::Unreachable, {},
                         Error(Error::Code::Protocol, AppSyncText::tr("The backend answered a mutation with neither data nor error."))});
        }
    }
    return list;
}

/* The mutation that all places of the error are about; -1: there is none. */
static qsizetype placeOf(const QJsonObject &error, qsizetype count)
{
    qsizetype place = -1;
    const QJsonArray locations = error.value("locations"_L1).toArray();
    for (const QJsonValue &location : locations) {
        const qsizetype at = Documents::mutationAt(location["line"_L1].toInteger(), count);
        if (at < 0 || (place >= 0 && at != place))
            return -1;
        place = at;
    }
    return place;
}

static qsizetype numberIn(const QString &message, const QRegularExpression &expression)
{
    const QRegularExpressionMatch match = expression.match(message);
    return match.hasMatch() ? match.captured(1).toLongLong() : -1;
}

// As the backend says it of a document with this mutation alone.
static QJsonObject withoutNumber(QJsonObject error)
{
    static const QRegularExpression numbered(u"(?<=['$]|at \")(input|condition)\\d+\\b"_s);
    QString message = error.value("message"_L1).toString();
    message.replace(numbered, u"\\1"_s);
    error.insert(u"message"_s, message);
    return error;
}

/*
    A value is right or wrong for the type of its variable whatever else the document has: what is said of the variable, in the words of
    graphql-js or of AppSync and at its place, is the verdict. Of any other error nobody knows but that it names somebody.
*/
Refusal decodeRefusal(const Schema &schema, const QList<OutboxEntry> &entries, const QJsonObject &json)
{
    static const QRegularExpression ofVariable(u"^Variable [\"'][$]?(?:input|condition)(\\d+)\\b"_s);
    static const QRegularExpression named(u"\\b(?:input|condition)(\\d+)\\b"_s);
    Refusal refusal;
    const QJsonArray errors = errorsOf(json);
    for (const QJsonValue &each : errors) {
        const QJsonObject error = each.toObject();
        const QString message = error.value("message"_L1).toString();
        const qsizetype place = placeOf(error, entries.size());
        if (place >= 0 && place == numberIn(message, ofVariable)) {
            if (!refusal.verdicts.contains(place))
                refusal.verdicts.insert(place, decodeFailure(schema, entries[place], withoutNumber(error)));
            continue;
        }
        if (const qsizetype suspect = place >= 0 ? place : numberIn(message, named); suspect >= 0 && suspect < entries.size())
            refusal.suspects.insert(suspect);
    }
    return refusal;
}

namespace {

QString bodyMessage(const QByteArray &body)
{
    const QJsonObject json = parseJson(body).object();
    const QJsonObject first = json.value("errors"_L1).toArray().first().toObject();
    const QString message = first.value("message"_L1).toString();
    return message.isEmpty() ? json.value("message"_L1).toString() : message;
}

} // namespace

Error httpError(int status, const QByteArray &errorType, const QByteArray &body, const QString &networkText)
{
    if (status == 0)
        return Error(Error::Code::Network, AppSyncText::tr("The backend could not be reached: %1").arg(networkText));
    constexpr int timeOut = 408;
    constexpr int tooLarge = 413;       // whoever says it: the same will be too large the next time
    const QString said = bodyMessage(body);
    const QString detail = QString::fromLatin1(errorType);
    if (status == 401 || status == 403)
        return Error(Error::Code::Unauthorized, said.isEmpty() ? AppSyncText::tr("The backend refused the credentials.") : said).withDetail(detail);
    if (status == 429)
        return Error(Error::Code::Throttled, AppSyncText::tr("The backend asks to slow down (HTTP 429).")).withDetail(detail);
    if (status >= 500 || status == timeOut)
        return Error(Error::Code::BackendFailed, AppSyncText::tr("The backend failed (HTTP %1). %2").arg(status).arg(said).trimmed()).withDetail(detail);
    if (status == tooLarge || (status >= 400 && (!said.isEmpty() || !errorType.isEmpty())))
        return Error(Error::Code::Rejected, said.isEmpty() ? AppSyncText::tr("The backend refused the request (HTTP %1).").arg(status) : said).withDetail(detail);
    return Error(Error::Code::Protocol,
                 AppSyncText::tr("What answered is no GraphQL backend (HTTP %1): a captive portal or a wrong URL.").arg(status))
        .withDetail(QString::fromUtf8(body.left(200)));
}

// A date of HTTP, always GMT; invalid: it is none.
static QDateTime httpDate(const QByteArray &text)
{
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(text.trimmed()), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    date.setTimeSpec(Qt::UTC);
    return date;
}

qint64 retryAfter(int status, const QByteArray &header, const QByteArray &date)
{
    constexpr qint64 longest = 300'000;
    if (status != 429 && status != 503)
        return 0;
    bool isNumber = false;
    const double seconds = header.trimmed().toDouble(&isNumber);
    if (isNumber)
        return seconds > 0 ? qint64(std::min(seconds * 1000, double(longest))) : 0;
    const QDateTime until = httpDate(header);
    const QDateTime sent = httpDate(date);
    return until.isValid() && sent.isValid() ? std::clamp<qint64>(sent.msecsTo(until), 0, longest) : 0;
}

} // namespace Tideline
