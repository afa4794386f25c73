// SPDX-License-Identifier: MIT
#include "server/auth/iamauthorizer.h"

#include "server/auth/refusals_p.h"
#include "server/auth/secrets_p.h"
#include "server/auth/strictjson_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>

#include <array>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

Error refused(const QString &type, const QString &message)
{
    return Error(Error::Code::Rejected, message).withDetail(type);
}

Error incomplete()
{
    return refused(u"IncompleteSignatureException"_s,
                   u"Authorization header requires 'Credential', 'SignedHeaders' with 'host', 'Signature' and 'X-Amz-Date'."_s);
}

Error unknownCaller()
{
    return refused(u"UnrecognizedClientException"_s, u"The security token included in the request is invalid."_s);
}

Error badSignature(const QString &message)
{
    return refused(u"InvalidSignatureException"_s, message);
}

Error wrongEntry(qsizetype index, const QString &what)
{
    return Error(Error::Code::InvalidArgument, u"key %1 %2"_s.arg(index + 1).arg(what));
}

Result<IamKey> keyOf(const QJsonObject &entry, qsizetype index)
{
    static constexpr std::array names{"accessKeyId"_L1, "secretAccessKey"_L1, "arn"_L1, "sessionToken"_L1, "expiresAt"_L1};
    for (auto member = entry.begin(); member != entry.end(); ++member) {
        const bool known = std::find(names.begin(), names.end(), member.key()) != names.end();
        if (!(known && member->isString()) && !(member.key() == "guest"_L1 && member->isBool()))
            return wrongEntry(index, u"has \"%1\", which is not known or of another type"_s.arg(member.key()));
    }
    IamKey key{entry["secretAccessKey"_L1].toString().toUtf8(), entry["arn"_L1].toString(), entry["guest"_L1].toBool(),
               entry["sessionToken"_L1].toString().toUtf8()};
    if (key.secret.isEmpty() || entry["accessKeyId"_L1].toString().isEmpty())
        return wrongEntry(index, u"needs \"accessKeyId\" and \"secretAccessKey\""_s);
    if (entry.contains("expiresAt"_L1)) {
        const QDateTime end = QDateTime::fromString(entry["expiresAt"_L1].toString(), Qt::ISODate);
        if (!end.isValid())
            return wrongEntry(index, u"has an \"expiresAt\" that is no ISO 8601 time"_s);
        key.expiresAt = end.toMSecsSinceEpoch();
    }
    return key;
}

} // namespace

/*! Gives \a done the identity of who signed \a request, or AWS's refusal as an Error of code Rejected. Answers at once. */
void IamAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    done(identityOf(request));
}

Result<void> IamAuthorizer::checkTime(const SigV4::Authorization &authorization, const QByteArray &time) const
{
    QDateTime at = QDateTime::fromString(QString::fromLatin1(time), u"yyyyMMdd'T'HHmmss'Z'"_s);
    at.setTimeSpec(Qt::UTC);
    if (!at.isValid())
        return incomplete();
    if (!time.startsWith(authorization.date) || authorization.date.size() != 8)
        return badSignature(u"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."_s);
    const qint64 age = m_options.clock() - at.toMSecsSinceEpoch();
    if (age > m_options.skewMs)
        return badSignature(u"Signature expired."_s);
    if (age < -m_options.skewMs)
        return badSignature(u"Signature not yet current."_s);
    return {};
}

Result<Identity> IamAuthorizer::identityOf(const AuthRequest &request) const
{
    const QByteArray header = request.headers.value("authorization");
    if (header.isEmpty())
        return missingCredentials();
    const std::optional<SigV4::Authorization> authorization = SigV4::parse(header);
    const QByteArray time = request.headers.value("x-amz-date");
    if (!authorization || !authorization->signedHeaders.contains("host"))
        return incomplete();
    if (const Result<void> inTime = checkTime(*authorization, time); !inTime)
        return inTime.error();
    if (authorization->service != "appsync" || (!m_options.region.isEmpty() && authorization->region != m_options.region))
        return badSignature(u"Credential should be scoped to a valid region and to service 'appsync'."_s);
    const auto key = m_options.keys.find(authorization->accessKeyId);
    const std::optional<QByteArray> canonical = SigV4::canonicalRequest(request, authorization->signedHeaders);
    if (!canonical)
        return incomplete();
    if (key == m_options.keys.end() || !equalInConstantTime(request.headers.value("x-amz-security-token"), key->sessionToken))
        return unknownCaller();
    if (key->expiresAt != 0 && key->expiresAt <= m_options.clock())
        return refused(u"ExpiredTokenException"_s, u"The security token included in the request is expired"_s);
    const QByteArray expected = SigV4::signature(*authorization, key->secret, SigV4::stringToSign(*authorization, time, *canonical));
    if (!equalInConstantTime(expected, authorization->signature))
        return badSignature(u"The request signature we calculated does not match the signature you provided."_s);
    Identity identity;
    identity.provider = Identity::Provider::Iam;
    identity.subject = key->arn;
    identity.guest = key->guest;
    identity.expiresAt = key->expiresAt;
    return identity;
}

/*! Reads the keys of \a document; an Error names the entry that is wrong, never what is secret in it. */
Result<IamOptions> IamAuthorizer::parseOptions(const QByteArray &document)
{
    const std::optional<QJsonObject> object = strictObject(document);
    if (!object || !object->value("keys"_L1).isArray())
        return Error(Error::Code::InvalidArgument, u"is no JSON object with a list of \"keys\""_s);
    IamOptions options;
    options.region = object->value("region"_L1).toString().toLatin1();
    const QJsonArray entries = object->value("keys"_L1).toArray();
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QJsonObject entry = entries[i].toObject();
        const QByteArray id = entry["accessKeyId"_L1].toString().toUtf8();
        const Result<IamKey> key = keyOf(entry, i);
        if (!key)
            return key.error();
        if (options.keys.contains(id))
            return wrongEntry(i, u"has the \"accessKeyId\" of another"_s);
        options.keys.insert(id, *key);
    }
    if (options.keys.isEmpty())
        return Error(Error::Code::InvalidArgument, u"has no keys"_s);
    return options;
}

} // namespace Tideline::Server
