// SPDX-License-Identifier: MIT
#include "tools/console.h"

#include <QtCore/QStringDecoder>

#include <cstdio>

#if defined(Q_OS_UNIX)
#  include <unistd.h>
#endif

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

static bool isTerminal(const QFile &file)
{
#if defined(Q_OS_UNIX)
    return ::isatty(file.handle()) == 1;
#else
    return false;
#endif
}

Console::Console()
{
    m_broken = !m_output.open(stdout, QIODevice::WriteOnly);
    // Without standard error there is nobody left to tell.
    (void)m_errors.open(stderr, QIODevice::WriteOnly | QIODevice::Unbuffered);
    m_terminal = isTerminal(m_errors);
}

Console::~Console()
{
    showStatus({});
}

void Console::print(const QByteArray &text)
{
    m_broken = m_broken || m_output.write(text) != text.size();
}

void Console::report(const QString &line)
{
    const QString status = m_status;
    showStatus({});
    m_errors.write(line.toUtf8() + '\n');
    showStatus(status);
}

void Console::showStatus(const QString &line)
{
    if (!m_terminal || line == m_status)
        return;
    m_status = line;
    m_errors.write("\r\x1b[K" + line.toUtf8());
}

bool Console::flush()
{
    m_broken = !m_output.flush() || m_broken;
    if (m_broken)
        report(u"tideline: cannot write to standard output: "_s + m_output.errorString());
    return !m_broken;
}

Result<QString> Console::read(const QString &path)
{
    QFile file(path);
    const bool opened = path == u"-"_s ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    const QByteArray bytes = opened ? file.readAll() : QByteArray();
    if (file.error() != QFileDevice::NoError) {
        return Error(Error::Code::NotFound,
                     u"tideline: cannot read %1: %2"_s.arg(displayName(path), file.errorString()));
    }
    // A byte order mark stays, so that positions count it.
    QStringDecoder decode(QStringConverter::Utf8, QStringConverter::Flag::ConvertInitialBom);
    QString text = decode(bytes);
    if (decode.hasError())
        return Error(Error::Code::InvalidArgument, u"tideline: %1 is not valid UTF-8"_s.arg(displayName(path)));
    return text;
}

QString Console::displayName(const QString &path)
{
    return path == u"-"_s ? u"<stdin>"_s : path;
}

} // namespace Tideline::Tools
