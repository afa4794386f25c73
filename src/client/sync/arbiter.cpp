// SPDX-License-Identifier: MIT
#include "client/sync/arbiter_p.h"

#include "client/sync/decisions_p.h"
#include "client/sync/synctext_p.h"

namespace Tideline {

constexpr int askLimit = 10;            // questions about a mutation before it is listed

void Arbiter::look()
{
    if (std::exchange(m_looking, true)) {
        m_again = true;
        return;
    }
    m_context->store->read<QList<OutboxEntry>>(m_alive, [](ReadTransaction &transaction) { return transaction.undecided(); },
                                               [this](const Result<QList<OutboxEntry>> &entries) {
                                                   m_looking = false;
                                                   if (std::exchange(m_again, false))
                                                       look();
                                                   if (entries)
                                                       found(*entries);
                                                   else
                                                       m_context->events->error(entries.error());
                                               });
}

void Arbiter::found(const QList<OutboxEntry> &entries)
{
    constexpr size_t remembered = 1000;
    if (m_questions.size() > remembered)
        std::erase_if(m_questions, [](const auto &question) { return !question.second.isOpen; });
    for (const OutboxEntry &entry : entries) {
        const Question &question = m_questions[entry.sequence];
        if (question.version != entry.theirs.metadata().version || !question.isOpen)
            ask(entry);
    }
}

void Arbiter::ask(const OutboxEntry &entry)
{
    const qint64 mutation = entry.sequence;
    Question &question = m_questions[mutation];
    const qint64 version = question.version = entry.theirs.metadata().version;
    question.isOpen = true;
    question.deadline = std::make_unique<Timer>(m_context->scheduler);
    ++question.attempt;
    if (!m_ask || !entry.theirs || question.attempt > askLimit) {
        const QString reason = m_ask && entry.theirs ? SyncText::tr("The %1 was decided about %2 times, and changed on the backend each time.").arg(entry.model->name).arg(askLimit)
                                     : SyncText::tr("The %1 was changed here and on the backend, and the application decides no conflicts.").arg(entry.model->name);
        giveUp(mutation, version, Error(Error::Code::Conflict, reason));
        return;
    }
    Conflict conflict = Contest::describe(entry, m_context->rules()->conflicts());
    conflict.attempt = question.attempt;
    question.deadline->start(m_context->options.askDeadline, [this, mutation, version] {
        replied(mutation, version, Error(Error::Code::Timeout, SyncText::tr("The application did not decide the conflict in time.")));
    });
    m_ask(conflict, [this, mutation, version, alive = std::weak_ptr<int>(m_alive)](const Result<Resolution> &resolution) {
        if (!alive.expired())
            replied(mutation, version, resolution);
    });
}

void Arbiter::replied(qint64 mutation, qint64 version, const Result<Resolution> &resolution)
{
    const auto found = m_questions.find(mutation);
    if (found == m_questions.end() || !found->second.isOpen || found->second.version != version)
        return;                         // too late, or about a record that is not the newest
    found->second.deadline->cancel();
    if (resolution)
        apply(mutation, version, *resolution);
    else
        giveUp(mutation, version, resolution.error());
}

void Arbiter::apply(qint64 mutation, qint64 version, const Resolution &resolution)
{
    m_context->store->write<Decisions::Applied>(
        m_alive,
        [mutation, version, resolution, rules = m_context->rules()](WriteTransaction &transaction) {
            return Decisions::apply(transaction, mutation, version, resolution, rules->conflicts());
        },
        [this, mutation, version](const Result<Decisions::Applied> &applied) {
            if (!applied) {
                mayBeStoredLater(applied.error()) ? tryLater(mutation, applied.error()) : giveUp(mutation, version, applied.error());
                return;
            }
            m_backoff.reset();
            m_context->events->outboxMutationsArrived(applied->arrived);
            if (!applied->isOutdated)
                m_questions[mutation].isOpen = false;
            else
                look();
            m_decided();
        });
}

void Arbiter::giveUp(qint64 mutation, qint64 version, const Error &why)
{
    m_context->store->write<std::optional<OutboxEntry>>(
        m_alive, [mutation, version, why](WriteTransaction &transaction) { return Decisions::giveUp(transaction, mutation, version, why); },
        [this, mutation](const Result<std::optional<OutboxEntry>> &listed) {
            if (!listed) {
                tryLater(mutation, listed.error());
                return;
            }
            m_backoff.reset();
            m_questions.erase(mutation);
            if (*listed) {
                m_context->events->outboxMutationFailed(**listed, (*listed)->error);
                m_context->events->error((*listed)->error);
            } else {
                look();
            }
        });
}

/* The question is open again, as if it had not been asked. */
void Arbiter::tryLater(qint64 mutation, const Error &why)
{
    m_context->events->error(why);
    if (const auto question = m_questions.find(mutation); question != m_questions.end()) {
        question->second.deadline->cancel();
        question->second.isOpen = false;
        --question->second.attempt;
    }
    m_retry.start(m_backoff.next(m_context->scheduler), [this] { look(); });
}

} // namespace Tideline
