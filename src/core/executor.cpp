// SPDX-License-Identifier: MIT
#include "core/executor.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QElapsedTimer>
#include <QtCore/QEvent>
#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QRandomGenerator>
#include <QtCore/QThread>
#include <QtCore/QTimerEvent>

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace Tideline {

/*!
    Returns whether a task that runs now in the calling thread may wait for the disk: anywhere but in the
    thread of the application object. A test that owns its time overrides it. Call it from inside.
*/
bool Executor::mayBlock() const noexcept
{
    const QCoreApplication *application = QCoreApplication::instance();
    return !application || QThread::currentThread() != application->thread();
}

/*
    The one hand-over point between threads: a vector behind a mutex, and at most one posted event
    that says "look there". A burst of posts costs one event, and thread checkers see std::mutex.
*/
class EventLoopScheduler::Receiver : public QObject
{
public:
    Receiver() { m_clock.start(); }

    void post(std::function<void()> task)
    {
        bool wake = false;
        {
            const std::lock_guard lock(m_mutex);
            wake = m_tasks.empty();
            m_tasks.push_back(std::move(task));
        }
        if (wake)
            QCoreApplication::postEvent(this, new QEvent(QEvent::User));
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::User)
            return QObject::event(event);
        runWaiting();
        return true;
    }

    void runAll()               // and what that posts
    {
        while (isWaiting())
            runWaiting();
    }

    void runWaiting()
    {
        std::vector<std::function<void()>> tasks;
        {
            const std::lock_guard lock(m_mutex);
            tasks.swap(m_tasks);
        }
        const std::weak_ptr<int> alive = m_alive;
        for (std::function<void()> &task : tasks) {
            task();
            if (alive.expired())
                return;         // the task destroyed the scheduler
            task = nullptr;
        }
    }

    void timerEvent(QTimerEvent *event) override
    {
        killTimer(event->timerId());
        if (const std::function<void()> task = m_timers.take(event->timerId()))
            task();
    }

    TimerId start(qint64 milliseconds, std::function<void()> task)
    {
        Q_ASSERT(QThread::currentThread() == thread());
        const auto bounded = std::chrono::milliseconds(qBound(qint64(0), milliseconds, qint64(1) << 30));
        const int id = startTimer(bounded, Qt::PreciseTimer);
        m_timers.insert(id, std::move(task));
        return TimerId(id);
    }

    void cancel(TimerId id)
    {
        if (m_timers.remove(int(id)))
            killTimer(int(id));
    }

    [[nodiscard]] qint64 elapsed() const { return m_clock.elapsed(); }

private:
    [[nodiscard]] bool isWaiting()
    {
        const std::lock_guard lock(m_mutex);
        return !m_tasks.empty();
    }

    std::mutex m_mutex;
    std::vector<std::function<void()>> m_tasks;             // guarded by m_mutex
    QHash<int, std::function<void()>> m_timers;
    QElapsedTimer m_clock;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

/*! Constructs a scheduler for the current thread, which needs a running event loop for tasks to run. */
EventLoopScheduler::EventLoopScheduler() : d(std::make_unique<Receiver>()) { }

/*! Drops the tasks and timers that have not run. Call it in the thread of construction. */
EventLoopScheduler::~EventLoopScheduler() = default;

/*! Queues \a task; callable from any thread. */
void EventLoopScheduler::post(std::function<void()> task)
{
    d->post(std::move(task));
}

/*! Returns whether the caller runs in the scheduler's thread. */
bool EventLoopScheduler::isCurrent() const noexcept
{
    return QThread::currentThread() == d->thread();
}

/*! Returns the wall clock in ms since the epoch, UTC. */
qint64 EventLoopScheduler::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

/*! Returns ms on a clock that never jumps. */
qint64 EventLoopScheduler::monotonic() const
{
    return d->elapsed();
}

/*! Runs \a task once after \a milliseconds (0 to 2^30). Call it in the scheduler's thread. */
TimerId EventLoopScheduler::startTimer(qint64 milliseconds, std::function<void()> task)
{
    return d->start(milliseconds, std::move(task));
}

/*! Forgets the timer \a id; harmless when it has run. Call it in the scheduler's thread. */
void EventLoopScheduler::cancelTimer(TimerId id)
{
    d->cancel(id);
}

/*! Returns 64 random bits. */
quint64 EventLoopScheduler::random()
{
    return QRandomGenerator::global()->generate64();
}

class ThreadScheduler::Private
{
public:
    QThread thread;
    std::mutex mutex;                                       // what the thread did is seen by who made it and who ends it
    std::unique_ptr<EventLoopScheduler> scheduler;          // made and destroyed in the thread
};

/*! Starts a thread named \a threadName and returns when it takes tasks. */
ThreadScheduler::ThreadScheduler(const QString &threadName) : d(std::make_unique<Private>())
{
    std::condition_variable started;
    bool ready = false;
    d->thread.setObjectName(threadName);
    auto *starter = new QObject;
    starter->moveToThread(&d->thread);
    QObject::connect(&d->thread, &QThread::started, starter, [&, starter] {
        auto scheduler = std::make_unique<EventLoopScheduler>();
        starter->deleteLater();
        const std::lock_guard lock(d->mutex);
        d->scheduler = std::move(scheduler);
        ready = true;
        started.notify_one();
    });
    QObject::connect(&d->thread, &QThread::finished, &d->thread, [this] {
        d->scheduler->d->runAll();
        const std::lock_guard lock(d->mutex);
        d->scheduler.reset();
    }, Qt::DirectConnection);
    d->thread.start();
    std::unique_lock lock(d->mutex);
    started.wait(lock, [&ready] { return ready; });
}

/*! Runs the tasks already queued, and what these queue, then ends and joins the thread. */
ThreadScheduler::~ThreadScheduler()
{
    Q_ASSERT(!isCurrent());
    d->scheduler->post([this] { d->thread.quit(); });
    d->thread.wait();
    const std::lock_guard lock(d->mutex);
}

/*! Queues \a task; callable from any thread. */
void ThreadScheduler::post(std::function<void()> task)
{
    d->scheduler->post(std::move(task));
}

/*! Returns whether the caller runs in this thread. */
bool ThreadScheduler::isCurrent() const noexcept
{
    return QThread::currentThread() == &d->thread;
}

/*! Returns the wall clock in ms since the epoch, UTC. */
qint64 ThreadScheduler::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

/*! Returns ms on a clock that never jumps. */
qint64 ThreadScheduler::monotonic() const
{
    return d->scheduler->monotonic();
}

/*! Runs \a task once after \a milliseconds. Call it in this thread. */
TimerId ThreadScheduler::startTimer(qint64 milliseconds, std::function<void()> task)
{
    return d->scheduler->startTimer(milliseconds, std::move(task));
}

/*! Forgets the timer \a id. Call it in this thread. */
void ThreadScheduler::cancelTimer(TimerId id)
{
    d->scheduler->cancelTimer(id);
}

/*! Returns 64 random bits. */
quint64 ThreadScheduler::random()
{
    return d->scheduler->random();
}

} // namespace Tideline
