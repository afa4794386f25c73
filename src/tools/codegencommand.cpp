// SPDX-License-Identifier: MIT
#include "tools/codegenerator.h"
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

/*! Leaves a file alone that already has the text, so that nothing is compiled again for nothing. */
bool writeFile(const QString &path, const QByteArray &text, Console &console)
{
    QFile old(path);
    if (old.open(QIODevice::ReadOnly) && old.readAll() == text)
        return true;
    old.close();
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        return true;
    console.report(u"%1: cannot be written: %2"_s.arg(path, file.errorString()));
    return false;
}

int CodegenCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString path = parser.positionalArguments().constFirst();
    const Result<QString> source = console.read(path);
    if (!source) {
        console.report(source.error().message());
        return Failure;
    }
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(path));
    if (!schema) {
        console.report(schema.error().message());
        return Failure;
    }
    const QString stem = QFileInfo(path).completeBaseName();
    const QString name = parser.isSet(m_name) ? parser.value(m_name) : stem.left(1).toUpper() + stem.mid(1);
    const QString folder = parser.value(m_out);
    if (!QDir().mkpath(folder)) {
        console.report(u"%1: the folder cannot be made"_s.arg(folder));
        return Failure;
    }
    const CodegenOptions options{.name = name, .baseName = name.toLower(), .schemaFile = QFileInfo(path).fileName()};
    for (const GeneratedFile &file : generateCode(*schema, options)) {
        if (!writeFile(QDir(folder).filePath(file.name), file.text.toUtf8(), console))
            return Failure;
    }
    return Success;
}

} // namespace

std::unique_ptr<Command> makeCodegenCommand()
{
    return std::make_unique<CodegenCommand>();
}

} // namespace Tideline::Tools
