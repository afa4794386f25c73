// SPDX-License-Identifier: MIT
#include "client/store/writerstate_p.h"

#include "client/store/quarantinetable_p.h"

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static constexpr qsizetype MaximalRows = 2000;      // in memory

static Result<qint64> integer(Connection &connection, const QString &sql)
{
    Statement statement = connection.prepare(sql);
    if (!statement.exec())
        return statement.error();
    const qint64 value = statement.next() ? statement.integer(0) : 0;
    if (statement.error().isError())
        return statement.error();
    return value;
}

static Result<void> loadLanes(Connection &connection, Lanes &lanes, const QString &where = {})
{
    lanes.clear();
    Statement statement = connection.prepare(u"SELECT model, key, count(*) FROM tl_outbox "_s + where + u" GROUP BY model, key"_s);
    if (!statement.exec())
        return statement.error();
    while (statement.next()) {
        if (const auto model = connection.layout().schema().model(statement.text(0)))
            lanes.add(model->number, statement.text(1), int(statement.integer(2)));
    }
    lanes.commit();
    return statement.error();
}

static Result<void> loadModels(Connection &connection, const QString &table, std::vector<bool> &models)
{
    models.assign(connection.layout().schema().models().size(), false);
    Statement statement = connection.prepare(u"SELECT DISTINCT model FROM "_s + table);
    if (!statement.exec())
        return statement.error();
    while (statement.next()) {
        if (const auto model = connection.layout().schema().model(statement.text(0)))
            models[size_t(model->number)] = true;
    }
    return statement.error();
}

static Result<void> loadSettings(Connection &connection, QSet<QString> &names)
{
    names.clear();
    Statement statement = connection.prepare(u"SELECT name FROM tl_setting"_s);
    if (!statement.exec())
        return statement.error();
    while (statement.next())
        names.insert(statement.text(0));
    return statement.error();
}

Result<void> WriterState::load()
{
    outboxHead.clear();
    rows.clear();
    underWay.clear();
    m_lastRows.assign(connection.layout().schema().models().size(), -1);
    const Result<qint64> commitNumber = integer(connection, u"SELECT value FROM tl_setting WHERE name = '$commit'"_s);
    if (!commitNumber)
        return commitNumber.error();
    const Result<qint64> sequence = integer(connection, u"SELECT value FROM tl_setting WHERE name = '$sequence'"_s);
    if (!sequence)
        return sequence.error();
    const Result<qint64> version = integer(connection, u"PRAGMA data_version"_s);
    if (!version)
        return version.error();
    lastCommit = quint64(*commitNumber);
    lastSequence = m_storedSequence = *sequence;
    m_dataVersion = *version;
    if (const Result<void> loaded = loadSettings(connection, settings); !loaded)
        return loaded;
    if (const Result<void> loaded = loadLanes(connection, lanes); !loaded)
        return loaded;
    const QString refused = u"WHERE state = %1"_s.arg(int(OutboxEntry::State::Rejected));
    if (const Result<void> loaded = loadLanes(connection, rejected, refused); !loaded)
        return loaded;
    if (const Result<void> loaded = QuarantineTable::load(*this); !loaded)
        return loaded;
    if (const Result<void> loaded = loadModels(connection, u"tl_tombstone"_s, m_tombstones); !loaded)
        return loaded;
    return loadModels(connection, u"tl_unmapped"_s, m_unmapped);
}

Result<void> WriterState::begin()
{
    forget();
    m_failure = {};
    rejectionsTouched = quarantineTouched = questionsTouched = false;
    decisions.clear();
    Statement statement = connection.prepare(u"BEGIN IMMEDIATE"_s);
    if (!statement.exec())
        return statement.error();
    const Result<qint64> version = integer(connection, u"PRAGMA data_version"_s);
    Result<void> current = version ? connection.checkFile() : Result<void>(version.error());
    if (current && *version != m_dataVersion)
        current = load();
    if (!current)
        rollback();
    return current;
}

