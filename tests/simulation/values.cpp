// SPDX-License-Identifier: MIT
#include "simulation/values_p.h"

#include <algorithm>

namespace TidelineTest {

QString Values::newKey()
{
    return u"r%1"_s.arg(++m_last);
}

bool Values::isForeignKey(const ModelType &model, int field)
{
    return std::any_of(model.relations.begin(), model.relations.end(), [field](const Relation &relation) {
        return relation.kind == Relation::Kind::BelongsTo
            && std::find(relation.localFields.begin(), relation.localFields.end(), field) != relation.localFields.end();
    });
}

bool Values::isWritable(const ModelType &model, int field)
{
    const SchemaField &column = model.fields[size_t(field)];
    const bool isKey = std::find(model.primaryKey.begin(), model.primaryKey.end(), field) != model.primaryKey.end();
    return !isKey && !column.readOnly && !column.implicit && column.type.kind != FieldType::Kind::Embedded
        && !isForeignKey(model, field);
}

// Some fields have few values, whatever their type.
static bool repeats(const ModelType &model, int field)
{
    return (model.number + field) % 3 == 1;
}

static bool isUnique(Scalar scalar)
{
    return scalar == Scalar::String || scalar == Scalar::ID || scalar == Scalar::Int || scalar == Scalar::Float;
}

static Values::Telling tellingOf(ConflictPolicy policy, const FieldType &type)
{
    const bool isNumber = !type.list && type.scalar == Scalar::Int;
    const bool isList = type.list && isUnique(type.scalar);
    switch (policy) {
    case ConflictPolicy::Sum:
        return isNumber ? Values::Telling::Sum : Values::Telling::Nothing;
    case ConflictPolicy::Maximum:
        return isNumber ? Values::Telling::Greatest : Values::Telling::Nothing;
    case ConflictPolicy::Minimum:
        return isNumber ? Values::Telling::Least : Values::Telling::Nothing;
    case ConflictPolicy::Set:
        return isList ? Values::Telling::Members : Values::Telling::Nothing;
    case ConflictPolicy::Append:
        return isList ? Values::Telling::Sequence : Values::Telling::Nothing;
    case ConflictPolicy::Mine:
    case ConflictPolicy::Theirs:
    case ConflictPolicy::Newest:
    case ConflictPolicy::Ask:
        break;
    }
    return !type.list && isUnique(type.scalar) ? Values::Telling::Last : Values::Telling::Nothing;
}

static bool isCombined(Values::Telling telling)
{
    return telling != Values::Telling::Nothing && telling != Values::Telling::Last;
}

Values::Telling Values::telling(const ModelType &model, int field) const
{
    const FieldType &type = model.fields[size_t(field)].type;
    if (!isWritable(model, field) || type.kind != FieldType::Kind::Scalar)
        return Telling::Nothing;
    const Telling telling = tellingOf(m_rules.ofField(model, field).value_or(ConflictPolicy::Mine), type);
    return telling == Telling::Last && repeats(model, field) ? Telling::Nothing : telling;
}

Value Values::of(const ModelType &model, int field)
{
    const FieldType &type = model.fields[size_t(field)].type;
    if (isCombined(telling(model, field)))
        return after(model, field, {});
    if (!type.required && repeats(model, field) && m_world.chance(150))
        return {};
    const bool isText = type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::String;
    if (isText && !type.list && repeats(model, field))
        return u"few%1"_s.arg(m_world.pick(3));
    if (!type.list)
        return one(type);
    Value::List list;
    for (quint64 left = m_world.pick(3); left > 0; --left)
        list.append(one(type));
    return list;
}

Value Values::after(const ModelType &model, int field, const Value &shown)
{
    const FieldType &type = model.fields[size_t(field)].type;
    switch (telling(model, field)) {
    case Telling::Sum:
        // mostly one more, as others count it too
        return shown.toInteger() + (m_world.chance(300) ? -m_world.between(1, 4) : std::max<qint64>(1, m_world.between(-5, 3)));
    case Telling::Greatest:
        return shown.toInteger() + m_world.between(1, 50);
    case Telling::Least:
        return shown.toInteger() - m_world.between(1, 50);
    case Telling::Members:
        return members(type, shown, true);
    case Telling::Sequence:
        return members(type, shown, false);
    case Telling::Nothing:
    case Telling::Last:
        break;
    }
    return of(model, field);
}

Value Values::members(const FieldType &type, const Value &shown, bool mayLose)
{
    Value::List list = shown.toList();
    const bool loses = mayLose && !list.isEmpty() && m_world.chance(400);
    if (loses)
        list.removeAt(qsizetype(m_world.pick(quint64(list.size()))));
    for (quint64 left = m_world.pick(3) + (loses ? 0 : 1); left > 0; --left)
        list.append(one(type));
    return list;
}

Value Values::one(const FieldType &type)
{
    if (type.kind == FieldType::Kind::Scalar)
        return ofScalar(type.scalar);
    const QStringList values = m_world.schema.enumType(type.name)->values;
    return values.at(qsizetype(m_world.pick(quint64(values.size()))));
}

Value Values::ofScalar(Scalar scalar)
{
    const quint64 few = m_world.pick(4);
    switch (scalar) {
    case Scalar::ID:
    case Scalar::String:
        return u"v%1"_s.arg(++m_last);
    case Scalar::Int:
        return ++m_last;
    case Scalar::Float:
        return ++m_last + 0.5;
    case Scalar::Boolean:
        return few % 2 == 0;
    case Scalar::AWSDate:
        return u"2024-02-0%1"_s.arg(few + 1);
    case Scalar::AWSTime:
        return u"1%1:00:00.000Z"_s.arg(few);
    case Scalar::AWSDateTime:
        return u"2024-02-0%1T10:00:00.000Z"_s.arg(few + 1);
    case Scalar::AWSTimestamp:
        return qint64(1'700'000'000) + qint64(few);
    case Scalar::AWSEmail:
        return u"user%1@example.com"_s.arg(few);
    case Scalar::AWSJSON:
        return u"{\"few\":%1}"_s.arg(few);
    case Scalar::AWSURL:
        return u"https://example.com/%1"_s.arg(few);
    case Scalar::AWSPhone:
        return u"+4930123456%1"_s.arg(few);
    case Scalar::AWSIPAddress:
        return u"192.0.2.%1"_s.arg(few);
    }
    return {};
}

QString describe(const Record &record)
{
    if (record.isNull())
        return u"nothing"_s;
    QStringList values;
    for (size_t field = 0; field < record.model()->fields.size(); ++field) {
        const SchemaField &column = record.model()->fields[field];
        if (!column.readOnly && !record.value(int(field)).isNull())
            values.append(column.name + u'=' + record.value(int(field)).toJsonText());
    }
    const SyncMetadata &metadata = record.metadata();
    return u"%1/%2 v%3%4 at %5 state %6 {%7}"_s.arg(record.model()->name, record.key()).arg(metadata.version)
        .arg(metadata.deleted ? u" deleted"_s : QString()).arg(metadata.lastChangedAt).arg(int(record.state())).arg(values.join(u' '));
}

} // namespace TidelineTest
