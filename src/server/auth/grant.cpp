// SPDX-License-Identifier: MIT
#include "server/auth/grant.h"

#include <algorithm>

namespace Tideline::Server {

Grant Grant::everybody()
{
    Grant grant;
    grant.allow();
    return grant;
}

void Grant::allowWhere(int field, const QStringList &values)
{
    if (!values.isEmpty())
        m_places.push_back({field, values});
}

void Grant::join(const Grant &other)
{
    m_all = m_all || other.m_all;
    m_places.insert(m_places.end(), other.m_places.begin(), other.m_places.end());
}

static bool names(const Value &value, const QStringList &values)
{
    if (value.kind() == Value::Kind::List)
        return std::ranges::any_of(value.toList(), [&values](const Value &element) { return names(element, values); });
    return value.kind() == Value::Kind::Text && values.contains(value.toText());
}

bool Grant::allows(const Record &record) const
{
    if (m_all || record.isNull())
        return m_all;
    return std::ranges::any_of(m_places, [&record](const Place &place) { return names(record.value(place.field), place.values); });
}

QStringList Grant::valuesIn(int field) const
{
    QStringList values;
    for (const Place &place : m_places) {
        if (place.field == field)
            values += place.values;
    }
    return values;
}

std::optional<std::pair<int, QStringList>> Grant::onlyPlace() const
{
    if (m_all || m_places.size() != 1)
        return {};
    return std::pair(m_places.front().field, m_places.front().values);
}

QString Grant::digest() const
{
    if (m_all)
        return QStringLiteral("*");
    Value::List places;
    for (const Place &place : m_places) {
        Value::List words{place.field};
        for (const QString &value : place.values)
            words.append(value);
        places.append(words);
    }
    return Value(places).toJsonText();
}

} // namespace Tideline::Server
