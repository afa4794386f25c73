// SPDX-License-Identifier: MIT
#include "client/sync/uploader_p.h"

#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;
using Fate = Settled::Fate;

constexpr int fetchPages = 50;          // pages to look for one record, of a backend that filters after reading

static bool isOfTheSession(const Settled &outcome)
{
    return outcome.fate == Fate::Unauthorized ? outcome.error.model().isEmpty() : isOfTheLine(outcome.error);
}

Uploader::Uploader(std::shared_ptr<const SyncContext> context, Transport &transport, Callbacks callbacks)
    : m_context(std::move(context)), m_transport(transport), m_callbacks(std::move(callbacks)),
      m_throttle(m_context->backoff()), m_wakeTimer(m_context->scheduler)
{
}

void Uploader::cut()
{
    m_alive.reset();
    m_wakeTimer.cancel();
    m_documents.clear();
    m_fetches.clear();
}

void Uploader::fail(const Error &error)
{
    if (!m_alive)
        return;
    cut();
    m_callbacks.failed(error);
}

void Uploader::wake()
{
    m_woken = true;
    m_blocked.clear();                  // what was saved may refer to another record now
    lookAgain();
}

void Uploader::lookAgain()
{
    m_dirty = true;
    claim();
}

void Uploader::skipWaits()
{
    for (Hold &hold : m_holds)
        hold.until = 0;
    m_throttledUntil = 0;
    wake();
}

void Uploader::beginClaim()
{
    m_claiming = true;
    m_dirty = m_woken = false;
}

void Uploader::claim()
{
    if (!m_alive || m_claiming || !m_dirty || capacity() <= 0)
        return;
    if (m_context->scheduler.monotonic() < m_throttledUntil) {
        wakeAfterHolds();
        return;
    }
    beginClaim();
    m_context->store->write<Claim::Outcome>(
        m_alive,
        [dependencies = m_context->dependencies, held = held(), blocked = m_blocked, capacity = capacity()](WriteTransaction &transaction) {
            return Claim(transaction, *dependencies, held, blocked).take(capacity);
        },
        [this](Result<Claim::Outcome> outcome) {
            m_claiming = false;
            if (outcome)
                claimed(*outcome);
            else
                fail(outcome.error());
        });
}

QSet<LaneId> Uploader::held() const
{
    const qint64 now = m_context->scheduler.monotonic();
    QSet<LaneId> held;
    for (auto hold = m_holds.cbegin(); hold != m_holds.cend(); ++hold) {
        if (hold->until > now)
            held.insert(hold.key());
    }
    return held;
}

/* None waits for another of them. Alike ones together make documents of the same text, which a backend has looked at before. */
static QList<OutboxEntry> byKind(QList<OutboxEntry> entries)
{
    std::stable_sort(entries.begin(), entries.end(), [](const OutboxEntry &a, const OutboxEntry &b) {
        return std::pair(a.model->number, a.operation) < std::pair(b.model->number, b.operation);
    });
    return entries;
}

void Uploader::claimed(const Claim::Outcome &outcome)
{
    m_blocked = m_woken ? Claim::Blocked() : outcome.blocked;
    for (const OutboxEntry &entry : outcome.entries)
        m_inFlight.insert(Lane::id(entry));
    reportEmptiness(outcome.isEmpty);
    const qsizetype size = std::max(1, m_context->options.maxMutationsPerDocument);
    const QList<OutboxEntry> entries = byKind(outcome.entries);
    for (qsizetype first = 0; first < entries.size() && m_alive; first += size)
        send(entries.mid(first, size));
    wakeAfterHolds();
    claim();
}

void Uploader::reportEmptiness(bool isEmpty)
{
    if (isEmpty)
        m_context->events->works(Error::Phase::Upload);
    if (m_report)
        m_context->events->outboxStatus(isEmpty);
    else
        m_context->events->outboxStatusIfNew(isEmpty);
    m_report = false;
}

void Uploader::send(const QList<OutboxEntry> &entries)
{
    const quint64 number = ++m_lastDocument;
    Document &document = m_documents[number];
    document.entries = entries;
    for (const OutboxEntry &entry : entries)
        m_sent.insert(entry.sequence);
    document.deadline = std::make_unique<Timer>(m_context->scheduler);
    document.deadline->start(SyncContext::requestDeadline, [this] {
        fail(Error(Error::Code::Timeout, SyncText::tr("The backend did not answer mutations in time.")));
    });
    m_transport.mutate(entries, [this, number, alive = std::weak_ptr<int>(m_alive)](const QList<MutationResponse> &responses) {
        if (!alive.expired())
            answered(number, responses);
    });
}

