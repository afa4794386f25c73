// SPDX-License-Identifier: MIT
#pragma once

#include "tools/endpoint.h"
#include "tools/modeldocuments.h"
#include "tools/recordtext.h"

#include <functional>

namespace Tideline::Tools {

struct ImportOptions
{
    int batch = 25;                     // creates in one document
    bool overwrite = false;             // a record that is there with other values
};

struct ImportCounts
{
    qint64 created = 0;                 // or found as if just created by the same row before
    qint64 present = 0;                 // there already with the row's values
    qint64 updated = 0;
    qint64 failed = 0;
};

/*
    Creates records by their rows, several in a document, half as many when the endpoint refuses the document. It may end at
    any moment: a row whose record is there with its values is done, so the same rows again lose and double nothing.
*/
class Importer
{
public:
    using Report = std::function<void(qint64 line, const QString &reason)>;    // of a row that failed

    Importer(const Schema &schema, std::shared_ptr<const ModelType> model, Endpoint &endpoint, const ImportOptions &options, Report report);

    // Fails when no row can be created any more, as without permission or connection.
    [[nodiscard]] Result<void> add(const RecordRow &row);
    [[nodiscard]] Result<void> finish();
    [[nodiscard]] const ImportCounts &counts() const { return m_counts; }

private:
    [[nodiscard]] Result<void> send(const QList<RecordRow> &rows);
    [[nodiscard]] Result<void> sendHalves(const QList<RecordRow> &rows);
    [[nodiscard]] Result<void> settle(const RecordRow &row, const QJsonArray &errors, const QJsonValue &record);
    [[nodiscard]] Result<void> meet(const RecordRow &row, const QString &refusal);      // the record that has the key
    [[nodiscard]] Result<void> update(const RecordRow &row, const QJsonObject &stored);
    [[nodiscard]] QString differingField(const QJsonObject &input, const QJsonObject &stored) const;
    [[nodiscard]] bool hasKey(const RecordRow &row) const;
    void fail(const RecordRow &row, const QString &reason);

    const Schema m_schema;
    const std::shared_ptr<const ModelType> m_model;
    const ModelDocuments m_documents;
    Endpoint &m_endpoint;
    ImportOptions m_options;
    const Report m_report;
    QList<RecordRow> m_waiting;
    ImportCounts m_counts;
};

} // namespace Tideline::Tools
