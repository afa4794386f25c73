// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"

#include <QtCore/QCommandLineParser>

#include <array>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<std::pair<QStringView, AuthRule::Provider>, 5> providers{{
    {u"apiKey", AuthRule::Provider::ApiKey},
    {u"iam", AuthRule::Provider::Iam},
    {u"oidc", AuthRule::Provider::Oidc},
    {u"userPools", AuthRule::Provider::UserPools},
    {u"function", AuthRule::Provider::Function},
}};

class PrintSchemaCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const QCommandLineOption m_provider{
        u"default-provider"_s,
        u"Whom the API lets in where the schema says nothing: apiKey, iam, oidc, userPools or function. "
        "Without it, the provider of the schema's first rule."_s,
        u"PROVIDER"_s};
};

void PrintSchemaCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Prints the GraphQL schema a backend offers for a schema of models: its types, inputs and operations."_s);
    parser.addOption(m_provider);
    parser.addPositionalArgument(u"FILE"_s, u"The schema of models; \"-\" is standard input"_s);
}

int PrintSchemaCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString name = parser.value(m_provider);
    const auto provider = std::find_if(providers.begin(), providers.end(),
                                       [&name](const auto &entry) { return entry.first == name; });
    if (parser.isSet(m_provider) && provider == providers.end()) {
        console.report(u"tideline: print-schema: unknown provider \"%1\""_s.arg(name));
        return UsageError;
    }
    const QString path = parser.positionalArguments().constFirst();
    const Result<QString> source = console.read(path);
    if (!source) {
        console.report(source.error().message());
        return Failure;
    }
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(path));
    if (!schema) {
        console.report(schema.error().detail());        // a line for each problem
        return Failure;
    }
    const GraphQL::Document document = provider == providers.end() ? appSyncDocument(*schema)
                                                                   : appSyncDocument(*schema, provider->second);
    console.print(GraphQL::print(document) + u'\n');
    return Success;
}

} // namespace

std::unique_ptr<Command> makePrintSchemaCommand()
{
    return std::make_unique<PrintSchemaCommand>();
}

} // namespace Tideline::Tools
