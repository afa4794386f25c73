// SPDX-License-Identifier: MIT
#pragma once

#include "server/feed/audiences.h"
#include "server/metrics.h"
#include "server/resolvers/modelresolver.h"
#include "server/storage/journal.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <thread>

namespace Tideline::Server {

/*
    Takes committed changes to those who subscribed, in commit order, on one thread of its own.

    Audiences finds who hears of a record; it is written once for each Portrait of it, however many listen. What a subscriber
    sees is read from the record as it was committed, by its own selection, not by the mutation's. A subscription begins
    after the last commit before it. A record that cannot be shown (null where null may not be) is not delivered: the
    protocol has no harmless form for it, and the client gets the record with its next sync.

    Rules are asked twice (section 7.7 of the protocol): at the start whether they let this caller listen at all, and with each record
    as it was committed whether it is his to see. Who becomes the owner hears of it, who was the owner does not.

    - A caller whom no rule lets listen is accepted and hears nothing. AppSync says Unauthorized, and that makes amplify-js
      close its socket and begin again for ever: a device with one model that is closed to it would never be ready. The model's
      sync query tells the caller. The price is a client that would have tried another of its credentials.
    - An owner argument that does not name the caller is Unauthorized at the start, unless a rule lets him hear
      everything: clients send the name in their own token, so none gets there by itself.
    - Owners are told apart by the stored value, not by the name that is shown, which two users may share.

    Changes of this node come from its writer, those of others are read from the journal: every interval, and at once
    when the writer's do not follow the last number that was delivered; then the journal has them too. So each change is delivered once
    and in order, wherever it was made. A journal that does not go back far enough (the database was out of reach for longer
    than changes stay in it) is made up for by each record that changed since, as it is now.

    The records that a changed one has relations to are read from the database, if a selection asks for them. While it cannot be
    reached, or has locked what is wanted, nothing is delivered, and the journal has the change later. A failure of another kind
    may last for ever and is one selection's: who has that does not get the change.
*/
class Feed
{
public:
    using Deliver = Audiences::Deliver;

    struct Options
    {
        qint64 lastSeq = 0;                             // of the changes before the feed
        std::chrono::milliseconds interval{0};          // between looks into the journal; 0: only follow() looks
        std::function<void(const Error &)> onError = {};    // changes cannot be read, once until they can; one cannot be shown
    };
    Feed(const ReadContext &context, const Location &location, Options options, Metrics &metrics);
    ~Feed();                                            // after stop()

    [[nodiscard]] Result<void> start();
    void publish(std::vector<Change> changes);          // in commit order
    void follow();                                      // looks into the journal now; any thread
    void stop();                                        // delivers what waits, then ends the thread

    // Both from any thread, also from a delivery. A refusal has the code Unauthorized when rules refuse.
    [[nodiscard]] Result<SubscriptionId> subscribe(const PreparedDocument::Operation &operation, qint64 afterSeq, Deliver deliver);
    void unsubscribe(SubscriptionId id);

private:
    using Subscriber = Audiences::Subscriber;

    void run(Connection &connection);
    [[nodiscard]] bool wait(std::vector<Change> &own, bool &look);  // false: the end
    void take(const std::vector<Change> &own, Connection &connection);
    void look(Connection &connection);
    [[nodiscard]] Result<bool> readOn(Connection &connection);      // whether there is more
    void note(const Result<void> &done);
    [[nodiscard]] Result<void> show(const std::vector<Change> &changes, Connection &connection);
    [[nodiscard]] Result<void> dispatch(const std::vector<Audiences::Found> &audience, const Change &change, Connection &connection) const;
    [[nodiscard]] Result<QByteArray> payload(const Portrait &portrait, const Change &change, Connection &connection) const;
    [[nodiscard]] std::vector<Audiences::Found> audienceOf(const Change &change);
    [[nodiscard]] Result<Condition> conditionOf(const PreparedDocument::Operation &operation, const FieldBinding &binding) const;
    [[nodiscard]] Result<void> addFilter(Value::Object arguments, const FieldBinding &binding, Condition &condition) const;

    const ReadContext &m_context;
    const Location m_location;
    const Options m_options;
    Metrics &m_metrics;
    const Journal m_journal;
    qint64 m_seq;                                       // the last change delivered; of the feed's thread, as the next two
    std::chrono::steady_clock::time_point m_nextLook;
    bool m_failing = false;
    std::mutex m_mutex;                                 // of what follows
    std::condition_variable m_wake;
    std::deque<std::vector<Change>> m_waiting;
    bool m_look = false;
    bool m_stopping = false;
    Audiences m_audiences;
    SubscriptionId m_lastId = 0;
    std::thread m_thread;
};

} // namespace Tideline::Server
