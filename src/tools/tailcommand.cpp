// SPDX-License-Identifier: MIT
#include "tools/changetail.h"
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/endsignals.h"
#include "tools/recordtext.h"
#include "tools/remotecommand.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QEventLoop>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class TailCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const EndpointOptionSet m_endpoint{};
    const QCommandLineOption m_model{u"model"_s, u"A model type to follow; may be given again (all)"_s, u"MODEL"_s};
};

void TailCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Prints each change of a record, as it happens at a Tideline server or AWS AppSync, as a line of JSON: "
        "{\"model\", \"change\": \"create\", \"update\" or \"delete\", \"version\", \"changedAt\", \"record\"}.\n"
        "When the connection breaks it is made again, after pauses of up to half a minute, and what happened meanwhile is "
        "fetched: the last state of every record that changed. Standard error says when it is connected. SIGINT and SIGTERM end it."_s);
    m_endpoint.addTo(parser);
    parser.addOption(m_model);
    parser.addPositionalArgument(u"SCHEMA"_s, u"The schema of models"_s);
}

QByteArray lineOf(const ModelType &model, const QJsonObject &record)
{
    const bool deleted = record.value("_deleted"_L1).toBool();
    const qint64 version = record.value("_version"_L1).toInteger();
    const QByteArray change = deleted ? "delete" : version == 1 ? "create" : "update";
    return R"({"model":")" + model.name.toUtf8() + R"(","change":")" + change + R"(","version":)" + QByteArray::number(version)
        + R"(,"changedAt":)" + QByteArray::number(record.value("_lastChangedAt"_L1).toInteger()) + R"(,"record":)"
        + recordText(RecordFormat::JsonLines, model, record).trimmed() + "}\n";
}

int follow(const Schema &schema, const QList<std::shared_ptr<const ModelType>> &models, const EndpointOptions &options, Console &console)
{
    EndSignals signals;
    QEventLoop loop;
    ChangeTail tail(schema, models, options);
    QObject::connect(&signals, &EndSignals::received, &loop, [&loop] { loop.exit(Success); });
    QObject::connect(&tail, &ChangeTail::connected, &loop, [&] { console.report(u"connected"_s); });
    QObject::connect(&tail, &ChangeTail::disconnected, &loop, [&](const QString &reason, qint64 nextTry) {
        console.report(u"not connected (%1); trying again in %2 s"_s.arg(reason).arg((nextTry + 999) / 1000));
    });
    QObject::connect(&tail, &ChangeTail::refused, &loop, [&](const QString &model, const QString &reason) {
        console.report(u"tideline tail: a subscription to %1 is refused: %2"_s.arg(model, reason));
    });
    QObject::connect(&tail, &ChangeTail::failed, &loop, [&](const QString &reason) {
        console.report(u"tideline tail: "_s + reason);
        loop.exit(Failure);
    }, Qt::QueuedConnection);
    QObject::connect(&tail, &ChangeTail::changed, &loop, [&](const ModelType &model, const QJsonObject &record) {
        console.print(lineOf(model, record));
        if (!console.flush())
            loop.exit(Failure);
    });
    tail.start();
    return loop.exec();
}

int TailCommand::run(const QCommandLineParser &parser, Console &console)
{
    const std::variant<Remote, int> opened = openRemote(u"tail", m_endpoint, parser, console);
    if (const int *code = std::get_if<int>(&opened))
        return *code;
    const auto &[options, schema] = std::get<Remote>(opened);
    QList<std::shared_ptr<const ModelType>> models;
    for (const QString &name : parser.values(m_model)) {
        const Result<std::shared_ptr<const ModelType>> model = modelOf(schema, name);
        if (!model)
            return usageError(console, u"tail", model.error());
        if (!models.contains(*model))
            models.append(*model);
    }
    if (models.isEmpty())
        models.append({schema.models().begin(), schema.models().end()});
    if (models.isEmpty())
        return usageError(console, u"tail", Error(Error::Code::InvalidSchema, u"the schema has no models"_s));
    return follow(schema, models, options, console);
}

} // namespace

std::unique_ptr<Command> makeTailCommand()
{
    return std::make_unique<TailCommand>();
}

} // namespace Tideline::Tools
