// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QString>

#include <functional>
#include <memory>

namespace Tideline {

/*!
    \class Tideline::Executor
    \inmodule Tideline
    \since 0.1
    \brief Runs tasks one after another, in the order posted; the only way values cross threads.

    post() may be called from any thread and never runs the task inside the call.
*/
class TIDELINE_CORE_EXPORT Executor
{
public:
    virtual ~Executor() = default;
    virtual void post(std::function<void()> task) = 0;
    [[nodiscard]] virtual bool isCurrent() const noexcept = 0;      // is the caller running inside it?
    [[nodiscard]] virtual bool mayBlock() const noexcept;           // may a task wait for the disk? not in the GUI thread
};

using TimerId = quint64;                // 0: none

/*! An Executor with a clock and timers; tests give one whose time they own. */
class TIDELINE_CORE_EXPORT Scheduler : public Executor
{
public:
    [[nodiscard]] virtual qint64 now() const = 0;                   // ms since the epoch, UTC
    [[nodiscard]] virtual qint64 monotonic() const = 0;             // ms; never jumps
    virtual TimerId startTimer(qint64 milliseconds, std::function<void()> task) = 0;    // once; from inside only
    virtual void cancelTimer(TimerId id) = 0;
    [[nodiscard]] virtual quint64 random() = 0;                     // uniform over 64 bits
};

/*! Runs in the thread that constructed it, through that thread's event loop. Tasks still queued when
    it is destroyed are dropped. */
class TIDELINE_CORE_EXPORT EventLoopScheduler : public Scheduler
{
public:
    EventLoopScheduler();
    ~EventLoopScheduler() override;

    void post(std::function<void()> task) override;
    [[nodiscard]] bool isCurrent() const noexcept override;
    [[nodiscard]] qint64 now() const override;
    [[nodiscard]] qint64 monotonic() const override;
    TimerId startTimer(qint64 milliseconds, std::function<void()> task) override;
    void cancelTimer(TimerId id) override;
    [[nodiscard]] quint64 random() override;

private:
    friend class ThreadScheduler;       // which runs what is left when its thread ends
    class Receiver;
    std::unique_ptr<Receiver> d;
};

/*! Owns a thread with an event loop and runs there. Destruction runs what is queued, and what that queues, then joins. */
class TIDELINE_CORE_EXPORT ThreadScheduler : public Scheduler
{
public:
    explicit ThreadScheduler(const QString &threadName);
    ~ThreadScheduler() override;

    void post(std::function<void()> task) override;
    [[nodiscard]] bool isCurrent() const noexcept override;
    [[nodiscard]] qint64 now() const override;
    [[nodiscard]] qint64 monotonic() const override;
    TimerId startTimer(qint64 milliseconds, std::function<void()> task) override;
    void cancelTimer(TimerId id) override;
    [[nodiscard]] quint64 random() override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Tideline
