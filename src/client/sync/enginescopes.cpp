// SPDX-License-Identifier: MIT
// The scopes in force, and what follows when they change.
#include "client/sync/engine_p.h"

namespace Tideline {

ScopesInForce EnginePrivate::makeScopes()
{
    QList<Error> problems;
    ScopesInForce scopes{m_options.scopes, m_options.priorities, {}, {}};
    const auto rules = std::make_shared<MergeRules>(m_store.schema(), m_options.scopes, problems);
    rules->setConflicts(ConflictRules(m_store.schema(), m_options.conflicts));
    scopes.rules = rules;
    for (const Error &problem : std::as_const(problems)) {
        scopes.predicates.insert(problem.model(), Predicate::none());
        scopes.wrong.insert(problem.model());
        m_events->error(problem.inPhase(Error::Phase::Sync));
    }
    return scopes;
}

static Result<void> narrow(WriteTransaction &transaction, const QHash<QString, QString> &expressions)
{
    for (auto scope = expressions.cbegin(); scope != expressions.cend(); ++scope) {
        const QString setting = SyncProgress::setting(scope.key());
        const Result<QString> text = transaction.setting(setting);
        if (!text)
            return text.error();
        const SyncProgress stored = SyncProgress::fromText(*text);
        SyncProgress progress = stored;
        progress.narrow(*scope);
        if (progress == stored)
            continue;
        if (const Result<void> written = transaction.setSetting(setting, progress.toText()); !written)
            return written;
    }
    return {};
}

/* Before any job that goes by the scopes now in force. */
void EnginePrivate::narrowSynced()
{
    QHash<QString, QString> expressions;
    for (const std::shared_ptr<const ModelType> &model : m_store.schema().models()) {
        const QString expression = SyncProgress::expressionOf(m_context->scopes->predicates.value(model->name));
        if (!expression.isEmpty() && !m_context->scopes->wrong.contains(model->name))
            expressions.insert(model->name, expression);
    }
    if (expressions.isEmpty())
        return;
    m_chores.add<void>(
        [expressions](WriteTransaction &transaction) { return narrow(transaction, expressions); },
        [this](const Result<void> &narrowed) {
            if (!narrowed)
                m_events->error(narrowed.error().inPhase(Error::Phase::Sync));
        });
}

/* A row that waited outside of the scope for its mutations goes when the last of them is done, however that came. */
void EnginePrivate::followScopes(const ChangeSet &changes)
{
    if (!m_context->rules()->hasScopes())
        return;
    QList<Record> outside;
    for (const Change &change : changes.changes) {
        if (!change.after.isNull() && isSettled(change.after.state()) && m_context->rules()->isOutside(change.after))
            outside.append(change.after);
    }
    if (outside.isEmpty())
        return;
    m_chores.add<void>(
        [outside, rules = m_context->rules()](WriteTransaction &transaction) -> Result<void> {
            for (const Record &row : outside) {
                if (const Result<bool> evicted = Merger::evictOutside(transaction, *rules, row.model(), row.key()); !evicted)
                    return evicted.error();
            }
            return {};
        },
        [this](const Result<void> &evicted) {
            if (!evicted)
                m_events->error(evicted.error());
        });
}

void EnginePrivate::setScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities)
{
    m_options.scopes = scopes;
    m_options.priorities = priorities;
    if (state == EngineState::Stopped)
        return;
    const ScopesInForce former = std::exchange(*m_context->scopes, makeScopes());
    QSet<QString> changed;
    bool subscribed = true;                     // to all that are wanted now
    for (const std::shared_ptr<const ModelType> &model : m_store.schema().models()) {
        const Predicate before = former.predicates.value(model->name);
        if (before == m_context->scopes->predicates.value(model->name))
            continue;
        changed.insert(model->name);
        subscribed = subscribed && (before.kind() != Predicate::Kind::None || (m_session && m_session->isSubscribed(model->name)));
    }
    if (changed.isEmpty())
        return;
    narrowSynced();
    if (m_store.quarantinedCount() > 0) {       // what belongs to a record that is not wanted any more need not wait for it
        m_chores.add<Merger::Outcome>(
            [rules = m_context->rules()](WriteTransaction &transaction) { return Merger(transaction, rules).retryAll(); },
            [this](const Result<Merger::Outcome> &outcome) { freed(outcome); });
    }
    if (m_session && subscribed) {
        m_session->scopesChanged(changed);
    } else if (m_session) {
        cutSession();
        connect();
    }
}

} // namespace Tideline
