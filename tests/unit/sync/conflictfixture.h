// SPDX-License-Identifier: MIT
#pragma once

#include "syncfixture.h"

#include "client/sync/conflictpolicies.h"
#include "client/sync/decisions_p.h"

// What the tests of conflicts start from.
namespace TidelineTest {

using EntryState = OutboxEntry::State;
using Outcome = MutationResponse::Outcome;
using Mode = FakeServer::Mode;
using Policy = ConflictPolicy;

inline QVariant valueOf(const Record &record, const QString &field)
{
    return record.value(record.model()->fieldIndex(field)).toVariant();
}

inline QList<ConflictDecision> decisions(SyncDevice &device)
{
    return device.read<QList<ConflictDecision>>([](ReadTransaction &transaction) { return transaction.decisions({}, {}, 100); });
}

inline void addModes()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("optimistic") << int(Mode::Optimistic);
    QTest::newRow("automerge") << int(Mode::Automerge);
}

inline Result<Record> undo(SyncDevice &device, qint64 decision, ConflictSide side)
{
    const auto rules = std::make_shared<ConflictRules>(device.store().schema(), device.options.conflicts);
    const auto job = [decision, side, rules](WriteTransaction &transaction) -> Result<QList<Result<Record>>> {
        return QList<Result<Record>>{Decisions::undo(transaction, decision, side, *rules)};
    };
    return device.write<QList<Result<Record>>>(job).first();
}

// Mine is the value of the device that decides, theirs that of the other client.
inline void decide(SyncFixture &fixture, SyncDevice &device, Policy policy, const QString &field, const QVariant &mine, const QVariant &theirs)
{
    device.options.conflicts.set(u"Item"_s, field, policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, theirs}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {field, mine}});
    QVERIFY(fixture.drained(device));
    device.line->loseEcho = 0;
}

} // namespace TidelineTest
