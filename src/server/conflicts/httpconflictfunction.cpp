// SPDX-License-Identifier: MIT
#include "server/conflicts/httpconflictfunction.h"

#include "server/auth/strictjson_p.h"

#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

HttpConflictFunction::HttpConflictFunction(QUrl url, std::shared_ptr<Fetcher> fetcher, std::chrono::milliseconds deadline)
    : m_url(std::move(url)), m_fetcher(std::move(fetcher)), m_deadline(deadline)
{
}

static Result<QJsonObject> answerIn(const Result<FetchAnswer> &answer)
{
    if (!answer)
        return Error(answer.error().code(), u"The conflict function cannot be asked: %1"_s.arg(answer.error().message()));
    if (answer->status != 200)
        return Error(Error::Code::BackendFailed, u"The conflict function failed with the HTTP status %1."_s.arg(answer->status));
    if (const std::optional<QJsonObject> object = strictObject(answer->body))
        return *object;
    return Error(Error::Code::Protocol, u"The conflict function's answer is no JSON object."_s);
}

/*! Posts \a event and gives the answer to \a done. */
void HttpConflictFunction::ask(const QJsonObject &event, Reply<QJsonObject> done)
{
    m_fetcher->fetch({.url = m_url, .body = QJsonDocument(event).toJson(QJsonDocument::Compact), .deadline = m_deadline},
                     [done = std::move(done)](const Result<FetchAnswer> &answer) { done(answerIn(answer)); });
}

} // namespace Tideline::Server
