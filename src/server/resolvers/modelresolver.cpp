// SPDX-License-Identifier: MIT
#include "server/resolvers/modelresolver.h"

#include "server/resolvers/glimpse.h"
#include "server/resolvers/rangearguments.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qint64 deltaMarginMs = 5000;       // changes that a delta sync repeats, see syncStart()

struct ModelResolver::Page
{
    std::vector<Record> records;
    QString nextToken;                              // null: the last page
    std::optional<qint64> startedAt;
};

FieldFailure unauthorized(const FieldDefinition &field)
{
    return {u"Not Authorized to access %1 on type %2"_s.arg(field.name, field.parent->name), u"Unauthorized"_s, {}};
}

ModelResolver::ModelResolver(const ReadContext &context, Connection &connection, const Identity &identity)
    : m_context(context), m_rights(context.bindings, identity), m_session(connection, context.layout, context.order)
{
}

Resolved ModelResolver::failure(const Error &error)
{
    const bool callers = error.code() == Error::Code::InvalidArgument || error.code() == Error::Code::Validation
        || error.code() == Error::Code::UnknownField;
    const bool known = error.detail() == u"MappingTemplate" || error.detail().startsWith(u"DynamoDB:");
    const QString type = !callers ? u"InternalFailure"_s : known ? error.detail() : u"BadRequest"_s;
    return FieldFailure{error.message(), type, {}};
}

// Connections in connections multiply; AppSync ends such a request with these words, and clients ask for less at a time.
Result<std::vector<Record>> ModelResolver::counted(Result<std::vector<Record>> records)
{
    if (records)
        m_records += qsizetype(records->size());
    if (m_records <= m_context.options.maxRecords)
        return records;
    return Error(Error::Code::InvalidArgument, u"Transformation too large"_s).withDetail(u"MappingTemplate"_s);
}

// In the answer to a mutation nothing below its own field is an error for want of rights.
bool ModelResolver::isSilent(const FieldDefinition &field) const
{
    return m_outcomes && m_context.bindings.of(field).role >= FieldRole::Column && !field.type->isNonNull();
}

void ModelResolver::resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results)
{
    const FieldBinding &binding = m_context.bindings.of(*call.field.definition);
    if (m_rights.isGuarded(binding))
        resolveReadable(call, binding, parents, results);
    else
        resolveAll(call, binding, parents, results);
    withhold(call, binding, parents, results);
}

// Of a field that is null: whether it stands for what may not be seen, where null must not be.
static bool isWithheld(const FieldDefinition &field, const FieldBinding &binding, const Source &parent)
{
    const Record *record = field.type->isNonNull() ? std::get_if<Record>(&parent.data) : nullptr;
    if (!record || !isGlimpse(*record))
        return false;
    if (binding.role == FieldRole::Relation)
        return true;
    if (binding.role == FieldRole::Column)
        return record->value(binding.index).isNull();
    return record->metadata().version == 0 && (binding.role == FieldRole::Version || binding.role == FieldRole::LastChangedAt);
}

void ModelResolver::withhold(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents,
                             std::span<Resolved> results) const
{
    const FieldDefinition &field = *call.field.definition;
    for (size_t i = 0; i < parents.size(); ++i) {
        if (std::holds_alternative<std::monostate>(results[i].state) && isWithheld(field, binding, *parents[i]))
            results[i] = unauthorized(field);
    }
}

void ModelResolver::resolveReadable(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents,
                                    std::span<Resolved> results)
{
    const FieldDefinition &field = *call.field.definition;
    std::vector<const Source *> readable;
    std::vector<size_t> places;
    for (size_t i = 0; i < parents.size(); ++i) {
        if (m_rights.mayRead(field, *parents[i])) {
            readable.push_back(parents[i]);
            places.push_back(i);
        } else if (!isSilent(field)) {
            results[i] = unauthorized(field);
        }
    }
    std::vector<Resolved> found(readable.size());
    resolveAll(call, binding, readable, found);
    for (size_t i = 0; i < places.size(); ++i)
        results[places[i]] = std::move(found[i]);
}

