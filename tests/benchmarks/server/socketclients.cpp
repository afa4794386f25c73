// SPDX-License-Identifier: MIT
#include "socketclients.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>

namespace TidelineBench {

qint64 nowNs()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

namespace {

struct Command
{
    enum class What { Connect, Report } what = What::Report;
    quint16 port = 0;
    int count = 0;
    std::array<char, 2048> query = {};
    std::array<char, 64> key = {};
};

double processorMs()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval &time) { return double(time.tv_sec) * 1e3 + double(time.tv_usec) / 1e3; };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(size_t(sent));
    }
    return true;
}

// A masked text frame; the mask is zero.
std::string frame(const std::string &payload)
{
    std::string bytes("\x81", 1);
    if (payload.size() < 126) {
        bytes += char(0x80 | payload.size());
    } else {
        bytes += char(0x80 | 126);
        bytes += char(payload.size() >> 8);
        bytes += char(payload.size());
    }
    return bytes + std::string(4, '\0') + payload;
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text)
        result += c == '"' ? std::string("\\\\\\\"") : std::string(1, c);
    return result;
}

struct Client
{
    int socket = -1;
    bool upgraded = false;
    std::string rest = {};                      // of a frame that is not complete
};

class Clients
{
public:
    explicit Clients(int channel) : m_channel(channel), m_epoll(epoll_create1(0)) { watch(channel, nullptr); }
    void run();

private:
    void watch(int descriptor, Client *client) const;
    bool obey();
    void connect(const Command &command);
    void read(Client &client);
    void take(Client &client, std::string_view bytes);
    void message(std::string_view text);
    void report();

    const int m_channel;
    const int m_epoll;
    std::deque<Client> m_clients;
    std::vector<char> m_buffer = std::vector<char>(256 * 1024);
    SocketClients::Report m_report;
    std::vector<float> m_latencies;
    double m_cpuMs = 0;
};

void Clients::watch(int descriptor, Client *client) const
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = client;
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event);
}

void Clients::run()
{
    std::array<epoll_event, 512> events;
    for (;;) {
        const int count = epoll_wait(m_epoll, events.data(), int(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            auto *client = static_cast<Client *>(events[size_t(i)].data.ptr);
            if (client)
                read(*client);
            else if (!obey())
                return;
        }
    }
}

bool Clients::obey()
{
    Command command;
    if (::recv(m_channel, &command, sizeof command, MSG_WAITALL) != sizeof command)
        return false;
    command.what == Command::What::Connect ? connect(command) : report();
    return true;
}

void Clients::connect(const Command &command)
{
    const std::string key(command.key.data());
    const std::string opening = "GET /graphql/realtime HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                "Sec-WebSocket-Protocol: graphql-ws\r\nx-api-key: " + key + "\r\n\r\n"
        + frame(R"({"type":"connection_init"})")
        + frame(R"({"type":"start","id":"7e0c6d2e-3d86-4c3b-9b46-0d4f5a0f8a11","payload":{"data":"{\"query\":\")"
                + escaped(command.query.data()) + R"(\"}","extensions":{"authorization":{"host":"h","x-api-key":")" + key + R"("}}}})");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(command.port);
    for (int i = 0; i < command.count; ++i) {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 || !sendAll(socket, opening))
            return perror("client");
        watch(socket, &m_clients.emplace_back(Client{socket}));
    }
}

void Clients::read(Client &client)
{
    const ssize_t count = ::recv(client.socket, m_buffer.data(), m_buffer.size(), 0);
    if (count <= 0) {
        ::close(client.socket);
        return;
    }
    m_report.bytes += count;
    const std::string_view bytes(m_buffer.data(), size_t(count));
    if (client.rest.empty())
        return take(client, bytes);
    const std::string all = std::exchange(client.rest, {}) + std::string(bytes);
    take(client, all);
}

void Clients::take(Client &client, std::string_view bytes)
{
    if (!client.upgraded) {
        const size_t end = bytes.find("\r\n\r\n");
        client.upgraded = end != bytes.npos;
        if (client.upgraded)
            bytes.remove_prefix(end + 4);
    }
    while (client.upgraded && bytes.size() >= 2) {
        const auto byte = [&bytes](size_t i) { return size_t(static_cast<unsigned char>(bytes[i])); };
        const size_t head = byte(1) < 126 ? 2 : 4;      // no message here is longer than 64 KB
        if (bytes.size() < head)
            break;
        const size_t size = head == 2 ? byte(1) : byte(2) << 8 | byte(3);
        if (bytes.size() < head + size)
            break;
        message(bytes.substr(head, size));
        bytes.remove_prefix(head + size);
    }
    client.rest = bytes;
}

void Clients::message(std::string_view text)
{
    if (text.starts_with(R"({"type":"start_ack")"))
        ++m_report.ready;
    if (!text.starts_with(R"({"type":"data")"))
        return;
    ++m_report.messages;
    constexpr std::string_view mark("\"sent ");
    if (const size_t at = text.find(mark); at != text.npos)
        m_latencies.push_back(float(double(nowNs() - std::strtoll(text.data() + at + mark.size(), nullptr, 10)) / 1e6));
}

void Clients::report()
{
    const double cpuMs = processorMs();
    m_report.cpuMs = cpuMs - std::exchange(m_cpuMs, cpuMs);
    std::ranges::sort(m_latencies);
    if (!m_latencies.empty()) {
        m_report.medianMs = double(m_latencies[m_latencies.size() / 2]);
        m_report.p99Ms = double(m_latencies[m_latencies.size() * 99 / 100]);
        m_report.worstMs = double(m_latencies.back());
    }
    if (::send(m_channel, &m_report, sizeof m_report, 0) != sizeof m_report)
        perror("report");
    m_report = {.ready = m_report.ready};
    m_latencies.clear();
}

void sendCommand(int channel, const Command &command)
{
    if (::send(channel, &command, sizeof command, 0) != sizeof command)
        perror("command");
}

} // namespace

bool SocketClients::start()
{
    std::array<int, 2> channel{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, channel.data()) != 0)
        return false;
    m_process = ::fork();
    if (m_process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::close(channel[0]);
        Clients(channel[1]).run();
        ::_exit(0);
    }
    ::close(channel[1]);
    m_channel = channel[0];
    return m_process > 0;
}

SocketClients::~SocketClients()
{
    ::close(m_channel);                         // ends the process
    if (m_process > 0)
        ::waitpid(m_process, nullptr, 0);
}

void SocketClients::connectTo(quint16 port, int count, const QByteArray &query, const QByteArray &key)
{
    Command command{.what = Command::What::Connect, .port = port, .count = count};
    std::copy_n(query.constData(), std::min<qsizetype>(query.size(), qsizetype(command.query.size()) - 1), command.query.begin());
    std::copy_n(key.constData(), std::min<qsizetype>(key.size(), qsizetype(command.key.size()) - 1), command.key.begin());
    sendCommand(m_channel, command);
}

SocketClients::Report SocketClients::report()
{
    sendCommand(m_channel, {});
    Report report;
    if (::recv(m_channel, &report, sizeof report, MSG_WAITALL) != sizeof report)
        perror("report");
    return report;
}

} // namespace TidelineBench
