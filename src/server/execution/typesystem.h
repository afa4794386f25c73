// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/graphql/ast.h"
#include "core/result.h"
#include "server/global.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace Tideline::Server {

struct Type;

struct InputDefinition          // an argument or a field of an input object
{
    QString name;
    std::optional<QString> description;
    const Type *type = nullptr;
    std::shared_ptr<const GraphQL::Value> defaultLiteral;   // null: none
    std::optional<Value> defaultValue;          // the same, coerced
    std::optional<QString> deprecationReason;

    [[nodiscard]] bool isRequired() const noexcept;
};

struct FieldDefinition
{
    QString name;
    std::optional<QString> description;
    std::vector<InputDefinition> arguments;
    const Type *type = nullptr;
    const Type *parent = nullptr;
    std::optional<QString> deprecationReason;
    int number = 0;                             // unique in the type system, from 0 without holes

    [[nodiscard]] const InputDefinition *argument(QStringView argumentName) const noexcept;
};

struct EnumValueDefinition
{
    QString name;
    std::optional<QString> description;
    std::optional<QString> deprecationReason;
};

enum class ScalarRule { Any, Int, Float, String, Boolean, Id, Timestamp, Text };

// A named type or a wrapper of one. Equal types of one TypeSystem are one object, except for
// wrappers made for a document's variables: compare with sameType().
struct Type
{
    enum class Kind { Scalar, Object, Interface, Union, Enum, InputObject, List, NonNull };

    Kind kind = Kind::Scalar;
    QString name;                               // empty for wrappers
    std::optional<QString> description;
    const Type *inner = nullptr;                // of List and NonNull
    std::vector<FieldDefinition> fields;        // Object, Interface
    std::vector<const Type *> interfaces;       // Object, Interface
    std::vector<const Type *> possibleTypes;    // Interface, Union: objects; Object: itself
    std::vector<EnumValueDefinition> values;    // Enum
    std::vector<InputDefinition> inputFields;   // InputObject
    std::optional<QString> specifiedByUrl;      // Scalar
    ScalarRule scalar = ScalarRule::Any;
    bool numbersAsText = false;                 // InputObject: "42" is taken for an Int or Float
    bool introspection = false;                 // __Schema and its like

    [[nodiscard]] const FieldDefinition *field(QStringView fieldName) const noexcept;
    [[nodiscard]] const InputDefinition *inputField(QStringView fieldName) const noexcept;
    [[nodiscard]] const EnumValueDefinition *value(QStringView valueName) const noexcept;
    [[nodiscard]] bool isNonNull() const noexcept { return kind == Kind::NonNull; }
    [[nodiscard]] bool isLeaf() const noexcept { return kind == Kind::Scalar || kind == Kind::Enum; }
    [[nodiscard]] bool isInput() const noexcept { return isLeaf() || kind == Kind::InputObject; }
    [[nodiscard]] bool isAbstract() const noexcept { return kind == Kind::Interface || kind == Kind::Union; }
    [[nodiscard]] bool isComposite() const noexcept { return kind == Kind::Object || isAbstract(); }
    [[nodiscard]] const Type *nullable() const noexcept { return isNonNull() ? inner : this; }
    [[nodiscard]] const Type *named() const noexcept;

    QHash<QStringView, int> names;              // of fields, inputFields or values; views into them
};

[[nodiscard]] TIDELINE_SERVER_EXPORT QString typeText(const Type *type);     // "[Int!]!"
[[nodiscard]] TIDELINE_SERVER_EXPORT bool sameType(const Type *a, const Type *b) noexcept;

struct DirectiveDefinition
{
    QString name;
    std::optional<QString> description;
    std::vector<InputDefinition> arguments;
    QStringList locations;
    bool repeatable = false;

    [[nodiscard]] const InputDefinition *argument(QStringView argumentName) const noexcept;
};

/*!
    \class Tideline::Server::TypeSystem
    \inmodule Tideline
    \since 0.1
    \brief The types a GraphQL service executes against, built from a schema document.

    Immutable once built and safe to read from any thread. The introspection types and the
    directives of the specification are part of it, and AppSync's scalars and directives as far
    as a document uses them without a definition.
*/
class TIDELINE_SERVER_EXPORT TypeSystem
{
public:
    [[nodiscard]] static Result<std::shared_ptr<const TypeSystem>> build(const GraphQL::Document &document,
                                                                         const QSet<QString> &numbersAsText = {});
    ~TypeSystem();

    [[nodiscard]] const Type *type(QStringView name) const noexcept;
    [[nodiscard]] const std::vector<const Type *> &types() const noexcept { return m_order; }
    [[nodiscard]] const Type *rootType(GraphQL::OperationType operation) const noexcept;
    [[nodiscard]] const DirectiveDefinition *directive(QStringView name) const noexcept;
    [[nodiscard]] const std::vector<DirectiveDefinition> &directives() const noexcept { return m_directives; }
    [[nodiscard]] int fieldCount() const noexcept { return m_fieldCount; }

    // Null when the named type is unknown. Wrappers that the system does not have go to \a arena.
    [[nodiscard]] const Type *resolve(const GraphQL::TypeReference &reference, std::deque<Type> &arena) const;

    // The field a selection means on \a parent, __typename, __schema and __type included.
    [[nodiscard]] const FieldDefinition *fieldOf(const Type *parent, QStringView name) const noexcept;
    [[nodiscard]] const FieldDefinition *typenameField() const noexcept { return &m_typename; }
    [[nodiscard]] const FieldDefinition *schemaField() const noexcept { return &m_schemaField; }
    [[nodiscard]] const FieldDefinition *typeField() const noexcept { return &m_typeField; }

    [[nodiscard]] static bool possible(const Type *abstractOrObject, const Type *object) noexcept;

private:
    friend class TypeSystemBuilder;
    TypeSystem();

    std::deque<Type> m_types;
    std::vector<const Type *> m_order;                  // named types, without wrappers
    QHash<QString, Type *> m_byName;
    QHash<const Type *, const Type *> m_lists;          // by what they wrap
    QHash<const Type *, const Type *> m_nonNulls;
    std::vector<DirectiveDefinition> m_directives;
    FieldDefinition m_typename, m_schemaField, m_typeField;
    const Type *m_query = nullptr;
    const Type *m_mutation = nullptr;
    const Type *m_subscription = nullptr;
    int m_fieldCount = 0;
};

} // namespace Tideline::Server
