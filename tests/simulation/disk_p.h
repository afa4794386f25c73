// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace TidelineTest {

/*
    A folder in memory: while it lives, SQLite of this process finds there all files whose path begins with the folder's,
    and all others where they are. What was written and not synced is known, so that a power cut can lose it.
    The files of one path and those that SQLite puts beside it, "-wal" for instance, are one partition: it can be full, or fail at its next sync.
*/
class SimulatedDisk
{
public:
    explicit SimulatedDisk(const QByteArray &folder);
    ~SimulatedDisk();                                           // the newest first
    SimulatedDisk(const SimulatedDisk &) = delete;
    SimulatedDisk &operator=(const SimulatedDisk &) = delete;

    struct Content
    {
        struct Write                                            // what an un-synced one replaced
        {
            size_t offset = 0;
            size_t size = 0;                                    // of the file, before
            std::vector<char> before;
            std::vector<char> after;
        };
        std::vector<char> bytes;
        std::vector<Write> unsynced;
    };
    using Image = std::map<std::string, Content>;               // by what follows the path

    void setRoom(const QByteArray &path, qint64 bytes);         // that its files may still grow; negative: any
    void failAtNextSync(const QByteArray &path);                // and at everything after
    [[nodiscard]] bool hasFailed(const QByteArray &path) const;

    // what a process leaves that ends now; it is given another path, as what is left of the process may still close its files
    [[nodiscard]] Image take(const QByteArray &path);
    void put(const QByteArray &path, const Image &image);

    // loses what was not synced: the first writes of each file stay, of the next one a part
    static void cutPower(Image &image, const std::function<quint64(quint64 below)> &pick);

private:
    friend struct DiskCalls;
    struct Shim;
    struct OpenFile;

    struct Memory                                               // that the connections of a file share
    {
        std::vector<std::unique_ptr<std::array<char, 32768>>> regions;
        std::array<int, 8> locks{};                             // how many share it; negative: one has it alone
    };
    struct File
    {
        Content content;
        int shared = 0;
        const OpenFile *reserved = nullptr;
        const OpenFile *pending = nullptr;
        bool exclusive = false;
        std::unique_ptr<Memory> memory;
        int mapped = 0;                                         // connections that use the memory
    };
    struct Partition
    {
        qint64 room = -1;
        bool failsAtSync = false;
        bool failed = false;
    };

    [[nodiscard]] bool has(const char *path) const;
    [[nodiscard]] Partition &partition(const std::string &path);

    const std::string m_folder;
    std::unique_ptr<Shim> m_shim;
    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<File>> m_files;       // these are guarded by m_mutex
    std::map<std::string, Partition> m_partitions;
};

} // namespace TidelineTest
