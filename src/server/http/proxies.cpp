// SPDX-License-Identifier: MIT
#include "server/http/proxies_p.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Result<Proxies> Proxies::make(const QStringList &networks)
{
    Proxies proxies;
    for (const QString &text : networks) {
        const auto network = QHostAddress::parseSubnet(text);
        if (network.second < 0)
            return Error(Error::Code::InvalidArgument, u"\"%1\" is no trusted proxy: it is neither an address nor a network such as 10.0.0.0/8"_s.arg(text));
        proxies.m_networks.emplace_back(network.first, network.second);
    }
    return proxies;
}

// As IPv4 where it is that in IPv6's clothes.
static net::ip::address plain(const net::ip::address &address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6());
    return address;
}

bool Proxies::contains(const net::ip::address &address) const
{
    const QHostAddress wanted(QString::fromStdString(plain(address).to_string()));
    return std::ranges::any_of(m_networks, [&wanted](const auto &network) { return wanted.isInSubnet(network.first, network.second); });
}

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80", in quotes or not.
static net::ip::address addressIn(QByteArray hop, error_code &error)
{
    hop = hop.trimmed();
    if (hop.size() > 1 && hop.startsWith('"') && hop.endsWith('"'))
        hop = hop.mid(1, hop.size() - 2);
    if (hop.startsWith('['))
        hop = hop.mid(1, hop.indexOf(']') - 1);
    else if (hop.count(':') == 1)
        hop = hop.first(hop.indexOf(':'));
    return net::ip::make_address(hop.toStdString(), error);
}

// A hop that is no address hides who was before it.
net::ip::address Proxies::lastStranger(const net::ip::address &peer, QByteArrayList hops) const
{
    net::ip::address caller = peer;
    while (!hops.isEmpty() && contains(caller)) {
        error_code error;
        const net::ip::address before = addressIn(hops.takeLast(), error);
        if (error)
            break;
        caller = before;
    }
    return caller;
}

static QByteArrayList listOf(const QByteArray &header)
{
    return header.isEmpty() ? QByteArrayList() : header.split(',');
}

// What for= says in each element; a comma in quotes is no address's, and who writes one hides nothing behind it.
static QByteArrayList hopsIn(const QByteArray &forwarded)
{
    QByteArrayList hops;
    for (const QByteArray &element : listOf(forwarded)) {
        QByteArray hop;
        for (const QByteArray &pair : element.split(';')) {
            if (pair.trimmed().first(std::min<qsizetype>(4, pair.trimmed().size())).toLower() == "for=")
                hop = pair.trimmed().mid(4);
        }
        hops.append(hop);
    }
    return hops;
}

net::ip::address Proxies::callerOf(const net::ip::address &peer, const QByteArray &forwardedFor, const QByteArray &forwarded) const
{
    if (forwardedFor.isEmpty())
        return lastStranger(peer, hopsIn(forwarded));
    const net::ip::address caller = lastStranger(peer, listOf(forwardedFor));
    return forwarded.isEmpty() || plain(caller) == plain(lastStranger(peer, hopsIn(forwarded))) ? caller : peer;
}

} // namespace Tideline::Server
