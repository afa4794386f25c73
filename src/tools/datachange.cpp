// SPDX-License-Identifier: MIT
#include "tools/schemachange.h"

#include <QtCore/QStringList>

#include <algorithm>

// What a schema's change means to stored records.
namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

QString textOf(const FieldType &type)
{
    const QString element = type.list && type.elementRequired ? type.name + u'!' : type.name;
    const QString whole = type.list ? u'[' + element + u']' : element;
    return type.required ? whole + u'!' : whole;
}

// Whether every value of the one type is a value of the other, stored the same way.
bool keepsValues(const FieldType &before, const FieldType &after)
{
    if (before.list != after.list)
        return false;
    if (before.name == after.name)
        return true;
    const bool text = before.kind == FieldType::Kind::Enum
        || (before.kind == FieldType::Kind::Scalar && before.scalar != Scalar::Int && before.scalar != Scalar::Float
            && before.scalar != Scalar::Boolean && before.scalar != Scalar::AWSTimestamp && before.scalar != Scalar::AWSJSON);
    return text && after.kind == FieldType::Kind::Scalar && (after.scalar == Scalar::String || after.scalar == Scalar::ID);
}

QStringList namesOf(const ModelType &model, const std::vector<int> &fields)
{
    QStringList names;
    for (const int field : fields)
        names.append(model.fields[size_t(field)].name);
    return names;
}

class DataComparison
{
public:
    DataComparison(const Schema &before, const Schema &after) : m_before(before), m_after(after) { }

    [[nodiscard]] QList<SchemaChange> run()
    {
        for (const std::shared_ptr<const ModelType> &model : m_before.models())
            compareModel(*model);
        for (const EmbeddedType &type : m_before.embeddedTypes()) {
            if (const EmbeddedType *now = m_after.embeddedType(type.name))
                compareFields(type.name, type.fields, now->fields);
        }
        for (const EnumType &type : m_before.enumTypes()) {
            if (const EnumType *now = m_after.enumType(type.name))
                compareValues(type, *now);
        }
        return m_changes;
    }

private:
    void breaks(const QString &subject, const QString &message, const QString &advice)
    {
        m_changes.append({SchemaChange::Severity::Breaking, SchemaChange::Concern::StoredData, subject, subject, message, advice});
    }

    void renames(const QString &subject, const QString &declaration, const QString &name)
    {
        m_changes.append({SchemaChange::Severity::Dangerous, SchemaChange::Concern::StoredData, subject, declaration,
                          u"%1 was %2: devices and \"tideline serve\" take over what they have stored, AWS AppSync does not"_s.arg(declaration, name),
                          u"With AWS, move what it has stored (\"tideline export\", \"tideline import\")."_s});
    }

