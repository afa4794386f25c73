// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "server/execution/executor.h"
#include "server/service.h"

#include <QtCore/QByteArray>

#include <optional>
#include <vector>

namespace Tideline::Server {

/*
    Makes text that only the holders of a secret can read or make. A token's text is

        salt (16 bytes) | AES-256-GCM of the plain bytes | tag (16 bytes)      in base64url

    The salt is random and the key is HMAC-SHA256(secret, salt), so each key serves one message and the nonce is zero: random
    nonces under one key would allow no more than 2^32 tokens. What a token is for is authenticated, not carried.
*/
class TokenSeal
{
public:
    explicit TokenSeal(QByteArray secret) : m_secret(std::move(secret)) { }

    [[nodiscard]] QString seal(const QByteArray &plain, const QByteArray &purpose) const;
    // Nothing when \a text was not sealed with this secret for this purpose.
    [[nodiscard]] std::optional<QByteArray> open(const QString &text, const QByteArray &purpose) const;

private:
    [[nodiscard]] QByteArray key(const QByteArray &salt) const;

    const QByteArray m_secret;
};

/*
    What a nextToken carries, opaque to clients: where the page ended and, of a sync, when and how it began, so that
    startedAt is the same on all pages. A position has values of a record that its caller may not be allowed to see.
*/
struct PageToken
{
    std::vector<Value> position;            // of a sync: the change number
    qint64 startedAt = 0;                   // of a sync

    [[nodiscard]] QString toText(const TokenSeal &seal, const QByteArray &purpose) const;
    [[nodiscard]] static std::optional<PageToken> fromText(const QString &text, const TokenSeal &seal, const QByteArray &purpose);
};

/*!
    What a token is for: a field, those of its arguments that decide which records it finds (limit may change from page to page),
    the record that it is a field of, and the caller. Somebody who signs in anew goes on with his tokens.
*/
[[nodiscard]] QByteArray tokenPurpose(const FieldCall &call, const Identity &identity, const QString &parentKey = {});

/*! The refusal of a token that does not fit. */
[[nodiscard]] Error invalidToken();

} // namespace Tideline::Server
