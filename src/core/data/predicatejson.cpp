// SPDX-License-Identifier: MIT
#include "core/data/predicate.h"

#include "core/coretext_p.h"
#include "core/data/scalars_p.h"
#include "core/data/value_p.h"
#include "core/suggestion.h"

#include <QtCore/QJsonArray>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

using Operator = Predicate::Operator;

bool takesList(Operator op)
{
    return op == Operator::Between || op == Operator::In || op == Operator::NotIn;
}

QStringList operatorNames()
{
    QStringList names;
    for (int op = 0; op <= int(Operator::AttributeExists); ++op)
        names += Predicate::operatorName(Operator(op));
    return names;
}

// Adds what was probably meant by a name that is no operator; some are those of other query languages.
QString withOperator(const QString &sentence, const QString &name)
{
    static const QHash<QString, Operator> elsewhere {
        {u"gte"_s, Operator::Ge}, {u"lte"_s, Operator::Le}, {u"neq"_s, Operator::Ne}, {u"equals"_s, Operator::Eq},
        {u"startsWith"_s, Operator::BeginsWith}, {u"includes"_s, Operator::Contains}, {u"exists"_s, Operator::AttributeExists},
    };
    const auto found = elsewhere.constFind(name);
    if (found != elsewhere.constEnd())
        return didYouMean(sentence, Predicate::operatorName(*found));
    return withSuggestion(sentence, name, operatorNames());
}

// Reads the filter grammar from plain values, whichever of JSON and QVariant they came from.
class FilterReader
{
public:
    Result<Predicate> filter(const Value &value)
    {
        if (value.kind() != Value::Kind::Object)
            return failure(CoreText::tr("%1 needs an object such as {\"quantity\": {\"gt\": 0}}, not %2").arg(Subject, shown(value)));
        QList<Predicate> conditions;
        for (const Value::Member &member : value.toObject()) {
            Result<Predicate> condition = at(member.first, [&] { return filterMember(member.first, member.second); });
            if (!condition)
                return condition;
            conditions += std::move(condition).value();
        }
        return Predicate::allOf(conditions);
    }

private:
    template<typename Read>
    Result<Predicate> at(const QString &step, Read read)
    {
        const qsizetype before = m_path.size();
        if (!m_path.isEmpty() && !step.startsWith(u'['))
            m_path += u'.';
        m_path += step;
        Result<Predicate> result = read();
        m_path.truncate(before);
        return result;
    }

    Error failure(const QString &sentence) const
    {
        const QString subject = m_path.isEmpty() ? CoreText::tr("The condition") : CoreText::tr("The condition at \"%1\"").arg(m_path);
        return Error(Error::Code::InvalidArgument, about(subject, problem(sentence))).withField(m_field);
    }

    Result<Predicate> group(const QString &name, const Value &value)
    {
        if (value.kind() != Value::Kind::List)
            return failure(CoreText::tr("%1 needs a list of conditions, not %2").arg(Subject, shown(value)));
        QList<Predicate> conditions;
        for (const Value &element : value.toList()) {
            Result<Predicate> condition = at(u"[%1]"_s.arg(conditions.size()), [&] { return filter(element); });
            if (!condition)
                return condition;
            conditions += std::move(condition).value();
        }
        return name == "and"_L1 ? Predicate::allOf(conditions) : Predicate::anyOf(conditions);
    }

    Result<Predicate> filterMember(const QString &name, const Value &value)
    {
        if (name == "and"_L1 || name == "or"_L1)
            return group(name, value);
        if (name == "not"_L1) {
            if (value.kind() == Value::Kind::List)
                return failure(CoreText::tr("%1 needs one condition, not a list; write {\"not\": {\"or\": [...]}}").arg(Subject));
            const Result<Predicate> condition = filter(value);
            return condition ? Predicate::negation(*condition) : condition;
        }
        m_field = name;
        return field(name, value);
    }

