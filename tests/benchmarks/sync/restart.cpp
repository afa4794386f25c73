// SPDX-License-Identifier: MIT
#include "bench.h"

#include "shared/faultproxy.h"

#include <QtCore/QDateTime>

namespace TidelineBench {

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

/* Not timed: what goes over the line when a device starts again and nothing changed. */
void restart(const QTemporaryDir &folder)
{
    constexpr int records = 100'000;
    const QString database = folder.filePath(u"unchanged.sqlite"_s);
    {
        const qint64 before = QDateTime::currentMSecsSinceEpoch() - 60'000;     // delta syncs repeat what is a few seconds old
        TestServer earlier(stockSchema(), database, 1000, TestServer::Conflicts::Automerge, [before] { return before; });
        fillStock(earlier, records);
    }
    TestServer server(stockSchema(), database);
    const QString path = folder.filePath(u"restarted.sqlite"_s);
    {
        Device first(stockSchema(), path, server.url());
        waitFor([&first] { return first.isLevel(); });
    }
    const FaultProxy line(quint16(server.url().port()));
    Device again(stockSchema(), path, line.url());
    waitFor([&again] { return again.isLevel(); });
    row("restart with 100,000 synced records and no change, requests", line.requests(), "", u"2"_s);
    row("  bytes, both ways, with headers and subscriptions", double(line.bytes()), "B", u"2,000"_s,
        u"the two requests and their answers %1 B"_s.arg(line.requestBytes()));
}

} // namespace TidelineBench
