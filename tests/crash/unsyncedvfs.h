// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QList>

#include <functional>
#include <memory>
#include <mutex>
#include <random>

/*
    The default VFS of SQLite in this process while it lives: the system's own, which in addition knows what of each
    database, journal and log would be left had the machine lost its power now. What was not synced may be lost, torn
    between sectors, or survive in any order. Removing a file is an un-synced truncation until the folder is synced. Any thread may use it.
*/
class UnsyncedVfs
{
public:
    enum class Loss { All, Torn, Scattered };
    using Image = QHash<QByteArray, QByteArray>;        // contents by path

    explicit UnsyncedVfs(std::function<void()> beforeSync);
    ~UnsyncedVfs();
    UnsyncedVfs(const UnsyncedVfs &) = delete;
    UnsyncedVfs &operator=(const UnsyncedVfs &) = delete;

    [[nodiscard]] Image survivors(Loss loss, std::mt19937 &random) const;

private:
    friend struct UnsyncedCalls;
    struct Write
    {
        qint64 offset = 0;
        QByteArray data;
        bool truncates = false;
    };
    struct File
    {
        QByteArray durable;
        QList<Write> unsynced;
        bool exists = false;                            // after a power cut
        bool isRemoved = false;                         // and the folder is not yet synced
    };
    struct Shim;

    void written(const QByteArray &path, const Write &write);
    static void note(File &file, const Write &write);
    void sync(const QByteArray &path, bool withFolder);
    void removed(const QByteArray &path, bool folderIsSynced);
    [[nodiscard]] static QList<Write> surviving(const File &file, Loss loss, std::mt19937 &random);
    static void apply(QByteArray &content, const Write &write);

    std::unique_ptr<Shim> m_shim;
    mutable std::mutex m_mutex;
    QHash<QByteArray, File> m_files;                    // guarded by m_mutex
    std::function<void()> m_beforeSync;
};
