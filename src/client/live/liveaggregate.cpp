// SPDX-License-Identifier: MIT
#include "client/live/liveaggregate.h"

#include "client/live/liveaggregate_p.h"

namespace Tideline {

/*!
    \class Tideline::LiveAggregate
    \inmodule Tideline
    \since 0.1
    \brief count, sum, min, max or avg over a query, kept true by change sets.

    Belongs to its host's thread. Counts, sums and averages follow each change in memory; when the smallest or largest
    value leaves, or a condition goes through relations, the store is asked again. Until the new value is
    there the old one stays.
*/

/*! Constructs an aggregate without a store, owned by \a parent. */
LiveAggregate::LiveAggregate(QObject *parent) : QObject(parent), d(std::make_unique<LiveAggregatePrivate>(this)) { }

/*! Destroys the aggregate; allowed in slots of its own signals. */
LiveAggregate::~LiveAggregate() = default;

/*! \property Tideline::LiveAggregate::store
    \brief Where the records are; not owned. */
LiveHost *LiveAggregate::store() const
{
    return d->link.host();
}

void LiveAggregate::setStore(LiveHost *store)
{
    if (d->link.host() == store)
        return;
    const QPointer<LiveAggregate> guard = this;
    d->setHost(store);
    if (guard)
        Q_EMIT storeChanged();
}

/*! \property Tideline::LiveAggregate::type
    \brief The model type's name. */
QString LiveAggregate::type() const
{
    return d->type;
}

void LiveAggregate::setType(const QString &type)
{
    if (d->type == type)
        return;
    d->type = type;
    d->scheduleRead();
    Q_EMIT typeChanged();
}

/*! \property Tideline::LiveAggregate::where
    \brief Which records, as in LiveQuery; undefined or null: all. With undefined inside it is a mistake that error() tells, and there is no value. */
QVariant LiveAggregate::where() const
{
    return d->where.given;
}

void LiveAggregate::setWhere(const QVariant &where)
{
    setWhere(LiveWhere::fromVariant(where));
}

/*! Sets where from C++. */
void LiveAggregate::setPredicate(const Predicate &predicate)
{
    setWhere(LiveWhere::fromPredicate(predicate));
}

void LiveAggregate::setWhere(const LiveWhere &where)
{
    if (where.given == d->where.given && where.error == d->where.error)
        return;
    d->where = where;
    d->scheduleRead();
    Q_EMIT whereChanged();
}

/*! \property Tideline::LiveAggregate::kind
    \brief What is computed; Count is the default. */
LiveAggregate::Kind LiveAggregate::kind() const
{
    return d->kind;
}

void LiveAggregate::setKind(Kind kind)
{
    if (d->kind == kind)
        return;
    d->kind = kind;
    d->scheduleRead();
    Q_EMIT kindChanged();
}

/*! \property Tideline::LiveAggregate::field
    \brief Over which field: a number for Sum and Avg, no list or embedded type for Min and Max. Count without a
    field counts records, with one those where it is not null. */
QString LiveAggregate::field() const
{
    return d->field;
}

void LiveAggregate::setField(const QString &field)
{
    if (d->field == field)
        return;
    d->field = field;
    d->scheduleRead();
    Q_EMIT fieldChanged();
}

/*! \property Tideline::LiveAggregate::value
    \brief The result; undefined until ready. The sum of nothing is 0, Min, Max and Avg of nothing are null. */
QVariant LiveAggregate::value() const
{
    return d->value;
}

/*! \property Tideline::LiveAggregate::ready
    \brief Whether there is a value. */
bool LiveAggregate::isReady() const
{
    return d->ready;
}

/*! \property Tideline::LiveAggregate::error
    \brief Why there is none. */
Error LiveAggregate::error() const
{
    return d->error;
}

/*! Drops the value because of \a error, which error() and LiveHost::errorOccurred() then tell. */
void LiveAggregate::fail(const Error &error)
{
    d->fail(error);
}

} // namespace Tideline
