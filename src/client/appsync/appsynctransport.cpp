// SPDX-License-Identifier: MIT
#include "client/appsync/appsynctransport_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/decoding_p.h"

#include <QtCore/QPointer>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr qint64 renewalPause = 5'000;          // ms between two attempts at sockets with new credentials
constexpr qint64 documentTime = 45'000;         // ms in which all requests begin that mutations sent together need
constexpr qsizetype documentSize = 256 * 1024;  // bytes of changes in a document; AppSync and what stands before servers take 1 MB

MutationResponse::Outcome outcomeOf(const Error &error)
{
    switch (error.code()) {
    case Error::Code::Unauthorized: return MutationResponse::Outcome::Unauthorized;
    case Error::Code::Rejected: return MutationResponse::Outcome::Rejected;
    default: return MutationResponse::Outcome::Unreachable;
    }
}

// Concerns what is of this model, and nothing else.
Error nobodySignedIn(const ModelType &model)
{
    return Error(Error::Code::Unauthorized, AppSyncText::tr("Nobody is signed in who may do this with %1.").arg(model.name)).withModel(model.name);
}

QList<MutationResponse> allFailed(qsizetype count, const Error &error)
{
    return QList<MutationResponse>(count, MutationResponse{outcomeOf(error), {}, error});
}

} // namespace

AppSyncTransport::AppSyncTransport(const Schema &schema, Scheduler &scheduler, const QUrl &endpoint, std::shared_ptr<AuthOrder> order)
    : m_schema(schema), m_scheduler(scheduler), m_endpoint(endpoint), m_order(std::move(order)), m_documents(schema), m_sender(scheduler, endpoint)
{
    for (const std::shared_ptr<Authorizer> &authorizer : m_order->all())
        m_observations.append(authorizer->observe(m_scheduler, [this] { renewWhenOutdated(); }));
}

AppSyncTransport::~AppSyncTransport()
{
    closeRealtime();
}

void AppSyncTransport::sync(const SyncRequest &request, Reply<SyncPage> done)
{
    const AuthOrder::Modes modes = m_order->of(*request.model, u"read"_s);
    if (!modes.isEmpty())
        return sync(request, modes, done);
    m_scheduler.post([done = std::move(done), error = nobodySignedIn(*request.model), alive = QPointer<QObject>(this)] {
        if (alive)
            done(error);
    });
}

void AppSyncTransport::sync(const SyncRequest &request, AuthOrder::Modes modes, const Reply<SyncPage> &done)
{
    const std::shared_ptr<Authorizer> authorizer = modes.takeFirst();
    const Documents::Request document =
        m_documents.sync(*request.model, request.limit, request.nextToken, request.lastSync, Documents::filter(request.filter));
    m_sender.post(document, authorizer, RequestSender::Repeat::Allowed, [this, request, authorizer, modes, done](const Answer &answer) {
        passOn(answer);
        const Result<SyncPage> page = answer.error.isError() ? Result<SyncPage>(ofModel(answer.error, *request.model)) : decodePage(m_schema, request, answer.json);
        if (page)
            worked(*request.model, u"read"_s, authorizer);
        else if (page.error().code() == Error::Code::Unauthorized && !modes.isEmpty())
            return sync(request, modes, done);
        if (answer.error.code() == Error::Code::Unauthorized)
            credentialsFailed(authorizer, answer.error);
        done(page);
    });
}

/* Mutations that were asked for together, and the modes that each may still be tried with. */
struct AppSyncTransport::Batch
{
    QList<OutboxEntry> entries;
    QList<qsizetype> sizes;
    QList<AuthOrder::Modes> modes;
    QList<std::optional<MutationResponse>> responses;
    qint64 until;                       // monotonic, ms
    Responses done;

    /* The first entries without a response that follow each other and are tried with the same, as many as fit. */
    [[nodiscard]] QList<qsizetype> next() const
    {
        QList<qsizetype> run;
        qsizetype size = 0;
        for (qsizetype i = 0; i < entries.size(); ++i) {
            const auto joins = [&] { return modes[i].constFirst() == modes[run.constFirst()].constFirst() && size + sizes[i] <= documentSize; };
            if (!responses[i] && (run.isEmpty() || joins())) {
                run.append(i);
                size += sizes[i];
            } else if (!run.isEmpty()) {
                break;
            }
        }
        return run;
    }
};

