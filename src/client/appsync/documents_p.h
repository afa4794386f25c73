// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"
#include "core/schema/appsyncschema.h"

#include <QtCore/QHash>
#include <QtCore/QJsonObject>

namespace Tideline {

/*
    The GraphQL documents of a DataStore client, as the protocol has them: every column of a model and
    its metadata are selected, relations travel as their foreign keys.
*/
class TIDELINE_EXPORT Documents
{
public:
    explicit Documents(const Schema &schema) : m_schema(schema) { }

    struct Request
    {
        QString query;
        QJsonObject variables;
    };

    [[nodiscard]] Request sync(const ModelType &model, int limit, const QString &nextToken, qint64 lastSync, const QJsonObject &filter);
    [[nodiscard]] Request mutations(const QList<OutboxEntry> &entries);     // aliased m0, m1 ... when there are several
    [[nodiscard]] Request subscription(const ModelType &model, const QString &field);

    [[nodiscard]] static QJsonObject filter(const Predicate &predicate);    // as AppSync understands it
    [[nodiscard]] static qsizetype mutationAt(qsizetype line, qsizetype count);
    [[nodiscard]] static qsizetype size(const OutboxEntry &entry);
    [[nodiscard]] static QString alias(qsizetype number, qsizetype count, const OutboxEntry &entry);

private:
    [[nodiscard]] const QString &selection(const ModelType &model);

    Schema m_schema;
    QHash<QString, QString> m_selections;
};

} // namespace Tideline
