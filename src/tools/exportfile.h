// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QFile>

namespace Tideline::Tools {

/*
    A file that is there when it is complete. Until then its content is in FILE.part, and FILE.part.json says after each page how much of
    that counts, what it is an export of, and the token of the next page: so an export that was ended in any way goes on there.
*/
class ExportFile
{
public:
    struct Mark
    {
        QString nextToken;
        qint64 records = 0;
        qint64 unreadable = 0;
    };

    ExportFile(const QString &path, const QByteArray &subject);     // the same subject: the same records in the same form
    ~ExportFile();                                                  // what has no mark goes

    [[nodiscard]] Result<Mark> open();                              // an empty one: from the beginning
    [[nodiscard]] Result<void> beginAnew();
    [[nodiscard]] Result<void> write(const QByteArray &text);
    [[nodiscard]] Result<void> mark(const Mark &mark);              // all that was written counts
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] Mark readMark();
    [[nodiscard]] Error failure(const QFileDevice &file) const;

    const QString m_path;
    const QByteArray m_subject;
    QFile m_part;
    bool m_isMarked = false;
};

} // namespace Tideline::Tools
