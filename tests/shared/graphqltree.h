// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

namespace Tideline::Tests {

// A syntax tree as JSON with every "loc" taken out: what two spellings of one document share.
inline QJsonValue withoutLocations(const QJsonValue &tree)
{
    if (tree.isArray()) {
        QJsonArray items;
        const QJsonArray array = tree.toArray();
        for (const QJsonValue &item : array)
            items.append(withoutLocations(item));
        return items;
    }
    if (!tree.isObject())
        return tree;
    QJsonObject fields;
    const QJsonObject object = tree.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() != QLatin1StringView("loc"))
            fields.insert(it.key(), withoutLocations(it.value()));
    }
    return fields;
}

} // namespace Tideline::Tests
