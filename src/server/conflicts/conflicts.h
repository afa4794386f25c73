// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/result.h"

#include <QtCore/QHash>
#include <QtCore/QJsonObject>

#include <memory>

namespace Tideline::Server {

/*! What becomes of an update or delete whose \c _version is not the stored one. */
enum class ConflictStrategy {
    Automerge,                  // of an update the stored value wins, lists are joined, objects merged; a delete is rejected
    OptimisticConcurrency,      // rejected with the stored record
    Function,                   // as a function of the user's says
};

/*! A function that decides conflicts, as AppSync's conflict Lambda does. Thread-safe. */
class ConflictFunction
{
public:
    virtual ~ConflictFunction() = default;
    // Gives `done` the answer to `event`, exactly once, perhaps at once, on any thread, and not later than some
    // deadline of its own; an Error says why there is none. Must not block.
    virtual void ask(const QJsonObject &event, Reply<QJsonObject> done) = 0;
};

/*! How conflicts of one model type end. */
struct ConflictRule
{
    ConflictStrategy strategy = ConflictStrategy::Automerge;
    std::shared_ptr<ConflictFunction> function = {};        // of Function
};

/*! How a conflict ended, for those who count. */
enum class ConflictEnd { Merged, Resolved, Rejected, Failed };

/*! The values of \a stored after AppSync's Automerge of \a input, members that are no fields left out. */
[[nodiscard]] Record automerged(const Record &stored, const Value::Object &input);

} // namespace Tideline::Server
