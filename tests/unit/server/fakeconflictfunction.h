// SPDX-License-Identifier: MIT
#pragma once

#include "server/conflicts/conflicts.h"

#include <condition_variable>
#include <deque>
#include <mutex>

/* A conflict function that answers at once when the test has said what, else when the test does. */
class FakeConflictFunction final : public Tideline::Server::ConflictFunction
{
public:
    using Answer = Tideline::Result<QJsonObject>;
    struct Question
    {
        QJsonObject event;
        Tideline::Reply<QJsonObject> done;      // null: none came
    };

    void ask(const QJsonObject &event, Tideline::Reply<QJsonObject> done) override
    {
        std::optional<Answer> answer;
        {
            const std::lock_guard lock(m_mutex);
            ++m_asked;
            answer = m_answer;
            m_last = event;
            if (!answer)
                m_questions.push_back({event, std::move(done)});
        }
        m_wake.notify_all();
        if (answer)
            done(*answer);
    }

    void answerAtOnce(std::optional<Answer> answer)
    {
        const std::lock_guard lock(m_mutex);
        m_answer = std::move(answer);
    }
    // The oldest question that waits.
    [[nodiscard]] Question next()
    {
        std::unique_lock lock(m_mutex);
        if (!m_wake.wait_for(lock, std::chrono::seconds(30), [this] { return !m_questions.empty(); }))
            return {};
        Question question = std::move(m_questions.front());
        m_questions.pop_front();
        return question;
    }
    [[nodiscard]] int asked() const
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }
    [[nodiscard]] QJsonObject lastEvent() const
    {
        const std::lock_guard lock(m_mutex);
        return m_last;
    }

    [[nodiscard]] static QJsonObject resolve(const QJsonObject &item)
    {
        return {{QStringLiteral("action"), QStringLiteral("RESOLVE")}, {QStringLiteral("item"), item}};
    }
    [[nodiscard]] static QJsonObject action(const QString &name) { return {{QStringLiteral("action"), name}}; }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Question> m_questions;
    std::optional<Answer> m_answer;
    QJsonObject m_last;
    int m_asked = 0;
};