void ModelResolver::resolveAll(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents,
                               std::span<Resolved> results)
{
    if (binding.role == FieldRole::Relation)
        return relation(call, binding, parents, results);
    for (size_t i = 0; i < parents.size(); ++i) {
        if (binding.role == FieldRole::Column)
            results[i] = embedded(std::get<Record>(parents[i]->data).value(binding.index), call.field.named);
        else if (binding.role == FieldRole::Member)
            results[i] = embedded(std::get<Value>(parents[i]->data).member(call.field.definition->name), call.field.named);
        else if (binding.role == FieldRole::Items)
            results[i] = items(*parents[i]);
        else
            results[i] = root(call, binding);
    }
}

static std::optional<Access> accessOf(FieldRole role)
{
    return role == FieldRole::Get                             ? std::optional(Access::Get)
        : role == FieldRole::List || role == FieldRole::ByIndex ? std::optional(Access::List)
        : role == FieldRole::Sync                               ? std::optional(Access::Sync)
                                                                : std::nullopt;
}

Resolved ModelResolver::root(const FieldCall &call, const FieldBinding &binding)
{
    if (const std::optional<Access> access = accessOf(binding.role); access && m_rights.rows(*binding.model, *access).isNobody())
        return unauthorized(*call.field.definition);
    switch (binding.role) {
    case FieldRole::Create:
    case FieldRole::Update:
    case FieldRole::Delete:
        return mutated(call, *binding.model);
    case FieldRole::OnCreate:
    case FieldRole::OnUpdate:
    case FieldRole::OnDelete:
        return m_changed.isNull() ? Resolved() : Resolved(Source{binding.model->type, m_changed});
    case FieldRole::Get:
        return get(call, *binding.model);
    case FieldRole::List:
        return list(call, *binding.model, binding.model->model->primaryKey, false);
    case FieldRole::ByIndex:
        return list(call, *binding.model, binding.model->model->indexes[size_t(binding.index)].fields, true);
    case FieldRole::Sync:
        return sync(call, *binding.model);
    case FieldRole::None:
    case FieldRole::Column:
    case FieldRole::Version:
    case FieldRole::Deleted:
    case FieldRole::LastChangedAt:
    case FieldRole::Relation:
    case FieldRole::Items:
    case FieldRole::NextToken:
    case FieldRole::StartedAt:
    case FieldRole::Member:
        break;
    }
    return FieldFailure{u"The server has no resolver for \"%1\"."_s.arg(call.field.definition->name), u"UnsupportedOperation"_s, {}};
}

ResolvedLeaf ModelResolver::leaf(const FieldCall &call, const Source &parent)
{
    const FieldBinding &binding = m_context.bindings.of(*call.field.definition);
    const Record *record = std::get_if<Record>(&parent.data);
    if (m_rights.isGuarded(binding) && !m_rights.mayRead(*call.field.definition, parent)) {
        if (isSilent(*call.field.definition))
            return Value();
        if (!m_outcomes || binding.role == FieldRole::None || m_rights.isDenied(*call.field.definition))
            return unauthorized(*call.field.definition);
    }
    if (isWithheld(*call.field.definition, binding, parent))
        return unauthorized(*call.field.definition);
    switch (binding.role) {
    case FieldRole::Column:
        return column(binding, *record);
    case FieldRole::Version:
        return Value(record->metadata().version);
    case FieldRole::LastChangedAt:
        return Value(record->metadata().lastChangedAt);
    case FieldRole::Deleted:                        // null on live records, never false
        return record->metadata().deleted ? Value(true) : Value();
    case FieldRole::Member:
        return std::get<Value>(parent.data).member(call.field.definition->name);
    case FieldRole::NextToken: {
        const auto &page = *static_cast<const Page *>(std::get<std::shared_ptr<const void>>(parent.data).get());
        return page.nextToken.isNull() ? Value() : Value(page.nextToken);
    }
    case FieldRole::StartedAt: {
        const auto &page = *static_cast<const Page *>(std::get<std::shared_ptr<const void>>(parent.data).get());
        return page.startedAt ? Value(*page.startedAt) : Value();
    }
    case FieldRole::None:
    case FieldRole::Create:
    case FieldRole::Update:
    case FieldRole::Delete:
    case FieldRole::Get:
    case FieldRole::List:
    case FieldRole::Sync:
    case FieldRole::ByIndex:
    case FieldRole::OnCreate:
    case FieldRole::OnUpdate:
    case FieldRole::OnDelete:
    case FieldRole::Relation:
    case FieldRole::Items:
        break;
    }
    return FieldFailure{u"The server has no resolver for \"%1\"."_s.arg(call.field.definition->name), u"UnsupportedOperation"_s, {}};
}

