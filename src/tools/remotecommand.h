// SPDX-License-Identifier: MIT
#pragma once

#include "tools/command.h"

#include "core/schema/schema.h"

#include <chrono>

namespace Tideline::Tools {

// What commands that talk of a model at an endpoint begin with.
[[nodiscard]] Result<std::shared_ptr<const ModelType>> modelOf(const Schema &schema, const QString &name);

// "--format" and the like are wrong: says so.
[[nodiscard]] int usageError(Console &console, QStringView command, const Error &error);

/*! What a status line says: how much, how fast, and for how much longer where that is known. Shown a few times a second. */
class Progress
{
public:
    Progress(Console &console, qint64 total);           // 0: not known
    void update(qint64 records, qint64 done);           // done of total, in whatever total counts
    [[nodiscard]] static QString text(qint64 records, double share, std::chrono::milliseconds passed);  // share 0: not known

private:
    using Clock = std::chrono::steady_clock;

    Console &m_console;
    const qint64 m_total;
    const Clock::time_point m_begin = Clock::now();
    Clock::time_point m_next = m_begin;
};

} // namespace Tideline::Tools