    // {"gt": 3, "le": 5} compares a field; {"name": {"eq": "x"}} and {"or": [...]} go through a relation
    Result<Predicate> field(const QString &name, const Value &value)
    {
        if (value.kind() != Value::Kind::Object) {
            return failure(CoreText::tr("%1 needs an object with an operator, such as {\"eq\": %2}, not %3")
                               .arg(Subject, value.kind() == Value::Kind::List ? u"..."_s : value.toJsonText(), shown(value)));
        }
        QList<Predicate> comparisons;
        Value::Object nested;
        for (const Value::Member &member : value.toObject()) {
            if (isNested(member)) {
                nested += member;
                continue;
            }
            Result<Predicate> comparison = at(member.first, [&] { return compare(name, member.first, member.second); });
            if (!comparison)
                return comparison;
            comparisons += std::move(comparison).value();
        }
        if (!nested.isEmpty() || comparisons.isEmpty()) {
            const Result<Predicate> condition = filter(nested);
            if (!condition)
                return condition;
            comparisons += Predicate::related(name, *condition);
        }
        return Predicate::allOf(comparisons);
    }

    static bool isNested(const Value::Member &member)
    {
        const bool group = member.first == "and"_L1 || member.first == "or"_L1 || member.first == "not"_L1;
        return group || member.second.kind() == Value::Kind::Object;        // no operator takes an object
    }

    Result<Predicate> compare(const QString &name, const QString &opName, const Value &value)
    {
        const std::optional<Operator> op = Predicate::operatorFromName(opName);
        if (!op)
            return failure(withOperator(CoreText::tr("%1 has no operator \"%2\"").arg(Subject, opName), opName));
        if (!takesList(*op))
            return Predicate::compare(name, *op, {value});
        if (value.kind() != Value::Kind::List)
            return failure(CoreText::tr("%1 needs a list, not %2").arg(Subject, shown(value)));
        return Predicate::compare(name, *op, value.toList());
    }

    QString m_path;
    QString m_field;
};

QJsonValue operandsToJson(Operator op, const QList<Value> &operands)
{
    if (!takesList(op) && operands.size() == 1)
        return operands.first().toJson();
    return Value(operands).toJson();
}

QJsonArray toJsonArray(const QList<Predicate> &predicates)
{
    QJsonArray array;
    for (const Predicate &predicate : predicates)
        array.append(predicate.toJson());
    return array;
}

} // namespace

/*!
    Reads AppSync's filter grammar. {} matches everything, {not: {}} nothing. Errors are
    InvalidArgument and say where in \a json they are. Whether fields and operands suit a model type
    is checked by BoundPredicate::bind().
*/
Result<Predicate> Predicate::fromJson(const QJsonObject &json)
{
    return FilterReader().filter(Value::fromJson(json));
}

/*!
    Reads the same grammar from what QML hands over: a QVariantMap; nothing (\c undefined, \c null)
    matches everything. Dates, URLs and the like may be operands.
*/
Result<Predicate> Predicate::fromVariant(const QVariant &variant)
{
    if (variant.isNull())
        return all();
    const std::optional<Value> value = plainValue(variant);
    if (!value) {
        return Error(Error::Code::InvalidArgument,
                     CoreText::tr("The condition contains a value that cannot be compared: an invalid date, a function or an object "
                                  "of another type; operands are texts, numbers, true, false, null, dates and lists of these"));
    }
    return FilterReader().filter(*value);
}

/*! Returns the predicate in AppSync's filter grammar; fromJson() gives an equal predicate back. */
QJsonObject Predicate::toJson() const
{
    switch (kind()) {
    case Kind::All:
        return {};
    case Kind::None:
        return {{u"not"_s, QJsonObject()}};
    case Kind::And:
        return {{u"and"_s, toJsonArray(children())}};
    case Kind::Or:
        return {{u"or"_s, toJsonArray(children())}};
    case Kind::Not:
        return {{u"not"_s, children().first().toJson()}};
    case Kind::Compare:
        return {{field(), QJsonObject {{operatorName(op()), operandsToJson(op(), operands())}}}};
    case Kind::Related:
        return {{field(), children().first().toJson()}};
    }
    return {};
}

} // namespace Tideline
