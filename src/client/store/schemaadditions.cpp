// SPDX-License-Identifier: MIT
#include "client/store/storefile_p.h"

#include "client/store/storetext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static Error changed(const QString &what)
{
    return Error(Error::Code::InvalidSchema,
                 StoreText::tr("The local store was made with another schema, and only additions can be taken over: %1").arg(what));
}

static QString written(const FieldType &type)
{
    QString text = type.name;
    if (type.list)
        text = u'[' + text + (type.elementRequired ? u"!]"_s : u"]"_s);
    return type.required ? text + u'!' : text;
}

// Whether every value of the older type is one of the newer.
static bool isWider(const FieldType &newer, const FieldType &older)
{
    return newer.kind == older.kind && newer.name == older.name && newer.list == older.list
        && (older.required || !newer.required) && (older.elementRequired || !newer.elementRequired);
}

static const SchemaField *fieldNamed(const std::vector<SchemaField> &fields, const QString &name)
{
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const SchemaField &each) { return each.name == name; });
    return field == fields.end() ? nullptr : &*field;
}

// Of a model or embedded type.
static Result<void> checkFields(const QString &type, const std::vector<SchemaField> &older, const std::vector<SchemaField> &newer)
{
    for (const SchemaField &field : older) {
        const SchemaField *now = fieldNamed(newer, field.name);
        if (!now)
            return changed(StoreText::tr("%1.%2 is gone.").arg(type, field.name)).withModel(type).withField(field.name);
        if (!isWider(now->type, field.type))
            return changed(StoreText::tr("%1.%2 was %3 and is %4.").arg(type, field.name, written(field.type), written(now->type)))
                .withModel(type).withField(field.name);
    }
    for (const SchemaField &field : newer) {
        if (field.type.required && !field.readOnly && !fieldNamed(older, field.name))
            return changed(StoreText::tr("%1.%2 is new and required, which the stored rows cannot meet.").arg(type, field.name))
                .withModel(type).withField(field.name);
    }
    return {};
}

static QStringList keyNames(const ModelType &model)
{
    QStringList names;
    for (const int field : model.primaryKey)
        names.append(model.fields[size_t(field)].name);
    return names;
}

static Result<void> checkModel(const ModelType &older, const ModelType *newer)
{
    if (!newer)
        return changed(StoreText::tr("the model type %1 is gone.").arg(older.name)).withModel(older.name);
    if (keyNames(older) != keyNames(*newer))
        return changed(StoreText::tr("the key of %1 was (%2) and is (%3).")
                           .arg(older.name, keyNames(older).join(u", "_s), keyNames(*newer).join(u", "_s))).withModel(older.name);
    return checkFields(older.name, older.fields, newer->fields);
}

static Result<void> checkTypes(const Schema &older, const Schema &newer)
{
    for (const EnumType &type : older.enumTypes()) {
        const EnumType *now = newer.enumType(type.name);
        for (const QString &value : type.values) {
            if (now && !now->values.contains(value))
                return changed(StoreText::tr("the value %1 of the enum %2 is gone.").arg(value, type.name));
        }
    }
    for (const EmbeddedType &type : older.embeddedTypes()) {
        const EmbeddedType *now = newer.embeddedType(type.name);
        if (const Result<void> checked = now ? checkFields(type.name, type.fields, now->fields) : Result<void>(); !checked)
            return checked;
    }
    return {};
}

Result<QStringList> additions(const Schema &older, const Layout &layout)
{
    const Schema &newer = layout.schema();
    if (const Result<void> checked = checkTypes(older, newer); !checked)
        return checked.error();
    for (const auto &model : older.models()) {
        if (const Result<void> checked = checkModel(*model, newer.model(model->name).get()); !checked)
            return checked.error();
    }
    QStringList statements;
    for (const auto &model : newer.models()) {
        const Table &table = layout.table(*model);
        const auto before = older.model(model->name);
        if (!before) {
            statements.append(layout.createTable(table));
            continue;
        }
        for (int i = 0; i < int(model->fields.size()); ++i) {
            if (before->fieldIndex(model->fields[size_t(i)].name) < 0)
                statements.append(layout.addColumn(table, i));
        }
    }
    return statements;
}

} // namespace Tideline
