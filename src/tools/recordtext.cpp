// SPDX-License-Identifier: MIT
#include "tools/recordtext.h"

#include "core/data/json.h"
#include "core/data/scalars.h"
#include "tools/csvreader.h"

#include <QtCore/QFileInfo>
#include <QtCore/QIODevice>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSet>
#include <QtCore/QStringDecoder>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

bool isText(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return false;
    return type.kind == FieldType::Kind::Enum
        || (type.scalar != Scalar::Int && type.scalar != Scalar::Float && type.scalar != Scalar::Boolean && type.scalar != Scalar::AWSTimestamp);
}

bool isJson(const FieldType &type)
{
    return type.list || type.kind == FieldType::Kind::Embedded;
}

QByteArray cellText(const FieldType &type, const QJsonValue &value)
{
    if (value.isNull() || value.isUndefined())
        return {};
    QByteArray text = isText(type) ? value.toString().toUtf8() : jsonText(value);
    const bool plain = !text.isEmpty() && !text.startsWith(' ') && !text.endsWith(' ')
        && std::none_of(text.begin(), text.end(), [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; });
    return plain ? text : '"' + text.replace('"', "\"\"") + '"';
}

// Fields that a record's text may have and an input may not.
bool isPassedOver(const ModelType &model, const QString &name)
{
    static const QSet<QString> metadata{u"__typename"_s, u"_version"_s, u"_lastChangedAt"_s, u"_deleted"_s, u"_ttl"_s};
    const int index = model.fieldIndex(name);
    return index < 0 ? metadata.contains(name) : model.fields[size_t(index)].readOnly;
}

std::optional<QString> utf8(const QByteArray &bytes)
{
    QStringDecoder decode(QStringConverter::Utf8, QStringConverter::Flag::ConvertInitialBom);
    QString text = decode(bytes);
    return decode.hasError() ? std::nullopt : std::optional(text);
}

// Checks and adds a field; a problem is told in the row.
void addField(RecordRow &row, const SchemaField &field, const Result<Value> &value)
{
    if (!value)
        row.problem = u"field %1: %2"_s.arg(field.name, value.error().message());
    else
        row.input.insert(field.name, value->toJson());
}

// Whether the backend gives a new record a value where its creator gives none.
bool isFilledIn(const ModelType &model, const SchemaField &field)
{
    return field.readOnly || field.defaultValue || field.name == model.createdAt || field.name == model.updatedAt
        || (model.hasManagedId() && field.name == u"id");
}

bool isOmitted(const ModelType &model, const SchemaField &field, bool isNull)
{
    return isNull && field.type.required && isFilledIn(model, field);
}

// What no create can be without.
void checkComplete(RecordRow &row, const ModelType &model)
{
    for (const SchemaField &field : model.fields) {
        if (field.type.required && !isFilledIn(model, field) && !row.input.contains(field.name)) {
            row.problem = u"field %1 is required"_s.arg(field.name);
            return;
        }
    }
}

class JsonLinesReader final : public RecordReader
{
public:
    JsonLinesReader(const Schema &schema, const ModelType &model, QIODevice &device) : m_schema(schema), m_model(model), m_device(device) { }

    std::optional<RecordRow> next() override
    {
        for (;;) {
            QByteArray line = m_device.readLine();
            if (line.isEmpty())
                return std::nullopt;
            m_position += line.size();
            if (++m_line == 1 && line.startsWith("\xef\xbb\xbf"))
                line.remove(0, 3);
            if (!line.trimmed().isEmpty())
                return rowOf(line);
        }
    }
    qint64 position() const override { return m_position; }

private:
    [[nodiscard]] RecordRow rowOf(const QByteArray &line) const
    {
        RecordRow row{m_line, {}, {}};
        const QJsonDocument document = utf8(line) ? parseJson(line) : QJsonDocument();
        if (!document.isObject()) {
            row.problem = u"the line is not a JSON object in UTF-8"_s;
            return row;
        }
        const QJsonObject object = document.object();
        for (auto member = object.begin(); member != object.end() && row.problem.isEmpty(); ++member) {
            const int index = m_model.fieldIndex(member.key());
            if (isPassedOver(m_model, member.key()))
                continue;
            if (index < 0)
                row.problem = u"%1 has no field %2"_s.arg(m_model.name, member.key());
            else if (!isOmitted(m_model, m_model.fields[size_t(index)], member->isNull()))
                addField(row, m_model.fields[size_t(index)], fromJson(m_schema, m_model, index, member.value()));
        }
        if (row.problem.isEmpty())
            checkComplete(row, m_model);
        return row;
    }

    const Schema &m_schema;
    const ModelType &m_model;
    QIODevice &m_device;
    qint64 m_line = 0;
    qint64 m_position = 0;
};

class CsvRecordReader final : public RecordReader
{
public:
    CsvRecordReader(const Schema &schema, const ModelType &model, QIODevice &device) : m_schema(schema), m_model(model), m_csv(device) { }

