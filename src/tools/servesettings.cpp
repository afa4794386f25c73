// SPDX-License-Identifier: MIT
#include "tools/servesettings.h"

#include "tools/triggersettings.h"

#include <QtCore/QFileInfo>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr double MaxCount = 1 << 30;
constexpr double Year = 365 * 86400;

Option flag(const QString &name, const QString &help)
{
    return {.name = name, .type = Option::Type::Flag, .help = help};
}

Option text(const QString &name, const QString &valueName, const QString &help, const QString &initial = {})
{
    return {.name = name, .help = help, .valueName = valueName, .initial = initial};
}

Option choice(const QString &name, const QStringList &choices, const QString &help)
{
    return {.name = name, .type = Option::Type::Choice, .help = u"%1: %2"_s.arg(help, choices.join(u" or "_s)), .valueName = u"WHICH"_s,
            .initial = choices.front(), .choices = choices};
}

Option integer(const QString &name, qint64 initial, double least, double most, const QString &help)
{
    return {.name = name, .type = Option::Type::Integer, .help = help, .valueName = u"N"_s, .initial = QString::number(initial),
            .least = least, .most = most};
}

Option duration(const QString &name, std::chrono::milliseconds initial, const QString &help, double most = 3600, double least = 0.001)
{
    return {.name = name, .type = Option::Type::Duration, .help = help, .valueName = u"DURATION"_s,
            .initial = durationText(initial), .least = least, .most = most};
}

std::vector<Option> placeOptions()
{
    const HttpOptions http;
    return {
        integer(u"port"_s, 4000, 0, 65535, u"The TCP port; 0 takes a free one"_s),
        text(u"host"_s, u"ADDR"_s, u"The address or name to listen on"_s, http.host),
        text(u"database"_s, u"FILE|URL"_s, u"The SQLite file, made when missing (the schema's name with .db), or "
                                           "postgres://USER@HOST:PORT/DATABASE, which several servers may share. "
                                           "PGPASSWORD and ~/.pgpass do not show in process lists"_s),
        flag(u"allow-destructive-migration"_s, u"Let go of what the database has and the schema has no place for, after printing it"_s),
        flag(u"self-signed"_s, u"Speak TLS too, with a certificate for localhost kept beside the database"_s),
        text(u"certificate"_s, u"FILE"_s, u"Speak TLS too, with this certificate (PEM, chain included)"_s),
        text(u"key"_s, u"FILE"_s, u"The private key of --certificate (PEM)"_s),
        integer(u"threads"_s, http.threads, 1, 64, u"Threads that serve sockets"_s),
        integer(u"readers"_s, BackendOptions().readerThreads, 1, 64, u"Threads that read the database"_s),
        {.name = u"cors-origin"_s, .type = Option::Type::List,
         .help = u"A web site whose pages may call, as in https://app.example; may be given again"_s, .valueName = u"ORIGIN"_s, .initial = u"*"_s},
    };
}

