// SPDX-License-Identifier: MIT
#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QRegularExpression>
#include <QtQml/QJSEngine>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <string>

/*
    tideline-script FILE MEGABYTES

    Runs the JavaScript FILE for the server: writes a line when it is ready, then answers each line of standard input, a JSON
    object, with a line that has what resolve(object) returns as {"answer": ...}, or {"error": "..."}. See
    server/conflicts/scriptconflictfunction.h for why this is a program.
*/

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Megabyte = 1024 * 1024;

// Nothing of the server's is left open here, and the end of the server is the end of this, even amidst a loop.
void separate()
{
    ::close_range(3, ~0U, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

[[nodiscard]] bool limitMemory(qint64 megabytes)
{
    QFile statistics(u"/proc/self/statm"_s);
    const qint64 pages = statistics.open(QIODevice::ReadOnly) ? statistics.readAll().split(' ').constFirst().toLongLong() : 0;
    const auto most = rlim_t(pages * ::sysconf(_SC_PAGESIZE) + megabytes * Megabyte);
    const rlimit memory{most, most};
    const rlimit none{0, 0};
    return pages > 0 && ::setrlimit(RLIMIT_AS, &memory) == 0 && ::setrlimit(RLIMIT_CORE, &none) == 0;
}

void say(const QString &name, const QJsonValue &value)
{
    std::cout << QJsonDocument(QJsonObject{{name, value}}).toJson(QJsonDocument::Compact).constData() << std::endl;
}

QString textOf(const QJSValue &error)
{
    const QJSValue line = error.property(u"lineNumber"_s);
    return line.isNumber() ? u"%1 (line %2)"_s.arg(error.toString()).arg(line.toInt()) : error.toString();
}

class Script
{
public:
    Script()
    {
        m_engine.installExtensions(QJSEngine::ConsoleExtension);
        // Before the file can change what it uses. What was thrown need not be an Error, so only JavaScript itself knows.
        m_calling = m_engine.evaluate(uR"js((function (parse, stringify, text) {
            return resolve => event => {
                try {
                    return stringify({answer: resolve(parse(event))});
                } catch (thrown) {
                    const line = thrown && thrown.lineNumber;
                    return stringify({error: text(thrown) + (line ? " (line " + line + ")" : "")});
                }
            };
        })(JSON.parse, JSON.stringify, String))js"_s);
    }

    // What is wrong with the file; empty: it is ready.
    [[nodiscard]] QString load(const QString &name)
    {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            return u"%1 cannot be read: %2"_s.arg(name, file.errorString());
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression exports(u"^\\s*export\\b"_s, QRegularExpression::MultilineOption);
        const bool isModule = text.contains(exports);
        const QJSValue result = isModule ? m_engine.importModule(name) : m_engine.evaluate(text, name);
        if (result.isError())
            return u"%1: %2"_s.arg(name, textOf(result));
        const QJSValue resolve = (isModule ? result : m_engine.globalObject()).property(u"resolve"_s);
        m_answer = m_calling.call({resolve});
        return resolve.isCallable() ? QString() : u"%1 has no function resolve(event)."_s.arg(name);
    }

    void answer(const QString &event)
    {
        const QJSValue result = m_answer.call({event});
        if (result.isError())
            return say(u"error"_s, textOf(result));
        const QByteArray line = result.toString().toUtf8();
        const QJsonObject said = QJsonDocument::fromJson(line).object();
        if (said.contains("error"_L1) || said.value("answer"_L1).isObject())
            std::cout << line.constData() << std::endl;
        else
            say(u"error"_s, u"resolve() did not return an object."_s);
    }

private:
    QJSEngine m_engine;
    QJSValue m_calling, m_answer;       // makes of resolve() what takes and gives text
};

} // namespace

int main(int argc, char **argv)
{
    separate();
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 3)
        return 2;
    Script script;
    if (!limitMemory(arguments[2].toLongLong())) {
        say(u"error"_s, u"The memory of scripts cannot be limited here."_s);
        return 1;
    }
    if (const QString wrong = script.load(arguments[1]); !wrong.isEmpty()) {
        say(u"error"_s, wrong);
        return 1;
    }
    say(u"ready"_s, true);
    for (std::string line; std::getline(std::cin, line);)
        script.answer(QString::fromStdString(line));
    return 0;
}
