// SPDX-License-Identifier: MIT
#include "core/data/predicate.h"

#include "core/coretext_p.h"
#include "core/data/lookup_p.h"
#include "core/data/scalars_p.h"
#include "core/data/value_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

using Kind = Predicate::Kind;
using Operator = Predicate::Operator;
using Node = BoundPredicate::Node;
using Model = std::shared_ptr<const ModelType>;

// ---- which operators and operands suit a field ----

bool isJson(const FieldType &type)
{
    return type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::AWSJSON;
}

QString typeName(const FieldType &type)
{
    return type.list ? CoreText::tr("a list of %1").arg(type.name) : type.name;
}

bool isPartial(Operator op)         // the operand is a part of a text, not a text of the field's kind
{
    return op == Operator::Contains || op == Operator::NotContains || op == Operator::BeginsWith;
}

QList<Operator> suitableOperators(const FieldType &type)
{
    using enum Predicate::Operator;
    QList<Operator> ops {Eq, Ne, AttributeExists};
    if (type.list) {
        if (type.kind != FieldType::Kind::Embedded)
            ops << Contains << NotContains;
    } else if (type.kind != FieldType::Kind::Embedded && !isJson(type)) {
        ops << Lt << Le << Gt << Ge << Between << In << NotIn;
        if (storedKind(type) == Value::Kind::Text)
            ops << Contains << NotContains << BeginsWith;
    }
    return ops;
}

// What eq and ne compare with: a field whose content has no comparison only with null.
bool onlyNull(const FieldType &type, Operator op)
{
    return (op == Operator::Eq || op == Operator::Ne) && (type.list || type.kind == FieldType::Kind::Embedded);
}

Result<Value> textOperand(Scalar scalar, const QVariant &variant, bool partial)
{
    const bool plain = scalar == Scalar::ID || scalar == Scalar::String;
    const Result<Value> text = scalarFromVariant(plain ? scalar : Scalar::String, variant);
    if (!text)
        return mismatch(partial ? CoreText::tr("a text") : needed(scalar), shown(variant));
    // would compare, but not mean what it says: texts of different forms
    const bool dayOrTime = scalar == Scalar::AWSDate || scalar == Scalar::AWSTime;
    if (dayOrTime && !partial && isValidScalar(Scalar::AWSDateTime, text->toText()))
        return mismatch(needed(scalar), CoreText::tr("the date and time %1").arg(text->toText()));
    return text;
}

Result<Value> enumOperand(const Schema &schema, const FieldType &type, Operator op, const QVariant &variant)
{
    const EnumType *enumType = schema.enumType(type.name);
    if (!enumType)
        return missingType(type);
    const bool isValue = type.list || op == Operator::Eq || op == Operator::Ne || op == Operator::In || op == Operator::NotIn;
    const Result<Value> text = scalarFromVariant(Scalar::String, variant);
    if (!text)
        return mismatch(isValue ? needed(schema, type) : CoreText::tr("a text"), shown(variant));
    return isValue ? checkedEnumValue(*enumType, text->toText()) : text;
}

Result<Value> operandFor(const Schema &schema, const FieldType &type, Operator op, const Value &given)
{
    const QVariant variant = given.toVariant();
    if (type.kind == FieldType::Kind::Enum)
        return enumOperand(schema, type, op, variant);
    const bool ownText = storedElementKind(type) == Value::Kind::Text && !isJson(type);
    return ownText ? textOperand(type.scalar, variant, isPartial(op) && !type.list) : scalarFromVariant(type.scalar, variant);
}

// ---- nodes without what is decided already ----

Node constant(bool matches)
{
    return Node {.kind = matches ? Kind::All : Kind::None};
}

Node negated(Node child)
{
    if (child.kind == Kind::All || child.kind == Kind::None)
        return constant(child.kind == Kind::None);
    if (child.kind == Kind::Not) {
        Node inner = std::move(child.children.front());
        return inner;
    }
    Node node {.kind = Kind::Not};
    node.children.push_back(std::move(child));
    return node;
}

Node joined(Kind kind, std::vector<Node> children)
{
    const Kind neutral = kind == Kind::And ? Kind::All : Kind::None;
    const Kind decisive = kind == Kind::And ? Kind::None : Kind::All;
    if (std::any_of(children.begin(), children.end(), [&](const Node &child) { return child.kind == decisive; }))
        return constant(decisive == Kind::All);
    std::erase_if(children, [&](const Node &child) { return child.kind == neutral; });
    if (children.empty())
        return constant(neutral == Kind::All);
    if (children.size() == 1) {
        Node only = std::move(children.front());
        return only;
    }
    Node node {.kind = kind};
    node.children = std::move(children);
    return node;
}

