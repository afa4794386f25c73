// SPDX-License-Identifier: MIT
// Devices and a server over the loopback, each number beside what the least program gets from the same server in the same run.
// Build it in the release preset. Without arguments all is measured; "drain", "rejections", "live", "base" and "restart" name parts.
#include "bench.h"

#include <cstdio>

using namespace TidelineBench;
using namespace Qt::StringLiterals;

void TidelineBench::row(const char *what, double measured, const char *unit, const QString &goal, const QString &beside)
{
    std::printf("%-62s %10.2f %-3s", what, measured, unit);
    if (!goal.isEmpty())
        std::printf("  goal %s", qPrintable(goal));
    if (!beside.isEmpty())
        std::printf("  (%s)", qPrintable(beside));
    std::printf("\n");
    std::fflush(stdout);
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments().mid(1);
    if (arguments.value(0) == "--base-sync"_L1)
        return baseSyncInItsOwnProcess(QUrl(arguments.value(1)), arguments.value(2));
    const QTemporaryDir folder;
    const auto part = [&](const QString &name, void (*measure)(const QTemporaryDir &)) {
        if (arguments.isEmpty() || arguments.contains(name))
            measure(folder);
    };
    part(u"drain"_s, offlineMutations);
    part(u"rejections"_s, rejections);
    part(u"live"_s, liveChanges);
    part(u"base"_s, baseSync);
    part(u"restart"_s, restart);
    return 0;
}
