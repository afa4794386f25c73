// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/conflictoptions.h"
#include "tools/console.h"
#include "tools/endsignals.h"
#include "tools/reloadableauthorizer.h"
#include "tools/servesettings.h"

#include "core/schema/schema.h"
#include "server/backend.h"
#include "server/http/certificate.h"
#include "server/http/httpserver.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QDateTime>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

class ServeCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const OptionTable m_options = serveOptions();
};

// A server from its start to its end.
class Serving
{
public:
    using Reread = std::function<Result<ServeSettings>()>;

    Serving(ServeSettings settings, Reread reread, Console &console) : m_settings(std::move(settings)), m_reread(std::move(reread)), m_console(console) { }

    [[nodiscard]] int run(const Schema &schema);

private:
    [[nodiscard]] Result<void> open(const Schema &schema);
    [[nodiscard]] Result<void> reload();
    [[nodiscard]] DatabaseKeyOptions keyOptions();
    void announce(quint16 port);
    void leave();

    ServeSettings m_settings;
    const Reread m_reread;
    Console &m_console;
    EndSignals m_signals{EndSignals::Hangup::Reloads};  // before any thread, so that none of them gets the signals
    QEventLoop m_loop;
    std::shared_ptr<Log> m_log;
    std::unique_ptr<ReloadableAuthorizer> m_authorizer;
    std::unique_ptr<Backend> m_backend;
    std::unique_ptr<HttpServer> m_server;
};

QString urlOf(QStringView scheme, const QString &host, quint16 port)
{
    return u"%1://%2:%3"_s.arg(scheme, host.contains(u':') ? u'[' + host + u']' : host).arg(port);
}

// Each client holds a descriptor, and the usual soft limit is 1024.
void raiseDescriptorLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// One or more lines "FILE:line:column: message".
QString linesOf(const Error &error)
{
    return error.detail().isEmpty() ? error.message() : error.detail();
}

QString wholeOf(const Error &error)
{
    return error.detail().isEmpty() ? error.message() : u"%1 (%2)"_s.arg(error.message(), error.detail());
}

// False when nobody takes anything for a second: a reader that is stuck must not keep the server from its end.
bool isStandardErrorReady()
{
    pollfd descriptor{STDERR_FILENO, POLLOUT, 0};
    int ready = 0;
    do
        ready = ::poll(&descriptor, 1, 1000);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

// Lines of the log share standard error with the console, which writes before and after the server runs.
void writeToStandardError(const QByteArray &lines)
{
    constexpr qsizetype atOnce = PIPE_BUF;              // what a pipe that is ready takes without waiting
    for (qsizetype written = 0; written < lines.size() && isStandardErrorReady();) {
        const ssize_t count = ::write(STDERR_FILENO, lines.constData() + written, size_t(std::min(atOnce, lines.size() - written)));
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return;                     // nobody is left to tell
        written += std::max<ssize_t>(0, count);
    }
}

// Where a certificate for development is kept: beside the database, when that is a file.
QString certificateBase(const ServeSettings &settings)
{
    return settings.backend.databasePath.contains(u"://"_s) ? settings.localDatabase : settings.backend.databasePath;
}

// Certificate and key into the options; empty ones when TLS was not asked for.
Result<void> loadCertificate(ServeSettings &settings)
{
    if (!settings.selfSigned && settings.certificateFile.isEmpty())
        return {};
    if (settings.selfSigned) {
        settings.certificateFile = certificateBase(settings) + u".certificate.pem"_s;
        settings.keyFile = certificateBase(settings) + u".key.pem"_s;
    }
    const Result<Certificate> certificate = settings.selfSigned
        ? developmentCertificate(settings.certificateFile, settings.keyFile, QDateTime::currentDateTimeUtc())
        : readCertificate(settings.certificateFile, settings.keyFile);
    if (!certificate)
        return certificate.error();
    settings.http.certificate = certificate->certificate;
    settings.http.privateKey = certificate->privateKey;
    return {};
}

void ServeCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Serves a schema as AWS AppSync would: GraphQL over HTTP at /graphql, subscriptions at /graphql/realtime.\n"
        "Prints \"listening on URL\" when it is ready. SIGINT and SIGTERM end it, SIGHUP reads certificate and API keys again.\n\n"
        "Every option may also stand in the file of --config, or in the environment: TIDELINE_MAX_BODY for --max-body.\n"
        "The command line is stronger than the environment, and that than the file. A DURATION is a number with ms, s, m, h or d,\n"
        "as in 500ms and 30d; a number alone counts seconds. Not on the command line:"_s + m_options.secretsHelp());
    m_options.addTo(parser);
    parser.addPositionalArgument(u"SCHEMA"_s, u"The GraphQL schema; \"-\" is standard input"_s);
}

