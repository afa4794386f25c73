// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/schema/schema.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

#include <vector>

// What the steps from syntax tree to Schema share. Each step is a function of one concern; a step
// runs only when the steps before it found nothing wrong.
namespace Tideline {

// Where in the schema a problem is; model and field end up in the Error.
struct Place
{
    GraphQL::Location loc;
    QString model;
    QString field;
};

// Collects everything wrong with a schema, so that one run shows all of it.
class Problems
{
public:
    Problems(const QString &source, const QString &fileName) : m_source(source), m_fileName(fileName) { }

    void add(const Place &place, const QString &text);
    [[nodiscard]] bool isEmpty() const noexcept { return m_problems.empty(); }
    [[nodiscard]] QString textAt(const GraphQL::Location &loc) const { return m_source.mid(loc.start, loc.end - loc.start); }
    [[nodiscard]] Error toError(Error::Code code = Error::Code::InvalidSchema) const;

private:
    struct Problem
    {
        Place place;
        QString text;
    };

    [[nodiscard]] QString line(const Problem &problem) const;

    QString m_source;
    QString m_fileName;
    std::vector<Problem> m_problems;
};

// A model type while it is being built, beside the text it comes from.
struct ModelDraft
{
    const GraphQL::TypeDefinition *definition = nullptr;
    std::shared_ptr<ModelType> model;

    [[nodiscard]] const GraphQL::FieldDefinition *field(const QString &name) const;
    [[nodiscard]] Place place() const;
    [[nodiscard]] Place place(const QString &fieldName) const;
    [[nodiscard]] Place place(const GraphQL::Location &loc, const QString &fieldName = {}) const;
    int addField(SchemaField field);        // returns its index
};

class SchemaPrivate
{
public:
    QString source;
    QByteArray fingerprint;
    std::vector<std::shared_ptr<const ModelType>> models;
    std::vector<EnumType> enums;
    std::vector<EmbeddedType> embedded;
    QHash<QString, int> modelNumbers;
    QHash<QString, int> enumNumbers;
    QHash<QString, int> embeddedNumbers;
    QStringList dependencyOrder;
    GraphQL::Document others;               // interfaces, unions, inputs, custom root fields
    QHash<QString, std::vector<AuthRule>> rootRules;    // "Query.field"
};

struct SchemaContext
{
    SchemaContext(const QString &source, const QString &fileName) : problems(source, fileName) { }

    Problems problems;
    std::vector<std::unique_ptr<GraphQL::TypeDefinition>> types;    // extensions merged in; in order
    std::vector<GraphQL::DirectiveDefinition> directives;           // declared by the schema itself
    QHash<QString, const GraphQL::TypeDefinition *> typesByName;
    std::vector<ModelDraft> models;
    QHash<QString, int> modelNumbers;
    QSet<QString> joinModels;                                       // made by @manyToMany
    QHash<QString, QString> joinRelations;                          // "Student.courses" -> relation of the join model
    std::shared_ptr<SchemaPrivate> result = std::make_shared<SchemaPrivate>();

    [[nodiscard]] const GraphQL::TypeDefinition *type(const QString &name) const { return typesByName.value(name); }
    [[nodiscard]] ModelDraft *model(const QString &name);
};

// The steps, in the order in which they run.
void collectTypes(SchemaContext &context, const GraphQL::Document &document);
void checkDirectives(SchemaContext &context);
void expandManyToMany(SchemaContext &context);
void buildValueTypes(SchemaContext &context);
void checkOthers(SchemaContext &context);
void buildModels(SchemaContext &context);
void buildPrimaryKeys(SchemaContext &context);
void buildTimestamps(SchemaContext &context);
void buildIndexes(SchemaContext &context);
void buildRelations(SchemaContext &context);
void buildDefaults(SchemaContext &context);
void buildConflictPolicies(SchemaContext &context);
void buildAuthRules(SchemaContext &context);
void checkTypeNames(SchemaContext &context);
void buildOperations(SchemaContext &context);
void finishSchema(SchemaContext &context);

// Reading the syntax tree.
[[nodiscard]] const GraphQL::Directive *findDirective(const GraphQL::Directives &directives, QStringView name);
[[nodiscard]] const GraphQL::Value *findArgument(const GraphQL::Directive &directive, QStringView name);
[[nodiscard]] const GraphQL::Value *findMember(const GraphQL::ObjectValue &object, QStringView name);
[[nodiscard]] QStringList formerNames(const GraphQL::Directives &directives);   // of @renamedFrom
[[nodiscard]] bool isNull(const GraphQL::Value &value);
[[nodiscard]] QString stringOf(const GraphQL::Value *value);            // of a string or an enum value
[[nodiscard]] QStringList stringsOf(const GraphQL::Value *value);       // a single one counts as a list of one
[[nodiscard]] GraphQL::Location locationOf(const GraphQL::Value &value);
[[nodiscard]] const GraphQL::TypeReference &namedType(const GraphQL::TypeReference &type);
[[nodiscard]] bool isList(const GraphQL::TypeReference &type);
[[nodiscard]] bool isNonNull(const GraphQL::TypeReference &type);
[[nodiscard]] bool isModel(const GraphQL::TypeDefinition &definition);

[[nodiscard]] QString textOf(const GraphQL::TypeReference &type);

[[nodiscard]] QStringList namesOf(const std::vector<GraphQL::TypeReference> &types);

// Names.
[[nodiscard]] std::optional<Scalar> scalarOf(const QString &name);
[[nodiscard]] QString didYouMean(const QString &word, const QStringList &known);    // " Did you mean ...?" or empty
[[nodiscard]] QString quoted(const QString &name);

// Turns a type reference into a field's type; what cannot be one becomes a problem.
[[nodiscard]] std::optional<FieldType> fieldTypeOf(SchemaContext &context, const GraphQL::TypeReference &type,
                                                   const Place &place);

} // namespace Tideline
