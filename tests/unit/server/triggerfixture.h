// SPDX-License-Identifier: MIT
#pragma once

#include "backendfixture.h"

#include "server/functions/deadletters.h"
#include "server/functions/eventdelivery.h"
#include "server/functions/eventsignature.h"
#include "server/storage/commitorder.h"
#include "shared/processscheduler.h"

#include <deque>

/*
    Events on virtual time: a backend that only writes them, nodes that deliver them without threads, a receiver that does as it is told.
*/
namespace BackendFixture {

// What nodes exchange with the database, at once and in the calling thread.
class DatabaseStore final : public EventStore
{
public:
    explicit DatabaseStore(const QString &text)
    {
        Location location = Location::parse(text).value();
        location.durable = false;
        m_connection = Connection::open(location, Connection::Mode::Write).value();
    }

    void exchange(EventExchange exchange, std::function<void(Result<TakenEvents>)> done) override
    {
        const Result<TakenEvents> answer = fails() ? Result<TakenEvents>(broken()) : transaction(exchange);
        if (holding)
            held.push_back([done = std::move(done), answer] { done(answer); });
        else
            done(answer);
    }
    void nextDue(QStringList targets, std::function<void(Result<std::optional<qint64>>)> done) override
    {
        done(fails() ? Result<std::optional<qint64>>(broken()) : EventQueue(*m_connection).nextDue(targets));
    }
    [[nodiscard]] qint64 number(const QString &sql) { return m_connection->number(sql).valueOr(-1); }

    std::function<bool()> failing = {};
    bool holding = false;                   // answers of exchanges wait
    std::vector<std::function<void()>> held;

private:
    [[nodiscard]] bool fails() const { return failing && failing(); }
    [[nodiscard]] static Error broken() { return Error(Error::Code::StoreFailed, u"broken"_s); }
    Result<TakenEvents> transaction(const EventExchange &exchange)
    {
        if (const Result<void> begun = m_connection->begin(); !begun)
            return begun.error();
        if (m_connection->dialect().isShared()) {
            if (const auto stamp = SharedOrder([] { return qint64(0); }).open(*m_connection); !stamp)
                return stamp.error();
        }
        const Result<TakenEvents> taken = EventQueue(*m_connection).exchange(exchange);
        if (!taken)
            m_connection->rollback();
        else if (const Result<void> committed = m_connection->commit(); !committed)
            return committed.error();
        return taken;
    }

    std::unique_ptr<Connection> m_connection;
};

struct Sending
{
    qint64 time = 0;
    FetchRequest request;
    QJsonObject event;
    std::function<void(Result<FetchAnswer>)> answer;

    [[nodiscard]] QString key() const { return event["record"_L1]["id"_L1].toString(); }
    [[nodiscard]] QString label() const { return key() + u'.' + QString::number(event["version"_L1].toInt()); }
    [[nodiscard]] QByteArray header(const QByteArray &name) const
    {
        for (const auto &[known, value] : request.headers) {
            if (known == name)
                return value;
        }
        return {};
    }
};

// Answers 200 at once unless told otherwise.
class Receiver final : public Fetcher
{
public:
    using Answer = std::optional<Result<FetchAnswer>>;      // nothing: the test answers, by its place in `log`

    explicit Receiver(Scheduler &time) : m_time(time) { }

    void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) override
    {
        log.push_back({m_time.now(), request, QJsonDocument::fromJson(request.body).object(), std::move(done)});
        if (const Answer answer = decide ? decide(log.back()) : Answer(FetchAnswer{200}))
            log.back().answer(*answer);
    }
    [[nodiscard]] QStringList labels() const
    {
        QStringList labels;
        for (const Sending &sending : log)
            labels.append(sending.label());
        return labels;
    }

    std::function<Answer(const Sending &)> decide = {};
    std::deque<Sending> log;

private:
    Scheduler &m_time;
};

// One that delivers. When it is killed, nothing of it happens any more.
class Node
{
public:
    Node(ManualScheduler &time, Fetcher &receiver, const QString &location, const std::vector<Trigger> &triggers, const TriggerOptions &options)
        : m_time(time), scheduler(time), store(location),
          m_delivery(std::make_unique<EventDelivery>(triggers, options, store, receiver, scheduler, metrics,
                                                     [this](const Error &error) { reports.append(error.message()); }))
    {
    }

    void kill()
    {
        scheduler.kill();
        m_delivery.reset();
    }
    void wake() { m_delivery->wake(); }
    void end()
    {
        scheduler.post([this] { m_delivery->end(); });
        m_time.runAll();
    }

private:
    ManualScheduler &m_time;

public:
    Metrics metrics;
    ProcessScheduler scheduler;
    DatabaseStore store;
    QStringList reports;

private:
    std::unique_ptr<EventDelivery> m_delivery;
};

inline const QByteArray theSecret = "a secret of the tests";

inline Trigger triggerFor(const QString &model, TriggerOperations operations = TriggerOperation::Create | TriggerOperation::Update | TriggerOperation::Delete)
{
    return {model, operations, QUrl(u"http://127.0.0.1:1/erp"_s), theSecret, {}};
}

} // namespace BackendFixture
