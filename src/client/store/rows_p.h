// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/writerstate_p.h"

namespace Tideline {

// Single rows of the model types' tables.
namespace Rows {

[[nodiscard]] Result<Record> find(Connection &connection, const Table &table, const std::vector<Value> &key);  // null: none
[[nodiscard]] Result<bool> exists(Connection &connection, const Table &table, const std::vector<int> &fields,
                                  const std::vector<Value> &values);
[[nodiscard]] Result<QList<Record>> all(const Table &table, const Schema &schema, Statement statement);
[[nodiscard]] Result<QList<Record>> related(Connection &connection, const Record &record, const Relation &relation);

[[nodiscard]] Result<bool> insert(WriterState &state, const Table &table, Record &record);      // false: the key is taken
[[nodiscard]] Result<void> update(WriterState &state, const Table &table, const Record &after, const std::vector<int> &fields);
[[nodiscard]] Result<void> remove(WriterState &state, const Table &table, const Record &record);

// What changes of the schema left over: values of a record that is gone; what the record's new values take the place of.
[[nodiscard]] Result<void> forgetValues(WriterState &state, const ModelType &model, const QString &key);
[[nodiscard]] Result<void> forgetUnfit(WriterState &state, const ModelType &model, const QString &key);

[[nodiscard]] Result<SyncMetadata> tombstone(Connection &connection, const ModelType &model, const QString &key);
[[nodiscard]] Result<void> setTombstone(WriterState &state, const ModelType &model, const QString &key, const SyncMetadata &metadata);
[[nodiscard]] Result<void> removeTombstone(WriterState &state, const ModelType &model, const QString &key);

[[nodiscard]] std::vector<Value> keyValues(const Record &record);

} // namespace Rows

} // namespace Tideline
