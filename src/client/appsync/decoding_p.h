// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/transport.h"

#include <QtCore/QJsonArray>
#include <QtCore/QSet>

namespace Tideline {

/*! What the backend answered a sync query, and mutations of \a entries: one response each, in their order. */
[[nodiscard]] TIDELINE_EXPORT Result<SyncPage> decodePage(const Schema &schema, const SyncRequest &request, const QJsonObject &json);
[[nodiscard]] TIDELINE_EXPORT QList<MutationResponse> decodeMutations(const Schema &schema, const QList<OutboxEntry> &entries,
                                                                      const QJsonObject &json);

/*! Whether the answer refuses the whole document, so that nothing of it was done. */
[[nodiscard]] TIDELINE_EXPORT bool isRefused(const QJsonObject &json);

/*! What an answer that refuses a document of several mutations as a whole says of each. */
struct Refusal
{
    QHash<qsizetype, MutationResponse> verdicts;    // on those whose own variables are wrong, as they would be in any document
    QSet<qsizetype> suspects;                       // others that it names
};
[[nodiscard]] TIDELINE_EXPORT Refusal decodeRefusal(const Schema &schema, const QList<OutboxEntry> &entries, const QJsonObject &json);

/*! The error of one GraphQL error object: its message, errorType in detail(). */
[[nodiscard]] Error decodeGraphQLError(const QJsonObject &error);
[[nodiscard]] bool isUnauthorized(const QJsonObject &error);

/*! What an answer without GraphQL data says: HTTP status, x-amzn-errortype and body. Status 0: no answer came. */
[[nodiscard]] TIDELINE_EXPORT Error httpError(int status, const QByteArray &errorType, const QByteArray &body, const QString &networkText);

/*! For how many ms, five minutes at most, an answer of \a status asks with its Retry-After (seconds or a date, which \a date, when it was sent,
    makes a span) to be left alone; 0: it does not. */
[[nodiscard]] TIDELINE_EXPORT qint64 retryAfter(int status, const QByteArray &header, const QByteArray &date);

} // namespace Tideline
