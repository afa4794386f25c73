// SPDX-License-Identifier: MIT
#include "simulation/users_p.h"

#include <algorithm>

namespace TidelineTest {

void Users::act(SimulatedDevice &device)
{
    act(device, device.snapshot().rows);
}

// After so many of the tasks that follow from the answer.
void Users::amid(SimulatedDevice &device, quint64 tasks, const std::function<void()> &act)
{
    if (tasks > 0)
        m_world.time.post([this, &device, tasks, act] { amid(device, tasks - 1, act); });
    else if (device.isOpen())
        act();
}

void Users::actAmid(SimulatedDevice &device)
{
    const Rows rows = device.snapshot().rows;
    device.line.whenAnswered = [this, &device, rows] { amid(device, m_world.pick(8), [this, &device, rows] { act(device, rows); }); };
}

void Users::createAmid(SimulatedDevice &device)
{
    const Rows rows = device.snapshot().rows;
    create(device, rows);
    device.line.whenAnswered = [this, &device, rows] { amid(device, m_world.pick(8), [this, &device, rows] { create(device, rows); }); };
}

void Users::act(SimulatedDevice &device, const Rows &rows)
{
    const quint64 what = rows.isEmpty() ? 0 : m_world.pick(100);
    if (what < 15)
        create(device, rows);
    else if (what < 22)
        createFamily(device, rows);
    else if (what < 25)
        createAgain(device, rows);
    else if (what < 84)
        edit(device, any(rows), rows, what < 30);
    else if (what < 93)
        remove(device, any(rows), what < 86);
    else
        replace(device, any(rows), rows);
}

// Mostly one of the first of a model type, rare as that may be: what several people change at once.
Record Users::any(const Rows &rows)
{
    Rows first;
    for (const Record &row : rows) {
        if (first.size() < 2 || first.at(first.size() - 2).model() != row.model())
            first.append(row);
    }
    const Rows &from = m_world.chance(500) ? first : rows;
    return from.at(qsizetype(m_world.pick(quint64(from.size()))));
}

bool Users::setParents(Draft &draft, const Rows &rows, bool mayBeNone)
{
    for (const Relation &relation : draft.model()->relations) {
        if (relation.kind != Relation::Kind::BelongsTo)
            continue;
        Rows parents;
        for (const Record &row : rows) {
            if (row.model()->name == relation.target)
                parents.append(row);
        }
        const bool required = relation.required || std::any_of(relation.localFields.begin(), relation.localFields.end(), [&](int field) {
            return draft.model()->fields[size_t(field)].type.required;
        });
        if (parents.isEmpty() && required)
            return false;
        const bool none = parents.isEmpty() || (!required && mayBeNone && m_world.chance(400));
        const Record parent = none ? Record() : parents.at(qsizetype(m_world.pick(quint64(parents.size()))));
        for (size_t i = 0; i < relation.localFields.size(); ++i)
            draft.set(relation.localFields[i], none ? Value() : parent.value(relation.targetFields[i]));
    }
    return true;
}

std::optional<Draft> Users::newDraft(const std::shared_ptr<const ModelType> &model, const Rows &rows, const QString &key)
{
    Draft draft(model);
    const std::vector<Value> parts = key.isEmpty() ? std::vector<Value>() : keyParts(*model, key);
    for (size_t part = 0; part < model->primaryKey.size(); ++part) {
        const int field = model->primaryKey[part];
        const bool isText = model->fields[size_t(field)].type.scalar == Scalar::ID || model->fields[size_t(field)].type.scalar == Scalar::String;
        draft.set(field, !key.isEmpty() ? parts[part] : isText ? Value(m_values.newKey()) : m_values.of(*model, field));
    }
    for (int field = 0; field < int(model->fields.size()); ++field) {
        if (Values::isWritable(*model, field) && (model->fields[size_t(field)].type.required || m_world.chance(600)))
            draft.set(field, m_values.of(*model, field));
    }
    if (!setParents(draft, rows, true))
        return {};
    std::vector<Value> made;
    for (const int field : model->primaryKey)
        made.push_back(draft.value(field));
    m_everMade.append({model->name, keyFromParts(made)});
    return draft;
}

void Users::create(SimulatedDevice &device, const Rows &rows)
{
    const auto &models = m_world.schema.models();
    const auto &model = models[size_t(m_world.pick(models.size()))];
    if (const std::optional<Draft> draft = newDraft(model, rows, {}))
        device.save(*draft);
}

// A parent and its children, saved together.
void Users::createFamily(SimulatedDevice &device, const Rows &rows)
{
    for (const std::shared_ptr<const ModelType> &child : m_world.schema.models()) {
        for (const Relation &relation : child->relations) {
            if (relation.kind != Relation::Kind::BelongsTo || relation.target == child->name || m_world.chance(300))
                continue;
            const std::optional<Draft> parent = newDraft(m_world.schema.target(relation), rows, {});
            if (!parent)
                continue;
            QList<Draft> drafts{*parent};
            for (quint64 left = 1 + m_world.pick(3); left > 0; --left) {
                std::optional<Draft> draft = newDraft(child, rows, {});
                if (!draft)
                    continue;
                for (size_t i = 0; i < relation.localFields.size(); ++i)
                    draft->set(relation.localFields[i], parent->value(relation.targetFields[i]));
                drafts.append(*draft);
            }
            device.saveAll(drafts);
            return;
        }
    }
    create(device, rows);
}

// With a key that somebody used already, here or elsewhere.
void Users::createAgain(SimulatedDevice &device, const Rows &rows)
{
    const RecordId id = m_everMade.at(qsizetype(m_world.pick(quint64(m_everMade.size()))));
    if (const std::optional<Draft> draft = newDraft(m_world.schema.model(id.first), rows, id.second))
        device.save(*draft);
}

int Users::countedField(const ModelType &model) const
{
    for (int field = 0; field < int(model.fields.size()); ++field) {
        if (Values::isWritable(model, field) && m_values.telling(model, field) == Values::Telling::Sum)
            return field;
    }
    return -1;
}

RecordId Users::createToShare(SimulatedDevice &device)
{
    for (const std::shared_ptr<const ModelType> &model : m_world.schema.models()) {
        const int field = countedField(*model);
        std::optional<Draft> draft = field < 0 ? std::nullopt : newDraft(model, device.snapshot().rows, {});
        if (!draft)
            continue;
        draft->set(field, 0);
        device.save(*draft);
        return m_everMade.last();
    }
    return {};
}

void Users::actOn(SimulatedDevice &device, const RecordId &shared)
{
    const Rows rows = device.snapshot().rows;
    const auto row = std::find_if(rows.begin(), rows.end(), [&shared](const Record &each) { return idOf(each) == shared; });
    if (row == rows.end())
        return;
    Draft draft(*row);
    const int counted = countedField(*row->model());
    const int field = m_world.chance(400) ? sharedField(*row->model()) : counted;
    draft.set(field, field == counted ? Value(row->value(field).toInteger() + 1) : m_values.after(*row->model(), field, row->value(field)));
    if (!draft.changes().isEmpty())
        device.save(draft);
}

/* Not a list that only grows where the backend merges: of the copies that Automerge makes of it some may stay when three write it within the
   time that an answer takes. None of its elements goes, but one may be there twice. */
int Users::sharedField(const ModelType &model)
{
    std::vector<int> fields;
    for (int field = 0; field < int(model.fields.size()); ++field) {
        const bool mayStayTwice = m_world.options.mergesOnServer && m_values.telling(model, field) == Values::Telling::Sequence;
        if (Values::isWritable(model, field) && !mayStayTwice)
            fields.push_back(field);
    }
    return fields[size_t(m_world.pick(fields.size()))];
}

Predicate Users::conditionOn(const Record &record)
{
    for (int field = 0; field < int(record.values().size()); ++field) {
        if (m_values.telling(*record.model(), field) == Values::Telling::Last && !record.value(field).isNull() && m_world.chance(700))
            return Predicate::compare(record.model()->fields[size_t(field)].name, Predicate::Operator::Eq, {record.value(field)});
    }
    return {};
}

void Users::edit(SimulatedDevice &device, const Record &record, const Rows &rows, bool conditional)
{
    std::vector<int> writable;
    for (int field = 0; field < int(record.values().size()); ++field) {
        if (Values::isWritable(*record.model(), field))
            writable.push_back(field);
    }
    Draft draft(record);
    for (quint64 left = writable.empty() ? 0 : 1 + m_world.pick(3); left > 0; --left) {
        const int field = writable[size_t(m_world.pick(writable.size()))];
        draft.set(field, m_values.after(*record.model(), field, draft.value(field)));
    }
    if (m_world.chance(100)) {
        if (!setParents(draft, rows, true))
            return;
    }
    if (!draft.changes().isEmpty())
        device.save(draft, conditional ? conditionOn(record) : Predicate());
}

void Users::remove(SimulatedDevice &device, const Record &record, bool conditional)
{
    device.remove(record, conditional ? conditionOn(record) : Predicate());
}

// Now and then with an edit right behind that does not join what makes the record anew.
void Users::replace(SimulatedDevice &device, const Record &record, const Rows &rows)
{
    const std::optional<Draft> draft = newDraft(record.model(), rows, record.key());
    device.remove(record);
    if (!draft)
        return;
    device.save(*draft);
    if (m_world.chance(500))
        return;
    Record anew(record.model());
    for (int field = 0; field < int(anew.values().size()); ++field)
        anew.setValue(field, draft->value(field));
    edit(device, anew, rows, true);
}

} // namespace TidelineTest