void AppSyncTransport::mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done)
{
    const auto batch = std::make_shared<Batch>();
    batch->entries = entries;
    batch->responses.resize(entries.size());
    batch->until = m_scheduler.monotonic() + documentTime;
    batch->done = std::move(done);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const ModelType &model = *entries[i].model;
        batch->sizes.append(Documents::size(entries[i]));
        batch->modes.append(m_order->of(model, authOperation(entries[i].operation)));
        if (batch->modes[i].isEmpty())
            batch->responses[i] = MutationResponse{MutationResponse::Outcome::Unauthorized, {}, nobodySignedIn(model)};
    }
    m_scheduler.post([this, batch, alive = QPointer<QObject>(this)] {
        if (alive)
            mutateNext(batch);
    });
}

void AppSyncTransport::mutateNext(const std::shared_ptr<Batch> &batch)
{
    const QList<qsizetype> run = batch->next();
    if (run.isEmpty()) {
        QList<MutationResponse> responses;
        for (const std::optional<MutationResponse> &response : std::as_const(batch->responses))
            responses.append(*response);
        return batch->done(responses);
    }
    QList<OutboxEntry> entries;
    for (const qsizetype i : run)
        entries.append(batch->entries[i]);
    const std::shared_ptr<Authorizer> authorizer = batch->modes[run.constFirst()].constFirst();
    mutate(entries, {authorizer, batch->until}, [this, batch, run, authorizer](const QList<MutationResponse> &responses) {
        for (qsizetype i = 0; i < run.size(); ++i) {
            const qsizetype place = run[i];
            const OutboxEntry &entry = batch->entries[place];
            if (responses[i].outcome == MutationResponse::Outcome::Unsent) {
                batch->responses[place] = responses[i];
                continue;
            }
            const bool refused = responses[i].error.code() == Error::Code::Unauthorized;
            if (refused && batch->modes[place].size() > 1) {
                batch->modes[place].removeFirst();
                continue;
            }
            if (!refused)
                worked(*entry.model, authOperation(entry.operation), authorizer);
            else if (responses[i].outcome == MutationResponse::Outcome::Unauthorized)
                credentialsFailed(authorizer, responses[i].error);
            batch->responses[place] = responses[i];
            batch->responses[place]->error = ofModel(responses[i].error, *entry.model);
        }
        mutateNext(batch);
    });
}

void AppSyncTransport::mutate(const QList<OutboxEntry> &entries, const Way &way, const Responses &done)
{
    if (m_scheduler.monotonic() > way.until)
        return done(QList<MutationResponse>(entries.size(), MutationResponse{MutationResponse::Outcome::Unsent, {}, {}}));
    m_sender.post(m_documents.mutations(entries), way.authorizer, RequestSender::Repeat::Never, [this, entries, way, done](const Answer &answer) {
        passOn(answer);
        if (answer.error.isError() && (answer.error.code() != Error::Code::Rejected || entries.size() == 1))
            return done(allFailed(entries.size(), answer.error));
        if (entries.size() > 1 && (answer.error.isError() || isRefused(answer.json)))
            return mutateApart(entries, way, answer.json, done);
        done(decodeMutations(m_schema, entries, answer.json));
    });
}

static QList<OutboxEntry> picked(const QList<OutboxEntry> &entries, const QList<qsizetype> &places)
{
    QList<OutboxEntry> list;
    for (const qsizetype place : places)
        list.append(entries[place]);
    return list;
}

/*
    A backend that refuses the document as a whole does so for some entries, or takes only one each. Those that it names without a
    verdict go by themselves, behind the others, which stay together.
*/
void AppSyncTransport::mutateApart(const QList<OutboxEntry> &entries, const Way &way, const QJsonObject &answer, const Responses &done)
{
    const Refusal refusal = decodeRefusal(m_schema, entries, answer);
    const bool namesSome = !refusal.verdicts.isEmpty() || !refusal.suspects.isEmpty();
    const auto responses = std::make_shared<QList<MutationResponse>>(entries.size());
    QList<qsizetype> together;
    QList<qsizetype> apart;
    for (qsizetype i = 0; i < entries.size(); ++i) {
        if (const auto verdict = refusal.verdicts.constFind(i); verdict != refusal.verdicts.cend())
            (*responses)[i] = *verdict;
        else
            (namesSome && !refusal.suspects.contains(i) ? together : apart).append(i);
    }
    const auto fill = [responses](const QList<qsizetype> &places, const QList<MutationResponse> &answers) {
        for (qsizetype i = 0; i < places.size(); ++i)
            (*responses)[places[i]] = answers[i];
    };
    const auto sendApart = [this, entries, apart, way, responses, fill, done] {
        mutateOneByOne(picked(entries, apart), way, {}, [apart, responses, fill, done](const QList<MutationResponse> &answers) {
            fill(apart, answers);
            done(*responses);
        });
    };
    if (together.isEmpty())
        return sendApart();
    mutate(picked(entries, together), way, [together, fill, sendApart](const QList<MutationResponse> &answers) {
        fill(together, answers);
        sendApart();
    });
}

