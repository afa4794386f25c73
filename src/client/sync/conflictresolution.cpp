// SPDX-License-Identifier: MIT
#include "client/sync/conflictresolution_p.h"

#include <QtCore/QDateTime>

#include <algorithm>
#include <limits>

namespace Tideline {

using Side = FieldResolution::Side;

static int compared(qint64 a, qint64 b) noexcept
{
    return a < b ? -1 : int(a > b);
}

// Two times may be written with different offsets.
static int comparedTimes(const Value &a, const Value &b)
{
    const QDateTime first = QDateTime::fromString(a.toText(), Qt::ISODateWithMs);
    const QDateTime second = QDateTime::fromString(b.toText(), Qt::ISODateWithMs);
    if (!first.isValid() || !second.isValid() || first == second)
        return compareText(a.toText(), b.toText());
    return first < second ? -1 : 1;
}

static int compared(const FieldType &type, const Value &a, const Value &b)
{
    if (a.kind() == Value::Kind::Integer && b.kind() == Value::Kind::Integer)
        return compared(a.toInteger(), b.toInteger());
    if (a.kind() != Value::Kind::Text)
        return a.toDouble() < b.toDouble() ? -1 : int(a.toDouble() > b.toDouble());
    return type.scalar == Scalar::AWSDateTime ? comparedTimes(a, b) : compareText(a.toText(), b.toText());
}

static Side greater(const FieldType &type, const Value &mine, const Value &theirs, int sign)
{
    if (mine.isNull() || theirs.isNull())
        return mine.isNull() ? Side::Theirs : Side::Mine;
    return compared(type, mine, theirs) * sign > 0 ? Side::Mine : Side::Theirs;
}

static qint64 plus(qint64 a, qint64 b) noexcept
{
    qint64 sum = 0;
    if (!__builtin_add_overflow(a, b, &sum))
        return sum;
    return a > 0 ? std::numeric_limits<qint64>::max() : std::numeric_limits<qint64>::min();
}

static qint64 minus(qint64 a, qint64 b) noexcept
{
    qint64 difference = 0;
    if (!__builtin_sub_overflow(a, b, &difference))
        return difference;
    return a > b ? std::numeric_limits<qint64>::max() : std::numeric_limits<qint64>::min();
}

/* Null counts as nothing, 0. */
static Value sum(const FieldType &type, const Value &base, const Value &mine, const Value &theirs)
{
    if (type.scalar == Scalar::Float)
        return theirs.toDouble() + (mine.toDouble() - base.toDouble());
    return plus(theirs.toInteger(), minus(mine.toInteger(), base.toInteger()));
}

// What is in a and not in b, each occurrence of b taking one away.
static Value::List without(const Value::List &a, Value::List b)
{
    Value::List left;
    for (const Value &value : a) {
        if (const qsizetype place = b.indexOf(value); place >= 0)
            b.removeAt(place);
        else
            left.append(value);
    }
    return left;
}

static Value::List united(const Value::List &base, const Value::List &mine, const Value::List &theirs)
{
    Value::List result;
    for (const Value &value : theirs + mine) {
        const bool removed = base.contains(value) && !(mine.contains(value) && theirs.contains(value));
        if (!removed && !result.contains(value))
            result.append(value);
    }
    return result;
}

static Value::List commonBeginning(const Value::List &a, const Value::List &b)
{
    qsizetype length = 0;
    while (length < a.size() && length < b.size() && a.at(length) == b.at(length))
        ++length;
    return a.first(length);
}

static bool startsWith(const Value::List &list, const Value::List &beginning)
{
    return list.size() >= beginning.size() && std::equal(beginning.begin(), beginning.end(), list.begin());
}

bool growsFrom(const Value &base, const Value &list)
{
    return startsWith(list.toList(), base.toList());
}

static FieldResolution sided(const Value &value, const Value &mine, const Value &theirs)
{
    if (value == theirs)
        return {theirs, Side::Theirs};
    return value == mine ? FieldResolution{mine, Side::Mine} : FieldResolution{value, Side::Mixed};
}

static FieldResolution joined(ConflictPolicy policy, const std::optional<Value> &base, const Value &mine, const Value &theirs)
{
    const Value::List ours = mine.toList();
    if (policy == ConflictPolicy::Set)
        return sided(united(base ? base->toList() : Value::List(), ours, theirs.toList()), mine, theirs);
    const Value::List begun = base ? base->toList() : commonBeginning(ours, theirs.toList());
    return sided(theirs.toList() + without(ours, begun), mine, theirs);
}

Value appendedOnce(const Value &base, const Value &mine, const Value &theirs)
{
    const Value::List begun = base.toList();
    return theirs.toList() + without(without(mine.toList(), begun), without(theirs.toList(), begun));
}

Value withoutMerge(const Value &base, const Value &mine, const Value &theirs)
{
    const Value::List sent = mine.toList();
    const Value::List all = theirs.toList();
    if (base.toList().isEmpty() || sent.isEmpty() || startsWith(all, sent))
        return theirs;
    const qsizetype from = growsFrom(base, theirs) ? base.toList().size() : 0;
    const auto copy = std::search(all.cbegin() + from, all.cend(), sent.cbegin(), sent.cend());
    if (copy == all.cend())
        return theirs;
    const qsizetype place = copy - all.cbegin();
    return all.first(place) + without(sent, base.toList()) + all.mid(place + sent.size());
}

static bool hasTwice(const Value::List &list)
{
    return std::any_of(list.begin(), list.end(), [&list](const Value &value) { return list.count(value) > 1; });
}

Value withoutCopies(const Value &set)
{
    const Value::List all = set.toList();
    return hasTwice(all) ? Value(united({}, {}, all)) : set;
}

std::optional<Value> beforeMerge(const Value &mine, const Value &theirs)
{
    Value::List all = theirs.toList();
    const Value::List sent = mine.toList();
    if (sent.isEmpty() || !hasTwice(all))
        return {};
    const auto copy = std::find_end(all.begin(), all.end(), sent.begin(), sent.end());
    if (copy == all.end())
        return {};
    all.erase(copy, copy + sent.size());
    return all;
}

FieldResolution resolveField(const FieldType &type, ConflictPolicy policy, const std::optional<Value> &base, const Value &mine,
                             const Value &theirs, qint64 minesTime, qint64 theirsTime)
{
    if (base == theirs)
        return {mine, Side::Mine};              // only this side changed it
    if (base == mine)
        return {theirs, Side::Theirs};
    if (policy == ConflictPolicy::Sum && base)
        return sided(sum(type, *base, mine, theirs), mine, theirs);
    if (mine == theirs)
        return {theirs, Side::Theirs};
    const auto of = [&](Side side) { return FieldResolution{side == Side::Mine ? mine : theirs, side}; };
    switch (policy) {
    case ConflictPolicy::Theirs:
        return of(Side::Theirs);
    case ConflictPolicy::Newest:
        return of(minesTime > theirsTime ? Side::Mine : Side::Theirs);
    case ConflictPolicy::Maximum:
        return of(greater(type, mine, theirs, 1));
    case ConflictPolicy::Minimum:
        return of(greater(type, mine, theirs, -1));
    case ConflictPolicy::Set:
    case ConflictPolicy::Append:
        return joined(policy, base, mine, theirs);
    case ConflictPolicy::Mine:
    case ConflictPolicy::Sum:                   // how much was added is not known
    case ConflictPolicy::Ask:
        break;
    }
    return of(Side::Mine);
}

} // namespace Tideline
