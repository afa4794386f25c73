// SPDX-License-Identifier: MIT
#pragma once

#include "shared/syncdevice.h"

#include <QtTest/QTest>

// What every test of the engine starts from: a virtual time, a server and a schema with parents and children.
namespace TidelineTest {

using namespace Tideline;
using namespace Qt::StringLiterals;

inline Schema inventorySchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Bin @model {
            id: ID!
            name: String
            capacity: Int
            items: [Item] @hasMany(indexName: "byBin", fields: ["id"])
        }
        type Item @model {
            id: ID!
            label: String
            quantity: Int
            note: String
            tags: [String]
            binID: ID @index(name: "byBin")
            bin: Bin @belongsTo(fields: ["binID"])
        }
        type Tag @model {
            code: String! @primaryKey
            text: String
        }
    )"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

struct SyncFixture
{
    explicit SyncFixture(FakeServer::Mode mode = FakeServer::Mode::Optimistic, quint64 seed = 1)
        : time(seed), server(std::make_shared<FakeServer>(inventorySchema(), time, mode)) { }

    ManualScheduler time;
    std::shared_ptr<FakeServer> server;

    [[nodiscard]] Record record(const QString &model, const QVariantMap &values) const
    {
        Record record(server->schema().model(model));
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            record.setValue(record.model()->fieldIndex(value.key()), Value::fromVariant(value.value()));
        return record;
    }

    /*! What another client writes: the given fields over what is stored. */
    void put(const QString &model, const QVariantMap &values)
    {
        const Record given = record(model, values);
        const Record stored = server->record(model, given.key());
        Record next = stored.isNull() ? given : stored;
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            next.setValue(next.model()->fieldIndex(value.key()), Value::fromVariant(value.value()));
        server->put(next);
    }

    /*! Lets time pass until the condition holds; false after a minute of it. */
    bool until(const std::function<bool()> &condition, qint64 limit = 60'000)
    {
        time.runAll();
        for (qint64 waited = 0; !condition(); ++waited) {
            if (waited == limit)
                return false;
            time.advance(1);
        }
        return true;
    }

    bool live(SyncDevice &device)
    {
        return until([&device] { return device.engine().state() == EngineState::Live; });
    }

    /*! Until nothing waits in the device's outbox but what was rejected. */
    bool drained(SyncDevice &device)
    {
        return until([this, &device] {
            const QList<OutboxEntry> entries = device.outbox();
            time.runAll();
            return std::all_of(entries.begin(), entries.end(), [](const OutboxEntry &entry) {
                return entry.state == OutboxEntry::State::Rejected;
            });
        });
    }
};

// Live device with a record that both sides know at version 1.
inline void prepare(SyncFixture &fixture, SyncDevice &device)
{
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"screw"_s}, {u"quantity"_s, 1}, {u"note"_s, u"old"_s},
                            {u"tags"_s, QStringList{u"a"_s}}});
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.events.clear();
}

} // namespace TidelineTest
