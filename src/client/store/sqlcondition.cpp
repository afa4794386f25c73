// SPDX-License-Identifier: MIT
#include "client/store/sqlcondition_p.h"

#include "client/store/rowcodec_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Operator = Predicate::Operator;

static constexpr qsizetype BoundSetLimit = 512;     // longer sets travel as one JSON text

static bool hasNul(const Value &value)
{
    return value.kind() == Value::Kind::Text && value.toText().contains(QChar(u'\0'));
}

static QString notNull(const QString &column, const QString &condition, SqlCondition::Truth truth)
{
    return truth == SqlCondition::Truth::Exact ? u'(' + column + u" IS NOT NULL AND "_s + condition + u')' : condition;
}

static int depth(const BoundPredicate::Node *node)
{
    int below = 0;
    for (const BoundPredicate::Node &child : node->children)
        below = std::max(below, depth(&child));
    return below + 1;
}

// As a balanced tree: SQLite bounds the depth of an expression, not its size.
static QString balanced(const QStringList &parts, qsizetype begin, qsizetype end, const QString &word)
{
    if (end - begin == 1)
        return parts[begin];
    const qsizetype middle = begin + (end - begin) / 2;
    return u'(' + balanced(parts, begin, middle, word) + word + balanced(parts, middle, end, word) + u')';
}

// The least text that is greater than all texts with this prefix; empty when there is none.
static QString afterPrefix(const QString &prefix)
{
    QList<uint> points = prefix.toUcs4();
    while (!points.isEmpty() && points.last() >= 0x10ffff)
        points.removeLast();
    if (points.isEmpty())
        return {};
    const uint next = points.last() + 1;
    points.last() = next >= 0xd800 && next < 0xe000 ? 0xe000 : next;
    QString text;
    for (const uint point : std::as_const(points))
        text += QStringView(QChar::fromUcs4(point));        // QString::fromUcs4() drops a byte order mark
    return text;
}

QString SqlCondition::write(const Node &node, const Table &table, const QString &alias, Truth truth)
{
    switch (node.kind) {
    case Predicate::Kind::All:
        return u"1"_s;
    case Predicate::Kind::None:
        return u"0"_s;
    case Predicate::Kind::And:
    case Predicate::Kind::Or:
        return group(node, table, alias, truth);
    case Predicate::Kind::Not:
        return u"(NOT "_s + write(node.children.front(), table, alias, Truth::Exact) + u')';
    case Predicate::Kind::Compare:
        return compare(node, table, alias, truth);
    case Predicate::Kind::Related:
        return related(node, table, alias);
    }
    return {};
}

QString SqlCondition::group(const Node &node, const Table &table, const QString &alias, Truth truth)
{
    if (node.children.empty())
        return u"1"_s;
    std::vector<const Node *> children;
    for (const Node &child : node.children)
        children.push_back(&child);
    std::ranges::stable_sort(children, std::greater(), depth);          // what nests on the left costs SQLite's parser least
    QStringList parts;
    parts.reserve(qsizetype(children.size()));
    for (const Node *child : children)
        parts.append(write(*child, table, alias, truth));
    return balanced(parts, 0, parts.size(), node.kind == Predicate::Kind::And ? u" AND "_s : u" OR "_s);
}

QString SqlCondition::related(const Node &node, const Table &table, const QString &alias)
{
    const Table &target = m_layout.table(*node.target);
    const QString inner = u"t%1"_s.arg(++m_aliases);
    QStringList parts;
    for (size_t i = 0; i < node.relation->localFields.size(); ++i) {
        parts.append(inner + u'.' + target.columns[size_t(node.relation->targetFields[i])] + u" = "_s + alias + u'.'
                     + table.columns[size_t(node.relation->localFields[i])]);
    }
    if (node.children.front().kind != Predicate::Kind::All)
        parts.append(write(node.children.front(), target, inner, Truth::Loose));
    return u"EXISTS (SELECT 1 FROM "_s + target.name + u" AS "_s + inner + u" WHERE "_s + parts.join(u" AND "_s) + u')';
}

void SqlCondition::bind(const Node &node, const Table &table, const Value &value)
{
    const FieldType &type = table.model->fields[size_t(node.field)].type;
    m_bindings.append(RowCodec::toSql(m_layout.schema(), type, table.storage[size_t(node.field)], value));
}

