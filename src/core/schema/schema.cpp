// SPDX-License-Identifier: MIT
#include "core/schema/schema.h"

#include "core/graphql/parser.h"
#include "core/schema/fingerprint_p.h"
#include "core/schema/schemacontext_p.h"

using namespace Qt::StringLiterals;

namespace Tideline {

/*!
    \enum Tideline::Scalar
    \inmodule Tideline
    \since 0.1
    \brief The scalar types of AppSync: the five of GraphQL, and those that begin with AWS.
*/

/*!
    \struct Tideline::FieldType
    \inmodule Tideline
    \since 0.1
    \brief What a field may hold: a scalar, an enum's value or an embedded object; one, or a list of them.
*/

/*!
    \struct Tideline::AuthRule
    \inmodule Tideline
    \since 0.1
    \brief One rule of \c @auth: who may do what. What the text leaves out has the transformer's default.
*/

/*!
    \struct Tideline::SchemaField
    \inmodule Tideline
    \since 0.1
    \brief A stored field of a model type or of an embedded type.
*/

/*!
    \struct Tideline::Relation
    \inmodule Tideline
    \since 0.1
    \brief How records of one model type lead to those of another, by equal fields.

    A \c @manyToMany is a HasMany to its join model, whose relation joinRelation leads on to the other side.
*/

/*!
    \struct Tideline::Index
    \inmodule Tideline
    \since 0.1
    \brief A secondary key of a model type, as declared or as a relation needs it.
*/

/*!
    \struct Tideline::ModelOperations
    \inmodule Tideline
    \since 0.1
    \brief The root fields the backend has for a model type. See operationNames().
*/

/*!
    \struct Tideline::ModelType
    \inmodule Tideline
    \since 0.1
    \brief One \c {type X @model}: its columns, relations, keys, indexes and rules.

    Immutable once its schema is built; shared by all records of it; safe to use in several threads.
*/

/*!
    \struct Tideline::EnumType
    \inmodule Tideline
    \since 0.1
    \brief An enum with its values in the order of the text.
*/

/*!
    \struct Tideline::EmbeddedType
    \inmodule Tideline
    \since 0.1
    \brief A type without \c @model, stored as a value inside records.
*/

/*! Returns the index of the field \a name in fields, or -1. */
int ModelType::fieldIndex(QStringView name) const noexcept
{
    // comparing a few names is faster than copying one to look it up
    if (fields.size() > 16)
        return fieldNumbers.value(name.toString(), -1);
    for (size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name)
            return int(i);
    }
    return -1;
}

/*! Returns the relation \a name, or null. The model type owns it. */
const Relation *ModelType::relation(QStringView name) const noexcept
{
    for (const Relation &relation : relations) {
        if (relation.name == name)
            return &relation;
    }
    return nullptr;
}

/*!
    \class Tideline::Schema
    \inmodule Tideline
    \since 0.1
    \brief The types of a data store: models, enums, embedded types, relations, keys, rules.

    Made by parse() from GraphQL SDL with the directives of AWS Amplify. Immutable, implicitly
    shared, safe to use in several threads.
*/

/*! Constructs a schema without types. */
Schema::Schema() : d(std::make_shared<SchemaPrivate>()) { }

static Error syntaxError(const GraphQL::SyntaxError &error, const QString &source, const QString &fileName)
{
    Problems problems(source, fileName);
    problems.add({{error.position, error.position}, {}, {}}, error.message);
    return problems.toError(Error::Code::SyntaxError);
}