void makeSet(QList<Value> &values)
{
    std::sort(values.begin(), values.end(), [](const Value &a, const Value &b) { return compareScalars(a, b) < 0; });
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

class Binder
{
public:
    explicit Binder(const Schema &schema) : m_schema(schema) { }

    [[nodiscard]] bool usedRelations() const noexcept { return m_usedRelations; }

    Result<Node> bind(const Model &model, const Predicate &predicate)
    {
        switch (predicate.kind()) {
        case Kind::All:
        case Kind::None:
            return constant(predicate.kind() == Kind::All);
        case Kind::And:
        case Kind::Or:
            return group(model, predicate);
        case Kind::Not: {
            Result<Node> child = bind(model, predicate.children().first());
            return child ? negated(std::move(child).value()) : child;
        }
        case Kind::Compare:
            return compare(model, predicate.field(), predicate);
        case Kind::Related:
            return related(*model, predicate.field(),
                           [&](const Model &target) { return bind(target, predicate.children().first()); });
        }
        return Node();
    }

private:
    Result<Node> group(const Model &model, const Predicate &predicate)
    {
        std::vector<Node> children;
        children.reserve(size_t(predicate.children().size()));
        for (const Predicate &child : predicate.children()) {
            Result<Node> node = bind(model, child);
            if (!node)
                return node;
            children.push_back(std::move(node).value());
        }
        return joined(predicate.kind(), std::move(children));
    }

    template<typename Condition>
    Result<Node> related(const ModelType &model, const QString &name, Condition condition)
    {
        const Result<RelationTarget> found = findRelation(m_schema, model, name);
        if (!found)
            return found.error();
        Result<Node> child = condition(found->model);
        if (!child || child->kind == Kind::None)
            return child;
        m_usedRelations = true;
        Node node {.kind = Kind::Related, .relation = found->relation, .target = found->model};
        node.children.push_back(std::move(child).value());
        return node;
    }

    Result<Node> compare(const Model &model, const QString &path, const Predicate &predicate)
    {
        const qsizetype dot = path.indexOf(u'.');
        if (dot >= 0) {
            return related(*model, path.first(dot),
                           [&](const Model &target) { return compare(target, path.sliced(dot + 1), predicate); });
        }
        const Result<int> field = findField(m_schema, *model, path);
        if (!field)
            return field.error();
        Result<Node> node = comparison(model->fields[size_t(*field)].type, predicate.op(), predicate.operands());
        if (!node) {
            const QString subject = u"%1.%2: %3"_s.arg(model->name, path, Predicate::operatorName(predicate.op()));
            return Error(Error::Code::InvalidArgument, about(subject, node.error())).withModel(model->name).withField(path);
        }
        if (node->kind == Kind::Compare)
            node->field = *field;
        return node;
    }

    static std::optional<Error> misfit(const FieldType &type, Operator op, qsizetype operands)
    {
        if (const QList<Operator> suitable = suitableOperators(type); !suitable.contains(op)) {
            QStringList names;
            for (const Operator other : suitable)
                names += Predicate::operatorName(other);
            return problem(CoreText::tr("%1 is no operator for %2; there are %3").arg(Subject, typeName(type), names.join(", "_L1)));
        }
        const bool anyNumber = op == Operator::In || op == Operator::NotIn;
        if (op == Operator::Between && operands != 2)
            return problem(CoreText::tr("%1 needs two operands, the low and the high end, not %2").arg(Subject, QString::number(operands)));
        if (op != Operator::Between && !anyNumber && operands != 1)
            return problem(CoreText::tr("%1 needs one operand, not %2").arg(Subject, QString::number(operands)));
        return {};
    }

    // The error is about "Model.field: operator"; the field's number is left to the caller.
    Result<Node> comparison(const FieldType &type, Operator op, const QList<Value> &operands)
    {
        if (const std::optional<Error> error = misfit(type, op, operands.size()))
            return *error;
        if (op == Operator::AttributeExists)
            return attributeExists(operands.first());
        Node node {.kind = Kind::Compare, .op = op};
        node.operands.reserve(operands.size());
        bool null = false;
        for (const Value &given : operands) {
            null = null || given.isNull();
            if (given.isNull()) {
                node.operands.append(Value());
                continue;
            }
            if (onlyNull(type, op))
                return comparesOnlyNull(type);
            Result<Value> operand = operandFor(m_schema, type, op, given);
            if (!operand)
                return operand.error();
            node.operands.append(std::move(operand).value());
        }
        return settled(std::move(node), null);
    }

    static Error comparesOnlyNull(const FieldType &type)
    {
        const QString sentence = suitableOperators(type).contains(Operator::Contains)
            ? CoreText::tr("%1 compares %2 only with null; ask for an element with contains")
            : CoreText::tr("%1 compares %2 only with null");
        return problem(sentence.arg(Subject, typeName(type)));
    }

    static Result<Node> attributeExists(const Value &operand)
    {
        if (operand.kind() != Value::Kind::Boolean)
            return mismatch(CoreText::tr("true or false"), shown(operand));
        return Node {.kind = Kind::Compare, .op = operand.toBool() ? Operator::Ne : Operator::Eq, .operands = {Value()}};
    }

    // Decides what does not depend on the record.
    static Result<Node> settled(Node node, bool null)
    {
        const bool positive = node.op != Operator::NotContains && node.op != Operator::NotIn;
        switch (node.op) {
        case Operator::In:
        case Operator::NotIn:
            if (null)
                return problem(CoreText::tr("%1 cannot list null; add {\"eq\": null} with or, or {\"ne\": null} with and").arg(Subject));
            makeSet(node.operands);
            return node.operands.isEmpty() ? constant(!positive) : std::move(node);
        case Operator::Between:
            if (!null && compareScalars(node.operands[0], node.operands[1]) > 0)
                return problem(CoreText::tr("%1 needs its low end first: %2 is above %3")
                                   .arg(Subject, shown(node.operands[0]), shown(node.operands[1])));
            break;
        case Operator::Eq:
        case Operator::Ne:
            return node;
        default:
            break;
        }
        return null ? constant(!positive) : std::move(node);
    }

    const Schema &m_schema;
    bool m_usedRelations = false;
};

// ---- matching ----

bool isMember(const QList<Value> &set, const Value &value)
{
    constexpr qsizetype few = 8;
    if (set.size() <= few)
        return set.contains(value);
    return std::binary_search(set.begin(), set.end(), value,
                              [](const Value &a, const Value &b) { return compareScalars(a, b) < 0; });
}

bool containsPart(const Value &value, const Value &part)
{
    if (value.kind() == Value::Kind::List)
        return value.toList().contains(part);
    return value.toText().contains(part.toText());
}

bool matchesComparison(const Node &node, const Value &value)
{
    const Value &operand = *node.operands.begin();
    switch (node.op) {
    case Operator::Eq:
        return value == operand;
    case Operator::Ne:
        return !(value == operand);
    case Operator::Lt:
        return !value.isNull() && compareScalars(value, operand) < 0;
    case Operator::Le:
        return !value.isNull() && compareScalars(value, operand) <= 0;
    case Operator::Gt:
        return !value.isNull() && compareScalars(value, operand) > 0;
    case Operator::Ge:
        return !value.isNull() && compareScalars(value, operand) >= 0;
    case Operator::Between:
        return !value.isNull() && compareScalars(value, operand) >= 0 && compareScalars(value, node.operands[1]) <= 0;
    case Operator::Contains:
        return !value.isNull() && containsPart(value, operand);
    case Operator::NotContains:
        return value.isNull() || !containsPart(value, operand);
    case Operator::BeginsWith:
        return !value.isNull() && value.toText().startsWith(operand.toText());
    case Operator::In:
        return !value.isNull() && isMember(node.operands, value);
    case Operator::NotIn:
        return value.isNull() || !isMember(node.operands, value);
    case Operator::AttributeExists:     // bound as Eq or Ne
        break;
    }
    return false;
}

bool matchesNode(const Node &node, const Record &record, const RelatedRecords &related)
{
    const auto childMatches = [&](const Node &child) { return matchesNode(child, record, related); };
    switch (node.kind) {
    case Kind::All:
        return true;
    case Kind::None:
        return false;
    case Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), childMatches);
    case Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(), childMatches);
    case Kind::Not:
        return !childMatches(node.children.front());
    case Kind::Compare:
        return matchesComparison(node, record.value(node.field));
    case Kind::Related: {
        const QList<Record> records = related(record, *node.relation);
        return std::any_of(records.begin(), records.end(), [&](const Record &other) {
            return matchesNode(node.children.front(), other, related);
        });
    }
    }
    return false;
}

} // namespace

