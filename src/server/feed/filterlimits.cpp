// SPDX-License-Identifier: MIT
#include "server/feed/filterlimits.h"

#include <QtCore/QStringList>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr qsizetype MostCombinations = 10;
constexpr qsizetype MostComparisons = 5;
constexpr qsizetype MostValues = 5;

using Combination = QStringList;                        // the fields that are compared
using Combinations = Result<QList<Combination>>;        // one of them must hold

Error exceeded(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

QList<Combination> anything()
{
    return {Combination()};
}

Combinations either(Combinations all, const Combinations &more)
{
    if (!all || !more)
        return all ? more : all;
    *all += *more;
    if (all->size() > MostCombinations)
        return exceeded(u"Filters combination exceed maximum limit %1"_s.arg(MostCombinations));
    return all;
}

Result<Combination> joined(const Combination &some, const Combination &others)
{
    for (const QString &field : others) {
        if (some.contains(field))
            return exceeded(u"filter uses same fieldName multiple time: %1"_s.arg(field));
    }
    if (some.size() + others.size() > MostComparisons)
        return exceeded(u"Filters exceed maximum attributes limit %1"_s.arg(MostComparisons));
    return some + others;
}

Combinations both(Combinations some, const Combinations &others)
{
    if (!some || !others)
        return some ? others : some;
    Combinations all = QList<Combination>();
    for (const Combination &left : *some) {
        for (const Combination &right : *others) {
            const Result<Combination> combination = joined(left, right);
            if (!combination)
                return combination.error();
            all = either(std::move(all), QList<Combination>{*combination});
            if (!all)
                return all;
        }
    }
    return all;
}

Combinations ofField(const QString &field, const Value::Object &operators)
{
    Combinations all = QList<Combination>();
    for (const auto &[op, operand] : operators) {
        if ((op == u"in" || op == u"notIn") && operand.toList().size() > MostValues)
            return exceeded(u"Filters exceed maximum attributes limit: \"%1\" takes %2 values"_s.arg(op).arg(MostValues));
        all = either(std::move(all), QList<Combination>{Combination{field}});
    }
    return all && all->isEmpty() ? anything() : all;
}

Combinations ofObject(const Value &filter);

Combinations ofGroup(const Value &members, Combinations (*join)(Combinations, const Combinations &))
{
    const QList<Value> list = members.kind() == Value::Kind::List ? members.toList() : QList<Value>{members};
    if (list.isEmpty())
        return anything();
    Combinations all = ofObject(list.first());
    for (const Value &member : list.sliced(1))
        all = join(std::move(all), ofObject(member));
    return all;
}

Combinations ofObject(const Value &filter)
{
    Combinations all = anything();
    for (const auto &[name, member] : filter.toObject()) {
        if (member.isNull() || !all)
            continue;
        const Combinations more = name == u"or" ? ofGroup(member, either)
            : name == u"and" ? ofGroup(member, both)
                             : ofField(name, member.toObject());
        all = both(std::move(all), more);
    }
    return all;
}

} // namespace

Result<void> checkFilterLimits(const Value &filter)
{
    const Combinations combinations = ofObject(filter);
    return combinations ? Result<void>() : Result<void>(combinations.error());
}

} // namespace Tideline::Server
