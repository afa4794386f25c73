// SPDX-License-Identifier: MIT
#include "client/decisionmodel.h"

#include "client/listreader_p.h"

#include <QtCore/QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

class DecisionModelPrivate final : public ListReader<DecisionModel, ConflictDecision>
{
public:
    using ListReader::ListReader;

    void decisionsChanged() override { read(); }

    QString type;
    QString key;
    int limit = 100;

private:
    [[nodiscard]] std::function<Result<QList<ConflictDecision>>(ReadTransaction &)> job() const override
    {
        return [type = type, key = key, limit = limit](ReadTransaction &transaction) { return transaction.decisions(type, key, limit); };
    }
    [[nodiscard]] bool precedes(const ConflictDecision &a, const ConflictDecision &b) const override { return a.id > b.id; }
};

/*!
    \class Tideline::DecisionModel
    \inmodule Tideline
    \since 0.1
    \brief The journal of automatic decisions in conflicts as a list, for QML and Widgets: the newest first.

    Rows come, go and change one by one while the application works, and the model is never reset. Belongs to the thread of its
    store, which it never blocks.

    Roles are \c decision (its number), \c type, \c key, \c mutation, \c fields (a list of {name, policy, base, mine, theirs, result}), \c
    taken (DecisionModel::Side: what the result is of all fields), \c at, \c undone, \c deletion ("mine" or "theirs" where that side
    deleted the record; undoing removes it or makes it anew).

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
    d->setStore(store);
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
    return int(d->rows.size());
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
    return d->rows.at(row);
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

/*! \overload
    failed() tells InvalidArgument, of decision 0, when \a row is no whole number. */
void DecisionModel::undo(const QVariant &row, Side side)
{
    d->withRow(row, u"undo"_s, Error::Phase::Save, [this, side](int place) { undo(place, side); });
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
    QVariantList fields;
    for (const ConflictDecision::Field &field : decision.fields) {
        fields.append(QVariantMap{{u"name"_s, field.name}, {u"policy"_s, field.policy}, {u"base"_s, field.base.toVariant()},
                                  {u"mine"_s, field.mine.toVariant()}, {u"theirs"_s, field.theirs.toVariant()},
                                  {u"result"_s, field.result.toVariant()}});
    }
    return fields;
}

static QString deletionOf(const ConflictDecision &decision)
{
    return decision.deletion == DeletingSide::Mine ? u"mine"_s : decision.deletion == DeletingSide::Theirs ? u"theirs"_s : QString();
}

QVariant DecisionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConflictDecision &decision = d->rows.at(index.row());
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
    case DeletionRole: return deletionOf(decision);
    default: return {};
    }
}

QHash<int, QByteArray> DecisionModel::roleNames() const
{
    return {{DecisionRole, "decision"}, {TypeRole, "type"}, {KeyRole, "key"}, {MutationRole, "mutation"}, {FieldsRole, "fields"},
            {TakenRole, "taken"}, {AtRole, "at"}, {UndoneRole, "undone"}, {DeletionRole, "deletion"}};
}

} // namespace Tideline
