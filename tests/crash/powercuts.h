// SPDX-License-Identifier: MIT
#pragma once

#include "crash/unsyncedvfs.h"

#include <QtCore/QStringList>

// What a disk had when a machine lost its power during a scripted run.
struct PowerCut
{
    UnsyncedVfs::Image image;
    UnsyncedVfs::Loss loss = UnsyncedVfs::Loss::All;
    qsizetype steps = 0;                // that were acknowledged
    qint64 now = 0;                     // ms since the epoch, where the run has a clock
};

/*! What is wrong with \a state, of those that the run went through; the step that was under way may be there, nothing else. */
inline QString misplaced(const QStringList &states, const PowerCut &cut, const QString &state)
{
    if (state == states.at(cut.steps) || state == states.value(cut.steps + 1))
        return {};
    const qsizetype found = states.indexOf(state);
    return found < 0 ? QStringLiteral("is as after no step") : QStringLiteral("is as after %1 steps").arg(found);
}

/*! A line for each of \a cuts, three before each sync, of which \a broken says something. */
template<typename Broken>
QStringList brokenCuts(const QList<PowerCut> &cuts, Broken broken)
{
    QStringList lines;
    for (qsizetype i = 0; i < cuts.size(); ++i) {
        const PowerCut &cut = cuts.at(i);
        if (const QString what = broken(cut); !what.isEmpty())
            lines.append(QStringLiteral("before sync %1, loss %2, after %3 steps: %4").arg(i / 3).arg(int(cut.loss)).arg(cut.steps).arg(what));
    }
    return lines;
}
