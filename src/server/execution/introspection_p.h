// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/executor.h"

namespace Tideline::Server {

// Resolves the fields of the introspection types, and __schema and __type.
class Introspection final : public Resolver
{
public:
    explicit Introspection(const TypeSystem &types);

    [[nodiscard]] bool owns(const PlannedField &field, const Type *parent) const noexcept;
    void resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results) override;
    [[nodiscard]] ResolvedLeaf leaf(const FieldCall &call, const Source &parent) override;

private:
    [[nodiscard]] Resolved resolveOne(const FieldCall &call, const Source &parent) const;
    [[nodiscard]] Resolved ofSchema(const FieldCall &call) const;
    [[nodiscard]] Resolved ofType(const FieldCall &call, const Type &type) const;
    [[nodiscard]] Resolved type(const Type *type) const;
    [[nodiscard]] Resolved types(const std::vector<const Type *> &list) const;
    template<typename T>
    [[nodiscard]] Resolved list(const Type *of, const std::vector<T> &items, bool withDeprecated) const;

    const TypeSystem &m_types;
    const Type *m_type, *m_field, *m_input, *m_value, *m_directive, *m_schema;
};

} // namespace Tideline::Server
