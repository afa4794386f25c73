// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

#include <QtCore/QJsonObject>

namespace Tideline::Tools {

struct GraphQLDocument
{
    QString query = {};
    QJsonObject variables = {};
};

/*! The documents of one model, every column selected; roots are named m0, m1 ... where there may be several. */
class ModelDocuments
{
public:
    ModelDocuments(const Schema &schema, std::shared_ptr<const ModelType> model);

    [[nodiscard]] const ModelType &model() const { return *m_model; }

    // The root is "page" with items, nextToken and, of a sync, startedAt.
    [[nodiscard]] GraphQLDocument list(int limit, const QString &nextToken) const;
    [[nodiscard]] GraphQLDocument sync(int limit, const QString &nextToken, qint64 lastSync) const;

    [[nodiscard]] GraphQLDocument create(const QList<QJsonObject> &inputs) const;
    [[nodiscard]] GraphQLDocument update(const QJsonObject &input) const;
    [[nodiscard]] bool canGet() const;
    [[nodiscard]] GraphQLDocument get(const QJsonObject &input) const;      // by the key in the input
    [[nodiscard]] GraphQLDocument subscription(const QString &field) const;

private:

    std::shared_ptr<const ModelType> m_model;
    QString m_selection;
};

} // namespace Tideline::Tools