ResolvedLeaf ModelResolver::column(const FieldBinding &binding, const Record &record) const
{
    if (binding.shortOwner)
        return shortOwner(record.value(binding.index));
    return &record.value(binding.index);
}

Resolved ModelResolver::embedded(const Value &value, const Type *type) const
{
    if (value.kind() == Value::Kind::Object)
        return Source{type, value};
    if (value.kind() != Value::Kind::List)
        return {};
    Resolved::List list;
    for (const Value &item : value.toList())
        list.push_back(embedded(item, type));
    return list;
}

Resolved ModelResolver::items(const Source &parent) const
{
    const auto &page = *static_cast<const Page *>(std::get<std::shared_ptr<const void>>(parent.data).get());
    Resolved::List list;
    list.reserve(page.records.size());
    for (const Record &record : page.records)
        list.emplace_back(Source{m_context.bindings.of(*record.model()).type, record});
    return list;
}

Resolved ModelResolver::mutated(const FieldCall &call, const ModelBinding &binding) const
{
    for (const auto &[field, outcome] : *m_outcomes) {
        if (field == call.field.number)
            return outcome.failure ? Resolved(*outcome.failure) : Resolved(Source{binding.type, outcome.record});
    }
    return {};
}

Resolved ModelResolver::get(const FieldCall &call, const ModelBinding &binding)
{
    std::vector<Value> key;
    for (int field : binding.model->primaryKey)
        key.push_back(call.argument(binding.model->fields[size_t(field)].name));
    const Result<std::vector<Record>> found = m_session.matching(*binding.model, binding.model->primaryKey, {key});
    if (!found)
        return failure(found.error());
    if (found->empty())
        return {};
    if (!m_rights.rows(binding, Access::Get).allows(found->front()))
        return unauthorized(*call.field.definition);
    return Source{binding.type, found->front()};
}

Result<int> ModelResolver::limit(const FieldCall &call, int standard) const
{
    const Value &given = call.argument(u"limit");
    if (given.isNull())
        return standard;
    if (given.toInteger() < 1)
        return Error(Error::Code::InvalidArgument, u"limit must be at least 1."_s);
    return int(std::min<qint64>(given.toInteger(), m_context.options.maxLimit));
}

static std::vector<Value> positionOf(const RangeQuery &query, const Record &record)
{
    std::vector<Value> position;
    for (int field : query.order)
        position.push_back(record.value(field));
    return position;
}

void ModelResolver::keepVisible(const ModelBinding &binding, Access access, const Filter &filter, std::vector<Record> &records)
{
    if (const Grant &rows = m_rights.rows(binding, access); !rows.isEverybody())
        std::erase_if(records, [&rows](const Record &record) { return !rows.allows(record); });
    if (filter.matchesAll())
        return;
    const ReadableFields &readable = m_rights.fields(binding);
    std::erase_if(records, [&](const Record &record) { return !filter.matches(readable.isAll() ? record : readable.only(record)); });
}

