// SPDX-License-Identifier: MIT
#include "server/storage/location.h"

#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

bool Location::isUrl(const QString &text)
{
    return text.startsWith(u"postgres://"_s) || text.startsWith(u"postgresql://"_s);
}

static Error badLocation(const QString &reason)
{
    return Error(Error::Code::InvalidArgument, u"The database's address cannot be used: %1."_s.arg(reason));
}

// QtSql takes the options as one text with semicolons between them.
Result<void> Location::addOption(const QString &name, const QString &value)
{
    static const QStringList known = {u"sslmode"_s, u"sslrootcert"_s, u"sslcert"_s, u"sslkey"_s, u"sslcrl"_s, u"channel_binding"_s,
                                      u"target_session_attrs"_s, u"application_name"_s, u"connect_timeout"_s, u"passfile"_s, u"service"_s};
    if (name == u"host"_s) {
        host = value;
        return {};
    }
    if (!known.contains(name))
        return badLocation(u"it has the unknown parameter \"%1\""_s.arg(name));
    if (value.contains(u';') || value.contains(u'\'') || value.contains(u' ') || value.contains(u'\\'))
        return badLocation(u"the parameter \"%1\" has a character that it must not have"_s.arg(name));
    options.append(name + u'=' + value);
    return {};
}

Result<Location> Location::parse(const QString &text)
{
    if (text.isEmpty())
        return Error(Error::Code::InvalidArgument, u"The server needs the path of a database file or a postgres:// address."_s);
    if (!isUrl(text) && text.contains(u"://"_s))
        return badLocation(u"it is neither a file nor a postgres:// address"_s);
    if (!isUrl(text)) {
        Location location(sqliteDialect());
        location.database = text;
        return location;
    }
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return badLocation(u"it is no URL (special characters in names and passwords are written as %XX)"_s);
    Location location(postgresDialect());
    location.database = url.path(QUrl::FullyDecoded).mid(1);
    location.host = url.host(QUrl::FullyDecoded);
    location.user = url.userName(QUrl::FullyDecoded);
    location.password = url.password(QUrl::FullyDecoded);
    location.port = url.port();
    for (const auto &[name, value] : QUrlQuery(url).queryItems(QUrl::FullyDecoded)) {
        if (const Result<void> added = location.addOption(name, value); !added)
            return added.error();
    }
    if (location.database.isEmpty())
        return badLocation(u"it names no database"_s);
    return location;
}

QString Location::display() const
{
    if (!m_dialect->isShared())
        return database;
    const QString address = port > 0 ? host + u':' + QString::number(port) : host;
    return host.startsWith(u'/') ? u"postgres:///%1?host=%2"_s.arg(database, address) : u"postgres://%1/%2"_s.arg(address, database);
}

} // namespace Tideline::Server
