// SPDX-License-Identifier: MIT
#include "testkeys.h"

#include "server/auth/tokenauthorizer.h"
#include "server/auth/verificationkey.h"

#include <QtTest/QtTest>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(Tideline::Server::TokenIssuer)

// Tokens as bytes, keys and claims; no clock, no network.
class tst_Jwt : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void refusesToParse_data();
    void refusesToParse();
    void verifies_data();
    void verifies();
    void verifiesKnownVectors_data();
    void verifiesKnownVectors();
    void refusesSignatures_data();
    void refusesSignatures();
    void refusesChangedTokens();
    void readsKeySets_data();
    void readsKeySets();
    void judgesClaims_data();
    void judgesClaims();
    void keepsWhatRulesAskFor();
    void secrets_data();
    void secrets();

private:
    const SigningKey m_rsa = SigningKey::rsa(u"r"_s);
    const SigningKey m_p256 = SigningKey::p256(u"e"_s);
    const SigningKey m_p384 = SigningKey::p384(u"f"_s);
};

static JsonWebToken parsed(const QByteArray &token)
{
    return JsonWebToken::parse(token).valueOr(JsonWebToken());
}

static VerificationKey keyOf(const QJsonObject &jwk)
{
    const Result<VerificationKey> key = VerificationKey::fromJwk(jwk);
    if (!key)
        qFatal("no key of %s", compact(jwk).constData());
    return *key;
}

static QJsonObject with(QJsonObject object, const QString &name, const QJsonValue &value)
{
    object.insert(name, value);
    return object;
}

// ---- form ----

static QByteArray plain(const QByteArray &header, const QByteArray &claims = R"({"sub":"anna"})")
{
    return base64Url(header) + '.' + base64Url(claims) + ".c2ln";
}

static const QByteArray goodHeader = R"({"alg":"RS256","kid":"k"})";

void tst_Jwt::parses_data()
{
    QTest::addColumn<QByteArray>("header");
    const QByteArray token = plain(goodHeader);
    QTest::newRow("as it is") << token;
    QTest::newRow("Bearer") << "Bearer " + token;
    QTest::newRow("bearer in lower case with spaces") << "  bearer   " + token + ' ';
}

void tst_Jwt::parses()
{
    QFETCH(QByteArray, header);
    const Result<JsonWebToken> token = JsonWebToken::parse(header);
    QVERIFY(token);
    QCOMPARE(token->algorithm, QByteArray("RS256"));
    QCOMPARE(token->keyId, u"k"_s);
    QCOMPARE(token->claims["sub"_L1].toString(), u"anna"_s);
    QCOMPARE(token->signature, QByteArray("sig"));
    QCOMPARE(token->signedPart + ".c2ln", plain(goodHeader));
}

void tst_Jwt::refusesToParse_data()
{
    QTest::addColumn<QByteArray>("header");
    const QByteArray good = plain(goodHeader);
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("Bearer alone") << QByteArray("Bearer ");
    QTest::newRow("another scheme") << "Basic " + good;
    QTest::newRow("no dots") << QByteArray("abc");
    QTest::newRow("one dot") << QByteArray("abc.def");
    QTest::newRow("five parts, as encrypted ones have") << good + ".YQ.YQ";
    QTest::newRow("padding") << base64Url(goodHeader) + "=." + base64Url("{}") + ".c2ln";
    QTest::newRow("base64 instead of base64url") << good + "+/";
    QTest::newRow("bits behind the last byte") << good.chopped(1);          // "c2l" is "c2k" to lax readers
    QTest::newRow("a line end inside") << good.left(5) + '\n' + good.mid(5);
    QTest::newRow("two tokens") << good + ',' + good;
    QTest::newRow("header is no JSON") << plain("alg");
    QTest::newRow("header is a list") << plain(R"(["RS256"])");
    QTest::newRow("claims are no JSON") << plain(goodHeader, "anna");
    QTest::newRow("claims are broken UTF-8") << plain(goodHeader, "{\"sub\":\"\xff\"}");
    QTest::newRow("no algorithm") << plain(R"({"kid":"k"})");
    QTest::newRow("the algorithm is a number") << plain(R"({"alg":256})");
    QTest::newRow("the key id is a number") << plain(R"({"alg":"RS256","kid":1})");
    QTest::newRow("two algorithms") << plain(R"({"alg":"RS256","alg":"none"})");
    QTest::newRow("two subjects") << plain(goodHeader, R"({"sub":"anna","sub":"bert"})");
    QTest::newRow("two subjects, one written otherwise") << plain(goodHeader, R"({"sub":"anna","\u0073ub" :"bert"})");
    QTest::newRow("two members deep inside") << plain(goodHeader, R"({"a":[{"x":1,"x":1}]})");
    QTest::newRow("something critical that nobody knows") << plain(R"({"alg":"RS256","crit":["exp"]})");
    QTest::newRow("over the limit") << plain(goodHeader, "{\"sub\":\"" + QByteArray(JsonWebToken::MaxBytes, 'a') + "\"}");
    QTest::newRow("very deep") << plain(goodHeader, QByteArray(3000, '[') + QByteArray(3000, ']'));
}