void ModelResolver::keepFoundByReadable(const ModelBinding &binding, const RangeQuery &query, std::vector<Record> &records)
{
    const ReadableFields &readable = m_rights.fields(binding);
    if (readable.isAll())
        return;
    std::vector<int> asked = query.order;
    for (const auto &[field, value] : query.partition)
        asked.push_back(field);
    std::erase_if(asked, [&binding](int field) { return std::ranges::count(binding.model->primaryKey, field) > 0; });
    std::erase_if(records, [&](const Record &record) {
        return !std::ranges::all_of(asked, [&](int field) { return readable.contains(field, record); });
    });
}

// \a records has one more than \a limit when another page follows; limit counts before the filter.
Resolved ModelResolver::page(const FieldCall &call, const ModelBinding &binding, std::vector<Record> records, const Filter &filter,
                             int limit, const RangeQuery &query, const QString &parentKey)
{
    auto result = std::make_shared<Page>();
    if (records.size() > size_t(limit)) {
        records.resize(size_t(limit));
        result->nextToken = PageToken{positionOf(query, records.back()), 0}.toText(m_context.seal, tokenPurpose(call, m_rights.identity(), parentKey));
    }
    keepFoundByReadable(binding, query, records);
    keepVisible(binding, Access::List, filter, records);
    result->records = std::move(records);
    return Source{binding.connection, std::shared_ptr<const void>(std::move(result))};
}

Resolved ModelResolver::list(const FieldCall &call, const ModelBinding &binding, const std::vector<int> &key, bool partitionRequired)
{
    const ModelType &model = *binding.model;
    const Value partition = call.argument(model.fields[size_t(key.front())].name);
    const Result<int> count = limit(call, m_context.options.defaultLimit);
    Result<RangeQuery> query = rangeFromArguments(call, *binding.table, key, partition.isNull() ? 0 : 1);
    const Result<Filter> filter = Filter::make(m_context.schema, binding.model, call.argument(u"filter"));
    if (!count || !query || !filter)
        return failure(!count ? count.error() : !query ? query.error() : filter.error());
    query->endsCount = showsOwnersShort(model, key.front()) && !partition.toText().contains(u"::");      // as filters take it
    if (!partition.isNull())
        query->partition = {{key.front(), partition}};
    else if (partitionRequired || !query->conditions.empty())
        return failure(Error(Error::Code::InvalidArgument, u"\"%1\" must be given."_s.arg(model.fields[size_t(key.front())].name)));
    if (const Value &token = call.argument(u"nextToken"); !token.isNull()) {
        std::optional<PageToken> parsed = PageToken::fromText(token.toText(), m_context.seal, tokenPurpose(call, m_rights.identity()));
        if (!parsed || parsed->position.size() != query->order.size())
            return failure(invalidToken());
        query->after = std::move(parsed->position);
    }
    query->limit = *count + 1;
    Result<std::vector<Record>> records = counted(m_session.range(*query));
    return records ? page(call, binding, std::move(records).value(), *filter, *count, *query) : failure(records.error());
}

/*
    Where a sync begins. Base: the start of the table. Delta: the first change since lastSync, less a margin that
    covers devices' clocks and what AppSync itself repeats; a time in the future counts as now. No transaction that the
    snapshot lacks is stamped earlier than startedAt.
*/
Result<PageToken> ModelResolver::syncStart(const FieldCall &call, const QByteArray &purpose)
{
    if (const Value &token = call.argument(u"nextToken"); !token.isNull()) {
        const std::optional<PageToken> parsed = PageToken::fromText(token.toText(), m_context.seal, purpose);
        if (!parsed || parsed->position.size() != 1)
            return invalidToken();
        return *parsed;
    }
    const Result<qint64> startedAt = m_session.startedAt();
    if (!startedAt)
        return startedAt.error();
    const qint64 now = m_session.now();
    const Value &lastSync = call.argument(u"lastSync");
    if (lastSync.isNull() || lastSync.toInteger() < now - m_context.options.deltaTtlMs)
        return PageToken{{qint64(0)}, *startedAt};
    const qint64 since = std::min(lastSync.toInteger(), now) - deltaMarginMs;
    const Result<std::optional<qint64>> position = m_session.positionBefore(since);
    if (!position)
        return position.error();
    return PageToken{{position->value_or(0)}, *startedAt};
}

