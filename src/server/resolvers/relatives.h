// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/readsession.h"

#include <map>

namespace Tideline::Server {

/*
    What records of several documents lead to by relations that have one record at the other end: collected first, then read
    with one statement per relation, so that the answers of a commit cost as many statements whether it has one document or a hundred.
*/
class Relatives
{
public:
    using Tuple = std::vector<Value>;

    // The values that \a fields of a record have; empty when one is null: then nothing is related.
    [[nodiscard]] static Tuple tupleOf(const Record &record, const std::vector<int> &fields);

    void want(const ModelType &target, const std::vector<int> &fields, Tuple tuple);
    void read(ReadSession &session);                // what fails is unknown afterwards
    // Nothing when one of them is unknown.
    [[nodiscard]] std::optional<std::vector<Record>> matching(const ModelType &target, const std::vector<int> &fields,
                                                              const std::vector<Tuple> &tuples) const;

private:
    struct Group
    {
        std::vector<Tuple> tuples = {};
        QHash<QString, std::vector<Record>> records = {};   // by keyFromParts() of the tuple
    };
    std::map<std::pair<const ModelType *, std::vector<int>>, Group> m_groups;
};

} // namespace Tideline::Server
