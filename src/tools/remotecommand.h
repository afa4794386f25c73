// SPDX-License-Identifier: MIT
#pragma once

#include "tools/command.h"
#include "tools/endpoint.h"
#include "tools/endsignals.h"
#include "tools/recordtext.h"

#include "core/schema/schema.h"

#include <chrono>
#include <variant>

namespace Tideline::Tools {

struct Remote
{
    EndpointOptions endpoint;
    Schema schema;
};

struct RemoteModel
{
    EndpointOptions endpoint;
    Schema schema;
    std::shared_ptr<const ModelType> model;
    RecordFormat format;
};

// What commands that talk to an endpoint begin with: its options, and the schema that the first argument names. What is wrong is
// said; the exit code is in the place of the answer then.
[[nodiscard]] std::variant<Remote, int> openRemote(QStringView command, const EndpointOptionSet &endpoint, const QCommandLineParser &parser,
                                                   Console &console);
// And those of a model, the second argument, whose records are in a file, the third, in the format that is given or its own.
[[nodiscard]] std::variant<RemoteModel, int> openModel(QStringView command, const EndpointOptionSet &endpoint, const QCommandLineParser &parser,
                                                       const QString &format, Console &console);
[[nodiscard]] Result<std::shared_ptr<const ModelType>> modelOf(const Schema &schema, const QString &name);

// A signal ends what the endpoint is asked, a second one the process.
void interruptOn(EndSignals &signals, Endpoint &endpoint);

// "--format" and the like are wrong: says so.
[[nodiscard]] int usageError(Console &console, QStringView command, const Error &error);

/*! What a status line says: how much, how fast, and for how much longer where that is known. Shown a few times a second. */
class Progress
{
public:
    Progress(Console &console, qint64 total);           // 0: not known
    void update(qint64 records, qint64 done);           // done of total, in whatever total counts

private:
    using Clock = std::chrono::steady_clock;

    Console &m_console;
    const qint64 m_total;
    const Clock::time_point m_begin = Clock::now();
    Clock::time_point m_next = m_begin;
};

} // namespace Tideline::Tools