static bool isIndexed(const ModelType &model, int field)
{
    return model.primaryKey.front() == field
        || std::ranges::any_of(model.indexes, [field](const Index &index) { return !index.fields.empty() && index.fields.front() == field; });
}

/*
    A filter that fixes the first field of a key or index, by itself or in a top-level "and", needs no other records to be
    looked at: the scope of a device among those of all. AppSync's resolvers do the same.
*/
static ReadSession::Partition indexedEquality(const ModelType &model, const Value &filter)
{
    for (const auto &[name, operators] : filter.toObject()) {
        if (name == u"and") {
            const Value::List group = operators.kind() == Value::Kind::List ? operators.toList() : Value::List{operators};
            for (const Value &member : group) {
                if (ReadSession::Partition found = indexedEquality(model, member))
                    return found;
            }
            continue;
        }
        const int field = model.fieldIndex(name);
        const Value value = operators.member(u"eq");
        const bool exact = field >= 0 && (value.toText().contains(u"::") || !showsOwnersShort(model, field));
        if (exact && !value.isNull() && isIndexed(model, field))
            return std::pair(field, std::vector<Value>{value});
    }
    return {};
}

// The same of records that a caller may see because of one field.
static ReadSession::Partition indexedPlace(const ModelType &model, const Grant &rows)
{
    const std::optional<std::pair<int, QStringList>> place = rows.onlyPlace();
    if (!place || model.fields[size_t(place->first)].type.list || !isIndexed(model, place->first))
        return {};
    return std::pair(place->first, std::vector<Value>(place->second.begin(), place->second.end()));
}

/*
    The rows after a change, and deletions whose rows are gone already, which AppSync's delta table has until its own time is over:
    a device that was away for less than that hears of them whatever the tombstones' time to live.
*/
Result<std::vector<Record>> ModelResolver::changes(const ModelBinding &binding, const ReadSession::Partition &partition, qint64 after, int limit)
{
    Result<std::vector<Record>> records = m_session.changes(*binding.model, partition, after, limit);
    if (!records || !m_context.options.removesEarly)
        return records;
    const Result<std::vector<Record>> removed = m_session.removed(*binding.model, after, limit);
    if (!removed)
        return removed;
    records->insert(records->end(), removed->begin(), removed->end());
    std::ranges::sort(*records, {}, &Record::rowId);
    if (records->size() > size_t(limit))
        records->resize(size_t(limit));
    return records;
}

// Each record once, as it is now, in the order of its last change: one that changes while a client pages comes again later.
Resolved ModelResolver::sync(const FieldCall &call, const ModelBinding &binding)
{
    const QByteArray purpose = tokenPurpose(call, m_rights.identity());
    const Result<int> count = limit(call, m_context.options.defaultLimit);
    const Result<Filter> filter = Filter::make(m_context.schema, binding.model, call.argument(u"filter"));
    Result<PageToken> token = syncStart(call, purpose);
    if (!count || !filter || !token)
        return failure(!count ? count.error() : !filter ? filter.error() : token.error());
    ReadSession::Partition partition = indexedEquality(*binding.model, call.argument(u"filter"));
    if (!partition)
        partition = indexedPlace(*binding.model, m_rights.rows(binding, Access::Sync));
    Result<std::vector<Record>> records =
        counted(changes(binding, partition, token->position.front().toInteger(), *count + 1));
    if (!records)
        return failure(records.error());
    auto result = std::make_shared<Page>();
    result->startedAt = token->startedAt;
    if (records->size() > size_t(*count)) {
        records->resize(size_t(*count));
        token->position = {records->back().rowId()};
        result->nextToken = token->toText(m_context.seal, purpose);
    }
    keepVisible(binding, Access::Sync, *filter, *records);
    result->records = std::move(records).value();
    return Source{binding.connection, std::shared_ptr<const void>(std::move(result))};
}

} // namespace Tideline::Server
