// SPDX-License-Identifier: MIT
#include "core/schema/astbuilder_p.h"
#include "core/schema/names_p.h"
#include "core/schema/schemacontext_p.h"

#include <QtCore/QMap>

using namespace Qt::StringLiterals;

namespace Tideline {

using GraphQL::FieldDefinition;
using GraphQL::TypeDefinition;

namespace {

// One of the two fields that make a many-to-many relation.
struct Side
{
    TypeDefinition *type = nullptr;
    size_t field = 0;
    GraphQL::Directive directive;       // a copy: expanding replaces the original

    [[nodiscard]] FieldDefinition &definition() const { return type->fields[field]; }
    [[nodiscard]] Place place() const { return {directive.loc, type->name.value, definition().name.value}; }
    [[nodiscard]] QString relationField() const { return lowerFirst(type->name.value); }    // in the join model
};

struct KeyField
{
    QString name;
    QString type;
};

} // namespace

static std::vector<KeyField> keyOf(const TypeDefinition &type)
{
    const auto typeOf = [&](const QString &name) {
        for (const FieldDefinition &field : type.fields) {
            if (field.name.value == name)
                return namedType(field.type).name.value;
        }
        return u"ID"_s;
    };
    for (const FieldDefinition &field : type.fields) {
        const GraphQL::Directive *key = findDirective(field.directives, u"primaryKey");
        if (!key)
            continue;
        std::vector<KeyField> result{{field.name.value, typeOf(field.name.value)}};
        for (const QString &name : stringsOf(findArgument(*key, u"sortKeyFields")))
            result.push_back({name, typeOf(name)});
        return result;
    }
    return {{u"id"_s, typeOf(u"id"_s)}};
}

// Names of the fields of the join model that hold the key of one side.
static QStringList foreignKeyOf(const Side &side)
{
    QStringList names;
    for (const KeyField &key : keyOf(*side.type))
        names.append(side.relationField() + (names.isEmpty() ? upperFirst(key.name) : key.name));
    return names;
}

static void addSide(TypeDefinition &join, const Side &side)
{
    const GraphQL::Location loc = side.directive.loc;
    const std::vector<KeyField> keys = keyOf(*side.type);
    const QStringList names = foreignKeyOf(side);
    for (qsizetype i = 0; i < names.size(); ++i) {
        FieldDefinition field = GraphQL::field(names[i], GraphQL::nonNull(GraphQL::named(keys[size_t(i)].type, loc)), loc);
        if (i == 0) {
            field.directives.push_back(GraphQL::directive(
                u"index"_s,
                {GraphQL::argument(u"name"_s, GraphQL::stringValue(u"by"_s + side.type->name.value)),
                 GraphQL::argument(u"sortKeyFields"_s, GraphQL::stringList(names.mid(1)))},
                loc));
        }
        join.fields.push_back(std::move(field));
    }
}

static void addRelation(TypeDefinition &join, const Side &side)
{
    const GraphQL::Location loc = side.directive.loc;
    FieldDefinition relation = GraphQL::field(side.relationField(), GraphQL::nonNull(GraphQL::named(side.type->name.value, loc)), loc);
    relation.directives.push_back(GraphQL::directive(
        u"belongsTo"_s, {GraphQL::argument(u"fields"_s, GraphQL::stringList(foreignKeyOf(side)))}, loc));
    join.fields.push_back(std::move(relation));
}

// Both sides' rules apply to the join model; one rule stands for equal ones.
static void addRules(const SchemaContext &context, TypeDefinition &join, const Side &one, const Side &two)
{
    GraphQL::ListValue rules;
    QStringList seen;
    for (const Side *side : {&one, &two}) {
        const GraphQL::Directive *auth = findDirective(side->type->directives, u"auth");
        const GraphQL::Value *given = auth ? findArgument(*auth, u"rules") : nullptr;
        const auto *list = given ? std::get_if<GraphQL::ListValue>(&given->node) : nullptr;
        if (given && !list)
            rules.values.push_back(*given);
        for (const GraphQL::Value &rule : list ? list->values : std::vector<GraphQL::Value>()) {
            const QString text = context.problems.textAt(locationOf(rule)).simplified();
            if (!seen.contains(text))
                rules.values.push_back(rule);
            seen.append(text);
        }
    }
    if (!rules.values.empty())
        join.directives.push_back(GraphQL::directive(u"auth"_s, {GraphQL::argument(u"rules"_s, {std::move(rules)})}, one.directive.loc));
}

static void turnIntoHasMany(const Side &side, const QString &joinName)
{
    FieldDefinition &field = side.definition();
    const bool required = isNonNull(field.type);
    field.type = GraphQL::listOf(GraphQL::named(joinName, namedType(field.type).loc));
    if (required)
        field.type = GraphQL::nonNull(field.type);
    QStringList keys;
    for (const KeyField &key : keyOf(*side.type))
        keys.append(key.name);
    std::vector<GraphQL::Argument> arguments{
        GraphQL::argument(u"indexName"_s, GraphQL::stringValue(u"by"_s + side.type->name.value)),
        GraphQL::argument(u"fields"_s, GraphQL::stringList(keys)),
    };
    if (const GraphQL::Value *limit = findArgument(side.directive, u"limit"))
        arguments.push_back(GraphQL::argument(u"limit"_s, *limit));
    for (GraphQL::Directive &directive : field.directives) {
        if (directive.name.value == u"manyToMany")
            directive = GraphQL::directive(u"hasMany"_s, arguments, directive.loc);
    }
}

static bool checkSides(SchemaContext &context, const QString &name, const std::vector<Side> &sides)
{
    if (sides.size() != 2) {
        context.problems.add(sides.back().place(),
                             u"@manyToMany relation %1 must be used in exactly two locations, one on each model; it is used in %2."_s
                                 .arg(quoted(name)).arg(sides.size()));
        return false;
    }
    if (sides[0].type == sides[1].type) {
        context.problems.add(sides[1].place(),
                             u"@manyToMany relation %1 leads from %2 to itself, and the join model cannot tell the two sides apart. "
                             "Write a join model with two @belongsTo fields."_s
                                 .arg(quoted(name), quoted(sides[0].type->name.value)));
        return false;
    }
    for (const auto &[from, to] : {std::pair(&sides[0], &sides[1]), std::pair(&sides[1], &sides[0])}) {
        const QString expected = namedType(from->definition().type).name.value;
        if (expected != to->type->name.value) {
            context.problems.add(from->place(), u"@manyToMany relation %1 expects %2 on the other side, but that is %3."_s
                                                    .arg(quoted(name), quoted(expected), quoted(to->type->name.value)));
            return false;
        }
    }
    if (context.type(name)) {
        context.problems.add(sides[0].place(),
                             u"@manyToMany relation name %1 already exists as a type in the schema. Choose another relationName."_s
                                 .arg(quoted(name)));
        return false;
    }
    return true;
}

static void expand(SchemaContext &context, const QString &name, const std::vector<Side> &sides)
{
    auto join = std::make_unique<TypeDefinition>(
        GraphQL::type(TypeDefinition::Kind::Object, name, sides[0].directive.loc));
    const GraphQL::Location loc = sides[0].directive.loc;
    join->directives.push_back(GraphQL::directive(u"model"_s, {}, loc));
    addRules(context, *join, sides[0], sides[1]);
    join->fields.push_back(GraphQL::field(u"id"_s, GraphQL::nonNull(GraphQL::named(u"ID"_s, loc)), loc));
    for (const Side &side : sides)
        addSide(*join, side);
    for (const Side &side : sides)
        addRelation(*join, side);
    for (const Side &side : sides) {
        const Side &other = &side == &sides[0] ? sides[1] : sides[0];
        const QString field = side.type->name.value + u'.' + side.definition().name.value;
        context.joinRelations.insert(field, other.relationField());
        turnIntoHasMany(side, name);
    }
    context.joinModels.insert(name);
    context.typesByName.insert(name, join.get());
    context.types.push_back(std::move(join));
}

// Replaces every @manyToMany by what it stands for: a join model, and a @hasMany on both sides.
void expandManyToMany(SchemaContext &context)
{
    QMap<QString, std::vector<Side>> relations;
    for (const auto &type : context.types) {
        for (size_t i = 0; i < type->fields.size(); ++i) {
            const GraphQL::Directive *directive = findDirective(type->fields[i].directives, u"manyToMany");
            if (!directive)
                continue;
            const Side side{type.get(), i, *directive};
            if (!isModel(*type)) {
                context.problems.add(side.place(), u"@manyToMany must be on a field of a model, and %1 is none. Add @model to it."_s
                                                       .arg(quoted(type->name.value)));
            } else if (!isList(side.definition().type)) {
                context.problems.add(side.place(), u"@manyToMany must be used with a list: write %1."_s
                                                       .arg(quoted(u'[' + namedType(side.definition().type).name.value + u']')));
            } else {
                const QString name = stringOf(findArgument(*directive, u"relationName"));
                relations[graphqlName(upperFirst(name))].push_back(side);
            }
        }
    }
    for (auto it = relations.cbegin(); it != relations.cend(); ++it) {
        if (checkSides(context, it.key(), it.value()))
            expand(context, it.key(), it.value());
    }
}

} // namespace Tideline
