// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/plan.h"
#include "server/service.h"

#include <list>
#include <mutex>

namespace Tideline::Server {

/*
    A document parsed and validated once, with the plans made of it. Immutable to the outside, so
    that every thread may use it.
*/
class PreparedDocument
{
public:
    struct Operation
    {
        std::shared_ptr<const PreparedDocument> document;       // the plan points into it
        std::shared_ptr<const OperationPlan> plan;
        Variables variables;
        Identity identity;                                      // who runs it
    };

    PreparedDocument(const TypeSystem &types, const QString &source, const PlanOptions &options);

    [[nodiscard]] const QString &source() const noexcept { return m_source; }
    [[nodiscard]] const std::vector<GraphQLError> &errors() const noexcept { return m_errors; }
    [[nodiscard]] bool isSyntaxError() const noexcept { return m_syntaxError; }

    // The operation that \a request means with its variables coerced, ready to run.
    [[nodiscard]] static std::variant<Operation, std::vector<GraphQLError>>
    operation(const std::shared_ptr<const PreparedDocument> &document, const GraphQLRequest &request);

private:
    [[nodiscard]] std::variant<std::shared_ptr<const OperationPlan>, GraphQLError>
    plan(const GraphQL::OperationDefinition &operation, const Variables &variables) const;

    const TypeSystem &m_types;
    const QString m_source;
    const PlanOptions m_options;
    GraphQL::Document m_document;
    std::vector<GraphQLError> m_errors;
    bool m_syntaxError = false;
    QStringList m_conditions;                       // variables that plans depend on
    mutable std::mutex m_mutex;
    mutable std::deque<std::pair<QString, std::shared_ptr<const OperationPlan>>> m_plans;
};

/* Prepared documents by their text, the least recently used dropped first. Thread-safe. */
class DocumentCache
{
public:
    DocumentCache(const TypeSystem &types, const PlanOptions &options, qsizetype maxCharacters = 500'000);

    [[nodiscard]] std::shared_ptr<const PreparedDocument> known(const QString &source);  // null when it is not there
    [[nodiscard]] std::shared_ptr<const PreparedDocument> prepare(const QString &source);

private:
    using Entries = std::list<std::shared_ptr<const PreparedDocument>>;

    const TypeSystem &m_types;
    const PlanOptions m_options;
    const qsizetype m_maxCharacters;
    std::mutex m_mutex;
    Entries m_entries;                              // the most recently used first
    QHash<QString, Entries::iterator> m_bySource;
    qsizetype m_characters = 0;
};

} // namespace Tideline::Server
