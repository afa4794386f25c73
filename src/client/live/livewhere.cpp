// SPDX-License-Identifier: MIT
#include "client/live/livewhere_p.h"

#include "client/live/livetext_p.h"
#include "core/data/qmlvalues_p.h"

namespace Tideline {

// A JavaScript object comes from QML in a type of its own, which knows how to become a map.
static QVariant plain(const QVariant &variant)
{
    const QMetaType type = variant.metaType();
    if (type == QMetaType::fromType<std::nullptr_t>())
        return {};
    const bool known = type == QMetaType::fromType<QVariantMap>() || type == QMetaType::fromType<QString>();
    return !known && variant.canConvert<QVariantMap>() ? QVariant(variant.toMap()) : variant;
}

LiveWhere LiveWhere::fromVariant(const QVariant &variant)
{
    LiveWhere where{.given = plain(variant), .predicate = {}, .error = {}};
    if (!where.given.isValid())
        return where;
    if (holdsUndefined(where.given)) {
        where.error = Error(Error::Code::InvalidArgument, LiveText::tr("The condition contains undefined. Where a field is to be null, say null."));
        return where;
    }
    const Result<Predicate> predicate = Predicate::fromVariant(where.given);
    if (predicate)
        where.predicate = *predicate;
    else
        where.error = predicate.error();
    return where;
}

LiveWhere LiveWhere::fromPredicate(const Predicate &predicate)
{
    return {.given = predicate.toJson().toVariantMap(), .predicate = predicate, .error = {}};
}

} // namespace Tideline
