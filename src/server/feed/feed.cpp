// SPDX-License-Identifier: MIT
#include "server/feed/feed.h"

#include "server/feed/filterlimits.h"
#include "server/feed/portraits.h"

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Feed::Feed(const ReadContext &context, const Location &location, Options options, Metrics &metrics)
    : m_context(context), m_location(location), m_options(std::move(options)), m_metrics(metrics), m_journal(context.layout), m_seq(m_options.lastSeq)
{
}

Feed::~Feed() = default;

Result<void> Feed::start()
{
    const auto opened = std::make_shared<std::promise<Result<void>>>();     // may outlive this call in the thread
    std::future<Result<void>> result = opened->get_future();
    m_thread = std::thread([this, opened] {
        const Result<std::unique_ptr<Connection>> connection = Connection::open(m_location, Connection::Mode::Read);
        opened->set_value(connection ? Result<void>() : Result<void>(connection.error()));
        if (connection)
            run(**connection);
    });
    const Result<void> started = result.get();
    if (!started)
        m_thread.join();
    return started;
}

void Feed::publish(std::vector<Change> changes)
{
    if (changes.empty())
        return;
    {
        const std::lock_guard lock(m_mutex);
        ++m_metrics.feedQueue;
        m_waiting.push_back(std::move(changes));
    }
    m_wake.notify_one();
}

void Feed::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Feed::follow()
{
    {
        const std::lock_guard lock(m_mutex);
        m_look = true;
    }
    m_wake.notify_one();
}

void Feed::run(Connection &connection)
{
    m_nextLook = std::chrono::steady_clock::now() + m_options.interval;
    std::vector<Change> own;
    for (bool look = false; wait(own, look);) {
        if (!own.empty()) {
            take(std::exchange(own, {}), connection);
            --m_metrics.feedQueue;
        }
        if (look)
            this->look(connection);
    }
}

bool Feed::wait(std::vector<Change> &own, bool &look)
{
    const auto hasWork = [this] { return m_stopping || m_look || !m_waiting.empty(); };
    std::unique_lock lock(m_mutex);
    bool isDue = false;
    if (m_options.interval.count() == 0) {
        m_wake.wait(lock, hasWork);
    } else {
        m_wake.wait_until(lock, m_nextLook, hasWork);
        isDue = std::chrono::steady_clock::now() >= m_nextLook;
    }
    if (m_waiting.empty() && m_stopping)
        return false;
    if (!m_waiting.empty()) {
        own = std::move(m_waiting.front());
        m_waiting.pop_front();
    }
    look = std::exchange(m_look, false) || isDue;
    return true;
}

// What is not the next in order is in the journal, behind what is; what could not be shown is there too.
void Feed::take(const std::vector<Change> &own, Connection &connection)
{
    if (own.back().record.rowId() <= m_seq)
        return;
    if (own.front().record.rowId() != m_seq + 1)
        return look(connection);
    note(show(own, connection));
}

void Feed::look(Connection &connection)
{
    Result<bool> more = true;
    while (more && *more)
        more = readOn(connection);
    note(more ? Result<void>() : more.error());
    m_nextLook = std::chrono::steady_clock::now() + m_options.interval;
}

void Feed::note(const Result<void> &done)
{
    if (!done && !m_failing && m_options.onError)
        m_options.onError(done.error());
    m_failing = !done;
}

Result<bool> Feed::readOn(Connection &connection)
{
    Result<std::optional<Journal::Changes>> read = m_journal.after(connection, m_seq);
    if (!read)
        return read.error();
    if (!*read) {
        Result<Journal::Changes> latest = m_journal.latest(connection, m_seq);
        if (!latest)
            return latest.error();
        *read = std::move(latest).value();
    }
    if (const Result<void> shown = show((*read)->changes, connection); !shown)
        return shown.error();
    m_seq = (*read)->lastSeq;
    return !(*read)->complete;
}

static FieldRole roleOf(Operation operation)
{
    switch (operation) {
    case Operation::Create:
        return FieldRole::OnCreate;
    case Operation::Update:
        return FieldRole::OnUpdate;
    case Operation::Delete:
        return FieldRole::OnDelete;
    }
    Q_UNREACHABLE();
}

std::vector<Audiences::Found> Feed::audienceOf(const Change &change)
{
    const std::lock_guard lock(m_mutex);
    return m_audiences.find({change.record.model().get(), roleOf(change.operation)}, change.record);
}

// From one state of the database, if any of it is needed. Each change counts as soon as it is delivered.
Result<void> Feed::show(const std::vector<Change> &changes, Connection &connection)
{
    Result<void> done;
    bool begun = false;
    for (const Change &change : changes) {
        const std::vector<Audiences::Found> audience = audienceOf(change);
        if (!begun && std::ranges::any_of(audience, [](const Audiences::Found &found) { return found.portrait->isRead; })) {
            const Result<void> opened = connection.begin();
            begun = opened.ok();
            if (m_location.dialect().isShared())
                done = opened;
        }
        if (done)
            done = dispatch(audience, change, connection);
        if (!done)
            break;
        m_seq = change.record.rowId();
    }
    if (begun) {
        [[maybe_unused]] const Result<void> ended = connection.commit();    // of a read: nothing is lost
    }
    return done;
}

static bool mayPass(const Error &error)
{
    return error.code() == Error::Code::StoreUnavailable || error.code() == Error::Code::StoreLocked;
}

