// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

#include <QtCore/QStringList>

#include <optional>
#include <vector>

namespace Tideline::Server {

/*
    Which records a caller may do something with: all, none, or those in which one of some fields has one of the caller's
    values (a name, a group), as the field's text or in its list.
*/
class Grant
{
public:
    [[nodiscard]] static Grant everybody();

    struct Place { int field = -1; QStringList values; };

    void allow() noexcept { m_all = true; }
    void allowWhere(int field, const QStringList &values);      // nothing when there are no values
    void join(const Grant &other);

    [[nodiscard]] bool isEverybody() const noexcept { return m_all; }
    [[nodiscard]] bool isNobody() const noexcept { return !m_all && m_places.empty(); }
    [[nodiscard]] bool allows(const Record &record) const;      // a null record only when everybody is meant
    [[nodiscard]] const std::vector<Place> &places() const noexcept { return m_places; }     // one is enough; of everybody beside the point
    [[nodiscard]] QStringList valuesIn(int field) const;        // with which the field lets the caller in
    // The field that has one of the values in all its records, when there is one.
    [[nodiscard]] std::optional<std::pair<int, QStringList>> onlyPlace() const;
    // Grants that allow the same by the same values have the same.
    [[nodiscard]] QString digest() const;

private:
    bool m_all = false;
    std::vector<Place> m_places;
};

} // namespace Tideline::Server