void tst_Jwt::refusesToParse()
{
    QFETCH(QByteArray, header);
    const Result<JsonWebToken> token = JsonWebToken::parse(header);
    QVERIFY(!token);
    QCOMPARE(token.error().code(), Error::Code::Unauthorized);
    QCOMPARE(token.error().message(), u"You are not authorized to make this call."_s);
}

// ---- signatures ----

void tst_Jwt::verifies_data()
{
    QTest::addColumn<QByteArray>("algorithm");
    for (const char *algorithm : {"RS256", "RS384", "RS512", "ES256", "ES384"})
        QTest::newRow(algorithm) << QByteArray(algorithm);
}

void tst_Jwt::verifies()
{
    QFETCH(QByteArray, algorithm);
    const SigningKey &key = algorithm == "ES256" ? m_p256 : algorithm == "ES384" ? m_p384 : m_rsa;
    const JsonWebToken token = parsed(tokenOf(key, algorithm, {{u"sub"_s, u"anna"_s}}));
    QVERIFY(keyOf(key.jwk()).verifies(token));
    QVERIFY(keyOf(with(key.jwk(), u"alg"_s, QString::fromLatin1(algorithm))).verifies(token));
    for (const SigningKey &other : {m_rsa, m_p256, m_p384, SigningKey::p256(u"e"_s), SigningKey::rsa(u"r"_s)}) {
        if (other.jwk() != key.jwk())
            QVERIFY(!keyOf(other.jwk()).verifies(token));
    }
    for (const char *only : {"RS256", "RS384", "RS512", "ES256", "ES384", "HS256", "none"}) {
        if (only != algorithm)
            QVERIFY(!keyOf(with(key.jwk(), u"alg"_s, QString::fromLatin1(only))).verifies(token));
    }
}

// RFC 7515, appendix A.
void tst_Jwt::verifiesKnownVectors_data()
{
    QTest::addColumn<QByteArray>("jwk");
    QTest::addColumn<QByteArray>("token");
    const QByteArray claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    QTest::newRow("A.2, RS256")
        << QByteArray(R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})")
        << "eyJhbGciOiJSUzI1NiJ9." + claims
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    QTest::newRow("A.3, ES256")
        << QByteArray(R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})")
        << "eyJhbGciOiJFUzI1NiJ9." + claims + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
}

void tst_Jwt::verifiesKnownVectors()
{
    QFETCH(QByteArray, jwk);
    QFETCH(QByteArray, token);
    QVERIFY(keyOf(QJsonDocument::fromJson(jwk).object()).verifies(parsed(token)));
}

