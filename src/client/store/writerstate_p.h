// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changelog_p.h"
#include "client/store/connection_p.h"
#include "client/store/lanes_p.h"
#include "client/store/outboxhead_p.h"

#include <QtCore/QSet>

#include <functional>

namespace Tideline {

/*! What the writer knows without asking SQLite, and where in a batch it stands. Lives in the writer's
    thread. Everything that writes runs through write(), which makes the savepoint of a job when it
    needs one and remembers that a statement failed. */
class WriterState
{
public:
    explicit WriterState(std::shared_ptr<const Layout> layout) : connection(std::move(layout)) { }

    [[nodiscard]] Result<void> load();                  // after opening, and when another process wrote

    // a batch is one transaction
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();                // on failure all is rolled back
    void rollback();

    // a job within a batch
    void beginJob(bool savepoint);
    [[nodiscard]] bool endJob(Error &error);            // undoes a job with an error; false: the whole batch is lost
    void fail(const Error &error);                      // the job, whatever it returns
    [[nodiscard]] Error failure() const { return m_failure; }       // of a lost batch

    [[nodiscard]] Result<void> write(Statement statement);
    [[nodiscard]] Result<int> writeCounted(Statement statement);    // rows changed

    [[nodiscard]] Result<qint64> nextRow(const Table &table);
    [[nodiscard]] qint64 nextSequence() noexcept { return ++lastSequence; }
    [[nodiscard]] bool mayHaveTombstone(const ModelType &model) const { return m_tombstones[size_t(model.number)]; }
    [[nodiscard]] bool mayHaveUnmapped(const ModelType &model) const { return m_unmapped[size_t(model.number)]; }
    void noteTombstone(const ModelType &model) { m_tombstones[size_t(model.number)] = true; }

    Connection connection;
    QSet<QString> settings;                             // names in tl_setting, and maybe some that are no more
    Lanes lanes;
    Lanes rejected;                                     // of the entries in lanes those that the backend refused
    Lanes quarantined;                                  // rows kept aside by model, -1 for one that is no more; without keys
    Lanes awaited;                                      // of them those that wait for a record, by its model
    ChangeLog changes;
    quint64 lastCommit = 0;                             // number of the last commit that changed rows
    qint64 lastSequence = 0;                            // of the outbox, ever given
    std::function<quint64()> random;
    bool outbox = true;
    QSet<std::pair<int, QString>> knownRows;         // seen in this transaction
    QHash<std::pair<int, QString>, Record> rows;     // some as they are in the file: those that WriteTransaction read lately
    OutboxHead outboxHead;
    QHash<std::pair<int, QString>, OutboxEntry> underWay;   // of records, as they were marked Sending and stand in the file since

    bool rejectionsTouched = false;                     // since begin(); also by what was undone
    bool quarantineTouched = false;                     // likewise
    bool questionsTouched = false;                      // likewise
    QList<ConflictDecision> decisions;                  // since begin()
    int receiptsUntilPruned = 1;

    QList<Change> committed;                            // net changes of the last commit()

private:
    void forget();                                      // what was only true within the transaction
    [[nodiscard]] bool runJobStatement(const QString &sql, Error &error);

    std::vector<qint64> m_lastRows;                     // by model; -1: not asked yet
    std::vector<bool> m_tombstones;                     // by model; true: there may be some
    std::vector<bool> m_unmapped;
    qint64 m_storedSequence = 0;
    qint64 m_dataVersion = 0;
    Error m_failure;                                    // of the first statement that failed in this job, or what fail() was told
    bool m_needsSavepoint = false;
    bool m_hasSavepoint = false;
    bool m_wrote = false;                               // the job, anything
    ChangeLog::Mark m_changesMark = 0;
    Lanes::Mark m_lanesMark = 0;
    Lanes::Mark m_rejectedMark = 0;
    Lanes::Mark m_quarantinedMark = 0;
    Lanes::Mark m_awaitedMark = 0;
    qsizetype m_decisionsMark = 0;
};

} // namespace Tideline
