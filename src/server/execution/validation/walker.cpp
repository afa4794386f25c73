// SPDX-License-Identifier: MIT
#include "server/execution/validation/walker_p.h"

namespace Tideline::Server {

DocumentVisitor::~DocumentVisitor() = default;

void DocumentWalker::walk(const GraphQL::Document &document, DocumentVisitor &visitor)
{
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition))
            walkOperation(*operation, visitor);
        else if (const auto *fragment = std::get_if<GraphQL::FragmentDefinition>(&definition))
            walkFragment(*fragment, visitor);
    }
}

static DirectivePlace placeOf(GraphQL::OperationType operation)
{
    switch (operation) {
    case GraphQL::OperationType::Query:
        return DirectivePlace::Query;
    case GraphQL::OperationType::Mutation:
        return DirectivePlace::Mutation;
    case GraphQL::OperationType::Subscription:
        return DirectivePlace::Subscription;
    }
    Q_UNREACHABLE();
}

void DocumentWalker::walkOperation(const GraphQL::OperationDefinition &operation, DocumentVisitor &visitor)
{
    visitor.operation(operation);
    for (const GraphQL::VariableDefinition &definition : operation.variableDefinitions) {
        visitor.variableDefinition(definition);
        visitor.typeReference(definition.type);
        if (definition.defaultValue) {
            const Type *type = m_types.resolve(definition.type, m_arena);
            value(*definition.defaultValue, {type && type->named()->isInput() ? type : nullptr, nullptr, false}, visitor);
        }
        directives(definition.directives, DirectivePlace::VariableDefinition, visitor);
    }
    directives(operation.directives, placeOf(operation.operation), visitor);
    selections(operation.selectionSet, m_types.rootType(operation.operation), visitor);
}

void DocumentWalker::walkFragment(const GraphQL::FragmentDefinition &fragment, DocumentVisitor &visitor)
{
    visitor.fragment(fragment);
    visitor.typeReference(fragment.typeCondition);
    directives(fragment.directives, DirectivePlace::FragmentDefinition, visitor);
    selections(fragment.selectionSet, composite(fragment.typeCondition), visitor);
}

const Type *DocumentWalker::composite(const GraphQL::TypeReference &condition) const
{
    const Type *type = m_types.type(condition.name.value);
    return type && type->isComposite() ? type : nullptr;
}

void DocumentWalker::selections(const GraphQL::SelectionSet &set, const Type *parent, DocumentVisitor &visitor)
{
    for (const GraphQL::Selection &entry : set.selections) {
        if (const auto *node = std::get_if<GraphQL::Field>(&entry.node)) {
            field(*node, parent, visitor);
        } else if (const auto *spread = std::get_if<GraphQL::FragmentSpread>(&entry.node)) {
            visitor.spread(*spread, parent);
            directives(spread->directives, DirectivePlace::FragmentSpread, visitor);
        } else {
            inlineFragment(std::get<GraphQL::InlineFragment>(entry.node), parent, visitor);
        }
    }
}

void DocumentWalker::field(const GraphQL::Field &field, const Type *parent, DocumentVisitor &visitor)
{
    const FieldDefinition *definition = parent ? m_types.fieldOf(parent, field.name.value) : nullptr;
    visitor.path.append(field.name.value);
    visitor.field(field, parent, definition);
    visitor.arguments(field.arguments);
    for (const GraphQL::Argument &argument : field.arguments) {
        const InputDefinition *input = definition ? definition->argument(argument.name.value) : nullptr;
        visitor.fieldArgument(argument, parent, definition, input);
        value(argument.value, {input ? input->type : nullptr, nullptr, input && input->defaultLiteral}, visitor);
    }
    directives(field.directives, DirectivePlace::Field, visitor);
    if (field.selectionSet) {
        const Type *named = definition ? definition->type->named() : nullptr;
        selections(*field.selectionSet, named && named->isComposite() ? named : nullptr, visitor);
    }
    visitor.leaveField(field, definition);
    visitor.path.removeLast();
}

void DocumentWalker::inlineFragment(const GraphQL::InlineFragment &fragment, const Type *parent, DocumentVisitor &visitor)
{
    const Type *type = fragment.typeCondition ? composite(*fragment.typeCondition) : parent;
    visitor.inlineFragment(fragment, parent, type);
    if (fragment.typeCondition)
        visitor.typeReference(*fragment.typeCondition);
    directives(fragment.directives, DirectivePlace::InlineFragment, visitor);
    selections(fragment.selectionSet, type, visitor);
}

void DocumentWalker::directives(const GraphQL::Directives &directives, DirectivePlace place, DocumentVisitor &visitor)
{
    visitor.directives(directives, place);
    for (const GraphQL::Directive &directive : directives) {
        const DirectiveDefinition *definition = m_types.directive(directive.name.value);
        visitor.directive(directive, definition);
        visitor.arguments(directive.arguments);
        for (const GraphQL::Argument &argument : directive.arguments) {
            const InputDefinition *input = definition ? definition->argument(argument.name.value) : nullptr;
            visitor.directiveArgument(argument, definition, input);
            value(argument.value, {input ? input->type : nullptr, nullptr, input && input->defaultLiteral}, visitor);
        }
    }
}

void DocumentWalker::value(const GraphQL::Value &value, const InputPlace &place, DocumentVisitor &visitor)
{
    if (!visitor.value(value, place))
        return;
    if (const auto *list = std::get_if<GraphQL::ListValue>(&value.node)) {
        const Type *nullable = place.type ? place.type->nullable() : nullptr;
        const Type *item = nullable && nullable->kind == Type::Kind::List ? nullable->inner : nullable;
        for (const GraphQL::Value &entry : list->values)
            this->value(entry, {item, nullable, false}, visitor);
    } else if (const auto *object = std::get_if<GraphQL::ObjectValue>(&value.node)) {
        objectValue(*object, place, visitor);
    }
}

void DocumentWalker::objectValue(const GraphQL::ObjectValue &object, const InputPlace &place, DocumentVisitor &visitor)
{
    const Type *named = place.type ? place.type->named() : nullptr;
    const Type *parent = named && named->kind == Type::Kind::InputObject ? named : nullptr;
    for (const GraphQL::ObjectField &field : object.fields) {
        const InputDefinition *input = parent ? parent->inputField(field.name.value) : nullptr;
        visitor.objectField(field, parent, input);
        value(field.value, {input ? input->type : nullptr, parent, input && input->defaultLiteral}, visitor);
    }
}

} // namespace Tideline::Server
