// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/endsignals.h"
#include "tools/importer.h"
#include "tools/remotecommand.h"

#include "core/data/json.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QUuid>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class ImportCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 3; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const EndpointOptionSet m_endpoint{};
    const QCommandLineOption m_format{u"format"_s, u"jsonl or csv; the default is what FILE's name ends in, else jsonl"_s, u"FORMAT"_s};
    const QCommandLineOption m_overwrite{u"overwrite"_s, u"Give a record that is there already the row's values"_s};
    const QCommandLineOption m_stop{u"stop"_s, u"End with the first row that fails"_s};
    const QCommandLineOption m_makeIds{u"make-ids"_s, u"Give rows without an id one made of the file's name, the line's number and the values, "
                                                      "so that the same file again creates no other records"_s};
    const QCommandLineOption m_batch{u"batch"_s, u"How many records one document creates (25)"_s, u"N"_s, u"25"_s};
};

void ImportCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Creates the records of a file, JSON lines or CSV as \"tideline export\" writes them, at a Tideline server or AWS AppSync.\n"
        "Fields that the backend fills in itself (timestamps, owners, metadata) are passed over. Rows that fail are reported "
        "as FILE:LINE with the reason and do not stop the rest; the exit code is 1 then.\n"
        "An import that was ended in any way goes on when it is run again: a row whose record is there with its values is done. "
        "One that is there with other values fails, or is updated with --overwrite. Ctrl-C ends it between two documents of a file."_s);
    m_endpoint.addTo(parser);
    parser.addOptions({m_format, m_overwrite, m_stop, m_makeIds, m_batch});
    parser.addPositionalArgument(u"SCHEMA"_s, u"The schema of models"_s);
    parser.addPositionalArgument(u"MODEL"_s, u"The model type"_s);
    parser.addPositionalArgument(u"FILE"_s, u"The records; \"-\" is standard input"_s);
}

// The same for the same row of a file of the same name.
void makeId(RecordRow &row, const QString &fileName, const ModelType &model)
{
    static constexpr QUuid space(0x6f1d1c2b, 0x33a4, 0x4c55, 0x9e, 0x0b, 0x51, 0x74, 0xd6, 0x2f, 0x8a, 0x90);
    if (!row.problem.isEmpty() || row.input.contains(u"id"_s) || !model.hasManagedId())
        return;
    const QByteArray seed = model.name.toUtf8() + '\n' + fileName.toUtf8() + '\n' + QByteArray::number(row.line) + '\n' + jsonText(row.input);
    row.input.insert(u"id"_s, QUuid::createUuidV5(space, seed).toString(QUuid::WithoutBraces));
}

struct ImportJob
{
    Schema schema;
    std::shared_ptr<const ModelType> model;
    QString path;
    RecordFormat format = RecordFormat::JsonLines;
    ImportOptions options;
    bool stopAtFailure = false;
    bool makeIds = false;
};

QString summary(const ImportCounts &counts)
{
    return u"created: %1, there already: %2, updated: %3, failed: %4"_s
        .arg(counts.created).arg(counts.present).arg(counts.updated).arg(counts.failed);
}

// Gives every row to the importer until one of the ends there are.
Result<void> importRows(const ImportJob &job, RecordReader &reader, Importer &importer, Progress &progress, const std::function<bool()> &mayGoOn)
{
    const QString fileName = QFileInfo(job.path).fileName();
    while (std::optional<RecordRow> row = reader.next()) {
        if (job.makeIds)
            makeId(*row, fileName, *job.model);
        if (const Result<void> added = importer.add(*row); !added)
            return added;
        const ImportCounts &counts = importer.counts();
        progress.update(counts.created + counts.present + counts.updated, reader.position());
        if (job.stopAtFailure && counts.failed > 0) {
            const Result<void> before = importer.finish();
            return before ? Error(Error::Code::Rejected, u"stopped at a row that failed"_s) : before;
        }
        if (!mayGoOn())
            return Error(Error::Code::Cancelled, u"interrupted; run the same command again to go on"_s);
    }
    return importer.finish();
}

int runImport(const ImportJob &job, QFile &file, Endpoint &endpoint, const std::function<bool()> &mayGoOn, Console &console)
{
    const QString name = Console::displayName(job.path);
    const Result<std::unique_ptr<RecordReader>> reader = RecordReader::open(job.format, job.schema, *job.model, file);
    if (!reader) {
        console.report(u"%1:1: %2"_s.arg(name, reader.error().message()));
        return Failure;
    }
    Importer importer(job.schema, job.model, endpoint, job.options,
                      [&](qint64 line, const QString &reason) { console.report(u"%1:%2: %3"_s.arg(name).arg(line).arg(reason)); });
    Progress progress(console, file.isSequential() ? 0 : file.size());
    Result<void> done = importRows(job, **reader, importer, progress, mayGoOn);
    if (done && file.error() != QFileDevice::NoError)
        done = Error(Error::Code::StoreUnavailable, u"cannot read %1: %2"_s.arg(name, file.errorString()));
    console.showStatus({});
    console.report(summary(importer.counts()));
    if (!done)
        console.report(u"tideline import: "_s + done.error().message());
    return done && importer.counts().failed == 0 ? Success : Failure;
}

int ImportCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QStringList arguments = parser.positionalArguments();
    const int batch = parser.value(m_batch).toInt();
    if (batch < 1 || batch > 1000)
        return usageError(console, u"import", Error(Error::Code::InvalidArgument, u"--batch is a number from 1 to 1000"_s));
    const std::variant<RemoteModel, int> opened = openModel(u"import", m_endpoint, parser, parser.value(m_format), console);
    if (const int *code = std::get_if<int>(&opened))
        return *code;
    const auto &[options, schema, model, format] = std::get<RemoteModel>(opened);
    QFile file(arguments[2]);
    if (!(arguments[2] == u"-"_s ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly))) {
        console.report(u"tideline: cannot read %1: %2"_s.arg(arguments[2], file.errorString()));
        return Failure;
    }
    std::optional<EndSignals> signals;  // while waiting for more standard input they end the process as ever
    if (!file.isSequential())
        signals.emplace();
    Endpoint endpoint(options);
    if (signals)
        interruptOn(*signals, endpoint);
    const auto mayGoOn = [&] {
        if (signals)
            signals->check();
        return !endpoint.isInterrupted();
    };
    const ImportJob job{schema, model, arguments[2], format, {batch, parser.isSet(m_overwrite)}, parser.isSet(m_stop), parser.isSet(m_makeIds)};
    return runImport(job, file, endpoint, mayGoOn, console);
}

} // namespace

std::unique_ptr<Command> makeImportCommand()
{
    return std::make_unique<ImportCommand>();
}

} // namespace Tideline::Tools
