// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/testserver.h"

#include <QtTest/QTest>

namespace TidelineTest {

using namespace Tideline;
using namespace Qt::StringLiterals;

inline Tideline::Schema shopSchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        enum Status { OPEN COUNTED }
        type Product @model {
            id: ID!
            name: String!
            status: Status
            tags: [String!]
            counts: [StockCount] @hasMany(indexName: "byProduct", fields: ["id"])
        }
        type StockCount @model {
            id: ID!
            quantity: Int!
            productID: ID! @index(name: "byProduct")
            product: Product @belongsTo(fields: ["productID"])
        }
    )"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

// Waits for a future; a test's stand-in for co_await.
template<typename T>
T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

struct Device
{
    Device(const Schema &schema, const QString &path, const QUrl &url = {}, const QString &key = TestServer::key())
    {
        auth.setKey(key);
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        if (url.isValid())
            store.setBackend(&backend);
        QObject::connect(&store, &DataStore::errorOccurred, &store, [this](const Error &error) { errors.append(error); });
        const Result<void> opened = outcome(store.open(path));
        if (!opened)
            qFatal("The store does not open: %s", qPrintable(opened.error().message()));
    }

    Draft draft(const QString &model, const QVariantMap &values)
    {
        Draft draft(store.schema().model(model));
        for (auto it = values.cbegin(); it != values.cend(); ++it)
            draft.set(draft.model()->fieldIndex(it.key()), Value::fromVariant(it.value()));
        return draft;
    }

    Record save(const QString &model, const QVariantMap &values)
    {
        const Result<Receipt> receipt = outcome(store.save(draft(model, values)));
        if (!receipt)
            qFatal("A save failed: %s", qPrintable(receipt.error().message()));
        return receipt->record();
    }

    Record change(const Record &base, const QString &field, const Value &value)
    {
        Draft changed(base);
        changed.set(base.model()->fieldIndex(field), value);
        const Result<Receipt> receipt = outcome(store.save(changed));
        if (!receipt)
            qFatal("A save failed: %s", qPrintable(receipt.error().message()));
        return receipt->record();
    }

    Record get(const QString &model, const QString &key)
    {
        const Result<Record> found = outcome(store.get(model, key));
        if (!found)
            qFatal("A record cannot be read: %s %s", qPrintable(found.error().message()), qPrintable(found.error().detail()));
        return *found;
    }

    QList<Record> all(const QString &model)
    {
        const Result<QList<Record>> rows = outcome(store.query(model, {}, {.sort = {SortKey{u"id"_s}}}));
        if (!rows)
            qFatal("The rows cannot be read: %s %s", qPrintable(rows.error().message()), qPrintable(rows.error().detail()));
        return *rows;
    }

    bool isLevel() const { return store.syncState() == DataStore::SyncPhase::Live && store.outboxCount() == 0; }

    ApiKey auth;
    AppSync backend;
    QList<Error> errors;
    DataStore store;                    // goes first
};

} // namespace TidelineTest
