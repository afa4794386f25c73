// SPDX-License-Identifier: MIT
#include "core/executor.h"

#include <QtTest/QTest>

#include <atomic>

using namespace Tideline;

class TestExecutor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aThreadThatEndsRunsWhatItsLastTasksPost();
    void whatATaskHoldsMayUseTheThreadThatEnds();
};

void TestExecutor::aThreadThatEndsRunsWhatItsLastTasksPost()
{
    std::atomic<int> ran = 0;
    std::function<void()> next;
    {
        ThreadScheduler thread(QStringLiteral("test"));
        next = [&] {
            if (++ran < 100)
                thread.post(next);
        };
        thread.post(next);
    }
    QCOMPARE(ran.load(), 100);
}

// As a session does, which cancels its timers.
void TestExecutor::whatATaskHoldsMayUseTheThreadThatEnds()
{
    std::atomic<int> gone = 0;
    for (int i = 0; i < 50; ++i) {
        ThreadScheduler thread(QStringLiteral("test"));
        thread.post([&thread, &gone] {
            auto held = std::shared_ptr<int>(new int(7), [&thread, &gone](int *number) {
                thread.cancelTimer(TimerId(*number));
                ++gone;
                delete number;
            });
            thread.post([held = std::move(held)]() mutable { held.reset(); });
        });
    }
    QCOMPARE(gone.load(), 50);
}

QTEST_GUILESS_MAIN(TestExecutor)

#include "tst_executor.moc"
