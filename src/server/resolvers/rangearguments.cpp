// SPDX-License-Identifier: MIT
#include "server/resolvers/rangearguments.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static std::optional<KeyCondition::Operator> operatorOf(const QString &name)
{
    using Operator = KeyCondition::Operator;
    static const QHash<QString, Operator> operators = {
        {u"eq"_s, Operator::Eq}, {u"le"_s, Operator::Le}, {u"lt"_s, Operator::Lt}, {u"ge"_s, Operator::Ge},
        {u"gt"_s, Operator::Gt}, {u"between"_s, Operator::Between}, {u"beginsWith"_s, Operator::BeginsWith}};
    const auto found = operators.constFind(name);
    return found == operators.constEnd() ? std::nullopt : std::optional(*found);
}

static Error badCondition(const QString &argument)
{
    return Error(Error::Code::InvalidArgument, u"The key condition \"%1\" cannot be used here."_s.arg(argument)).withField(argument);
}

// The values of one operand: of a composite condition the members that are given, up to the first that is not.
static Result<std::vector<Value>> tupleOf(const ModelType &model, const std::vector<int> &sortFields, const QString &argument,
                                          const Value &operand)
{
    if (operand.kind() != Value::Kind::Object)
        return std::vector<Value>{operand};
    std::vector<Value> tuple;
    for (int field : sortFields) {
        const Value value = operand.member(model.fields[size_t(field)].name);
        if (value.isNull())
            break;
        tuple.push_back(value);
    }
    if (tuple.empty())
        return badCondition(argument);
    return tuple;
}

static Result<KeyCondition> conditionOf(const ModelType &model, const std::vector<int> &sortFields, const QString &argument,
                                        const QString &opName, const Value &operand)
{
    const std::optional<KeyCondition::Operator> op = operatorOf(opName);
    const int field = model.fieldIndex(argument);
    KeyCondition condition;
    condition.fields = field >= 0 ? std::vector<int>{field} : sortFields;
    if (!op || condition.fields.empty())
        return badCondition(argument);
    condition.op = *op;
    const bool between = *op == KeyCondition::Operator::Between;
    const Value::List operands = between ? operand.toList() : Value::List{operand};
    if (operands.size() != (between ? 2 : 1))
        return badCondition(argument);
    for (const Value &entry : operands) {
        Result<std::vector<Value>> tuple = tupleOf(model, sortFields, argument, entry);
        if (!tuple)
            return tuple.error();
        condition.operands.push_back(std::move(tuple).value());
    }
    return condition;
}

Result<RangeQuery> rangeFromArguments(const FieldCall &call, const TableLayout &table, const std::vector<int> &key,
                                      size_t partitioned)
{
    static const QStringList reserved = {u"filter"_s, u"limit"_s, u"nextToken"_s, u"sortDirection"_s};
    const ModelType &model = *table.model();
    RangeQuery query;
    query.table = &table;
    query.descending = call.argument(u"sortDirection").toText() == u"DESC";
    query.order.assign(key.begin() + std::ptrdiff_t(std::min(partitioned, key.size())), key.end());
    const std::vector<int> sortFields(key.begin() + std::ptrdiff_t(std::clamp<size_t>(partitioned, 1, key.size())), key.end());
    if (partitioned > 0)
        query.sortFields = sortFields;
    for (int field : model.primaryKey) {
        if (std::ranges::find(key, field) == key.end())
            query.order.push_back(field);
    }
    for (const auto &[name, value] : call.arguments) {
        const bool isPartition = std::any_of(key.begin(), key.end() - std::ptrdiff_t(sortFields.size()),
                                             [&, name = name](int field) { return model.fields[size_t(field)].name == name; });
        if (reserved.contains(name) || isPartition || value.isNull())
            continue;
        for (const auto &[op, operand] : value.toObject()) {
            Result<KeyCondition> condition = conditionOf(model, sortFields, name, op, operand);
            if (!condition)
                return condition.error();
            query.conditions.push_back(std::move(condition).value());
        }
    }
    return query;
}

} // namespace Tideline::Server
