// SPDX-License-Identifier: MIT
#include "tools/calleroptions.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/endsignals.h"
#include "tools/triggersettings.h"

#include "core/schema/schema.h"
#include "server/backend.h"
#include "server/http/certificate.h"
#include "server/http/httpserver.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QEventLoop>
#include <QtCore/QFileInfo>

#include <sys/resource.h>

#include <algorithm>
#include <optional>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr int DefaultPort = 4000;
constexpr int DefaultGraceSeconds = 10;

// What the command line says, checked.
struct Settings
{
    QString schemaFile;
    Callers callers;
    HttpOptions http;
    BackendOptions backend;
    bool selfSigned = false;
    QString certificateFile;
    QString keyFile;
    std::chrono::seconds grace{DefaultGraceSeconds};
};

class ServeCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    [[nodiscard]] Result<Settings> settings(const QCommandLineParser &parser) const;
    [[nodiscard]] Result<void> readSecurity(const QCommandLineParser &parser, Settings &settings) const;
    [[nodiscard]] Result<void> readTriggerOptions(const QCommandLineParser &parser, Settings &settings) const;

    const QCommandLineOption m_port{u"port"_s, u"The TCP port; 0 takes a free one (4000)"_s, u"N"_s, QString::number(DefaultPort)};
    const QCommandLineOption m_host{u"host"_s, u"The address or name to listen on (127.0.0.1)"_s, u"ADDR"_s, u"127.0.0.1"_s};
    const CallerOptions m_callers{};
    const QCommandLineOption m_database{u"database"_s, u"The SQLite file, made when missing (the schema's name with .db), or "
                                                       "postgres://USER@HOST:PORT/DATABASE, which several servers may share. "
                                                       "PGPASSWORD and ~/.pgpass do not show in process lists"_s,
                                        u"FILE|URL"_s};
    const QCommandLineOption m_destructive{u"allow-destructive-migration"_s,
                                           u"Let go of what the database has and the schema has no place for, after printing it"_s};
    const QCommandLineOption m_conflicts{u"conflicts"_s, u"automerge or optimistic (automerge)"_s, u"STRATEGY"_s, u"automerge"_s};
    const QCommandLineOption m_trigger{u"trigger"_s, u"POST each change of these kinds to URL after its commit, until it is answered with 200; may be "
                                                     "given again. MODEL=URL is for all kinds. Bodies are signed with the secret in the environment "
                                                     "variable TIDELINE_TRIGGER_SECRET"_s,
                                       u"MODEL:create,update,delete=URL"_s};
    const QCommandLineOption m_triggerAttempts{u"trigger-max-attempts"_s, u"After how many attempts an event is given up; 0 is never (0)"_s,
                                               u"N"_s, u"0"_s};
    const QCommandLineOption m_triggerAge{u"trigger-max-age"_s, u"How old an event that fails is when it is given up; 0 is never (259200)"_s,
                                          u"SECONDS"_s, u"259200"_s};
    const QCommandLineOption m_selfSigned{u"self-signed"_s, u"Speak TLS too, with a certificate for localhost kept beside the database"_s};
    const QCommandLineOption m_certificate{u"certificate"_s, u"Speak TLS too, with this certificate (PEM, chain included)"_s, u"FILE"_s};
    const QCommandLineOption m_key{u"key"_s, u"The private key of --certificate (PEM)"_s, u"FILE"_s};
    const QCommandLineOption m_threads{u"threads"_s, u"Threads that serve sockets (2)"_s, u"N"_s, u"2"_s};
    const QCommandLineOption m_maxBody{u"max-body"_s, u"Largest request body in bytes (1048576)"_s, u"BYTES"_s, u"1048576"_s};
    const QCommandLineOption m_expiryGrace{u"expiry-grace"_s, u"How long a running subscription outlives the token it was started with; "
                                                              "AppSync cuts it after a day (86400)"_s, u"SECONDS"_s, u"86400"_s};
    const QCommandLineOption m_grace{u"grace"_s, u"How long requests may take to end when the server is told to (10)"_s, u"SECONDS"_s,
                                     QString::number(DefaultGraceSeconds)};
};

