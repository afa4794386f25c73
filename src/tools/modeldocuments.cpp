// SPDX-License-Identifier: MIT
#include "tools/modeldocuments.h"

#include "core/schema/appsyncschema.h"
#include "core/schema/selection.h"

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

ModelDocuments::ModelDocuments(const Schema &schema, std::shared_ptr<const ModelType> model)
    : m_model(std::move(model)), m_selection(recordSelection(schema, *m_model))
{
}

static QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

/*! Without a list query, of syncXs: then a record that changes meanwhile may come twice. */
GraphQLDocument ModelDocuments::list(int limit, const QString &nextToken) const
{
    const OperationNames names = operationNames(*m_model);
    const QString query = u"query operation($limit: Int, $nextToken: String) {\n"
                          "  page: %1(limit: $limit, nextToken: $nextToken) { items {%2 } nextToken }\n}\n"_s
                              .arg(names.list.isEmpty() ? names.sync : names.list, m_selection);
    return {query, {{u"limit"_s, limit}, {u"nextToken"_s, orNull(nextToken)}}};
}

/*! \a lastSync is ms since the epoch; 0: everything. */
GraphQLDocument ModelDocuments::sync(int limit, const QString &nextToken, qint64 lastSync) const
{
    const QString query = u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp) {\n"
                          "  page: %1(limit: $limit, nextToken: $nextToken, lastSync: $lastSync) { items {%2 } nextToken startedAt }\n}\n"_s
                              .arg(operationNames(*m_model).sync, m_selection);
    return {query, {{u"limit"_s, limit}, {u"nextToken"_s, orNull(nextToken)}, {u"lastSync"_s, lastSync}}};
}

GraphQLDocument ModelDocuments::create(const QList<QJsonObject> &inputs) const
{
    GraphQLDocument document;
    QStringList declarations;
    QString roots;
    for (qsizetype i = 0; i < inputs.size(); ++i) {
        declarations.append(u"$i%1: %2!"_s.arg(i).arg(inputTypeName(u"Create", *m_model)));
        roots += u"  m%1: %2(input: $i%1) { ...record }\n"_s.arg(i).arg(operationNames(*m_model).create);
        document.variables.insert(u"i%1"_s.arg(i), inputs[i]);
    }
    document.query = u"mutation operation(%1) {\n%2}\nfragment record on %3 {%4 }\n"_s
                         .arg(declarations.join(u", "), roots, m_model->name, m_selection);
    return document;
}

GraphQLDocument ModelDocuments::update(const QJsonObject &input) const
{
    return {u"mutation operation($input: %1!) {\n  m0: %2(input: $input) {%3 }\n}\n"_s
                .arg(inputTypeName(u"Update", *m_model), operationNames(*m_model).update, m_selection),
            {{u"input"_s, input}}};
}

bool ModelDocuments::canGet() const
{
    return !operationNames(*m_model).get.isEmpty();
}

GraphQLDocument ModelDocuments::get(const QJsonObject &input) const
{
    GraphQLDocument document;
    QStringList declarations, arguments;
    for (const int index : m_model->primaryKey) {
        const SchemaField &field = m_model->fields[size_t(index)];
        declarations.append(u"$k%1: %2!"_s.arg(arguments.size()).arg(field.type.name));
        document.variables.insert(u"k%1"_s.arg(arguments.size()), input.value(field.name));
        arguments.append(u"%1: $k%2"_s.arg(field.name).arg(arguments.size()));
    }
    document.query = u"query operation(%1) {\n  record: %2(%3) {%4 }\n}\n"_s
                         .arg(declarations.join(u", "), operationNames(*m_model).get, arguments.join(u", "), m_selection);
    return document;
}

GraphQLDocument ModelDocuments::subscription(const QString &field) const
{
    return {u"subscription operation {\n  %1 {%2 }\n}\n"_s.arg(field, m_selection), {}};
}

} // namespace Tideline::Tools