Result<void> Serving::open(const Schema &schema)
{
    m_log = std::make_shared<Log>(m_settings.logFormat, m_settings.logLevel, writeToStandardError);
    m_settings.http.log = m_log;
    m_settings.http.metrics = m_settings.backend.metrics = std::make_shared<Metrics>();
    m_settings.backend.onError = [log = m_log](const Error &error) {
        log->write({.level = LogLevel::Error, .event = "failed", .message = error.message()});
    };
    apply(m_settings.conflicts, m_settings.backend);
    m_settings.backend.onDestructiveMigration = [this](const QStringList &losses) {
        for (const QString &loss : losses)
            m_console.report(loss);
    };
    Result<std::unique_ptr<Backend>> backend = Backend::open(schema, m_settings.backend);
    if (!backend)
        return backend.error();
    m_backend = std::move(*backend);
    Result<std::unique_ptr<Authorizer>> authorizer = makeAuthorizer(m_settings.callers, keyOptions());
    if (!authorizer)
        return authorizer.error();
    m_authorizer = std::make_unique<ReloadableAuthorizer>(std::move(*authorizer));
    if (m_settings.http.maxSubscriptions == 0)      // three per model and client, with as many again for other uses
        m_settings.http.maxSubscriptions = std::max(HttpOptions().maxSubscriptions, int(schema.models().size()) * 6);
    m_server = std::make_unique<HttpServer>(*m_backend, *m_authorizer, m_settings.http);
    return {};
}

DatabaseKeyOptions Serving::keyOptions()
{
    auto recheck = [this] {
        QMetaObject::invokeMethod(&m_loop, [this] { m_server->recheckCallers(); }, Qt::QueuedConnection);
    };
    return {.database = m_settings.backend.databasePath, .onRevoked = std::move(recheck), .onError = m_settings.backend.onError};
}

void Serving::announce(quint16 port)
{
    const HttpOptions &http = m_settings.http;
    m_console.print(u"listening on %1/graphql\n"_s.arg(urlOf(u"http", http.host, port)));
    if (!http.certificate.isEmpty())
        m_console.print(u"listening on %1/graphql\n"_s.arg(urlOf(u"https", http.host, port)));
    if (http.adminPort)
        m_console.print(u"administration on %1\n"_s.arg(urlOf(u"http", http.adminHost, m_server->adminPort())));
    if (m_settings.selfSigned)
        m_console.report(u"clients may trust %1"_s.arg(m_settings.certificateFile));
}

// What is wrong changes nothing: who could connect still can.
Result<void> Serving::reload()
{
    Result<ServeSettings> settings = m_reread();
    if (!settings)
        return settings.error();
    if (const Result<void> loaded = loadCertificate(*settings); !loaded)
        return loaded;
    Result<std::unique_ptr<Authorizer>> authorizer = makeAuthorizer(settings->callers, keyOptions());
    if (!authorizer)
        return authorizer.error();
    if (!settings->http.certificate.isEmpty()) {
        if (const Result<void> set = m_server->setCertificate(settings->http.certificate, settings->http.privateKey); !set)
            return set;
    }
    m_authorizer->exchange(std::move(*authorizer));
    m_server->recheckCallers();
    return {};
}

// Serves on for a while, so that balancers send nobody here any more. A second signal ends the process at once.
void Serving::leave()
{
    m_signals.restore();
    m_server->retire();
    QTimer::singleShot(m_settings.drainDelay, &m_loop, &QEventLoop::quit);
}

int Serving::run(const Schema &schema)
{
    Result<void> opened = open(schema);
    const Result<quint16> port = opened ? m_server->start() : opened.error();
    if (!port) {
        m_console.report(port.error().message());
        return Failure;
    }
    announce(*port);
    if (!m_console.flush())
        return Failure;
    QObject::connect(&m_signals, &EndSignals::received, &m_loop, [this] { leave(); }, Qt::QueuedConnection);
    QObject::connect(&m_signals, &EndSignals::reloadRequested, &m_loop, [this] {
        const Result<void> reloaded = reload();
        m_log->write({.level = reloaded ? LogLevel::Info : LogLevel::Error, .event = reloaded ? "reloaded" : "reload failed",
                      .message = reloaded ? QString() : wholeOf(reloaded.error())});
    });
    m_loop.exec();
    m_server->stop(m_settings.grace);
    m_backend->close();
    return Success;
}

int ServeCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString schemaFile = parser.positionalArguments().constFirst();
    const auto read = [this, &parser, schemaFile](QStringList *warnings) -> Result<ServeSettings> {
        const Result<OptionValues> values = m_options.read(parser, QProcessEnvironment::systemEnvironment());
        if (!values)
            return values.error();
        *warnings = values->warnings;
        return serveSettings(*values, schemaFile);
    };
    QStringList warnings;
    Result<ServeSettings> settings = read(&warnings);
    if (!settings) {
        console.report(u"tideline serve: "_s + settings.error().message());
        return settings.error().code() == Error::Code::InvalidArgument ? UsageError : Failure;
    }
    for (const QString &warning : std::as_const(warnings))
        console.report(u"tideline serve: "_s + warning);
    if (const Result<void> checked = checkSomebodyMayCall(settings->callers, settings->backend.databasePath); !checked) {
        console.report(u"tideline serve: "_s + checked.error().message());
        return UsageError;
    }
    const Result<QString> source = console.read(schemaFile);
    if (!source) {
        console.report(source.error().message());
        return Failure;
    }
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(schemaFile));
    if (!schema) {
        console.report(linesOf(schema.error()));
        return Failure;
    }
    if (const Result<void> loaded = loadCertificate(*settings); !loaded) {
        console.report(wholeOf(loaded.error()));
        return Failure;
    }
    raiseDescriptorLimit();
    return Serving(std::move(*settings), [read] { QStringList ignored; return read(&ignored); }, console).run(*schema);
}

} // namespace

std::unique_ptr<Command> makeServeCommand()
{
    return std::make_unique<ServeCommand>();
}

} // namespace Tideline::Tools
