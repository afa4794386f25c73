// SPDX-License-Identifier: MIT
#include "tools/remotecommand.h"

#include "tools/console.h"
#include "tools/schematext.h"

#include <QtCore/QCommandLineParser>

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

std::variant<Remote, int> openRemote(QStringView command, const EndpointOptionSet &endpoint, const QCommandLineParser &parser, Console &console)
{
    const Result<EndpointOptions> options = endpoint.read(parser);
    if (!options)
        return usageError(console, command, options.error());
    const Result<Schema> schema = readSchema(parser.positionalArguments().constFirst(), console);
    if (!schema) {
        console.report(schema.error().message());
        return Failure;
    }
    return Remote{*options, *schema};
}

std::variant<RemoteModel, int> openModel(QStringView command, const EndpointOptionSet &endpoint, const QCommandLineParser &parser,
                                         const QString &format, Console &console)
{
    const QStringList arguments = parser.positionalArguments();
    const Result<RecordFormat> known = recordFormat(format, arguments.value(2));
    if (!known)
        return usageError(console, command, known.error());
    const std::variant<Remote, int> opened = openRemote(command, endpoint, parser, console);
    if (const int *code = std::get_if<int>(&opened))
        return *code;
    const Remote &remote = std::get<Remote>(opened);
    const Result<std::shared_ptr<const ModelType>> model = modelOf(remote.schema, arguments[1]);
    if (!model)
        return usageError(console, command, model.error());
    return RemoteModel{remote.endpoint, remote.schema, *model, *known};
}

void interruptOn(EndSignals &signals, Endpoint &endpoint)
{
    QObject::connect(&signals, &EndSignals::received, &endpoint, [&signals, &endpoint] {
        endpoint.interrupt();
        signals.restore();
    });
}

int usageError(Console &console, QStringView command, const Error &error)
{
    console.report(u"tideline %1: %2"_s.arg(command, error.message()));
    console.report(u"Try \"tideline %1 --help\"."_s.arg(command));
    return UsageError;
}

// A share of 0: not known.
static QString progressText(qint64 records, double share, std::chrono::milliseconds passed)
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
    m_console.showStatus(progressText(records, share, std::chrono::duration_cast<std::chrono::milliseconds>(now - m_begin)));
}

} // namespace Tideline::Tools
