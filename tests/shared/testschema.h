// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

#include <QtTest/QTest>

// A schema with every kind of field, for the tests of data, store, live and server.
namespace TestSchema {

inline QString source()
{
    return QStringLiteral(R"(
enum Unit { piece kilogram Litre }

type Label {
  text: String!
  printedAt: AWSDateTime
}

type Size {
  width: Float!
  height: Float
  unit: Unit
  label: Label
  notes: [String!]
}

type Maker @model {
  id: ID!
  name: String!
  country: String
  products: [Product] @hasMany
}

type Product @model {
  id: ID!
  name: String!
  code: ID
  stock: Int
  price: Float
  discontinued: Boolean
  introducedOn: AWSDate
  opensAt: AWSTime
  changedAt: AWSDateTime
  countedAt: AWSTimestamp
  email: AWSEmail
  attributes: AWSJSON
  site: AWSURL
  phone: AWSPhone
  address: AWSIPAddress
  unit: Unit
  size: Size
  tags: [String]
  ratings: [Int!]
  units: [Unit!]!
  sizes: [Size!]
  maker: Maker @belongsTo
  counts: [StockCount] @hasMany
}

type StockCount @model {
  sku: ID! @primaryKey(sortKeyFields: ["bin", "round"])
  bin: String!
  round: Int!
  quantity: Int!
  product: Product @belongsTo
}
)");
}

inline Tideline::Schema schema()
{
    static const Tideline::Result<Tideline::Schema> parsed = Tideline::Schema::parse(source());
    if (!parsed)
        qFatal("The test schema is refused: %s", qPrintable(parsed.error().message()));
    return parsed.value();
}

inline std::shared_ptr<const Tideline::ModelType> model(const QString &name)
{
    std::shared_ptr<const Tideline::ModelType> found = schema().model(name);
    if (!found)
        qFatal("The test schema has no model %s", qPrintable(name));
    return found;
}

inline const Tideline::FieldType &fieldType(const QString &modelName, const QString &field)
{
    const std::shared_ptr<const Tideline::ModelType> type = model(modelName);
    const int index = type->fieldIndex(field);
    if (index < 0)
        qFatal("The test schema has no field %s.%s", qPrintable(modelName), qPrintable(field));
    return type->fields[size_t(index)].type;
}

} // namespace TestSchema
