// SPDX-License-Identifier: MIT
#include "tools/codegenerator.h"
#include "tools/codegennames.h"
#include "tools/commands.h"
#include "tools/console.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QSaveFile>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class CodegenCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const QCommandLineOption m_name{u"name"_s, u"Namespace of the classes and name of the QML singleton; the default is the file's name, capitalised"_s, u"NAME"_s};
    const QCommandLineOption m_out{u"out"_s, u"Folder of the generated files; the default is the current one"_s, u"DIR"_s, u"."_s};
};

void CodegenCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(u"Writes NAME.h and NAME.cpp: a class for QML and C++ for each model type of the schema."_s);
    parser.addOptions({m_name, m_out});
    parser.addPositionalArgument(u"SCHEMA"_s, u"The GraphQL schema"_s);
}

bool hasText(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && file.readAll() == text;
}

/*! All files or none. One that has the text already is left alone, so that nothing is compiled again for nothing. */
Result<void> writeFiles(const QDir &folder, const QList<GeneratedFile> &files)
{
    std::vector<std::unique_ptr<QSaveFile>> open;
    const auto failure = [](const QSaveFile &file) {
        return Error(Error::Code::InvalidArgument, u"tideline: cannot write %1: %2"_s.arg(file.fileName(), file.errorString()));
    };
    for (const GeneratedFile &generated : files) {
        const QByteArray text = generated.text.toUtf8();
        if (hasText(folder.filePath(generated.name), text))
            continue;
        open.push_back(std::make_unique<QSaveFile>(folder.filePath(generated.name)));
        QSaveFile &file = *open.back();
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.flush())
            return failure(file);
    }
    for (const auto &file : open) {
        if (!file->commit())
            return failure(*file);
    }
    return {};
}

Result<void> generate(const QString &path, const QString &name, const QString &folder, Console &console)
{
    const Result<QString> source = console.read(path);
    if (!source)
        return source.error();
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(path));
    if (!schema)
        return schema.error();
    const CodegenOptions options{.name = name, .baseName = name.toLower(), .schemaFile = QFileInfo(path).fileName(),
                                 .schemaPath = Console::displayName(path)};
    const Result<QList<GeneratedFile>> files = generateCode(*schema, options);
    if (!files)
        return files.error();
    if (!QDir().mkpath(folder))
        return Error(Error::Code::InvalidArgument, u"tideline: cannot make the folder %1"_s.arg(folder));
    return writeFiles(QDir(folder), *files);
}

int CodegenCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString path = parser.positionalArguments().constFirst();
    const QString name = parser.isSet(m_name) ? parser.value(m_name) : capitalized(QFileInfo(path).completeBaseName());
    if (const QString problem = spaceProblem(name); !problem.isEmpty()) {
        console.report(u"tideline: %1; choose another --name"_s.arg(problem));
        return Failure;
    }
    const Result<void> done = generate(path, name, parser.value(m_out), console);
    if (done)
        return Success;
    const QString detail = done.error().detail();
    console.report(detail.isEmpty() ? done.error().message() : detail);
    return Failure;
}

} // namespace

std::unique_ptr<Command> makeCodegenCommand()
{
    return std::make_unique<CodegenCommand>();
}

} // namespace Tideline::Tools
