// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/endpoint.h"
#include "tools/endsignals.h"
#include "tools/exportfile.h"
#include "tools/modeldocuments.h"
#include "tools/recordtext.h"
#include "tools/remotecommand.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QJsonArray>

#include <optional>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class ExportCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 2; }
    [[nodiscard]] int maximumArguments() const override { return 3; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const EndpointOptionSet m_endpoint{};
    const QCommandLineOption m_format{u"format"_s, u"jsonl or csv; the default is what FILE's name ends in, else jsonl"_s, u"FORMAT"_s};
    const QCommandLineOption m_batch{u"batch"_s, u"How many records one request asks for (1000)"_s, u"N"_s, u"1000"_s};
};

void ExportCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Writes the records of a model, as JSON lines or CSV with a header row, from a Tideline server or AWS AppSync.\n"
        "FILE appears when it is complete; until then, and after an error, one of that name stays what it was. An export to a file that "
        "was ended in any way goes on when it is run again, after the last page that is in FILE.part.\n"
        "JSON lines: an object per line, values as they are on the wire. CSV (RFC 4180, UTF-8): an empty cell is null, \"\" is "
        "the empty text; lists and embedded types are JSON. Deleted records are left out. Records that the endpoint "
        "cannot give are reported, and the exit code is 1."_s);
    m_endpoint.addTo(parser);
    parser.addOptions({m_format, m_batch});
    parser.addPositionalArgument(u"SCHEMA"_s, u"The schema of models"_s);
    parser.addPositionalArgument(u"MODEL"_s, u"The model type"_s);
    parser.addPositionalArgument(u"FILE"_s, u"Where to; standard output without it"_s, u"[FILE]"_s);
}

// Where records go: a file, or standard output.
class Output
{
public:
    Output(const QString &path, const QByteArray &subject, Console &console) : m_console(console)
    {
        if (!path.isEmpty())
            m_file.emplace(path, subject);
    }

    [[nodiscard]] Result<ExportFile::Mark> open() { return m_file ? m_file->open() : Result<ExportFile::Mark>(ExportFile::Mark()); }
    [[nodiscard]] Result<void> write(const QByteArray &text)
    {
        if (m_file)
            return m_file->write(text);
        m_console.print(text);
        return m_console.flush() ? Result<void>() : Error(Error::Code::StoreUnavailable, u"the output was not taken"_s);
    }
    [[nodiscard]] Result<void> mark(const ExportFile::Mark &mark) { return m_file ? m_file->mark(mark) : Result<void>(); }
    [[nodiscard]] Result<void> beginAnew() { return m_file ? m_file->beginAnew() : Result<void>(); }
    [[nodiscard]] Result<void> finish() { return m_file ? m_file->finish() : Result<void>(); }
    [[nodiscard]] bool isResumable() const { return m_file.has_value(); }

private:
    Console &m_console;
    std::optional<ExportFile> m_file;
};

class Exporter
{
public:
    Exporter(ModelDocuments documents, RecordFormat format, int batch, Endpoint &endpoint, Output &output, Console &console)
        : m_documents(std::move(documents)), m_format(format), m_batch(batch), m_endpoint(endpoint), m_output(output), m_console(console) { }

    // The number of records that could not be read.
    [[nodiscard]] Result<qint64> run()
    {
        const Result<ExportFile::Mark> opened = m_output.open();
        if (!opened)
            return opened.error();
        m_mark = *opened;
        Result<void> copied = m_mark.nextToken.isEmpty() ? begin() : goOn();
        while (copied && !m_mark.nextToken.isEmpty() && !m_endpoint.isInterrupted()) {
            copied = copyPage();
            m_progress.update(m_mark.records, 0);
        }
        if (copied && !m_mark.nextToken.isEmpty())
            copied = Error(Error::Code::Cancelled, u"interrupted"_s);
        if (copied)
            copied = m_output.finish();
        if (!copied)
            return m_output.isResumable() && m_mark.records > 0
                ? Error(copied.error().code(), copied.error().message() + u"; run the same command again to go on"_s)
                : copied.error();
        m_console.showStatus({});
        m_console.report(u"%1 records of %2 exported"_s.arg(m_mark.records).arg(m_documents.model().name));
        return m_mark.unreadable;
    }

private:
    [[nodiscard]] Result<void> begin()
    {
        const Result<void> written = m_output.write(recordHeader(m_format, m_documents.model()));
        return written ? copyPage() : written;
    }