/*!
    Checks \a predicate against \a model, one of the model types of \a schema.

    Operands are converted as exactly as fromVariant() does for the field. Text operands need not have
    the form of the field's scalar, since a part of a date or a URL is a useful bound; operands that are
    compared with an enum must be its values for eq, ne, in and notIn. Errors are UnknownField with a
    suggestion, or InvalidArgument, and name model, field and operator.

    May be called from any thread; so may the result's functions.
    \since 0.1
*/
Result<BoundPredicate> BoundPredicate::bind(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                            const Predicate &predicate)
{
    if (!model)
        return Error(Error::Code::InvalidArgument, CoreText::tr("A condition needs a model type to be checked against; none was given"));
    Binder binder(schema);
    Result<Node> root = binder.bind(model, predicate);
    if (!root)
        return root.error();
    BoundPredicate bound;
    bound.m_schema = schema;
    bound.m_model = model;
    bound.m_root = std::move(root).value();
    bound.m_usesRelations = binder.usedRelations();
    return bound;
}

/*!
    Returns whether \a record, one of model(), matches. \a related finds the records a relation leads to;
    it is needed when usesRelations() says so, and called only for the relations that decide.
    \since 0.1
*/
bool BoundPredicate::matches(const Record &record, const RelatedRecords &related) const
{
    Q_ASSERT(related || !m_usesRelations);
    return matchesNode(m_root, record, related);
}

} // namespace Tideline
