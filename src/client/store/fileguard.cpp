// SPDX-License-Identifier: MIT
#include "client/store/fileguard_p.h"

#include "client/store/storetext_p.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QtEndian>

#ifdef Q_OS_UNIX
#  include <sys/stat.h>
#endif

namespace Tideline::FileGuard {

using namespace Qt::Literals::StringLiterals;

// Offsets in the header of an SQLite file.
static constexpr qsizetype HeaderSize = 100;
static constexpr qsizetype PageSizeOffset = 16;
static constexpr qsizetype ReservedOffset = 20;
static constexpr char AppleReserved = 12;           // bytes of a page that the SQLite of macOS may keep for itself
static constexpr qsizetype AutoVacuumOffset = 52;
static constexpr qsizetype EncodingOffset = 56;
static constexpr qsizetype UserVersionOffset = 60;
static constexpr qsizetype IncrementalVacuumOffset = 64;
static constexpr qsizetype ApplicationIdOffset = 68;

bool isInMemory(const QString &path)
{
    return path == ":memory:"_L1;
}

Error foreign(const QString &path)
{
    return Error(Error::Code::StoreForeign,
                 StoreText::tr("%1 is not a Tideline store. It was left untouched; choose another path.").arg(QDir::toNativeSeparators(path)));
}

Error tooNew(const QString &path, qint64 version)
{
    return Error(Error::Code::StoreTooNew,
                 StoreText::tr("%1 was written by a newer version of this program (format %2, known here is %3). It was left untouched; "
                               "update the program.")
                     .arg(QDir::toNativeSeparators(path), QString::number(version), QString::number(FormatVersion)));
}

Error damaged(const QString &detail)
{
    return Error(Error::Code::StoreDamaged, StoreText::tr("The local store is damaged. Keep a copy of the file and its -wal file, and "
                                                          "restore it from a backup or from the backend."))
        .withDetail(detail);
}

Error moved(const QString &path)
{
    return Error(Error::Code::StoreUnavailable,
                 StoreText::tr("%1 was deleted or replaced while it was open, so nothing can be saved. Put the file back, or close the store "
                               "and open it again.").arg(QDir::toNativeSeparators(path)));
}

Error ofSomebodyElse(const QString &path)
{
    return Error(Error::Code::StoreForeign, StoreText::tr("%1 has the records of somebody else, who must sign in to open it. It was left untouched.")
                                                .arg(QDir::toNativeSeparators(path)));
}

Identity identity(const QString &path)
{
#ifdef Q_OS_UNIX
    struct stat status;
    if (!isInMemory(path) && stat(QFile::encodeName(path).constData(), &status) == 0)
        return {quint64(status.st_dev), quint64(status.st_ino)};
#else
    Q_UNUSED(path)
#endif
    return {};
}

static Result<void> checkFolder(const QFileInfo &file)
{
    const QFileInfo folder(file.absolutePath());
    if (!folder.isDir())
        return Error(Error::Code::StoreUnavailable, StoreText::tr("The folder %1 does not exist; make it before the store is opened.")
                         .arg(QDir::toNativeSeparators(folder.absoluteFilePath())));
    if (!folder.isWritable())
        return Error(Error::Code::StoreReadOnly, StoreText::tr("The folder %1 cannot be written, and SQLite keeps files beside the store. "
                                                               "Make it writable or choose another path.")
                         .arg(QDir::toNativeSeparators(folder.absoluteFilePath())));
    return {};
}

static Result<void> checkHeader(const QString &path, const QByteArray &header)
{
    const auto number = [&header](qsizetype offset) { return qFromBigEndian<quint32>(header.constData() + offset); };
    if (header.size() < HeaderSize || !header.startsWith(QByteArray("SQLite format 3", 16)))
        return foreign(path);
    if (number(ApplicationIdOffset) != ApplicationId)
        return foreign(path);
    if (const auto version = qint32(number(UserVersionOffset)); version > FormatVersion)
        return tooNew(path, version);
    const bool asMade = (header[ReservedOffset] == 0 || header[ReservedOffset] == AppleReserved)
        && number(AutoVacuumOffset) == 0 && number(IncrementalVacuumOffset) == 0
        && number(EncodingOffset) <= 1;         // UTF-8; 0 until there is a table
    return asMade ? Result<void>() : Result<void>(damaged(u"the header differs from what a store is made with"_s));
}

// SQLite reads what is missing of the last page as zeros. After a power cut its logs have the rest.
static Result<void> checkLength(const QFile &file, const QByteArray &header)
{
    const int stored = qFromBigEndian<quint16>(header.constData() + PageSizeOffset);
    const int pageSize = stored == 1 ? 65536 : std::max(stored, 512);
    const QString path = file.fileName();
    if (file.size() % pageSize == 0 || QFile::exists(path + u"-wal"_s) || QFile::exists(path + u"-journal"_s))
        return {};
    return damaged(u"the file ends inside a page"_s);
}

Result<void> check(const QString &path)
{
    if (path.isEmpty())
        return Error(Error::Code::InvalidArgument, StoreText::tr("A store needs a path; \":memory:\" keeps it in memory."));
    if (isInMemory(path))
        return {};
    const QFileInfo info(path);
    if (info.isDir())
        return Error(Error::Code::StoreUnavailable, StoreText::tr("%1 is a folder; a store is a file.").arg(QDir::toNativeSeparators(path)));
    if (const Result<void> folder = checkFolder(info); !folder)
        return folder;
    if (!info.exists())
        return {};
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error(Error::Code::StoreUnavailable, StoreText::tr("%1 cannot be read; check its permissions.").arg(QDir::toNativeSeparators(path)))
            .withDetail(file.errorString());
    if (file.size() > 0) {
        const QByteArray header = file.read(HeaderSize);
        if (const Result<void> checked = checkHeader(path, header); !checked)
            return checked;
        if (const Result<void> checked = checkLength(file, header); !checked)
            return checked;
    }
    if (!info.isWritable())
        return Error(Error::Code::StoreReadOnly, StoreText::tr("%1 is read-only. Make it writable or choose another path.")
                         .arg(QDir::toNativeSeparators(path)));
    return {};
}

} // namespace Tideline::FileGuard
