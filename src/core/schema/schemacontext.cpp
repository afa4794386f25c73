// SPDX-License-Identifier: MIT
#include "core/schema/schemacontext_p.h"

#include "core/graphql/parser.h"

#include <algorithm>
#include <numeric>
#include <utility>

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

void Problems::add(const Place &place, const QString &text)
{
    m_problems.push_back({place, text});
}

QString Problems::line(const Problem &problem) const
{
    const GraphQL::SourcePosition at = GraphQL::positionOf(m_source, problem.place.loc.start);
    const QString file = m_fileName.isEmpty() ? QString() : m_fileName + u':';
    return file + u"%1:%2: %3"_s.arg(at.line).arg(at.column).arg(problem.text);
}

Error Problems::toError(Error::Code code) const
{
    if (m_problems.empty())
        return {};
    std::vector<Problem> sorted = m_problems;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Problem &a, const Problem &b) {
        return a.place.loc.start < b.place.loc.start;
    });
    QStringList lines;
    for (const Problem &problem : sorted)
        lines.append(line(problem));
    const Place &first = sorted.front().place;
    return Error(code, lines.first()).withModel(first.model).withField(first.field).withDetail(lines.join(u'\n'));
}

const GraphQL::FieldDefinition *ModelDraft::field(const QString &name) const
{
    const auto &fields = definition->fields;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const GraphQL::FieldDefinition &field) {
        return field.name.value == name;
    });
    return found == fields.end() ? nullptr : &*found;
}

Place ModelDraft::place() const
{
    return {definition->name.loc, model->name, {}};
}

Place ModelDraft::place(const QString &fieldName) const
{
    const GraphQL::FieldDefinition *declared = field(fieldName);
    return {declared ? declared->name.loc : definition->name.loc, model->name, fieldName};
}

Place ModelDraft::place(const GraphQL::Location &loc, const QString &fieldName) const
{
    return {loc, model->name, fieldName};
}

int ModelDraft::addField(SchemaField field)
{
    const int index = int(model->fields.size());
    model->fieldNumbers.insert(field.name, index);
    model->fields.push_back(std::move(field));
    return index;
}

ModelDraft *SchemaContext::model(const QString &name)
{
    const auto found = modelNumbers.constFind(name);
    return found == modelNumbers.cend() ? nullptr : &models[size_t(*found)];
}

const GraphQL::Directive *findDirective(const GraphQL::Directives &directives, QStringView name)
{
    const auto found = std::find_if(directives.begin(), directives.end(), [&](const GraphQL::Directive &directive) {
        return directive.name.value == name;
    });
    return found == directives.end() ? nullptr : &*found;
}

const GraphQL::Value *findArgument(const GraphQL::Directive &directive, QStringView name)
{
    for (const GraphQL::Argument &argument : directive.arguments) {
        if (argument.name.value == name)
            return &argument.value;
    }
    return nullptr;
}

const GraphQL::Value *findMember(const GraphQL::ObjectValue &object, QStringView name)
{
    for (const GraphQL::ObjectField &field : object.fields) {
        if (field.name.value == name)
            return &field.value;
    }
    return nullptr;
}

QStringList formerNames(const GraphQL::Directives &directives)
{
    QStringList names;
    for (const GraphQL::Directive &directive : directives) {
        if (directive.name.value == u"renamedFrom")
            names.append(stringOf(findArgument(directive, u"name")));
    }
    return names;
}

bool isNull(const GraphQL::Value &value)
{
    return std::holds_alternative<GraphQL::NullValue>(value.node);
}

QString stringOf(const GraphQL::Value *value)
{
    if (!value)
        return {};
    if (const auto *text = std::get_if<GraphQL::StringValue>(&value->node))
        return text->value;
    if (const auto *symbol = std::get_if<GraphQL::EnumValue>(&value->node))
        return symbol->value;
    return {};
}

QStringList stringsOf(const GraphQL::Value *value)
{
    QStringList strings;
    if (!value || isNull(*value))
        return strings;
    if (const auto *list = std::get_if<GraphQL::ListValue>(&value->node)) {
        for (const GraphQL::Value &element : list->values)
            strings.append(stringOf(&element));
    } else {
        strings.append(stringOf(value));
    }
    return strings;
}

GraphQL::Location locationOf(const GraphQL::Value &value)
{
    return std::visit([](const auto &node) { return node.loc; }, value.node);
}

const GraphQL::TypeReference &namedType(const GraphQL::TypeReference &type)
{
    const GraphQL::TypeReference *inner = &type;
    while (inner->kind != GraphQL::TypeReference::Kind::Named)
        inner = inner->inner.get();
    return *inner;
}

bool isNonNull(const GraphQL::TypeReference &type)
{
    return type.kind == GraphQL::TypeReference::Kind::NonNull;
}

bool isList(const GraphQL::TypeReference &type)
{
    return (isNonNull(type) ? type.inner->kind : type.kind) == GraphQL::TypeReference::Kind::List;
}

QString textOf(const GraphQL::TypeReference &type)
{
    switch (type.kind) {
    case GraphQL::TypeReference::Kind::Named:
        return type.name.value;
    case GraphQL::TypeReference::Kind::List:
        return u'[' + textOf(*type.inner) + u']';
    case GraphQL::TypeReference::Kind::NonNull:
        return textOf(*type.inner) + u'!';
    }
    return {};
}

