// SPDX-License-Identifier: MIT
#include "simulation/disk_p.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

namespace TidelineTest {

struct SimulatedDisk::Shim : sqlite3_vfs
{
    SimulatedDisk *disk = nullptr;
    sqlite3_vfs *system = nullptr;
};

// What SQLite allocates for an open file.
struct SimulatedDisk::OpenFile : sqlite3_file
{
    SimulatedDisk *disk = nullptr;
    std::string path;
    std::shared_ptr<File> file;
    int level = SQLITE_LOCK_NONE;
    bool mapped = false;
    std::array<int, 8> locks{};         // of the memory: 1 shared, -1 alone
};

struct DiskCalls
{
    using Disk = SimulatedDisk;
    using File = Disk::File;
    using OpenFile = Disk::OpenFile;
    using Lock = std::lock_guard<std::mutex>;

    static OpenFile *open(sqlite3_file *file) { return static_cast<OpenFile *>(file); }
    static Disk::Shim *shim(sqlite3_vfs *vfs) { return static_cast<Disk::Shim *>(vfs); }

    // ---- contents ----

    static int close(sqlite3_file *file)
    {
        unmap(file, 0);
        unlock(file, SQLITE_LOCK_NONE);
        open(file)->~OpenFile();
        return SQLITE_OK;
    }

