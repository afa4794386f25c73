// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/readablefields.h"

namespace Tideline::Server {

/*
    What a mutation's caller may do, to be asked with the record that decides: the stored one, in the transaction
    that writes; of a create what it wants to write.
*/
class WriteAccess
{
public:
    WriteAccess() = default;
    // \a access is Create, Update or Delete.
    WriteAccess(const AccessPolicy &policy, const Identity &identity, Access access, const Value::Object &input);

    [[nodiscard]] bool isNobody() const noexcept { return m_rows.isNobody(); }
    [[nodiscard]] bool isEverybody() const noexcept { return m_rows.isEverybody() && m_fields.empty(); }
    [[nodiscard]] bool allows(const Record &record) const;
    // Names in the input that the caller may not write; for a delete, fields and relations that stand against it.
    [[nodiscard]] QStringList refusedFields(const Record &record) const;
    [[nodiscard]] bool mayRead(const Record &record) const { return m_readers.allows(record); }
    [[nodiscard]] const ReadableFields &readable() const noexcept { return m_readable; }

private:
    void add(const QString &name, const Grant &grant);

    Grant m_rows = Grant::everybody();
    Grant m_readers = Grant::everybody();
    ReadableFields m_readable;
    std::vector<std::pair<QString, Grant>> m_fields;            // those that not everybody may write
};

/*
    \a input of a create with its caller as the owner wherever a rule that lets owners create names a field that
    the input has not. Also when another rule lets the caller create it: whoever creates owns.
*/
[[nodiscard]] Value::Object withOwners(const AccessPolicy &policy, const Identity &identity, Value::Object input);

} // namespace Tideline::Server
