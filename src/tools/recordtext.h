// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/schema/schema.h"

#include <QtCore/QJsonObject>

QT_FORWARD_DECLARE_CLASS(QIODevice)

namespace Tideline::Tools {

enum class RecordFormat { JsonLines, Csv };

/*! What the option says ("jsonl", "csv"), or else the file's name. */
[[nodiscard]] Result<RecordFormat> recordFormat(const QString &option, const QString &fileName);

/*
    Records of one model as text, in UTF-8.

    JSON lines: an object per line, every field in the schema's order, values as they are on the wire.

    CSV (RFC 4180): a header with the fields' names, then a row per record; lines end in CR LF, or LF when read. A text is
    the cell; numbers and Booleans are as in JSON; lists and embedded types are JSON. An empty cell is null, a quoted empty
    one ("") is the empty text.
*/
[[nodiscard]] QByteArray recordHeader(RecordFormat format, const ModelType &model);
[[nodiscard]] QByteArray recordText(RecordFormat format, const ModelType &model, const QJsonObject &record);

// A record to be created: checked values of fields that a client may write.
struct RecordRow
{
    qint64 line = 0;                    // where it begins
    QJsonObject input;
    QString problem;                    // why it is none; else empty
};

/*! Reads such texts, with or without a byte order mark. Metadata and what the backend alone writes are passed over. */
class RecordReader
{
public:
    virtual ~RecordReader() = default;
    // Fails when no row of the text can be read.
    [[nodiscard]] static Result<std::unique_ptr<RecordReader>> open(RecordFormat format, const Schema &schema, const ModelType &model,
                                                                    QIODevice &device);
    [[nodiscard]] virtual std::optional<RecordRow> next() = 0;          // none: the end
    [[nodiscard]] virtual qint64 position() const = 0;                  // bytes read
};

} // namespace Tideline::Tools
