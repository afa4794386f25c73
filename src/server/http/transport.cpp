// SPDX-License-Identifier: MIT
#include "server/http/transport_p.h"

#include <boost/asio/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace Tideline::Server {

Transport::Transport(Socket socket, std::shared_ptr<const Place> place)
    : m_socket(std::move(socket)), m_place(std::move(place)), m_address(m_place ? m_place->address() : QByteArray())
{
    error_code ignored;                 // a socket that fails here fails at its first read
    m_socket.non_blocking(true, ignored);
    m_socket.set_option(Tcp::no_delay(true), ignored);
}

net::ip::address Transport::peer() const
{
    error_code error;                   // of nobody's, when it is gone
    return m_socket.remote_endpoint(error).address();
}

int Transport::peek(error_code &error)
{
    unsigned char byte = 0;
    const ssize_t count = ::recv(m_socket.native_handle(), &byte, 1, MSG_PEEK);
    if (count == 1)
        return byte;
    error = count == 0 ? error_code(net::error::eof) : error_code(errno, boost::system::system_category());
    return -1;
}

void Transport::acknowledge()
{
    const int now = 1;
    ::setsockopt(m_socket.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &now, sizeof now);
}

std::size_t Transport::handshake(error_code &error, Want &want)
{
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl.get());
    if (result != 1)
        failed(result, error, want);
    return 0;
}

std::size_t Transport::read(void *data, std::size_t size, error_code &error, Want &want)
{
    if (!m_pushedBack.empty() || size == 0) {
        const std::size_t taken = std::min(size, m_pushedBack.size());
        std::memcpy(data, m_pushedBack.data(), taken);
        m_pushedBack.erase(0, taken);
        if (m_pushedBack.empty())
            m_pushedBack.shrink_to_fit();
        return taken;
    }
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(m_ssl.get(), data, size, &count);
    if (result != 1)
        failed(result, error, want);
    return count;
}

std::size_t Transport::write(const void *data, std::size_t size, error_code &error, Want &want)
{
    if (size == 0)
        return 0;
    ERR_clear_error();
    TlsContext::setMoreFollows(m_ssl.get(), m_moreFollows);
    std::size_t count = 0;
    const int result = SSL_write_ex(m_ssl.get(), data, size, &count);
    if (result != 1)
        failed(result, error, want);
    m_bytesWritten += count;
    return count;
}

void Transport::failed(int result, error_code &error, Want &want)
{
    const int systemError = errno;
    switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
        want = Want::Read;
        return;
    case SSL_ERROR_WANT_WRITE:
        want = Want::Write;
        return;
    case SSL_ERROR_ZERO_RETURN:
        error = net::error::eof;
        return;
    case SSL_ERROR_SYSCALL:
        error = systemError ? error_code(systemError, boost::system::system_category()) : error_code(net::error::eof);
        return;
    default:
        error = make_error_code(boost::system::errc::protocol_error);
    }
}

void Transport::closeSending() noexcept
{
    if (!m_socket.is_open())
        return;
    if (m_ssl && SSL_is_init_finished(m_ssl.get())) {
        ERR_clear_error();
        SSL_shutdown(m_ssl.get());      // the notice alone; the peer's is not awaited
    }
    error_code ignored;
    m_socket.shutdown(Socket::shutdown_send, ignored);
}

void Transport::cancel() noexcept
{
    error_code ignored;
    m_socket.cancel(ignored);
}

void Transport::close() noexcept
{
    error_code ignored;
    m_socket.close(ignored);
    m_place.reset();
}

void beast_close_socket(Transport &transport)
{
    transport.close();
}

} // namespace Tideline::Server