    template<typename T>
    [[nodiscard]] static const T *successor(const std::vector<T> &after, const QString &name, const std::vector<T> &before)
    {
        const auto found = std::find_if(after.begin(), after.end(), [&](const T &each) {
            const bool known = std::any_of(before.begin(), before.end(), [&](const T &old) { return old.name == each.name; });
            return !known && each.renamedFrom.contains(name);
        });
        return found == after.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::shared_ptr<const ModelType> modelNow(const ModelType &model)
    {
        for (const std::shared_ptr<const ModelType> &now : m_after.models()) {
            if (now->renamedFrom.contains(model.name) && !m_before.model(now->name))
                return now;
        }
        return m_after.model(model.name);
    }

    void compareModel(const ModelType &model)
    {
        const std::shared_ptr<const ModelType> now = modelNow(model);
        if (now && now->name != model.name)
            renames(model.name, now->name, model.name);
        if (!now) {
            breaks(model.name, u"model %1 is gone: its records cannot be reached any more; devices keep theirs aside"_s.arg(model.name),
                   u"Export its records first (\"tideline export\"), or keep the model."_s);
            return;
        }
        const QString before = namesOf(model, model.primaryKey).join(u", ");
        const QString after = namesOf(*now, now->primaryKey).join(u", ");
        if (before != after) {
            breaks(model.name, u"the key of %1 is (%2) instead of (%3): no stored record can be found by it"_s.arg(model.name, after, before),
                   u"Make a new model with the new key and move the records (\"tideline export\", \"tideline import\")."_s);
        }
        compareFields(model.name, model.fields, now->fields);
        compareRelations(model, *now);
    }

    void compareFields(const QString &type, const std::vector<SchemaField> &before, const std::vector<SchemaField> &after)
    {
        const auto named = [](const std::vector<SchemaField> &fields, const QString &name) {
            return std::find_if(fields.begin(), fields.end(), [&name](const SchemaField &field) { return field.name == name; });
        };
        for (const SchemaField &field : before) {
            const auto now = named(after, field.name);
            if (const SchemaField *renamed = successor(after, field.name, before)) {
                renames(type + u'.' + field.name, type + u'.' + renamed->name, field.name);
                compareTypes(type + u'.' + renamed->name, field.type, renamed->type);
            } else if (now == after.end()) {
                breaks(type + u'.' + field.name, u"field %1 is gone: its stored values cannot be read any more; devices keep theirs aside"_s.arg(field.name),
                       u"Keep the field for as long as its values count."_s);
            } else {
                compareTypes(type + u'.' + field.name, field.type, now->type);
            }
        }
        for (const SchemaField &field : after) {
            const bool known = named(before, field.name) != before.end()
                || std::any_of(before.begin(), before.end(), [&](const SchemaField &old) { return field.renamedFrom.contains(old.name); });
            if (field.type.required && !field.readOnly && !known) {
                breaks(type + u'.' + field.name, u"field %1 is new and required: stored records have no value for it%2"_s
                           .arg(field.name, field.defaultValue ? u" (a backend fills @default in new records only, devices in all)"_s
                                                               : u"; devices put theirs aside"_s),
                       u"Add it without \"!\", fill it in, then make it required."_s);
            }
        }
    }

    void compareTypes(const QString &subject, const FieldType &before, const FieldType &after)
    {
        if (!keepsValues(before, after)) {
            breaks(subject, u"the type is %1 instead of %2: stored values do not fit; devices convert what means the same in both and "
                             "list the rest for repair"_s.arg(textOf(after), textOf(before)),
                   u"Add a field of another name with the new type and move the values."_s);
        } else if (after.required && !before.required) {
            breaks(subject, u"the field became required: stored records without a value cannot be read any more; devices put theirs aside"_s,
                   u"Fill in every record first; until then leave out the \"!\"."_s);
        } else if (after.list && after.elementRequired && !before.elementRequired) {
            breaks(subject, u"elements became required: stored lists with a null cannot be read any more"_s,
                   u"Take the nulls out of every record first; until then leave out the inner \"!\"."_s);
        }
    }

    void compareValues(const EnumType &before, const EnumType &after)
    {
        for (const QString &value : before.values) {
            if (const QString renamed = after.renamedValues.value(value); !renamed.isEmpty() && !after.values.contains(value)) {
                renames(before.name + u'.' + value, after.name + u'.' + renamed, value);
            } else if (!after.values.contains(value)) {
                breaks(before.name + u'.' + value, u"value %1 is gone: stored records that have it cannot be read any more"_s.arg(value),
                       u"Change every record to another value first."_s);
            }
        }
    }

    void compareRelations(const ModelType &before, const ModelType &after)
    {
        for (const Relation &relation : before.relations) {
            const Relation *now = after.relation(relation.name);
            if (!now)
                continue;               // its foreign key is a field and was compared as one
            const std::shared_ptr<const ModelType> target = m_before.target(relation);
            const std::shared_ptr<const ModelType> targetNow = m_after.target(*now);
            const bool same = relation.target == now->target && namesOf(before, relation.localFields) == namesOf(after, now->localFields)
                && target && targetNow && namesOf(*target, relation.targetFields) == namesOf(*targetNow, now->targetFields);
            if (!same) {
                breaks(before.name + u'.' + relation.name,
                       u"relation %1 is kept in other fields or leads to another model: stored links are lost"_s.arg(relation.name),
                       u"Name the fields that hold the link now (fields: or references:), or move the links to the new ones."_s);
            }
        }
    }

    const Schema &m_before;
    const Schema &m_after;
    QList<SchemaChange> m_changes;
};

} // namespace

QList<SchemaChange> changesForData(const Schema &before, const Schema &after)
{
    return DataComparison(before, after).run();
}

} // namespace Tideline::Tools