    static int read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset)
    {
        const Lock lock(open(file)->disk->m_mutex);
        const std::vector<char> &bytes = open(file)->file->content.bytes;
        const size_t there = size_t(offset) < bytes.size() ? std::min(size_t(size), bytes.size() - size_t(offset)) : 0;
        if (there > 0)
            std::memcpy(data, bytes.data() + offset, there);
        std::memset(static_cast<char *>(data) + there, 0, size_t(size) - there);
        return there == size_t(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }

    static void change(Disk::Content &content, size_t offset, const char *data, size_t size, size_t newSize)
    {
        std::vector<char> &bytes = content.bytes;
        const size_t begin = std::min(offset, bytes.size());
        const size_t end = newSize < bytes.size() ? bytes.size() : std::min(offset + size, bytes.size());
        content.unsynced.push_back({begin, bytes.size(), {bytes.begin() + qsizetype(begin), bytes.begin() + qsizetype(std::max(begin, end))}, {}});
        if (newSize != bytes.size())
            bytes.resize(newSize);
        if (size > 0)
            std::memcpy(bytes.data() + offset, data, size);
        content.unsynced.back().after.assign(bytes.begin() + qsizetype(std::min(begin, bytes.size())),
                                             bytes.begin() + qsizetype(std::min(std::max(begin, offset + size), bytes.size())));
    }

    static int write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
    {
        OpenFile *opened = open(file);
        const Lock lock(opened->disk->m_mutex);
        Disk::Content &content = opened->file->content;
        Disk::Partition &partition = opened->disk->partition(opened->path);
        if (partition.failed)
            return SQLITE_IOERR_WRITE;
        const size_t end = size_t(offset) + size_t(size);
        const qint64 growth = end > content.bytes.size() ? qint64(end - content.bytes.size()) : 0;
        if (partition.room >= 0 && growth > partition.room)
            return SQLITE_FULL;
        if (partition.room >= 0)
            partition.room -= growth;
        change(content, size_t(offset), static_cast<const char *>(data), size_t(size), std::max(end, content.bytes.size()));
        return SQLITE_OK;
    }

    static int truncate(sqlite3_file *file, sqlite3_int64 size)
    {
        OpenFile *opened = open(file);
        const Lock lock(opened->disk->m_mutex);
        Disk::Content &content = opened->file->content;
        if (opened->disk->partition(opened->path).failed)
            return SQLITE_IOERR_TRUNCATE;
        if (size_t(size) < content.bytes.size())
            change(content, size_t(size), nullptr, 0, size_t(size));
        return SQLITE_OK;
    }

    static int sync(sqlite3_file *file, int)
    {
        OpenFile *opened = open(file);
        const Lock lock(opened->disk->m_mutex);
        Disk::Partition &partition = opened->disk->partition(opened->path);
        partition.failed = partition.failed || partition.failsAtSync;
        if (partition.failed)
            return SQLITE_IOERR_FSYNC;
        opened->file->content.unsynced.clear();
        return SQLITE_OK;
    }

    static int size(sqlite3_file *file, sqlite3_int64 *size)
    {
        const Lock lock(open(file)->disk->m_mutex);
        *size = sqlite3_int64(open(file)->file->content.bytes.size());
        return SQLITE_OK;
    }

    static int control(sqlite3_file *, int, void *) { return SQLITE_NOTFOUND; }
    static int sectorSize(sqlite3_file *) { return 512; }
    static int characteristics(sqlite3_file *) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

    // ---- locks of the file ----

    static int lock(sqlite3_file *file, int level)
    {
        OpenFile *opened = open(file);
        const Lock guard(opened->disk->m_mutex);
        File &data = *opened->file;
        if (opened->level >= level)
            return SQLITE_OK;
        if (level == SQLITE_LOCK_SHARED) {
            if (data.pending || data.exclusive)
                return SQLITE_BUSY;
            ++data.shared;
        } else {
            if ((data.reserved && data.reserved != opened) || (data.pending && data.pending != opened))
                return SQLITE_BUSY;
            data.reserved = opened;
            if (level == SQLITE_LOCK_EXCLUSIVE) {
                data.pending = opened;
                if (data.shared > 1)
                    return SQLITE_BUSY;
                data.exclusive = true;
            }
        }
        opened->level = level;
        return SQLITE_OK;
    }

    static int unlock(sqlite3_file *file, int level)
    {
        OpenFile *opened = open(file);
        const Lock guard(opened->disk->m_mutex);
        File &data = *opened->file;
        if (data.reserved == opened || data.pending == opened) {
            data.exclusive = false;
            data.reserved = data.pending = nullptr;
        }
        if (opened->level > SQLITE_LOCK_NONE && level == SQLITE_LOCK_NONE)
            --data.shared;
        opened->level = std::min(opened->level, level);
        return SQLITE_OK;
    }

    static int isReserved(sqlite3_file *file, int *reserved)
    {
        const Lock guard(open(file)->disk->m_mutex);
        *reserved = open(file)->file->reserved != nullptr ? 1 : 0;
        return SQLITE_OK;
    }

    // ---- memory that connections share ----

    static int map(sqlite3_file *file, int region, int size, int extend, void volatile **memory)
    {
        OpenFile *opened = open(file);
        const Lock guard(opened->disk->m_mutex);
        File &data = *opened->file;
        Q_ASSERT(size == int(sizeof(*Disk::Memory().regions.front())));
        if (!opened->mapped) {
            opened->mapped = true;
            ++data.mapped;
            if (!data.memory)
                data.memory = std::make_unique<Disk::Memory>();
        }
        auto &regions = data.memory->regions;
        while (extend && regions.size() <= size_t(region))
            regions.push_back(std::make_unique<std::array<char, 32768>>(std::array<char, 32768>{}));
        *memory = size_t(region) < regions.size() ? regions[size_t(region)]->data() : nullptr;
        return SQLITE_OK;
    }

    static int lockMemory(sqlite3_file *file, int first, int count, int flags)
    {
        OpenFile *opened = open(file);
        const Lock guard(opened->disk->m_mutex);
        std::array<int, 8> &locks = opened->file->memory->locks;
        for (int i = first; i < first + count; ++i) {
            const int others = locks[size_t(i)] - opened->locks[size_t(i)];
            const bool busy = (flags & SQLITE_SHM_SHARED) != 0 ? others < 0 : others != 0;
            if ((flags & SQLITE_SHM_LOCK) != 0 && busy)
                return SQLITE_BUSY;
        }
        const int wanted = (flags & SQLITE_SHM_UNLOCK) != 0 ? 0 : (flags & SQLITE_SHM_SHARED) != 0 ? 1 : -1;
        for (int i = first; i < first + count; ++i) {
            locks[size_t(i)] += wanted - opened->locks[size_t(i)];
            opened->locks[size_t(i)] = wanted;
        }
        return SQLITE_OK;
    }

    static void barrier(sqlite3_file *file)
    {
        const Lock guard(open(file)->disk->m_mutex);
    }

    static int unmap(sqlite3_file *file, int)
    {
        OpenFile *opened = open(file);
        const Lock guard(opened->disk->m_mutex);
        if (!std::exchange(opened->mapped, false))
            return SQLITE_OK;
        for (size_t i = 0; i < opened->locks.size(); ++i)
            opened->file->memory->locks[i] -= std::exchange(opened->locks[i], 0);
        if (--opened->file->mapped == 0)
            opened->file->memory.reset();
        return SQLITE_OK;
    }

    // ---- the folder ----

    static int openFile(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *outFlags)
    {
        static const sqlite3_io_methods methods{2, close, read, write, truncate, sync, size, lock, unlock, isReserved, control,
                                                sectorSize, characteristics, map, lockMemory, barrier, unmap, nullptr, nullptr};
        Disk *disk = shim(vfs)->disk;
        if (!name || !disk->has(name))
            return shim(vfs)->system->xOpen(shim(vfs)->system, name, file, flags, outFlags);
        file->pMethods = nullptr;
        const Lock guard(disk->m_mutex);
        const auto found = disk->m_files.find(name);
        if (found == disk->m_files.end() && (flags & SQLITE_OPEN_CREATE) == 0)
            return SQLITE_CANTOPEN;
        auto *opened = new (file) OpenFile;
        opened->pMethods = &methods;
        opened->disk = disk;
        opened->path = name;
        opened->file = found != disk->m_files.end() ? found->second : disk->m_files.emplace(name, std::make_shared<File>()).first->second;
        if (outFlags)
            *outFlags = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs *vfs, const char *name, int syncFolder)
    {
        Disk *disk = shim(vfs)->disk;
        if (!disk->has(name))
            return shim(vfs)->system->xDelete(shim(vfs)->system, name, syncFolder);
        const Lock guard(disk->m_mutex);
        if (disk->partition(name).failed)
            return SQLITE_IOERR_DELETE;
        return disk->m_files.erase(name) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
    }

    static int access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
    {
        Disk *disk = shim(vfs)->disk;
        if (!disk->has(name))
            return shim(vfs)->system->xAccess(shim(vfs)->system, name, flags, result);
        const Lock guard(disk->m_mutex);
        const auto found = disk->m_files.find(name);
        *result = found != disk->m_files.end() && (flags != SQLITE_ACCESS_EXISTS || !found->second->content.bytes.empty()) ? 1 : 0;
        return SQLITE_OK;
    }

    static int fullName(sqlite3_vfs *vfs, const char *name, int size, char *result)
    {
        if (!shim(vfs)->disk->has(name))
            return shim(vfs)->system->xFullPathname(shim(vfs)->system, name, size, result);
        qstrncpy(result, name, size_t(size));
        return SQLITE_OK;
    }
};

SimulatedDisk::SimulatedDisk(const QByteArray &folder) : m_folder(folder.toStdString()), m_shim(std::make_unique<Shim>())
{
    sqlite3_vfs *system = sqlite3_vfs_find(nullptr);
    static_cast<sqlite3_vfs &>(*m_shim) = *system;
    m_shim->disk = this;
    m_shim->system = system;
    m_shim->zName = m_folder.c_str();
    m_shim->szOsFile = std::max(system->szOsFile, int(sizeof(OpenFile)));
    m_shim->xOpen = DiskCalls::openFile;
    m_shim->xDelete = DiskCalls::remove;
    m_shim->xAccess = DiskCalls::access;
    m_shim->xFullPathname = DiskCalls::fullName;
    if (sqlite3_vfs_register(m_shim.get(), 1) != SQLITE_OK)
        qFatal("SQLite takes no other VFS");
}

SimulatedDisk::~SimulatedDisk()
{
    sqlite3_vfs_unregister(m_shim.get());
    sqlite3_vfs_register(m_shim->system, 1);
}

bool SimulatedDisk::has(const char *path) const
{
    return std::strncmp(path, m_folder.c_str(), m_folder.size()) == 0;
}

SimulatedDisk::Partition &SimulatedDisk::partition(const std::string &path)
{
    for (const char *suffix : {"-wal", "-journal", "-shm"}) {
        if (path.ends_with(suffix))
            return m_partitions[path.substr(0, path.size() - std::strlen(suffix))];
    }
    return m_partitions[path];
}

void SimulatedDisk::setRoom(const QByteArray &path, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    partition(path.toStdString()).room = bytes;
}

void SimulatedDisk::failAtNextSync(const QByteArray &path)
{
    const std::lock_guard lock(m_mutex);
    partition(path.toStdString()).failsAtSync = true;
}

bool SimulatedDisk::hasFailed(const QByteArray &path) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_partitions.find(path.toStdString());
    return found != m_partitions.end() && found->second.failed;
}

