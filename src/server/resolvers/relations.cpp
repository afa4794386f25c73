// SPDX-License-Identifier: MIT
#include "server/resolvers/modelresolver.h"

#include "server/resolvers/glimpse.h"
#include "server/resolvers/rangearguments.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

using Tuple = Relatives::Tuple;

static Tuple tupleOf(const Record &record, const std::vector<int> &fields)
{
    return Relatives::tupleOf(record, fields);
}

ModelResolver::Wanted ModelResolver::wantedBy(std::span<const Source *const> parents, const Relation &relation)
{
    Wanted wanted;
    for (size_t i = 0; i < parents.size(); ++i) {
        Tuple tuple = tupleOf(std::get<Record>(parents[i]->data), relation.localFields);
        if (tuple.empty())
            continue;
        std::vector<size_t> &waiting = wanted.parents[keyFromParts(tuple)];
        waiting.push_back(i);
        if (waiting.size() == 1)
            wanted.tuples.push_back(std::move(tuple));
    }
    return wanted;
}

void ModelResolver::relation(const FieldCall &call, const FieldBinding &binding, std::span<const Source *const> parents,
                             std::span<Resolved> results)
{
    const Relation &relation = binding.model->model->relations[size_t(binding.index)];
    const ModelBinding &target = m_context.bindings.of(*m_context.schema.target(relation));
    const bool isMany = relation.kind == Relation::Kind::HasMany;
    const Grant &rows = m_rights.rows(target, isMany ? Access::List : Access::Get);
    if (rows.isNobody() && !isSilent(*call.field.definition))
        std::ranges::fill(results, Resolved(unauthorized(*call.field.definition)));
    if (!isMany && !rows.isEverybody() && call.field.definition->type->isNonNull())
        showKeys(target, relation, parents, results);
    if (rows.isNobody())
        return;
    if (isMany)
        many(call, target, relation, parents, results);
    else
        one(target, relation, parents, results);
}

void ModelResolver::showKeys(const ModelBinding &target, const Relation &relation, std::span<const Source *const> parents,
                             std::span<Resolved> results)
{
    if (relation.targetFields != target.model->primaryKey)
        return;
    for (size_t i = 0; i < parents.size(); ++i) {
        if (const Tuple key = tupleOf(std::get<Record>(parents[i]->data), relation.localFields); !key.empty())
            results[i] = Source{target.type, glimpse(target.model, relation.targetFields, key)};
    }
}

/*
    The related record also when it is a tombstone: clients look at its _deleted. Where several records
    point here, a live one is taken before a tombstone, and of those the one that changed first.
*/
void ModelResolver::one(const ModelBinding &target, const Relation &relation, std::span<const Source *const> parents,
                        std::span<Resolved> results)
{
    const Wanted wanted = wantedBy(parents, relation);
    if (wanted.tuples.empty())
        return;
    std::optional<std::vector<Record>> known;
    if (m_relatives)
        known = m_relatives->matching(*target.model, relation.targetFields, wanted.tuples);
    const Result<std::vector<Record>> found = counted(
        known ? Result<std::vector<Record>>(*std::move(known)) : m_session.matching(*target.model, relation.targetFields, wanted.tuples));
    if (!found) {
        std::ranges::fill(results, failure(found.error()));
        return;
    }
    QHash<QString, Record> chosen;
    const Grant &rows = m_rights.rows(target, Access::Get);
    for (const Record &record : *found) {
        if (!rows.allows(record))
            continue;
        Record &best = chosen[keyFromParts(tupleOf(record, relation.targetFields))];
        if (best.isNull() || (best.metadata().deleted && !record.metadata().deleted))
            best = record;
    }
    for (auto it = chosen.cbegin(); it != chosen.cend(); ++it) {
        for (size_t parent : wanted.parents.value(it.key()))
            results[parent] = Source{target.type, it.value()};
    }
}

// Fields of the index that serves a connection: those of the relation first, then what it sorts by.
static std::vector<int> connectionKey(const ModelType &target, const Relation &relation)
{
    std::vector<int> key = relation.targetFields;
    const auto add = [&key](const std::vector<int> &fields) {
        for (int field : fields) {
            if (std::ranges::find(key, field) == key.end())
                key.push_back(field);
        }
    };
    if (key == std::vector<int>{target.primaryKey.front()})
        add(target.primaryKey);
    for (const Index &index : target.indexes) {
        if (!relation.indexName.isEmpty() && index.name == relation.indexName)
            add(index.fields);
    }
    return key;
}

void ModelResolver::many(const FieldCall &call, const ModelBinding &target, const Relation &relation,
                         std::span<const Source *const> parents, std::span<Resolved> results)
{
    Result<RangeQuery> query = rangeFromArguments(call, *target.table, connectionKey(*target.model, relation),
                                                  relation.targetFields.size());
    const Result<int> count = limit(call, relation.limit);
    if (!query || !count) {
        std::ranges::fill(results, failure(query ? count.error() : query.error()));
        return;
    }
    query->limit = *count + 1;
    for (int field : relation.targetFields)
        query->partition.push_back({field, {}});
    manyFrom(call, target, relation, std::move(query).value(), parents, results);
}

void ModelResolver::manyFrom(const FieldCall &call, const ModelBinding &target, const Relation &relation, RangeQuery query,
                             std::span<const Source *const> parents, std::span<Resolved> results)
{
    const Result<Filter> filter = Filter::make(m_context.schema, target.model, call.argument(u"filter"));
    if (!filter) {
        std::ranges::fill(results, failure(filter.error()));
        return;
    }
    const Wanted wanted = wantedBy(parents, relation);
    std::ranges::fill(results, page(call, target, {}, *filter, query.limit - 1, query));
    if (wanted.tuples.empty())
        return;
    if (!call.argument(u"nextToken").isNull())
        return manyByToken(call, target, *filter, std::move(query), wanted, results);
    Result<std::vector<Record>> found = counted(m_session.firstOfEach(query, wanted.tuples));
    if (!found) {
        std::ranges::fill(results, failure(found.error()));
        return;
    }
    QHash<QString, std::vector<Record>> pages;
    for (Record &record : *found)
        pages[keyFromParts(tupleOf(record, relation.targetFields))].push_back(std::move(record));
    for (auto it = pages.cbegin(); it != pages.cend(); ++it) {
        for (size_t parent : wanted.parents.value(it.key()))
            results[parent] = page(call, target, it.value(), *filter, query.limit - 1, query, it.key());
    }
}

// A token belongs to one parent: each is read by itself, and those whose token it is not are refused.
void ModelResolver::manyByToken(const FieldCall &call, const ModelBinding &target, const Filter &filter, RangeQuery query,
                                const Wanted &wanted, std::span<Resolved> results)
{
    for (const Tuple &tuple : wanted.tuples) {
        const QString key = keyFromParts(tuple);
        const QByteArray purpose = tokenPurpose(call, m_rights.identity(), key);
        const std::optional<PageToken> token = PageToken::fromText(call.argument(u"nextToken").toText(), m_context.seal, purpose);
        Result<std::vector<Record>> records = invalidToken();
        if (token && token->position.size() == query.order.size()) {
            for (size_t i = 0; i < tuple.size(); ++i)
                query.partition[i].second = tuple[i];
            query.after = token->position;
            records = counted(m_session.range(query));
        }
        for (size_t parent : wanted.parents.value(key))
            results[parent] = records ? page(call, target, *records, filter, query.limit - 1, query, key) : failure(records.error());
    }
}

} // namespace Tideline::Server
