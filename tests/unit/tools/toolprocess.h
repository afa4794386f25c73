// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtTest/QTest>

namespace TidelineTest {

inline bool writeFile(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

inline QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// The tool in a process of its own, with a key in its environment; what it says is gathered.
class ToolProcess
{
public:
    explicit ToolProcess(const QString &folder, const QString &key = {})
    {
        process.setWorkingDirectory(folder);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : {QStringLiteral("TIDELINE_API_KEY"), QStringLiteral("TIDELINE_TOKEN"), QStringLiteral("TIDELINE_JWT_SECRET")})
            environment.remove(name);
        if (!key.isEmpty())
            environment.insert(QStringLiteral("TIDELINE_API_KEY"), key);
        process.setProcessEnvironment(environment);
        QObject::connect(&process, &QProcess::readyReadStandardOutput, &process, [this] { output += process.readAllStandardOutput(); });
        QObject::connect(&process, &QProcess::readyReadStandardError, &process, [this] { errors += process.readAllStandardError(); });
    }
    ~ToolProcess()
    {
        process.kill();
        process.waitForFinished();
    }

    void start(const QStringList &arguments, const QByteArray &input = {})
    {
        process.start(QStringLiteral(TIDELINE_TOOL), arguments);
        process.write(input);
        process.closeWriteChannel();
    }

    // The exit code; -1 when it was ended or does not end.
    [[nodiscard]] int finish()
    {
        [this] { QTRY_VERIFY_WITH_TIMEOUT(process.state() == QProcess::NotRunning, 60'000); }();
        output += process.readAllStandardOutput();
        errors += process.readAllStandardError();
        return process.state() == QProcess::NotRunning && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

    QProcess process;
    QByteArray output;
    QByteArray errors;
};

} // namespace TidelineTest
