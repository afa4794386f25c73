// SPDX-License-Identifier: MIT
#include "client/repairmodel.h"

#include "client/listreader_p.h"
#include "client/sync/repair_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <tuple>

using namespace Qt::StringLiterals;

namespace Tideline {

using Values = RejectedMutation::Values;
using Kind = RepairModel::Kind;

namespace {

struct Trouble                                  // a row of the model
{
    Kind kind = Kind::Mutation;
    RejectedMutation mutation;
    QuarantinedRow row;
    UnmappedData unmapped;

    friend bool operator==(const Trouble &, const Trouble &) = default;
};

// Mutations first, by number; then what is kept aside and what has no place, the oldest first.
bool isBefore(const Trouble &a, const Trouble &b)
{
    return std::tie(a.kind, a.mutation.mutation, a.row.since, a.row.model, a.row.key, a.unmapped.id)
        < std::tie(b.kind, b.mutation.mutation, b.row.since, b.row.model, b.row.key, b.unmapped.id);
}

Result<QList<Trouble>> readAll(ReadTransaction &transaction)
{
    const Result<QList<RejectedMutation>> mutations = Repair::list(transaction, Dependencies(transaction.schema()));
    if (!mutations)
        return mutations.error();
    const Result<QList<QuarantinedRow>> rows = transaction.quarantined();
    if (!rows)
        return rows.error();
    const Result<QList<UnmappedData>> unmapped = transaction.unmapped();
    if (!unmapped)
        return unmapped.error();
    QList<Trouble> all;
    all.reserve(mutations->size() + rows->size() + unmapped->size());
    for (const RejectedMutation &mutation : *mutations)
        all.append({Kind::Mutation, mutation, {}, {}});
    for (const QuarantinedRow &row : *rows)
        all.append({Kind::Quarantined, {}, row, {}});
    for (const UnmappedData &data : withoutParts(*unmapped))
        all.append({Kind::Unmapped, {}, {}, data});
    std::sort(all.begin(), all.end(), isBefore);
    return all;
}

} // namespace

class RepairModelPrivate final : public ListReader<RepairModel, Trouble>
{
public:
    using ListReader::ListReader;

    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;
    void rejectionsChanged() override { read(); }
    template<typename T>
    void follow(QFuture<Result<T>> call, qint64 mutation, void (RepairModel::*done)(qint64));
    void follow(QFuture<Result<void>> call, const QuarantinedRow &row, void (RepairModel::*done)(const QString &, const QString &));
    void followDiscarded(QFuture<Result<void>> call, qint64 unmapped);

