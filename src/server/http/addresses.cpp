// SPDX-License-Identifier: MIT
#include "server/http/addresses_p.h"

#include <boost/asio/ip/address.hpp>

namespace Tideline::Server {

Place::Place(std::shared_ptr<Addresses> addresses, QByteArray address) : m_addresses(std::move(addresses)), m_address(std::move(address))
{
}

Place::~Place()
{
    m_addresses->release(m_address);
}

std::shared_ptr<const Place> Addresses::take(const QByteArray &address, int most)
{
    const std::lock_guard lock(m_mutex);
    int &count = m_counts[address];
    if (most > 0 && count >= most)
        return {};
    ++count;
    return std::make_shared<const Place>(shared_from_this(), address);
}

void Addresses::release(const QByteArray &address)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_counts.find(address); found != m_counts.end() && --*found == 0)
        m_counts.erase(found);
}

QByteArray machineOf(const net::ip::address &address)
{
    if (address.is_v4())
        return QByteArray::fromStdString(address.to_string());
    const net::ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return QByteArray::fromStdString(net::ip::make_address_v4(net::ip::v4_mapped, v6).to_string());
    net::ip::address_v6::bytes_type bytes = v6.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), 0);
    return QByteArray::fromStdString(net::ip::address_v6(bytes).to_string());
}

} // namespace Tideline::Server