    // A token may have expired, or be somebody else's.
    [[nodiscard]] Result<void> goOn()
    {
        m_console.report(u"goes on after %1 records"_s.arg(m_mark.records));
        const Result<void> copied = copyPage();
        if (copied || copied.error().code() != Error::Code::Rejected)
            return copied;
        m_console.report(u"cannot go on there, begins anew: %1"_s.arg(copied.error().message()));
        m_mark = {};
        const Result<void> emptied = m_output.beginAnew();
        return emptied ? begin() : emptied;
    }

    [[nodiscard]] Result<void> copyPage()
    {
        const GraphQLDocument document = m_documents.list(m_batch, m_mark.nextToken);
        const Result<QJsonObject> answer = m_endpoint.ask(document.query, document.variables);
        if (!answer)
            return answer.error();
        const QJsonValue page = answer->value("data"_L1)["page"_L1];
        if (!page["items"_L1].isArray())
            return Error(Error::Code::Rejected, u"the endpoint refuses: "_s + errorText(*answer));
        reportUnreadable(*answer);
        QByteArray text;
        for (const QJsonValue &item : page["items"_L1].toArray()) {
            if (item.isNull() || item["_deleted"_L1].toBool())
                continue;
            text += recordText(m_format, m_documents.model(), item.toObject());
            ++m_mark.records;
        }
        m_mark.nextToken = page["nextToken"_L1].toString();
        const Result<void> written = m_output.write(text);
        return written && !m_mark.nextToken.isEmpty() ? m_output.mark(m_mark) : written;
    }

    void reportUnreadable(const QJsonObject &answer)
    {
        for (const QJsonValue &error : answer.value("errors"_L1).toArray()) {
            ++m_mark.unreadable;
            m_console.report(u"tideline export: a record cannot be read: %1"_s.arg(errorText({{u"errors"_s, QJsonArray{error}}})));
        }
    }

    const ModelDocuments m_documents;
    const RecordFormat m_format;
    const int m_batch;
    Endpoint &m_endpoint;
    Output &m_output;
    Console &m_console;
    Progress m_progress{m_console, 0};
    ExportFile::Mark m_mark;
};

int ExportCommand::run(const QCommandLineParser &parser, Console &console)
{
    const int batch = parser.value(m_batch).toInt();
    if (batch < 1 || batch > 1000)
        return usageError(console, u"export", Error(Error::Code::InvalidArgument, u"--batch is a number from 1 to 1000"_s));
    const std::variant<RemoteModel, int> opened = openModel(u"export", m_endpoint, parser, parser.value(m_format), console);
    if (const int *code = std::get_if<int>(&opened))
        return *code;
    const auto &[options, schema, model, format] = std::get<RemoteModel>(opened);
    EndSignals signals;
    Endpoint endpoint(options);
    interruptOn(signals, endpoint);
    const ModelDocuments documents(schema, model);
    const QString subject = options.url.toString() + u'\n' + QString::number(int(format)) + u'\n' + documents.list(batch, {}).query;
    Output output(parser.positionalArguments().value(2), subject.toUtf8(), console);
    const Result<qint64> unreadable = Exporter(documents, format, batch, endpoint, output, console).run();
    if (!unreadable) {
        console.report(u"tideline export: "_s + unreadable.error().message());
        return Failure;
    }
    return *unreadable == 0 ? Success : Failure;
}

} // namespace

std::unique_ptr<Command> makeExportCommand()
{
    return std::make_unique<ExportCommand>();
}

} // namespace Tideline::Tools