void AppSyncTransport::mutateOneByOne(const QList<OutboxEntry> &entries, const Way &way, const QList<MutationResponse> &sofar,
                                      const Responses &done)
{
    if (sofar.size() == entries.size())
        return done(sofar);
    mutate({entries[sofar.size()]}, way, [this, entries, way, sofar, done](const QList<MutationResponse> &response) {
        mutateOneByOne(entries, way, sofar + response, done);
    });
}

void AppSyncTransport::passOn(const Answer &answer)
{
    if (answer.retryAfter > 0 && m_listener)
        m_listener->waitAsked(answer.retryAfter);
}

void AppSyncTransport::setAccount(const Account &account)
{
    m_account = account;
    m_sender.setAccount(account);
}

/* With several, credentials that are refused are the matter of the models they are for. */
Error AppSyncTransport::ofModel(const Error &error, const ModelType &model) const
{
    const bool others = error.code() == Error::Code::Unauthorized && m_order->all().size() > 1;
    return others ? error.withModel(model.name) : error;
}

void AppSyncTransport::worked(const ModelType &model, const QString &operation, const std::shared_ptr<Authorizer> &authorizer)
{
    m_order->worked(model, operation, authorizer);
    if (m_order->recovered(authorizer) && m_listener)
        m_listener->credentialsJudged({});
}

/* What is not one request's fault ends the session, unless there are others, for which it goes on. */
void AppSyncTransport::credentialsFailed(const std::shared_ptr<Authorizer> &authorizer, const Error &error)
{
    const bool several = m_order->all().size() > 1;
    if (several && !authorizer->isAvailable())
        return;
    if (several)
        m_order->refused(authorizer);
    m_scheduler.post([this, several, error, alive = QPointer<QObject>(this)] {
        if (alive && !several)
            socketLost(error);
        else if (alive && m_listener)
            m_listener->credentialsJudged(error);
    });
}

void AppSyncTransport::openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener)
{
    closeRealtime();
    m_listener = listener;
    m_subscribed.clear();
    m_openedAgain = false;
    for (const auto &model : models) {
        const OperationNames names = operationNames(*model);
        for (const QString &field : {names.onCreate, names.onUpdate, names.onDelete}) {
            if (!field.isEmpty())
                m_subscribed.append({model, field});
        }
    }
    openSocket();
}

void AppSyncTransport::checkRealtime()
{
    if (m_socket)
        m_socket->check();
}

std::unique_ptr<RealtimeGroup> AppSyncTransport::makeSocket()
{
    auto socket = std::make_unique<RealtimeGroup>(m_scheduler, m_endpoint, *m_order);
    connect(socket.get(), &RealtimeGroup::refused, this, [this](qsizetype subscription, const Error &error) {
        if (error.detail() == "UnauthorizedException"_L1)
            m_listener->credentialsJudged(error);
        m_listener->realtimeRefused(m_subscribed[subscription].model->name, error);
    });
    connect(socket.get(), &RealtimeGroup::dataReceived, this, &AppSyncTransport::forward);
    socket->setAccount(m_account);
    socket->setHeartbeat(m_heartbeat);
    return socket;
}

static void open(RealtimeGroup &socket, Documents &documents, AuthOrder &order, const auto &subscribed)
{
    QList<RealtimeSocket::Subscription> subscriptions;
    for (const auto &[model, field] : subscribed) {
        const Documents::Request document = documents.subscription(*model, field);
        const AuthOrder::Modes modes = order.of(*model, u"read"_s);
        subscriptions.append({document.query, document.variables, modes.isEmpty() ? AuthOrder::Modes{order.first()} : modes});
    }
    socket.open(subscriptions);
}

/* The connection's own were refused: whether it can be made with others. */
bool AppSyncTransport::hasOtherCredentials()
{
    m_order->refused(m_connectedBy);
    const std::shared_ptr<Authorizer> next = m_order->first();
    return next != m_connectedBy && next->isAvailable() && !m_order->isRefused(next);
}