Error usage(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

Result<qint64> numberOf(const QCommandLineParser &parser, const QCommandLineOption &option, qint64 least, qint64 most)
{
    bool isNumber = false;
    const qint64 number = parser.value(option).toLongLong(&isNumber);
    if (!isNumber || number < least || number > most) {
        return usage(u"--%1 is a number from %2 to %3, not \"%4\""_s.arg(option.names().constFirst())
                         .arg(least).arg(most).arg(parser.value(option)));
    }
    return number;
}

QString urlOf(QStringView scheme, const QString &host, quint16 port)
{
    return u"%1://%2:%3/graphql"_s.arg(scheme, host.contains(u':') ? u'[' + host + u']' : host).arg(port);
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

QString defaultDatabase(const Settings &settings)
{
    return settings.schemaFile == u"-"_s ? u"tideline.db"_s : QFileInfo(settings.schemaFile).completeBaseName() + u".db"_s;
}

void ServeCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Serves a schema as AWS AppSync would: GraphQL over HTTP at /graphql, subscriptions at /graphql/realtime.\n"
        "Prints \"listening on URL\" when it is ready. SIGINT and SIGTERM end it."_s);
    parser.addOptions({m_port, m_host, m_database, m_destructive, m_conflicts, m_trigger, m_triggerAttempts, m_triggerAge, m_selfSigned, m_certificate, m_key,
                       m_threads, m_maxBody, m_grace, m_expiryGrace});
    m_callers.addTo(parser);
    parser.addPositionalArgument(u"SCHEMA"_s, u"The GraphQL schema; \"-\" is standard input"_s);
}

Result<void> ServeCommand::readSecurity(const QCommandLineParser &parser, Settings &settings) const
{
    settings.selfSigned = parser.isSet(m_selfSigned);
    settings.certificateFile = parser.value(m_certificate);
    settings.keyFile = parser.value(m_key);
    if (parser.isSet(m_certificate) != parser.isSet(m_key))
        return usage(u"--certificate and --key belong together"_s);
    if (settings.selfSigned && parser.isSet(m_certificate))
        return usage(u"--self-signed and --certificate exclude each other"_s);
    Result<Callers> callers = m_callers.read(parser);
    if (!callers)
        return callers.error();
    settings.callers = std::move(*callers);
    return {};
}

Result<void> ServeCommand::readTriggerOptions(const QCommandLineParser &parser, Settings &settings) const
{
    Result<std::vector<Trigger>> triggers = readTriggers({parser.values(m_trigger), qgetenv("TIDELINE_TRIGGER_SECRET")});
    const Result<qint64> attempts = numberOf(parser, m_triggerAttempts, 0, 1'000'000);
    const Result<qint64> age = numberOf(parser, m_triggerAge, 0, 365LL * 86400);
    if (!triggers || !attempts || !age)
        return !triggers ? triggers.error() : !attempts ? attempts.error() : age.error();
    settings.backend.triggers = std::move(*triggers);
    settings.backend.triggerOptions.maxAttempts = int(*attempts);
    settings.backend.triggerOptions.maxAge = std::chrono::seconds(*age);
    return {};
}

Result<Settings> ServeCommand::settings(const QCommandLineParser &parser) const
{
    Settings settings;
    settings.schemaFile = parser.positionalArguments().constFirst();
    if (const Result<void> security = readSecurity(parser, settings); !security)
        return security.error();
    if (const Result<void> triggers = readTriggerOptions(parser, settings); !triggers)
        return triggers.error();
    const Result<qint64> port = numberOf(parser, m_port, 0, 65535);
    const Result<qint64> threads = numberOf(parser, m_threads, 1, 64);
    const Result<qint64> maxBody = numberOf(parser, m_maxBody, 1, 1 << 30);
    const Result<qint64> grace = numberOf(parser, m_grace, 0, 3600);
    const Result<qint64> expiryGrace = numberOf(parser, m_expiryGrace, 0, 365LL * 86400);
    for (const Result<qint64> *number : {&port, &threads, &maxBody, &grace, &expiryGrace}) {
        if (!*number)
            return number->error();
    }
    const QString conflicts = parser.value(m_conflicts);
    if (conflicts != u"automerge"_s && conflicts != u"optimistic"_s)
        return usage(u"--conflicts is automerge or optimistic, not \"%1\""_s.arg(conflicts));
    settings.backend.conflicts = conflicts == u"automerge"_s ? ConflictStrategy::Automerge : ConflictStrategy::OptimisticConcurrency;
    settings.http.host = parser.value(m_host);
    settings.http.port = quint16(*port);
    settings.http.threads = int(*threads);
    settings.http.maxBodyBytes = qsizetype(*maxBody);
    settings.http.expiryGrace = std::chrono::seconds(*expiryGrace);
    settings.grace = std::chrono::seconds(*grace);
    settings.backend.databasePath = parser.isSet(m_database) ? parser.value(m_database) : defaultDatabase(settings);
    settings.backend.allowDestructiveMigration = parser.isSet(m_destructive);
    return settings;
}

