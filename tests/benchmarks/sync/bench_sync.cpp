// SPDX-License-Identifier: MIT
// Devices and a server over the loopback, each number beside what the least program gets from the same server in the same run.
// Build it in the release preset. Without arguments all is measured; "drain", "rejections", "live", "base" and "restart" name parts.
#include "bench.h"

#include <algorithm>
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
    const QList<std::pair<QString, void (*)(const QTemporaryDir &)>> parts{
        {u"drain"_s, offlineMutations}, {u"rejections"_s, rejections}, {u"live"_s, liveChanges}, {u"base"_s, baseSync}, {u"restart"_s, restart}};
    for (const QString &argument : arguments) {
        if (std::none_of(parts.begin(), parts.end(), [&argument](const auto &part) { return part.first == argument; })) {
            std::fprintf(stderr, "There is no part \"%s\". Name some of drain, rejections, live, base and restart, or none for all.\n", qPrintable(argument));
            return 2;
        }
    }
    const QTemporaryDir folder;
    for (const auto &[name, measure] : parts) {
        if (arguments.isEmpty() || arguments.contains(name))
            measure(folder);
    }
    return 0;
}
