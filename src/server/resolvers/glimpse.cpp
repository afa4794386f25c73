// SPDX-License-Identifier: MIT
#include "server/resolvers/glimpse.h"

namespace Tideline::Server {

Record glimpse(const std::shared_ptr<const ModelType> &model, const std::vector<int> &fields, const std::vector<Value> &values)
{
    Record record(model);
    for (size_t i = 0; i < fields.size(); ++i)
        record.setValue(fields[i], values[i]);
    return record;
}

Record glimpse(const Record &record, const Value::Object &input)
{
    const ModelType &model = *record.model();
    Record seen(record.model());
    seen.setMetadata(record.metadata());
    std::vector<int> free = model.primaryKey;
    free.push_back(model.fieldIndex(model.createdAt));
    free.push_back(model.fieldIndex(model.updatedAt));
    for (const auto &[name, value] : input) {
        const int field = model.fieldIndex(name);
        if (field >= 0 && record.value(field) == value)
            free.push_back(field);
    }
    for (int field : free) {
        if (field >= 0)
            seen.setValue(field, record.value(field));
    }
    return seen;
}

// Others come from a row.
bool isGlimpse(const Record &record)
{
    return record.rowId() == 0;
}

} // namespace Tideline::Server
