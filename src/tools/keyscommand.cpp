// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include "server/auth/keytable.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRandomGenerator>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr int MostDays = 365;                   // as AppSync has it
constexpr qint64 MsPerDay = 24LL * 60 * 60 * 1000;

class KeysCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int maximumArguments() const override { return 2; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    [[nodiscard]] Result<void> check(const QCommandLineParser &parser) const;
    [[nodiscard]] Result<void> create(const QCommandLineParser &parser, KeyTable &table, Console &console) const;
    [[nodiscard]] Result<void> list(const QCommandLineParser &parser, KeyTable &table, Console &console) const;

    const QCommandLineOption m_database{u"database"_s, u"The database of the server; needed"_s, u"LOCATION"_s};
    const QCommandLineOption m_name{u"name"_s, u"What a new key is for; shown in the list"_s, u"NAME"_s};
    const QCommandLineOption m_days{u"days"_s, u"How long a new key is good: 1 to 365 (365)"_s, u"N"_s, QString::number(MostDays)};
    const QCommandLineOption m_json{u"json"_s, u"List as JSON"_s};
};

void KeysCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Manages the API keys in a server's database, also while it is being served: a server learns of it within seconds.\n"
        "\"create\" prints a new key, this once: the database has its digest only. \"list\" shows id, name, creation and expiry. "
        "\"revoke ID\" ends a key. Keys given to \"tideline serve\" itself are not among them."_s);
    parser.addOptions({m_database, m_name, m_days, m_json});
    parser.addPositionalArgument(u"ACTION"_s, u"create, list or revoke"_s);
    parser.addPositionalArgument(u"ID"_s, u"Of the key to be revoked"_s, u"[ID]"_s);
}

// That many characters of an alphabet of 32, five random bits each.
QString randomText(int length)
{
    static constexpr char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    QString text;
    for (int i = 0; i < length; ++i)
        text += QLatin1Char(alphabet[QRandomGenerator::system()->bounded(32)]);
    return text;
}

QString timeText(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODate);
}

Result<void> KeysCommand::check(const QCommandLineParser &parser) const
{
    const auto refuse = [](const QString &message) { return Error(Error::Code::InvalidArgument, message); };
    const QStringList arguments = parser.positionalArguments();
    if (!QStringList{u"create"_s, u"list"_s, u"revoke"_s}.contains(arguments[0]))
        return refuse(u"ACTION is create, list or revoke, not \"%1\""_s.arg(arguments[0]));
    if ((arguments[0] == u"revoke"_s) != (arguments.size() == 2))
        return refuse(u"revoke, and nothing else, takes the ID of a key"_s);
    if (parser.value(m_database).isEmpty())
        return refuse(u"--database LOCATION is needed"_s);
    const int days = parser.value(m_days).toInt();
    if (days < 1 || days > MostDays)
        return refuse(u"--days is a number from 1 to %1, not \"%2\""_s.arg(MostDays).arg(parser.value(m_days)));
    return {};
}

Result<void> KeysCommand::create(const QCommandLineParser &parser, KeyTable &table, Console &console) const
{
    const QString secret = u"da2-"_s + randomText(26);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const ApiKey key{randomText(10), ApiKey::digestOf(secret.toLatin1()), now + parser.value(m_days).toInt() * MsPerDay};
    if (const Result<void> inserted = table.insert({key, parser.value(m_name), now}); !inserted)
        return inserted;
    console.print(secret + u'\n');
    console.report(u"id %1, good until %2; the key is not shown again"_s.arg(key.id, timeText(key.expiresAt)));
    return {};
}

Result<void> KeysCommand::list(const QCommandLineParser &parser, KeyTable &table, Console &console) const
{
    const Result<QList<StoredKey>> keys = table.list();
    if (!keys)
        return keys.error();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    QJsonArray array;
    for (const StoredKey &key : *keys) {
        const bool expired = key.key.expiresAt != 0 && key.key.expiresAt <= now;
        array.append(QJsonObject{{u"id"_s, key.key.id}, {u"name"_s, key.name}, {u"created"_s, timeText(key.createdAt)},
                                 {u"expires"_s, timeText(key.key.expiresAt)}, {u"expired"_s, expired}});
        if (!parser.isSet(m_json)) {
            console.print(u"%1  created %2  %3 %4  %5\n"_s.arg(key.key.id, timeText(key.createdAt), expired ? u"expired"_s : u"expires"_s,
                                                               timeText(key.key.expiresAt), key.name));
        }
    }
    if (parser.isSet(m_json))
        console.print(QJsonDocument(array).toJson());
    return {};
}

Result<void> revoke(const QString &id, KeyTable &table)
{
    const Result<bool> removed = table.remove(id);
    if (!removed)
        return removed.error();
    return *removed ? Result<void>() : Error(Error::Code::NotFound, u"there is no key with the id \"%1\""_s.arg(id));
}

int KeysCommand::run(const QCommandLineParser &parser, Console &console)
{
    if (const Result<void> checked = check(parser); !checked) {
        console.report(u"tideline keys: "_s + checked.error().message());
        return UsageError;
    }
    const QString action = parser.positionalArguments().constFirst();
    const QString database = parser.value(m_database);
    if (action != u"create"_s && !KeyTable::mayExist(database)) {
        console.report(u"tideline keys: there is no database %1"_s.arg(database));
        return Failure;
    }
    const Result<std::unique_ptr<KeyTable>> table = action == u"create"_s ? KeyTable::open(database)
        : action == u"list"_s                                            ? KeyTable::openToRead(database)
                                                                         : KeyTable::openToRemove(database);
    const Result<void> done = !table ? table.error()
        : action == u"create"_s      ? create(parser, **table, console)
        : action == u"list"_s        ? list(parser, **table, console)
                                     : revoke(parser.positionalArguments().constLast(), **table);
    if (done)
        return Success;
    console.report(u"tideline keys: "_s + done.error().message());
    return Failure;
}

} // namespace

std::unique_ptr<Command> makeKeysCommand()
{
    return std::make_unique<KeysCommand>();
}

} // namespace Tideline::Tools
