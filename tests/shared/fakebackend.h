// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/automerge.h"
#include "client/sync/transport.h"

#include <QtCore/QSet>

#include <algorithm>
#include <map>
#include <vector>

namespace Tideline {

class FakeTransport;

/*! A versioned backend in memory, as AppSync is one: versions, tombstones, a journal for delta syncs,
    conflicts rejected or merged. Several FakeTransports may talk to one server; all in one thread. */
class FakeServer
{
public:
    enum class Mode { Optimistic, Automerge };
    using Key = std::pair<QString, QString>;        // model, key

    FakeServer(const Schema &schema, Scheduler &clock, Mode mode = Mode::Optimistic)
        : m_schema(schema), m_clock(clock), m_mode(mode) { }

    // what a test turns
    qint64 clockSkew = 0;                           // ms that the server's clock is ahead
    qint64 deltaTtl = 30 * 60 * 1000;               // ms; older lastSync: base sync
    bool filters = true;                            // false: as if no filter had come
    bool revives = true;                            // a create that names a tombstone's version is taken; AppSync does not
    bool showsExisting = false;                     // a refused create carries the record
    std::function<std::optional<MutationResponse>(const OutboxEntry &)> answerMutation;     // instead of the rules
    std::function<std::optional<Error>(const SyncRequest &)> answerSync;                    // failure of a page
    std::function<std::optional<RemoteItem>(const Record &)> answerItem;                    // what is sent for a record

    [[nodiscard]] Record record(const QString &model, const QString &key) const
    {
        const auto found = m_rows.find({model, key});
        return found == m_rows.end() ? Record() : found->second;
    }

    [[nodiscard]] const std::map<Key, Record> &rows() const noexcept { return m_rows; }
    [[nodiscard]] const Schema &schema() const noexcept { return m_schema; }
    [[nodiscard]] qint64 now() const { return m_clock.now() + clockSkew; }

    /*! Another client's write, by the rules, with the version that fits. */
    Record put(Record record)
    {
        const Record stored = this->record(record.model()->name, record.key());
        return commit(std::move(record), stored.isNull() ? 1 : stored.metadata().version + 1, false);
    }

    Record remove(const QString &model, const QString &key)
    {
        const Record stored = record(model, key);
        return commit(stored, stored.metadata().version + 1, true);
    }

    /*! Forgets a record as if it had never been, or a tombstone past its time. */
    void forget(const QString &model, const QString &key) { m_rows.erase({model, key}); }

    [[nodiscard]] MutationResponse mutate(const OutboxEntry &entry)
    {
        if (answerMutation) {
            if (const std::optional<MutationResponse> answer = answerMutation(entry))
                return *answer;
        }
        const Record stored = record(entry.model->name, entry.key);
        switch (entry.operation) {
        case OutboxEntry::Operation::Create:
            return create(entry, stored);
        case OutboxEntry::Operation::Update:
            return update(entry, stored);
        case OutboxEntry::Operation::Delete:
            return remove(entry, stored);
        }
        return {};
    }

    [[nodiscard]] Result<SyncPage> sync(const SyncRequest &request) const
    {
        if (answerSync) {
            if (const std::optional<Error> error = answerSync(request))
                return *error;
        }
        const Result<BoundPredicate> filter = BoundPredicate::bind(m_schema, request.model, filters ? request.filter : Predicate());
        if (!filter)
            return filter.error();
        const QStringList token = request.nextToken.split(u' ');
        const bool first = request.nextToken.isEmpty();
        const bool base = first ? request.lastSync == 0 || request.lastSync < now() - deltaTtl
                                : token.value(0) == QStringLiteral("base");
        SyncPage page;
        page.startedAt = first ? now() : token.value(1).toLongLong();
        const QString position = token.mid(2).join(u' ');
        if (base)
            basePage(request, *filter, position, page);
        else
            deltaPage(request, *filter, position.toULongLong(), page);
        return page;
    }