QString SqlCondition::compare(const Node &node, const Table &table, const QString &alias, Truth truth)
{
    const QString column = alias + u'.' + table.columns[size_t(node.field)];
    const bool list = table.model->fields[size_t(node.field)].type.list;
    const auto simple = [&](const QString &op) {
        bind(node, table, node.operands.first());
        return column + op;
    };
    switch (node.op) {
    case Operator::Eq:
        if (node.operands.first().isNull())
            return column + u" IS NULL"_s;
        return simple(truth == Truth::Exact ? u" IS ?"_s : u" = ?"_s);
    case Operator::Ne:
        return node.operands.first().isNull() ? column + u" IS NOT NULL"_s : simple(u" IS NOT ?"_s);
    case Operator::Lt:
        return notNull(column, simple(u" < ?"_s), truth);
    case Operator::Le:
        return notNull(column, simple(u" <= ?"_s), truth);
    case Operator::Gt:
        return notNull(column, simple(u" > ?"_s), truth);
    case Operator::Ge:
        return notNull(column, simple(u" >= ?"_s), truth);
    case Operator::Between:
        bind(node, table, node.operands[0]);
        bind(node, table, node.operands[1]);
        return notNull(column, u'(' + column + u" BETWEEN ? AND ?)"_s, truth);
    case Operator::Contains:
        return list ? listContains(node, column) : textContains(node, column, truth);
    case Operator::NotContains:
        return u"(NOT "_s + (list ? listContains(node, column) : textContains(node, column, Truth::Exact)) + u')';
    case Operator::BeginsWith:
        return beginsWith(node.operands.first(), column, truth);
    case Operator::In:
        return isOneOf(node, table, column, truth);
    case Operator::NotIn:
        return u"(NOT "_s + isOneOf(node, table, column, Truth::Exact) + u')';
    case Operator::AttributeExists:
        return column + (node.operands.first().toBool() ? u" IS NOT NULL"_s : u" IS NULL"_s);
    }
    return {};
}

QString SqlCondition::textContains(const Node &node, const QString &column, Truth truth)
{
    m_bindings.append(RowCodec::toSql(m_layout.schema(), {}, Storage::Text, node.operands.first()));
    return notNull(column, u"instr("_s + column + u", ?) > 0"_s, truth);
}

/*
    Never unknown: over a NULL column json_each() has no rows. json_each() cuts text at U+0000 and reads
    floating point numbers less exactly than they are written, so the element's own JSON text decides;
    the cheap conditions before it spare that for nearly every row.
*/
QString SqlCondition::listContains(const Node &node, const QString &column)
{
    const Value &operand = node.operands.first();
    const QString each = u"e%1"_s.arg(++m_aliases);
    const bool text = operand.kind() == Value::Kind::Text;
    const bool byJson = text || operand.kind() == Value::Kind::Double;
    const QString json = byJson ? operand.toJsonText() : QString();
    QStringList element;
    if (byJson)
        m_bindings.append(json);
    if (operand.kind() != Value::Kind::Double && !hasNul(operand)) {
        m_bindings.append(RowCodec::toSql(m_layout.schema(), {}, text ? Storage::Text : Storage::Integer, operand));
        element.append(each + u".value = ?"_s);
    }
    if (byJson) {
        m_bindings.append(json);
        element.append(u'(' + column + u" -> "_s + each + u".fullkey) = ?"_s);
    }
    const QString exists = u"EXISTS (SELECT 1 FROM json_each("_s + column + u") AS "_s + each + u" WHERE "_s
        + element.join(u" AND "_s) + u')';
    return byJson ? u"(ifnull(instr("_s + column + u", ?), 0) > 0 AND "_s + exists + u')' : exists;
}

QString SqlCondition::beginsWith(const Value &prefix, const QString &column, Truth truth)
{
    const QString &text = prefix.toText();
    if (text.isEmpty())
        return column + u" IS NOT NULL"_s;
    const QString end = afterPrefix(text);
    m_bindings.append(text);
    if (end.isEmpty())
        return notNull(column, column + u" >= ?"_s, truth);
    m_bindings.append(end);
    return notNull(column, u'(' + column + u" >= ? AND "_s + column + u" < ?)"_s, truth);
}

QString SqlCondition::isOneOf(const Node &node, const Table &table, const QString &column, Truth truth)
{
    const QList<Value> &set = node.operands;
    if (set.isEmpty())
        return u"0"_s;
    const bool asJson = set.size() > BoundSetLimit && set.first().kind() != Value::Kind::Double
        && std::none_of(set.begin(), set.end(), hasNul);
    if (asJson) {
        m_bindings.append(Value(Value::List(set)).toJsonText());
        return notNull(column, column + u" IN (SELECT value FROM json_each(?))"_s, truth);
    }
    const qsizetype count = SqlCompiler::padded(set.size());
    for (qsizetype i = 0; i < count; ++i)
        bind(node, table, set[std::min(i, set.size() - 1)]);
    return notNull(column, column + u" IN ("_s + SqlCompiler::placeholders(count) + u')', truth);
}

} // namespace Tideline
