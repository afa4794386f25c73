// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"
#include "core/data/sortorder.h"

#include <QtCore/QDebug>

#include <rapidcheck.h>

#include <algorithm>
#include <ostream>

// Random values, records, predicates and sort keys of a schema, for rapidcheck. All that is generated is
// valid; pools are small, so that comparisons of independent draws are often true.
namespace Tideline {

inline void showValue(const Value &value, std::ostream &os) { os << qPrintable(value.toJsonText()); }
inline void showValue(const Record &record, std::ostream &os) { os << qPrintable(QDebug::toString(record)); }
inline void showValue(const Predicate &predicate, std::ostream &os) { os << qPrintable(QDebug::toString(predicate)); }
inline void showValue(const SortKey &key, std::ostream &os)
{
    os << (key.order == Qt::DescendingOrder ? "-" : "") << qPrintable(key.path);
}

namespace Generate {

inline rc::Gen<QString> oneOf(const QStringList &pool)
{
    return rc::gen::elementOf(std::vector<QString>(pool.begin(), pool.end()));
}

/*! Short text: empty, ASCII, wildcards, NUL, both cases, a combining accent, both ends of the surrogate range, supplementary planes. */
inline rc::Gen<QString> text()
{
    const QStringList pieces {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("A"), QStringLiteral("%"),
                              QStringLiteral("_"), QStringLiteral("\""), QStringLiteral("\\"), QStringLiteral(","),
                              QString(QChar(u'\0')), QString(QChar(1)), QString(QChar(0x7f)), QString(QChar(0xe9)), QString(QChar(0xc9)),
                              QString(QChar(0x301)),
                              QString(QChar(0x7ff)), QString(QChar(0x800)), QString(QChar(0xd7ff)), QString(QChar(0xe000)),
                              QString(QChar(0xfffd)), QString::fromUcs4(U"\U00010000"), QString::fromUcs4(U"\U0001F600"),
                              QString::fromUcs4(U"\U0010FFFF")};
    return rc::gen::map(rc::gen::resize(4, rc::gen::container<std::vector<QString>>(oneOf(pieces))),
                        [](const std::vector<QString> &parts) { return QStringList(parts.begin(), parts.end()).join(QString()); });
}

inline rc::Gen<qint64> integer32()
{
    return rc::gen::weightedOneOf<qint64>({{4, rc::gen::inRange<qint64>(-3, 8)},
                                           {1, rc::gen::element<qint64>(-2147483648LL, 2147483647LL)},
                                           {1, rc::gen::cast<qint64>(rc::gen::arbitrary<qint32>())}});
}

inline rc::Gen<qint64> integer64()
{
    return rc::gen::weightedOneOf<qint64>({{4, rc::gen::inRange<qint64>(-3, 8)},
                                           {1, rc::gen::element<qint64>(std::numeric_limits<qint64>::min(),
                                                                        std::numeric_limits<qint64>::max(), 9007199254740991LL,
                                                                        9007199254740992LL, 9007199254740993LL, -9007199254740993LL)},
                                           {1, rc::gen::arbitrary<qint64>()}});
}

inline rc::Gen<double> number()
{
    return rc::gen::weightedOneOf<double>({{4, rc::gen::map(rc::gen::inRange(-4, 9), [](int n) { return n / 2.0; })},
                                           {2, rc::gen::element(0.0, -0.0, 1e308, -1e308, 5e-324, -5e-324, 9007199254740992.0,
                                              std::numeric_limits<double>::max(), 0.1, 0.30000000000000004)},
                                           {1, rc::gen::arbitrary<double>()}});
}

inline rc::Gen<QString> scalarText(Scalar scalar)
{
    switch (scalar) {
    case Scalar::AWSDate:
        return oneOf({QStringLiteral("2024-05-31"), QStringLiteral("2024-02-29"), QStringLiteral("1999-12-31Z"),
                      QStringLiteral("2024-05-31+05:30"), QStringLiteral("2024-05-31Z")});
    case Scalar::AWSTime:
        return oneOf({QStringLiteral("12:30"), QStringLiteral("12:30:24.500"), QStringLiteral("00:00:00Z"),
                      QStringLiteral("12:30-08:00"), QStringLiteral("12:30:24.5Z")});
    case Scalar::AWSDateTime:
        return oneOf({QStringLiteral("2024-05-31T12:30:00.000Z"), QStringLiteral("2024-05-31T12:30:00+02:00"),
                      QStringLiteral("1970-01-01T00:00Z"), QStringLiteral("2024-05-31T10:30:00Z"),
                      QStringLiteral("2024-05-31T12:30:00-11:00")});
    case Scalar::AWSEmail:
        return oneOf({QStringLiteral("a@b"), QStringLiteral("john@doe.com")});
    case Scalar::AWSJSON:
        return oneOf({QStringLiteral("{}"), QStringLiteral("[1,2]"), QStringLiteral("\"a\""), QStringLiteral("true")});
    case Scalar::AWSURL:
        return oneOf({QStringLiteral("http://localhost/"), QStringLiteral("https://example.org/a?b=c")});
    case Scalar::AWSPhone:
        return oneOf({QStringLiteral("+44 20 7946 0000"), QStringLiteral("123-456")});
    case Scalar::AWSIPAddress:
        return oneOf({QStringLiteral("127.0.0.1"), QStringLiteral("::1"), QStringLiteral("10.0.0.0/8")});
    default:
        return text();
    }
}

inline rc::Gen<Value> scalar(Scalar scalar)
{
    switch (scalar) {
    case Scalar::Boolean:
        return rc::gen::cast<Value>(rc::gen::arbitrary<bool>());
    case Scalar::Int:
        return rc::gen::cast<Value>(integer32());
    case Scalar::AWSTimestamp:
        return rc::gen::cast<Value>(integer64());
    case Scalar::Float:
        return rc::gen::cast<Value>(number());
    default:
        return rc::gen::cast<Value>(scalarText(scalar));
    }
}

rc::Gen<Value> value(const Schema &schema, const FieldType &type);

/*! A value of \a type, never null; for a list, one of its elements. */
inline rc::Gen<Value> single(const Schema &schema, const FieldType &type)
{
    if (type.kind == FieldType::Kind::Scalar)
        return scalar(type.scalar);
    if (type.kind == FieldType::Kind::Enum)
        return rc::gen::cast<Value>(oneOf(schema.enumType(type.name)->values));
    return rc::gen::exec([schema, name = type.name] {
        Value::Object object;
        for (const SchemaField &field : schema.embeddedType(name)->fields)
            object.append({field.name, *value(schema, field.type)});
        return Value(object);
    });
}

inline rc::Gen<Value> optional(rc::Gen<Value> gen, bool required)
{
    return required ? gen : rc::gen::weightedOneOf<Value>({{1, rc::gen::just(Value())}, {4, std::move(gen)}});
}

/*! A value that a field of \a type may hold; sometimes null unless required. */
inline rc::Gen<Value> value(const Schema &schema, const FieldType &type)
{
    if (!type.list)
        return optional(single(schema, type), type.required);
    const rc::Gen<Value> element = optional(single(schema, type), type.elementRequired);
    return optional(rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<Value>>(element)),
                                 [](const std::vector<Value> &v) { return Value(Value::List(v.begin(), v.end())); }),
                    type.required);
}

