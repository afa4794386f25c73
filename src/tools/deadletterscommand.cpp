// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include "server/functions/deadletters.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr int PageSize = 500;
constexpr int MostArguments = 10'000;

class DeadLettersCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int maximumArguments() const override { return MostArguments; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    [[nodiscard]] QString misuse(const QCommandLineParser &parser) const;

    const QCommandLineOption m_database{u"database"_s, u"The server's SQLite file or postgres://USER@HOST:PORT/DATABASE"_s, u"FILE|URL"_s};
    const QCommandLineOption m_all{u"all"_s, u"Replay or discard all there are"_s};
    const QCommandLineOption m_json{u"json"_s, u"List a JSON object per line, with the event itself"_s};
};

void DeadLettersCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(u"The events of a server's triggers that could not be delivered.\n"
                                     "list prints them; replay lets the server try again; discard forgets them. The server may be running."_s);
    parser.addOptions({m_database, m_all, m_json});
    parser.addPositionalArgument(u"ACTION"_s, u"list, replay or discard"_s);
    parser.addPositionalArgument(u"ID"_s, u"The ids that list prints, for replay and discard"_s, u"[ID...]"_s);
}

QString DeadLettersCommand::misuse(const QCommandLineParser &parser) const
{
    const QStringList arguments = parser.positionalArguments();
    const bool lists = arguments.first() == u"list"_s;
    if (!lists && arguments.first() != u"replay"_s && arguments.first() != u"discard"_s)
        return u"the action is list, replay or discard, not \"%1\""_s.arg(arguments.first());
    if (!parser.isSet(m_database))
        return u"--database is missing"_s;
    if (lists && (arguments.size() > 1 || parser.isSet(m_all)))
        return u"list takes no ids"_s;
    if (!lists && (arguments.size() > 1) == parser.isSet(m_all))
        return u"%1 takes ids or --all"_s.arg(arguments.first());
    return {};
}

QString timeOf(const DeadEvent &event)
{
    return QDateTime::fromMSecsSinceEpoch(event.gaveUpAt, Qt::UTC).toString(Qt::ISODate);
}

QString lineOf(const DeadEvent &event)
{
    return u"%1  sequence %2  %3 %4  for %5  given up %6 at attempt %7: %8\n"_s
        .arg(event.id, QString::number(event.seq), event.model, event.key, event.target, timeOf(event), QString::number(event.attempts), event.reason);
}

QByteArray jsonOf(const DeadEvent &event)
{
    const QJsonObject object{
        {u"id"_s, event.id}, {u"sequence"_s, event.seq}, {u"target"_s, event.target}, {u"model"_s, event.model}, {u"key"_s, event.key},
        {u"attempts"_s, event.attempts}, {u"gaveUpAt"_s, timeOf(event)}, {u"reason"_s, event.reason},
        {u"event"_s, QJsonDocument::fromJson(event.body.toUtf8()).object()},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

// Calls \a use with page after page; the first error ends it.
Result<void> forEachPage(DeadLetters &letters, const std::function<Result<void>(const std::vector<DeadEvent> &)> &use)
{
    qint64 after = 0;
    for (;;) {
        const Result<std::vector<DeadEvent>> page = letters.list(after, PageSize);
        if (!page)
            return page.error();
        if (page->empty())
            return {};
        if (const Result<void> done = use(*page); !done)
            return done;
        after = page->back().seq;
    }
}

Result<int> apply(DeadLetters &letters, const QString &action, const QStringList &ids)
{
    return action == u"replay"_s ? letters.replay(ids, QDateTime::currentMSecsSinceEpoch()) : letters.discard(ids);
}

Result<int> applyToAll(DeadLetters &letters, const QString &action)
{
    int count = 0;
    const Result<void> done = forEachPage(letters, [&](const std::vector<DeadEvent> &page) -> Result<void> {
        QStringList ids;
        for (const DeadEvent &event : page)
            ids.append(event.id);
        const Result<int> applied = apply(letters, action, ids);
        count += applied.valueOr(0);
        return applied ? Result<void>() : Result<void>(applied.error());
    });
    return done ? Result<int>(count) : Result<int>(done.error());
}

Result<void> list(DeadLetters &letters, bool json, Console &console)
{
    return forEachPage(letters, [&](const std::vector<DeadEvent> &page) -> Result<void> {
        for (const DeadEvent &event : page)
            console.print(json ? jsonOf(event) : lineOf(event).toUtf8());
        return {};
    });
}

int DeadLettersCommand::run(const QCommandLineParser &parser, Console &console)
{
    const auto fail = [&console](const Error &error) {
        console.report(u"tideline dead-letters: "_s + error.message());
        return Failure;
    };
    if (const QString wrong = misuse(parser); !wrong.isEmpty()) {
        console.report(u"tideline dead-letters: "_s + wrong);
        return UsageError;
    }
    const Result<std::unique_ptr<DeadLetters>> letters = DeadLetters::open(parser.value(m_database));
    if (!letters)
        return fail(letters.error());
    const QString action = parser.positionalArguments().first();
    const QStringList ids = parser.positionalArguments().sliced(1);
    if (action == u"list"_s) {
        const Result<void> listed = list(**letters, parser.isSet(m_json), console);
        return listed ? Success : fail(listed.error());
    }
    const Result<int> count = parser.isSet(m_all) ? applyToAll(**letters, action) : apply(**letters, action, ids);
    if (!count)
        return fail(count.error());
    console.print(u"%1 of %2 events: %3\n"_s.arg(*count).arg(parser.isSet(m_all) ? *count : int(ids.size()))
                      .arg(action == u"replay"_s ? u"to be sent again"_s : u"discarded"_s));
    return parser.isSet(m_all) || *count == int(ids.size()) ? Success : Failure;
}

} // namespace

std::unique_ptr<Command> makeDeadLettersCommand()
{
    return std::make_unique<DeadLettersCommand>();
}

} // namespace Tideline::Tools
