// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"
#include "client/store/store.h"
#include "shared/manualexecutor.h"

#include <QtTest/QtTest>

namespace Tideline {

/*! A schema with what a live query can meet: scalars of all kinds, a list, an embedded type, relations. */
inline Schema liveSchema()
{
    static const Schema schema = Schema::parse(QStringLiteral(R"(
        type Product @model {
            id: ID!
            name: String!
            price: Float
            supplierCity: String
            supplierID: ID @index(name: "bySupplier")
            supplier: Supplier @belongsTo(fields: ["supplierID"])
            counts: [StockCount] @hasMany(indexName: "byProduct", fields: ["id"])
        }
        type Supplier @model {
            id: ID!
            city: String
            products: [Product] @hasMany(indexName: "bySupplier", fields: ["id"])
        }
        type StockCount @model {
            id: ID!
            sku: String!
            quantity: Int!
            bin: String
            weight: Float
            checked: Boolean
            tags: [String!]
            size: Size
            productID: ID @index(name: "byProduct")
            product: Product @belongsTo(fields: ["productID"])
        }
        type Shelf @model {
            room: String! @primaryKey(sortKeyFields: ["number"])
            number: Int!
            key: String
            version: Int
        }
        type Size { width: Int! depth: Int }
    )")).value();
    return schema;
}

/*! A host whose store, readers and event loop are one scheduler that the test turns by hand. */
class TestHost final : public LiveHost
{
public:
    explicit TestHost(ManualScheduler &scheduler, ManualScheduler *writer = nullptr)
        : LiveHost(&scheduler), m_scheduler(scheduler), m_writer(writer ? *writer : scheduler)
    {
        connect(this, &LiveHost::errorOccurred, this, [this](const Error &error) { errors.append(error); });
    }
    ~TestHost() override { close(); }

    [[nodiscard]] Schema schema() const override { return liveSchema(); }

    void open(const QString &path = QStringLiteral(":memory:"))
    {
        m_store = std::make_unique<Store>(schema(), StoreOptions{.path = path, .outbox = false},
                                          StoreEnvironment{.writer = &m_writer, .readers = {&m_scheduler}, .clock = [this] { return m_scheduler.now(); },
                                                           .random = {}});
        bool opened = false;
        m_store->open(&m_scheduler, [&opened](const Result<void> &result) { opened = result.ok(); });
        m_writer.runAll();
        m_scheduler.runAll();
        if (!opened)
            qFatal("the store did not open");
        attach(m_store.get());
    }

    void close()
    {
        if (!m_store)
            return;
        detach();
        m_store.reset();
        m_scheduler.runAll();
    }

    [[nodiscard]] Store &data() { return *m_store; }
    using LiveHost::remember;

    /*! Runs \a job in one transaction, without handing the change set on yet. */
    void write(const std::function<void(WriteTransaction &)> &job)
    {
        m_store->write<int>([job](WriteTransaction &transaction) -> Result<int> { job(transaction); return 0; }, &m_scheduler,
                            [](const Result<int> &result) { QVERIFY2(result.ok(), qPrintable(result.error().message())); });
    }

    /*! The same, and runs everything until nothing is left to do. */
    void commit(const std::function<void(WriteTransaction &)> &job)
    {
        write(job);
        m_scheduler.runAll();
    }

    template<typename T>
    [[nodiscard]] T read(std::function<Result<T>(ReadTransaction &)> job)
    {
        std::optional<T> answer;
        m_store->read<T>(std::move(job), &m_scheduler, [&answer](Result<T> result) {
            QVERIFY2(result.ok(), qPrintable(result.error().message()));
            answer = std::move(*result);
        });
        m_scheduler.runAll();
        return answer.value_or(T());
    }

    QList<Error> errors;

private:
    ManualScheduler &m_scheduler;
    ManualScheduler &m_writer;
    std::unique_ptr<Store> m_store;
};

using Fields = QHash<QString, Value>;

inline void setFields(Record &record, const Fields &fields)
{
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        const int number = record.model()->fieldIndex(field.key());
        if (number < 0)
            qFatal("no field %s", qPrintable(field.key()));
        record.setValue(number, *field);
    }
}

/*! Saves a record of \a type: what it has stays, except \a fields. */
inline void saveRecord(WriteTransaction &transaction, const QString &type, const QString &id, const Fields &fields)
{
    const auto model = liveSchema().model(type);
    const Result<Record> base = transaction.find(model, id);
    QVERIFY(base.ok());
    Draft draft = *base ? Draft(*base) : Draft(model);
    if (!*base)
        draft.set(model->fieldIndex(u"id"), Value(id));
    for (auto field = fields.begin(); field != fields.end(); ++field)
        draft.set(model->fieldIndex(field.key()), *field);
    const Result<Record> saved = transaction.save(draft);
    QVERIFY2(saved.ok(), qPrintable(saved.error().message()));
}

inline void removeRecord(WriteTransaction &transaction, const QString &type, const QString &id)
{
    const Result<QList<Record>> removed = transaction.remove(liveSchema().model(type), id);
    QVERIFY2(removed.ok(), qPrintable(removed.error().message()));
}

inline QString countId(int number)
{
    return QStringLiteral("id%1").arg(number, 5, 10, QLatin1Char('0'));
}

/*! Saves \a count records of StockCount whose quantity is their number. */
inline void fillCounts(TestHost &host, int count)
{
    host.commit([count](WriteTransaction &transaction) {
        for (int i = 0; i < count; ++i) {
            saveRecord(transaction, QStringLiteral("StockCount"), countId(i),
                       {{QStringLiteral("sku"), QStringLiteral("sku%1").arg(i)}, {QStringLiteral("quantity"), i}});
        }
    });
}

/*! The key \a id when \a type has a record of it, else null: a reference that may be saved. */
inline Value reference(WriteTransaction &transaction, const QString &type, const QString &id)
{
    const Result<Record> record = transaction.find(liveSchema().model(type), id);
    return record && *record ? Value(id) : Value();
}

/*! What the backend says of a record: values stay, version and state change. */
inline void markRecord(WriteTransaction &transaction, const QString &type, const QString &id, SyncState state, qint64 version)
{
    const Result<Record> base = transaction.find(liveSchema().model(type), id);
    QVERIFY(base.ok() && *base);
    Record record = *base;
    record.setState(state);
    record.setMetadata({.version = version, .lastChangedAt = version, .deleted = false});
    QVERIFY(transaction.put(record).ok());
}

} // namespace Tideline