// All of the audience or, when the change has to come again, nobody.
Result<void> Feed::dispatch(const std::vector<Audiences::Found> &audience, const Change &change, Connection &connection) const
{
    QByteArrayList payloads;
    for (const Audiences::Found &found : audience) {
        const Result<QByteArray> payload = this->payload(*found.portrait, change, connection);
        if (!payload && mayPass(payload.error()) && m_location.dialect().isShared())
            return payload.error();
        if (!payload && m_options.onError)
            m_options.onError(payload.error().withModel(change.record.model()->name));
        payloads.append(payload ? *payload : QByteArray());
    }
    for (size_t i = 0; i < audience.size(); ++i) {
        for (const std::shared_ptr<Subscriber> &subscriber : audience[i].subscribers) {
            const std::lock_guard lock(subscriber->mutex);
            if (!payloads[qsizetype(i)].isEmpty() && subscriber->active && change.record.rowId() > subscriber->afterSeq)
                subscriber->deliver(payloads[qsizetype(i)]);
        }
    }
    return {};
}

// Empty when there is a null where none may be.
Result<QByteArray> Feed::payload(const Portrait &portrait, const Change &change, Connection &connection) const
{
    const PreparedDocument::Operation &operation = portrait.operation;
    const OperationPlan &plan = *operation.plan;
    ModelResolver resolver(m_context, connection, operation.identity);
    resolver.setChanged(change.record);
    const ExecutionResult result = execute(m_context.types, plan, operation.document->source(), operation.variables,
                                           Source{plan.root->type, {}}, resolver);
    if (const Error &error = resolver.databaseError(); error.code() != Error::Code::None)
        return error;
    if (result.data == QByteArray('{' + plan.root->fields.front().jsonKey + "null}") || result.data == "null")
        return QByteArray();
    return "{\"data\":" + result.data + '}';
}

static Value argument(const Value::Object &arguments, QStringView name)
{
    const auto found = std::ranges::find_if(arguments, [name](const Value::Member &member) { return member.first == name; });
    return found == arguments.end() ? Value() : found->second;
}

// Of a caller who hears what is his: whether every owner he names is himself.
static bool namesCaller(const Value::Object &arguments, const ModelType &model, const Grant &rows)
{
    return std::ranges::all_of(arguments, [&](const Value::Member &member) {
        return member.first == u"filter" || member.second.isNull()
            || rows.valuesIn(model.fieldIndex(member.first)).contains(member.second.toText());
    });
}

/*
    AppSync's two ways to filter: with a filter argument it alone decides, else every other argument must equal the
    record's field, null included. Of a caller who hears what is his, arguments name the owner that the rules look for anyway.
*/
Result<void> Feed::addFilter(Value::Object arguments, const FieldBinding &binding, Condition &condition) const
{
    const Value filter = argument(arguments, u"filter");
    if (const Result<void> within = checkFilterLimits(filter); !within)
        return within;
    const bool enhanced = !filter.isNull() || !condition.rows.isEverybody();
    arguments.removeIf([](const Value::Member &member) { return member.first == u"filter"; });
    Result<Filter> made = enhanced ? Filter::make(m_context.schema, binding.model->model, filter, Filter::Operators::Any)
                                   : Filter::equal(m_context.schema, binding.model->model, arguments);
    if (!made)
        return made.error();
    condition.filter = std::move(made).value();
    JsonWriter key;
    key.text(condition.rows.digest());
    key.text(condition.filter.matchesAll() ? QString() : condition.readable.digest());
    key.boolean(enhanced);
    key.value(enhanced ? filter : Value(arguments));
    condition.key = key.take();
    return {};
}

Result<Condition> Feed::conditionOf(const PreparedDocument::Operation &operation, const FieldBinding &binding) const
{
    const PlannedField &field = operation.plan->root->fields.front();
    const AccessPolicy &policy = *binding.model->policy;
    Condition condition{Filter::none(), policy.rows(operation.identity, Access::Listen), ReadableFields(policy, operation.identity), {}};
    if (condition.rows.isNobody() || isDenied(*field.definition, operation.identity))
        return condition;
    auto coerced = coerceArguments(field.definition->arguments, field.node->arguments, operation.variables, field.node->loc.start);
    if (const auto *error = std::get_if<ArgumentError>(&coerced))
        return Error(Error::Code::InvalidArgument, error->message);
    const auto &arguments = std::get<Value::Object>(coerced);
    if (!condition.rows.isEverybody() && !namesCaller(arguments, policy.model(), condition.rows))
        return Error(Error::Code::Unauthorized, unauthorized(*field.definition).message);
    if (const Result<void> added = addFilter(arguments, binding, condition); !added)
        return added.error();
    return condition;
}

Result<SubscriptionId> Feed::subscribe(const PreparedDocument::Operation &operation, qint64 afterSeq, Deliver deliver)
{
    const FieldBinding &binding = m_context.bindings.of(*operation.plan->root->fields.front().definition);
    Result<Condition> condition = conditionOf(operation, binding);
    if (!condition)
        return condition.error();
    Portrait portrait = portraitOf(operation, m_context);
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->afterSeq = afterSeq;
    subscriber->deliver = std::move(deliver);
    const std::lock_guard lock(m_mutex);
    if (m_stopping)
        return Error(Error::Code::Closed, u"The server is shutting down."_s);
    const SubscriptionId id = ++m_lastId;
    m_audiences.add(id, {binding.model->model.get(), binding.role}, std::move(condition).value(), std::move(portrait), subscriber);
    return id;
}

void Feed::unsubscribe(SubscriptionId id)
{
    std::shared_ptr<Subscriber> subscriber;
    {
        const std::lock_guard lock(m_mutex);
        subscriber = m_audiences.remove(id);
    }
    if (!subscriber)
        return;
    const std::lock_guard lock(subscriber->mutex);
    subscriber->active = false;
}

} // namespace Tideline::Server
