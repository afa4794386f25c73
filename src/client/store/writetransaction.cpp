// SPDX-License-Identifier: MIT
#include "client/store/transaction.h"

#include "client/store/flighttable_p.h"
#include "client/store/lanewriter_p.h"
#include "client/store/quarantinetable_p.h"
#include "client/store/removeoperation_p.h"
#include "client/store/rowcodec_p.h"
#include "client/store/saveoperation_p.h"
#include "client/store/seentable_p.h"
#include "client/store/sqlcompiler_p.h"
#include "client/store/storetext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

/*! Makes a view for one job of the writer; \a now is stamped on what it queues. */
WriteTransaction::WriteTransaction(WriterState &state, qint64 now)
    : ReadTransaction(state.connection, state.lastCommit), m_state(state), m_now(now)
{
}

/*!
    Applies the changes of \a draft to the stored record and queues the mutation; returns the record as
    it is now. A draft of a new record inserts one; when its key is stored already, its values are an
    edit of that record. An edit that changes nothing leaves no trace. The managed id and defaults are
    filled in.

    Errors: Validation (field(), read-only, key), ConditionFailed (\a condition, or a condition on a new
    record), NotFound (the record was removed since it was read), MissingParent, InvalidArgument (a
    condition that goes through relations), UnknownModel.
*/
Result<Record> WriteTransaction::save(const Draft &draft, const Predicate &condition)
{
    SaveOperation operation(m_state, draft, condition, m_now);
    Result<Record> saved = operation.run();
    m_lastSequence = saved ? operation.sequence() : 0;
    return saved;
}

static Error ofDraft(const Error &error, qsizetype number, qsizetype count)
{
    if (error.category() != Error::Category::Input)         // not the draft's fault
        return error;
    return Error(error.code(), StoreText::tr("Nothing was saved, because of number %1 of %2: %3").arg(number).arg(count).arg(error.message()))
        .withModel(error.model()).withField(error.field()).withRecord(error.record()).withDetail(error.detail());
}

/*!
    Saves all \a drafts as save() does, in their order, and returns the records as they are now. With the
    first that fails the whole job fails, whatever it returns; the error is that of save() and says which
    draft it was.
*/
Result<QList<Record>> WriteTransaction::saveAll(const QList<Draft> &drafts)
{
    QList<Record> records;
    records.reserve(drafts.size());
    m_lastSequences.clear();
    for (const Draft &draft : drafts) {
        Result<Record> saved = save(draft);
        if (!saved) {
            const Error error = ofDraft(saved.error(), records.size() + 1, drafts.size());
            m_state.fail(error);
            return error;
        }
        records.append(std::move(saved).value());
        m_lastSequences.append(m_lastSequence);
    }
    return records;
}

/*!
    Removes the record of \a model with \a key, and all that its hasOne and hasMany relations own, children
    first, each with a mutation of its own; returns them in that order. Nothing to remove is no error.
    Errors: ConditionFailed, InvalidArgument (key, or a condition that goes through relations), UnknownModel.
*/
Result<QList<Record>> WriteTransaction::remove(const std::shared_ptr<const ModelType> &model, const QString &key, const Predicate &condition)
{
    m_lastSequence = 0;
    const Result<Record> stored = find(model, key);
    if (!stored)
        return stored.error();
    if (!*stored)
        return QList<Record>();
    if (condition.kind() != Predicate::Kind::All) {
        const Result<BoundPredicate> bound = BoundPredicate::bind(schema(), model, condition);
        if (!bound)
            return bound.error();
        if (bound->usesRelations())
            return Error(Error::Code::InvalidArgument, StoreText::tr("The condition of a removal may only ask for fields of %1 itself; the "
                                                                     "backend cannot check more.").arg(model->name)).withModel(model->name);
        if (!bound->matches(*stored))
            return Error(Error::Code::ConditionFailed, StoreText::tr("%1 \"%2\" was not removed: the stored record does not meet the condition.")
                             .arg(model->name, key)).withModel(model->name).withRecord(key);
    }
    RemoveOperation operation(m_state, m_now);
    if (const Result<void> collected = operation.collect(*stored); !collected)
        return collected.error();
    Result<QList<Record>> removed = operation.run(*stored, condition);
    m_lastSequence = removed ? operation.sequence() : 0;
    return removed;
}

