// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"
#include "shared/manualexecutor.h"

#include <QtTest/QTest>

#include <optional>

namespace Tideline {

/*! A store whose writer, readers, observer and caller share one scheduler, so that each call here is
    over when it returns. */
class TestStore
{
public:
    explicit TestStore(const Schema &schema, const StoreOptions &options = {.path = QStringLiteral(":memory:")}, quint64 seed = 1)
        : scheduler(seed), store(std::make_unique<Store>(schema, options, environment()))
    {
        m_token = store->observe(&scheduler, [this](const ChangeSet &set) { sets.append(set); });
    }
    ~TestStore()
    {
        store.reset();
        scheduler.runAll();
    }
    TestStore(const TestStore &) = delete;
    TestStore &operator=(const TestStore &) = delete;

    [[nodiscard]] Result<void> open()
    {
        return answered<void>([this](Reply<void> done) { store->open(&scheduler, std::move(done)); });
    }

    [[nodiscard]] Result<void> close()
    {
        return answered<void>([this](Reply<void> done) { store->close(&scheduler, std::move(done)); });
    }

    template<typename T>
    [[nodiscard]] Result<T> write(std::function<Result<T>(WriteTransaction &)> job)
    {
        return answered<T>([&](Reply<T> done) { store->write<T>(std::move(job), &scheduler, std::move(done)); });
    }

    template<typename T>
    [[nodiscard]] Result<T> read(std::function<Result<T>(ReadTransaction &)> job)
    {
        return answered<T>([&](Reply<T> done) { store->read<T>(std::move(job), &scheduler, std::move(done)); });
    }

    [[nodiscard]] Result<Record> save(const Draft &draft, const Predicate &condition = {})
    {
        return answered<Record>([&](Reply<Record> done) { store->save(draft, condition, &scheduler, std::move(done)); });
    }

    [[nodiscard]] Result<QList<Record>> remove(const Record &record, const Predicate &condition = {})
    {
        return answered<QList<Record>>(
            [&](Reply<QList<Record>> done) { store->remove(record.model(), record.key(), condition, &scheduler, std::move(done)); });
    }

    [[nodiscard]] Result<Record> find(const std::shared_ptr<const ModelType> &model, const QString &key)
    {
        return read<Record>([=](ReadTransaction &transaction) { return transaction.find(model, key); });
    }

    [[nodiscard]] Result<QList<Record>> query(const Query &query)
    {
        return read<QList<Record>>([=](ReadTransaction &transaction) { return transaction.query(query); });
    }

    [[nodiscard]] QList<OutboxEntry> outbox()
    {
        return read<QList<OutboxEntry>>([](ReadTransaction &transaction) { return transaction.outbox(0, 1'000'000); }).value();
    }

    [[nodiscard]] Draft draft(const QString &type, std::initializer_list<std::pair<QString, Value>> values) const
    {
        Draft draft(store->schema().model(type));
        for (const auto &[name, value] : values)
            draft.set(draft.model()->fieldIndex(name), value);
        return draft;
    }

    [[nodiscard]] std::shared_ptr<const ModelType> model(const QString &type) const { return store->schema().model(type); }

    ManualScheduler scheduler;
    std::unique_ptr<Store> store;
    QList<ChangeSet> sets;                  // in the order they arrived

private:
    template<typename T, typename Call>
    Result<T> answered(Call call)
    {
        std::optional<Result<T>> answer;
        int answers = 0;
        call([&](Result<T> result) {
            answer.emplace(std::move(result));
            ++answers;
        });
        scheduler.runAll();
        if (answers != 1)
            qFatal("%d replies to one call", answers);
        return std::move(*answer);
    }

    StoreEnvironment environment()
    {
        return {&scheduler, {&scheduler}, [this] { return scheduler.now(); }, [this] { return scheduler.random(); }};
    }

    std::shared_ptr<void> m_token;
};

inline QString foreignKey(const std::shared_ptr<const ModelType> &model, const QString &relation)
{
    return model->fields[size_t(model->relation(relation)->localFields.front())].name;
}

} // namespace Tideline

// Fails the test with the error's own words.
#define TL_OK(expression) \
    do { \
        const auto &outcome = (expression);     /* once: it may write */ \
        QVERIFY2(outcome.ok(), qPrintable(outcome.error().message() + QLatin1Char(' ') + outcome.error().detail())); \
    } while (false)
#define TL_ERROR(result, expected) QCOMPARE((result).error().code(), expected)
