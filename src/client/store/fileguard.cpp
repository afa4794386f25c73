// SPDX-License-Identifier: MIT
#include "client/store/fileguard_p.h"

#include "client/store/storetext_p.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QtEndian>

namespace Tideline::FileGuard {

using namespace Qt::Literals::StringLiterals;

// Offsets in the header of an SQLite file.
static constexpr qsizetype HeaderSize = 100;
static constexpr qsizetype UserVersionOffset = 60;
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
                               "update the program.").arg(QDir::toNativeSeparators(path)).arg(version).arg(FormatVersion));
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
    if (header.size() < HeaderSize || !header.startsWith(QByteArray("SQLite format 3", 16)))
        return foreign(path);
    if (qFromBigEndian<quint32>(header.constData() + ApplicationIdOffset) != ApplicationId)
        return foreign(path);
    if (const auto version = qFromBigEndian<qint32>(header.constData() + UserVersionOffset); version > FormatVersion)
        return tooNew(path, version);
    return {};
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
        if (const Result<void> header = checkHeader(path, file.read(HeaderSize)); !header)
            return header;
    }
    if (!info.isWritable())
        return Error(Error::Code::StoreReadOnly, StoreText::tr("%1 is read-only. Make it writable or choose another path.")
                         .arg(QDir::toNativeSeparators(path)));
    return {};
}

} // namespace Tideline::FileGuard
