// SPDX-License-Identifier: MIT
#include "tools/codegenerator.h"

#include "tools/codegenmodel.h"
#include "tools/codegentext.h"

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

namespace {

// The schema for QML, and the names of enum values.
QString singletonClass(const CodegenInput &input)
{
    QString properties;
    QString getters;
    for (const EnumType &type : input.schema.enumTypes()) {
        const QString name = input.names.type(type.name);
        const QString values = input.names.valuesOf(type.name);
        properties += u"    Q_PROPERTY(%1::%3 %2 READ enum%2 CONSTANT FINAL)\n"_s.arg(input.space, name, values);
        getters += u"    [[nodiscard]] %2 enum%1() const { return {}; }\n"_s.arg(name, values);
    }
    return enumValuesForQml(input) + uR"(/*! What QML finds by the name of the module: %1.schema, and the values of enums. */
class SchemaSource : public QObject
{
    Q_OBJECT
    QML_NAMED_ELEMENT(%1)
    QML_SINGLETON
    Q_PROPERTY(Tideline::Schema schema READ schema CONSTANT FINAL)
%2
public:
    using QObject::QObject;

    [[nodiscard]] Tideline::Schema schema() const { return %1::schema(); }
%3};

)"_s.arg(input.space, properties, getters);
}

QString headerText(const CodegenInput &input, const CodegenOptions &options)
{
    QString forward;
    QString models;
    for (const auto &model : input.schema.models()) {
        forward += u"class %1;\n"_s.arg(input.names.type(model->name));
        models += modelDeclaration(input, *model);
    }
    return uR"(// Generated from %1 by "tideline codegen". Changes here are lost.
#pragma once

#include <client/live/related.h>
#include <core/data/typedrecord.h>
#include <plugin/storescope.h>

#include <QtCore/QDebug>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace %2 {

[[nodiscard]] Tideline::Schema schema();

%3%4%5
} // namespace %2

%6namespace %2 {

%7%8} // namespace %2
)"_s.arg(options.schemaFile, options.name, enumDeclarations(input), embeddedDeclarations(input), forward, traitsDeclarations(input),
         models, singletonClass(input));
}

QString sourceText(const CodegenInput &input, const CodegenOptions &options)
{
    QString models;
    for (const auto &model : input.schema.models())
        models += modelDefinition(input, *model);
    return uR"(// Generated from %1 by "tideline codegen". Changes here are lost.
#include "%2.h"

using namespace Qt::StringLiterals;

%3namespace %4 {

Tideline::Schema schema()
{
    static const Tideline::Schema parsed = Tideline::Schema::parse(QString::fromUtf16(
%5    ), u"%1"_s).value();
    return parsed;
}

%6} // namespace %4
)"_s.arg(options.schemaFile, options.baseName, traitsDefinitions(input), options.name, rawLiteral(input.schema.source()), models);
}

} // namespace

Result<QList<GeneratedFile>> generateCode(const Schema &schema, const CodegenOptions &options)
{
    const SchemaText text(schema, options.schemaPath);
    const Names names(schema, options.name);
    const QStringList problems = names.problems(text) + circles(schema, text);
    if (!problems.isEmpty())
        return Error(Error::Code::InvalidSchema, problems.constFirst()).withDetail(problems.join(u'\n'));
    const CodegenInput input{schema, text, names, options.name};
    return QList<GeneratedFile>{{options.baseName + u".h"_s, headerText(input, options)},
                                {options.baseName + u".cpp"_s, sourceText(input, options)}};
}

} // namespace Tideline::Tools
