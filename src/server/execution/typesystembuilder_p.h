// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/typesystem.h"

#include <QtCore/QSet>

namespace Tideline::Server {

// The part of every type system that no document writes down.
[[nodiscard]] QString introspectionSource();

class TypeSystemBuilder
{
public:
    [[nodiscard]] Result<std::shared_ptr<const TypeSystem>> build(const GraphQL::Document &document,
                                                                  const QSet<QString> &numbersAsText);

private:
    void declare(const GraphQL::Document &document, bool introspection);
    void declareType(const GraphQL::TypeDefinition &definition, bool introspection);
    void declareAwsScalars();
    void define(const GraphQL::Document &document);
    void defineType(Type &type, const GraphQL::TypeDefinition &definition);
    void defineDirective(const GraphQL::DirectiveDefinition &definition);
    void defineRoots(const GraphQL::Document &document);
    void defineMetaFields();
    void finish();
    void collectPossibleTypes();
    void coerceDefault(InputDefinition &input);
    void coerceDefaults(std::vector<InputDefinition> &inputs);

    [[nodiscard]] Type *add(Type::Kind kind, const QString &name);
    [[nodiscard]] const Type *resolve(const GraphQL::TypeReference &reference);
    [[nodiscard]] const Type *wrap(Type::Kind kind, const Type *inner);
    [[nodiscard]] InputDefinition input(const GraphQL::InputValueDefinition &definition);
    [[nodiscard]] FieldDefinition field(const GraphQL::FieldDefinition &definition, const Type *parent);
    void fail(const QString &message);

    std::unique_ptr<TypeSystem> m_system;
    QSet<const InputDefinition *> m_defaultsDone;
    Error m_error;
};

} // namespace Tideline::Server
