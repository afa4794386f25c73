// SPDX-License-Identifier: MIT
#include "client/repairmodel.h"

#include "client/live/hostlink_p.h"
#include "client/sync/repair_p.h"

#include <QtCore/QDateTime>

#include <algorithm>

namespace Tideline {

using Values = RejectedMutation::Values;

class RepairModelPrivate final : public LiveHost::Member
{
public:
    explicit RepairModelPrivate(RepairModel *model);

    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;
    void rejectionsChanged() override;
    void start();
    void clear();
    void show(const QList<RejectedMutation> &now);
    void setReady(bool value);
    void setError(const Error &value);
    template<typename T>
    void follow(QFuture<Result<T>> call, qint64 mutation, void (RepairModel::*done)(qint64));

    RepairModel *q;
    HostLink link;
    QPointer<DataStore> store;
    QList<RejectedMutation> mutations;          // by number
    bool ready = false;
    Error error;

private:
    void read();
    void arrived(const Result<QList<RejectedMutation>> &read);
    void remove(qsizetype row, qsizetype count);
    void insert(qsizetype row, const RejectedMutation &mutation);
    void replace(qsizetype row, const RejectedMutation &mutation);

    bool m_reading = false;
    bool m_again = false;                       // what is being read is old
    std::shared_ptr<int> m_run;                 // of the store that is open
};

RepairModelPrivate::RepairModelPrivate(RepairModel *model)
    : q(model), link(this, model,
                     {.opened = [this] { start(); },
                      .closing = [this] { clear(); },
                      .destroyed = [this] {
                          const QPointer<RepairModel> guard = q;
                          clear();
                          if (guard)
                              Q_EMIT guard->storeChanged();
                      }})
{
}

// What waits behind a mutation is written by the user.
void RepairModelPrivate::changesArrived(quint64, const QList<Change> &changes, bool)
{
    const bool mayWait = std::any_of(changes.begin(), changes.end(), [](const Change &change) { return change.origin == Origin::Local; });
    if (mayWait && !mutations.isEmpty())
        read();
}

void RepairModelPrivate::rejectionsChanged()
{
    read();
}

void RepairModelPrivate::start()
{
    m_run = std::make_shared<int>();
    m_reading = m_again = false;
    read();
}

void RepairModelPrivate::clear()
{
    const QPointer<RepairModel> guard = q;
    m_run.reset();
    setReady(false);
    if (guard)
        show({});
}

void RepairModelPrivate::read()
{
    if (!m_run || !link.store())
        return;
    if (std::exchange(m_reading, true)) {
        m_again = true;
        return;
    }
    link.store()->read<QList<RejectedMutation>>(
        [](ReadTransaction &transaction) { return Repair::list(transaction, Dependencies(transaction.schema())); }, link.host()->scheduler(),
        [this, run = std::weak_ptr(m_run)](const Result<QList<RejectedMutation>> &list) {
            if (!run.expired())
                arrived(list);
        });
}

void RepairModelPrivate::arrived(const Result<QList<RejectedMutation>> &list)
{
    const std::weak_ptr<int> run = m_run;
    m_reading = false;
    if (std::exchange(m_again, false))
        read();
    setError(list.error());
    if (list && !run.expired())
        show(*list);
    if (!run.expired())
        setReady(list.ok());        // once the rows are there
}

/* Both are in the order of their numbers; a mutation keeps its own. */
void RepairModelPrivate::show(const QList<RejectedMutation> &now)
{
    const QPointer<RepairModel> guard = q;          // a view may destroy the model
    const qsizetype before = mutations.size();
    qsizetype row = 0;
    for (qsizetype next = 0; guard && next < now.size(); ++row) {
        if (row < mutations.size() && mutations.at(row).mutation < now.at(next).mutation)
            remove(row--, 1);
        else if (row == mutations.size() || mutations.at(row).mutation != now.at(next).mutation)
            insert(row, now.at(next++));
        else
            replace(row, now.at(next++));
    }
    if (guard && row < mutations.size())
        remove(row, mutations.size() - row);
    if (guard && mutations.size() != before)
        Q_EMIT q->countChanged();
}

void RepairModelPrivate::remove(qsizetype row, qsizetype count)
{
    q->beginRemoveRows({}, int(row), int(row + count) - 1);
    mutations.remove(row, count);
    q->endRemoveRows();
}

void RepairModelPrivate::insert(qsizetype row, const RejectedMutation &mutation)
{
    q->beginInsertRows({}, int(row), int(row));
    mutations.insert(row, mutation);
    q->endInsertRows();
}

void RepairModelPrivate::replace(qsizetype row, const RejectedMutation &mutation)
{
    if (mutations.at(row) == mutation)
        return;
    mutations[row] = mutation;
    Q_EMIT q->dataChanged(q->index(int(row)), q->index(int(row)));
}

void RepairModelPrivate::setReady(bool value)
{
    if (std::exchange(ready, value) != value)
        Q_EMIT q->readyChanged();
}

void RepairModelPrivate::setError(const Error &problem)
{
    const Error value = problem.inPhase(Error::Phase::Repair);
    if (error == value)
        return;
    const QPointer<RepairModel> guard = q;
    error = value;
    Q_EMIT q->errorChanged();
    if (guard && value.isError())
        link.report(value);
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

/*!
    \class Tideline::RepairModel
    \inmodule Tideline
    \since 0.1
    \brief The repair bench as a list: the mutations that the backend refused, for QML and Widgets.

    One row for each, the oldest first; rows come, go and change one by one while the application works, and the model is never
    reset. Belongs to the thread of its store, which it never blocks. Nothing leaves the list by itself: the user
    retries or discards a row, or saves its record anew.

    Roles are \c mutation (its number), \c type, \c key, \c operation (RepairModel::Operation), \c base, \c mine and \c theirs (maps of
    field and value; \c theirs null when the backend told no record, or deleted it), \c fields (a list of {name, base, mine,
    theirs}, without those of the key and those that only the backend writes), \c deleted (the backend has deleted the
    record), \c error, \c code (ErrorCode), \c message, \c errorType (the backend's word), \c createdAt, \c attempts,
    \c waiting (how many mutations wait for this one).

    What became of retry() and discard() is told by retried(), discarded() and failed(); the rows follow by themselves.
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
    if (d->store == store)
        return;
    d->clear();
    d->store = store;
    d->setError({});
    d->link.set(store);
    if (d->link.store())
        d->start();
    Q_EMIT storeChanged();
}

/*! \property Tideline::RepairModel::count
    \brief How many rows there are. */
int RepairModel::count() const
{
    return int(d->mutations.size());
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
RejectedMutation RepairModel::mutation(int row) const
{
    return d->mutations.at(row);
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
    const auto found = std::find_if(d->mutations.begin(), d->mutations.end(), [mutation](const RejectedMutation &each) { return each.mutation == mutation; });
    return found == d->mutations.end() ? -1 : int(found - d->mutations.begin());
}

/*! Sends the mutation of \a row again; see DataStore::retry(). */
void RepairModel::retry(int row)
{
    if (row >= 0 && row < count() && d->store)
        d->follow(d->store->retry(mutation(row).mutation), mutation(row).mutation, &RepairModel::retried);
}

/*! Gives up the mutation of \a row, and with \a withDependents what hangs on it; see DataStore::discard(). */
void RepairModel::discard(int row, bool withDependents)
{
    const DiscardScope scope = withDependents ? DiscardScope::WithDependents : DiscardScope::Mutation;
    if (row >= 0 && row < count() && d->store)
        d->follow(d->store->discard(mutation(row).mutation, scope), mutation(row).mutation, &RepairModel::discarded);
}

/*! Sends all of them again. */
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
    using namespace Qt::StringLiterals;
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

QVariant RepairModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RejectedMutation &mutation = d->mutations.at(index.row());
    switch (role) {
    case Qt::DisplayRole: return mutation.error.message();
    case MutationRole: return mutation.mutation;
    case TypeRole: return mutation.model->name;
    case KeyRole: return mutation.key;
    case OperationRole: return int(mutation.operation);
    case BaseRole: return toMap(*mutation.model, mutation.base);
    case MineRole: return toMap(*mutation.model, mutation.mine);
    case TheirsRole: return theirsOf(mutation);
    case FieldsRole: return fieldsOf(mutation);
    case DeletedRole: return mutation.theirs && mutation.theirs.metadata().deleted;
    case ErrorRole: return QVariant::fromValue(mutation.error);
    case CodeRole: return int(mutation.error.code());
    case MessageRole: return mutation.error.message();
    case ErrorTypeRole: return mutation.error.detail();
    case CreatedAtRole: return QDateTime::fromMSecsSinceEpoch(mutation.createdAt);
    case AttemptsRole: return mutation.attempts;
    case WaitingRole: return mutation.waiting;
    default: return {};
    }
}

QHash<int, QByteArray> RepairModel::roleNames() const
{
    return {{MutationRole, "mutation"}, {TypeRole, "type"},         {KeyRole, "key"},           {OperationRole, "operation"},
            {BaseRole, "base"},         {MineRole, "mine"},         {TheirsRole, "theirs"},     {FieldsRole, "fields"},
            {DeletedRole, "deleted"},   {ErrorRole, "error"},       {CodeRole, "code"},         {MessageRole, "message"},
            {ErrorTypeRole, "errorType"}, {CreatedAtRole, "createdAt"}, {AttemptsRole, "attempts"}, {WaitingRole, "waiting"}};
}

} // namespace Tideline
