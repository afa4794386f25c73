// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QFile>

#include <memory>

QT_FORWARD_DECLARE_CLASS(QLockFile)

namespace Tideline::Server {

/*
    Holds a file name for one owner. The operating system ends the hold with the process, however it
    ends; a number of a process in a file would not do: in a container the next server has the same one.
*/
class FileLock
{
public:
    explicit FileLock(const QString &path);
    ~FileLock();
    [[nodiscard]] Result<void> acquire();

private:
    const QString m_path;
    QFile m_file;
    std::unique_ptr<QLockFile> m_portable;      // where there is no flock()
};

} // namespace Tideline::Server
