// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/error.h"

#include <QtCore/QByteArray>

#include <optional>
#include <vector>

namespace Tideline::Server {

/*
    What a nextToken carries, opaque to clients: where the page ended and, of a sync, when and how it began, so that
    startedAt is the same on all pages. It is bound to the arguments that decide which records a
    query finds; limit may change from page to page.
*/
struct PageToken
{
    std::vector<Value> position;            // of a sync: the change number
    qint64 startedAt = 0;                   // of a sync

    [[nodiscard]] QString toText(const QByteArray &arguments) const;
    // Nothing when \a text is no token, or one of a query with other arguments.
    [[nodiscard]] static std::optional<PageToken> fromText(const QString &text, const QByteArray &arguments);
};

/*! A digest of a field and those of its arguments that a token is bound to. */
[[nodiscard]] QByteArray argumentsDigest(const QString &field, const Value::Object &arguments, const QByteArray &parent = {});

/*! The refusal of a token that does not fit. */
[[nodiscard]] Error invalidToken();

} // namespace Tideline::Server
