// SPDX-License-Identifier: MIT
#include "server/feed/audiences.h"

namespace Tideline::Server {

bool Condition::allows(const Record &record) const
{
    if (!rows.allows(record))
        return false;
    return filter.matches(readable.isAll() || filter.matchesAll() ? record : readable.only(record));
}

static Equalities equalitiesOf(const Grant &rows)
{
    if (rows.isEverybody())
        return {};
    Equalities result = Equalities::never();
    for (const Grant::Place &place : rows.places())
        result = result.either(Equalities::among({place.field, Facet::How::Named}, QList<Value>(place.values.begin(), place.values.end())));
    return result;
}

Equalities Condition::equalities() const
{
    return equalitiesOf(rows).both(filter.equalities([this](int field) { return readable.alwaysContains(field); }));
}

// Audiences that are found together. A place tells its audience where it stands, so that leaving needs no search.
using Bucket = std::vector<std::pair<Audiences::Audience *, size_t>>;       // and which of its places this is
using Values = std::vector<Value>;
using Shelf = std::unordered_map<Values, Bucket, ValueHash>;                // by the values for some facets
using Shelves = std::map<std::vector<Facet>, Shelf>;

struct Audiences::Audience
{
    struct Place
    {
        std::vector<Facet> facets;                      // none: among those that are always asked
        Values values;
        Bucket *bucket = nullptr;
        size_t position = 0;
    };

    Room &room;
    Condition condition;
    std::vector<Place> places = {};
    std::vector<std::shared_ptr<Subscriber>> subscribers = {};
    quint64 search = 0;                                 // the last that came by
};

struct Audiences::Room
{
    QHash<QByteArray, std::shared_ptr<Audience>> audiences = {};            // by the conditions' keys
    Shelves shelves = {};
    Bucket others = {};

    void put(Audience &audience);
    void put(Audience &audience, Audience::Place place, Bucket &bucket);
    void take(Audience &audience);
    template<typename Call>
    void visit(const Record &record, const Call &call) const;
};

void Audiences::Room::put(Audience &audience, Audience::Place place, Bucket &bucket)
{
    place.bucket = &bucket;
    place.position = bucket.size();
    bucket.emplace_back(&audience, audience.places.size());
    audience.places.push_back(std::move(place));
}

void Audiences::Room::put(Audience &audience)
{
    const Equalities equalities = audience.condition.equalities();
    if (!equalities.alternatives())
        return put(audience, {}, others);
    for (const Equalities::Alternative &alternative : *equalities.alternatives()) {
        Audience::Place place;
        for (const Equalities::Term &term : alternative) {
            place.facets.push_back(term.facet);
            place.values.push_back(term.value);
        }
        Bucket &bucket = shelves[place.facets][place.values];
        put(audience, std::move(place), bucket);
    }
}

void Audiences::Room::take(Audience &audience)
{
    for (const Audience::Place &place : audience.places) {
        Bucket &bucket = *place.bucket;
        bucket[place.position] = bucket.back();
        bucket[place.position].first->places[bucket[place.position].second].position = place.position;
        bucket.pop_back();
        if (!bucket.empty() || place.facets.empty())
            continue;
        const auto shelf = shelves.find(place.facets);
        shelf->second.erase(place.values);
        if (shelf->second.empty())
            shelves.erase(shelf);
    }
}

// Every list of values that \a record has for \a facets, of which a list field may have several.
template<typename Call>
static void forEachValues(const std::vector<Facet> &facets, const Record &record, Values &values, const Call &call)
{
    if (values.size() == facets.size())
        return call(values);
    for (const Value &value : valuesAt(facets[values.size()], record)) {
        values.push_back(value);
        forEachValues(facets, record, values, call);
        values.pop_back();
    }
}

template<typename Call>
void Audiences::Room::visit(const Record &record, const Call &call) const
{
    const auto visitAll = [&call](const Bucket &bucket) {
        for (const auto &[audience, place] : bucket)
            call(*audience);
    };
    visitAll(others);
    Values values;
    for (const auto &[facets, shelf] : shelves) {
        forEachValues(facets, record, values, [&, &shelf = shelf](const Values &wanted) {
            if (const auto bucket = shelf.find(wanted); bucket != shelf.end())
                visitAll(bucket->second);
        });
    }
}

Audiences::Audiences() = default;
Audiences::~Audiences() = default;

void Audiences::add(SubscriptionId id, const Topic &topic, Condition condition, Portrait portrait,
                    const std::shared_ptr<Subscriber> &subscriber)
{
    std::unique_ptr<Room> &room = m_rooms[topic];
    if (!room)
        room = std::make_unique<Room>();
    std::shared_ptr<Audience> &audience = room->audiences[condition.key];
    if (!audience) {
        audience = std::make_shared<Audience>(Audience{*room, std::move(condition)});
        room->put(*audience);
    }
    std::shared_ptr<Portrait> &shared = m_portraits[portrait.key];
    if (!shared)
        shared = std::make_shared<Portrait>(std::move(portrait));
    ++shared->users;
    subscriber->portrait = shared;
    subscriber->audience = audience.get();
    subscriber->position = audience->subscribers.size();
    audience->subscribers.push_back(subscriber);
    m_subscribers.insert(id, subscriber);
}

std::shared_ptr<Audiences::Subscriber> Audiences::remove(SubscriptionId id)
{
    std::shared_ptr<Subscriber> subscriber = m_subscribers.take(id);
    if (!subscriber)
        return subscriber;
    Audience &audience = *subscriber->audience;
    audience.subscribers.back()->position = subscriber->position;
    std::swap(audience.subscribers[subscriber->position], audience.subscribers.back());
    audience.subscribers.pop_back();
    if (audience.subscribers.empty()) {
        audience.room.take(audience);
        audience.room.audiences.remove(QByteArray(audience.condition.key));     // ends the audience and its key
    }
    if (--subscriber->portrait->users == 0)
        m_portraits.remove(subscriber->portrait->key);
    return subscriber;
}

void Audiences::collect(Audience &audience, const Record &record, std::vector<Found> &found)
{
    if (std::exchange(audience.search, m_search) == m_search || !audience.condition.allows(record))
        return;
    for (const std::shared_ptr<Subscriber> &subscriber : audience.subscribers) {
        Portrait &portrait = *subscriber->portrait;
        if (std::exchange(portrait.search, m_search) != m_search) {
            portrait.place = found.size();
            found.push_back({subscriber->portrait, {}});
        }
        found[portrait.place].subscribers.push_back(subscriber);
    }
}

std::vector<Audiences::Found> Audiences::find(const Topic &topic, const Record &record)
{
    std::vector<Found> found;
    ++m_search;
    if (const auto room = m_rooms.find(topic); room != m_rooms.end())
        room->second->visit(record, [&](Audience &audience) { collect(audience, record, found); });
    return found;
}

} // namespace Tideline::Server
