// SPDX-License-Identifier: MIT
#include "tools/calleroptions.h"

#include "server/auth/apikeyauthorizer.h"
#include "server/auth/functionauthorizer.h"
#include "server/auth/iamauthorizer.h"
#include "server/auth/multiauthorizer.h"
#include "server/auth/networkfetcher.h"

#include <QtCore/QFile>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr qsizetype LeastSecretBytes = 32;      // RFC 7518, 3.2

// Keys travel in HTTP headers; a key that cannot would lock everybody out.
Result<QList<QByteArray>> keysOf(const QStringList &given)
{
    QList<QByteArray> keys;
    for (const QString &text : given) {
        const QByteArray key = text.toUtf8();
        if (key.isEmpty() || std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; }))
            return usage(u"an API key is made of visible ASCII characters"_s);
        keys.append(key);
    }
    return keys;
}

Result<void> checkIssuers(const Callers &callers)
{
    const qsizetype count = callers.issuers.size() + (callers.userPool.isEmpty() ? 0 : 1);
    if (!callers.keySet.isEmpty() && count != 1)
        return usage(u"--jwks needs exactly one --oidc-issuer or --user-pool"_s);
    if (!callers.secret.isEmpty() && (callers.issuers.size() != 1 || count != 1))
        return usage(u"TIDELINE_JWT_SECRET needs exactly one --oidc-issuer and no --user-pool"_s);
    if (!callers.secret.isEmpty() && callers.secret.size() < LeastSecretBytes)
        return usage(u"TIDELINE_JWT_SECRET is too short: HS256 needs at least %1 bytes"_s.arg(LeastSecretBytes));
    if (!callers.audiences.isEmpty() && callers.issuers.isEmpty())
        return usage(u"--oidc-audience needs --oidc-issuer"_s);
    if (!callers.userPoolClients.isEmpty() && callers.userPool.isEmpty())
        return usage(u"--user-pool-client needs --user-pool"_s);
    if (callers.issuers.contains(QString()))
        return usage(u"--oidc-issuer is not empty"_s);
    if (QStringList all = callers.issuers + QStringList(callers.userPool); all.removeDuplicates() > 0)
        return usage(u"an issuer is given twice"_s);
    return {};
}

Result<void> checkUrls(const Callers &callers)
{
    const bool discovers = callers.keySet.isEmpty() && callers.secret.isEmpty();
    for (const QString &issuer : callers.issuers) {
        if (const Result<void> checked = checkUrl(u"oidc-issuer"_s, issuer); discovers && !checked)
            return checked;
    }
    if (const Result<void> checked = checkUrl(u"user-pool"_s, callers.userPool);
        !callers.userPool.isEmpty() && callers.keySet.isEmpty() && !checked) {
        return checked;
    }
    if (isUrl(callers.keySet))
        return checkUrl(u"jwks"_s, callers.keySet);
    return {};
}

Result<QByteArray> contentOf(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return Error(Error::Code::StoreUnavailable, u"%1 cannot be read: %2"_s.arg(name, file.errorString()));
    return file.readAll();
}

Result<std::shared_ptr<KeySource>> keysFromFile(const QString &name)
{
    const Result<QByteArray> document = contentOf(name);
    if (!document)
        return document.error();
    const Result<VerificationKeys> keys = parseKeySet(*document);
    if (!keys || keys->isEmpty())
        return usage(u"%1 has no key that verifies tokens"_s.arg(name));
    return std::shared_ptr<KeySource>(std::make_shared<FixedKeys>(*keys));
}

// The keys of an issuer: those that were given, or where it is said that they are.
Result<std::shared_ptr<KeySource>> keysOf(const Callers &callers, const RemoteKeysOptions &own, Fetcher &fetcher)
{
    if (!callers.keySet.isEmpty() && !isUrl(callers.keySet))
        return keysFromFile(callers.keySet);
    if (callers.keySet.isEmpty() && !callers.secret.isEmpty())
        return std::shared_ptr<KeySource>();
    const RemoteKeysOptions given{.keys = QUrl(callers.keySet)};
    return std::shared_ptr<KeySource>(std::make_shared<RemoteKeys>(callers.keySet.isEmpty() ? own : given, fetcher));
}

Result<std::vector<TokenIssuer>> issuersOf(const Callers &callers, Fetcher &fetcher)
{
    std::vector<TokenIssuer> issuers;
    for (const QString &issuer : callers.issuers) {
        const Result<std::shared_ptr<KeySource>> keys = keysOf(callers, {.issuer = issuer}, fetcher);
        if (!keys)
            return keys.error();
        issuers.push_back({issuer, Identity::Provider::Oidc, callers.audiences, *keys, callers.secret});
    }
    if (!callers.userPool.isEmpty()) {
        const Result<std::shared_ptr<KeySource>> keys = keysOf(callers, {.keys = QUrl(callers.userPool + u"/.well-known/jwks.json"_s)}, fetcher);
        if (!keys)
            return keys.error();
        issuers.push_back({callers.userPool, Identity::Provider::UserPools, callers.userPoolClients, *keys, {}});
    }
    return issuers;
}

} // namespace

Result<void> checkUrl(const QString &option, const QString &url)
{
    if (isSafeUrl(QUrl(url)))
        return {};
    return usage(u"--%1 is an https URL (or http to this machine), not \"%2\""_s.arg(option, displayUrl(url)));
}

