// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/typesystem.h"

namespace Tideline::Server {

enum class DirectivePlace { Query, Mutation, Subscription, Field, FragmentDefinition, FragmentSpread, InlineFragment, VariableDefinition };

// Where an input value stands.
struct InputPlace
{
    const Type *type = nullptr;                     // null: unknown
    const Type *parent = nullptr;                   // the list or input object it is in; null: it is an argument's value
    bool hasDefault = false;                        // of the argument or field
};

// Sees a document's nodes in the order of the text, with what the schema says of each.
class DocumentVisitor
{
public:
    virtual ~DocumentVisitor();
    virtual void operation(const GraphQL::OperationDefinition &) { }
    virtual void variableDefinition(const GraphQL::VariableDefinition &) { }
    virtual void fragment(const GraphQL::FragmentDefinition &) { }
    virtual void field(const GraphQL::Field &, const Type * /*parent*/, const FieldDefinition *) { }
    virtual void leaveField(const GraphQL::Field &, const FieldDefinition *) { }
    virtual void spread(const GraphQL::FragmentSpread &, const Type * /*parent*/) { }
    virtual void inlineFragment(const GraphQL::InlineFragment &, const Type * /*parent*/, const Type * /*type*/) { }
    virtual void directives(const GraphQL::Directives &, DirectivePlace) { }
    virtual void directive(const GraphQL::Directive &, const DirectiveDefinition *) { }
    virtual void arguments(const std::vector<GraphQL::Argument> &) { }
    virtual void fieldArgument(const GraphQL::Argument &, const Type * /*parent*/, const FieldDefinition *, const InputDefinition *) { }
    virtual void directiveArgument(const GraphQL::Argument &, const DirectiveDefinition *, const InputDefinition *) { }
    // false: do not look inside a list or object
    virtual bool value(const GraphQL::Value &, const InputPlace &) { return true; }
    virtual void objectField(const GraphQL::ObjectField &, const Type * /*object*/, const InputDefinition *) { }
    virtual void typeReference(const GraphQL::TypeReference &) { }

    QStringList path;                               // names of the fields around the current node, itself included
};

class DocumentWalker
{
public:
    explicit DocumentWalker(const TypeSystem &types) : m_types(types) { }
    void walk(const GraphQL::Document &document, DocumentVisitor &visitor);
    void walkOperation(const GraphQL::OperationDefinition &operation, DocumentVisitor &visitor);
    void walkFragment(const GraphQL::FragmentDefinition &fragment, DocumentVisitor &visitor);

private:
    void selections(const GraphQL::SelectionSet &set, const Type *parent, DocumentVisitor &visitor);
    void field(const GraphQL::Field &field, const Type *parent, DocumentVisitor &visitor);
    void inlineFragment(const GraphQL::InlineFragment &fragment, const Type *parent, DocumentVisitor &visitor);
    void directives(const GraphQL::Directives &directives, DirectivePlace place, DocumentVisitor &visitor);
    void value(const GraphQL::Value &value, const InputPlace &place, DocumentVisitor &visitor);
    void objectValue(const GraphQL::ObjectValue &object, const InputPlace &place, DocumentVisitor &visitor);
    [[nodiscard]] const Type *composite(const GraphQL::TypeReference &condition) const;

    const TypeSystem &m_types;
    std::deque<Type> m_arena;
};

} // namespace Tideline::Server
