// SPDX-License-Identifier: MIT
#include "server/auth/jsonwebtoken.h"
#include "server/auth/sigv4.h"
#include "server/auth/strictjson_p.h"
#include "server/auth/verificationkey.h"

#include <QtCore/QJsonArray>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

// The RSA key of RFC 7515, A.2. Nobody who writes the corpus has its other half but for that one token.
static const VerificationKeys &keys()
{
    static const VerificationKeys all = parseKeySet(
        R"({"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
                    {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})")
                                            .valueOr({});
    return all;
}

static void checkToken(const QByteArray &text)
{
    const Result<JsonWebToken> token = JsonWebToken::parse(text);
    if (!token)
        return;
    const QByteArray spelled = text.trimmed();
    if (text.size() > JsonWebToken::MaxBytes + 64 || !spelled.contains(token->signedPart))
        qFatal("a token that is not the one given");
    for (const VerificationKey &key : keys()) {
        if (key.verifies(*token) && token->claims["iss"_L1] != "joe"_L1)
            qFatal("a forged token is good");
    }
    if (isSignedWithSecret(*token, {}))
        qFatal("a token is good without a secret");
}

static void checkSignature(const QByteArray &text)
{
    const std::optional<SigV4::Authorization> authorization = SigV4::parse(text);
    if (!authorization)
        return;
    AuthRequest request{.target = text, .body = text};
    for (const QByteArray &name : authorization->signedHeaders)
        request.headers.insert(name, text);
    const std::optional<QByteArray> canonical = SigV4::canonicalRequest(request, authorization->signedHeaders);
    if (!canonical || SigV4::signature(*authorization, "secret", SigV4::stringToSign(*authorization, "20240101T000000Z", *canonical)).size() != 64)
        qFatal("no signature of what was parsed");
}

// Keys of a hostile issuer: read, tried, never believed without a signature.
static void checkKeys(const QByteArray &text)
{
    static const JsonWebToken token{"RS256", {}, {}, "a.b", QByteArray(256, '\1')};
    const Result<VerificationKeys> read = parseKeySet(text);
    if (!read)
        return;
    for (const VerificationKey &key : *read) {
        if (key.verifies(token))
            qFatal("a signature of ones is good");
    }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    checkToken(text);
    checkSignature(text);
    checkKeys(text);
    (void)strictObject(text);
    // The parts of a token without their base64url, so that the fuzzer reaches what is behind it.
    constexpr auto spelling = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const QList<QByteArray> parts = text.split('\0');
    if (parts.size() == 3)
        checkToken(parts[0].toBase64(spelling) + '.' + parts[1].toBase64(spelling) + '.' + parts[2].toBase64(spelling));
    return 0;
}
