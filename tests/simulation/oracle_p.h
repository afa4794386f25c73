// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/values_p.h"

#include "client/store/outboxentry.h"

#include <map>

namespace TidelineTest {

/*
    A naive model of what must not be lost. It knows no sync, only who saved what after having seen what: a save
    replaces the value that its device showed and what that device wrote before. A value that nothing replaced is a leaf; when
    all is at rest each field has the value of a leaf, of the only one where nobody wrote at the same time.
*/
class Oracle
{
public:
    explicit Oracle(const Values &values) : m_values(values) { }

    void saved(const QString &device, const Record &before, const Record &after);
    void removed(const Record &record);
    [[nodiscard]] bool wasRemoved(const RecordId &id) const;    // by anybody

    void stillUnsent(const QList<OutboxEntry> &outbox);         // at the end: rejected, and what waits behind
    [[nodiscard]] QString judge(const std::map<RecordId, Record> &onServer, bool forgets) const;    // empty: nothing was lost

private:
    struct Write
    {
        Value value;
        QList<qsizetype> replaced;                              // earlier writes of the field
        bool unsent = false;
    };
    struct Field
    {
        QList<Write> writes;
        QHash<QString, qsizetype> last;                         // by device
    };
    struct Story
    {
        std::shared_ptr<const ModelType> model;
        std::map<int, Field> fields;
        int creates = 0;
        int remakes = 0;            // saved again after the backend had refused to create it
        int unsentCreates = 0;
        int removes = 0;
        int unsentRemoves = 0;
    };

    [[nodiscard]] QString judge(const Story &story, const Record &record, bool forgets) const;
    [[nodiscard]] QString judge(const Story &story, int field, const Value &value) const;
    [[nodiscard]] static QList<Value> leaves(const Field &field);

    const Values &m_values;
    std::map<RecordId, Story> m_stories;
};

} // namespace TidelineTest