void tst_Jwt::refusesSignatures_data()
{
    QTest::addColumn<QByteArray>("token");
    const QJsonObject claims{{u"sub"_s, u"anna"_s}};
    const auto rsaSigned = [this](const QByteArray &text) { return m_rsa.sign(text, "SHA256"); };
    const auto signedAs = [&](const char *algorithm) {
        return tokenOf("{\"alg\":\"" + QByteArray(algorithm) + "\",\"kid\":\"r\"}", compact(claims), rsaSigned);
    };
    QTest::newRow("none, without a signature") << tokenOf(R"({"alg":"none"})", compact(claims), [](const QByteArray &) { return QByteArray(); });
    QTest::newRow("none, with a good signature") << signedAs("none");
    for (const char *algorithm : {"None", "NONE", "nOnE", "rs256", "RS384", "PS256", "ES256", "HS256", "EdDSA", "", "RS256 "})
        QTest::addRow("a good signature under the name \"%s\"", algorithm) << signedAs(algorithm);
    for (const QByteArray &secret : {compact(m_rsa.jwk()), m_rsa.jwk()["n"_L1].toString().toLatin1(),
                                     QByteArray::fromBase64(m_rsa.jwk()["n"_L1].toString().toLatin1(), QByteArray::Base64UrlEncoding), QByteArray()})
        QTest::addRow("the public key as the secret of HS256, %lld bytes of it", qint64(secret.size())) << secretTokenOf(secret, claims, R"({"alg":"HS256","kid":"r"})");
    QTest::newRow("an empty signature") << tokenOf(R"({"alg":"RS256"})", compact(claims), [](const QByteArray &) { return QByteArray(); });
    QTest::newRow("an empty signature of a curve") << tokenOf(R"({"alg":"ES256"})", compact(claims), [](const QByteArray &) { return QByteArray(); });
    QTest::newRow("zeros on a curve") << tokenOf(R"({"alg":"ES256"})", compact(claims), [](const QByteArray &) { return QByteArray(64, '\0'); });
    QTest::newRow("a DER signature") << tokenOf(R"({"alg":"ES256"})", compact(claims), [](const QByteArray &) { return QByteArray::fromHex("3006020101020101"); });
    QTest::newRow("an ES384 signature under ES256") << tokenOf(R"({"alg":"ES256"})", compact(claims), [this](const QByteArray &text) { return m_p384.sign(text, "SHA256"); });
    QTest::newRow("a foreign key that the token brings along")
        << [&] {
               const SigningKey own = SigningKey::rsa(u"r"_s);
               return tokenOf(own, "RS256", claims, {{u"jwk"_s, own.jwk()}, {u"jku"_s, u"https://evil.example/keys"_s}, {u"x5u"_s, u"https://evil.example/c"_s}});
           }();
}

void tst_Jwt::refusesSignatures()
{
    QFETCH(QByteArray, token);
    const Result<JsonWebToken> parts = JsonWebToken::parse(token);
    QVERIFY(parts);
    for (const SigningKey &key : {m_rsa, m_p256, m_p384})
        QVERIFY(!keyOf(key.jwk()).verifies(*parts));
    QVERIFY(!isSignedWithSecret(*parts, "a secret that is as long as it should be"));
    QVERIFY(!isSignedWithSecret(*parts, {}));
}

// Every byte of the token counts.
void tst_Jwt::refusesChangedTokens()
{
    const QByteArray token = tokenOf(m_p256, "ES256", {{u"sub"_s, u"anna"_s}});
    const VerificationKey key = keyOf(m_p256.jwk());
    QVERIFY(key.verifies(parsed(token)));
    for (qsizetype i = 0; i < token.size(); ++i) {
        QByteArray changed = token;
        changed[i] = token[i] == 'A' ? 'B' : 'A';
        const Result<JsonWebToken> parts = JsonWebToken::parse(changed);
        QVERIFY2(!parts || !key.verifies(*parts), changed.constData());
    }
}

// ---- keys ----

void tst_Jwt::readsKeySets_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<bool>("read");
    QTest::addColumn<QStringList>("ids");
    const QJsonObject rsa = m_rsa.jwk();
    const QJsonObject ec = m_p256.jwk();
    const auto one = [](const QJsonObject &key) { return keySetOf({key}); };
    const auto even = [](const char *bytes) { return QString::fromLatin1(base64Url(QByteArray::fromHex(bytes))); };
    QTest::newRow("three keys") << keySetOf({rsa, ec, m_p384.jwk()}) << true << QStringList{u"r"_s, u"e"_s, u"f"_s};
    QTest::newRow("no keys") << QByteArray(R"({"keys":[]})") << true << QStringList();
    QTest::newRow("no JSON") << QByteArray("<html>") << false << QStringList();
    QTest::newRow("no list") << QByteArray(R"({"keys":{}})") << false << QStringList();
    QTest::newRow("two lists") << QByteArray(R"({"keys":[],"keys":[]})") << false << QStringList();
    QTest::newRow("others beside a good one")
        << keySetOf({{{u"kty"_s, u"OKP"_s}, {u"crv"_s, u"Ed25519"_s}}, {{u"kty"_s, u"oct"_s}, {u"k"_s, u"c2VjcmV0"_s}}, rsa, {}}) << true << QStringList(u"r"_s);
    QTest::newRow("a key for encryption") << one(with(rsa, u"use"_s, u"enc"_s)) << true << QStringList();
    QTest::newRow("a key for signing only") << one(with(rsa, u"key_ops"_s, QJsonArray{u"sign"_s})) << true << QStringList();
    QTest::newRow("a key for verifying") << one(with(rsa, u"key_ops"_s, QJsonArray{u"verify"_s})) << true << QStringList(u"r"_s);
    QTest::newRow("a short RSA key") << one(SigningKey::rsa(u"s"_s, 1024).jwk()) << true << QStringList();
    QTest::newRow("a huge RSA key") << one(with(rsa, u"n"_s, even(QByteArray(2 * 2000, 'f').constData()))) << true << QStringList();
    QTest::newRow("the exponent 1") << one(with(rsa, u"e"_s, u"AQ"_s)) << true << QStringList();
    QTest::newRow("an even exponent") << one(with(rsa, u"e"_s, even("010000"))) << true << QStringList();
    QTest::newRow("no exponent") << one(with(rsa, u"e"_s, {})) << true << QStringList();
    QTest::newRow("an endless exponent") << one(with(rsa, u"e"_s, even("0100000000000000000001"))) << true << QStringList();
    QTest::newRow("a curve nobody asked for") << one(SigningKey::p521(u"g"_s).jwk()) << true << QStringList();
    QTest::newRow("a point that is not on the curve") << one(with(ec, u"y"_s, ec["x"_L1])) << true << QStringList();
    QTest::newRow("a point at zero") << one(with(with(ec, u"x"_s, even(QByteArray(64, '0').constData())), u"y"_s, even(QByteArray(64, '0').constData()))) << true << QStringList();
    QTest::newRow("a point of another curve") << one(with(m_p384.jwk(), u"crv"_s, u"P-256"_s)) << true << QStringList();
}

