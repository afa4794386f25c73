// SPDX-License-Identifier: MIT
#include "server/http/httprequest_p.h"

#include "core/data/json.h"
#include "core/graphql/lexer.h"
#include "core/graphql/parser.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonValue>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr qsizetype MaxNameLength = 100;

Error unparsable()
{
    return Error(Error::Code::SyntaxError, u"Unable to parse GraphQL query."_s);
}

QByteArray decoded(QByteArrayView text, PlusSign plus)
{
    QByteArray bytes = text.toByteArray();
    if (plus == PlusSign::Space)
        bytes.replace('+', ' ');
    return QByteArray::fromPercentEncoding(bytes);
}

// Absent and null are nothing; anything but an object is refused.
bool isObjectOrNothing(const QJsonValue &value)
{
    return value.isObject() || value.isNull() || value.isUndefined();
}

} // namespace

Target splitTarget(QByteArrayView target)
{
    if (const qsizetype scheme = target.indexOf("://"); scheme > 0 && !target.startsWith('/')) {
        const qsizetype path = target.indexOf('/', scheme + 3);
        target = path < 0 ? QByteArrayView("/") : target.sliced(path);
    }
    const qsizetype question = target.indexOf('?');
    if (question < 0)
        return {target.toByteArray(), {}};
    return {target.first(question).toByteArray(), target.sliced(question + 1).toByteArray()};
}

std::optional<QByteArray> queryValue(QByteArrayView query, QByteArrayView name, PlusSign plus)
{
    while (!query.isEmpty()) {
        const qsizetype end = query.indexOf('&');
        const QByteArrayView part = end < 0 ? query : query.first(end);
        query = end < 0 ? QByteArrayView() : query.sliced(end + 1);
        const qsizetype equals = part.indexOf('=');
        const QByteArrayView key = equals < 0 ? part : part.first(equals);
        if (decoded(key, plus) == name)
            return equals < 0 ? QByteArray("") : decoded(part.sliced(equals + 1), plus);
    }
    return std::nullopt;
}

Result<GraphQLRequest> requestFromBody(const QByteArray &body)
{
    if (body.trimmed().isEmpty())
        return Error(Error::Code::SyntaxError, u"Request body is empty."_s);
    const QJsonObject object = parseJson(body).object();
    const QJsonValue query = object.value("query"_L1);
    const QJsonValue name = object.value("operationName"_L1);
    GraphQLRequest request;
    if (!query.isString() || !isObjectOrNothing(object.value("variables"_L1)) || !isObjectOrNothing(object.value("extensions"_L1))
        || !(name.isString() || name.isNull() || name.isUndefined())) {
        return unparsable();
    }
    request.query = query.toString();
    request.variables = object.value("variables"_L1).toObject();
    request.operationName = name.toString();
    return request;
}

Result<GraphQLRequest> requestFromQuery(QByteArrayView query)
{
    const std::optional<QByteArray> document = queryValue(query, "query", PlusSign::Space);
    if (!document)
        return unparsable();
    GraphQLRequest request;
    request.query = QString::fromUtf8(*document);
    request.operationName = QString::fromUtf8(queryValue(query, "operationName", PlusSign::Space).value_or(QByteArray()));
    if (const auto variables = queryValue(query, "variables", PlusSign::Space); variables && !variables->isEmpty()) {
        const QJsonDocument parsed = parseJson(*variables);
        if (!parsed.isObject() && variables->trimmed() != "null")
            return unparsable();
        request.variables = parsed.object();
    }
    return request;
}

static bool isName(QStringView text)
{
    const auto fits = [](QChar c) { return c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber()); };
    return !text.isEmpty() && text.size() <= MaxNameLength && !text.front().isDigit() && std::all_of(text.begin(), text.end(), fits);
}

QByteArray describe(const GraphQLRequest &request)
{
    GraphQL::Lexer lexer(request.query);
    GraphQL::Token token = lexer.next();
    if (token.kind == GraphQL::TokenKind::StartOfFile)
        token = lexer.next();
    const bool isShort = token.kind == GraphQL::TokenKind::LeftBrace;
    const QStringView kind = isShort ? QStringView(u"query") : token.value;
    if (kind != u"query" && kind != u"mutation" && kind != u"subscription")
        return {};
    const GraphQL::Token next = isShort ? token : lexer.next();
    const QString inDocument = next.kind == GraphQL::TokenKind::Name ? next.value.toString() : QString();
    const QString name = request.operationName.isEmpty() ? inDocument : request.operationName;
    return kind.toLatin1() + (isName(name) ? ' ' + name.toLatin1() : QByteArray());
}

QByteArray nameOf(Identity::Provider provider)
{
    switch (provider) {
    case Identity::Provider::ApiKey:
        return "apiKey";
    case Identity::Provider::Iam:
        return "iam";
    case Identity::Provider::Oidc:
        return "oidc";
    case Identity::Provider::UserPools:
        return "userPools";
    case Identity::Provider::Function:
        return "function";
    }
    Q_UNREACHABLE();
}

bool isMutation(const GraphQLRequest &request)
{
    const GraphQL::ParseResult parsed = GraphQL::parse(request.query);
    const auto *document = std::get_if<GraphQL::Document>(&parsed);
    if (!document)
        return false;
    return std::any_of(document->definitions.begin(), document->definitions.end(), [&](const auto &definition) {
        const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition);
        return operation && operation->operation == GraphQL::OperationType::Mutation
            && (request.operationName.isEmpty() || (operation->name && operation->name->value == request.operationName));
    });
}

} // namespace Tideline::Server
