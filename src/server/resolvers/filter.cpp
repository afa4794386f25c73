// SPDX-License-Identifier: MIT
#include "server/resolvers/filter.h"

#include "server/auth/accesspolicy.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

class Filter::Compiler
{
public:
    Compiler(const Schema &schema, std::shared_ptr<const ModelType> model, Operators operators)
        : m_schema(schema), m_model(std::move(model)), m_operators(operators) { }

    [[nodiscard]] Result<Node> group(Kind kind, const Value::List &members);
    [[nodiscard]] Result<Node> object(const Value &value);
    [[nodiscard]] Result<Node> comparison(const QString &field, const QString &name, const Value &operand);

private:
    [[nodiscard]] Result<Node> field(const QString &name, const Value &operators);
    [[nodiscard]] Result<Node> stored(const QString &field, const QString &name, const Value &operand);
    [[nodiscard]] Result<Node> size(int field, const Value &operators);
    [[nodiscard]] static QList<Value> operandsOf(const Value &operand);
    [[nodiscard]] static Node constant(bool value);
    [[nodiscard]] static bool isText(const FieldType &type);
    [[nodiscard]] static bool holdsForNull(Predicate::Operator op, const QList<Value> &operands);

    const Schema &m_schema;
    const std::shared_ptr<const ModelType> m_model;
    const Operators m_operators;
};

QList<Value> Filter::Compiler::operandsOf(const Value &operand)
{
    return operand.kind() == Value::Kind::List ? operand.toList() : QList<Value>{operand};
}

Filter::Node Filter::Compiler::constant(bool value)
{
    Node node;
    node.kind = Kind::Constant;
    node.constant = value;
    return node;
}

Result<Filter::Node> Filter::Compiler::group(Kind kind, const Value::List &members)
{
    Node node;
    node.kind = members.isEmpty() ? Kind::And : kind;       // an empty group matches everything
    for (const Value &member : members) {
        Result<Node> child = object(member);
        if (!child)
            return child;
        node.children.push_back(std::move(child).value());
    }
    return node;
}

Result<Filter::Node> Filter::Compiler::object(const Value &value)
{
    Node node;
    for (const auto &[name, member] : value.toObject()) {
        if (member.isNull())
            continue;
        Result<Node> child = name == u"and" ? group(Kind::And, operandsOf(member))
            : name == u"or"                 ? group(Kind::Or, operandsOf(member))
            : name == u"not"                ? group(Kind::Not, {member})
                                            : field(name, member);
        if (!child)
            return child;
        node.children.push_back(std::move(child).value());
    }
    return node.children.size() == 1 ? std::move(node.children.front()) : node;
}

Result<Filter::Node> Filter::Compiler::field(const QString &name, const Value &operators)
{
    Node node;
    node.kind = m_operators == Operators::Any && !operators.toObject().isEmpty() ? Kind::Or : Kind::And;
    for (const auto &[op, operand] : operators.toObject()) {
        Result<Node> child = comparison(name, op, operand);
        if (!child)
            return child;
        node.children.push_back(std::move(child).value());
    }
    return node.children.size() == 1 ? std::move(node.children.front()) : node;
}

// Filters give dates, enums and their like as plain text, which need not be a whole value of the field.
bool Filter::Compiler::isText(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return false;
    return type.kind == FieldType::Kind::Enum
        || (type.scalar != Scalar::Int && type.scalar != Scalar::Float && type.scalar != Scalar::Boolean && type.scalar != Scalar::AWSTimestamp);
}

bool Filter::Compiler::holdsForNull(Predicate::Operator op, const QList<Value> &operands)
{
    return Filter::compare(op, {}, operands);
}

Result<Filter::Node> Filter::Compiler::comparison(const QString &name, const QString &opName, const Value &operand)
{
    Result<Node> node = stored(name, opName, operand);
    const int field = m_model->fieldIndex(name);
    const QList<Value> operands = operandsOf(operand);
    const bool exact = std::ranges::any_of(operands, [](const Value &value) { return value.toText().contains(u"::"); });
    if (!node || field < 0 || exact || !showsOwnersShort(*m_model, field))
        return node;
    Node shown;
    shown.kind = Kind::Shown;
    shown.field = field;
    shown.children.push_back(std::move(node).value());
    return shown;
}

