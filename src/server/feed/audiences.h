// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/readablefields.h"
#include "server/execution/documents.h"
#include "server/resolvers/bindings.h"
#include "server/resolvers/filter.h"

#include <map>
#include <mutex>
#include <unordered_map>

namespace Tideline::Server {

/* Which records somebody hears of. */
struct Condition
{
    Filter filter;
    Grant rows;
    ReadableFields readable;                            // the filter sees no more of a record
    QByteArray key;                                     // equal conditions have the same

    [[nodiscard]] bool allows(const Record &record) const;
    [[nodiscard]] Equalities equalities() const;
};

/* What somebody is told of a record: the same bytes for all who share it. */
struct Portrait
{
    PreparedDocument::Operation operation;
    QByteArray key;
    bool isRead = false;                                // in part from the database: there are other records in it
    qsizetype users = 0;
    quint64 search = 0;                                 // the last that came by
    size_t place = 0;                                   // in what it found
};

/*
    Who hears of which records. Not thread-safe.

    An audience is all subscriptions with the same condition. Audiences are found by the values their condition asks a record to be
    equal to: one look-up for each set of fields that conditions name, whatever the number of values. What an audience found so
    asks beyond, and what audiences without such values ask, is evaluated once per audience.
    Subscribing and leaving cost the same, however many others there are.
*/
class Audiences
{
public:
    using Deliver = std::function<void(QByteArray payload)>;
    struct Audience;
    struct Subscriber
    {
        qint64 afterSeq = 0;
        Deliver deliver;
        std::recursive_mutex mutex;                     // held while delivering; who ends a subscription waits for it
        bool active = true;

        std::shared_ptr<Portrait> portrait;             // these belong to Audiences
        Audience *audience = nullptr;
        size_t position = 0;
    };
    struct Found { std::shared_ptr<const Portrait> portrait; std::vector<std::shared_ptr<Subscriber>> subscribers; };
    struct Topic { const ModelType *model = nullptr; FieldRole role = FieldRole::OnCreate; auto operator<=>(const Topic &) const = default; };

    Audiences();
    ~Audiences();

    void add(SubscriptionId id, const Topic &topic, Condition condition, Portrait portrait, const std::shared_ptr<Subscriber> &subscriber);
    std::shared_ptr<Subscriber> remove(SubscriptionId id);          // null when there is none
    [[nodiscard]] std::vector<Found> find(const Topic &topic, const Record &record);

private:
    struct Room;

    void collect(Audience &audience, const Record &record, std::vector<Found> &found);

    std::map<Topic, std::unique_ptr<Room>> m_rooms;
    QHash<QByteArray, std::shared_ptr<Portrait>> m_portraits;
    QHash<SubscriptionId, std::shared_ptr<Subscriber>> m_subscribers;
    quint64 m_search = 0;
};

} // namespace Tideline::Server
