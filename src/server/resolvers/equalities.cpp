// SPDX-License-Identifier: MIT
#include "server/resolvers/equalities.h"

#include "server/auth/accesspolicy.h"

#include <QtCore/QHash>

#include <algorithm>

namespace Tideline::Server {

static void addTexts(const Value &value, QList<Value> &texts)
{
    if (value.kind() == Value::Kind::Text)
        texts.append(value);
    for (const Value &element : value.toList())
        addTexts(element, texts);
}

QList<Value> valuesAt(const Facet &facet, const Record &record)
{
    const Value &stored = record.value(facet.field);
    switch (facet.how) {
    case Facet::How::Stored:
        return {stored};
    case Facet::How::Shown:
        return {shortOwner(stored)};
    case Facet::How::Named:
        break;
    }
    QList<Value> texts;
    addTexts(stored, texts);
    return texts;
}

// Equal values have equal hashes: an integer that of the floating point number it is equal to, lists and objects that of their kind.
size_t ValueHash::operator()(const Value &value) const noexcept
{
    switch (value.kind()) {
    case Value::Kind::Integer:
    case Value::Kind::Double:
        return qHash(value.toDouble());
    case Value::Kind::Text:
        return qHash(value.toText());
    case Value::Kind::Boolean:
        return value.toBool() ? 1 : 2;
    case Value::Kind::Null:
    case Value::Kind::List:
    case Value::Kind::Object:
        return size_t(value.kind());
    }
    Q_UNREACHABLE();
}

size_t ValueHash::operator()(const std::vector<Value> &values) const noexcept
{
    size_t hash = values.size();
    for (const Value &value : values)
        hash = hash * 31 + (*this)(value);
    return hash;
}

Equalities Equalities::among(Facet facet, const QList<Value> &values)
{
    Equalities equalities;
    std::vector<Alternative> &alternatives = equalities.m_alternatives.emplace();
    for (const Value &value : values)
        alternatives.push_back({{facet, value}});
    return equalities;
}

// Of a facet that both have one term is enough.
static Equalities::Alternative joined(Equalities::Alternative all, const Equalities::Alternative &more)
{
    for (const Equalities::Term &term : more) {
        const auto place = std::ranges::lower_bound(all, term.facet, {}, &Equalities::Term::facet);
        if (place == all.end() || place->facet != term.facet)
            all.insert(place, term);
    }
    return all;
}

Equalities Equalities::both(const Equalities &other) const
{
    if (!m_alternatives || !other.m_alternatives)
        return m_alternatives ? *this : other;
    if (m_alternatives->size() * other.m_alternatives->size() > Most)
        return m_alternatives->size() < other.m_alternatives->size() ? *this : other;
    Equalities result = never();
    for (const Alternative &mine : *m_alternatives) {
        for (const Alternative &others : *other.m_alternatives)
            result.m_alternatives->push_back(joined(mine, others));
    }
    return result;
}

Equalities Equalities::either(const Equalities &other) const
{
    if (!m_alternatives || !other.m_alternatives)
        return {};
    Equalities result = *this;
    result.m_alternatives->insert(result.m_alternatives->end(), other.m_alternatives->begin(), other.m_alternatives->end());
    return result;
}

} // namespace Tideline::Server