Result<Filter::Node> Filter::Compiler::stored(const QString &name, const QString &opName, const Value &operand)
{
    const int field = m_model->fieldIndex(name);
    if (opName == u"size")
        return size(field, operand);
    Node node;
    node.field = field;
    node.operands = operandsOf(operand);
    if (opName == u"attributeType") {
        node.kind = Kind::AttributeType;
        return node;
    }
    const std::optional<Predicate::Operator> op = Predicate::operatorFromName(opName);
    if (!op)
        return Error(Error::Code::InvalidArgument, u"A filter knows no operator \"%1\"."_s.arg(opName)).withField(name);
    if (name == u"_deleted") {
        node.kind = Kind::Deleted;
        node.op = *op;
        return node;
    }
    if (field < 0)
        return constant(holdsForNull(*op, node.operands));
    if (*op == Predicate::Operator::Between && node.operands.size() != 2)
        return Error(Error::Code::InvalidArgument, u"\"between\" on %1 needs exactly two values."_s.arg(name)).withField(name);
    Result<BoundPredicate> bound = BoundPredicate::bind(m_schema, m_model, Predicate::compare(name, *op, node.operands));
    if (!bound && isText(m_model->fields[size_t(field)].type)) {
        node.kind = Kind::Plain;
        node.op = *op;
        return node;
    }
    if (!bound && m_model->fields[size_t(field)].type.list) {    // a whole list, or a value that no list is equal to
        node.kind = Kind::Plain;
        node.op = *op;
        if (*op == Predicate::Operator::Eq || *op == Predicate::Operator::Ne)
            node.operands = {operand};
        return node;
    }
    if (!bound)
        return bound.error();
    node.kind = Kind::Compare;
    node.predicate = std::move(bound).value();
    return node;
}

Result<Filter::Node> Filter::Compiler::size(int field, const Value &operators)
{
    Node node;
    for (const auto &[name, operand] : operators.toObject()) {
        const std::optional<Predicate::Operator> op = Predicate::operatorFromName(name);
        if (!op)
            return Error(Error::Code::InvalidArgument, u"\"size\" knows no operator \"%1\"."_s.arg(name));
        Node &child = node.children.emplace_back();
        child.kind = Kind::Size;
        child.op = *op;
        child.operands = operandsOf(operand);
        child.field = field;
    }
    return node;
}

Result<Filter> Filter::make(const Schema &schema, const std::shared_ptr<const ModelType> &model, const Value &argument,
                            Operators operators)
{
    Result<Node> root = Compiler(schema, model, operators).object(argument);
    if (!root)
        return root.error();
    Filter filter;
    filter.m_root = std::move(root).value();
    return filter;
}

Filter Filter::none()
{
    Filter filter;
    filter.m_root.kind = Kind::Constant;
    filter.m_root.constant = false;
    return filter;
}

Result<Filter> Filter::equal(const Schema &schema, const std::shared_ptr<const ModelType> &model, const Value::Object &values)
{
    Compiler compiler(schema, model, Operators::All);
    Filter filter;
    for (const auto &[field, value] : values) {
        Result<Node> node = compiler.comparison(field, u"eq"_s, value);
        if (!node)
            return node.error();
        filter.m_root.children.push_back(std::move(node).value());
    }
    return filter;
}

static bool haveOrder(const Value &a, const Value &b)
{
    const auto isNumber = [](const Value &value) { return value.kind() == Value::Kind::Integer || value.kind() == Value::Kind::Double; };
    return (a.kind() == Value::Kind::Text && b.kind() == Value::Kind::Text) || (isNumber(a) && isNumber(b));
}

static int order(const Value &a, const Value &b)
{
    if (a.kind() == Value::Kind::Text)
        return compareText(a.toText(), b.toText());
    return a.toDouble() < b.toDouble() ? -1 : a.toDouble() > b.toDouble();
}

// What core's predicates leave out: sizes, _deleted, text of another format, whole lists, and null for fields that no record has.
bool Filter::compare(Predicate::Operator op, const Value &value, const QList<Value> &operands)
{
    using Operator = Predicate::Operator;
    const Value first = operands.value(0);
    const bool ordered = haveOrder(value, first);
    switch (op) {
    case Operator::Eq:
        return value == first;
    case Operator::Ne:
        return !(value == first);
    case Operator::Lt:
        return ordered && order(value, first) < 0;
    case Operator::Le:
        return ordered && order(value, first) <= 0;
    case Operator::Gt:
        return ordered && order(value, first) > 0;
    case Operator::Ge:
        return ordered && order(value, first) >= 0;
    case Operator::Between:
        return ordered && order(value, first) >= 0 && order(value, operands.value(1)) <= 0;
    case Operator::In:
        return operands.contains(value);
    case Operator::NotIn:
        return !operands.contains(value);
    case Operator::NotContains:
        return !compare(Operator::Contains, value, operands);
    case Operator::AttributeExists:
        return first.toBool() != value.isNull();
    case Operator::Contains:
        return ordered && value.toText().contains(first.toText());
    case Operator::BeginsWith:
        return ordered && value.toText().startsWith(first.toText());
    }
    Q_UNREACHABLE();
}

