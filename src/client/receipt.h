// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

namespace Tideline {

/*!
    \class Tideline::Receipt
    \inmodule Tideline
    \since 0.1
    \brief What save() leaves behind: the record as it is stored, durable when the future resolves.

    record().state() says how far the change has come: Pending until the backend has it, Local
    without a backend.
*/
class TIDELINE_EXPORT Receipt
{
public:
    Receipt() = default;
    explicit Receipt(Record record) : m_record(std::move(record)) { }

    [[nodiscard]] const Record &record() const noexcept { return m_record; }
    [[nodiscard]] QString key() const { return m_record.key(); }

private:
    Record m_record;
};

} // namespace Tideline