void Uploader::answered(quint64 document, const QList<MutationResponse> &responses)
{
    const auto found = m_documents.find(document);
    if (found == m_documents.end())
        return;
    const QList<OutboxEntry> entries = found->second.entries;
    m_documents.erase(found);
    if (responses.size() != entries.size()) {
        fail(Error(Error::Code::Protocol, SyncText::tr("The backend answered %1 of %2 mutations.").arg(responses.size()).arg(entries.size())));
        return;
    }
    settle(entries, responses, false);
}

static bool isFinal(MutationResponse::Outcome outcome)
{
    return outcome == MutationResponse::Outcome::Accepted || outcome == MutationResponse::Outcome::Rejected;
}

void Uploader::settle(const QList<OutboxEntry> &entries, const QList<MutationResponse> &responses, bool fetched)
{
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const LaneId id = Lane::id(entries.at(i));
        m_undecided.insert(id, responses.at(i));
        m_answers.append({entries.at(i), responses.at(i), fetched});
    }
    settleNext();
}

static Result<Settled> settleOne(WriteTransaction &transaction, const Uploader::Answer &answer, const MergeRules &rules)
{
    const ModelType &model = *answer.entry.model;
    Result<Settled> outcome = Settler(transaction, answer.entry, rules.conflicts()).settle(answer.response, answer.fetched);
    if (!outcome)
        return outcome;
    if (const Result<void> forgotten = Merger::forgetOutdated(transaction, model, answer.entry.key); !forgotten)
        return forgotten.error();
    const Result<bool> evicted = Merger::evictOutside(transaction, rules, answer.entry.model, answer.entry.key);
    return evicted ? outcome : Result<Settled>(evicted.error());
}

/* All that was answered while the writer was at work. Where every answer is final, the lanes that become free are taken in the same
   transaction. */
void Uploader::settleNext()
{
    if (!m_alive || m_settling || m_answers.isEmpty())
        return;
    const QList<Answer> answers = std::exchange(m_answers, {});
    const bool claims = !m_claiming && m_context->scheduler.monotonic() >= m_throttledUntil
        && std::all_of(answers.begin(), answers.end(), [](const Answer &answer) { return isFinal(answer.response.outcome); });
    if (claims)
        beginClaim();
    m_settling = true;
    m_context->store->write<Settlement>(
        m_alive,
        [answers, claims, rules = m_context->rules(), dependencies = m_context->dependencies, held = held(), blocked = m_blocked,
         capacity = capacity() + int(answers.size())](WriteTransaction &transaction) -> Result<Settlement> {
            Settlement settlement;
            bool final = true;
            for (const Answer &answer : answers) {
                Result<Settled> outcome = settleOne(transaction, answer, *rules);
                if (!outcome)
                    return outcome.error();
                final = final && (outcome->fate == Fate::Accepted || outcome->fate == Fate::Rejected);
                settlement.outcomes.append(std::move(outcome).value());
            }
            if (!claims || !final)
                return settlement;
            Result<Claim::Outcome> next = Claim(transaction, *dependencies, held, blocked).take(capacity);
            if (!next)
                return next.error();
            settlement.next = std::move(next).value();
            return settlement;
        },
        [this, claims](const Result<Settlement> &settlement) {
            m_settling = false;
            if (claims)
                m_claiming = false;
            if (settlement)
                settled(*settlement);
            else
                fail(settlement.error());
            settleNext();
        });
}

void Uploader::settled(const Settlement &settlement)
{
    const bool waited = !m_holds.isEmpty();
    if (const Error fatal = settledAll(settlement.outcomes); fatal.isError()) {
        fail(fatal);
        return;
    }
    m_report = true;
    if (settlement.next)
        claimed(*settlement.next);
    if (!settlement.next || waited)
        lookAgain();
}

