// SPDX-License-Identifier: MIT
#include "fuzz/fuzzbackend.h"

#include <QtCore/QJsonArray>

using namespace Tideline;
using namespace Tideline::Fuzz;

// The records of a list, page by page; nothing when the query is refused.
static std::optional<QJsonArray> itemsOf(const QString &query, const QString &field, QJsonObject variables, int limit)
{
    QJsonArray items;
    variables.insert(u"limit"_s, limit);
    for (int page = 0; page < 100; ++page) {
        const QJsonObject answer = theBackend().run(query, variables);
        if (answer.contains("errors"_L1))
            return std::nullopt;
        const QJsonObject list = answer["data"_L1][field].toObject();
        for (const QJsonValue &item : list["items"_L1].toArray())
            items.append(item);
        if (!list["nextToken"_L1].isString())
            return items;
        variables.insert(u"token"_s, list["nextToken"_L1]);
    }
    qFatal("pages without end");
}

static void comparePages(const QString &query, const QString &field, const QJsonObject &variables)
{
    const std::optional<QJsonArray> together = itemsOf(query, field, variables, 100);
    if (together != itemsOf(query, field, variables, 3))
        qFatal("other records page by page");
}

// A filter, as JSON: of a list, of a sync, of a condition and of a subscription.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QJsonDocument filter = QJsonDocument::fromJson(QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)));
    if (!filter.isObject())
        return -1;
    const QJsonObject variables{{u"f"_s, filter.object()}};
    comparePages(u"query($f: ModelItemFilterInput, $limit: Int, $token: String) { listItems(filter: $f, limit: $limit, nextToken: $token) "
                  "{ items { id } nextToken } }"_s, u"listItems"_s, variables);
    comparePages(u"query($f: ModelItemFilterInput, $limit: Int, $token: String) { syncItems(filter: $f, limit: $limit, nextToken: $token) "
                  "{ items { id _version } nextToken } }"_s, u"syncItems"_s, variables);
    (void)theBackend().run(u"mutation($f: ModelItemConditionInput) { updateItem(input: {id: \"none\"}, condition: $f) { id } }"_s, variables);
    (void)theBackend().run(u"query($f: ModelStringKeyConditionInput) { itemsByShelf(shelf: \"s1\", name: $f) { items { id } } }"_s, variables);
    const Result<SubscriptionId> started = theBackend().backend->subscribe(
        {u"subscription($f: ModelSubscriptionItemFilterInput) { onUpdateItem(filter: $f) { id } }"_s, variables, {}, {}},
        [](const QByteArray &payload) { FuzzBackend::checked(payload); });
    if (started) {
        (void)theBackend().run(u"mutation { updateItem(input: {id: \"i1\", count: 1}) { id } }"_s, {});
        theBackend().backend->unsubscribe(*started);
    }
    return 0;
}
