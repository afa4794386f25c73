// SPDX-License-Identifier: MIT
#include "core/schema/schemacontext_p.h"

#include <QtCore/QDate>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonParseError>
#include <QtCore/QRegularExpression>
#include <QtCore/QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

static bool matches(const QString &text, const QString &pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

static bool isJson(const QString &text)
{
    QJsonParseError error;
    QJsonDocument::fromJson("[" + text.toUtf8() + "]", &error);     // wrapped: a lone value is JSON too
    return error.error == QJsonParseError::NoError && !text.trimmed().isEmpty();
}

static bool isDate(const QString &text)
{
    return QDate::fromString(text.left(10), Qt::ISODate).isValid() && text.size() >= 10;
}

// Whether a default, which is always written as a string, can be a value of the scalar.
static bool fits(Scalar scalar, const QString &text)
{
    static const QString time = u"([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?"_s;
    static const QString offset = u"(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?)"_s;
    bool ok = false;
    switch (scalar) {
    case Scalar::ID:
    case Scalar::String:
        return true;
    case Scalar::Int:
        (void)text.toInt(&ok);
        return ok;
    case Scalar::Float:
        (void)text.toDouble(&ok);
        return ok;
    case Scalar::Boolean:
        return text.compare(u"true", Qt::CaseInsensitive) == 0 || text.compare(u"false", Qt::CaseInsensitive) == 0;
    case Scalar::AWSDate:
        return isDate(text) && matches(text.mid(10), offset + u'?');
    case Scalar::AWSTime:
        return matches(text, time + offset + u'?');
    case Scalar::AWSDateTime:
        return isDate(text) && matches(text.mid(10), u"T"_s + time + offset);
    case Scalar::AWSTimestamp:
        (void)text.toLongLong(&ok);
        return ok;
    case Scalar::AWSEmail:
        return matches(text, u"[^@\\s]+@[^@\\s]+"_s);
    case Scalar::AWSJSON:
        return isJson(text);
    case Scalar::AWSURL:
        return QUrl(text, QUrl::StrictMode).isValid() && !QUrl(text).scheme().isEmpty();
    case Scalar::AWSPhone:
        return matches(text, u"\\+?[\\d\\s()-]{3,}"_s);
    case Scalar::AWSIPAddress:
        return matches(text, u"[0-9a-fA-F:.]+(/\\d{1,3})?"_s);
    }
    return false;
}

static QString valueProblem(const SchemaContext &context, const FieldType &type, const QString &value)
{
    if (type.kind == FieldType::Kind::Enum) {
        const SchemaPrivate &schema = *context.result;
        const QStringList &values = schema.enums[size_t(schema.enumNumbers.value(type.name))].values;
        if (values.contains(value))
            return {};
        return u"Default value %1 is not a member of %2 enum.%3"_s.arg(quoted(value), type.name, didYouMean(value, values));
    }
    return fits(type.scalar, value) ? QString() : u"Default value %1 is not a valid %2."_s.arg(quoted(value), type.name);
}

static QString defaultProblem(const SchemaContext &context, const ModelDraft &draft, int index, const GraphQL::Value *value)
{
    const ModelType &model = *draft.model;
    if (index < 0 || model.fields[size_t(index)].type.list || model.fields[size_t(index)].type.kind == FieldType::Kind::Embedded)
        return u"The @default directive may only be added to scalar or enum field types."_s;
    if (!value)
        return u"The @default directive must have a value: @default(value: \"...\")."_s;
    if (isNull(*value))
        return u"The @default directive does not support null values. A nullable field is null by itself; remove @default."_s;
    if (std::find(model.primaryKey.begin(), model.primaryKey.end(), index) != model.primaryKey.end())
        return u"The @default directive may not be applied to fields of the primary key."_s;
    return valueProblem(context, model.fields[size_t(index)].type, stringOf(value));
}

void buildDefaults(SchemaContext &context)
{
    for (ModelDraft &draft : context.models) {
        for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
            const GraphQL::Directive *directive = findDirective(field.directives, u"default");
            if (!directive)
                continue;
            const int index = draft.model->fieldIndex(field.name.value);
            const GraphQL::Value *value = findArgument(*directive, u"value");
            const QString problem = defaultProblem(context, draft, index, value);
            if (problem.isEmpty())
                draft.model->fields[size_t(index)].defaultValue = stringOf(value);
            else
                context.problems.add(draft.place(directive->loc, field.name.value), problem);
        }
    }
}

} // namespace Tideline
