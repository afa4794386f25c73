// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"

#include "client/live/livequery_p.h"

namespace Tideline {

/*! Constructs a live query without a store, owned by \a parent. */
LiveQuery::LiveQuery(QObject *parent) : QAbstractListModel(parent), d(std::make_unique<LiveQueryPrivate>(this)) { }

/*! Constructs a live query over \a store, owned by \a parent. It lives in the store's thread. */
LiveQuery::LiveQuery(LiveHost *store, QObject *parent) : LiveQuery(parent)
{
    d->setHost(store);
}

/*! Destroys the live query; allowed in slots of its own signals that come after a change. */
LiveQuery::~LiveQuery() = default;

/*! \property Tideline::LiveQuery::store
    \brief Where the records come from; not owned. While it is closed the list is empty. */
LiveHost *LiveQuery::store() const
{
    return d->link.host();
}

void LiveQuery::setStore(LiveHost *store)
{
    if (d->link.host() == store)
        return;
    const QPointer<LiveQuery> guard = this;
    d->setHost(store);
    if (guard)
        Q_EMIT storeChanged();
}

/*! \property Tideline::LiveQuery::type
    \brief The model type's name. A view learns the roles with its first row: set another type before it shows rows. */
QString LiveQuery::type() const
{
    return d->spec.type;
}

void LiveQuery::setType(const QString &type)
{
    if (d->spec.type == type)
        return;
    d->spec.type = type;
    d->scheduleRequery();
    Q_EMIT typeChanged();
}

/*! \property Tideline::LiveQuery::where
    \brief Which records: AppSync's filter grammar as a map, as \c{({quantity: {gt: 0}})}; undefined or null: all.
    With undefined inside it is a mistake that error() tells, and there are no rows. */
QVariant LiveQuery::where() const
{
    return d->where.given;
}

void LiveQuery::setWhere(const QVariant &where)
{
    setWhere(LiveWhere::fromVariant(where));
}

/*! Sets where from C++. */
void LiveQuery::setPredicate(const Predicate &predicate)
{
    setWhere(LiveWhere::fromPredicate(predicate));
}

void LiveQuery::setWhere(const LiveWhere &where)
{
    if (where.given == d->where.given && where.error == d->where.error)
        return;
    d->where = where;
    d->scheduleRequery();
    Q_EMIT whereChanged();
}

/*! \property Tideline::LiveQuery::sort
    \brief Fields to sort by, "-" before a name for descending, through belongsTo and hasOne with dots; then by key. */
QStringList LiveQuery::sort() const
{
    return d->spec.sort;
}

void LiveQuery::setSort(const QStringList &sort)
{
    if (d->spec.sort == sort)
        return;
    d->spec.sort = sort;
    d->scheduleRequery();
    Q_EMIT sortChanged();
}

/*! \property Tideline::LiveQuery::limit
    \brief How many rows at most; -1, the default: all. When one leaves, the next comes in. */
int LiveQuery::limit() const
{
    return d->spec.limit;
}

void LiveQuery::setLimit(int limit)
{
    limit = std::max(limit, -1);
    if (d->spec.limit == limit)
        return;
    d->spec.limit = limit;
    d->scheduleRequery();
    Q_EMIT limitChanged();
}

/*! \property Tideline::LiveQuery::include
    \brief Relation paths that become roles, as "product.name" (role productName) or "product" (a map). */
QStringList LiveQuery::include() const
{
    return d->spec.include;
}

void LiveQuery::setInclude(const QStringList &include)
{
    if (d->spec.include == include)
        return;
    d->spec.include = include;
    d->scheduleRequery();
    Q_EMIT includeChanged();
}

/*! \property Tideline::LiveQuery::count
    \brief The number of rows; of all that match, as far as limit allows, whether their values are here or not. */
int LiveQuery::count() const
{
    return d->shown ? d->shown->count() : 0;
}

/*! \property Tideline::LiveQuery::ready
    \brief Whether the rows are those of the present properties, the first of them at least. */
bool LiveQuery::isReady() const
{
    return d->ready;
}

/*! \property Tideline::LiveQuery::error
    \brief Why the list is empty although it should not be, or why values did not come; none after the next success. */
Error LiveQuery::error() const
{
    return d->error;
}

/*! Returns a QVariantMap of the values of \a row by role name, as a QVariant because qmllint of Qt 6.4 knows no
    names in a map. It is empty outside the range, and while they are on the way (dataChanged() tells when they came). */
QVariant LiveQuery::get(int row) const
{
    QVariantMap map;
    const LiveRow *values = row >= 0 && row < count() ? d->shown->row(row) : nullptr;
    if (!values)
        return map;
    const LivePlan &plan = d->shown->plan();
    for (const LiveRole &role : plan.roles)
        map.insert(QString::fromUtf8(role.name), plan.value(*values, role));
    return map;
}

/*! Returns the row of the record with \a key; -1 when it is not in the list. Visits every row. When the sort order
    has a part of the key before other fields, it finds rows whose values are loaded only. */
int LiveQuery::indexOf(const QString &key) const
{
    return d->shown ? d->shown->find(key) : -1;
}

/*! Returns the record of \a row; null outside the range, and while it is on the way. */
Record LiveQuery::record(int row) const
{
    const LiveRow *values = row >= 0 && row < count() ? d->shown->row(row) : nullptr;
    return values ? values->record : Record();
}

/*! Empties the list because of \a error, which error() and LiveHost::errorOccurred() then tell. */
void LiveQuery::fail(const Error &error)
{
    d->report(error);
}

int LiveQuery::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

/*! Returns the value of \a role; invalid while it is on the way, which asking starts. */
QVariant LiveQuery::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= count())
        return {};
    const LivePlan &plan = d->shown->plan();
    const int number = plan.roleAt(role);
    if (number < 0)
        return {};
    const LiveRow *row = d->shown->row(index.row());
    return row ? plan.value(*row, plan.roles[size_t(number)]) : QVariant();
}

QHash<int, QByteArray> LiveQuery::roleNames() const
{
    return d->roleNames();
}

} // namespace Tideline
