// SPDX-License-Identifier: MIT
#include "client/decisionmodel.h"

#include "client/live/hostlink_p.h"

#include <QtCore/QDateTime>

#include <algorithm>

namespace Tideline {

class DecisionModelPrivate final : public LiveHost::Member
{
public:
    explicit DecisionModelPrivate(DecisionModel *model);

    void changesArrived(quint64, const QList<Change> &, bool) override { }
    void decisionsChanged() override { read(); }
    void start();
    void clear();
    void read();
    void show(const QList<ConflictDecision> &now);
    void setReady(bool value);
    void setError(const Error &value);

    DecisionModel *q;
    HostLink link;
    QPointer<DataStore> store;
    QString type;
    QString key;
    int limit = 100;
    QList<ConflictDecision> decisions;          // the newest first
    bool ready = false;
    Error error;

private:
    void arrived(const Result<QList<ConflictDecision>> &list);
    void remove(qsizetype row);
    void insert(qsizetype row, const ConflictDecision &decision);
    void replace(qsizetype row, const ConflictDecision &decision);

    bool m_reading = false;
    bool m_again = false;                       // what is being read is old
    std::shared_ptr<int> m_run;                 // of the store that is open
};

DecisionModelPrivate::DecisionModelPrivate(DecisionModel *model)
    : q(model), link(this, model,
                     {.opened = [this] { start(); },
                      .closing = [this] { clear(); },
                      .destroyed = [this] {
                          const QPointer<DecisionModel> guard = q;
                          clear();
                          if (guard)
                              Q_EMIT guard->storeChanged();
                      }})
{
}

void DecisionModelPrivate::start()
{
    m_run = std::make_shared<int>();
    m_reading = m_again = false;
    read();
}

void DecisionModelPrivate::clear()
{
    const QPointer<DecisionModel> guard = q;
    m_run.reset();
    setReady(false);
    if (guard)
        show({});
}

void DecisionModelPrivate::read()
{
    if (!m_run || !link.store())
        return;
    if (std::exchange(m_reading, true)) {
        m_again = true;
        return;
    }
    link.store()->read<QList<ConflictDecision>>(
        [type = type, key = key, limit = limit](ReadTransaction &transaction) { return transaction.decisions(type, key, limit); },
        link.host()->scheduler(), [this, run = std::weak_ptr(m_run)](const Result<QList<ConflictDecision>> &list) {
            if (!run.expired())
                arrived(list);
        });
}

void DecisionModelPrivate::arrived(const Result<QList<ConflictDecision>> &list)
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

/* Both are in the falling order of their numbers; a decision keeps its own. */
void DecisionModelPrivate::show(const QList<ConflictDecision> &now)
{
    const QPointer<DecisionModel> guard = q;        // a view may destroy the model
    const qsizetype before = decisions.size();
    qsizetype row = 0;
    for (qsizetype next = 0; guard && next < now.size(); ++row) {
        if (row < decisions.size() && decisions.at(row).id > now.at(next).id)
            remove(row--);
        else if (row == decisions.size() || decisions.at(row).id != now.at(next).id)
            insert(row, now.at(next++));
        else
            replace(row, now.at(next++));
    }
    while (guard && row < decisions.size())
        remove(decisions.size() - 1);
    if (guard && decisions.size() != before)
        Q_EMIT q->countChanged();
}

void DecisionModelPrivate::remove(qsizetype row)
{
    q->beginRemoveRows({}, int(row), int(row));
    decisions.remove(row);
    q->endRemoveRows();
}

void DecisionModelPrivate::insert(qsizetype row, const ConflictDecision &decision)
{
    q->beginInsertRows({}, int(row), int(row));
    decisions.insert(row, decision);
    q->endInsertRows();
}

void DecisionModelPrivate::replace(qsizetype row, const ConflictDecision &decision)
{
    if (decisions.at(row) == decision)
        return;
    decisions[row] = decision;
    Q_EMIT q->dataChanged(q->index(int(row)), q->index(int(row)));
}

void DecisionModelPrivate::setReady(bool value)
{
    if (std::exchange(ready, value) != value)
        Q_EMIT q->readyChanged();
}

void DecisionModelPrivate::setError(const Error &value)
{
    if (error == value)
        return;
    const QPointer<DecisionModel> guard = q;
    error = value;
    Q_EMIT q->errorChanged();
    if (guard && value.isError())
        link.report(value);
}

/*!
    \class Tideline::DecisionModel
    \inmodule Tideline
    \since 0.1
    \brief The journal of automatic decisions in conflicts as a list, for QML and Widgets: the newest first.

    Rows come, go and change one by one while the application works, and the model is never reset. Belongs to the thread of its
    store, which it never blocks.

    Roles are \c decision (its number), \c type, \c key, \c mutation, \c fields (a list of {name, policy, base, mine, theirs, result}), \c
    taken (DecisionModel::Side: what the result is of all fields), \c at, \c undone.

    What became of undo() is told by undone() and failed().
*/

/*! Constructs an empty model without a store, owned by \a parent. */
DecisionModel::DecisionModel(QObject *parent) : DecisionModel(nullptr, parent) { }

/*! Constructs the model of \a store, owned by \a parent. */
DecisionModel::DecisionModel(DataStore *store, QObject *parent) : QAbstractListModel(parent), d(std::make_unique<DecisionModelPrivate>(this))
{
    setStore(store);
}

DecisionModel::~DecisionModel() = default;

/*! \property Tideline::DecisionModel::store
    \brief Whose decisions are listed. In QML the nearest DataStore unless set. */
DataStore *DecisionModel::store() const
{
    return d->store;
}

void DecisionModel::setStore(DataStore *store)
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

/*! \property Tideline::DecisionModel::type
    \brief Name of the model type; empty: all of them. */
QString DecisionModel::type() const
{
    return d->type;
}

void DecisionModel::setType(const QString &type)
{
    if (d->type == type)
        return;
    d->type = type;
    d->read();
    Q_EMIT typeChanged();
}

/*! \property Tideline::DecisionModel::key
    \brief The record of the type; empty: all of them. */
QString DecisionModel::key() const
{
    return d->key;
}

void DecisionModel::setKey(const QString &key)
{
    if (d->key == key)
        return;
    d->key = key;
    d->read();
    Q_EMIT keyChanged();
}

/*! \property Tideline::DecisionModel::limit
    \brief How many are listed at most; 100 unless set. */
int DecisionModel::limit() const
{
    return d->limit;
}

void DecisionModel::setLimit(int limit)
{
    if (d->limit == limit)
        return;
    d->limit = limit;
    d->read();
    Q_EMIT limitChanged();
}

/*! \property Tideline::DecisionModel::count
    \brief How many rows there are. */
int DecisionModel::count() const
{
    return int(d->decisions.size());
}

/*! \property Tideline::DecisionModel::ready
    \brief Whether the rows are those of an open store. */
bool DecisionModel::isReady() const
{
    return d->ready;
}

/*! \property Tideline::DecisionModel::error
    \brief Why the list could not be read; also told by LiveHost::errorOccurred(). */
Error DecisionModel::error() const
{
    return d->error;
}

/*! Empties the list; error() is \a error until the next success. */
void DecisionModel::fail(const Error &error)
{
    d->show({});
    d->setError(error);
}

/*! Returns what stands in \a row, which must be one. */
ConflictDecision DecisionModel::decision(int row) const
{
    return d->decisions.at(row);
}

/*! Returns a QVariantMap of the roles of \a row by name, empty outside the range; see LiveQuery::get(). */
QVariant DecisionModel::get(int row) const
{
    QVariantMap values;
    if (row < 0 || row >= count())
        return values;
    const QHash<int, QByteArray> names = roleNames();
    for (auto name = names.cbegin(); name != names.cend(); ++name)
        values.insert(QString::fromUtf8(*name), data(index(row), name.key()));
    return values;
}

/*! Gives the record of \a row what the decision did not take, or the values of \a side; see DataStore::undo(). */
void DecisionModel::undo(int row, Side side)
{
    if (row < 0 || row >= count() || !d->store)
        return;
    const ConflictSide wanted = side == Side::Mine ? ConflictSide::Mine : side == Side::Theirs ? ConflictSide::Theirs : ConflictSide::NotTaken;
    const qint64 id = decision(row).id;
    d->store->undo(id, wanted).then(this, [this, id](const Result<Receipt> &saved) {
        if (saved)
            Q_EMIT undone(id);
        else
            Q_EMIT failed(id, saved.error());
    });
}

int DecisionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

static DecisionModel::Side takenOf(const ConflictDecision &decision)
{
    const auto all = [&decision](auto isSide) { return std::all_of(decision.fields.begin(), decision.fields.end(), isSide); };
    if (all([](const ConflictDecision::Field &field) { return field.result == field.theirs; }))
        return DecisionModel::Side::Theirs;
    return all([](const ConflictDecision::Field &field) { return field.result == field.mine; }) ? DecisionModel::Side::Mine : DecisionModel::Side::Mixed;
}

static QVariantList fieldsOf(const ConflictDecision &decision)
{
    using namespace Qt::StringLiterals;
    QVariantList fields;
    for (const ConflictDecision::Field &field : decision.fields) {
        fields.append(QVariantMap{{u"name"_s, field.name}, {u"policy"_s, field.policy}, {u"base"_s, field.base.toVariant()},
                                  {u"mine"_s, field.mine.toVariant()}, {u"theirs"_s, field.theirs.toVariant()},
                                  {u"result"_s, field.result.toVariant()}});
    }
    return fields;
}

QVariant DecisionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConflictDecision &decision = d->decisions.at(index.row());
    switch (role) {
    case DecisionRole: return decision.id;
    case TypeRole: return decision.model;
    case Qt::DisplayRole:
    case KeyRole: return decision.key;
    case MutationRole: return decision.mutation;
    case FieldsRole: return fieldsOf(decision);
    case TakenRole: return int(takenOf(decision));
    case AtRole: return QDateTime::fromMSecsSinceEpoch(decision.at);
    case UndoneRole: return decision.undone != 0;
    default: return {};
    }
}

QHash<int, QByteArray> DecisionModel::roleNames() const
{
    return {{DecisionRole, "decision"}, {TypeRole, "type"}, {KeyRole, "key"}, {MutationRole, "mutation"}, {FieldsRole, "fields"},
            {TakenRole, "taken"}, {AtRole, "at"}, {UndoneRole, "undone"}};
}

} // namespace Tideline