/*! Removes every record of \a model that matches \a where, as remove() does; returns all that went, children first. */
Result<QList<Record>> WriteTransaction::removeAll(const std::shared_ptr<const ModelType> &model, const Predicate &where)
{
    m_lastSequence = 0;
    const Result<QList<Record>> matching = query({model, where, {}, -1, 0});
    if (!matching)
        return matching;
    RemoveOperation operation(m_state, m_now);
    for (const Record &record : *matching) {
        if (const Result<void> collected = operation.collect(record); !collected)
            return collected.error();
    }
    Result<QList<Record>> removed = operation.run({}, {});
    m_lastSequence = removed ? operation.sequence() : 0;
    return removed;
}

static std::vector<int> differentFields(const Record &a, const Record &b)
{
    std::vector<int> fields;
    for (int i = 0; i < int(a.values().size()); ++i) {
        if (!(a.value(i) == b.value(i)))
            fields.push_back(i);
    }
    return fields;
}

static Result<void> replace(WriterState &state, const Table &table, const Record &stored, Record record, Origin origin)
{
    record.setRowId(stored.rowId());
    const std::vector<int> fields = differentFields(stored, record);
    if (fields.empty() && stored.metadata() == record.metadata() && stored.state() == record.state())
        return {};
    if (const Result<void> updated = Rows::update(state, table, record, fields); !updated)
        return updated;
    state.changes.add(fields.empty() ? Change::Kind::State : Change::Kind::Update, origin, stored, record);
    return {};
}

[[maybe_unused]] static bool isAsStored(const Record &row, const Record &stored)
{
    return row == stored && row.metadata() == stored.metadata() && row.state() == stored.state() && row.rowId() == stored.rowId();
}

/*! Returns the record of \a model with the canonical \a key as it is now, or a null record when there is none. */
Result<Record> WriteTransaction::find(const std::shared_ptr<const ModelType> &model, const QString &key)
{
    const auto known = model ? m_state.rows.constFind({model->number, key}) : m_state.rows.cend();
    if (known != m_state.rows.cend() && known->model() == model) {
        Q_ASSERT(isAsStored(*known, ReadTransaction::find(model, key).valueOr({})));
        return *known;
    }
    Result<Record> found = ReadTransaction::find(model, key);
    if (found && *found && found->key() == key)
        m_state.rows.insert({model->number, key}, *found);
    return found;
}

/*! Reads the rows of \a model with \a keys at once, so that find() need not read each by itself. */
Result<void> WriteTransaction::readAhead(const std::shared_ptr<const ModelType> &model, const QStringList &keys)
{
    const Table &table = m_connection.layout().table(*model);
    if (model->primaryKey.size() != 1)
        return {};
    const int keyField = model->primaryKey.front();
    QStringList unknown = keys;
    unknown.removeIf([&](const QString &key) { return m_state.rows.contains({model->number, key}); });
    for (qsizetype begin = 0; begin < unknown.size(); begin += SqlCompiler::MaximalChunk) {
        const qsizetype count = std::min<qsizetype>(SqlCompiler::MaximalChunk, unknown.size() - begin);
        const qsizetype padded = SqlCompiler::padded(count);
        Statement statement = m_connection.prepare(u"SELECT "_s + table.rowColumns({}) + u" FROM "_s + table.name + u" WHERE "_s
                                                   + table.columns[size_t(keyField)] + u" IN ("_s + SqlCompiler::placeholders(padded) + u')');
        for (qsizetype i = 0; i < padded; ++i)
            statement.bind(RowCodec::toSql(schema(), model->fields[size_t(keyField)].type, table.storage[size_t(keyField)],
                                           keyParts(*model, unknown[begin + std::min(i, count - 1)]).front()));
        const Result<QList<Record>> found = Rows::all(table, schema(), std::move(statement));
        if (!found)
            return found.error();
        for (const Record &row : *found)
            m_state.rows.insert({model->number, row.key()}, row);
    }
    return {};
}

