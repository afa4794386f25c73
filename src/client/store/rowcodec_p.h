// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "core/data/record.h"

#include <QtCore/QJsonValue>

namespace Tideline {

// Values to and from columns, records from rows.
namespace RowCodec {

[[nodiscard]] QVariant toSql(const Schema &schema, const FieldType &type, Storage storage, const Value &value);
[[nodiscard]] Value fromSql(const Schema &schema, const FieldType &type, Storage storage, const QVariant &column);

/*! The value with embedded types as the file keeps them: members in the order of the schema, without
    null ones. Equal values have equal JSON text. */
[[nodiscard]] Value canonical(const Schema &schema, const FieldType &type, const Value &value);

/*! A value from the store's own JSON; it was validated before it was written. */
[[nodiscard]] Value fromJson(const Schema &schema, const FieldType &type, const QJsonValue &json);

/*! The row that \a statement stands on; its columns are Table::rowColumns() from column \a first on. */
[[nodiscard]] Record record(const Schema &schema, const Table &table, const Statement &statement, int first = 0);

void bindFields(Statement &statement, const Schema &schema, const Table &table, const std::vector<Value> &values);

} // namespace RowCodec

} // namespace Tideline
