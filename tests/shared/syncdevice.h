// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/engine.h"
#include "shared/fakebackend.h"
#include "shared/processscheduler.h"

namespace Tideline {

/*! One device: a store, an engine, and what the engine said. */
class SyncDevice
{
public:
    SyncDevice(ManualScheduler &time, std::shared_ptr<FakeServer> server, const QString &path = QStringLiteral(":memory:"))
        : m_time(time), m_server(std::move(server)), m_path(path) { }

    ~SyncDevice() { kill(); }
    SyncDevice(const SyncDevice &) = delete;
    SyncDevice &operator=(const SyncDevice &) = delete;

    std::shared_ptr<FakeLine> line = std::make_shared<FakeLine>();
    EngineOptions options;
    decltype(Engine::Callbacks::ask) ask;                   // decides conflicts; set before start()
    QList<HubEvent> events;
    QList<EngineState> states;
    QList<Error> errors;
    QList<double> progress;
    QList<bool> authRequired;
    QString openError;

    [[nodiscard]] Store &store() { return *m_store; }
    [[nodiscard]] Engine &engine() { return *m_engine; }
    [[nodiscard]] bool isOpen() const { return m_store != nullptr; }

    void open()
    {
        m_scheduler = std::make_unique<ProcessScheduler>(m_time);
        StoreOptions storeOptions;
        storeOptions.path = m_path;
        storeOptions.durable = false;
        StoreEnvironment environment;
        environment.writer = m_scheduler.get();
        environment.readers = {m_scheduler.get()};
        environment.clock = [this] { return m_time.now(); };
        environment.random = [this] { return m_time.random(); };
        m_store = std::make_unique<Store>(m_server->schema(), storeOptions, environment);
        m_store->open(m_scheduler.get(), [this](const Result<void> &opened) { openError = opened.error().message(); });
        Engine::Callbacks callbacks;
        callbacks.stateChanged = [this](EngineState state) { states.append(state); };
        callbacks.event = [this](const HubEvent &event) { events.append(event); };
        callbacks.error = [this](const Error &error) { errors.append(error); };
        callbacks.authRequired = [this](bool required, const Error &) { authRequired.append(required); };
        callbacks.progress = [this](double done) { progress.append(done); };
        callbacks.ask = ask;
        m_engine = std::make_unique<Engine>(*m_store, FakeTransport::factory(m_server, line), *m_scheduler, options, callbacks);
    }

    void start()
    {
        open();
        m_engine->start();
    }

    /*! The process ends inside a task of another: nothing that was posted runs any more, and kill() clears up. */
    void die() { m_scheduler->kill(); }

    /*! The process is gone between two tasks: nothing that was posted runs any more. */
    void kill()
    {
        if (!m_scheduler)
            return;
        m_scheduler->kill();
        m_engine.reset();
        m_store.reset();
        m_graveyard.push_back(std::move(m_scheduler));      // closures in the shared time still name it
    }

    [[nodiscard]] std::shared_ptr<const ModelType> model(const QString &name) const { return m_server->schema().model(name); }

    [[nodiscard]] Draft draft(const QString &modelName, const QVariantMap &values) const
    {
        Draft draft(model(modelName));
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            draft.set(draft.model()->fieldIndex(value.key()), Value::fromVariant(value.value()));
        return draft;
    }

    /*! Saves without waiting; the values of a stored key are an edit of it. */
    void save(const QString &modelName, const QVariantMap &values)
    {
        save(draft(modelName, values));
    }

    void save(const Draft &draft)
    {
        m_store->write<Record>([draft](WriteTransaction &transaction) { return transaction.save(draft); }, m_scheduler.get(),
                               [this](const Result<Record> &saved) { lastError = saved.error(); });
    }