static Result<void> store(Connection &connection, const QString &name, qint64 value)
{
    Statement statement = connection.prepare(u"INSERT INTO tl_setting (name, value) VALUES (?, ?) "
                                              "ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s);
    return statement.bind(name).bind(value).exec() ? Result<void>() : Result<void>(statement.error());
}

Result<void> WriterState::commit()
{
    const quint64 number = lastCommit + 1;
    committed = changes.take();
    Result<void> done;
    if (!committed.isEmpty())
        done = store(connection, u"$commit"_s, qint64(number));
    if (done && lastSequence != m_storedSequence)
        done = store(connection, u"$sequence"_s, lastSequence);
    if (done) {
        Statement statement = connection.prepare(u"COMMIT"_s);
        done = statement.exec() ? Result<void>() : Result<void>(statement.error());
    }
    if (!done) {
        rollback();
        return done;
    }
    if (!committed.isEmpty())
        lastCommit = number;
    m_storedSequence = lastSequence;
    lanes.commit();
    rejected.commit();
    quarantined.commit();
    awaited.commit();
    forget();
    return {};
}

void WriterState::rollback()
{
    // SQLite may have rolled back already, when the disk was full for instance; then this fails and may.
    Statement statement = connection.prepare(u"ROLLBACK"_s);
    Q_UNUSED(statement.exec())
    outboxHead.clear();
    rows.clear();
    underWay.clear();
    lanes.undo(0);
    rejected.undo(0);
    quarantined.undo(0);
    awaited.undo(0);
    changes.undo(0);
    decisions.clear();
    committed.clear();
    forget();
}

void WriterState::forget()
{
    knownRows.clear();
    if (rows.size() > MaximalRows)
        rows.clear();
    m_needsSavepoint = m_hasSavepoint = false;
}

void WriterState::beginJob(bool savepoint)
{
    m_needsSavepoint = savepoint;
    m_hasSavepoint = false;
    m_wrote = false;
    m_changesMark = changes.mark();
    m_lanesMark = lanes.mark();
    m_rejectedMark = rejected.mark();
    m_quarantinedMark = quarantined.mark();
    m_awaitedMark = awaited.mark();
    m_decisionsMark = decisions.size();
}

/*
    A job without a savepoint is alone in its batch or checks everything before its first statement that
    writes. When such a statement fails, that is the disk's failure, which all jobs share, not the job's.
*/
bool WriterState::endJob(Error &error)
{
    if (!error.isError())
        error = m_failure;
    if (!error.isError())
        return !m_hasSavepoint || runJobStatement(u"RELEASE job"_s, error);
    if (!m_wrote) {
        m_failure = {};
        return true;
    }
    if (!m_hasSavepoint)
        return false;
    knownRows.clear();
    outboxHead.clear();
    rows.clear();
    underWay.clear();
    changes.undo(m_changesMark);
    lanes.undo(m_lanesMark);
    rejected.undo(m_rejectedMark);
    quarantined.undo(m_quarantinedMark);
    awaited.undo(m_awaitedMark);
    decisions.resize(m_decisionsMark);
    Error failure;
    const bool undone = runJobStatement(u"ROLLBACK TO job"_s, failure) && runJobStatement(u"RELEASE job"_s, failure);
    if (undone)
        m_failure = {};
    return undone;
}

void WriterState::fail(const Error &error)
{
    if (!m_failure.isError())
        m_failure = error;
}

bool WriterState::runJobStatement(const QString &sql, Error &error)
{
    Statement statement = connection.prepare(sql);
    if (statement.exec())
        return true;
    error = m_failure = statement.error();
    return false;
}

Result<int> WriterState::writeCounted(Statement statement)
{
    if (m_needsSavepoint && !m_hasSavepoint) {
        Error error;
        if (!runJobStatement(u"SAVEPOINT job"_s, error))
            return error;
        m_hasSavepoint = true;
    }
    if (statement.exec()) {
        const int rows = statement.changedRows();
        m_wrote = m_wrote || rows > 0;
        return rows;
    }
    m_wrote = true;
    fail(statement.error());
    return statement.error();
}

Result<void> WriterState::write(Statement statement)
{
    const Result<int> written = writeCounted(std::move(statement));
    return written ? Result<void>() : Result<void>(written.error());
}

// Row numbers are never given twice while the store is open, so that one never means two records.
Result<qint64> WriterState::nextRow(const Table &table)
{
    qint64 &last = m_lastRows[size_t(table.model->number)];
    if (last < 0) {
        Statement statement = connection.prepare(table, RowStatement::LastRow);
        if (!statement.exec())
            return statement.error();
        last = statement.next() ? statement.integer(0) : 0;
    }
    return ++last;
}

} // namespace Tideline