void tst_Jwt::readsKeySets()
{
    QFETCH(QByteArray, document);
    QFETCH(bool, read);
    QFETCH(QStringList, ids);
    const Result<VerificationKeys> keys = parseKeySet(document);
    QCOMPARE(keys.ok(), read);
    QStringList found;
    for (const VerificationKey &key : keys.valueOr({}))
        found.append(key.id());
    QCOMPARE(found, ids);
}

// ---- claims ----

static constexpr qint64 now = 1'700'000'000'000;
static constexpr qint64 seconds = now / 1000;
static constexpr qint64 skew = 60'000;

static QJsonObject oidcClaims()
{
    return {{u"iss"_s, u"https://id.example"_s}, {u"sub"_s, u"anna"_s}, {u"aud"_s, u"app"_s}, {u"exp"_s, seconds + 3600}, {u"iat"_s, seconds}};
}

static QJsonObject poolClaims(const QString &use)
{
    QJsonObject claims{{u"iss"_s, u"https://pool.example"_s}, {u"sub"_s, u"anna"_s}, {u"token_use"_s, use}, {u"exp"_s, seconds + 3600}};
    claims.insert(use == "id"_L1 ? u"aud"_s : u"client_id"_s, u"app"_s);
    return claims;
}

void tst_Jwt::judgesClaims_data()
{
    QTest::addColumn<QJsonObject>("claims");
    QTest::addColumn<TokenIssuer>("issuer");
    QTest::addColumn<QString>("refusal");
    const QString no = u"You are not authorized to make this call."_s;
    const QString expired = u"Token has expired."_s;
    const TokenIssuer oidc{u"https://id.example"_s, Identity::Provider::Oidc, {u"other"_s, u"app"_s}};
    const TokenIssuer anyone{u"https://id.example"_s, Identity::Provider::Oidc, {}};
    const TokenIssuer pool{u"https://pool.example"_s, Identity::Provider::UserPools, {u"app"_s}};
    const auto row = [&](const char *name, const QString &claim, const QJsonValue &value, const QString &refusal) {
        QTest::newRow(name) << with(oidcClaims(), claim, value) << oidc << refusal;
    };
    QTest::newRow("a good one") << oidcClaims() << oidc << QString();
    row("another issuer", u"iss"_s, u"https://evil.example"_s, no);
    row("an issuer with a slash behind", u"iss"_s, u"https://id.example/"_s, no);
    row("an issuer in capitals", u"iss"_s, u"https://ID.example"_s, no);
    row("no issuer", u"iss"_s, QJsonValue::Undefined, no);
    row("for somebody else", u"aud"_s, u"their app"_s, no);
    row("for part of our name", u"aud"_s, u"ap"_s, no);
    row("for nobody", u"aud"_s, QJsonValue::Undefined, no);
    row("for several, us among them", u"aud"_s, QJsonArray{u"x"_s, u"app"_s}, QString());
    row("for several others", u"aud"_s, QJsonArray{u"x"_s, 1}, no);
    row("for a list of none", u"aud"_s, QJsonArray(), no);
    QTest::newRow("for somebody else, but any will do") << with(oidcClaims(), u"aud"_s, u"their app"_s) << anyone << QString();
    row("expired", u"exp"_s, seconds - 61, expired);
    row("expired as the clock shows, all differences counted", u"exp"_s, seconds - 60, expired);
    row("expired by a clock that is a little ahead", u"exp"_s, seconds - 59, QString());
    row("fractions of a second", u"exp"_s, double(seconds) - 59.5, QString());
    row("no end", u"exp"_s, QJsonValue::Undefined, no);
    row("an end that is text", u"exp"_s, QString::number(seconds + 3600), no);
    row("an end before the epoch", u"exp"_s, -1, no);
    row("an end beyond time", u"exp"_s, 1e300, no);
    row("not yet", u"nbf"_s, seconds + 61, no);
    row("from now on", u"nbf"_s, seconds + 60, QString());
    row("begins with text", u"nbf"_s, u"now"_s, no);
    row("issued in the future", u"iat"_s, seconds + 61, no);
    row("issued at no time", u"iat"_s, QJsonValue::Null, no);
    row("issued long ago", u"iat"_s, 1, QString());
    row("no subject", u"sub"_s, QJsonValue::Undefined, no);
    row("an empty subject", u"sub"_s, QString(), no);
    row("a subject that is a number", u"sub"_s, 7, no);
    QTest::newRow("an access token") << poolClaims(u"access"_s) << pool << QString();
    QTest::newRow("an ID token") << poolClaims(u"id"_s) << pool << QString();
    QTest::newRow("another token of a pool") << with(poolClaims(u"refresh"_s), u"client_id"_s, u"app"_s) << pool << no;
    QTest::newRow("a pool's token without use") << with(poolClaims(u"id"_s), u"token_use"_s, QJsonValue::Undefined) << pool << no;
    QTest::newRow("an access token of another app") << with(poolClaims(u"access"_s), u"client_id"_s, u"x"_s) << pool << no;
    QTest::newRow("an access token with our name in the wrong claim")
        << with(with(poolClaims(u"access"_s), u"client_id"_s, u"x"_s), u"aud"_s, u"app"_s) << pool << no;
    QTest::newRow("an ID token of another app") << with(poolClaims(u"id"_s), u"aud"_s, u"x"_s) << pool << no;
    QTest::newRow("an expired access token") << with(poolClaims(u"access"_s), u"exp"_s, 5) << pool << expired;
}

