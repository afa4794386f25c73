// SPDX-License-Identifier: MIT
#include "core/data/scalars.h"

#include "core/coretext_p.h"
#include "core/data/scalars_p.h"

#include <algorithm>
#include <cmath>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

Result<void> checkField(const Schema &schema, const FieldType &type, const Value &value);

Result<void> checkScalar(Scalar scalar, const Value &value)
{
    FieldType type;
    type.scalar = scalar;
    if (value.kind() != storedElementKind(type))
        return mismatch(needed(scalar), shown(value));
    if (value.kind() == Value::Kind::Text) {
        if (isValidScalar(scalar, value.toText()))
            return {};
        return checkedText(scalar, value.toText()).error();
    }
    const bool tooLarge = scalar == Scalar::Int && !isInteger32(value.toInteger());
    const bool infinite = scalar == Scalar::Float && !std::isfinite(value.toDouble());
    if (tooLarge || infinite)
        return mismatch(needed(scalar), shown(value));
    return {};
}

Result<void> checkEnum(const Schema &schema, const FieldType &type, const Value &value)
{
    const EnumType *enumType = schema.enumType(type.name);
    if (!enumType)
        return missingType(type);
    if (value.kind() != Value::Kind::Text)
        return mismatch(needed(schema, type), shown(value));
    if (enumType->values.contains(value.toText()))
        return {};
    return checkedEnumValue(*enumType, value.toText()).error();
}

Result<void> checkMembers(const Schema &schema, const EmbeddedType &type, const Value &value)
{
    const Value::Object &members = value.toObject();
    for (qsizetype i = 0; i < members.size(); ++i) {
        const QString &name = members[i].first;
        const bool known = std::any_of(type.fields.begin(), type.fields.end(),
                                       [&](const SchemaField &field) { return field.name == name; });
        if (!known)
            return noSuchMember(type, name);
        const auto same = [&](const Value::Member &member) { return member.first == name; };
        if (std::any_of(members.begin(), members.begin() + i, same))
            return problem(CoreText::tr("%1 names the field \"%2\" twice").arg(Subject, name));
    }
    for (const SchemaField &field : type.fields) {
        if (const Result<void> checked = checkField(schema, field.type, value.member(field.name)); !checked)
            return within(checked.error(), u'.' + field.name);
    }
    return {};
}

Result<void> checkSingle(const Schema &schema, const FieldType &type, const Value &value)
{
    if (type.kind == FieldType::Kind::Scalar)
        return checkScalar(type.scalar, value);
    if (type.kind == FieldType::Kind::Enum)
        return checkEnum(schema, type, value);
    const EmbeddedType *embedded = schema.embeddedType(type.name);
    if (!embedded)
        return missingType(type);
    if (value.kind() != Value::Kind::Object)
        return mismatch(needed(schema, type), shown(value));
    return checkMembers(schema, *embedded, value);
}

Result<void> checkElements(const Schema &schema, const FieldType &type, const Value::List &list)
{
    for (qsizetype i = 0; i < list.size(); ++i) {
        Result<void> checked;
        if (!list[i].isNull())
            checked = checkSingle(schema, type, list[i]);
        else if (type.elementRequired)
            checked = missingElement(schema, type);
        if (!checked)
            return within(checked.error(), u"[%1]"_s.arg(i));
    }
    return {};
}

Result<void> checkField(const Schema &schema, const FieldType &type, const Value &value)
{
    if (value.isNull()) {
        if (type.required)
            return missingValue(schema, type);
        return {};
    }
    if (!type.list)
        return checkSingle(schema, type, value);
    if (value.kind() != Value::Kind::List)
        return noList(needed(schema, type), shown(value));
    return checkElements(schema, type, value.toList());
}

bool isKeyField(const ModelType &model, int field)
{
    return std::find(model.primaryKey.begin(), model.primaryKey.end(), field) != model.primaryKey.end();
}

// The sentence is about %1.
Error fieldError(const ModelType &model, int field, const QString &sentence)
{
    return finished(problem(sentence.arg(Subject)), model, model.fields[size_t(field)].name);
}

// A field of a record as a whole: what the backend fills in may be missing, a key may not be empty.
Result<void> checkStored(const Schema &schema, const ModelType &model, int field, const Value &value)
{
    if (value.isNull() && model.fields[size_t(field)].readOnly)
        return {};
    if (isKeyField(model, field)) {
        if (value.isNull())
            return fieldError(model, field, CoreText::tr("%1 is part of the key and cannot be null"));
        if (value.kind() == Value::Kind::Text && value.toText().isEmpty())
            return fieldError(model, field, CoreText::tr("%1 is part of the key and cannot be an empty text"));
    }
    return validate(schema, model, field, value);
}

Result<void> checkChange(const Schema &schema, const Draft &draft, int field, const Value &value)
{
    const ModelType &model = *draft.model();
    if (model.fields[size_t(field)].readOnly)
        return fieldError(model, field, CoreText::tr("%1 is read-only: the backend writes it; leave it out"));
    if (!draft.base().isNull() && isKeyField(model, field))
        return fieldError(model, field, CoreText::tr("%1 is part of the key, which a record keeps; save a new record instead"));
    return checkStored(schema, model, field, value);
}

} // namespace

/*! Returns whether a field of \a type may hold \a value; if not, what is wrong. \since 0.1 */
Result<void> validate(const Schema &schema, const FieldType &type, const Value &value)
{
    const Result<void> checked = checkField(schema, type, value);
    return checked ? checked : finished(checked.error());
}

/*! The same for the field number \a field of \a model, which errors name. \since 0.1 */
Result<void> validate(const Schema &schema, const ModelType &model, int field, const Value &value)
{
    const SchemaField &schemaField = model.fields[size_t(field)];
    const Result<void> checked = checkField(schema, schemaField.type, value);
    return checked ? checked : finished(checked.error(), model, schemaField.name);
}

/*!
    Returns whether \a record is one its model type allows: every field validated, the key complete
    and its texts not empty. Fields that only the backend writes may be null before the first round
    trip. \since 0.1
*/
Result<void> validate(const Schema &schema, const Record &record)
{
    if (!record)
        return Error(Error::Code::InvalidArgument, CoreText::tr("A null record has no model type; make it with one"));
    for (int i = 0; i < int(record.values().size()); ++i) {
        if (const Result<void> checked = checkStored(schema, *record.model(), i, record.value(i)); !checked)
            return Error(checked.error()).withRecord(record.key());
    }
    return {};
}

/*!
    Returns whether \a draft may be saved. Changes must be of their field's type, not of read-only
    fields, and not of the key of a stored record. A draft of a new record needs every required
    field; an id or default that saving supplies must be in it already. Fields of a stored record
    that did not change are not looked at. \since 0.1
*/
Result<void> validate(const Schema &schema, const Draft &draft)
{
    if (!draft.model())
        return Error(Error::Code::InvalidArgument, CoreText::tr("A draft without a model type cannot be saved; make it with one"));
    for (const auto &[field, value] : draft.changes()) {
        if (const Result<void> checked = checkChange(schema, draft, field, value); !checked)
            return draft.base() ? checked.error().withRecord(draft.base().key()) : checked.error();
    }
    if (draft.base())
        return {};
    for (int i = 0; i < int(draft.model()->fields.size()); ++i) {
        if (draft.isChanged(i))
            continue;
        if (const Result<void> checked = checkStored(schema, *draft.model(), i, Value()); !checked)
            return checked;
    }
    return {};
}

} // namespace Tideline