// DynamoDB's names of what an attribute holds.
bool Filter::hasType(const Record &record, int field, const QString &name)
{
    const Value value = field < 0 ? Value() : record.value(field);
    if (name == u"_null")
        return value.isNull();
    switch (value.kind()) {
    case Value::Kind::Null:
        return false;
    case Value::Kind::Boolean:
        return name == u"bool";
    case Value::Kind::Integer:
    case Value::Kind::Double:
        return name == u"number";
    case Value::Kind::Text:
        return name == u"string";
    case Value::Kind::List:
        return name == u"list";
    case Value::Kind::Object:
        return name == u"map";
    }
    Q_UNREACHABLE();
}

// DynamoDB's size(): of text its UTF-8 length, of a list or map the number of its members.
static Value sizeOf(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Text:
        return qint64(value.toText().toUtf8().size());
    case Value::Kind::List:
        return qint64(value.toList().size());
    case Value::Kind::Object:
        return qint64(value.toObject().size());
    case Value::Kind::Null:
    case Value::Kind::Boolean:
    case Value::Kind::Integer:
    case Value::Kind::Double:
        break;
    }
    return {};
}

bool Filter::matchesShown(const Node &node, const Record &record)
{
    Record shown = record;
    shown.setValue(node.field, shortOwner(record.value(node.field)));
    return matches(node.children.front(), shown);
}

bool Filter::matches(const Node &node, const Record &record)
{
    const auto matchesNode = [&record](const Node &child) { return matches(child, record); };
    switch (node.kind) {
    case Kind::And:
        return std::ranges::all_of(node.children, matchesNode);
    case Kind::Or:
        return std::ranges::any_of(node.children, matchesNode);
    case Kind::Not:
        return !matches(node.children.front(), record);
    case Kind::Compare:
        return node.predicate.matches(record);
    case Kind::Constant:
        return node.constant;
    case Kind::Plain:
        return compare(node.op, record.value(node.field), node.operands);
    case Kind::Deleted:                                     // the attribute is true or absent
        return compare(node.op, record.metadata().deleted ? Value(true) : Value(), node.operands);
    case Kind::Size: {
        const Value size = node.field < 0 ? Value() : sizeOf(record.value(node.field));
        return !size.isNull() && compare(node.op, size, node.operands);
    }
    case Kind::Shown:
        return matchesShown(node, record);
    case Kind::AttributeType:
        return !node.operands.isEmpty() && hasType(record, node.field, node.operands.first().toText());
    }
    Q_UNREACHABLE();
}

static Equalities equalitiesOf(const Facet &facet, Predicate::Operator op, const QList<Value> &operands)
{
    if (op == Predicate::Operator::Eq)
        return Equalities::among(facet, {operands.value(0)});
    return op == Predicate::Operator::In ? Equalities::among(facet, operands) : Equalities();
}

static Equalities equalitiesOf(const BoundPredicate::Node &node, Facet::How how)
{
    if (node.kind == Predicate::Kind::None)
        return Equalities::never();
    return node.kind == Predicate::Kind::Compare ? equalitiesOf({node.field, how}, node.op, node.operands) : Equalities();
}

// Of a comparison.
Equalities Filter::equalities(const Node &node, Facet::How how)
{
    switch (node.kind) {
    case Kind::Compare:
        return equalitiesOf(node.predicate.root(), how);
    case Kind::Plain:
        return equalitiesOf({node.field, how}, node.op, node.operands);
    case Kind::Constant:
        return node.constant ? Equalities() : Equalities::never();
    case Kind::And:
    case Kind::Or:
    case Kind::Not:
    case Kind::Deleted:
    case Kind::Size:
    case Kind::AttributeType:
    case Kind::Shown:
        break;
    }
    return {};
}

Equalities Filter::equalities(const Node &node, const std::function<bool(int field)> &mayUse)
{
    Equalities result;
    switch (node.kind) {
    case Kind::And:
        for (const Node &child : node.children)
            result = result.both(equalities(child, mayUse));
        return result;
    case Kind::Or:
        result = Equalities::never();
        for (const Node &child : node.children)
            result = result.either(equalities(child, mayUse));
        return result;
    case Kind::Compare:
    case Kind::Plain:
    case Kind::Constant:
        return node.field >= 0 && !mayUse(node.field) ? Equalities() : equalities(node, Facet::How::Stored);
    case Kind::Shown:
        return mayUse(node.field) ? equalities(node.children.front(), Facet::How::Shown) : Equalities();
    case Kind::Not:
    case Kind::Deleted:
    case Kind::Size:
    case Kind::AttributeType:
        break;
    }
    return result;
}

} // namespace Tideline::Server
