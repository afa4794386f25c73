// SPDX-License-Identifier: MIT
#include "client/datastore_p.h"
#include "client/pending_p.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QFileInfo>

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;

// ":memory:" is everybody's: it lasts as long as it is open.
QString DataStorePrivate::filePath() const
{
    if (principal.isEmpty() || path == ":memory:"_L1)
        return path;
    const QFileInfo file(path);
    const QByteArray digest = QCryptographicHash::hash(principal.toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    const QString suffix = file.suffix().isEmpty() ? QString() : u'.' + file.suffix();
    return file.path() + u'/' + file.completeBaseName() + u'-' + QString::fromLatin1(digest) + suffix;
}

void DataStorePrivate::setPrincipal(const QString &who)
{
    if (principal == who)
        return;
    principal = who;
    Q_EMIT q->principalChanged();
}

Error DataStorePrivate::busy() const
{
    switch (errand) {
    case Errand::None:
        return {};
    case Errand::SigningIn:
        return Error(Error::Code::StoreNotOpen, DataStore::tr("The data store is signing in. Wait for the end of signIn()."));
    case Errand::SigningOut:
        return Error(Error::Code::StoreNotOpen, DataStore::tr("The data store is signing out. Wait for the end of signOut()."));
    case Errand::Clearing:
        return Error(Error::Code::StoreNotOpen, DataStore::tr("The data store is being cleared. Wait for the end of clear()."));
    }
    return {};
}

Error DataStorePrivate::refusal() const
{
    if (const Error other = busy(); other.isError())
        return other;
    if (phase == Phase::Open || phase == Phase::Opening)
        return {};
    return Error(Error::Code::StoreNotOpen, DataStore::tr("The data store is not open. Set its schema and call open() first."));
}

Reply<void> DataStorePrivate::begin(Errand next, Reply<void> done)
{
    errand = next;
    return [this, done = std::move(done)](const Result<void> &result) {
        errand = Errand::None;
        if (phase == Phase::Open)
            startEngine();
        done(result);
    };
}

void DataStorePrivate::whenOpened(Reply<void> task)
{
    if (phase == Phase::Opening)
        m_waitingForOpen.push_back(std::move(task));
    else
        task({});
}

void DataStorePrivate::signIn(const QString &who, Reply<void> done)
{
    if (const Error other = busy(); other.isError())
        return done(other);
    if (who.isEmpty())
        return done(Error(Error::Code::InvalidArgument, DataStore::tr("signIn() needs to know who it is; the principal is empty.")));
    if (schema.isEmpty())
        return done(Error(Error::Code::InvalidArgument, DataStore::tr("The data store has no schema. Set one before signIn().")));
    if (who == principal && (phase == Phase::Open || phase == Phase::Opening))
        return whenOpened(std::move(done));
    const Reply<void> end = begin(Errand::SigningIn, std::move(done));
    close([this, who, end](const Result<void> &) {
        const QPointer<DataStore> guard = q;
        setPrincipal(who);
        if (!guard)
            return;
        open([this, end](const Result<void> &opened) {
            const QPointer<DataStore> still = q;
            if (!opened)
                setPrincipal({});
            if (still)
                end(opened);
        });
    });
}

void DataStorePrivate::signOut(DataStore::SignOut mode, qint64 patience, Reply<void> done)
{
    if (const Error other = busy(); other.isError())
        return done(other);
    const Reply<void> end = begin(Errand::SigningOut, std::move(done));
    const Reply<void> leave = [this, end](const Result<void> &closed) {
        const QPointer<DataStore> guard = q;
        setPrincipal({});
        if (guard)
            end(closed);
    };
    whenOpened([this, mode, patience, end, leave](const Result<void> &) {
        if (mode == DataStore::SignOut::Discard)
            return wipe(DataStore::Clear::Everything, false, leave);
        if (mode == DataStore::SignOut::Keep || phase != Phase::Open)
            return close(leave);
        drain(patience, [this, end, leave](const Result<void> &sent) { sent ? close(leave) : end(sent); });
    });
}

/* The engine goes on while no call is taken, so the outbox can only become shorter, once what was asked for before is in it. */
void DataStorePrivate::drain(qint64 patience, Reply<void> done)
{
    m_patience = std::make_unique<Timer>(*q->scheduler());
    m_patience->start(m_engineRuns && !paused ? std::max<qint64>(patience, 0) : 0, [this] {
        atRisk([this](const Result<AtRisk> &risk) {
            const Reply<void> reply = std::exchange(m_draining, nullptr);
            if (!reply)
                return;
            const int left = risk ? int(risk->pending) : outboxCount - rejectedCount;
            reply(Error(Error::Code::Timeout, DataStore::tr("%n change(s) could not be sent in time, so nobody was signed out.", nullptr, left)));
        });
    });
    withEngine([](Engine &engine) { engine.syncNow(); });
    atRisk([this, done = std::move(done)](const Result<AtRisk> &risk) {
        if (!risk) {
            m_patience->cancel();
            return done(risk.error());
        }
        m_draining = done;
        drained();
    });
}

void DataStorePrivate::drained()
{
    if (!m_draining || m_store->outboxCount() > m_store->rejectedCount())
        return;
    m_patience->cancel();
    const Reply<void> reply = std::exchange(m_draining, nullptr);
    q->scheduler()->post([reply] { reply({}); });
}

static Result<qint64> unmappedAtRisk(WriteTransaction &transaction)
{
    const Result<QList<UnmappedData>> list = transaction.unmapped();
    if (!list)
        return list.error();
    return std::ranges::count_if(withoutParts(*list), [](const UnmappedData &data) { return data.onlyHere; });
}

void DataStorePrivate::atRisk(Reply<AtRisk> done)
{
    m_store->write<qint64>(unmappedAtRisk, q->scheduler(), own([this, done = std::move(done)](const Result<qint64> &unmapped) {
        if (!unmapped || !m_store)
            return done(unmapped ? Error(Error::Code::Closed, DataStore::tr("The data store was closed before the call was done.")) : unmapped.error());
        const qint64 rejected = m_store->rejectedCount();
        done(AtRisk{m_store->outboxCount() - rejected, rejected, *unmapped});
    }));
}

void DataStorePrivate::clear(DataStore::Clear mode, Reply<void> done)
{
    if (const Error other = busy(); other.isError())
        return done(other);
    if (schema.isEmpty())
        return done(Error(Error::Code::InvalidArgument, DataStore::tr("The data store has no schema. Set one before clear().")));
    const Reply<void> end = begin(Errand::Clearing, std::move(done));
    whenOpened([this, mode, end](const Result<void> &) { wipe(mode, phase == Phase::Open, end); });
}

/* Counts, removes the file, and makes a new one when there was an open one. */
void DataStorePrivate::wipe(DataStore::Clear mode, bool wasOpen, const Reply<void> &done)
{
    if (phase != Phase::Open) {
        open([this, mode, wasOpen, done](const Result<void> &opened) {
            if (opened)
                wipe(mode, wasOpen, done);
            else if (opened.error().code() == Error::Code::StoreDamaged && mode == DataStore::Clear::Everything)
                eraseUnopened(done);
            else
                done(opened);
        });
        return;
    }
    stopEngine([this, mode, wasOpen, done] {
        atRisk([this, mode, wasOpen, done](const Result<AtRisk> &risk) {
            const bool asked = mode == DataStore::Clear::NothingAtRisk;
            Result<void> verdict = asked ? Result<void>(risk.error()) : Result<void>();
            if (asked && risk && risk->total() > 0)
                verdict = Error(Error::Code::AtRisk, DataStore::tr("%n change(s) that only this device has would be lost.", nullptr, int(risk->total())));
            if (!verdict && wasOpen)
                return done(verdict);
            close(bool(verdict), [this, wasOpen, verdict, done](const Result<void> &closed) {
                const Result<void> outcome = verdict ? closed : verdict;
                if (outcome && wasOpen)
                    open(done);
                else
                    done(outcome);
            });
        });
    });
}

void DataStorePrivate::eraseUnopened(const Reply<void> &done)
{
    StoreOptions storeOptions;
    storeOptions.path = filePath();
    m_store = std::make_unique<Store>(schema, storeOptions);
    m_store->erase(q->scheduler(), own([this, done](const Result<void> &erased) {
        closeStore();
        done(erased);
    }));
}

static Result<void> ofTheFile(const Result<void> &result)
{
    return result ? result : Result<void>(result.error().inPhase(Error::Phase::Open));
}

/*! \property Tideline::DataStore::principal
    \brief Who is signed in; empty: nobody, and the store is the device's own. */
QString DataStore::principal() const
{
    return d->principal;
}

/*! \property Tideline::DataStore::principalClaim
    \brief The claim of tokens that is the principal, for instance "email".

    What a principal changed is never sent with a token of somebody else: a token that is a JSON Web Token (unverified, as the client cannot)
    is used while principal() is signed in only when this claim has the same text. While the property is empty, as it is unless set, one of
    \c sub, \c username and \c cognito:username must have it, and a token with none of these is used. "none" uses any. Otherwise
    nothing is sent or received with it, needsAuth() tells in an error Unauthorized what to do, and no change is lost or counts an attempt; it
    goes on when there are other credentials. API keys, signatures and other tokens do not say whose they are, and are used. */
QString DataStore::principalClaim() const
{
    return d->options.engine.account.claim;
}

void DataStore::setPrincipalClaim(const QString &claim)
{
    if (principalClaim() == claim)
        return;
    d->options.engine.account.claim = claim;
    d->restartEngine();
    Q_EMIT principalClaimChanged();
}

/*!
    Opens the file of \a principal, the identity that the backend knows the user by, such as the claim sub of a token. Each principal has
    a file of its own beside path(), and what was changed in it is sent only while that principal is signed in. Who was signed
    in before is signed out as by SignOut::Keep. Needs no network. Give the backend the credentials of the same principal; others
    are not used, see principalClaim().

    Live queries and model objects go on with the rows of \a principal. Errors: InvalidArgument, StoreNotOpen (the store is signing in or
    out or being cleared), and those of open(); then nobody is signed in.
*/
QFuture<Result<void>> DataStore::signIn(const QString &principal)
{
    auto pending = std::make_shared<Pending<void>>();
    d->signIn(principal, [pending](const Result<void> &result) { pending->finish(ofTheFile(result)); });
    return pending->future();
}

/*!
    Closes the store and forgets who was signed in. With \a mode Keep what was not sent stays in the principal's file and goes out
    when they sign in again. Drain first sends what waits, for \a patience at most; if that does not succeed the principal stays
    signed in: Timeout. What the backend refused stays in the file. Discard removes the file with all that is in it: ask atRisk()
    first. Calls made meanwhile end in StoreNotOpen.
*/
QFuture<Result<void>> DataStore::signOut(SignOut mode, std::chrono::milliseconds patience)
{
    auto pending = std::make_shared<Pending<void>>();
    d->signOut(mode, patience.count(), [pending](const Result<void> &result) { pending->finish(ofTheFile(result)); });
    return pending->future();
}

/*! Counts what only this device has, after every save that was asked for before. */
QFuture<Result<AtRisk>> DataStore::atRisk()
{
    if (const Error refused = d->refusal(); refused.isError())
        return failed<AtRisk>(refused.inPhase(Error::Phase::Query));
    auto pending = std::make_shared<Pending<AtRisk>>();
    d->whenOpened([this, pending](const Result<void> &opened) {
        if (!opened)
            return pending->finish(opened.error());
        d->atRisk([pending](const Result<AtRisk> &risk) { pending->finish(risk); });
    });
    return pending->future();
}

/*!
    Removes the file of the one who is signed in, or of the device, with SQLite's files beside it. A store that was open is
    open and empty afterwards, and downloads anew. With \a mode NothingAtRisk nothing happens and the call ends in AtRisk when there are
    changes that the backend does not have; Everything removes those too.

    Calls made meanwhile end in StoreNotOpen; live queries stay and show the new file. Errors: InvalidArgument without a schema, AtRisk,
    StoreUnavailable (the file cannot be removed), and those of open().
*/
QFuture<Result<void>> DataStore::clear(Clear mode)
{
    auto pending = std::make_shared<Pending<void>>();
    d->clear(mode, [pending](const Result<void> &result) { pending->finish(ofTheFile(result)); });
    return pending->future();
}

} // namespace Tideline
