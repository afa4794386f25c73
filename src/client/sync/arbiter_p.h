// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/context_p.h"

#include <map>

namespace Tideline {

/*
    Asks the application about the mutations that wait for its decision, each once about each record of the backend, and
    does what it says. A question that is not answered in time, or wrongly, or too often, ends on the repair bench. What waits
    is in the outbox table; here is only who has been asked. Needs no line. What the file does not take is asked again later.
*/
class Arbiter
{
public:
    using Reply = std::function<void(const Result<Resolution> &)>;
    using Ask = std::function<void(const Conflict &, Reply)>;

    Arbiter(std::shared_ptr<const SyncContext> context, Ask ask, std::function<void()> decided)
        : m_context(std::move(context)), m_ask(std::move(ask)), m_decided(std::move(decided)), m_backoff(m_context->backoff()),
          m_retry(m_context->scheduler) { }
    Q_DISABLE_COPY_MOVE(Arbiter)

    void look();                        // at the outbox; something may wait, or wait no more

private:
    struct Question
    {
        qint64 version = 0;             // of the backend's record
        int attempt = 0;
        bool isOpen = false;
        std::unique_ptr<Timer> deadline;
    };

    void found(const QList<OutboxEntry> &entries);
    void ask(const OutboxEntry &entry);
    void replied(qint64 mutation, qint64 version, const Result<Resolution> &resolution);
    void apply(qint64 mutation, qint64 version, const Resolution &resolution);
    void giveUp(qint64 mutation, qint64 version, const Error &why);
    void tryLater(qint64 mutation, const Error &why);

    std::shared_ptr<const SyncContext> m_context;
    Ask m_ask;
    std::function<void()> m_decided;                    // something may be sent now
    std::map<qint64, Question> m_questions;             // by mutation; those of ended ones go some time
    Backoff m_backoff;
    Timer m_retry;
    bool m_looking = false;
    bool m_again = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
