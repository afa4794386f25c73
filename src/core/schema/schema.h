// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/result.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace Tideline {

enum class Scalar {
    ID, String, Int, Float, Boolean,
    AWSDate, AWSTime, AWSDateTime, AWSTimestamp, AWSEmail, AWSJSON, AWSURL, AWSPhone, AWSIPAddress,
};

struct FieldType
{
    enum class Kind { Scalar, Enum, Embedded };

    Kind kind = Kind::Scalar;
    Scalar scalar = Scalar::String;     // of Kind::Scalar
    QString name;                       // "Int", "Color", "Box": as written in the schema
    bool list = false;
    bool required = false;              // of the field; of the list when it is one
    bool elementRequired = false;       // of a list's elements

    friend bool operator==(const FieldType &, const FieldType &) = default;
};

struct AuthRule                         // as written; the transformer's defaults are filled in
{
    enum class Allow { Owner, Groups, Private, Public, Custom };
    enum class Provider { ApiKey, Iam, Oidc, UserPools, Function };

    Allow allow = Allow::Public;
    Provider provider = Provider::ApiKey;
    QString ownerField;                 // of Owner: "owner" when not given
    QString identityClaim;              // of Owner: "sub::username" when not given
    QString groupClaim;                 // of Groups: "cognito:groups" when not given
    QStringList groups;
    QString groupsField;
    QStringList operations;             // create update delete read get list sync listen search; all when not given;
                                        // "read" also has the five it stands for

    friend bool operator==(const AuthRule &, const AuthRule &) = default;
};

// What becomes of a field that two devices changed; @conflict(policy:), in lower case there.
enum class ConflictPolicy { Mine, Theirs, Newest, Maximum, Minimum, Sum, Set, Append, Ask };

struct SchemaField
{
    QString name;
    FieldType type;
    QString description;
    std::optional<QString> defaultValue;    // @default(value:), as written
    QStringList renamedFrom;                // @renamedFrom: names it had, in the order of the text
    bool implicit = false;                  // not in the schema's text: id, timestamps, foreign keys, owner
    bool readOnly = false;                  // written by the backend only (generated timestamps and owners)
    std::optional<ConflictPolicy> conflict; // @conflict(policy:)
    std::vector<AuthRule> authRules;
};

// A relation says: related rows are those whose targetFields equal this row's localFields.
struct Relation
{
    enum class Kind { HasOne, HasMany, BelongsTo };

    Kind kind = Kind::BelongsTo;
    QString name;                           // the relation field's name
    QString target;                         // model type; of a @manyToMany the join model
    std::vector<int> localFields;           // indices into this model's fields
    std::vector<int> targetFields;          // indices into the target's fields
    QStringList renamedFrom;                // @renamedFrom
    bool required = false;
    QString indexName;                      // of a HasMany with @index, else empty
    QString joinRelation;                   // of a @manyToMany: the join model's relation to the other side
    int limit = 100;
    std::vector<AuthRule> authRules;
};

struct Index
{
    QString name;
    std::vector<int> fields;
    QString queryField;                     // name of the backend's query; empty: none
    bool foreignKey = false;                // made for a relation, not declared
};

// The root fields of a model after @model's arguments; an empty name: there is none. Sync is always there.
struct ModelOperations
{
    enum class SubscriptionLevel { Off, Public, On };

    QString get, list;
    QString create, update, remove;
    QStringList onCreate, onUpdate, onDelete;
    SubscriptionLevel level = SubscriptionLevel::On;
};

struct ModelType
{
    QString name;
    QString plural;                         // as on the wire: syncBoxes
    QString description;
    std::vector<SchemaField> fields;        // columns, in order: declared, then implicit
    std::vector<Relation> relations;
    std::vector<int> primaryKey;            // hash field, then sort fields
    bool declaredKey = false;               // written with @primaryKey
    QStringList interfaces;
    QStringList renamedFrom;                // @renamedFrom
    std::vector<Index> indexes;
    std::vector<AuthRule> authRules;
    ModelOperations operations;
    QString createdAt;                      // name of the timestamp field; empty: none
    QString updatedAt;
    bool join = false;                      // made by @manyToMany
    std::optional<ConflictPolicy> conflict; // @conflict(policy:) of the type
    int number = 0;                         // position in Schema::models()

    [[nodiscard]] TIDELINE_CORE_EXPORT int fieldIndex(QStringView name) const noexcept;    // -1: none
    [[nodiscard]] TIDELINE_CORE_EXPORT const Relation *relation(QStringView name) const noexcept;
    [[nodiscard]] bool hasManagedId() const noexcept;   // the key is one ID field named id

    QHash<QString, int> fieldNumbers;       // filled when the schema is built
};

struct EnumType
{
    QString name;
    QString description;
    QStringList values;
    QHash<QString, QString> renamedValues;  // by a value's former name; @renamedFrom
};

struct EmbeddedType                         // a type without @model
{
    QString name;
    QString description;
    std::vector<SchemaField> fields;
    QStringList interfaces;
};

class SchemaPrivate;

class TIDELINE_CORE_EXPORT Schema
{
    Q_GADGET

public:
    Schema();                               // no types
    [[nodiscard]] static Result<Schema> parse(const QString &source, const QString &fileName = {});

    [[nodiscard]] bool isEmpty() const noexcept;
    [[nodiscard]] QString source() const;
    [[nodiscard]] QByteArray fingerprint() const;       // equal for schemas that mean the same; hexadecimal

    [[nodiscard]] const std::vector<std::shared_ptr<const ModelType>> &models() const noexcept;
    [[nodiscard]] std::shared_ptr<const ModelType> model(const QString &name) const;    // null: none
    [[nodiscard]] std::shared_ptr<const ModelType> target(const Relation &relation) const;
    [[nodiscard]] const EnumType *enumType(const QString &name) const noexcept;
    [[nodiscard]] const EmbeddedType *embeddedType(const QString &name) const noexcept;
    [[nodiscard]] const std::vector<EnumType> &enumTypes() const noexcept;
    [[nodiscard]] const std::vector<EmbeddedType> &embeddedTypes() const noexcept;
    [[nodiscard]] QStringList dependencyOrder() const;  // parents before children; cycles broken by name

    // What a backend offers beside the models: interfaces, unions, inputs, fields of Query, Mutation and Subscription.
    [[nodiscard]] const GraphQL::Document &otherDefinitions() const noexcept;
    [[nodiscard]] std::vector<AuthRule> rootFieldRules(const QString &rootType, const QString &field) const;

    friend bool operator==(const Schema &a, const Schema &b) { return a.d == b.d; }

private:
    std::shared_ptr<const SchemaPrivate> d;             // model types live on by themselves, with the records that have them
};

inline bool ModelType::hasManagedId() const noexcept
{
    return primaryKey.size() == 1 && fields[size_t(primaryKey[0])].name == u"id"
        && fields[size_t(primaryKey[0])].type.scalar == Scalar::ID;
}

} // namespace Tideline
