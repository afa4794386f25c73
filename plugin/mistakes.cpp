// SPDX-License-Identifier: MIT
#include "plugin/mistakes.h"

#include "core/suggestion.h"
#include "plugin/plugintext.h"

namespace Tideline {

Error unknownModel(const Schema &schema, const QString &type)
{
    if (schema.isEmpty())
        return Error(Error::Code::InvalidArgument, PluginText::tr("The data store has no schema. Set \"schema\" or \"schemaFile\"."));
    QStringList names;
    for (const auto &model : schema.models())
        names.append(model->name);
    return Error(Error::Code::UnknownModel,
                 withSuggestion(PluginText::tr("The schema has no model type \"%1\"").arg(type), type, names))
        .withModel(type);
}

Error unknownField(const ModelType &model, const QString &name)
{
    QStringList names;
    for (const SchemaField &field : model.fields)
        names.append(field.name);
    return Error(Error::Code::UnknownField,
                 withSuggestion(PluginText::tr("%1 has no field \"%2\"").arg(model.name, name), name, names))
        .withModel(model.name).withField(name);
}

} // namespace Tideline