/*!
    Builds a schema from \a source.

    On failure the error is of code SyntaxError or InvalidSchema; its message names the first problem as
    "line:column: what is wrong and what to do" (with \a fileName and a colon in front when there is one),
    its detail() has one such line for every problem found, model() and field() name the place.
*/
Result<Schema> Schema::parse(const QString &source, const QString &fileName)
{
    const GraphQL::ParseResult parsed = GraphQL::parse(source);
    if (const auto *error = std::get_if<GraphQL::SyntaxError>(&parsed))
        return syntaxError(*error, source, fileName);

    SchemaContext context(source, fileName);
    context.result->source = source;
    using Step = void (*)(SchemaContext &);
    static constexpr Step steps[]{checkDirectives, expandManyToMany, buildValueTypes, checkOthers, buildModels, buildPrimaryKeys,
                                  buildTimestamps, buildIndexes, buildRelations, buildDefaults, buildConflictPolicies, buildOperations,
                                  buildAuthRules};
    collectTypes(context, std::get<GraphQL::Document>(parsed));
    for (const Step step : steps) {
        if (!context.problems.isEmpty())
            return context.problems.toError();
        step(context);
    }
    if (!context.problems.isEmpty())
        return context.problems.toError();
    finishSchema(context);
    Schema schema;
    schema.d = context.result;
    return schema;
}

void finishSchema(SchemaContext &context)
{
    SchemaPrivate &result = *context.result;
    result.modelNumbers = context.modelNumbers;
    for (ModelDraft &draft : context.models)
        result.models.push_back(draft.model);
    result.dependencyOrder = dependencyOrderOf(result.models);
    result.fingerprint = fingerprintOf(result);
}

/*! Returns whether the schema has no types. */
bool Schema::isEmpty() const noexcept
{
    return d->models.empty() && d->enums.empty() && d->embedded.empty();
}

/*! Returns the text the schema was built from. */
QString Schema::source() const
{
    return d->source;
}

/*! Returns a hexadecimal digest that is equal for schemas that mean the same: order, comments and
    descriptions do not count. */
QByteArray Schema::fingerprint() const
{
    return d->fingerprint;
}

/*! Returns all model types: the declared ones in their order, then the join models of many-to-many relations. */
const std::vector<std::shared_ptr<const ModelType>> &Schema::models() const noexcept
{
    return d->models;
}

/*! Returns the model type \a name, or null. */
std::shared_ptr<const ModelType> Schema::model(const QString &name) const
{
    const int number = d->modelNumbers.value(name, -1);
    return number < 0 ? nullptr : d->models[size_t(number)];
}

/*! Returns the model type \a relation leads to; of a many-to-many relation the join model. */
std::shared_ptr<const ModelType> Schema::target(const Relation &relation) const
{
    return model(relation.target);
}

/*! Returns the enum \a name, or null. The schema owns it. */
const EnumType *Schema::enumType(const QString &name) const noexcept
{
    const int number = d->enumNumbers.value(name, -1);
    return number < 0 ? nullptr : &d->enums[size_t(number)];
}

/*! Returns the embedded type \a name, or null. The schema owns it. */
const EmbeddedType *Schema::embeddedType(const QString &name) const noexcept
{
    const int number = d->embeddedNumbers.value(name, -1);
    return number < 0 ? nullptr : &d->embedded[size_t(number)];
}

/*! Returns all enums in the order of the text. */
const std::vector<EnumType> &Schema::enumTypes() const noexcept
{
    return d->enums;
}

/*! Returns all embedded types (object types without \c @model) in the order of the text. */
const std::vector<EmbeddedType> &Schema::embeddedTypes() const noexcept
{
    return d->embedded;
}

/*! Returns the names of all models, those that others refer to first. Circles are broken where the
    reference is optional, then by name. */
QStringList Schema::dependencyOrder() const
{
    return d->dependencyOrder;
}

/*! Returns the definitions that are no models, embedded types or enums: interfaces, unions, input types, and
    the types Query, Mutation and Subscription with the fields the schema declares itself. */
const GraphQL::Document &Schema::otherDefinitions() const noexcept
{
    return d->others;
}

/*! Returns the \c @auth rules of \a field of \a rootType (Query, Mutation or Subscription), which the schema
    declares itself; empty when there are none. */
std::vector<AuthRule> Schema::rootFieldRules(const QString &rootType, const QString &field) const
{
    return d->rootRules.value(rootType + u'.' + field);
}

} // namespace Tideline