    [[nodiscard]] Result<void> readHeader()
    {
        const auto refuse = [](const QString &message) { return Error(Error::Code::Validation, u"the header row: "_s + message); };
        const std::optional<CsvReader::Row> header = m_csv.next();
        if (!header)
            return refuse(u"there is none"_s);
        if (!header->problem.isEmpty())
            return refuse(QString::fromUtf8(header->problem));
        QSet<QString> known;
        for (const CsvReader::Cell &cell : header->cells) {
            const QString name = QString::fromUtf8(cell.text);
            const int index = m_model.fieldIndex(name);
            if (index < 0 && !isPassedOver(m_model, name))
                return refuse(u"%1 has no field \"%2\""_s.arg(m_model.name, name));
            if (known.contains(name))
                return refuse(u"field %1 stands twice"_s.arg(name));
            known.insert(name);
            m_fields.append(isPassedOver(m_model, name) ? -1 : index);
        }
        return {};
    }

    std::optional<RecordRow> next() override
    {
        const std::optional<CsvReader::Row> cells = m_csv.next();
        if (!cells)
            return std::nullopt;
        RecordRow row{cells->line, {}, QString::fromUtf8(cells->problem)};
        if (row.problem.isEmpty() && cells->cells.size() != m_fields.size())
            row.problem = u"%1 cells instead of the header's %2"_s.arg(cells->cells.size()).arg(m_fields.size());
        for (qsizetype i = 0; i < m_fields.size() && row.problem.isEmpty(); ++i) {
            const CsvReader::Cell &cell = cells->cells[i];
            const SchemaField *field = m_fields[i] < 0 ? nullptr : &m_model.fields[size_t(m_fields[i])];
            if (field && !isOmitted(m_model, *field, isNull(cell)))
                addField(row, *field, valueOf(m_fields[i], cell));
        }
        if (row.problem.isEmpty())
            checkComplete(row, m_model);
        return row;
    }
    qint64 position() const override { return m_csv.position(); }

private:
    static bool isNull(const CsvReader::Cell &cell) { return cell.text.isEmpty() && !cell.quoted; }

    [[nodiscard]] Result<Value> valueOf(int index, const CsvReader::Cell &cell) const
    {
        const FieldType &type = m_model.fields[size_t(index)].type;
        if (isNull(cell))
            return fromJson(m_schema, m_model, index, QJsonValue());
        const std::optional<QString> text = utf8(cell.text);
        if (!text)
            return Error(Error::Code::Validation, u"not valid UTF-8"_s);
        if (!isJson(type))
            return fromVariant(m_schema, m_model, index, *text);
        const QJsonDocument document = parseJson(cell.text);
        if (document.isNull())
            return Error(Error::Code::Validation, u"not JSON"_s);
        return fromJson(m_schema, m_model, index, document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()));
    }

    const Schema &m_schema;
    const ModelType &m_model;
    CsvReader m_csv;
    QList<int> m_fields;                // of the columns; -1: passed over
};

} // namespace

Result<RecordFormat> recordFormat(const QString &option, const QString &fileName)
{
    const QString word = option.isEmpty() ? QFileInfo(fileName).suffix().toLower() : option;
    if (word == u"csv"_s)
        return RecordFormat::Csv;
    if (option.isEmpty() || word == u"jsonl"_s)
        return RecordFormat::JsonLines;
    return Error(Error::Code::InvalidArgument, u"--format is jsonl or csv, not \"%1\""_s.arg(option));
}

QByteArray recordHeader(RecordFormat format, const ModelType &model)
{
    if (format == RecordFormat::JsonLines)
        return {};
    QByteArrayList names;
    for (const SchemaField &field : model.fields)
        names.append(field.name.toUtf8());
    return names.join(',') + "\r\n";
}

QByteArray recordText(RecordFormat format, const ModelType &model, const QJsonObject &record)
{
    QByteArrayList texts;
    for (const SchemaField &field : model.fields) {
        const QJsonValue value = record.value(field.name);
        if (format == RecordFormat::Csv)
            texts.append(cellText(field.type, value));
        else
            texts.append('"' + field.name.toUtf8() + "\":" + jsonText(value.isUndefined() ? QJsonValue() : value));
    }
    return format == RecordFormat::Csv ? texts.join(',') + "\r\n" : '{' + texts.join(',') + "}\n";
}

Result<std::unique_ptr<RecordReader>> RecordReader::open(RecordFormat format, const Schema &schema, const ModelType &model, QIODevice &device)
{
    if (format == RecordFormat::JsonLines)
        return std::unique_ptr<RecordReader>(std::make_unique<JsonLinesReader>(schema, model, device));
    auto csv = std::make_unique<CsvRecordReader>(schema, model, device);
    if (const Result<void> header = csv->readHeader(); !header)
        return header.error();
    return std::unique_ptr<RecordReader>(std::move(csv));
}

} // namespace Tideline::Tools