void AppSyncTransport::openSocket()
{
    m_connectedBy = m_order->first();
    m_socket = makeSocket();
    connect(m_socket.get(), &RealtimeGroup::established, this, [this] {
        m_established = true;
        m_listener->realtimeEstablished();
        renewLater();
    });
    connect(m_socket.get(), &RealtimeGroup::lost, this, [this, socket = m_socket.get()](const Error &error) {
        if (socket != m_socket.get())
            return;
        if (m_socket->mayRenew() && !m_established && !std::exchange(m_openedAgain, true))
            return openSocket();
        if (error.code() == Error::Code::Unauthorized && !m_established && hasOtherCredentials())
            return openSocket();
        socketLost(error);
    }, Qt::QueuedConnection);           // the listener may close the socket, which is inside its own call
    open(*m_socket, m_documents, *m_order, m_subscribed);
}

void AppSyncTransport::socketLost(const Error &error)
{
    Listener *listener = m_listener;
    closeRealtime();
    if (listener)
        listener->realtimeLost(error);
}

/* Not inside a socket's own call, for it may have to go. */
void AppSyncTransport::renewLater()
{
    m_scheduler.post([this, alive = QPointer<QObject>(this)] {
        if (alive)
            renewWhenOutdated();
    });
}

/* Somebody else is signed in, or the same with another token: opens a second socket beside the live one. */
void AppSyncTransport::renewWhenOutdated()
{
    if (!m_established || m_renewal || m_retired || m_renewalTimer != 0 || !m_socket || !m_socket->isOutdated())
        return;
    if (!m_order->first()->isAvailable())           // signed out
        return socketLost(Error(Error::Code::Unauthorized, AppSyncText::tr("There are no credentials to call the backend with. Sign in.")));
    m_renewal = makeSocket();
    const RealtimeGroup *socket = m_renewal.get();
    const auto end = [this, socket](bool established) {
        if (socket == m_renewal.get())
            renewalEnded(established);
    };
    connect(socket, &RealtimeGroup::established, this, [end] { end(true); }, Qt::QueuedConnection);
    connect(socket, &RealtimeGroup::lost, this, [end] { end(false); }, Qt::QueuedConnection);
    open(*m_renewal, m_documents, *m_order, m_subscribed);
}

/* The live socket stays as long as no other took its place; it may well outlive its credentials. */
void AppSyncTransport::renewalEnded(bool established)
{
    if (established && !m_renewal->hasEnded()) {
        m_socket->disconnect(this);
        m_renewal->disconnect(this);
        m_retired = std::move(m_socket);
        m_socket = std::move(m_renewal);
        connect(m_socket.get(), &RealtimeGroup::dataReceived, this, &AppSyncTransport::forward);
        connect(m_socket.get(), &RealtimeGroup::lost, this, [this, socket = m_socket.get()](const Error &error) {
            if (socket == m_socket.get())
                socketLost(error);
        }, Qt::QueuedConnection);
        retire();
        // What was refused may be allowed now, and what was published before the new subscriptions may never come by the old ones.
        m_listener->realtimeEstablished();
        return;
    }
    m_renewal.reset();
    m_renewalTimer = m_scheduler.startTimer(renewalPause, [this] {
        m_renewalTimer = 0;
        renewWhenOutdated();
    });
}

void AppSyncTransport::retire()
{
    connect(m_retired.get(), &RealtimeGroup::dataReceived, this, &AppSyncTransport::forward);
    connect(m_retired.get(), &RealtimeGroup::lost, this, [this, socket = m_retired.get()] {
        if (socket != m_retired.get())
            return;
        m_retired.reset();
        renewWhenOutdated();
    }, Qt::QueuedConnection);
    m_retired->stop();
}

void AppSyncTransport::forward(qsizetype subscription, const QJsonObject &data)
{
    const Subscribed &subscribed = m_subscribed[subscription];
    const QJsonValue record = data.value(subscribed.field);
    if (m_listener && record.isObject())
        m_listener->recordReceived(RemoteItem::fromJson(m_schema, subscribed.model, record.toObject()));
}

void AppSyncTransport::closeRealtime()
{
    m_scheduler.cancelTimer(std::exchange(m_renewalTimer, 0));
    m_listener = nullptr;
    m_established = false;
    for (std::unique_ptr<RealtimeGroup> *socket : {&m_socket, &m_renewal, &m_retired}) {
        if (*socket)
            (*socket)->disconnect(this);
        socket->reset();
    }
}

} // namespace Tideline