// Where a certificate for development is kept: beside the database, when that is a file.
QString certificateBase(const Settings &settings)
{
    return settings.backend.databasePath.contains(u"://"_s) ? defaultDatabase(settings) : settings.backend.databasePath;
}

// Certificate and key into the options; empty ones when TLS was not asked for.
Result<void> loadCertificate(Settings &settings)
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

void announce(const Settings &settings, quint16 port, Console &console)
{
    console.print(u"listening on %1\n"_s.arg(urlOf(u"http", settings.http.host, port)));
    if (!settings.http.certificate.isEmpty())
        console.print(u"listening on %1\n"_s.arg(urlOf(u"https", settings.http.host, port)));
    if (settings.selfSigned)
        console.report(u"clients may trust %1"_s.arg(settings.certificateFile));
}

// Runs until a signal says so.
int serve(Settings settings, const Schema &schema, Console &console)
{
    EndSignals signals;                 // before any thread, so that none of them gets the signals
    const Result<std::unique_ptr<Authorizer>> authorizer = makeAuthorizer(settings.callers);
    if (!authorizer) {
        console.report(authorizer.error().message());
        return Failure;
    }
    QEventLoop loop;
    const auto report = [&loop, &console](const Error &error) {
        QMetaObject::invokeMethod(&loop, [&console, error] { console.report(error.message()); }, Qt::QueuedConnection);
    };
    settings.backend.onError = report;
    settings.backend.onDestructiveMigration = [&console](const QStringList &losses) {
        for (const QString &loss : losses)
            console.report(loss);
    };
    const Result<std::unique_ptr<Backend>> backend = Backend::open(schema, settings.backend);
    if (!backend) {
        console.report(backend.error().message());
        return Failure;
    }
    settings.http.onError = report;
    // Three per model and client, with as many again for other uses.
    settings.http.maxSubscriptions = std::max(settings.http.maxSubscriptions, int(schema.models().size()) * 6);
    HttpServer server(**backend, **authorizer, settings.http);
    const Result<quint16> port = server.start();
    if (!port) {
        console.report(port.error().message());
        return Failure;
    }
    announce(settings, *port, console);
    if (!console.flush())
        return Failure;
    QObject::connect(&signals, &EndSignals::received, &loop, &QEventLoop::quit);
    loop.exec();
    signals.restore();                  // a second one ends the process at once
    server.stop(settings.grace);
    (*backend)->close();
    return Success;
}

int ServeCommand::run(const QCommandLineParser &parser, Console &console)
{
    Result<Settings> chosen = settings(parser);
    if (!chosen) {
        console.report(u"tideline serve: "_s + chosen.error().message());
        return UsageError;
    }
    const Result<QString> source = console.read(chosen->schemaFile);
    if (!source) {
        console.report(source.error().message());
        return Failure;
    }
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(chosen->schemaFile));
    if (!schema) {
        console.report(linesOf(schema.error()));
        return Failure;
    }
    if (const Result<void> loaded = loadCertificate(*chosen); !loaded) {
        console.report(linesOf(loaded.error()));
        return Failure;
    }
    raiseDescriptorLimit();
    return serve(std::move(*chosen), *schema, console);
}

} // namespace

std::unique_ptr<Command> makeServeCommand()
{
    return std::make_unique<ServeCommand>();
}

} // namespace Tideline::Tools
