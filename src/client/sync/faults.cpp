// SPDX-License-Identifier: MIT
#include "client/sync/faults_p.h"

namespace Tideline {

using namespace Qt::StringLiterals;

enum class Extent { Line, Code, Place };       // how much one fault is about

static Extent extentOf(const Error &error)
{
    switch (error.code()) {
    case Error::Code::Network:
    case Error::Code::Timeout:
    case Error::Code::Cancelled:
    case Error::Code::Closed:
    case Error::Code::Protocol:
    case Error::Code::Throttled:
    case Error::Code::BackendFailed:
        return Extent::Line;
    default:
        break;
    }
    const bool ofAll = error.category() == Error::Category::Store
        || (error.code() == Error::Code::Unauthorized && error.model().isEmpty());
    return ofAll ? Extent::Code : Extent::Place;
}

static QString matterOf(const Error &error)
{
    const QString code = QString::number(int(error.code()));
    switch (extentOf(error)) {
    case Extent::Line: return u"line"_s;
    case Extent::Code: return code;
    case Extent::Place: return code + u'/' + error.model() + u'/' + error.record();
    }
    return {};
}

static QString hindered(Error::Phase phase, const QString &model, const QString &record)
{
    return QString::number(int(phase)) + u'/' + model + u'/' + record;
}

static QString hinderedBy(const Error &error)
{
    const bool ofAll = extentOf(error) != Extent::Place;
    const bool names = !ofAll || error.phase() == Error::Phase::Sync;      // model types are synced one by one
    return hindered(error.phase(), names ? error.model() : QString(), ofAll ? QString() : error.record());
}

bool Faults::begins(const Error &error, qint64 now)
{
    Fault &fault = m_open[matterOf(error)];
    fault.hinders.insert(hinderedBy(error));
    if (++fault.count > 1)
        return false;
    fault.error = error;
    fault.since = now;
    return true;
}

QList<Faults::Fault> Faults::works(Error::Phase phase, const QString &model, const QString &record)
{
    QList<Fault> ended;
    const QString what = hindered(phase, model, record);
    for (auto fault = m_open.begin(); fault != m_open.end();) {
        if (fault->hinders.remove(what) && fault->hinders.isEmpty()) {
            ended.append(*fault);
            fault = m_open.erase(fault);
        } else {
            ++fault;
        }
    }
    return ended;
}

} // namespace Tideline
