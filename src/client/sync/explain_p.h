// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/explanation.h"
#include "client/sync/dependencies_p.h"
#include "client/sync/lane_p.h"

namespace Tideline {

/* Says what a record waits for, from the outbox as one transaction sees it and what the engine said shortly before. */
class TIDELINE_EXPORT Explain
{
public:
    Explain(ReadTransaction &transaction, const Dependencies &dependencies, const EngineStatus &status)
        : m_transaction(transaction), m_dependencies(dependencies), m_status(status) { }

    [[nodiscard]] Result<Explanation> record(const std::shared_ptr<const ModelType> &model, const QString &key);

    /*! Whether there is a mutation that goes without anybody's decision: none that was refused, nor what waits for such a one. */
    [[nodiscard]] static Result<bool> anythingGoes(ReadTransaction &transaction, const Dependencies &dependencies);

private:
    [[nodiscard]] Result<void> explainLane(const QList<OutboxEntry> &lane, const Record &row);
    [[nodiscard]] Result<void> addParents(const OutboxEntry &first, const Record &row);
    [[nodiscard]] Result<void> addChildren(const OutboxEntry &deletion);
    void addIfChild(const OutboxEntry &other, const OutboxEntry &deletion);
    void addHold();
    void addLine();
    void add(Explanation::Wait wait);
    [[nodiscard]] QString time(qint64 at) const;
    [[nodiscard]] QString textOf(const Explanation::Wait &wait) const;
    [[nodiscard]] QString textOfState() const;

    ReadTransaction &m_transaction;
    const Dependencies &m_dependencies;
    const EngineStatus &m_status;
    Explanation m_found;
};

} // namespace Tideline
