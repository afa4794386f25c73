// SPDX-License-Identifier: MIT
#include "work.h"

#include <QtCore/QJsonArray>

namespace TidelineBench {

using namespace Tideline;
using namespace Qt::StringLiterals;

static Schema parsed(const QString &skuType, const QString &noteType, const QString &ledgerRule)
{
    return Schema::parse(uR"(
        type Site @model @auth(rules: [{ allow: public }]) {
            id: ID!
            name: String!
            shelves: [Shelf] @hasMany(indexName: "bySite", fields: ["id"])
        }
        type Shelf @model @auth(rules: [{ allow: public }]) {
            id: ID!
            code: String!
            siteID: ID! @index(name: "bySite")
            site: Site @belongsTo(fields: ["siteID"])
            counts: [Count] @hasMany(indexName: "byShelf", fields: ["id"])
        }
        type Count @model @auth(rules: [{ allow: public }]) {
            id: ID!
            sku: %1
            quantity: Int!
            note: %2
            shelfID: ID! @index(name: "byShelf")
            shelf: Shelf @belongsTo(fields: ["shelfID"])
        }
        type Ledger @model @auth(rules: [%3]) {
            id: ID!
            text: String!
        }
    )"_s.arg(skuType, noteType, ledgerRule)).value();
}

Schema Work::schema()
{
    return parsed(u"String!"_s, u"String"_s, u"{ allow: public }"_s);
}

Schema Work::serverSchema()
{
    return parsed(u"AWSPhone!"_s, u"String!"_s, u"{ allow: public, operations: [read] }"_s);
}

void Work::fill(TidelineTest::TestServer &server)
{
    const auto run = [&server](const QString &fields) {
        if (const QJsonObject answer = server.execute(u"mutation {"_s + fields + u" }"_s); answer.contains("errors"_L1))
            qFatal("%s", QJsonDocument(answer).toJson().constData());
    };
    run(u" createSite(input: {id: \"old\", name: \"Harbour\"}) { id } createShelf(input: {id: \"old\", code: \"A-1\", siteID: \"old\"}) { id }"_s);
    for (int i = 0; i < stored; i += 100) {
        QString fields;
        for (int k = i; k < i + 100; ++k)
            fields += u" m%1: createCount(input: {id: \"c%1\", sku: \"400123%1\", quantity: 1, note: \"before\", shelfID: \"old\"}) { id }"_s.arg(k);
        run(fields);
    }
}

static Work::Mutation refusedOne(const QString &id, Work::Refused refused)
{
    if (refused == Work::Refused::ByRule)
        return {u"Ledger"_s, true, {{u"id"_s, id}, {u"text"_s, u"nobody may write here"_s}}};
    QJsonObject values{{u"id"_s, id}, {u"sku"_s, u"40012345"_s}, {u"quantity"_s, 1}, {u"shelfID"_s, u"old"_s}};
    if (refused == Work::Refused::ByValue) {
        values.insert(u"sku"_s, u"no digits to be read"_s);
        values.insert(u"note"_s, u"counted twice, the label was torn"_s);
    }
    return {u"Count"_s, true, values};
}

QList<Work::Mutation> Work::list(int count, Refused refused)
{
    QList<Mutation> list;
    for (int i = 0; i < count; ++i) {
        const QString id = u"n%1"_s.arg(i);
        const QString site = u"n%1"_s.arg(i - i % 100);
        const int place = i % 100;
        const bool isRefused = refused != Refused::None && place % 33 == 32;        // at 32, 65 and 98
        if (isRefused && refused != Refused::LeftOut)
            list.append(refusedOne(id, refused));
        if (isRefused)
            continue;
        if (place == 0)
            list.append({u"Site"_s, true, {{u"id"_s, id}, {u"name"_s, u"Site %1"_s.arg(i)}}});
        else if (place % 10 == 1)
            list.append({u"Shelf"_s, true, {{u"id"_s, id}, {u"code"_s, u"A-%1"_s.arg(i)}, {u"siteID"_s, site}}});
        else if (place % 10 > 6)
            list.append({u"Count"_s, false, {{u"id"_s, u"c%1"_s.arg(i / 100 * 30 + place / 10 * 3 + place % 10 - 7)}, {u"quantity"_s, i}}});
        else
            list.append({u"Count"_s, true, {{u"id"_s, id}, {u"sku"_s, u"40012340%1"_s.arg(i)}, {u"quantity"_s, i % 1000},
                                            {u"note"_s, u"counted twice, the label was torn"_s},
                                            {u"shelfID"_s, u"n%1"_s.arg(i - (place % 10 == 0 ? 9 : place % 10 - 1))}}});
    }
    return list;
}

QList<Draft> Work::drafts(const Schema &schema, const QList<Mutation> &mutations)
{
    QList<Draft> drafts;
    for (const Mutation &mutation : mutations) {
        const auto model = schema.model(mutation.model);
        Draft draft(model);
        for (auto value = mutation.values.begin(); value != mutation.values.end(); ++value)
            draft.set(model->fieldIndex(value.key()), Value::fromJson(*value));
        drafts.append(draft);
    }
    return drafts;
}

qsizetype Work::countOn(TidelineTest::TestServer &server)
{
    qsizetype count = 0;
    for (const QString &field : {u"listSites"_s, u"listShelves"_s, u"listCounts"_s}) {
        QJsonValue token;
        do {
            const QJsonObject page = server.execute(u"query ($t: String) { page: %1(limit: 1000, nextToken: $t) { items { id } nextToken } }"_s.arg(field),
                                                    {{u"t"_s, token}})["data"_L1]["page"_L1].toObject();
            count += page["items"_L1].toArray().size();
            token = page["nextToken"_L1];
        } while (token.isString());
    }
    return count;
}

} // namespace TidelineBench
