// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/device_p.h"

namespace TidelineTest {

/* Everything that goes wrong, each for a while; heal() ends all of it. */
class Faults
{
public:
    Faults(World &world, SimulatedServer &server, std::vector<std::unique_ptr<SimulatedDevice>> &devices)
        : m_world(world), m_server(server), m_devices(devices) { }

    void strike();
    void strikeAmidQuestion(SimulatedDevice &device);   // what its application decides finds no room, now and then
    void heal();

private:
    void weather(SimulatedDevice &device, const QString &name, const std::function<void(Weather &)> &begin,
                 const std::function<void(Weather &)> &end);
    void strikeLine(SimulatedDevice &device);
    void strikeProcess(SimulatedDevice &device);
    void fillDisk(SimulatedDevice &device, qint64 room);
    void strikeServer();
    void passMonth();
    void later(const std::function<void()> &task);      // unless all was healed before

    World &m_world;
    SimulatedServer &m_server;
    std::vector<std::unique_ptr<SimulatedDevice>> &m_devices;
    int m_era = 0;                                      // counts up when all heals
};

} // namespace TidelineTest
