// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include "core/graphql/parser.h"
#include "core/graphql/printer.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QJsonDocument>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

struct Described
{
    bool executable = false;
    QString name;                               // with its kind, as in: type "Todo"
    GraphQL::Location loc;
};

QString quoted(const QString &kind, const QString &name)
{
    return u"%1 \"%2\""_s.arg(kind, name);
}

Described describe(const GraphQL::OperationDefinition &operation)
{
    const QString kind = operation.operation == GraphQL::OperationType::Query ? u"query"_s
        : operation.operation == GraphQL::OperationType::Mutation             ? u"mutation"_s
                                                                              : u"subscription"_s;
    return {true, operation.name ? quoted(kind, operation.name->value) : u"anonymous "_s + kind, operation.loc};
}

Described describe(const GraphQL::FragmentDefinition &fragment)
{
    return {true, quoted(u"fragment"_s, fragment.name.value), fragment.loc};
}

Described describe(const GraphQL::SchemaDefinition &schema)
{
    return {false, schema.extension ? u"extension of the schema"_s : u"schema"_s, schema.loc};
}

Described describe(const GraphQL::TypeDefinition &type)
{
    return {false, quoted(type.extension ? u"extension of type"_s : u"type"_s, type.name.value), type.loc};
}

Described describe(const GraphQL::DirectiveDefinition &directive)
{
    return {false, quoted(u"directive"_s, u'@' + directive.name.value), directive.loc};
}

class ParseCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const QCommandLineOption m_schema{u"schema"_s,
                                      u"Expect type system definitions instead of executable ones"_s};
};

void ParseCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Prints the syntax tree of a GraphQL document as JSON, in the shape of graphql-js's tree."_s);
    parser.addOption(m_schema);
    parser.addPositionalArgument(u"FILE"_s, u"The document; \"-\" is standard input"_s);
}

int ParseCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString path = parser.positionalArguments().constFirst();
    const Result<QString> source = console.read(path);
    if (!source) {
        console.report(source.error().message());
        return Failure;
    }
    const auto reportAt = [&console, &path](const GraphQL::SourcePosition &at, const QString &message) {
        console.report(u"%1:%2:%3: %4"_s.arg(Console::displayName(path), QString::number(at.line),
                                            QString::number(at.column), message));
    };
    const GraphQL::ParseResult result = GraphQL::parse(*source);
    if (const auto *error = std::get_if<GraphQL::SyntaxError>(&result)) {
        reportAt(error->at, error->message);
        return Failure;
    }
    const GraphQL::Document &document = std::get<GraphQL::Document>(result);
    const bool schema = parser.isSet(m_schema);
    bool fits = true;
    for (const GraphQL::Definition &definition : document.definitions) {
        const Described described = std::visit([](const auto &node) { return describe(node); }, definition);
        if (described.executable != schema)
            continue;
        fits = false;
        reportAt(GraphQL::positionOf(*source, described.loc.start),
                 schema ? u"%1 is an executable definition; --schema expects type system definitions only"_s.arg(
                     described.name)
                        : u"%1 is a type system definition; use --schema for those"_s.arg(described.name));
    }
    if (!fits)
        return Failure;
    console.print(QJsonDocument(GraphQL::toJson(document)).toJson());
    return Success;
}

} // namespace

std::unique_ptr<Command> makeParseCommand()
{
    return std::make_unique<ParseCommand>();
}

} // namespace Tideline::Tools
