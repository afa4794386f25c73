// SPDX-License-Identifier: MIT
#include "simulation/faults_p.h"

namespace TidelineTest {

constexpr qint64 hour = 3600 * 1000;

void Faults::later(const std::function<void()> &task)
{
    const qint64 most = m_world.chance(200) ? 200'000 : 10'000;
    m_world.time.startTimer(m_world.between(1, most), [this, task, era = m_era] {
        if (era == m_era)
            task();
    });
}

void Faults::weather(SimulatedDevice &device, const QString &name, const std::function<void(Weather &)> &begin,
                     const std::function<void(Weather &)> &end)
{
    m_world.note(u"%1 weather: %2"_s.arg(device.name(), name));
    begin(device.line.weather);
    later([this, &device, name, end] {
        m_world.note(u"%1 weather: no longer %2"_s.arg(device.name(), name));
        end(device.line.weather);
    });
}

void Faults::strike()
{
    SimulatedDevice &device = *m_devices[size_t(m_world.pick(m_devices.size()))];
    const quint64 what = m_world.pick(100);
    if (what < 70)
        strikeLine(device);
    else if (what < 92)
        strikeProcess(device);
    else
        strikeServer();
}

void Faults::strikeLine(SimulatedDevice &device)
{
    const int often = int(m_world.pick(400));
    switch (m_world.pick(12)) {
    case 0:
        weather(device, u"offline"_s, [](Weather &w) { w.online = false; }, [](Weather &w) { w.online = true; });
        device.line.breakSockets(m_world.chance(500));
        break;
    case 1:
        weather(device, u"nothing gets up"_s, [](Weather &w) { w.up = false; }, [](Weather &w) { w.up = true; });
        break;
    case 2:
        weather(device, u"nothing comes down"_s, [](Weather &w) { w.down = false; }, [](Weather &w) { w.down = true; });
        device.line.breakSockets(false);
        break;
    case 3:
        weather(device, u"requests are lost"_s, [often](Weather &w) { w.loseRequest = often; }, [](Weather &w) { w.loseRequest = 0; });
        break;
    case 4:
        weather(device, u"answers are lost"_s, [often](Weather &w) { w.loseAnswer = often; }, [](Weather &w) { w.loseAnswer = 0; });
        break;
    case 5:
        weather(device, u"late requests"_s, [often](Weather &w) { w.late = often; }, [](Weather &w) { w.late = 0; });
        break;
    case 6:
    case 10:
    case 11:
        weather(device, u"messages come twice and in disorder"_s, [often](Weather &w) { w.duplicate = w.reorder = often; },
                [](Weather &w) { w.duplicate = w.reorder = 0; });
        break;
    case 7:
        weather(device, u"the token is refused"_s, [](Weather &w) { w.tokenRefused = true; }, [](Weather &w) { w.tokenRefused = false; });
        break;
    case 8:
        weather(device, u"the server is busy"_s, [often](Weather &w) { w.busy = often; }, [](Weather &w) { w.busy = 0; });
        break;
    case 9:
        weather(device, u"slow"_s, [this](Weather &w) { w.latency = m_world.between(200, 8'000); }, [](Weather &w) { w.latency = 100; });
        break;
    }
}

void Faults::strikeProcess(SimulatedDevice &device)
{
    const auto reopen = [this, &device] {
        if (device.isOpen())
            return;
        m_world.note(device.name() + u" starts"_s);
        device.start();
    };
    switch (m_world.pick(9)) {
    case 0:
    case 1:
        if (!device.isOpen())
            break;
        for (quint64 tasks = m_world.pick(30); tasks > 0 && m_world.time.runOne(); --tasks) { }
        m_world.note(device.name() + u" is killed"_s);
        device.kill();
        m_world.chance(300) ? reopen() : later(reopen);
        break;
    case 2:
        if (!device.isOpen())
            break;
        m_world.note(device.name() + u" stops"_s);
        device.stop();
        later(reopen);
        break;
    case 3:
        m_world.note(device.name() + u" pauses"_s);
        device.setPaused(true);
        later([&device] { device.setPaused(false); });
        break;
    case 4:
        m_world.note(device.name() + u"'s socket breaks"_s);
        device.line.breakSockets(m_world.chance(300));
        if (device.isOpen() && m_world.chance(300))
            device.syncNow();
        break;
    case 5: {
        const qint64 jump = m_world.between(1, m_world.chance(300) ? 50 * hour : hour);
        m_world.note(u"%1's clock jumps by %2 s"_s.arg(device.name()).arg(jump / 1000));
        device.moveClock(jump);
        break;
    }
    case 6:
        if (!device.isOpen())
            break;
        m_world.note(device.name() + u" loses its power"_s);
        device.cutPower();
        later(reopen);
        break;
    case 7:
    case 8:
        fillDisk(device, m_world.chance(500) ? 0 : m_world.between(1, 200'000));
        break;
    }
}

void Faults::strikeAmidQuestion(SimulatedDevice &device)
{
    if (m_era == 0 && m_world.chance(m_world.options.faults))
        fillDisk(device, 0);
}

void Faults::fillDisk(SimulatedDevice &device, qint64 room)
{
    m_world.note(u"%1's disk has room for %2 bytes"_s.arg(device.name()).arg(room));
    device.setRoom(room);
    later([this, &device] {
        m_world.note(u"%1's disk has room again"_s.arg(device.name()));
        device.setRoom(-1);
        if (!device.isOpen())
            device.start();
    });
}

/* Tombstones are forgotten. No connection lasts that long. */
void Faults::passMonth()
{
    constexpr qint64 month = 31 * 24 * hour;
    m_world.note(u"a month passes"_s);
    m_world.monthPassed = true;
    m_server.moveClock(month);
    for (const auto &device : m_devices) {
        device->moveClock(month);
        device->line.breakSockets(true);
    }
}

void Faults::strikeServer()
{
    if (m_world.chance(100)) {
        passMonth();
        return;
    }
    if (m_world.chance(250)) {
        const qint64 jump = m_world.between(1, hour);
        m_world.note(u"the server's clock jumps by %1 s"_s.arg(jump / 1000));
        m_server.moveClock(jump);
        return;
    }
    if (!m_server.isUp())
        return;
    m_world.note(u"the server goes down"_s);
    for (const auto &device : m_devices)
        device->line.breakSockets(m_world.chance(600));
    m_server.stop();
    later([this] {
        m_world.note(u"the server comes back"_s);
        m_server.start();
    });
}

void Faults::heal()
{
    ++m_era;
    m_world.note(u"---- all heals ----"_s);
    m_server.start();
    for (const auto &device : m_devices) {
        device->line.weather = {};
        device->setRoom(-1);
        device->setPaused(false);
        if (!device->isOpen())
            device->start();
    }
}

} // namespace TidelineTest