    void remove(const QString &modelName, const QString &key)
    {
        m_store->write<QList<Record>>(
            [type = model(modelName), key](WriteTransaction &transaction) { return transaction.remove(type, key); },
            m_scheduler.get(), [this](const Result<QList<Record>> &removed) { lastError = removed.error(); });
    }

    Error lastError;                                        // of the last save or remove that was answered

    /*! Runs a read to its end; the clock stands still. */
    template<typename T>
    T read(std::function<Result<T>(ReadTransaction &)> job)
    {
        std::optional<Result<T>> answer;
        m_store->read<T>(std::move(job), m_scheduler.get(), [&answer](Result<T> result) { answer = std::move(result); });
        while (!answer && m_time.runOne()) { }
        if (!answer || !*answer)
            qFatal("A read failed: %s", answer ? qPrintable(answer->error().message()) : "no answer");
        return std::move(*answer).value();
    }

    template<typename T>
    T write(std::function<Result<T>(WriteTransaction &)> job)
    {
        std::optional<Result<T>> answer;
        m_store->write<T>(std::move(job), m_scheduler.get(), [&answer](Result<T> result) { answer = std::move(result); });
        while (!answer && m_time.runOne()) { }
        if (!answer || !*answer)
            qFatal("A write failed: %s", answer ? qPrintable(answer->error().message()) : "no answer");
        return std::move(*answer).value();
    }

    [[nodiscard]] Record find(const QString &modelName, const QString &key)
    {
        return read<Record>([type = model(modelName), key](ReadTransaction &transaction) { return transaction.find(type, key); });
    }

    [[nodiscard]] QList<Record> all(const QString &modelName)
    {
        Query query;
        query.model = model(modelName);
        return read<QList<Record>>([query](ReadTransaction &transaction) { return transaction.query(query); });
    }

    [[nodiscard]] QList<OutboxEntry> outbox()
    {
        return read<QList<OutboxEntry>>([](ReadTransaction &transaction) { return transaction.outbox(0, 1'000'000); });
    }

    [[nodiscard]] QList<QuarantinedRow> quarantined()
    {
        return read<QList<QuarantinedRow>>([](ReadTransaction &transaction) { return transaction.quarantined(); });
    }

    /*! The state of a mutation's receipt; nothing: there is none. */
    [[nodiscard]] std::optional<MutationReceipt> receipt(qint64 mutation)
    {
        return read<std::optional<MutationReceipt>>([mutation](ReadTransaction &transaction) { return transaction.receipt(mutation); });
    }

    /*! The server's record is kept aside in its present version, and that because the record that it belongs to is deleted there. */
    [[nodiscard]] bool keepsAsOrphan(const Record &record)
    {
        const QList<QuarantinedRow> rows = quarantined();
        const auto row = std::find_if(rows.begin(), rows.end(), [&record](const QuarantinedRow &each) {
            return each.model == record.model()->name && each.key == record.key();
        });
        if (row == rows.end() || row->metadata != record.metadata())
            return false;
        const Record parent = m_server->record(row->parentModel, row->parentKey);
        return parent && parent.metadata().deleted;
    }

    [[nodiscard]] QString setting(const QString &name)
    {
        return read<QString>([name](ReadTransaction &transaction) { return transaction.setting(name); });
    }

    [[nodiscard]] QStringList eventNames() const
    {
        QStringList names;
        for (const HubEvent &event : events)
            names.append(event.name);
        return names;
    }

    [[nodiscard]] QList<QVariantMap> payloads(const QString &name) const
    {
        QList<QVariantMap> payloads;
        for (const HubEvent &event : events) {
            if (event.name == name)
                payloads.append(event.payload);
        }
        return payloads;
    }

private:
    ManualScheduler &m_time;
    std::shared_ptr<FakeServer> m_server;
    QString m_path;
    std::unique_ptr<ProcessScheduler> m_scheduler;
    std::vector<std::unique_ptr<ProcessScheduler>> m_graveyard;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Engine> m_engine;
};

} // namespace Tideline
