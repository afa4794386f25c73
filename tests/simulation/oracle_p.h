// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/values_p.h"

#include "client/store/conflictdecision.h"
#include "client/store/outboxentry.h"
#include "client/sync/conflict.h"

#include <map>
#include <set>

namespace TidelineTest {

/*
    A naive model of what must not be lost. It knows no sync, only who saved what after having seen what: a save
    replaces the value that its device showed and what that device wrote before. A value that nothing replaced is a leaf; when
    all is at rest each field has the value of a leaf, of the only one where nobody wrote at the same time.
    Where a policy combines: a sum is all that was added, the greatest and the least are that of all saves, a set has what was added and nobody
    removed, a list that grows all that was appended, once. What a device gave up in doubt, and told so, may count or not.
    Each removal reaches the server, and what the server deleted stays so, unless a device tells that a policy decided against that very
    deletion, and somebody did there what makes the policy say so.
*/
class Oracle
{
public:
    Oracle(const Values &values, bool merges) : m_values(values), m_merges(merges) { }      // merges: the server, by itself

    void saved(const QString &device, qint64 at, const Record &before, const Record &after);      // at: by the clock of the device
    void removed(const Record &record);
    void decided(const QString &device, const Conflict &conflict, const Resolution &resolution);  // by the application; may come too late
    void repeated(const OutboxEntry &entry);                    // Automerge appends a list again when a request comes a second time
    void happened(const RecordId &id, const std::vector<Record> &states);      // at the end: what the server answered, in order
    void told(const QString &device, const ConflictDecision &decision);         // then: what the journals tell
    [[nodiscard]] bool wasRemoved(const RecordId &id) const;    // by anybody

    void stillUnsent(const QList<OutboxEntry> &outbox);         // at the end: rejected, and what waits behind
    [[nodiscard]] QString judge(const std::map<RecordId, Record> &onServer, bool forgets) const;    // empty: nothing was lost

private:
    struct Write
    {
        Value value;
        Value shown;                                            // before
        QList<qsizetype> replaced;                              // earlier writes of the field
        bool unsent = false;
    };
    struct Doubt
    {
        Value from;
        Value to;
        bool isSentAgain = false;               // else given up
    };
    struct Field
    {
        QList<Write> writes;
        QHash<QString, qsizetype> last;                         // by device
        QList<Value> late;                                      // came when nobody waited for it any more
        QList<Value> chosen;                                    // by the application in a conflict
        QList<Doubt> doubts;
        bool isOpen = false;                                    // a part of it was not sent, or overwritten: anything may be left
    };
    struct Edit
    {
        QString device;
        int field = -1;
        qint64 at = 0;
    };
    struct Story
    {
        std::shared_ptr<const ModelType> model;
        std::map<int, Field> fields;
        int creates = 0;
        int remakes = 0;            // saved again after the backend had refused to create it
        int unsentCreates = 0;
        QList<Edit> edits;
        QList<SyncMetadata> removes;                            // of the records that were removed
        std::vector<Record> states;
        QSet<qint64> undoneTombstones;                          // versions that a device decided against
        int undoneRemoves = 0;                                  // that their own device decided against
        std::set<std::pair<QString, DeletingSide>> keptByUser;      // in a conflict; device, who had deleted
        int mayBeRemoved = 0;                                   // by the application in a conflict
        int unsentRemoves = 0;
    };

    [[nodiscard]] bool mayLive(const Story &story, const QString &device, const ConflictDecision &decision) const;
    [[nodiscard]] static bool wasRemoved(const Story &story) { return !story.removes.isEmpty() || story.mayBeRemoved > 0; }
    [[nodiscard]] static bool isDeleteLost(const Story &story);
    [[nodiscard]] QString judge(const Story &story, const Record &record, bool forgets) const;
    [[nodiscard]] QString judge(const Story &story, int field, const Value &value) const;
    [[nodiscard]] QString judgeLast(const Story &story, const Field &field, const Value &value) const;
    [[nodiscard]] static QString judgeSum(const Field &field, const Value &value);
    [[nodiscard]] static QString judgeExtreme(const Field &field, const Value &value, int sign);
    [[nodiscard]] QString judgeMembers(const Field &field, const Value &value) const;
    [[nodiscard]] static QString judgeSequence(const Field &field, const Value &value);
    [[nodiscard]] static QList<Value> leaves(const Field &field);

    const Values &m_values;
    const bool m_merges;
    std::map<RecordId, Story> m_stories;
};

} // namespace TidelineTest
