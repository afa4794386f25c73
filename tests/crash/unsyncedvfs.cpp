// SPDX-License-Identifier: MIT
#include "crash/unsyncedvfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <utility>

constexpr qsizetype sectorSize = 512;

struct UnsyncedVfs::Shim : sqlite3_vfs
{
    UnsyncedVfs *owner = nullptr;
    sqlite3_vfs *system = nullptr;
};

// What SQLite allocates for an open file; the system's own follows it.
struct OpenFile : sqlite3_file
{
    UnsyncedVfs *vfs;
    const char *path;                                   // SQLite keeps it while the file is open; null: not looked after
    bool syncsFolder;                                   // with its next sync, as the system's does with new journals and logs

    [[nodiscard]] sqlite3_file *system() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

struct UnsyncedCalls
{
    static OpenFile *open(sqlite3_file *file) { return static_cast<OpenFile *>(file); }
    static sqlite3_file *system(sqlite3_file *file) { return open(file)->system(); }

    template<auto method, typename... Arguments>
    static auto forward(sqlite3_file *file, Arguments... arguments)
    {
        return (system(file)->pMethods->*method)(system(file), arguments...);
    }

    static int write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
    {
        const int code = system(file)->pMethods->xWrite(system(file), data, size, offset);
        if (code == SQLITE_OK && open(file)->path)
            open(file)->vfs->written(open(file)->path, {offset, QByteArray(static_cast<const char *>(data), size), false});
        return code;
    }

    static int truncate(sqlite3_file *file, sqlite3_int64 size)
    {
        const int code = system(file)->pMethods->xTruncate(system(file), size);
        if (code == SQLITE_OK && open(file)->path)
            open(file)->vfs->written(open(file)->path, {size, {}, true});
        return code;
    }

    static int sync(sqlite3_file *file, int flags)
    {
        if (open(file)->path)
            open(file)->vfs->m_beforeSync();
        const int code = system(file)->pMethods->xSync(system(file), flags);
        if (code == SQLITE_OK && open(file)->path)
            open(file)->vfs->sync(open(file)->path, std::exchange(open(file)->syncsFolder, false));
        return code;
    }

    static int openFile(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags)
    {
        static const sqlite3_io_methods methods{
            3, forward<&sqlite3_io_methods::xClose>, forward<&sqlite3_io_methods::xRead>, write, truncate, sync,
            forward<&sqlite3_io_methods::xFileSize>, forward<&sqlite3_io_methods::xLock>, forward<&sqlite3_io_methods::xUnlock>,
            forward<&sqlite3_io_methods::xCheckReservedLock>, forward<&sqlite3_io_methods::xFileControl>,
            forward<&sqlite3_io_methods::xSectorSize>, forward<&sqlite3_io_methods::xDeviceCharacteristics>,
            forward<&sqlite3_io_methods::xShmMap>, forward<&sqlite3_io_methods::xShmLock>, forward<&sqlite3_io_methods::xShmBarrier>,
            forward<&sqlite3_io_methods::xShmUnmap>, forward<&sqlite3_io_methods::xFetch>, forward<&sqlite3_io_methods::xUnfetch>};
        const auto *shim = static_cast<UnsyncedVfs::Shim *>(vfs);
        OpenFile *opened = open(file);
        opened->pMethods = nullptr;
        opened->vfs = shim->owner;
        const bool lasts = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
        opened->path = lasts ? name : nullptr;
        opened->syncsFolder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
        const int code = shim->system->xOpen(shim->system, name, opened->system(), flags, outFlags);
        if (opened->system()->pMethods)
            opened->pMethods = &methods;
        return code;
    }