/*! Stores \a record as it is, with its metadata and state; nothing is queued. An equal row is left alone. */
Result<void> WriteTransaction::put(const Record &record, Origin origin)
{
    const Result<const Table *> table = m_connection.layout().find(record.model());
    if (!table)
        return table.error();
    const std::vector<Value> key = Rows::keyValues(record);
    if (std::any_of(key.begin(), key.end(), [](const Value &value) { return value.isNull(); }))
        return Error(Error::Code::Validation, StoreText::tr("A record of %1 needs a complete key to be stored.").arg(record.model()->name))
            .withModel(record.model()->name);
    Record stored = record;
    for (size_t i = 0; i < record.model()->fields.size(); ++i) {
        const FieldType &type = record.model()->fields[i].type;
        if (type.kind == FieldType::Kind::Embedded)
            stored.setValue(int(i), RowCodec::canonical(schema(), type, record.value(int(i))));
    }
    const bool isKnown = m_state.knownRows.contains({record.model()->number, record.key()});
    const Result<bool> inserted = isKnown ? Result<bool>(false) : Rows::insert(m_state, **table, stored);
    if (!inserted)
        return inserted.error();
    if (*inserted) {
        m_state.changes.add(Change::Kind::Insert, origin, {}, stored);
    } else {
        const Result<Record> before = find(record.model(), record.key());
        if (!before)
            return before.error();
        if (const Result<void> replaced = replace(m_state, **table, *before, stored, origin); !replaced)
            return replaced;
    }
    if (origin == Origin::Remote) {
        if (const Result<void> forgotten = Rows::forgetUnfit(m_state, *record.model(), record.key()); !forgotten)
            return forgotten;
    }
    return Rows::removeTombstone(m_state, *record.model(), record.key());
}

/*! Gives the row that is \a stored another state. */
Result<void> WriteTransaction::setState(const Record &stored, SyncState state)
{
    Record record = stored;
    record.setState(state);
    return replace(m_state, m_connection.layout().table(*record.model()), stored, record, Origin::Remote);
}

/*! Removes the row with the key of \a record, if there is one, and keeps the metadata of \a record as its
    tombstone when it has a version; nothing is queued and nothing cascades (see withDescendants()). */
Result<void> WriteTransaction::drop(const Record &record, Origin origin)
{
    const Result<const Table *> table = m_connection.layout().find(record.model());
    if (!table)
        return table.error();
    const Result<Record> stored = find(record.model(), record.key());
    if (!stored)
        return stored.error();
    if (*stored) {
        m_state.knownRows.clear();
        if (const Result<void> removed = Rows::remove(m_state, **table, *stored); !removed)
            return removed;
        m_state.changes.add(Change::Kind::Delete, origin, *stored, {});
    }
    if (record.metadata().version == 0)
        return {};
    return Rows::setTombstone(m_state, *record.model(), record.key(), record.metadata());
}

/*! Returns what the backend last said of the record of \a model with \a key, also when it is gone. */
Result<SyncMetadata> WriteTransaction::metadata(const ModelType &model, const QString &key)
{
    const Table &table = m_connection.layout().table(model);
    const std::vector<Value> parts = keyParts(model, key);
    if (parts.size() == model.primaryKey.size()) {
        const Result<Record> stored = find(table.model, key);
        if (!stored)
            return stored.error();
        if (*stored)
            m_state.knownRows.insert({model.number, key});
        if (*stored && stored->metadata().version > 0)
            return stored->metadata();
    }
    if (!m_state.mayHaveTombstone(model))
        return SyncMetadata();
    return Rows::tombstone(m_connection, model, key);
}

/*! Returns whether a record of \a model with \a key is stored. */
Result<bool> WriteTransaction::exists(const ModelType &model, const QString &key)
{
    if (m_state.knownRows.contains({model.number, key}))
        return true;
    const std::vector<Value> parts = keyParts(model, key);
    if (parts.size() != model.primaryKey.size())
        return false;
    const Result<bool> found = Rows::exists(m_connection, m_connection.layout().table(model), model.primaryKey, parts);
    if (found && *found)
        m_state.knownRows.insert({model.number, key});
    return found;
}

