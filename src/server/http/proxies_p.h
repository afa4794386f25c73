// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/http/asio_p.h"

#include <QtCore/QByteArray>
#include <QtCore/QStringList>
#include <QtNetwork/QHostAddress>

#include <vector>

namespace Tideline::Server {

/*
    Proxies whose word is taken for who calls. Each adds the address it heard from at the end of X-Forwarded-For, or of Forwarded, so
    the last one that is no proxy's is the caller's; whatever stands before it the caller may have written himself. A proxy writes one
    of the two headers and lets the other pass, as its caller wrote it: where they name different callers, neither is believed.
*/
class Proxies
{
public:
    // Addresses and networks ("10.0.0.0/8"); InvalidArgument names one that is neither.
    [[nodiscard]] static Result<Proxies> make(const QStringList &networks);

    [[nodiscard]] bool isEmpty() const noexcept { return m_networks.empty(); }
    [[nodiscard]] bool contains(const net::ip::address &address) const;
    // Whose request a peer sent.
    [[nodiscard]] net::ip::address callerOf(const net::ip::address &peer, const QByteArray &forwardedFor, const QByteArray &forwarded) const;

private:
    [[nodiscard]] net::ip::address lastStranger(const net::ip::address &peer, QByteArrayList hops) const;

    std::vector<std::pair<QHostAddress, int>> m_networks;
};

} // namespace Tideline::Server