std::vector<Option> limitOptions()
{
    const HttpOptions http;
    const BackendOptions backend;
    return {
        integer(u"max-body"_s, http.maxBodyBytes, 1, MaxCount, u"Largest request body in bytes"_s),
        integer(u"max-header"_s, http.maxHeaderBytes, 256, 1 << 24, u"Largest request header in bytes"_s),
        integer(u"max-message"_s, http.maxMessageBytes, 256, MaxCount, u"Largest message of a socket in bytes"_s),
        integer(u"max-send-queue"_s, http.maxSendQueueBytes, 1024, MaxCount, u"Bytes that may wait for a slow receiver before it is cut off"_s),
        integer(u"max-depth"_s, backend.maxDepth, 1, 1000, u"Deepest nesting of a document"_s),
        integer(u"max-fields"_s, backend.maxFields, 1, MaxCount, u"Most fields that a document selects"_s),
        integer(u"max-mutations"_s, backend.maxMutations, 1, 100'000, u"Most mutations of a document"_s),
        integer(u"max-limit"_s, backend.maxLimit, 1, 100'000, u"Most records of a page"_s),
        integer(u"max-records"_s, backend.maxRecords, 1, MaxCount, u"Most records of an answer, nested ones included"_s),
        integer(u"max-connections"_s, http.maxConnections, 1, MaxCount, u"Most open connections"_s),
        integer(u"max-connections-per-address"_s, http.maxConnectionsPerAddress, 0, MaxCount,
                u"Most open connections from one address that is no --trusted-proxy; 0: no limit"_s),
        {.name = u"trusted-proxy"_s, .type = Option::Type::List,
         .help = u"A proxy in front, an address or a network as in 10.0.0.0/8, whose X-Forwarded-For or Forwarded says who calls; may be given again"_s,
         .valueName = u"CIDR"_s},
        integer(u"max-subscriptions"_s, 0, 0, MaxCount, u"Most subscriptions of a socket; 0: 200, or six per model if that is more"_s),
        integer(u"rate-limit"_s, 0, 0, MaxCount, u"Requests per second of one caller, known by his identity or else his address; 0: no limit. "
                                                 "AWS's Android client gives up a change that is refused so"_s),
        integer(u"rate-burst"_s, qint64(http.requestBurst), 1, MaxCount, u"Requests that --rate-limit lets come at once"_s),
    };
}

std::vector<Option> timeOptions()
{
    const HttpOptions http;
    return {
        duration(u"idle-timeout"_s, http.idleTimeout, u"For the next request of an open connection"_s, 86400),
        duration(u"header-timeout"_s, http.headerTimeout, u"For a request's header, and for TLS to begin"_s),
        duration(u"body-timeout"_s, http.bodyTimeout, u"For a request's body"_s),
        duration(u"write-timeout"_s, http.writeTimeout, u"For a receiver to take another byte"_s),
        duration(u"authorization-timeout"_s, http.authorizationTimeout, u"For the credentials to be checked"_s),
        duration(u"execution-timeout"_s, http.executionTimeout, u"For a request to be executed"_s),
        duration(u"close-timeout"_s, http.closeTimeout, u"For the other side to close"_s),
        duration(u"init-timeout"_s, http.initTimeout, u"For a socket's first message"_s),
        duration(u"keep-alive"_s, http.keepAliveInterval, u"Between two signs of life on a socket; clients expect one a minute"_s),
        duration(u"connection-timeout"_s, http.connectionTimeout, u"Silence after which a socket's client is told to come again"_s),
        duration(u"expiry-grace"_s, http.expiryGrace, u"How long a running subscription outlives the token it was started with; "
                                                     "AppSync cuts it after a day"_s, Year, 0),
        duration(u"grace"_s, std::chrono::seconds(10), u"How long requests may take to end when the server is told to"_s, 3600, 0),
        duration(u"drain-delay"_s, std::chrono::seconds(0), u"How long it still serves then, while /readyz says 503, for balancers to notice"_s, 3600, 0),
    };
}

QStringList logLevels()
{
    QStringList names;
    for (const char *name : logLevelNames)
        names.append(QString::fromLatin1(name));
    return names;
}

std::vector<Option> watchOptions()
{
    return {
        {.name = u"admin-port"_s, .type = Option::Type::Integer,
         .help = u"Have /healthz, /readyz and /metrics on a port of their own, not on --port; 0 takes a free one"_s, .valueName = u"N"_s,
         .most = 65535},
        text(u"admin-host"_s, u"ADDR"_s, u"The address of --admin-port"_s, HttpOptions().adminHost),
        choice(u"metrics"_s, {u"on"_s, u"off"_s}, u"Prometheus' numbers at /metrics"_s),
        choice(u"log-format"_s, {u"text"_s, u"json"_s}, u"How lines on standard error are written"_s),
        {.name = u"log-level"_s, .type = Option::Type::Choice,
         .help = u"What is written: debug (every request), info (and refusals), warn (failures) or error"_s, .valueName = u"LEVEL"_s,
         .initial = u"warn"_s, .choices = logLevels()},
    };
}

void readLimits(const OptionValues &values, ServeSettings &settings)
{
    HttpOptions &http = settings.http;
    BackendOptions &backend = settings.backend;
    http.maxBodyBytes = values.integer(u"max-body"_s);
    http.maxHeaderBytes = values.integer(u"max-header"_s);
    http.maxMessageBytes = values.integer(u"max-message"_s);
    http.maxSendQueueBytes = values.integer(u"max-send-queue"_s);
    http.maxConnections = int(values.integer(u"max-connections"_s));
    http.maxConnectionsPerAddress = int(values.integer(u"max-connections-per-address"_s));
    http.maxSubscriptions = int(values.integer(u"max-subscriptions"_s));
    http.trustedProxies = values.list(u"trusted-proxy"_s);
    http.requestsPerSecond = double(values.integer(u"rate-limit"_s));
    http.requestBurst = double(values.integer(u"rate-burst"_s));
    backend.maxDepth = int(values.integer(u"max-depth"_s));
    backend.maxFields = int(values.integer(u"max-fields"_s));
    backend.maxMutations = int(values.integer(u"max-mutations"_s));
    backend.maxLimit = int(values.integer(u"max-limit"_s));
    backend.defaultLimit = std::min(backend.defaultLimit, backend.maxLimit);
    backend.maxRecords = values.integer(u"max-records"_s);
}

void readTimes(const OptionValues &values, ServeSettings &settings)
{
    HttpOptions &http = settings.http;
    http.idleTimeout = values.duration(u"idle-timeout"_s);
    http.headerTimeout = values.duration(u"header-timeout"_s);
    http.bodyTimeout = values.duration(u"body-timeout"_s);
    http.writeTimeout = values.duration(u"write-timeout"_s);
    http.authorizationTimeout = values.duration(u"authorization-timeout"_s);
    http.executionTimeout = values.duration(u"execution-timeout"_s);
    http.closeTimeout = values.duration(u"close-timeout"_s);
    http.initTimeout = values.duration(u"init-timeout"_s);
    http.keepAliveInterval = values.duration(u"keep-alive"_s);
    http.connectionTimeout = values.duration(u"connection-timeout"_s);
    http.expiryGrace = values.duration(u"expiry-grace"_s);
    settings.grace = values.duration(u"grace"_s);
    settings.backend.closeTimeoutMs = int(settings.grace.count());
    settings.drainDelay = values.duration(u"drain-delay"_s);
}

Result<void> readPlace(const OptionValues &values, const QString &schemaFile, ServeSettings &settings)
{
    HttpOptions &http = settings.http;
    http.host = values.text(u"host"_s);
    http.port = quint16(values.integer(u"port"_s));
    http.threads = int(values.integer(u"threads"_s));
    settings.backend.readerThreads = int(values.integer(u"readers"_s));
    settings.localDatabase = schemaFile == u"-"_s ? u"tideline.db"_s : QFileInfo(schemaFile).completeBaseName() + u".db"_s;
    settings.backend.databasePath = values.isSet(u"database"_s) ? values.text(u"database"_s) : settings.localDatabase;
    settings.backend.allowDestructiveMigration = values.flag(u"allow-destructive-migration"_s);
    http.allowedOrigins.clear();
    for (const QString &origin : values.list(u"cors-origin"_s))
        http.allowedOrigins.append(origin.toUtf8());
    settings.selfSigned = values.flag(u"self-signed"_s);
    settings.certificateFile = values.text(u"certificate"_s);
    settings.keyFile = values.text(u"key"_s);
    if (settings.certificateFile.isEmpty() != settings.keyFile.isEmpty())
        return usage(u"--certificate and --key belong together"_s);
    if (settings.selfSigned && !settings.certificateFile.isEmpty())
        return usage(u"--self-signed and --certificate exclude each other"_s);
    return {};
}

void readWatch(const OptionValues &values, ServeSettings &settings)
{
    settings.http.adminHost = values.text(u"admin-host"_s);
    settings.http.serveMetrics = values.text(u"metrics"_s) == u"on"_s;
    settings.logFormat = values.text(u"log-format"_s) == u"json"_s ? LogFormat::Json : LogFormat::Text;
    settings.logLevel = LogLevel(logLevels().indexOf(values.text(u"log-level"_s)));
    if (values.isSet(u"admin-port"_s))
        settings.http.adminPort = quint16(values.integer(u"admin-port"_s));
}

} // namespace

OptionTable serveOptions()
{
    std::vector<Option> all = placeOptions();
    for (const std::vector<Option> &more : {callerOptions(), conflictOptions(), triggerOptions(), limitOptions(), timeOptions(), watchOptions()})
        all.insert(all.end(), more.begin(), more.end());
    return OptionTable(std::move(all));
}

Result<ServeSettings> serveSettings(const OptionValues &values, const QString &schemaFile)
{
    ServeSettings settings;
    if (const Result<void> read = readPlace(values, schemaFile, settings); !read)
        return read.error();
    Result<Callers> callers = readCallers(values);
    if (!callers)
        return callers.error();
    settings.callers = std::move(*callers);
    Result<Conflicts> conflicts = readConflicts(values);
    if (!conflicts)
        return conflicts.error();
    settings.conflicts = std::move(*conflicts);
    if (const Result<void> triggers = readTriggers(values, settings.backend); !triggers)
        return triggers.error();
    readLimits(values, settings);
    readTimes(values, settings);
    readWatch(values, settings);
    return settings;
}

} // namespace Tideline::Tools