    int unmappedCount = 0;

private:
    [[nodiscard]] std::function<Result<QList<Trouble>>(ReadTransaction &)> job() const override { return readAll; }
    [[nodiscard]] bool precedes(const Trouble &a, const Trouble &b) const override { return isBefore(a, b); }
    void shown() override;
};

// What waits behind a mutation is written by the user.
void RepairModelPrivate::changesArrived(quint64, const QList<Change> &changes, bool)
{
    const bool mayWait = std::any_of(changes.begin(), changes.end(), [](const Change &change) { return change.origin == Origin::Local; });
    if (mayWait && !rows.isEmpty())
        read();
}

void RepairModelPrivate::shown()
{
    const int unmapped = int(std::ranges::count(rows, Kind::Unmapped, &Trouble::kind));
    if (std::exchange(unmappedCount, unmapped) != unmapped)
        Q_EMIT q->unmappedCountChanged();
}

template<typename T>
void RepairModelPrivate::follow(QFuture<Result<T>> call, qint64 mutation, void (RepairModel::*done)(qint64))
{
    call.then(q, [this, mutation, done](const Result<T> &result) {
        if (result)
            Q_EMIT(q->*done)(mutation);
        else
            Q_EMIT q->failed(mutation, result.error());
    });
}

void RepairModelPrivate::follow(QFuture<Result<void>> call, const QuarantinedRow &row, void (RepairModel::*done)(const QString &, const QString &))
{
    call.then(q, [this, type = row.model, key = row.key, done](const Result<void> &result) {
        if (result)
            Q_EMIT(q->*done)(type, key);
        else
            Q_EMIT q->quarantineFailed(type, key, result.error());
    });
}

void RepairModelPrivate::followDiscarded(QFuture<Result<void>> call, qint64 unmapped)
{
    call.then(q, [this, unmapped](const Result<void> &result) {
        if (result)
            Q_EMIT q->unmappedDiscarded(unmapped);
        else
            Q_EMIT q->unmappedFailed(unmapped, result.error());
    });
}

/*!
    \class Tideline::RepairModel
    \inmodule Tideline
    \since 0.1
    \brief The repair bench as a list, for QML and Widgets: the mutations that the backend refused, the records of the backend that
    could not be stored, and what a change of the schema left no place for.

    One row for each, mutations first, the oldest first; rows come, go and change one by one while the application works, and the model
    is never reset. Belongs to the thread of its store, which it never blocks. No mutation leaves the list by itself: the user
    retries or discards a row, or saves its record anew. What is kept aside goes also when it can be stored after all.

    Roles are \c mutation (its number), \c type, \c key, \c operation (RepairModel::Operation), \c base, \c mine and \c theirs (maps of
    field and value; \c theirs null when the backend told no record, or deleted it), \c fields (a list of {name, base, mine,
    theirs}, without those of the key and those that only the backend writes), \c deleted (the backend has deleted the
    record), \c error, \c code (ErrorCode), \c message, \c errorType (the backend's word), \c createdAt, \c attempts,
    \c waiting (how many mutations wait for this one), \c kind (RepairModel::Kind). A row of kind Quarantined has no mutation; its \c theirs and \c fields
    are what can be read of the record, \c raw is all of it as JSON, \c createdAt since when it is kept aside, and \c parentType
    and \c parentKey name the record that it waits for. A row of kind Unmapped has its number in \c unmapped; its \c mine and \c fields are
    what is kept, \c raw the same as JSON. It is tried again by itself at each change of the schema, so there is nothing to retry: it
    stays until then, or until it is discarded.

    What became of retry() and discard() is told by retried(), discarded() and failed(), and for what is kept aside by
    quarantineRetried(), quarantineDiscarded() and quarantineFailed(), for what has no place by unmappedDiscarded() and
    unmappedFailed(); the rows follow by themselves.
*/

/*! Constructs an empty model without a store, owned by \a parent. */
RepairModel::RepairModel(QObject *parent) : RepairModel(nullptr, parent) { }

/*! Constructs the model of \a store, owned by \a parent. */
RepairModel::RepairModel(DataStore *store, QObject *parent) : QAbstractListModel(parent), d(std::make_unique<RepairModelPrivate>(this))
{
    setStore(store);
}

RepairModel::~RepairModel() = default;

/*! \property Tideline::RepairModel::store
    \brief Whose mutations are listed. In QML the nearest DataStore unless set. */
DataStore *RepairModel::store() const
{
    return d->store;
}

void RepairModel::setStore(DataStore *store)
{
    d->setStore(store);
}

/*! \property Tideline::RepairModel::count
    \brief How many rows there are. */
int RepairModel::count() const
{
    return int(d->rows.size());
}

/*! \property Tideline::RepairModel::ready
    \brief Whether the rows are those of an open store. */
bool RepairModel::isReady() const
{
    return d->ready;
}

/*! \property Tideline::RepairModel::error
    \brief Why the list could not be read; also told by LiveHost::errorOccurred(). */
Error RepairModel::error() const
{
    return d->error;
}

/*! Empties the list; error() is \a error until the next success. */
void RepairModel::fail(const Error &error)
{
    d->show({});
    d->setError(error);
}

/*! Returns what stands in \a row, which must be one. */
RepairModel::Kind RepairModel::kind(int row) const
{
    return d->rows.at(row).kind;
}

/*! Returns the mutation in \a row, which must be one; empty unless the kind is Mutation. */
RejectedMutation RepairModel::mutation(int row) const
{
    return d->rows.at(row).mutation;
}

/*! Returns what is kept aside in \a row, which must be one; empty unless the kind is Quarantined. */
QuarantinedRow RepairModel::quarantined(int row) const
{
    return d->rows.at(row).row;
}

/*! Returns what has no place in \a row, which must be one; empty unless the kind is Unmapped. */
UnmappedData RepairModel::unmapped(int row) const
{
    return d->rows.at(row).unmapped;
}

/*! \property Tideline::RepairModel::unmappedCount
    \brief How many rows are of the kind Unmapped. */
int RepairModel::unmappedCount() const
{
    return d->unmappedCount;
}

/*! Returns a QVariantMap of the roles of \a row by name, empty outside the range; see LiveQuery::get(). */
QVariant RepairModel::get(int row) const
{
    QVariantMap values;
    if (row < 0 || row >= count())
        return values;
    const QHash<int, QByteArray> names = roleNames();
    for (auto name = names.cbegin(); name != names.cend(); ++name)
        values.insert(QString::fromUtf8(*name), data(index(row), name.key()));
    return values;
}

/*! Returns the row of \a mutation; -1 when it is not in the list. */
int RepairModel::indexOf(qint64 mutation) const
{
    const auto found = std::find_if(d->rows.begin(), d->rows.end(), [mutation](const Trouble &each) {
        return each.kind == Kind::Mutation && each.mutation.mutation == mutation;
    });
    return found == d->rows.end() ? -1 : int(found - d->rows.begin());
}

/*! Sends the mutation of \a row again, or tries again to store what is kept aside there; see DataStore::retry(), DataStore::retryQuarantined().
    Nothing happens to a row of kind Unmapped. */
void RepairModel::retry(int row)
{
    if (row < 0 || row >= count() || !d->store)
        return;
    const Trouble trouble = d->rows.at(row);
    if (trouble.kind == Kind::Mutation)
        d->follow(d->store->retry(trouble.mutation.mutation), trouble.mutation.mutation, &RepairModel::retried);
    else if (trouble.kind == Kind::Quarantined)
        d->follow(d->store->retryQuarantined(trouble.row.model, trouble.row.key), trouble.row, &RepairModel::quarantineRetried);
}

/*! \overload
    failed() tells InvalidArgument, of mutation 0, when \a row is no whole number. */
void RepairModel::retry(const QVariant &row)
{
    d->withRow(row, u"retry"_s, Error::Phase::Repair, [this](int place) { retry(place); });
}

/*! Gives up the mutation of \a row, and with \a withDependents what hangs on it, or forgets what is kept aside or has no place there; see
    DataStore::discard(), DataStore::discardQuarantined(), DataStore::discardUnmapped(). */
void RepairModel::discard(int row, bool withDependents)
{
    if (row < 0 || row >= count() || !d->store)
        return;
    const Trouble trouble = d->rows.at(row);
    const DiscardScope scope = withDependents ? DiscardScope::WithDependents : DiscardScope::Mutation;
    if (trouble.kind == Kind::Mutation)
        d->follow(d->store->discard(trouble.mutation.mutation, scope), trouble.mutation.mutation, &RepairModel::discarded);
    else if (trouble.kind == Kind::Quarantined)
        d->follow(d->store->discardQuarantined(trouble.row.model, trouble.row.key), trouble.row, &RepairModel::quarantineDiscarded);
    else
        d->followDiscarded(d->store->discardUnmapped(trouble.unmapped.id), trouble.unmapped.id);
}

/*! \overload
    failed() tells InvalidArgument, of mutation 0, when \a row is no whole number. */
void RepairModel::discard(const QVariant &row, bool withDependents)
{
    d->withRow(row, u"discard"_s, Error::Phase::Repair, [this, withDependents](int place) { discard(place, withDependents); });
}

/*! Tries all of them again. */
void RepairModel::retryAll()
{
    for (int row = 0; row < count(); ++row)
        retry(row);
}

int RepairModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

static QVariantMap toMap(const ModelType &model, const Values &values)
{
    QVariantMap map;
    for (const auto &[field, value] : values)
        map.insert(model.fields[size_t(field)].name, value.toVariant());
    return map;
}

static QVariant theirsOf(const RejectedMutation &mutation)
{
    if (!mutation.theirs || mutation.theirs.metadata().deleted)
        return QVariant::fromValue(nullptr);
    QVariantMap map;
    for (size_t field = 0; field < mutation.model->fields.size(); ++field)
        map.insert(mutation.model->fields[field].name, mutation.theirs.value(int(field)).toVariant());
    return map;
}

static QVariantList fieldsOf(const RejectedMutation &mutation)
{
    const QVariantMap base = toMap(*mutation.model, mutation.base);
    const QVariantMap mine = toMap(*mutation.model, mutation.mine);
    const QVariantMap theirs = theirsOf(mutation).toMap();
    QVariantList fields;
    for (size_t i = 0; i < mutation.model->fields.size(); ++i) {
        const SchemaField &field = mutation.model->fields[i];
        const bool isKey = std::ranges::find(mutation.model->primaryKey, int(i)) != mutation.model->primaryKey.end();
        if (!isKey && !field.readOnly && (base.contains(field.name) || mine.contains(field.name)))
            fields.append(QVariantMap{{u"name"_s, field.name}, {u"base"_s, base.value(field.name)}, {u"mine"_s, mine.value(field.name)},
                                      {u"theirs"_s, theirs.value(field.name)}});
    }
    return fields;
}

static QVariant ofMutation(const RejectedMutation &mutation, int role)
{
    switch (role) {
    case RepairModel::MutationRole: return mutation.mutation;
    case RepairModel::TypeRole: return mutation.model->name;
    case RepairModel::KeyRole: return mutation.key;
    case RepairModel::OperationRole: return int(mutation.operation);
    case RepairModel::BaseRole: return toMap(*mutation.model, mutation.base);
    case RepairModel::MineRole: return toMap(*mutation.model, mutation.mine);
    case RepairModel::TheirsRole: return theirsOf(mutation);
    case RepairModel::FieldsRole: return fieldsOf(mutation);
    case RepairModel::DeletedRole: return mutation.theirs && mutation.theirs.metadata().deleted;
    case RepairModel::CreatedAtRole: return QDateTime::fromMSecsSinceEpoch(mutation.createdAt);
    case RepairModel::AttemptsRole: return mutation.attempts;
    case RepairModel::WaitingRole: return mutation.waiting;
    case RepairModel::RawRole:
    case RepairModel::ParentTypeRole:
    case RepairModel::ParentKeyRole: return QString();
    case RepairModel::UnmappedRole: return qint64(0);
    default: return {};
    }
}

// What a person can make of the record: not its key, nor the backend's own words in it.
static QVariantList fieldsOf(const QVariantMap &record, const ModelType *model)
{
    QVariantList fields;
    for (auto member = record.cbegin(); member != record.cend(); ++member) {
        const int number = model ? model->fieldIndex(member.key()) : -1;
        const bool isKey = model && std::ranges::find(model->primaryKey, number) != model->primaryKey.end();
        if (!member.key().startsWith(u'_') && !isKey && (number < 0 || !model->fields[size_t(number)].readOnly) && !member->isNull())
            fields.append(QVariantMap{{u"name"_s, member.key()}, {u"base"_s, {}}, {u"mine"_s, {}}, {u"theirs"_s, *member}});
    }
    return fields;
}

static QVariant ofQuarantined(const QuarantinedRow &row, const ModelType *model, int role)
{
    const auto record = [&row] { return QJsonDocument::fromJson(row.raw.toUtf8()).object().toVariantMap(); };
    switch (role) {
    case RepairModel::MutationRole: return qint64(0);
    case RepairModel::TypeRole: return row.model;
    case RepairModel::KeyRole: return row.key;
    case RepairModel::OperationRole: return int(RepairModel::Operation::Update);
    case RepairModel::BaseRole:
    case RepairModel::MineRole: return QVariantMap();
    case RepairModel::TheirsRole: return record();
    case RepairModel::FieldsRole: return fieldsOf(record(), model);
    case RepairModel::DeletedRole: return row.metadata.deleted;
    case RepairModel::CreatedAtRole: return QDateTime::fromMSecsSinceEpoch(row.since);
    case RepairModel::AttemptsRole:
    case RepairModel::WaitingRole: return 0;
    case RepairModel::RawRole: return row.raw;
    case RepairModel::ParentTypeRole: return row.parentModel;
    case RepairModel::ParentKeyRole: return row.parentKey;
    case RepairModel::UnmappedRole: return qint64(0);
    default: return {};
    }
}

static QVariantList fieldsOf(const UnmappedData &data)
{
    const QJsonObject &values = data.operation == OutboxEntry::Operation::Delete ? data.base : data.values;
    QVariantList fields;
    for (auto member = values.begin(); member != values.end(); ++member)
        fields.append(QVariantMap{{u"name"_s, member.key()}, {u"base"_s, data.base.value(member.key()).toVariant()},
                                  {u"mine"_s, data.values.value(member.key()).toVariant()}, {u"theirs"_s, {}}});
    return fields;
}

static QVariant ofUnmapped(const UnmappedData &data, int role)
{
    switch (role) {
    case RepairModel::MutationRole: return qint64(0);
    case RepairModel::TypeRole: return data.model;
    case RepairModel::KeyRole: return data.key;
    case RepairModel::OperationRole: return int(data.operation);
    case RepairModel::BaseRole: return data.base.toVariantMap();
    case RepairModel::MineRole: return data.values.toVariantMap();
    case RepairModel::TheirsRole: return QVariant::fromValue(nullptr);
    case RepairModel::FieldsRole: return fieldsOf(data);
    case RepairModel::DeletedRole: return false;
    case RepairModel::CreatedAtRole: return QDateTime::fromMSecsSinceEpoch(data.at);
    case RepairModel::AttemptsRole:
    case RepairModel::WaitingRole: return 0;
    case RepairModel::RawRole: return QString::fromUtf8(QJsonDocument(data.values).toJson(QJsonDocument::Compact));
    case RepairModel::ParentTypeRole:
    case RepairModel::ParentKeyRole: return QString();
    case RepairModel::UnmappedRole: return data.id;
    default: return {};
    }
}

QVariant RepairModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Trouble &trouble = d->rows.at(index.row());
    const Error error = trouble.kind == Kind::Mutation    ? trouble.mutation.error
                        : trouble.kind == Kind::Quarantined ? trouble.row.error
                                                            : trouble.unmapped.error();
    switch (role) {
    case Qt::DisplayRole:
    case MessageRole: return error.message();
    case ErrorRole: return QVariant::fromValue(error);
    case CodeRole: return int(error.code());
    case ErrorTypeRole: return error.detail();
    case KindRole: return int(trouble.kind);
    default: break;
    }
    if (trouble.kind == Kind::Mutation)
        return ofMutation(trouble.mutation, role);
    if (trouble.kind == Kind::Unmapped)
        return ofUnmapped(trouble.unmapped, role);
    const auto model = d->store ? d->store->schema().model(trouble.row.model) : nullptr;
    return ofQuarantined(trouble.row, model.get(), role);
}

QHash<int, QByteArray> RepairModel::roleNames() const
{
    return {{MutationRole, "mutation"}, {TypeRole, "type"},         {KeyRole, "key"},           {OperationRole, "operation"},
            {BaseRole, "base"},         {MineRole, "mine"},         {TheirsRole, "theirs"},     {FieldsRole, "fields"},
            {DeletedRole, "deleted"},   {ErrorRole, "error"},       {CodeRole, "code"},         {MessageRole, "message"},
            {ErrorTypeRole, "errorType"}, {CreatedAtRole, "createdAt"}, {AttemptsRole, "attempts"}, {WaitingRole, "waiting"},
            {KindRole, "kind"},         {RawRole, "raw"},           {ParentTypeRole, "parentType"}, {ParentKeyRole, "parentKey"},
            {UnmappedRole, "unmapped"}};
}

} // namespace Tideline
