// SPDX-License-Identifier: MIT
#include "tools/remotecommand.h"

#include "tools/console.h"

#include <QtCore/QStringList>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Result<std::shared_ptr<const ModelType>> modelOf(const Schema &schema, const QString &name)
{
    if (std::shared_ptr<const ModelType> model = schema.model(name))
        return model;
    QStringList names;
    for (const std::shared_ptr<const ModelType> &model : schema.models())
        names.append(model->name);
    return Error(Error::Code::UnknownModel, u"there is no model \"%1\"; there are %2"_s.arg(name, names.join(u", ")));
}

int usageError(Console &console, QStringView command, const Error &error)
{
    console.report(u"tideline %1: %2"_s.arg(command, error.message()));
    console.report(u"Try \"tideline %1 --help\"."_s.arg(command));
    return UsageError;
}

Progress::Progress(Console &console, qint64 total) : m_console(console), m_total(total)
{
}

void Progress::update(qint64 records, qint64 done)
{
    const Clock::time_point now = Clock::now();
    if (!m_console.showsStatus() || now < m_next)
        return;
    m_next = now + 200ms;
    const double share = m_total > 0 ? std::min(1.0, double(done) / double(m_total)) : 0;
    m_console.showStatus(text(records, share, std::chrono::duration_cast<std::chrono::milliseconds>(now - m_begin)));
}

QString Progress::text(qint64 records, double share, std::chrono::milliseconds passed)
{
    constexpr int width = 24;
    const double seconds = std::max(0.001, double(passed.count()) / 1000);
    QString text = u"%1 records, %2/s"_s.arg(records).arg(qint64(double(records) / seconds));
    if (share <= 0)
        return text;
    const int full = int(share * width);
    const auto remaining = qint64(seconds * (1 - share) / share);
    return u"[%1] %2 %, %3, %4:%5 left"_s
        .arg(QString(full, u'#') + QString(width - full, u'.'))
        .arg(int(share * 100)).arg(text).arg(remaining / 60).arg(remaining % 60, 2, 10, QLatin1Char('0'));
}

} // namespace Tideline::Tools
