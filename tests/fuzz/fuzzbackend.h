// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

#include <future>

namespace Tideline::Fuzz {

using namespace Tideline::Server;
using namespace Qt::StringLiterals;

inline const QString schemaText = uR"(
enum State { OPEN DONE }
type Place { x: Float! y: Float name: String }
type Shelf @model @auth(rules: [{ allow: public }]) {
  id: ID!
  label: String! @index(name: "byLabel", queryField: "shelvesByLabel", sortKeyFields: ["height"])
  height: Int!
  items: [Item] @hasMany(indexName: "byShelf", fields: ["id"])
}
type Item @model @auth(rules: [{ allow: public }]) {
  id: ID!
  name: String!
  count: Int
  price: Float
  done: Boolean
  day: AWSDate
  at: AWSDateTime
  stamp: AWSTimestamp
  more: AWSJSON
  tags: [String]
  state: State
  place: Place
  shelf: ID @index(name: "byShelf", queryField: "itemsByShelf", sortKeyFields: ["name"])
  on: Shelf @belongsTo(fields: ["shelf"])
}
)"_s;

// A backend with a few records in a folder that goes with the process.
class FuzzBackend
{
public:
    FuzzBackend()
    {
        const Result<Schema> schema = Schema::parse(schemaText);
        if (!schema)
            qFatal("%s", qPrintable(schema.error().detail()));
        Result<std::unique_ptr<Backend>> opened = Backend::open(
            *schema, {.databasePath = m_folder.filePath(u"fuzz.db"_s), .durable = false, .maxRecords = 500, .readerThreads = 1, .maxFields = 500});
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message()));
        backend = std::move(*opened);
        for (int i = 0; i < 8; ++i) {
            run(u"mutation { createShelf(input: {id: \"s%1\", label: \"l%2\", height: %1}) { id } createItem(input: {id: \"i%1\", name: \"n%1\", "
                 "count: %1, price: %1.5, tags: [\"a\", null], state: OPEN, shelf: \"s%2\", more: \"{}\"}) { id } }"_s.arg(i).arg(i % 3), {});
        }
    }

    QJsonObject run(const QString &query, const QJsonObject &variables, const QString &name = {}) const
    {
        auto answered = std::make_shared<std::promise<QByteArray>>();
        std::future<QByteArray> answer = answered->get_future();
        backend->execute({query, variables, name, {}}, [answered](const QByteArray &response) { answered->set_value(response); });
        return checked(answer.get());
    }

    // Whatever was asked, the answer is one, and nothing failed inside.
    static QJsonObject checked(const QByteArray &response)
    {
        QJsonParseError problem;
        const QJsonObject object = QJsonDocument::fromJson(response, &problem).object();
        if (problem.error != QJsonParseError::NoError || !(object.contains("data"_L1) || object.contains("errors"_L1)))
            qFatal("no answer: %s", response.constData());
        if (response.contains("\"errorType\":\"InternalFailure\""))
            qFatal("failed inside: %s", response.constData());
        return object;
    }

private:
    QTemporaryDir m_folder;             // outlives the backend

public:
    std::unique_ptr<Backend> backend;
};

inline const FuzzBackend &theBackend()
{
    static const FuzzBackend backend;
    return backend;
}

} // namespace Tideline::Fuzz