Error Uploader::settledAll(const QList<Settled> &outcomes)
{
    Error fatal;
    bool anyAnswered = false;
    bool anyAccepted = false;
    for (const Settled &outcome : outcomes) {
        settledOne(outcome);
        anyAccepted |= outcome.fate == Fate::Accepted;
        if (outcome.fate == Fate::Unsent)
            continue;
        if (outcome.fate != Fate::Unauthorized && outcome.fate != Fate::Unreachable)
            anyAnswered = true;
        else if (isOfTheSession(outcome))
            fatal = outcome.error;
    }
    if (anyAnswered)
        m_throttle.reset();
    if (anyAccepted)
        othersGotThrough();
    if (anyAnswered && !fatal.isError())
        m_callbacks.answered();
    return fatal;
}

void Uploader::settledOne(const Settled &outcome)
{
    const LaneId id = Lane::id(outcome.entry);
    m_context->events->outboxMutationsArrived(outcome.arrived);
    if (outcome.fate == Fate::Unknown) {
        lookUp(outcome.entry);
        return;
    }
    const Record answered = m_undecided.take(id).record;
    const Error error = outcome.error.inPhase(Error::Phase::Upload);
    m_inFlight.remove(id);
    m_sent.remove(outcome.entry.sequence);
    switch (outcome.fate) {
    case Fate::Accepted:
        gotThrough(id);
        m_context->events->outboxMutationProcessed(outcome.entry, outcome.version, outcome.merged, answered);
        expectEcho(id, answered);
        if (outcome.outdated)
            mergeFetched(outcome.entry);
        break;
    case Fate::Rejected:
        gotThrough(id);
        m_context->events->outboxMutationFailed(outcome.entry, error);
        m_context->events->error(error);
        break;
    case Fate::Again:
        if (outcome.conflicts > 1)
            hold(outcome.entry, {});
        break;
    case Fate::Unreachable:
        if (outcome.error.code() == Error::Code::Throttled)
            m_throttledUntil = m_context->scheduler.monotonic() + m_throttle.next(m_context->scheduler);
        else if (!isOfTheLine(outcome.error))
            hold(outcome.entry, error);
        m_throttledUntil = std::max(m_throttledUntil, *m_context->notBefore);
        m_context->events->fault(error);
        break;
    case Fate::Unauthorized:
        if (!isOfTheSession(outcome)) {
            hold(outcome.entry, error);
            m_context->events->fault(error);
        }
        break;
    case Fate::Unknown:
    case Fate::Unsent:
        break;
    }
}

void Uploader::expectEcho(const LaneId &id, const Record &stored)
{
    constexpr qsizetype most = 1000;
    if (stored.isNull())
        return;
    if (m_stored.size() == most)
        m_stored.clear();               // nobody tells of them; at worst some are merged once more
    m_stored.insert(id, stored.metadata());
}

/* Each answer is told of once; what came before it has been merged. */
bool Uploader::takesEcho(const RemoteItem &item)
{
    if (item.record.isNull())
        return false;
    const auto stored = m_stored.constFind({item.record.model()->name, item.record.key()});
    if (stored == m_stored.cend() || *stored != item.record.metadata())
        return false;
    m_stored.erase(stored);
    return true;
}

void Uploader::hold(const OutboxEntry &entry, const Error &error)
{
    Hold &hold = m_holds[Lane::id(entry)];
    Backoff backoff = m_context->backoff();
    backoff.resume(hold.failures++);
    hold.until = m_context->scheduler.monotonic() + backoff.next(m_context->scheduler);
    hold.error = error;
}

/* When what had failed gets through, what failed for the health of the backend may as well. */
void Uploader::gotThrough(const LaneId &id)
{
    const Hold held = m_holds.take(id);
    m_context->events->works(Error::Phase::Upload);
    m_context->events->works(Error::Phase::Upload, id.model, id.key);
    if (!held.error.isError())
        return;
    for (Hold &hold : m_holds) {
        if (hold.error.isError())
            hold.until = 0;
    }
}

void Uploader::othersGotThrough()
{
    for (Hold &hold : m_holds)
        hold.own = true;
}

/*
    Each failure of a lane makes its own wait longer, up to a minute. So that a backend that heals is found within
    seconds, the lane whose turn comes first does not wait longer than lineCap while none gets through: one attempt more
    in that time, however many fail.
*/
void Uploader::tryOneSoon()
{
    Hold *first = nullptr;
    for (Hold &hold : m_holds) {
        if (!hold.own && mayHealByItself(hold.error) && (!first || hold.until < first->until))
            first = &hold;
    }
    if (first)
        first->until = std::min(first->until, m_context->scheduler.monotonic() + m_context->options.lineCap);
}

