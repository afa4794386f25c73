// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/readablefields.h"
#include "server/execution/executor.h"
#include "server/resolvers/bindings.h"

#include <map>

namespace Tideline::Server {

/* Whether a function authorizer denies \a identity the field. */
[[nodiscard]] bool isDenied(const FieldDefinition &field, const Identity &identity);

/* What one caller may read, worked out when it is first asked for. */
class CallerRights
{
public:
    CallerRights(const Bindings &bindings, const Identity &identity) : m_bindings(bindings), m_identity(identity) { }

    [[nodiscard]] const Identity &identity() const noexcept { return m_identity; }
    [[nodiscard]] const Grant &rows(const ModelBinding &model, Access access);
    [[nodiscard]] const ReadableFields &fields(const ModelBinding &model);
    // Whether mayRead() may be false for some object.
    [[nodiscard]] bool isGuarded(const FieldBinding &binding) const { return binding.guarded || !m_identity.deniedFields.isEmpty(); }
    [[nodiscard]] bool mayRead(const FieldDefinition &field, const Source &parent);
    [[nodiscard]] bool isDenied(const FieldDefinition &field) const { return Server::isDenied(field, m_identity); }

private:
    const Bindings &m_bindings;
    const Identity &m_identity;
    std::map<std::pair<int, Access>, Grant> m_rows;             // by the model's number
    std::map<int, ReadableFields> m_fields;
};

} // namespace Tideline::Server
