// SPDX-License-Identifier: MIT
#include "server/auth/functionauthorizer.h"

#include "server/auth/refusals_p.h"
#include "server/auth/strictjson_p.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr double LongestTtlSeconds = 3600;          // as AppSync

struct Verdict
{
    Identity identity;
    qint64 ttlMs = 0;
};

// "Type.field" of that, or of the ARN arn:aws:appsync:REGION:ACCOUNT:apis/ID/types/Type/fields/field; else empty.
QString deniedField(const QString &name)
{
    const QStringList parts = name.split(u'/');
    if (name.startsWith("arn:"_L1) && parts.size() == 6 && parts[2] == "types"_L1 && parts[4] == "fields"_L1)
        return parts[3] + u'.' + parts[5];
    return name.count(u'.') == 1 && !name.startsWith(u'.') && !name.endsWith(u'.') ? name : QString();
}

// Nothing when the answer is none, or no.
std::optional<Verdict> verdictOf(const Result<FetchAnswer> &answer, qint64 defaultTtlMs)
{
    const std::optional<QJsonObject> object = answer && answer->status == 200 ? strictObject(answer->body) : std::nullopt;
    if (!object || !object->value("isAuthorized"_L1).toBool(false))
        return std::nullopt;
    const QJsonValue hidden = object->value("deniedFields"_L1);
    if (!hidden.isArray() && !hidden.isNull() && !hidden.isUndefined())     // passing it over would show what was to be hidden
        return std::nullopt;
    Verdict verdict;
    verdict.identity.provider = Identity::Provider::Function;
    verdict.identity.claims = object->value("resolverContext"_L1).toObject();
    for (const QJsonValue &denied : hidden.toArray()) {
        const QString field = deniedField(denied.toString());
        if (field.isEmpty())
            return std::nullopt;
        verdict.identity.deniedFields.append(field);
    }
    const QJsonValue ttl = object->value("ttlOverride"_L1);
    verdict.ttlMs = ttl.isDouble() ? qint64(std::clamp(ttl.toDouble(), 0.0, LongestTtlSeconds) * 1000) : defaultTtlMs;
    return verdict;
}

} // namespace

// What was allowed, by the digest of the token; the token used longest ago goes first.
class FunctionAuthorizer::Answers
{
public:
    explicit Answers(int most) : m_answers(std::max(1, most)) { }

    std::optional<Identity> find(const QByteArray &token, qint64 now)
    {
        const std::lock_guard lock(m_mutex);
        const Answer *answer = m_answers.object(token);
        if (!answer || now >= answer->until || now < answer->since)
            return std::nullopt;
        return answer->identity;
    }

    void keep(const QByteArray &token, const Verdict &verdict, qint64 now)
    {
        const std::lock_guard lock(m_mutex);
        m_answers.insert(token, new Answer{verdict.identity, now, now + verdict.ttlMs});    // the cache's own
    }

private:
    struct Answer
    {
        Identity identity;
        qint64 since = 0;
        qint64 until = 0;
    };

    std::mutex m_mutex;
    QCache<QByteArray, Answer> m_answers;
};

FunctionAuthorizer::FunctionAuthorizer(FunctionOptions options, Fetcher &fetcher)
    : m_options(std::move(options)), m_fetcher(fetcher), m_answers(std::make_shared<Answers>(m_options.maxAnswers))
{
}

FunctionAuthorizer::~FunctionAuthorizer() = default;

QByteArray FunctionAuthorizer::question(const AuthRequest &request, const QString &token) const
{
    QJsonObject headers;
    for (auto header = request.headers.begin(); header != request.headers.end(); ++header)
        headers.insert(QString::fromUtf8(header.key()), QString::fromUtf8(header.value()));
    const QJsonObject context{
        {u"apiId"_s, m_options.apiId},
        {u"accountId"_s, m_options.accountId},
        {u"requestId"_s, m_options.requestId ? m_options.requestId() : QUuid::createUuid().toString(QUuid::WithoutBraces)},
        {u"queryString"_s, request.query},
        {u"operationName"_s, request.operationName.isEmpty() ? QJsonValue() : QJsonValue(request.operationName)},
        {u"variables"_s, request.variables},
    };
    const QJsonObject question{{u"authorizationToken"_s, token}, {u"requestContext"_s, context}, {u"requestHeaders"_s, headers}};
    return QJsonDocument(question).toJson(QJsonDocument::Compact);
}

/*!
    Gives \a done the identity that the endpoint allows, its \c resolverContext as claims. A refusal is an Error of
    code Unauthorized, and so is, as in AppSync, an endpoint that fails or does not answer in time.
*/
void FunctionAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    const QByteArray token = request.headers.value("authorization");
    if (token.isEmpty())
        return done(missingCredentials());
    const QByteArray digest = QCryptographicHash::hash(token, QCryptographicHash::Sha256);
    if (std::optional<Identity> known = m_answers->find(digest, m_options.clock()))
        return done(std::move(*known));
    m_fetcher.fetch({.url = m_options.url, .body = question(request, QString::fromUtf8(token)), .deadline = m_options.deadline},
                     [answers = m_answers, digest, clock = m_options.clock, ttlMs = m_options.ttlMs, done = std::move(done)](const Result<FetchAnswer> &answer) {
                         const std::optional<Verdict> verdict = verdictOf(answer, ttlMs);
                         if (!verdict)
                             return done(unauthorizedCaller());
                         if (verdict->ttlMs > 0)
                             answers->keep(digest, *verdict, clock());
                         done(verdict->identity);
                     });
}

} // namespace Tideline::Server
