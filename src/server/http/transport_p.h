// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/addresses_p.h"
#include "server/http/asio_p.h"
#include "server/http/tls_p.h"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <string>

namespace Tideline::Server {

/*
    One accepted socket, plain or TLS behind the same functions: what Beast calls an AsyncStream.
    One compiled HTTP and WebSocket layer serves both, and an idle TLS connection holds no buffers
    (Asio's own TLS stream keeps some 70 KB for each). Belongs to its strand.
*/
class Transport
{
public:
    using executor_type = Strand;
    enum class Want { Nothing, Read, Write };

    // `place` is let go when the socket is closed.
    explicit Transport(Socket socket, std::shared_ptr<const Place> place = {});

    [[nodiscard]] executor_type get_executor() noexcept { return m_socket.get_executor(); }
    [[nodiscard]] int descriptor() noexcept { return m_socket.native_handle(); }
    [[nodiscard]] quint64 bytesWritten() const noexcept { return m_bytesWritten; }
    // Of the machine that calls: the other end's, unless that is a proxy.
    [[nodiscard]] const QByteArray &address() const noexcept { return m_address; }
    void setAddress(const QByteArray &address) { m_address = address; }
    [[nodiscard]] net::ip::address peer() const;

    // Next async_read_some gives these first.
    void pushBack(std::string bytes) { m_pushedBack = std::move(bytes) + m_pushedBack; }
    // The first byte without taking it; -1 when there is none.
    [[nodiscard]] int peek(error_code &error);
    void cancel() noexcept;             // what waits ends with operation_aborted
    // What came so far, at once: who sends a message in pieces may wait for that with the next one (Nagle's algorithm), and the kernel
    // would let 40 ms pass.
    void acknowledge();
    // Of the next writes: others come at once, with which the kernel may send them.
    void setMoreFollows(bool more) noexcept { m_moreFollows = more; }
    void closeSending() noexcept;
    void close() noexcept;

    template<typename Handler>
    void asyncWaitReadable(Handler &&handler)
    {
        m_socket.async_wait(Socket::wait_read, std::forward<Handler>(handler));
    }

    // handler(error_code, std::size_t)
    template<typename Handler>
    void asyncHandshake(SslPointer ssl, Handler &&handler)
    {
        m_ssl = std::move(ssl);
        attempt([this](error_code &error, Want &want) { return handshake(error, want); }, std::forward<Handler>(handler));
    }

    template<typename Buffers, typename Handler>
    void async_read_some(const Buffers &buffers, Handler &&handler)
    {
        if (!m_ssl && m_pushedBack.empty())
            return m_socket.async_read_some(buffers, std::forward<Handler>(handler));
        net::mutable_buffer first;
        for (const net::mutable_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
            if (first.size() == 0)
                first = buffer;
        }
        attempt([this, first](error_code &error, Want &want) { return read(first.data(), first.size(), error, want); },
                std::forward<Handler>(handler));
    }

    template<typename Buffers, typename Handler>
    void async_write_some(const Buffers &buffers, Handler &&handler)
    {
        if (!m_ssl)
            return m_socket.async_send(buffers, m_moreFollows ? MSG_MORE : 0, counting(std::forward<Handler>(handler)));
        // Gathered, so that a small head and its payload leave as one TLS record.
        attempt([this, buffers](error_code &error, Want &want) {
            std::array<char, RecordBytes> record;
            std::size_t size = 0;
            for (const net::const_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
                const std::size_t part = std::min(buffer.size(), record.size() - size);
                std::memcpy(record.data() + size, buffer.data(), part);
                size += part;
            }
            return write(record.data(), size, error, want);
        }, std::forward<Handler>(handler));
    }

private:
    static constexpr std::size_t RecordBytes = 16 * 1024;

    [[nodiscard]] std::size_t handshake(error_code &error, Want &want);
    [[nodiscard]] std::size_t read(void *data, std::size_t size, error_code &error, Want &want);
    [[nodiscard]] std::size_t write(const void *data, std::size_t size, error_code &error, Want &want);
    void failed(int result, error_code &error, Want &want);

    // Counts what the plain socket took; TLS counts in write().
    template<typename Handler>
    auto counting(Handler &&handler)
    {
        return Counting<std::decay_t<Handler>>{this, std::forward<Handler>(handler)};
    }

    template<typename Handler>
    struct Counting
    {
        using executor_type = net::associated_executor_t<Handler, Strand>;
        using allocator_type = net::associated_allocator_t<Handler>;

        executor_type get_executor() const noexcept
        {
            return net::get_associated_executor(handler, transport->get_executor());
        }
        allocator_type get_allocator() const noexcept { return net::get_associated_allocator(handler); }
        void operator()(error_code error, std::size_t size)
        {
            transport->m_bytesWritten += size;
            handler(error, size);
        }

        Transport *transport;
        Handler handler;
    };

    // Tries, waits for the socket to be ready, tries again; the handler never runs before this returns.
    template<typename Try>
    struct Attempt
    {
        template<typename Self>
        void operator()(Self &self, error_code error = {})
        {
            if (done)
                return self.complete(result, size);
            Want want = Want::Nothing;
            if (error)
                result = error;
            else
                size = once(result, want);
            if (want != Want::Nothing) {
                waited = true;
                result = {};
                return transport->m_socket.async_wait(want == Want::Read ? Socket::wait_read : Socket::wait_write,
                                                      std::move(self));
            }
            if (waited)
                return self.complete(result, size);
            done = true;
            net::post(transport->get_executor(), std::move(self));
        }

        Transport *transport;
        Try once;
        bool waited = false;
        bool done = false;
        error_code result = {};
        std::size_t size = 0;
    };

    template<typename Try, typename Handler>
    void attempt(Try once, Handler &&handler)
    {
        net::async_compose<Handler, void(error_code, std::size_t)>(Attempt<Try>{this, std::move(once)}, handler, m_socket);
    }

    Socket m_socket;
    std::shared_ptr<const Place> m_place;
    QByteArray m_address;
    SslPointer m_ssl;
    std::string m_pushedBack;
    quint64 m_bytesWritten = 0;
    bool m_moreFollows = false;
};

// What Beast calls on a timeout and at the end of a WebSocket connection.
void beast_close_socket(Transport &transport);

template<typename Handler>
void async_teardown(boost::beast::role_type, Transport &transport, Handler &&handler)
{
    transport.closeSending();
    net::post(transport.get_executor(), boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

} // namespace Tideline::Server
