// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QFile>

namespace Tideline::Tools {

/*
    The standard streams of the process, in UTF-8. Results go to standard output, everything about
    them to standard error.
*/
class Console
{
public:
    Console();
    Q_DISABLE_COPY_MOVE(Console)
    ~Console();

    void print(const QByteArray &text);
    void print(const QString &text) { print(text.toUtf8()); }
    void report(const QString &line);           // to standard error, with a line end

    // A line below all reports that the next one takes the place of; only where standard error is a terminal.
    void showStatus(const QString &line);
    [[nodiscard]] bool showsStatus() const { return m_terminal; }

    // False when something printed could not be written; then it was reported.
    [[nodiscard]] bool flush();

    // The text of a file in UTF-8; path "-" is standard input.
    [[nodiscard]] Result<QString> read(const QString &path);
    [[nodiscard]] static QString displayName(const QString &path);

private:
    QFile m_output;
    QFile m_errors;
    QString m_status;
    bool m_terminal = false;
    bool m_broken = false;
};

} // namespace Tideline::Tools
