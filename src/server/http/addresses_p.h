// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/asio_p.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>

#include <memory>
#include <mutex>

namespace Tideline::Server {

class Addresses;

// A connection's place among those of its address, held as long as this lives.
class Place
{
public:
    Place(std::shared_ptr<Addresses> addresses, QByteArray address);
    ~Place();

    [[nodiscard]] const QByteArray &address() const noexcept { return m_address; }

private:
    Q_DISABLE_COPY_MOVE(Place)
    const std::shared_ptr<Addresses> m_addresses;
    const QByteArray m_address;
};

// How many connections each address has. Thread-safe.
class Addresses : public std::enable_shared_from_this<Addresses>
{
public:
    // Null when the address has `most` already; 0 is no limit.
    [[nodiscard]] std::shared_ptr<const Place> take(const QByteArray &address, int most);

private:
    friend class Place;
    void release(const QByteArray &address);

    std::mutex m_mutex;
    QHash<QByteArray, int> m_counts;
};

// What stands for the machine behind an address: of IPv6 its /64 network.
[[nodiscard]] QByteArray machineOf(const net::ip::address &address);

} // namespace Tideline::Server
