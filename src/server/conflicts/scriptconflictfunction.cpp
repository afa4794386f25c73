// SPDX-License-Identifier: MIT
#include "server/conflicts/scriptconflictfunction.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QJsonDocument>
#include <QtCore/QProcess>
#include <QtCore/QTimer>

#include <deque>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr qsizetype MaxLineBytes = 1024 * 1024;
constexpr int EndMs = 5'000;

Error shuttingDown()
{
    return Error(Error::Code::Closed, u"The server is shutting down."_s);
}

// A script sees no environment, but its process need not have the server's secrets either.
QProcessEnvironment environment()
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    for (const QString &name : all.keys()) {
        if (name.startsWith("TIDELINE_"_L1) || name.startsWith("PG"_L1) || name.startsWith("AWS_"_L1))
            all.remove(name);
    }
    return all;
}

} // namespace

class ScriptConflictFunction::Worker final : public QObject
{
public:
    explicit Worker(ScriptOptions options) : m_options(std::move(options))
    {
        m_timer.setParent(this);
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, [this] { expired(); });
    }

    void add(const QJsonObject &event, Reply<QJsonObject> done)
    {
        if (m_ended)
            return done(shuttingDown());
        if (qsizetype(m_calls.size()) >= m_options.maxWaiting)
            return done(Error(Error::Code::Throttled, u"Too many conflicts wait for the script."_s));
        m_calls.push_back({QJsonDocument(event).toJson(QJsonDocument::Compact) + '\n', std::move(done), QDeadlineTimer(m_options.waitLimit)});
        pump();
    }

    void end()
    {
        m_ended = true;
        m_timer.stop();
        m_process = nullptr;
        for (QProcess *process : findChildren<QProcess *>()) {      // those of calls that took too long among them
            process->disconnect();
            process->kill();
            process->waitForFinished(EndMs);
            delete process;
        }
        for (Call &call : std::exchange(m_calls, {}))
            call.done(shuttingDown());
    }

private:
    struct Call
    {
        QByteArray line;
        Reply<QJsonObject> done;
        QDeadlineTimer turn;                                // when it is too late for it
    };
    enum class State { Off, Starting, Ready, Busy };

    // Gives the first call that waits to the process, when that is free.
    void pump()
    {
        if (m_calls.empty() || m_state == State::Starting || m_state == State::Busy)
            return;
        if (m_calls.front().turn.hasExpired())
            return finish(Error(Error::Code::Timeout, u"The script was busy with other conflicts for too long."_s));
        if (m_state == State::Off)
            return start();
        m_state = State::Busy;
        m_timer.start(m_options.timeLimit);
        m_process->write(m_calls.front().line);
    }

    void start()
    {
        m_state = State::Starting;
        m_output.clear();
        m_process = new QProcess(this);
        m_process->setProgram(m_options.host);
        m_process->setArguments({m_options.file, QString::number(m_options.memoryLimitMb)});
        m_process->setProcessEnvironment(environment());
        m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        connect(m_process, &QProcess::readyReadStandardOutput, this, [this] { read(); });
        connect(m_process, &QProcess::finished, this, [this] { died(u"The script's process ended; it may have run out of memory."_s); });
        connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                died(u"%1 cannot be started: %2"_s.arg(m_options.host, m_process->errorString()));
        });
        m_timer.start(m_options.startLimit);
        m_process->start();
    }

    void read()
    {
        m_output += m_process->readAllStandardOutput();
        if (m_output.size() > MaxLineBytes)
            return stop(Error(Error::Code::Protocol, u"The script's answer exceeds %1 bytes."_s.arg(MaxLineBytes)));
        const qsizetype end = m_output.indexOf('\n');
        if (end < 0)
            return;
        const QJsonObject line = QJsonDocument::fromJson(m_output.left(end)).object();
        m_output.clear();                                   // nothing was asked that could be answered by more
        said(line);
    }

    void said(const QJsonObject &line)
    {
        if (m_state == State::Starting && line.contains("error"_L1))
            return stop(Error(Error::Code::BackendFailed, line.value("error"_L1).toString()));
        m_timer.stop();
        const bool answers = std::exchange(m_state, State::Ready) == State::Busy;
        if (!answers)
            return pump();
        if (line.value("answer"_L1).isObject())
            finish(line.value("answer"_L1).toObject());
        else
            finish(Error(Error::Code::BackendFailed, line.value("error"_L1).toString()));
    }

    void expired()
    {
        const bool starting = m_state == State::Starting;
        stop(Error(Error::Code::Timeout, starting ? u"The script was not ready in time."_s : u"The script took too long."_s));
    }

    void died(const QString &reason)
    {
        stop(Error(Error::Code::BackendFailed, reason));
    }

    // Does away with the process; what it was started for, or was doing, fails.
    void stop(const Error &error)
    {
        m_timer.stop();
        const bool inUse = std::exchange(m_state, State::Off) != State::Ready;
        m_process->disconnect(this);
        m_process->kill();
        connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
        if (m_process->state() == QProcess::NotRunning)
            m_process->deleteLater();
        m_process = nullptr;
        if (inUse)
            finish(error);
    }

    void finish(Result<QJsonObject> result)
    {
        const Call call = std::move(m_calls.front());
        m_calls.pop_front();
        call.done(std::move(result));
        QMetaObject::invokeMethod(this, [this] { pump(); }, Qt::QueuedConnection);     // not in here: a start may fail at once
    }

    const ScriptOptions m_options;
    std::deque<Call> m_calls;                               // the first one is under way unless the state is Off or Ready
    QProcess *m_process = nullptr;                          // a child of this
    QTimer m_timer;
    QByteArray m_output;
    State m_state = State::Off;
    bool m_ended = false;
};

ScriptConflictFunction::ScriptConflictFunction(ScriptOptions options) : m_thread(u"script"_s)
{
    m_thread.post([this, options = std::move(options)] { m_worker = std::make_unique<Worker>(options); });
}

ScriptConflictFunction::~ScriptConflictFunction()
{
    m_thread.post([this] { m_worker->end(); });
}

/*! Calls the script with \a event and gives what it returns to \a done, in the function's own thread. */
void ScriptConflictFunction::ask(const QJsonObject &event, Reply<QJsonObject> done)
{
    m_thread.post([this, event, done = std::move(done)] { m_worker->add(event, done); });
}

} // namespace Tideline::Server