    static int removeFile(sqlite3_vfs *vfs, const char *name, int syncFolder)
    {
        const auto *shim = static_cast<UnsyncedVfs::Shim *>(vfs);
        const int code = shim->system->xDelete(shim->system, name, syncFolder);
        if (code == SQLITE_OK)
            shim->owner->removed(name, syncFolder != 0);
        return code;
    }
};

UnsyncedVfs::UnsyncedVfs(std::function<void()> beforeSync) : m_shim(std::make_unique<Shim>()), m_beforeSync(std::move(beforeSync))
{
    sqlite3_vfs *system = sqlite3_vfs_find(nullptr);
    static_cast<sqlite3_vfs &>(*m_shim) = *system;
    m_shim->owner = this;
    m_shim->system = system;
    m_shim->zName = "unsynced";
    m_shim->szOsFile += int(sizeof(OpenFile));
    m_shim->xOpen = UnsyncedCalls::openFile;
    m_shim->xDelete = UnsyncedCalls::removeFile;
    if (sqlite3_vfs_register(m_shim.get(), 1) != SQLITE_OK)
        qFatal("SQLite takes no other VFS");
}

UnsyncedVfs::~UnsyncedVfs()
{
    sqlite3_vfs_unregister(m_shim.get());
    sqlite3_vfs_register(m_shim->system, 1);
}

void UnsyncedVfs::apply(QByteArray &content, const Write &write)
{
    if (write.truncates) {
        content.truncate(write.offset);
        return;
    }
    const qsizetype end = write.offset + write.data.size();
    if (content.size() < end)
        content.append(end - content.size(), '\0');
    std::memcpy(content.data() + write.offset, write.data.constData(), size_t(write.data.size()));
}

void UnsyncedVfs::note(File &file, const Write &write)
{
    file.unsynced.append(write);
    file.isRemoved = false;
}

void UnsyncedVfs::written(const QByteArray &path, const Write &write)
{
    const std::lock_guard lock(m_mutex);
    note(m_files[path], write);
}

void UnsyncedVfs::sync(const QByteArray &path, bool withFolder)
{
    const std::lock_guard lock(m_mutex);
    if (withFolder)
        m_files.removeIf([](const auto &file) { return file->isRemoved; });
    File &file = m_files[path];
    for (const Write &write : std::as_const(file.unsynced))
        apply(file.durable, write);
    file.unsynced.clear();
    file.exists = true;
}

void UnsyncedVfs::removed(const QByteArray &path, bool folderIsSynced)
{
    const std::lock_guard lock(m_mutex);
    if (folderIsSynced) {
        m_files.remove(path);
        return;
    }
    File &file = m_files[path];
    note(file, {0, {}, true});
    file.isRemoved = true;
}

// Torn: the writes up to one of them, of that one only the first sectors. Scattered: each sector or none of it.
QList<UnsyncedVfs::Write> UnsyncedVfs::surviving(const File &file, Loss loss, std::mt19937 &random)
{
    QList<Write> survivors;
    if (loss == Loss::All || file.unsynced.isEmpty())
        return survivors;
    qsizetype last = qsizetype(random() % size_t(file.unsynced.size()));
    for (qsizetype i = 0; i < file.unsynced.size(); ++i) {
        const Write &write = file.unsynced.at(i);
        const qsizetype sectors = (write.data.size() + sectorSize - 1) / sectorSize;
        if (loss == Loss::Torn && i < last)
            survivors.append(write);
        else if (loss == Loss::Torn && i == last && sectors > 0)
            survivors.append({write.offset, write.data.first(qsizetype(random() % size_t(sectors)) * sectorSize), false});
        for (qsizetype sector = 0; loss == Loss::Scattered && sector < sectors; ++sector) {
            if (random() % 2 == 0)
                survivors.append({write.offset + sector * sectorSize, write.data.mid(sector * sectorSize, sectorSize), false});
        }
        if (loss == Loss::Scattered && write.truncates && random() % 2 == 0)
            survivors.append(write);
    }
    return survivors;
}

UnsyncedVfs::Image UnsyncedVfs::survivors(Loss loss, std::mt19937 &random) const
{
    const std::lock_guard lock(m_mutex);
    Image image;
    QList<QByteArray> paths = m_files.keys();
    std::sort(paths.begin(), paths.end());
    for (const QByteArray &path : std::as_const(paths)) {
        const File &file = *m_files.constFind(path);
        const QList<Write> writes = surviving(file, loss, random);
        if (!file.exists && writes.isEmpty())
            continue;
        QByteArray content = file.durable;
        for (const Write &write : writes)
            apply(content, write);
        image.insert(path, content);
    }
    return image;
}
