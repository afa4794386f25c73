// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>

namespace Tideline {

/*! AWS Signature Version 4 as a client makes it. */
namespace SigV4 {

using Header = std::pair<QByteArray, QByteArray>;       // name in lower case

struct Request
{
    QByteArray method = "POST";
    QByteArray path;                                    // as in the request line
    QByteArray query = {};                              // the same, without "?"
    QList<Header> headers;                              // all are signed; each name once
    QByteArray body;
};

struct Keys
{
    QByteArray accessKeyId;
    QByteArray secretAccessKey;
    QByteArray region;
    QByteArray service = "appsync";
};

/*! The header "authorization" for \a request at \a time, which is that of its header x-amz-date (20240101T120000Z). */
[[nodiscard]] TIDELINE_EXPORT QByteArray authorization(const Request &request, const Keys &keys, const QByteArray &time);

[[nodiscard]] TIDELINE_EXPORT QByteArray amzDate(qint64 now);   // ms since the epoch

} // namespace SigV4

} // namespace Tideline
