// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "server/conflicts/conflicts.h"
#include "server/global.h"

#include <chrono>

namespace Tideline::Server {

struct ScriptOptions
{
    QString file = {};                                  // has a function resolve(event), exported or not
    QString host = {};                                  // the program tideline-script
    std::chrono::milliseconds timeLimit{2'000};         // of one call
    std::chrono::milliseconds startLimit{10'000};       // until the script is ready for calls
    int memoryLimitMb = 64;                             // of the script, beside what the program itself takes
    std::chrono::milliseconds waitLimit{20'000};        // of a call for its turn
    qsizetype maxWaiting = 1'000;                       // calls
};

/*!
    \class Tideline::Server::ScriptConflictFunction
    \inmodule Tideline
    \since 0.1
    \brief Runs a JavaScript file's \c{resolve(event)}.

    The script runs in a process of its own, tideline-script, which takes events as lines and answers with lines. The reasons: of the engines
    in Debian, Duktape is built without its time limit (DUK_USE_EXEC_TIMEOUT_CHECK) and knows the JavaScript of 2009; QuickJS is
    not there; QJSEngine has that of 2016 and can be interrupted, but has no limit on memory, and when that is gone
    it ends its process. A process has both limits from the system, and the worst that a script can do, the engine's own defects included,
    costs that process: whoever's call was under way gets an error, the next call starts another one. A call costs two
    passages through a pipe, some tens of microseconds, on a path that only conflicts take.

    Calls are answered one after the other; one that waited too long for its turn fails without having its turn, for its caller has
    given up by then. What a script keeps in global variables may be gone with the next call.
*/
class TIDELINE_SERVER_EXPORT ScriptConflictFunction final : public ConflictFunction
{
public:
    explicit ScriptConflictFunction(ScriptOptions options);
    ~ScriptConflictFunction() override;                 // calls that wait end with an Error of code Closed

    void ask(const QJsonObject &event, Reply<QJsonObject> done) override;

private:
    Q_DISABLE_COPY_MOVE(ScriptConflictFunction)
    class Worker;

    std::unique_ptr<Worker> m_worker;                   // lives in m_thread, and dies after it
    ThreadScheduler m_thread;
};

} // namespace Tideline::Server