/*! A record of \a model with valid values; key texts are not empty. */
inline rc::Gen<Record> record(const Schema &schema, const std::shared_ptr<const ModelType> &model)
{
    return rc::gen::exec([schema, model] {
        std::vector<Value> values;
        for (int i = 0; i < int(model->fields.size()); ++i) {
            values.push_back(*value(schema, model->fields[size_t(i)].type));
            const bool key = std::find(model->primaryKey.begin(), model->primaryKey.end(), i) != model->primaryKey.end();
            if (key && values.back().kind() == Value::Kind::Text && values.back().toText().isEmpty())
                values.back() = QStringLiteral("k");
        }
        return Record(model, std::move(values));
    });
}

inline std::vector<Predicate::Operator> operatorsFor(const FieldType &type)
{
    using enum Predicate::Operator;
    std::vector<Predicate::Operator> ops {Eq, Ne, AttributeExists};
    const bool embedded = type.kind == FieldType::Kind::Embedded;
    const bool json = type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::AWSJSON;
    if (type.list && !embedded)
        ops.insert(ops.end(), {Contains, NotContains});
    if (type.list || embedded || json)
        return ops;
    ops.insert(ops.end(), {Lt, Le, Gt, Ge, Between, In, NotIn});
    const bool number = type.kind == FieldType::Kind::Scalar
        && (type.scalar == Scalar::Int || type.scalar == Scalar::Float || type.scalar == Scalar::Boolean
            || type.scalar == Scalar::AWSTimestamp);
    if (!number)
        ops.insert(ops.end(), {Contains, NotContains, BeginsWith});
    return ops;
}

inline bool sortsBefore(const Value &a, const Value &b)
{
    if (a.kind() == Value::Kind::Text)
        return compareText(a.toText(), b.toText()) < 0;
    if (a.kind() == Value::Kind::Boolean)
        return !a.toBool() && b.toBool();
    return a.kind() == Value::Kind::Integer ? a.toInteger() < b.toInteger() : a.toDouble() < b.toDouble();
}

