// SPDX-License-Identifier: MIT
#include "server/execution/documents.h"

#include "core/graphql/parser.h"
#include "server/execution/validation.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int maxTokens = 50'000;
static constexpr size_t maxPlans = 16;              // of one document

PreparedDocument::PreparedDocument(const TypeSystem &types, const QString &source, const PlanOptions &options)
    : m_types(types), m_source(source), m_options(options)
{
    GraphQL::ParseResult parsed = GraphQL::parse(source, {.maxDepth = options.maxDepth, .maxTokens = maxTokens});
    if (const auto *error = std::get_if<GraphQL::SyntaxError>(&parsed)) {
        m_syntaxError = true;
        GraphQLError &entry = m_errors.emplace_back();
        entry.message = error->message;
        entry.appSyncMessage = u"Unable to parse GraphQL query. "_s + error->message;
        entry.errorType = u"MalformedHttpRequestException"_s;
        entry.locations = {error->at};
        return;
    }
    m_document = std::get<GraphQL::Document>(std::move(parsed));
    m_errors = validate(m_types, m_document, m_source);
    m_conditions = conditionVariables(m_document);
}

std::variant<PreparedDocument::Operation, std::vector<GraphQLError>>
PreparedDocument::operation(const std::shared_ptr<const PreparedDocument> &document, const GraphQLRequest &request)
{
    if (!document->m_errors.empty())
        return document->m_errors;
    const auto found = findOperation(document->m_document, request.operationName);
    if (const auto *error = std::get_if<GraphQLError>(&found))
        return std::vector{*error};
    const GraphQL::OperationDefinition &definition = *std::get<const GraphQL::OperationDefinition *>(found);
    auto coerced = coerceVariables(document->m_types, definition, document->m_source, request.variables);
    if (auto *errors = std::get_if<std::vector<GraphQLError>>(&coerced))
        return std::move(*errors);
    Operation operation{document, nullptr, std::get<Variables>(std::move(coerced)), request.identity};
    const auto plan = document->plan(definition, operation.variables);
    if (const auto *error = std::get_if<GraphQLError>(&plan))
        return std::vector{*error};
    operation.plan = std::get<std::shared_ptr<const OperationPlan>>(plan);
    return operation;
}

static QString nameOf(GraphQL::OperationType operation)
{
    switch (operation) {
    case GraphQL::OperationType::Query:
        return u"query"_s;
    case GraphQL::OperationType::Mutation:
        return u"mutation"_s;
    case GraphQL::OperationType::Subscription:
        return u"subscription"_s;
    }
    Q_UNREACHABLE();
}

// Plans differ by the operation and by what its @skip and @include variables say.
std::variant<std::shared_ptr<const OperationPlan>, GraphQLError>
PreparedDocument::plan(const GraphQL::OperationDefinition &operation, const Variables &variables) const
{
    if (!m_types.rootType(operation.operation)) {
        GraphQLError error;
        error.message = u"Schema is not configured to execute %1 operation."_s.arg(nameOf(operation.operation));
        error.locations = {GraphQL::positionOf(m_source, operation.loc.start)};
        return error;
    }
    QString key = QString::number(operation.loc.start);
    for (const QString &condition : m_conditions)
        key += variables.value(condition).toJsonText();
    const std::lock_guard lock(m_mutex);
    for (const auto &[known, plan] : m_plans) {
        if (known == key)
            return plan;
    }
    auto compiled = compilePlan(m_types, m_document, m_source, operation, variables, m_options);
    if (const auto *error = std::get_if<GraphQLError>(&compiled))
        return *error;
    m_plans.emplace_back(key, std::get<std::unique_ptr<const OperationPlan>>(std::move(compiled)));
    if (m_plans.size() > maxPlans)
        m_plans.pop_front();
    return m_plans.back().second;
}

DocumentCache::DocumentCache(const TypeSystem &types, const PlanOptions &options, qsizetype maxCharacters)
    : m_types(types), m_options(options), m_maxCharacters(maxCharacters)
{
}

std::shared_ptr<const PreparedDocument> DocumentCache::known(const QString &source)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_bySource.constFind(source);
    if (found == m_bySource.constEnd())
        return {};
    m_entries.splice(m_entries.begin(), m_entries, *found);
    return m_entries.front();
}

std::shared_ptr<const PreparedDocument> DocumentCache::prepare(const QString &source)
{
    if (std::shared_ptr<const PreparedDocument> document = known(source))
        return document;
    auto document = std::make_shared<const PreparedDocument>(m_types, source, m_options);
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_bySource.constFind(source); found != m_bySource.constEnd())
        return **found;                             // another thread was faster
    m_entries.push_front(document);
    m_bySource.insert(source, m_entries.begin());
    m_characters += source.size();
    while (m_characters > m_maxCharacters && m_entries.size() > 1) {
        m_characters -= m_entries.back()->source().size();
        m_bySource.remove(m_entries.back()->source());
        m_entries.pop_back();
    }
    return document;
}

} // namespace Tideline::Server
