// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/endpoint.h"
#include "tools/endsignals.h"
#include "tools/modeldocuments.h"
#include "tools/recordtext.h"
#include "tools/remotecommand.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QJsonArray>
#include <QtCore/QSaveFile>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

constexpr int PageSize = 1000;

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
};

void ExportCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Writes the records of a model, as JSON lines or CSV with a header row, from a Tideline server or AWS AppSync.\n"
        "FILE appears when it is complete; until then, and after an error, one of that name stays what it was.\n"
        "JSON lines: an object per line, values as they are on the wire. CSV (RFC 4180, UTF-8): an empty cell is null, \"\" is "
        "the empty text; lists and embedded types are JSON. Deleted records are left out. Records that the endpoint "
        "cannot give are reported, and the exit code is 1."_s);
    m_endpoint.addTo(parser);
    parser.addOption(m_format);
    parser.addPositionalArgument(u"SCHEMA"_s, u"The schema of models"_s);
    parser.addPositionalArgument(u"MODEL"_s, u"The model type"_s);
    parser.addPositionalArgument(u"FILE"_s, u"Where to; standard output without it"_s, u"[FILE]"_s);
}

// Where records go: a file that is there when it is complete, or standard output.
class Output
{
public:
    Output(const QString &path, Console &console) : m_console(console), m_file(path), m_toFile(!path.isEmpty()) { }

    [[nodiscard]] Result<void> open()
    {
        return !m_toFile || m_file.open(QIODevice::WriteOnly) ? Result<void>() : failure();
    }
    [[nodiscard]] Result<void> write(const QByteArray &text)
    {
        if (m_toFile)
            return m_file.write(text) == text.size() ? Result<void>() : failure();
        m_console.print(text);
        return m_console.flush() ? Result<void>() : Error(Error::Code::StoreUnavailable, u"the output was not taken"_s);
    }
    [[nodiscard]] Result<void> finish()
    {
        return !m_toFile || m_file.commit() ? Result<void>() : failure();
    }

private:
    [[nodiscard]] Error failure() const
    {
        return Error(Error::Code::StoreUnavailable, u"cannot write %1: %2"_s.arg(m_file.fileName(), m_file.errorString()));
    }

    Console &m_console;
    QSaveFile m_file;
    const bool m_toFile;
};

class Exporter
{
public:
    Exporter(ModelDocuments documents, RecordFormat format, Endpoint &endpoint, Output &output, Console &console)
        : m_documents(std::move(documents)), m_format(format), m_endpoint(endpoint), m_output(output), m_console(console) { }

    // The number of records that could not be read.
    [[nodiscard]] Result<qint64> run()
    {
        Progress progress(m_console, 0);
        if (const Result<void> written = m_output.write(recordHeader(m_format, m_documents.model())); !written)
            return written.error();
        QString nextToken;
        do {
            const Result<QString> page = copyPage(nextToken);
            if (!page)
                return page.error();
            if (m_endpoint.isInterrupted())
                return Error(Error::Code::Cancelled, u"interrupted"_s);
            nextToken = *page;
            progress.update(m_records, 0);
        } while (!nextToken.isEmpty());
        if (const Result<void> finished = m_output.finish(); !finished)
            return finished.error();
        m_console.showStatus({});
        m_console.report(u"%1 records of %2 exported"_s.arg(m_records).arg(m_documents.model().name));
        return m_unreadable;
    }

private:
    [[nodiscard]] Result<QString> copyPage(const QString &nextToken)
    {
        const GraphQLDocument document = m_documents.list(PageSize, nextToken);
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
            ++m_records;
        }
        if (const Result<void> written = m_output.write(text); !written)
            return written.error();
        return page["nextToken"_L1].toString();
    }

    void reportUnreadable(const QJsonObject &answer)
    {
        for (const QJsonValue &error : answer.value("errors"_L1).toArray()) {
            ++m_unreadable;
            m_console.report(u"tideline export: a record cannot be read: %1"_s.arg(errorText({{u"errors"_s, QJsonArray{error}}})));
        }
    }

    const ModelDocuments m_documents;
    const RecordFormat m_format;
    Endpoint &m_endpoint;
    Output &m_output;
    Console &m_console;
    qint64 m_records = 0;
    qint64 m_unreadable = 0;
};

int ExportCommand::run(const QCommandLineParser &parser, Console &console)
{
    const std::variant<RemoteModel, int> opened = openModel(u"export", m_endpoint, parser, parser.value(m_format), console);
    if (const int *code = std::get_if<int>(&opened))
        return *code;
    const auto &[options, schema, model, format] = std::get<RemoteModel>(opened);
    EndSignals signals;
    Endpoint endpoint(options);
    interruptOn(signals, endpoint);
    Output output(parser.positionalArguments().value(2), console);
    const Result<void> done = output.open();
    const Result<qint64> unreadable = done ? Exporter({schema, model}, format, endpoint, output, console).run() : done.error();
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
