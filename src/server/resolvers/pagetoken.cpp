// SPDX-License-Identifier: MIT
#include "server/resolvers/pagetoken.h"

#include "server/execution/jsonwriter.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QMessageAuthenticationCode>
#include <QtCore/QRandomGenerator>

#include <openssl/evp.h>

#include <array>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qsizetype saltBytes = 16;
static constexpr int tagBytes = 16;
static constexpr std::array<unsigned char, 12> nonce = {};

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

static const unsigned char *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

static unsigned char *bytesOf(QByteArray &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

QByteArray TokenSeal::key(const QByteArray &salt) const
{
    return QMessageAuthenticationCode::hash(salt, m_secret, QCryptographicHash::Sha256);
}

// Empty when the cipher fails, which is a token that nobody accepts; null would be the end of the pages.
QString TokenSeal::seal(const QByteArray &plain, const QByteArray &purpose) const
{
    std::array<quint32, saltBytes / sizeof(quint32)> random;
    QRandomGenerator::system()->fillRange(random.data(), qsizetype(random.size()));
    const QByteArray salt(reinterpret_cast<const char *>(random.data()), saltBytes);
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    QByteArray sealed(plain.size(), Qt::Uninitialized);
    QByteArray tag(tagBytes, Qt::Uninitialized);
    int length = 0;
    const bool done = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key(salt)), nonce.data()) == 1
        && EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytesOf(purpose), int(purpose.size())) == 1
        && EVP_EncryptUpdate(cipher.get(), bytesOf(sealed), &length, bytesOf(plain), int(plain.size())) == 1
        && EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tagBytes, tag.data()) == 1;
    if (!done)
        return u""_s;
    return QString::fromLatin1((salt + sealed + tag).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

std::optional<QByteArray> TokenSeal::open(const QString &text, const QByteArray &purpose) const
{
    const auto decoded = QByteArray::fromBase64Encoding(text.toLatin1(), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    const QByteArray bytes = decoded ? *decoded : QByteArray();
    const qsizetype size = bytes.size() - saltBytes - tagBytes;
    if (size < 0)
        return {};
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    const QByteArray sealed = bytes.mid(saltBytes, size);
    QByteArray tag = bytes.right(tagBytes);
    QByteArray plain(size, Qt::Uninitialized);
    int length = 0;
    const bool done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key(bytes.left(saltBytes))), nonce.data()) == 1
        && EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytesOf(purpose), int(purpose.size())) == 1
        && EVP_DecryptUpdate(cipher.get(), bytesOf(plain), &length, bytesOf(sealed), int(sealed.size())) == 1
        && EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tagBytes, tag.data()) == 1
        && EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) == 1;
    return done ? std::optional(plain) : std::nullopt;
}

QByteArray tokenPurpose(const FieldCall &call, const Identity &identity, const QString &parentKey)
{
    JsonWriter writer;
    writer.text(call.field.definition->parent->name);
    writer.text(call.field.definition->name);
    writer.text(parentKey);
    writer.text(QString::number(int(identity.provider)) + (identity.guest ? u" guest "_s : u" "_s) + identity.subject);
    for (const auto &[name, value] : call.arguments) {
        if (name == u"limit" || name == u"nextToken" || name == u"lastSync" || value.isNull())
            continue;
        writer.text(name);
        writer.value(value);
    }
    return QCryptographicHash::hash(writer.take(), QCryptographicHash::Sha256);
}

QString PageToken::toText(const TokenSeal &seal, const QByteArray &purpose) const
{
    const Value::List parts = {startedAt, Value::List(position.begin(), position.end())};
    return seal.seal(toJsonText(parts), purpose);
}

std::optional<PageToken> PageToken::fromText(const QString &text, const TokenSeal &seal, const QByteArray &purpose)
{
    const std::optional<QByteArray> plain = seal.open(text, purpose);
    if (!plain)
        return {};
    const Value::List parts = Value::fromJson(QJsonDocument::fromJson(*plain).array()).toList();
    if (parts.size() != 2)
        return {};
    const Value::List position = parts[1].toList();
    return PageToken{std::vector<Value>(position.begin(), position.end()), parts[0].toInteger()};
}

Error invalidToken()
{
    return Error(Error::Code::InvalidArgument,
                 u"com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given."_s)
        .withDetail(u"DynamoDB:UserIllegalArgumentException"_s);
}

} // namespace Tideline::Server