std::vector<Option> callerOptions()
{
    const auto list = [](const QString &name, const QString &valueName, const QString &help) {
        return Option{.name = name, .type = Option::Type::List, .help = help, .valueName = valueName};
    };
    return {
        {.name = u"api-key"_s, .type = Option::Type::List,
         .help = u"A key that clients send, beside those of \"tideline keys\"; may be given again for another. "
                 "The environment variable TIDELINE_API_KEY and the file do not show in process lists; the keys of all three count"_s,
         .valueName = u"KEY"_s, .secret = true, .addsUp = true},
        list(u"oidc-issuer"_s, u"URL"_s, u"Let in who has a token of this OpenID Connect provider; may be given again. "
                                         "Its keys are fetched when the first token comes"_s),
        list(u"oidc-audience"_s, u"AUD"_s, u"Whom tokens of --oidc-issuer must be for; may be given again (any audience)"_s),
        {.name = u"jwks"_s, .help = u"Where the keys of the one issuer are, if it does not say so itself"_s, .valueName = u"FILE|URL"_s},
        {.name = u"jwt-secret"_s, .help = u"the secret of the one issuer that signs with HS256"_s, .secret = true, .onCommandLine = false},
        {.name = u"user-pool"_s, .help = u"Let in who has a token of this Cognito user pool, "
                                         "as in https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf"_s, .valueName = u"URL"_s},
        list(u"user-pool-client"_s, u"ID"_s, u"The app client that tokens of --user-pool must be of; may be given again (any client)"_s),
        {.name = u"iam-keys"_s, .help = u"Let in who signs with one of the AWS access keys of this file: "
                                        "{\"keys\": [{\"accessKeyId\", \"secretAccessKey\", \"arn\", \"guest\"}]}"_s, .valueName = u"FILE"_s},
        {.name = u"authorizer-url"_s, .help = u"Ask this endpoint about all other tokens, as AppSync asks a Lambda authorizer"_s, .valueName = u"URL"_s},
    };
}

Result<Callers> readCallers(const OptionValues &values)
{
    const Result<QList<QByteArray>> apiKeys = keysOf(values.list(u"api-key"_s));
    if (!apiKeys)
        return apiKeys.error();
    const QString function = values.text(u"authorizer-url"_s);
    Callers callers{*apiKeys, values.list(u"oidc-issuer"_s), values.list(u"oidc-audience"_s), values.text(u"user-pool"_s),
                    values.list(u"user-pool-client"_s), values.text(u"jwks"_s), values.text(u"jwt-secret"_s).toUtf8(),
                    values.text(u"iam-keys"_s), QUrl(function)};
    if (const Result<void> checked = checkUrl(u"authorizer-url"_s, function); values.isSet(u"authorizer-url"_s) && !checked)
        return checked.error();
    if (const Result<void> checked = checkIssuers(callers); !checked)
        return checked.error();
    if (const Result<void> checked = checkUrls(callers); !checked)
        return checked.error();
    return callers;
}

bool Callers::isEmpty() const
{
    return apiKeys.isEmpty() && issuers.isEmpty() && userPool.isEmpty() && iamFile.isEmpty() && function.isEmpty();
}

Result<void> checkSomebodyMayCall(const Callers &callers, const QString &database)
{
    if (!callers.isEmpty())
        return {};
    if (KeyTable::mayExist(database)) {                 // nothing is made there: nobody has looked at what it is yet
        const Result<std::unique_ptr<KeyTable>> table = KeyTable::openToRead(database);
        const Result<QList<StoredKey>> keys = table ? (*table)->list() : table.error();
        if (!keys || !keys->isEmpty())
            return keys ? Result<void>() : keys.error();
    }
    return usage(u"nobody could call: make a key with \"tideline keys create\", set TIDELINE_API_KEY or give --api-key, "
                 "--oidc-issuer, --user-pool, --iam-keys or --authorizer-url"_s);
}

Result<std::unique_ptr<Authorizer>> makeAuthorizer(const Callers &callers, DatabaseKeyOptions keys)
{
    keys.fixed = callers.apiKeys;
    const Result<std::shared_ptr<DatabaseKeys>> store = DatabaseKeys::open(keys);
    if (!store)
        return store.error();
    MultiAuthorizer::Providers providers;
    providers.fetcher = std::make_shared<NetworkFetcher>();
    providers.apiKeys = std::make_shared<ApiKeyAuthorizer>(*store);
    if (!callers.iamFile.isEmpty()) {
        const Result<QByteArray> document = contentOf(callers.iamFile);
        if (!document)
            return document.error();
        const Result<IamOptions> options = IamAuthorizer::parseOptions(*document);
        if (!options)
            return usage(callers.iamFile + u' ' + options.error().message());
        providers.iam = std::make_shared<IamAuthorizer>(*options);
    }
    Result<std::vector<TokenIssuer>> issuers = issuersOf(callers, *providers.fetcher);
    if (!issuers)
        return issuers.error();
    if (!issuers->empty())
        providers.tokens = std::make_shared<TokenAuthorizer>(std::move(*issuers));
    if (!callers.function.isEmpty())
        providers.function = std::make_shared<FunctionAuthorizer>(FunctionOptions{.url = callers.function}, *providers.fetcher);
    return std::unique_ptr<Authorizer>(std::make_unique<MultiAuthorizer>(std::move(providers)));
}

} // namespace Tideline::Tools
