// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/testserver.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>

#include <chrono>
#include <functional>

// What the benchmarks of the sync engine share. All wait in the event loop of their own thread.
namespace TidelineBench {

inline void waitFor(const std::function<bool()> &condition)
{
    bool late = false;
    QTimer deadline;
    QObject::connect(&deadline, &QTimer::timeout, &deadline, [&late] { late = true; });
    deadline.start(std::chrono::minutes(2));
    while (!condition()) {
        if (late)
            qFatal("What is waited for does not come");
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);    // else they pile up, and each turn looks at all of them
    }
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    QTimer alarm;                   // the future says nothing to the event loop
    alarm.start(1);
    waitFor([&future] { return future.isFinished(); });
    return future.result();
}

[[nodiscard]] inline double seconds(const QElapsedTimer &timer) { return double(timer.nsecsElapsed()) / 1e9; }

struct Device
{
    Device(const Tideline::Schema &schema, const QString &path, const QUrl &url)
    {
        auth.setKey(TidelineTest::TestServer::key());
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setBackend(&backend);
        if (const Tideline::Result<void> opened = outcome(store.open(path)); !opened)
            qFatal("%s", qPrintable(opened.error().message()));
    }
    [[nodiscard]] bool isLevel() const
    {
        return store.syncState() == Tideline::DataStore::SyncPhase::Live && store.outboxCount() == 0;
    }

    Tideline::ApiKey auth;
    Tideline::AppSync backend;
    Tideline::DataStore store;
};

/*! One line of the report; \a goal and \a beside are words. */
void row(const char *what, double measured, const char *unit, const QString &goal = {}, const QString &beside = {});

/*! The SDL of one model that many records are counted in. */
[[nodiscard]] Tideline::Schema stockSchema();
void fillStock(TidelineTest::TestServer &server, int records);

void offlineMutations(const QTemporaryDir &folder);             // rows 1 and 2
void rejections(const QTemporaryDir &folder);                   // row 5
void liveChanges(const QTemporaryDir &folder);                  // row 3
void baseSync(const QTemporaryDir &folder);                     // row 4
int baseSyncInItsOwnProcess(const QUrl &url, const QString &path);
void restart(const QTemporaryDir &folder);                      // row 6

} // namespace TidelineBench
