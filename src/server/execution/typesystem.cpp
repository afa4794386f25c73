// SPDX-License-Identifier: MIT
#include "server/execution/typesystem.h"

#include "server/execution/typesystembuilder_p.h"

#include <algorithm>

namespace Tideline::Server {

bool InputDefinition::isRequired() const noexcept
{
    return type->isNonNull() && !defaultLiteral;
}

static const InputDefinition *find(const std::vector<InputDefinition> &inputs, QStringView name) noexcept
{
    const auto found = std::ranges::find_if(inputs, [name](const InputDefinition &input) { return input.name == name; });
    return found == inputs.end() ? nullptr : &*found;
}

const InputDefinition *FieldDefinition::argument(QStringView argumentName) const noexcept
{
    return find(arguments, argumentName);
}

const InputDefinition *DirectiveDefinition::argument(QStringView argumentName) const noexcept
{
    return find(arguments, argumentName);
}

const FieldDefinition *Type::field(QStringView fieldName) const noexcept
{
    if (kind != Kind::Object && kind != Kind::Interface)
        return nullptr;
    const int at = names.value(fieldName, -1);
    return at < 0 ? nullptr : &fields[size_t(at)];
}

const InputDefinition *Type::inputField(QStringView fieldName) const noexcept
{
    if (kind != Kind::InputObject)
        return nullptr;
    const int at = names.value(fieldName, -1);
    return at < 0 ? nullptr : &inputFields[size_t(at)];
}

const EnumValueDefinition *Type::value(QStringView valueName) const noexcept
{
    if (kind != Kind::Enum)
        return nullptr;
    const int at = names.value(valueName, -1);
    return at < 0 ? nullptr : &values[size_t(at)];
}

const Type *Type::named() const noexcept
{
    const Type *type = this;
    while (type->inner)
        type = type->inner;
    return type;
}

/*! Returns \a type as a schema writes it: \c{[Int!]!}. */
QString typeText(const Type *type)
{
    switch (type->kind) {
    case Type::Kind::List:
        return u'[' + typeText(type->inner) + u']';
    case Type::Kind::NonNull:
        return typeText(type->inner) + u'!';
    case Type::Kind::Scalar:
    case Type::Kind::Object:
    case Type::Kind::Interface:
    case Type::Kind::Union:
    case Type::Kind::Enum:
    case Type::Kind::InputObject:
        break;
    }
    return type->name;
}

/*! Returns whether \a a and \a b are the same type, wrappers compared by what they wrap. */
bool sameType(const Type *a, const Type *b) noexcept
{
    while (a != b) {
        if (a->kind != b->kind || !a->inner || !b->inner)
            return false;
        a = a->inner;
        b = b->inner;
    }
    return true;
}

TypeSystem::TypeSystem() = default;
TypeSystem::~TypeSystem() = default;

/*!
    Returns the type system that \a document defines, or an Error of code InvalidSchema that
    names the definition at fault. Extensions in the document are applied. The input objects named in
    \a numbersAsText take "42" for an Int or a Float field, as AppSync does.
*/
Result<std::shared_ptr<const TypeSystem>> TypeSystem::build(const GraphQL::Document &document, const QSet<QString> &numbersAsText)
{
    return TypeSystemBuilder().build(document, numbersAsText);
}

/*! Returns the named type \a name; null when there is none. */
const Type *TypeSystem::type(QStringView name) const noexcept
{
    return m_byName.value(QString::fromRawData(name.data(), name.size()));
}

/*! Returns the object type of \a operation; null when the schema has none. */
const Type *TypeSystem::rootType(GraphQL::OperationType operation) const noexcept
{
    switch (operation) {
    case GraphQL::OperationType::Query:
        return m_query;
    case GraphQL::OperationType::Mutation:
        return m_mutation;
    case GraphQL::OperationType::Subscription:
        return m_subscription;
    }
    Q_UNREACHABLE();
}

/*! Returns the directive \a name, without the at sign; null when there is none. */
const DirectiveDefinition *TypeSystem::directive(QStringView name) const noexcept
{
    const auto found = std::ranges::find_if(m_directives, [name](const auto &directive) { return directive.name == name; });
    return found == m_directives.end() ? nullptr : &*found;
}

/*! Returns the type \a reference means; null when its name is unknown. */
const Type *TypeSystem::resolve(const GraphQL::TypeReference &reference, std::deque<Type> &arena) const
{
    if (reference.kind == GraphQL::TypeReference::Kind::Named)
        return type(reference.name.value);
    const Type *inner = resolve(*reference.inner, arena);
    if (!inner)
        return nullptr;
    const bool isList = reference.kind == GraphQL::TypeReference::Kind::List;
    if (const Type *known = (isList ? m_lists : m_nonNulls).value(inner))
        return known;
    Type &wrapper = arena.emplace_back();
    wrapper.kind = isList ? Type::Kind::List : Type::Kind::NonNull;
    wrapper.inner = inner;
    return &wrapper;
}

const FieldDefinition *TypeSystem::fieldOf(const Type *parent, QStringView name) const noexcept
{
    if (!name.startsWith(u"__"))
        return parent->field(name);
    if (name == m_typename.name && parent->isComposite())
        return &m_typename;
    if (parent != m_query)
        return nullptr;
    if (name == m_schemaField.name)
        return &m_schemaField;
    return name == m_typeField.name ? &m_typeField : nullptr;
}

/*! Returns whether \a object is \a abstractOrObject or one of its possible types. */
bool TypeSystem::possible(const Type *abstractOrObject, const Type *object) noexcept
{
    return std::ranges::find(abstractOrObject->possibleTypes, object) != abstractOrObject->possibleTypes.end();
}

} // namespace Tideline::Server
