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

bool Values::isTelling(const ModelType &model, int field) const
{
    const FieldType &type = model.fields[size_t(field)].type;
    if (!isWritable(model, field) || type.list || type.kind != FieldType::Kind::Scalar || repeats(model, field))
        return false;
    return type.scalar == Scalar::String || type.scalar == Scalar::ID || type.scalar == Scalar::Int || type.scalar == Scalar::Float;
}

Value Values::of(const ModelType &model, int field)
{
    const FieldType &type = model.fields[size_t(field)].type;
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
