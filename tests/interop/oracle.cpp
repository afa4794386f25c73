// SPDX-License-Identifier: MIT
#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"
#include "server/execution/validation.h"
#include "shared/valueresolver.h"

#include <iostream>
#include <string>

/*
    Says what our validation and execution make of documents: a line of JSON in, a line of JSON out.

    {"sdl": TEXT}                               the type system of what follows
    {"models": TEXT}                            the same, made from model types; answers {"sdl": TEXT}
    {"source", "variables", "operationName", "root"}    answers {"errors", "data"}; without "root" it only validates
*/
namespace {

using namespace TidelineTest;

class Oracle
{
public:
    QByteArray ask(const QJsonObject &question)
    {
        if (question.contains("models"_L1))
            return text(useModels(question["models"_L1].toString()));
        if (question.contains("sdl"_L1))
            return text(use(question["sdl"_L1].toString()));
        const Answer answer = judge(question);
        const QByteArray errors = text(QJsonObject{{u"errors"_s, json(answer.errors)}});
        return answer.data ? errors.chopped(1) + ",\"data\":" + *answer.data + '}' : errors;
    }

private:
    QJsonObject useModels(const QString &source)
    {
        const Result<Schema> schema = Schema::parse(source);
        return schema ? use(GraphQL::print(appSyncDocument(*schema))) : problem(schema.error().message());
    }

    QJsonObject use(const QString &sdl)
    {
        const GraphQL::ParseResult parsed = GraphQL::parse(sdl);
        const auto *document = std::get_if<GraphQL::Document>(&parsed);
        if (!document)
            return problem(std::get<GraphQL::SyntaxError>(parsed).message);
        const auto built = TypeSystem::build(*document);
        if (!built)
            return problem(built.error().message());
        m_types = *built;
        return {{u"sdl"_s, sdl}};
    }

    Answer judge(const QJsonObject &question) const
    {
        const QString source = question["source"_L1].toString();
        const GraphQL::ParseResult parsed = GraphQL::parse(source);
        if (const auto *error = std::get_if<GraphQL::SyntaxError>(&parsed)) {
            GraphQLError entry;
            entry.message = error->message;
            entry.locations = {error->at};
            return {{}, {entry}};
        }
        const auto &document = std::get<GraphQL::Document>(parsed);
        const std::vector<GraphQLError> errors = validate(*m_types, document, source);
        if (!errors.empty() || !question.contains("root"_L1))
            return {{}, errors};
        return answer(*m_types, document, {source, question["variables"_L1].toObject(), question["operationName"_L1].toString()},
                      Value::fromJson(question["root"_L1]));
    }

    static QByteArray text(const QJsonObject &object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }
    static QJsonObject problem(const QString &message) { return {{u"problem"_s, message}}; }

    std::shared_ptr<const TypeSystem> m_types;
};

} // namespace

int main()
{
    std::ios::sync_with_stdio(false);
    Oracle oracle;
    for (std::string line; std::getline(std::cin, line);) {
        const QJsonObject question = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
        std::cout << oracle.ask(question).constData() << '\n' << std::flush;
    }
    return 0;
}