    void add(FakeTransport *transport) { m_transports.push_back(transport); }
    void remove(FakeTransport *transport) { std::erase(m_transports, transport); }

private:
    inline Record commit(Record record, qint64 version, bool deleted);

    static MutationResponse accepted(const Record &record) { return {MutationResponse::Outcome::Accepted, record, {}}; }
    static MutationResponse conflicted(const Record &record)
    {
        return {MutationResponse::Outcome::Conflict, record,
                Error(Error::Code::Conflict, QStringLiteral("Conflict resolver rejects mutation."))};
    }
    static MutationResponse failed(const Record &record)
    {
        return {MutationResponse::Outcome::Rejected, record,
                Error(Error::Code::ConditionFailed, QStringLiteral("The conditional request failed"))};
    }

    MutationResponse create(const OutboxEntry &entry, const Record &stored)
    {
        const bool revived = revives && !stored.isNull() && stored.metadata().deleted && entry.baseVersion == stored.metadata().version;
        if (!stored.isNull() && !revived)
            return failed(showsExisting ? stored : Record());
        Record record(entry.model);
        const std::vector<Value> key = keyParts(*entry.model, entry.key);
        for (size_t part = 0; part < key.size(); ++part)
            record.setValue(entry.model->primaryKey[part], key[part]);
        for (const auto &[field, value] : entry.changes)
            record.setValue(field, value);
        return accepted(commit(record, revived ? stored.metadata().version + 1 : 1, false));
    }

    MutationResponse update(const OutboxEntry &entry, const Record &stored)
    {
        if (stored.isNull())
            return failed({});
        const bool fits = entry.baseVersion == stored.metadata().version;
        if (!fits && (m_mode == Mode::Optimistic || stored.metadata().deleted))
            return conflicted(stored);
        Record record = stored;
        for (const auto &[field, value] : entry.changes)
            record.setValue(field, fits ? value : automerged(entry.model->fields[size_t(field)].type, record.value(field), value));
        return accepted(commit(record, stored.metadata().version + 1, stored.metadata().deleted));
    }

    MutationResponse remove(const OutboxEntry &entry, const Record &stored)
    {
        if (stored.isNull())
            return failed({});
        if (entry.baseVersion != stored.metadata().version)
            return conflicted(stored);
        return accepted(commit(stored, stored.metadata().version + 1, true));
    }

    [[nodiscard]] RemoteItem item(const Record &record) const
    {
        if (answerItem) {
            if (const std::optional<RemoteItem> answer = answerItem(record))
                return *answer;
        }
        return {record, {}, {}};
    }

    void basePage(const SyncRequest &request, const BoundPredicate &filter, const QString &after, SyncPage &page) const
    {
        int read = 0;
        auto row = after.isEmpty() ? m_rows.lower_bound({request.model->name, QString()})
                                   : m_rows.upper_bound({request.model->name, after});
        for (; row != m_rows.end() && row->first.first == request.model->name; ++row) {
            if (filter.matches(row->second))
                page.items.push_back(item(row->second));
            const auto next = std::next(row);
            if (++read == request.limit && next != m_rows.end() && next->first.first == request.model->name) {
                page.nextToken = QStringLiteral("base %1 %2").arg(page.startedAt).arg(row->first.second);
                return;
            }
        }
    }

    void deltaPage(const SyncRequest &request, const BoundPredicate &filter, size_t position, SyncPage &page) const
    {
        int read = 0;
        for (; position < m_journal.size(); ++position) {
            const Record &change = m_journal[position];
            if (change.model() != request.model || change.metadata().lastChangedAt < request.lastSync)
                continue;
            if (read++ == request.limit) {
                page.nextToken = QStringLiteral("delta %1 %2").arg(page.startedAt).arg(position);
                return;
            }
            if (filter.matches(change))
                page.items.push_back(item(change));
        }
    }

