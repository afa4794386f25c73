// SPDX-License-Identifier: MIT
#include "fuzz/fuzzbackend.h"

#include "server/http/httprequest_p.h"

using namespace Tideline;
using namespace Tideline::Fuzz;

static void execute(const Result<GraphQLRequest> &request)
{
    if (!request)
        return;
    if (describe(*request).size() > 200)
        qFatal("more than names in a log");
    (void)isMutation(*request);
    (void)theBackend().run(request->query, request->variables, request->operationName);
}

// A request's body; a query string; and a document with its variables behind a zero byte, which reaches further.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    execute(requestFromBody(text));
    execute(requestFromQuery(text));
    const qsizetype zero = text.indexOf('\0');
    const QString document = QString::fromUtf8(zero < 0 ? text : text.first(zero));
    const QJsonObject variables = zero < 0 ? QJsonObject() : QJsonDocument::fromJson(text.sliced(zero + 1)).object();
    execute(GraphQLRequest{document, variables, {}, {}});
    return 0;
}
