// SPDX-License-Identifier: MIT
#include "tools/importer.h"

#include "core/data/json.h"
#include "core/data/scalars.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

// The root field, as in "m3", that an error of the response speaks of; empty: the whole document.
QString rootOf(const QJsonValue &error)
{
    return error["path"_L1].toArray().first().toString();
}

QString textOf(const QJsonValue &error)
{
    return errorText({{u"errors"_s, QJsonArray{error}}});
}

bool isTaken(const QJsonValue &error)
{
    const QString type = error["errorType"_L1].toString();
    return type.contains("ConditionalCheckFailed"_L1) || type == "ConflictUnhandled"_L1;
}

bool isDocumentRefused(const QJsonObject &answer)
{
    const QJsonArray errors = answer.value("errors"_L1).toArray();
    return answer.value("data"_L1).isNull()
        && std::any_of(errors.begin(), errors.end(), [](const QJsonValue &error) { return rootOf(error).isEmpty(); });
}

bool isSame(const Schema &schema, const FieldType &type, const QJsonValue &mine, const QJsonValue &stored)
{
    const bool json = type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::AWSJSON && !type.list;
    if (json && mine.isString() && stored.isString()) {     // AppSync writes it anew
        const QJsonValue a = parseJson('[' + mine.toString().toUtf8() + ']')[0], b = parseJson('[' + stored.toString().toUtf8() + ']')[0];
        return a == b;
    }
    FieldType any = type;
    any.required = false;
    const Result<Value> a = fromJson(schema, any, mine), b = fromJson(schema, any, stored.isUndefined() ? QJsonValue() : stored);
    return a && b && *a == *b;
}

} // namespace

Importer::Importer(const Schema &schema, std::shared_ptr<const ModelType> model, Endpoint &endpoint, const ImportOptions &options, Report report)
    : m_schema(schema), m_model(std::move(model)), m_documents(schema, m_model), m_endpoint(endpoint), m_options(options),
      m_report(std::move(report))
{
}

void Importer::fail(const RecordRow &row, const QString &reason)
{
    ++m_counts.failed;
    m_report(row.line, reason);
}

bool Importer::hasKey(const RecordRow &row) const
{
    return std::all_of(m_model->primaryKey.begin(), m_model->primaryKey.end(),
                       [&](int field) { return row.input.contains(m_model->fields[size_t(field)].name); });
}

Result<void> Importer::add(const RecordRow &row)
{
    if (!row.problem.isEmpty() || !hasKey(row)) {
        fail(row, row.problem.isEmpty() ? u"the row has no %1; see --make-ids"_s.arg(m_model->fields[size_t(m_model->primaryKey[0])].name)
                                        : row.problem);
        return {};
    }
    m_waiting.append(row);
    return m_waiting.size() < m_options.batch ? Result<void>() : finish();
}

Result<void> Importer::finish()
{
    const QList<RecordRow> rows = std::exchange(m_waiting, {});
    return rows.isEmpty() ? Result<void>() : send(rows);
}

Result<void> Importer::send(const QList<RecordRow> &rows)
{
    if (rows.size() > m_options.batch)  // that was learnt after they had been gathered
        return sendHalves(rows);
    QList<QJsonObject> inputs;
    for (const RecordRow &row : rows)
        inputs.append(row.input);
    const GraphQLDocument document = m_documents.create(inputs);
    const Result<QJsonObject> answer = m_endpoint.ask(document.query, document.variables);
    const bool refused = answer ? isDocumentRefused(*answer) : answer.error().code() == Error::Code::Rejected;
    if (refused && rows.size() > 1) {
        const qint64 before = m_counts.failed;
        const Result<void> sent = sendHalves(rows);
        if (sent && m_counts.failed == before)          // it was not for one of the rows
            m_options.batch = std::min(m_options.batch, int(rows.size() / 2));
        return sent;
    }
    if (refused) {
        fail(rows.constFirst(), answer ? errorText(*answer) : answer.error().message());
        return {};
    }
    if (!answer)
        return answer.error();
    const QJsonArray errors = answer->value("errors"_L1).toArray();
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const QString root = u"m%1"_s.arg(i);
        QJsonArray own;
        std::copy_if(errors.begin(), errors.end(), std::back_inserter(own), [&root](const QJsonValue &error) { return rootOf(error) == root; });
        if (const Result<void> settled = settle(rows[i], own, answer->value("data"_L1)[root]); !settled)
            return settled;
    }
    return {};
}

Result<void> Importer::sendHalves(const QList<RecordRow> &rows)
{
    const qsizetype half = rows.size() / 2;
    const Result<void> sent = send(rows.first(half));
    return sent ? send(rows.sliced(half)) : sent;
}

Result<void> Importer::settle(const RecordRow &row, const QJsonArray &errors, const QJsonValue &record)
{
    for (const QJsonValue &error : errors) {
        if (isTaken(error))
            return meet(row, textOf(error));
        if (error["path"_L1].toArray().size() == 1) {
            fail(row, textOf(error));
            return {};
        }
    }
    if (record.isObject() || !errors.isEmpty())     // created, though not all of it may be read
        ++m_counts.created;
    else
        fail(row, u"the endpoint answered nothing"_s);
    return {};
}

Result<void> Importer::meet(const RecordRow &row, const QString &refusal)
{
    if (!m_documents.canGet()) {
        fail(row, refusal);
        return {};
    }
    const GraphQLDocument document = m_documents.get(row.input);
    const Result<QJsonObject> answer = m_endpoint.ask(document.query, document.variables);
    if (!answer)
        return answer.error();
    const QJsonObject stored = answer->value("data"_L1)["record"_L1].toObject();
    if (stored.isEmpty() || stored.value("_deleted"_L1).toBool()) {
        fail(row, stored.isEmpty() ? refusal : u"a record with this key was deleted"_s);
        return {};
    }
    const QString field = differingField(row.input, stored);
    if (field.isEmpty())
        ++m_counts.present;
    else if (m_options.overwrite)
        return update(row, stored);
    else
        fail(row, u"a record with this key is there with another %1; --overwrite gives it the row's values"_s.arg(field));
    return {};
}

QString Importer::differingField(const QJsonObject &input, const QJsonObject &stored) const
{
    for (const SchemaField &field : m_model->fields) {
        if (input.contains(field.name) && !isSame(m_schema, field.type, input.value(field.name), stored.value(field.name)))
            return field.name;
    }
    return {};
}

Result<void> Importer::update(const RecordRow &row, const QJsonObject &stored)
{
    QJsonObject input = row.input;
    input.insert(u"_version"_s, stored.value("_version"_L1));
    const GraphQLDocument document = m_documents.update(input);
    const Result<QJsonObject> answer = m_endpoint.ask(document.query, document.variables);
    if (!answer && answer.error().code() != Error::Code::Rejected)
        return answer.error();
    if (answer && answer->value("data"_L1)["m0"_L1].isObject())
        ++m_counts.updated;
    else
        fail(row, answer ? errorText(*answer) : answer.error().message());
    return {};
}

} // namespace Tideline::Tools