    Schema m_schema;
    Scheduler &m_clock;
    Mode m_mode;
    std::map<Key, Record> m_rows;                   // tombstones included
    std::vector<Record> m_journal;                  // every state of every record, in order
    std::vector<FakeTransport *> m_transports;      // that may be subscribed
};

/*! The line of one device: what a test breaks. Outlives the transports of the device's sessions. */
struct FakeLine
{
    bool online = true;                     // change it with FakeLine::set
    qint64 latencyLeast = 5;                // ms, each way
    qint64 latencyMost = 5;
    int loseRequest = 0;                    // of 1000: the backend never sees it
    int loseAnswer = 0;                     // of 1000: it happens, but nobody learns of it
    int loseEcho = 0;                       // of 1000: subscription messages; a real socket does not, a restart of the backend does
    std::optional<Error> refuse;            // every request fails so, realtime comes up
    qint64 retryAfter = 0;                  // ms, told with it; 0: nothing is told
    QSet<QString> refusedModels;            // of subscriptions
    bool silent = false;                    // nothing is ever answered
    bool silentSyncs = false;               // no sync query is

    // what a test counts
    QList<SyncRequest> syncs;
    QList<QList<OutboxEntry>> documents;
    QList<OutboxEntry> mutations;
    int connections = 0;
    int checks = 0;                         // of the real-time line
    int overlaps = 0;                       // mutations sent while one of the same record was under way

    std::vector<FakeTransport *> transports;
    inline void set(bool isOnline);         // open subscriptions notice
};

class FakeTransport final : public Transport
{
public:
    FakeTransport(std::shared_ptr<FakeServer> server, std::shared_ptr<FakeLine> line, Scheduler &scheduler)
        : m_server(std::move(server)), m_line(std::move(line)), m_scheduler(scheduler)
    {
        m_server->add(this);
        m_line->transports.push_back(this);
    }

    ~FakeTransport() override
    {
        m_server->remove(this);
        std::erase(m_line->transports, this);
    }

    [[nodiscard]] static TransportFactory factory(const std::shared_ptr<FakeServer> &server, const std::shared_ptr<FakeLine> &line)
    {
        return [server, line](const Schema &, Scheduler &scheduler) {
            return std::make_unique<FakeTransport>(server, line, scheduler);
        };
    }

    void sync(const SyncRequest &request, Reply<SyncPage> done) override
    {
        m_line->syncs.append(request);
        if (m_line->silentSyncs)
            return;
        const bool lost = chance(m_line->loseRequest + m_line->loseAnswer);
        later([this, request, lost, done = std::move(done)] {
            const std::optional<Error> broken = lineError(lost);
            Result<SyncPage> page = broken ? Result<SyncPage>(*broken) : m_server->sync(request);
            later([this, refused = broken.has_value(), page = std::move(page), done] {
                tellRetryAfter(refused);
                done(page);
            });
        });
    }

    void mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done) override
    {
        m_line->documents.append(entries);
        m_line->mutations.append(entries);
        for (const OutboxEntry &entry : entries) {
            const FakeServer::Key key{entry.model->name, entry.key};
            m_line->overlaps += m_underWay.contains(key) ? 1 : 0;
            m_underWay.insert(key);
        }
        const bool lostRequest = chance(m_line->loseRequest);
        const bool lostAnswer = chance(m_line->loseAnswer);
        later([this, entries, lostRequest, lostAnswer, done = std::move(done)] {
            const std::optional<Error> broken = lineError(lostRequest);
            QList<MutationResponse> responses;
            for (const OutboxEntry &entry : entries)
                responses.append(broken ? failure(*broken) : m_server->mutate(entry));
            if (!broken && lostAnswer) {
                for (MutationResponse &response : responses)
                    response = failure(Error(Error::Code::Network, QStringLiteral("The answer was lost.")));
            }
            later([this, entries, responses, refused = broken.has_value(), done] {
                tellRetryAfter(refused);
                QList<MutationResponse> seen = responses;
                for (const OutboxEntry &entry : entries)
                    m_underWay.remove({entry.model->name, entry.key});
                if (!m_line->online) {
                    for (MutationResponse &response : seen)
                        response = failure(Error(Error::Code::Network, QStringLiteral("The line broke.")));
                }
                done(seen);
            });
        });
    }

