// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/accesspolicy.h"

namespace Tideline::Server {

/* Which fields of a model's records one caller may read: by the rules, and by what a function authorizer denies. */
class ReadableFields
{
public:
    ReadableFields() = default;                                 // all
    ReadableFields(const AccessPolicy &policy, const Identity &identity);

    [[nodiscard]] bool isAll() const noexcept { return m_grants.empty(); }
    [[nodiscard]] bool contains(int field, const Record &record) const;
    [[nodiscard]] bool alwaysContains(int field) const { return isAll() || m_grants[size_t(field)].isEverybody(); }
    [[nodiscard]] bool containsRelation(int relation, const Record &record) const;
    // \a record as filters and conditions of the caller see it, so that they find nothing out: the rest is null.
    [[nodiscard]] Record only(const Record &record) const;
    [[nodiscard]] QString digest() const;                       // as Grant's

private:
    std::vector<Grant> m_grants;                                // one for each field, then for each relation
    size_t m_fields = 0;
};

} // namespace Tideline::Server
