// SPDX-License-Identifier: MIT
#include "server/resolvers/relatives.h"

namespace Tideline::Server {

Relatives::Tuple Relatives::tupleOf(const Record &record, const std::vector<int> &fields)
{
    Tuple tuple;
    for (int field : fields) {
        if (record.value(field).isNull())
            return {};
        tuple.push_back(record.value(field));
    }
    return tuple;
}

void Relatives::want(const ModelType &target, const std::vector<int> &fields, Tuple tuple)
{
    if (tuple.empty())
        return;
    Group &group = m_groups[{&target, fields}];
    const QString key = keyFromParts(tuple);
    if (group.records.contains(key))
        return;
    group.records.insert(key, {});
    group.tuples.push_back(std::move(tuple));
}

void Relatives::read(ReadSession &session)
{
    for (auto &[relation, group] : m_groups) {
        const auto &[target, fields] = relation;
        const Result<std::vector<Record>> found = session.matching(*target, fields, group.tuples);
        if (!found)
            return m_groups.clear();
        for (const Record &record : *found)
            group.records[keyFromParts(tupleOf(record, fields))].push_back(record);
    }
}

std::optional<std::vector<Record>> Relatives::matching(const ModelType &target, const std::vector<int> &fields,
                                                       const std::vector<Tuple> &tuples) const
{
    const auto group = m_groups.find({&target, fields});
    if (group == m_groups.end())
        return std::nullopt;
    std::vector<Record> records;
    for (const Tuple &tuple : tuples) {
        const auto known = group->second.records.constFind(keyFromParts(tuple));
        if (known == group->second.records.constEnd())
            return std::nullopt;
        records.insert(records.end(), known->begin(), known->end());
    }
    return records;
}

} // namespace Tideline::Server