inline QList<Value> operands(const Schema &schema, const FieldType &type, Predicate::Operator op)
{
    using enum Predicate::Operator;
    const bool onlyNull = type.list || type.kind == FieldType::Kind::Embedded;
    switch (op) {
    case Eq:
    case Ne:
        return {onlyNull ? Value() : *optional(single(schema, type), false)};
    case AttributeExists:
        return {*rc::gen::arbitrary<bool>()};
    case Between: {
        QList<Value> ends {*single(schema, type), *single(schema, type)};
        std::sort(ends.begin(), ends.end(), sortsBefore);
        return ends;
    }
    case In:
    case NotIn: {
        const auto members = *rc::gen::resize(12, rc::gen::container<std::vector<Value>>(single(schema, type)));
        return {members.begin(), members.end()};
    }
    case Lt:
    case Le:
    case Gt:
    case Ge:
    case Contains:
    case NotContains:
    case BeginsWith:
        break;
    }
    return {*single(schema, type)};
}

inline rc::Gen<Predicate> comparison(const Schema &schema, const std::shared_ptr<const ModelType> &model)
{
    return rc::gen::exec([schema, model] {
        const SchemaField &field = model->fields[*rc::gen::inRange<size_t>(0, model->fields.size())];
        const Predicate::Operator op = *rc::gen::elementOf(operatorsFor(field.type));
        return Predicate::compare(field.name, op, operands(schema, field.type, op));
    });
}

/*! A predicate that can be bound to \a model, nested at most \a depth times; through relations when \a relations. */
inline rc::Gen<Predicate> predicate(const Schema &schema, const std::shared_ptr<const ModelType> &model, bool relations = true,
                                    int depth = 3)
{
    return rc::gen::exec([schema, model, relations, depth] {
        const int kind = depth > 0 ? *rc::gen::inRange(0, 10) : 0;
        if (kind == 9)
            return *rc::gen::element(Predicate::all(), Predicate::none());
        if (kind == 8)
            return !*predicate(schema, model, relations, depth - 1);
        if (kind == 7 && relations && !model->relations.empty()) {
            const Relation &relation = *rc::gen::elementOf([&model] {
                std::vector<const Relation *> all;
                for (const Relation &each : model->relations)
                    all.push_back(&each);
                return all;
            }()).operator*();
            const std::shared_ptr<const ModelType> target = schema.target(relation);
            if (*rc::gen::inRange(0, 3) > 0)
                return Predicate::related(relation.name, *predicate(schema, target, true, depth - 1));
            const Predicate other = *comparison(schema, target);
            return Predicate::compare(relation.name + u'.' + other.field(), other.op(), other.operands());
        }
        if (kind < 5)
            return *comparison(schema, model);
        const auto children = *rc::gen::resize(4, rc::gen::container<std::vector<Predicate>>(
                                                      predicate(schema, model, relations, depth - 1)));
        const QList<Predicate> list(children.begin(), children.end());
        return kind == 5 ? Predicate::allOf(list) : Predicate::anyOf(list);
    });
}

inline std::vector<QString> sortableNames(const ModelType &model)
{
    std::vector<QString> names;
    for (const SchemaField &field : model.fields) {
        if (!field.type.list && field.type.kind != FieldType::Kind::Embedded)
            names.push_back(field.name);
    }
    return names;
}

/*! The fields that \a model can be sorted by, also through at most \a depth relations to one record. */
inline std::vector<QString> sortPaths(const Schema &schema, const ModelType &model, int depth)
{
    std::vector<QString> names = sortableNames(model);
    for (const Relation &relation : model.relations) {
        if (depth == 0 || relation.kind == Relation::Kind::HasMany)
            continue;
        for (const QString &name : sortPaths(schema, *schema.target(relation), depth - 1))
            names.push_back(relation.name + u'.' + name);
    }
    return names;
}

inline rc::Gen<QList<SortKey>> sortKeys(const std::vector<QString> &names)
{
    return rc::gen::exec([names] {
        QList<SortKey> keys;
        for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
            keys.append({*rc::gen::elementOf(names),
                         *rc::gen::element(Qt::AscendingOrder, Qt::DescendingOrder)});
        }
        return keys;
    });
}

/*! Up to three sort keys of \a model's own fields. */
inline rc::Gen<QList<SortKey>> sortKeys(const std::shared_ptr<const ModelType> &model)
{
    return sortKeys(sortableNames(*model));
}

} // namespace Generate
} // namespace Tideline

namespace rc {

template<>
struct Arbitrary<QString>
{
    static Gen<QString> arbitrary() { return Tideline::Generate::text(); }
};

} // namespace rc

inline void showValue(const QString &text, std::ostream &os)
{
    os << qPrintable(QDebug::toString(text));
}