void tst_Jwt::judgesClaims()
{
    QFETCH(QJsonObject, claims);
    QFETCH(TokenIssuer, issuer);
    const Result<Identity> identity = identityOf({"RS256", {}, claims, {}, {}}, issuer, now, skew);
    QTEST(identity.error().message(), "refusal");
    if (!identity)
        QCOMPARE(identity.error().detail(), u"UnauthorizedException"_s);
}

void tst_Jwt::keepsWhatRulesAskFor()
{
    const QJsonObject claims = with(poolClaims(u"access"_s), u"cognito:groups"_s, QJsonArray{u"a"_s});
    const Result<Identity> identity = identityOf({"RS256", {}, claims, {}, {}}, {u"https://pool.example"_s, Identity::Provider::UserPools, {}}, now, skew);
    QVERIFY(identity);
    QCOMPARE(identity->provider, Identity::Provider::UserPools);
    QCOMPARE(identity->subject, u"anna"_s);
    QCOMPARE(identity->claims, claims);
    QCOMPARE(identity->expiresAt, (seconds + 3600) * 1000 + skew);      // whoever is let in is let in until then
    QVERIFY(!identity->guest);
}

void tst_Jwt::secrets_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("good");
    const QByteArray secret = "a secret that is as long as it should be";
    const QJsonObject claims{{u"sub"_s, u"anna"_s}};
    QTest::newRow("the secret") << secretTokenOf(secret, claims) << true;
    QTest::newRow("another") << secretTokenOf("a secret that is as long as it could be.", claims) << false;
    QTest::newRow("none") << secretTokenOf({}, claims) << false;
    QTest::newRow("half a signature") << secretTokenOf(secret, claims).chopped(22) << false;
    QTest::newRow("under another name") << secretTokenOf(secret, claims, R"({"alg":"RS256"})") << false;
    QTest::newRow("HS512") << secretTokenOf(secret, claims, R"({"alg":"HS512"})") << false;
}

void tst_Jwt::secrets()
{
    QFETCH(QByteArray, token);
    const Result<JsonWebToken> parts = JsonWebToken::parse(token);
    QTEST(parts && isSignedWithSecret(*parts, "a secret that is as long as it should be"), "good");
}

QTEST_GUILESS_MAIN(tst_Jwt)
#include "tst_jwt.moc"