SimulatedDisk::Image SimulatedDisk::take(const QByteArray &path)
{
    const std::string prefix = path.toStdString();
    const std::lock_guard lock(m_mutex);
    Image image;
    for (const auto &[name, file] : m_files) {
        if (name.starts_with(prefix))
            image[name.substr(prefix.size())] = file->content;
    }
    std::erase_if(m_files, [&prefix](const auto &file) { return file.first.starts_with(prefix); });
    return image;
}

void SimulatedDisk::put(const QByteArray &path, const Image &image)
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[suffix, content] : image) {
        const auto file = std::make_shared<File>();
        file->content = content;
        m_files[path.toStdString() + suffix] = file;
    }
}

static void undo(SimulatedDisk::Content &content, const SimulatedDisk::Content::Write &write)
{
    content.bytes.resize(write.size);
    std::copy(write.before.begin(), write.before.end(), content.bytes.begin() + qsizetype(write.offset));
}

void SimulatedDisk::cutPower(Image &image, const std::function<quint64(quint64)> &pick)
{
    constexpr size_t sector = 512;
    for (auto &[name, content] : image) {
        std::vector<Content::Write> &writes = content.unsynced;
        const size_t left = writes.empty() ? 0 : size_t(pick(writes.size()));
        Content::Write torn;
        while (writes.size() > left) {
            torn = std::move(writes.back());
            writes.pop_back();
            undo(content, torn);
        }
        const size_t sectors = torn.after.size() / sector;
        const size_t part = sectors > 0 ? size_t(pick(sectors)) * sector : 0;
        if (part > 0) {
            content.bytes.resize(std::max(content.bytes.size(), torn.offset + part));
            std::copy_n(torn.after.begin(), part, content.bytes.begin() + qsizetype(torn.offset));
        }
        writes.clear();
    }
}

} // namespace TidelineTest
