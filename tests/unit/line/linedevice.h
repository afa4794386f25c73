// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "client/sync/engine.h"
#include "shared/testserver.h"

#include <QtCore/QJsonArray>
#include <QtTest/QTest>

namespace TidelineTest {

using namespace Tideline;
using namespace Qt::StringLiterals;

/*! The scheduler of the test's thread; its wall clock can be set, its timers follow the real one. */
class WrongClock final : public EventLoopScheduler
{
public:
    [[nodiscard]] qint64 now() const override { return EventLoopScheduler::now() + skew; }
    qint64 skew = 0;                    // ms
};

/*! A real store, engine and transport, all but the store's threads in the thread of the test. */
class LineDevice
{
public:
    LineDevice(const Schema &schema, const std::function<QUrl()> &url) : store(schema, StoreOptions{.path = u":memory:"_s, .durable = false})
    {
        auth.setKey(TestServer::key());
        backend.setAuth(&auth);
        bool opened = false;
        store.open(&clock, [&opened](const Result<void> &result) { opened = result.ok(); });
        if (!QTest::qWaitFor([&opened] { return opened; }, 10'000))
            qFatal("The store does not open");
        const TransportFactory transport = [this, url](const Schema &models, Scheduler &scheduler) {
            backend.setUrl(url());
            return (*backend.transportFactory())(models, scheduler);
        };
        engine = std::make_unique<Engine>(store, transport, clock, EngineOptions(),
                                          Engine::Callbacks{.stateChanged = {},
                                                            .event = [this](const HubEvent &event) { events.append(event); },
                                                            .error = [this](const Error &error) { errors.append(error); },
                                                            .progress = {},
                                                            .ask = {},
                                                            .authRequired = {}});
    }
    ~LineDevice() { engine.reset(); }
    Q_DISABLE_COPY_MOVE(LineDevice)

    void save(const QString &id, const QString &name)
    {
        Draft draft(store.schema().model(u"Product"_s));
        draft.set(draft.model()->fieldIndex(u"id"), Value(id));
        draft.set(draft.model()->fieldIndex(u"name"), Value(name));
        write<Record>([draft](WriteTransaction &transaction) { return transaction.save(draft); });
    }

    [[nodiscard]] QMap<QString, QString> products()
    {
        Query query;
        query.model = store.schema().model(u"Product"_s);
        const auto rows = write<QList<Record>>([query](WriteTransaction &transaction) { return transaction.query(query); });
        QMap<QString, QString> names;
        for (const Record &row : rows)
            names.insert(row.key(), row.value(u"name").toText());
        return names;
    }

    [[nodiscard]] QList<FlightEntry> flight()
    {
        return write<QList<FlightEntry>>([](WriteTransaction &transaction) { return transaction.flightRecord(1000); });
    }

    [[nodiscard]] bool isLive() const { return engine->state() == EngineState::Live; }

    template<typename T>
    T write(std::function<Result<T>(WriteTransaction &)> job)
    {
        std::optional<Result<T>> answer;
        store.write<T>(std::move(job), &clock, [&answer](Result<T> result) { answer = std::move(result); });
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 10'000) || !*answer)
            qFatal("The store does not answer: %s", answer ? qPrintable(answer->error().message()) : "in time");
        return std::move(*answer).value();
    }

    WrongClock clock;
    ApiKey auth;
    AppSync backend;
    QList<Error> errors;
    QList<HubEvent> events;
    Store store;
    std::unique_ptr<Engine> engine;
};

} // namespace TidelineTest
