// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/device_p.h"

namespace TidelineTest {

/* People at the devices: they save, edit and delete, often the same record in several places. */
class Users
{
public:
    Users(World &world, Values &values) : m_world(world), m_values(values) { }

    void act(SimulatedDevice &device);
    void actAmid(SimulatedDevice &device);              // while the device works on the next answer
    void createAmid(SimulatedDevice &device);
    [[nodiscard]] RecordId createToShare(SimulatedDevice &device);     // with a field that sums; nothing where no model has one
    void actOn(SimulatedDevice &device, const RecordId &shared);       // mostly counts one more

private:
    using Rows = QList<Record>;

    void act(SimulatedDevice &device, const Rows &rows);
    void amid(SimulatedDevice &device, quint64 tasks, const std::function<void()> &act);
    void create(SimulatedDevice &device, const Rows &rows);
    void createFamily(SimulatedDevice &device, const Rows &rows);
    void createAgain(SimulatedDevice &device, const Rows &rows);
    void edit(SimulatedDevice &device, const Record &record, const Rows &rows, bool conditional);
    void remove(SimulatedDevice &device, const Record &record, bool conditional);
    void replace(SimulatedDevice &device, const Record &record, const Rows &rows);

    [[nodiscard]] std::optional<Draft> newDraft(const std::shared_ptr<const ModelType> &model, const Rows &rows, const QString &key);
    [[nodiscard]] bool setParents(Draft &draft, const Rows &rows, bool mayBeNone);
    [[nodiscard]] Record any(const Rows &rows);
    [[nodiscard]] int sharedField(const ModelType &model);
    [[nodiscard]] int countedField(const ModelType &model) const;       // -1: none sums
    [[nodiscard]] Predicate conditionOn(const Record &record);

    World &m_world;
    Values &m_values;
    QList<RecordId> m_everMade;
};

} // namespace TidelineTest