    void openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener) override
    {
        m_listener = listener;
        ++m_line->connections;
        later([this, models] {
            if (!m_listener)
                return;
            if (!m_line->online) {
                lose();
                return;
            }
            for (const std::shared_ptr<const ModelType> &model : models) {
                if (m_line->refusedModels.contains(model->name))
                    m_listener->realtimeRefused(model->name, Error(Error::Code::Unauthorized, QStringLiteral("Not authorized.")));
            }
            m_established = true;
            if (m_listener)
                m_listener->realtimeEstablished();
        });
    }

    void checkRealtime() override { ++m_line->checks; }

    void closeRealtime() override
    {
        m_listener = nullptr;
        m_established = false;
    }

    void lose()
    {
        Listener *listener = std::exchange(m_listener, nullptr);
        m_established = false;
        if (listener)
            listener->realtimeLost(Error(Error::Code::Network, QStringLiteral("The line broke.")));
    }

    void echo(const RemoteItem &item)
    {
        if (!m_established || chance(m_line->loseEcho))
            return;
        if (!item.record.isNull() && m_line->refusedModels.contains(item.record.model()->name))
            return;
        m_lastEcho = std::max(m_lastEcho, m_scheduler.monotonic() + latency());     // messages do not overtake each other
        m_scheduler.startTimer(m_lastEcho - m_scheduler.monotonic(), [this, item, alive = std::weak_ptr<int>(m_alive)] {
            if (!alive.expired() && m_listener && m_established)
                m_listener->recordReceived(item);
        });
    }

private:
    [[nodiscard]] bool chance(int ofThousand) { return ofThousand > 0 && int(m_scheduler.random() % 1000) < ofThousand; }

    [[nodiscard]] qint64 latency()
    {
        const qint64 span = m_line->latencyMost - m_line->latencyLeast;
        return m_line->latencyLeast + (span > 0 ? qint64(m_scheduler.random() % quint64(span + 1)) : 0);
    }

    void later(std::function<void()> task)
    {
        if (m_line->silent)
            return;
        m_scheduler.startTimer(latency(), [task = std::move(task), alive = std::weak_ptr<int>(m_alive)] {
            if (!alive.expired())
                task();
        });
    }

    void tellRetryAfter(bool refused)
    {
        if (refused && m_line->retryAfter > 0 && m_listener)
            m_listener->waitAsked(m_line->retryAfter);
    }

    [[nodiscard]] std::optional<Error> lineError(bool lost) const
    {
        if (!m_line->online || lost)
            return Error(Error::Code::Network, QStringLiteral("The backend cannot be reached."));
        return m_line->refuse;
    }

    [[nodiscard]] static MutationResponse failure(const Error &error)
    {
        const bool unauthorized = error.code() == Error::Code::Unauthorized;
        return {unauthorized ? MutationResponse::Outcome::Unauthorized : MutationResponse::Outcome::Unreachable, {}, error};
    }

    std::shared_ptr<FakeServer> m_server;
    std::shared_ptr<FakeLine> m_line;
    Scheduler &m_scheduler;
    Listener *m_listener = nullptr;
    bool m_established = false;
    QSet<FakeServer::Key> m_underWay;
    qint64 m_lastEcho = 0;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

inline Record FakeServer::commit(Record record, qint64 version, bool deleted)
{
    record.setMetadata({version, now(), deleted});
    record.setState(SyncState::Synced);
    record.setRowId(0);
    m_rows[{record.model()->name, record.key()}] = record;
    m_journal.push_back(record);
    for (FakeTransport *transport : std::vector<FakeTransport *>(m_transports))
        transport->echo(item(record));
    return record;
}

inline void FakeLine::set(bool isOnline)
{
    online = isOnline;
    if (online)
        return;
    for (FakeTransport *transport : std::vector<FakeTransport *>(transports))
        transport->lose();
}

} // namespace Tideline