QStringList namesOf(const std::vector<GraphQL::TypeReference> &types)
{
    QStringList names;
    for (const GraphQL::TypeReference &type : types)
        names.append(namedType(type).name.value);
    return names;
}

bool isModel(const GraphQL::TypeDefinition &definition)
{
    return definition.kind == GraphQL::TypeDefinition::Kind::Object && findDirective(definition.directives, u"model");
}

static constexpr std::array<std::pair<QLatin1StringView, Scalar>, 14> scalarNames{{
    {"ID"_L1, Scalar::ID},
    {"String"_L1, Scalar::String},
    {"Int"_L1, Scalar::Int},
    {"Float"_L1, Scalar::Float},
    {"Boolean"_L1, Scalar::Boolean},
    {"AWSDate"_L1, Scalar::AWSDate},
    {"AWSTime"_L1, Scalar::AWSTime},
    {"AWSDateTime"_L1, Scalar::AWSDateTime},
    {"AWSTimestamp"_L1, Scalar::AWSTimestamp},
    {"AWSEmail"_L1, Scalar::AWSEmail},
    {"AWSJSON"_L1, Scalar::AWSJSON},
    {"AWSURL"_L1, Scalar::AWSURL},
    {"AWSPhone"_L1, Scalar::AWSPhone},
    {"AWSIPAddress"_L1, Scalar::AWSIPAddress},
}};

std::optional<Scalar> scalarOf(const QString &name)
{
    const auto found = std::find_if(scalarNames.begin(), scalarNames.end(),
                                    [&](const auto &entry) { return name == entry.first; });
    return found == scalarNames.end() ? std::nullopt : std::optional(found->second);
}

QString quoted(const QString &name)
{
    return u'"' + name + u'"';
}

// Counts insertions, deletions, replacements and swaps of neighbours; case does not count.
static int editDistance(const QString &first, const QString &second)
{
    const QString a = first.toLower();
    const QString b = second.toLower();
    std::vector<int> beforeLast, last(size_t(b.size()) + 1), row(size_t(b.size()) + 1);
    std::iota(last.begin(), last.end(), 0);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = int(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const size_t at = size_t(j);
            row[at] = std::min({last[at] + 1, row[at - 1] + 1, last[at - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], beforeLast[at - 2] + 1);
        }
        beforeLast = std::exchange(last, row);
    }
    return last.back();
}

QString didYouMean(const QString &word, const QStringList &known)
{
    QString best;
    int bestDistance = std::max(1, int(word.size()) / 3) + 1;
    for (const QString &candidate : known) {
        const int distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best.isEmpty() ? QString() : u" Did you mean %1?"_s.arg(quoted(best));
}

static QStringList fieldTypeNames(const SchemaContext &context)
{
    QStringList names;
    for (const auto &entry : scalarNames)
        names.append(QString(entry.first));
    for (const auto &type : context.types)
        names.append(type->name.value);
    return names;
}

static bool resolveNamedType(SchemaContext &context, FieldType &result, const Place &place)
{
    using Kind = GraphQL::TypeDefinition::Kind;
    if (const std::optional<Scalar> scalar = scalarOf(result.name)) {
        result.kind = FieldType::Kind::Scalar;
        result.scalar = *scalar;
        return true;
    }
    const GraphQL::TypeDefinition *definition = context.type(result.name);
    if (!definition) {
        context.problems.add(place, u"Unknown type %1.%2"_s.arg(quoted(result.name),
                                                                 didYouMean(result.name, fieldTypeNames(context))));
        return false;
    }
    switch (definition->kind) {
    case Kind::Enum:
        result.kind = FieldType::Kind::Enum;
        return true;
    case Kind::Object:
        result.kind = FieldType::Kind::Embedded;
        return true;
    case Kind::Scalar:
    case Kind::Interface:
    case Kind::Union:
    case Kind::InputObject:
        break;
    }
    context.problems.add(place, u"Type %1 cannot be stored in a field. Use a scalar, an enum or an object type."_s
                                    .arg(quoted(result.name)));
    return false;
}

std::optional<FieldType> fieldTypeOf(SchemaContext &context, const GraphQL::TypeReference &type, const Place &place)
{
    using Kind = GraphQL::TypeReference::Kind;
    FieldType result;
    const GraphQL::TypeReference *inner = &type;
    if (inner->kind == Kind::NonNull) {
        result.required = true;
        inner = inner->inner.get();
    }
    if (inner->kind == Kind::List) {
        result.list = true;
        inner = inner->inner.get();
        if (inner->kind == Kind::NonNull) {
            result.elementRequired = true;
            inner = inner->inner.get();
        }
    }
    Place at = place;
    at.loc = inner->loc;
    if (inner->kind != Kind::Named) {
        context.problems.add(at, u"Lists of lists cannot be stored. Put the inner list into an object type."_s);
        return std::nullopt;
    }
    result.name = inner->name.value;
    if (!resolveNamedType(context, result, at))
        return std::nullopt;
    return result;
}

} // namespace Tideline
