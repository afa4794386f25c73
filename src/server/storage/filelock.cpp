// SPDX-License-Identifier: MIT
#include "server/storage/filelock.h"

#include <QtCore/QLockFile>

#if defined(Q_OS_UNIX)
#  include <sys/file.h>
#endif

using namespace Qt::StringLiterals;

namespace Tideline::Server {

FileLock::FileLock(const QString &path) : m_path(path), m_file(path)
{
}

FileLock::~FileLock() = default;

static Error inUse(const QString &path)
{
    return Error(Error::Code::StoreLocked, u"%1 is held by another server."_s.arg(path));
}

static Error notWritable(const QString &path, const QString &reason)
{
    return Error(Error::Code::StoreUnavailable, u"%1 cannot be written: %2"_s.arg(path, reason));
}

#if defined(Q_OS_UNIX)
Result<void> FileLock::acquire()
{
    if (!m_file.open(QIODevice::ReadWrite))
        return notWritable(m_path, m_file.errorString());
    if (::flock(m_file.handle(), LOCK_EX | LOCK_NB) != 0)
        return inUse(m_path);
    return {};
}
#else
Result<void> FileLock::acquire()
{
    m_portable = std::make_unique<QLockFile>(m_path);
    m_portable->setStaleLockTime(0);
    if (m_portable->tryLock())
        return {};
    return m_portable->error() == QLockFile::LockFailedError ? inUse(m_path) : notWritable(m_path, u"no lock can be made there"_s);
}
#endif

} // namespace Tideline::Server