void Uploader::wakeAfterHolds()
{
    tryOneSoon();
    const qint64 now = m_context->scheduler.monotonic();
    qint64 next = m_throttledUntil > now ? m_throttledUntil : 0;
    for (const Hold &hold : std::as_const(m_holds)) {
        if (hold.until > now && (next == 0 || hold.until < next))
            next = hold.until;
    }
    if (next != 0 && m_alive)
        m_wakeTimer.start(next - now, [this] { wake(); });
}

void Uploader::describe(EngineStatus &status, qint64 toEpoch) const
{
    const qint64 now = m_context->scheduler.monotonic();
    if (m_throttledUntil > now)
        status.throttledUntil = m_throttledUntil + toEpoch;
    for (auto hold = m_holds.cbegin(); hold != m_holds.cend(); ++hold) {
        if (hold->until > now)
            status.holds.append({hold.key().model, hold.key().key, hold->until + toEpoch, hold->error});
    }
}

/* A record that may not be read cannot be decided about by looking at it. Where it is for want of credentials the mutation waits for them. */
void Uploader::lookUp(const OutboxEntry &entry)
{
    fetch(entry, [this, entry](const Result<Record> &found) {
        MutationResponse response = m_undecided.value(Lane::id(entry));
        if (found)
            response.record = *found;
        else
            response = {MutationResponse::Outcome::Unauthorized, {}, found.error()};
        settle({entry}, {response}, true);
    });
}

/* Looks for the backend's record with the operation every backend has, filtered by the key; null: there is none to be seen. */
void Uploader::fetch(const OutboxEntry &entry, const Reply<Record> &found)
{
    SyncRequest request;
    request.model = entry.model;
    request.limit = m_context->options.pageSize;
    const std::vector<Value> parts = keyParts(*entry.model, entry.key);
    QList<Predicate> conditions;
    for (size_t part = 0; part < parts.size(); ++part) {
        const SchemaField &field = entry.model->fields[size_t(entry.model->primaryKey[part])];
        conditions.append(Predicate::compare(field.name, Predicate::Operator::Eq, {parts[part]}));
    }
    request.filter = Predicate::allOf(conditions);
    fetchPage(request, entry.key, fetchPages, found);
}

void Uploader::fetchPage(SyncRequest request, const QString &key, int pagesLeft, const Reply<Record> &found)
{
    const quint64 number = ++m_lastFetch;
    m_fetches.try_emplace(number, m_context->scheduler).first->second.start(SyncContext::requestDeadline, [this, model = request.model] {
        fail(Error(Error::Code::Timeout, SyncText::tr("The backend did not answer a sync query of %1 in time.").arg(model->name)));
    });
    m_transport.sync(request, [this, request, key, pagesLeft, found, number,
                               alive = std::weak_ptr<int>(m_alive)](const Result<SyncPage> &page) {
        if (alive.expired())
            return;
        m_fetches.erase(number);
        const Error error = page.error();
        const bool isUnauthorized = error.code() == Error::Code::Unauthorized;
        if (error.isRetryable() || (isUnauthorized && error.model().isEmpty()))
            return fail(error);
        SyncRequest next = request;
        if (error.detail() == pageTooLarge && request.limit > 1) {
            next.limit /= 2;
            return fetchPage(next, key, pagesLeft, found);
        }
        if (!page)
            return found(isUnauthorized && error.detail() != ruleDenies ? Result<Record>(error) : Result<Record>(Record()));
        for (auto item = page->items.rbegin(); item != page->items.rend(); ++item) {
            if (!item->record.isNull() && item->record.key() == key)
                return found(item->record);
        }
        if (page->nextToken.isEmpty() || pagesLeft <= 1)
            return found(Record());
        next.nextToken = page->nextToken;
        fetchPage(next, key, pagesLeft - 1, found);
    });
}

void Uploader::mergeFetched(const OutboxEntry &entry)
{
    fetch(entry, [this](const Result<Record> &found) {
        if (!found || found->isNull())
            return;
        m_context->store->write<Merger::Outcome>(
            m_alive,
            [found = *found, rules = m_context->rules()](WriteTransaction &transaction) {
                return Merger(transaction, rules).merge({RemoteItem{found, {}, {}}});
            },
            [this](const Result<Merger::Outcome> &outcome) {
                if (!outcome)
                    return fail(outcome.error());
                m_context->events->outboxMutationsArrived(outcome->arrived);
                wake();
            });
    });
}

} // namespace Tideline