/*! Returns whether a deleted record of \a model is remembered. */
bool WriteTransaction::mayHaveTombstone(const ModelType &model) const
{
    return m_state.mayHaveTombstone(model);
}

/*! Returns whether any record of \a model is kept aside. */
bool WriteTransaction::mayBeQuarantined(const ModelType &model) const
{
    return m_state.quarantined.contains(model.number, {});
}

/*! Returns whether any record that is kept aside waits for one of \a model. */
bool WriteTransaction::mayBeAwaited(const ModelType &model) const
{
    return m_state.awaited.contains(model.number, {});
}

/*! Returns the record of \a model with \a key that is kept aside; asks the file only when there may be one. */
Result<std::optional<QuarantinedRow>> WriteTransaction::quarantined(const ModelType &model, const QString &key)
{
    if (!mayBeQuarantined(model))
        return std::optional<QuarantinedRow>();
    return QuarantineTable::find(m_connection, model.name, key);
}

/*! Returns what is kept aside until the record of \a parent with \a key comes; asks the file only when there may be some. */
Result<QList<QuarantinedRow>> WriteTransaction::waitingFor(const ModelType &parent, const QString &key)
{
    if (!mayBeAwaited(parent))
        return QList<QuarantinedRow>();
    return QuarantineTable::waitingFor(m_connection, parent.name, key);
}

/*! Keeps \a row aside, in the place of an older one of the same record. */
Result<void> WriteTransaction::quarantine(const QuarantinedRow &row)
{
    return QuarantineTable::put(m_state, row);
}

/*! Forgets the record of \a model with \a key that is kept aside. */
Result<bool> WriteTransaction::unquarantine(const QString &model, const QString &key)
{
    return QuarantineTable::remove(m_state, model, key);
}

/*!
    Begins to keep the keys that a base sync of \a model brings, so that unseen() can tell which it did not; what an earlier one
    brought is forgotten. Of a model without a record nothing is kept, as nothing could be missing.
*/
Result<void> WriteTransaction::beginSeen(const ModelType &model)
{
    return SeenTable::begin(m_state, model);
}

/*! Notes that a page had \a keys; without beginSeen() it does nothing. */
Result<void> WriteTransaction::addSeen(const ModelType &model, const QStringList &keys)
{
    return SeenTable::add(m_state, model, keys);
}

/*! Keeps no keys of \a model any more. */
Result<void> WriteTransaction::forgetSeen(const ModelType &model)
{
    return SeenTable::clear(m_state, model);
}

/*! Returns what was stored under \a name; an empty text when nothing was. */
Result<QString> WriteTransaction::setting(const QString &name)
{
    return m_state.settings.contains(name) ? ReadTransaction::setting(name) : Result<QString>(QString());
}

/*! Stores \a value under \a name; names that begin with a dollar sign are the store's own (InvalidArgument). */
Result<void> WriteTransaction::setSetting(const QString &name, const QString &value)
{
    if (name.isEmpty() || name.startsWith(u'$'))
        return Error(Error::Code::InvalidArgument, StoreText::tr("\"%1\" is not a name for a setting; it is empty or reserved.").arg(name));
    if (value.isEmpty() && !m_state.settings.contains(name))
        return {};
    if (value.isEmpty()) {
        Statement statement = m_connection.prepare(u"DELETE FROM tl_setting WHERE name = ?"_s);
        statement.bind(name);
        return m_state.write(std::move(statement));
    }
    Statement statement = m_connection.prepare(u"INSERT INTO tl_setting (name, value) VALUES (?, ?) "
                                                "ON CONFLICT (name) DO UPDATE SET value = excluded.value"_s);
    statement.bind(name).bind(value);
    m_state.settings.insert(name);
    return m_state.write(std::move(statement));
}

/*! Adds \a entries to the flight recorder, which keeps the newest thousand; their ids are given here. */
Result<void> WriteTransaction::record(const QList<FlightEntry> &entries)
{
    return FlightTable::append(m_state, entries);
}

} // namespace Tideline
