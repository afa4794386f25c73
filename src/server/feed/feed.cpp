// SPDX-License-Identifier: MIT
#include "server/feed/feed.h"

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Feed::Feed(const ReadContext &context, const Location &location, Options options)
    : m_context(context), m_location(location), m_options(std::move(options)), m_journal(context.layout), m_seq(m_options.lastSeq)
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
        if (!own.empty())
            take(std::exchange(own, {}), connection);
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

// What is not the next in order is in the journal, behind what is.
void Feed::take(const std::vector<Change> &own, Connection &connection)
{
    if (own.back().record.rowId() <= m_seq)
        return;
    if (own.front().record.rowId() != m_seq + 1)
        return look(connection);
    for (const Change &change : own)
        dispatch(change, connection);
    m_seq = own.back().record.rowId();
}

void Feed::look(Connection &connection)
{
    Result<bool> more = true;
    while (more && *more)
        more = readOn(connection);
    if (!more && !m_failing && m_options.onError)
        m_options.onError(more.error());
    m_failing = !more;
    m_nextLook = std::chrono::steady_clock::now() + m_options.interval;
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
    for (const Change &change : (*read)->changes)
        dispatch(change, connection);
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

std::vector<Feed::Showing> Feed::showingsOf(const Change &change)
{
    std::vector<Showing> showings;
    const std::lock_guard lock(m_mutex);
    for (const Topic &topic : m_topics) {
        if (topic.model != change.record.model().get() || topic.role != roleOf(change.operation))
            continue;
        for (const std::shared_ptr<View> &view : topic.views) {
            if (view->shows(change.record))
                showings.push_back({view->operation, view->subscribers});
        }
    }
    return showings;
}

bool Feed::View::shows(const Record &record) const
{
    if (!rows.allows(record))
        return false;
    return filter.matches(readable.isAll() || filter.matchesAll() ? record : readable.only(record));
}

void Feed::dispatch(const Change &change, Connection &connection)
{
    for (const Showing &showing : showingsOf(change))
        show(showing, change, connection);
}

void Feed::show(const Showing &showing, const Change &change, Connection &connection) const
{
    const OperationPlan &plan = *showing.operation.plan;
    ModelResolver resolver(m_context, connection, showing.operation.identity);
    resolver.setChanged(change.record);
    const ExecutionResult result = execute(m_context.types, plan, showing.operation.document->source(), showing.operation.variables,
                                           Source{plan.root->type, {}}, resolver);
    if (result.data == QByteArray('{' + plan.root->fields.front().jsonKey + "null}") || result.data == "null")
        return;
    const QByteArray payload = "{\"data\":" + result.data + '}';
    for (const std::shared_ptr<Subscriber> &subscriber : showing.subscribers) {
        const std::lock_guard lock(subscriber->mutex);
        if (subscriber->active && change.record.rowId() > subscriber->afterSeq)
            subscriber->deliver(payload);
    }
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
Result<Filter> Feed::filterOf(Value::Object arguments, const FieldBinding &binding, const View &view) const
{
    const Value filter = argument(arguments, u"filter");
    if (!filter.isNull() || !view.rows.isEverybody())
        return Filter::make(m_context.schema, binding.model->model, filter, Filter::Operators::Any);
    arguments.removeIf([](const Value::Member &member) { return member.first == u"filter"; });
    return Filter::equal(m_context.schema, binding.model->model, arguments);
}

Result<std::shared_ptr<Feed::View>> Feed::viewOf(const PreparedDocument::Operation &operation, const FieldBinding &binding) const
{
    const PlannedField &field = operation.plan->root->fields.front();
    const AccessPolicy &policy = *binding.model->policy;
    auto view = std::make_shared<View>(View{operation, policy.rows(operation.identity, Access::Listen),
                                            ReadableFields(policy, operation.identity), Filter::none()});
    if (view->rows.isNobody() || isDenied(*field.definition, operation.identity))
        return view;
    auto coerced = coerceArguments(field.definition->arguments, field.node->arguments, operation.variables, field.node->loc.start);
    if (const auto *error = std::get_if<ArgumentError>(&coerced))
        return Error(Error::Code::InvalidArgument, error->message);
    const auto &arguments = std::get<Value::Object>(coerced);
    if (!view->rows.isEverybody() && !namesCaller(arguments, policy.model(), view->rows))
        return Error(Error::Code::Unauthorized, unauthorized(*field.definition).message);
    Result<Filter> filter = filterOf(arguments, binding, *view);
    if (!filter)
        return filter.error();
    view->filter = std::move(filter).value();
    return view;
}

size_t Feed::topicOf(const FieldBinding &binding)
{
    const ModelType *model = binding.model->model.get();
    for (size_t i = 0; i < m_topics.size(); ++i) {
        if (m_topics[i].model == model && m_topics[i].role == binding.role)
            return i;
    }
    m_topics.push_back({model, binding.role, {}});
    return m_topics.size() - 1;
}

Result<SubscriptionId> Feed::subscribe(const PreparedDocument::Operation &operation, qint64 afterSeq, Deliver deliver)
{
    const FieldBinding &binding = m_context.bindings.of(*operation.plan->root->fields.front().definition);
    const Result<std::shared_ptr<View>> made = viewOf(operation, binding);
    if (!made)
        return made.error();
    JsonWriter key;
    key.integer(qint64(quintptr(operation.plan.get())));
    for (const GraphQL::VariableDefinition &variable : operation.plan->operation->variableDefinitions)
        key.value(operation.variables.value(variable.variable.name.value));
    key.integer(int(operation.identity.provider) * 2 + operation.identity.guest);
    key.text(operation.identity.deniedFields.join(u' '));
    key.text(operation.identity.subject);
    key.value(Value::fromJson(operation.identity.claims));
    auto subscriber = std::make_shared<Subscriber>();
    subscriber->afterSeq = afterSeq;
    subscriber->deliver = std::move(deliver);
    const std::lock_guard lock(m_mutex);
    if (m_stopping)
        return Error(Error::Code::Closed, u"The server is shutting down."_s);
    const SubscriptionId id = ++m_lastId;
    const Place place{topicOf(binding), key.take(), subscriber};
    std::shared_ptr<View> &view = m_topics[place.topic].views[place.view];
    if (!view)
        view = *made;
    view->subscribers.push_back(subscriber);
    m_places.insert(id, place);
    return id;
}

void Feed::unsubscribe(SubscriptionId id)
{
    Place place;
    {
        const std::lock_guard lock(m_mutex);
        place = m_places.take(id);
        if (!place.subscriber)
            return;
        QHash<QByteArray, std::shared_ptr<View>> &views = m_topics[place.topic].views;
        const std::shared_ptr<View> view = views.value(place.view);
        std::erase(view->subscribers, place.subscriber);
        if (view->subscribers.empty())
            views.remove(place.view);
    }
    const std::lock_guard lock(place.subscriber->mutex);
    place.subscriber->active = false;
}

} // namespace Tideline::Server
