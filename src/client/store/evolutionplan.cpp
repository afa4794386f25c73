// SPDX-License-Identifier: MIT
#include "client/store/evolutionplan_p.h"

#include "client/store/layout_p.h"
#include "client/store/valueconversion_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

int EvolutionPlan::ModelStep::target(int olderField) const noexcept
{
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldStep &field) { return field.from == olderField; });
    return found == fields.end() ? -1 : int(found - fields.begin());
}

int EvolutionPlan::ModelStep::target(const QString &name) const
{
    if (!newer)
        return -1;
    if (const int known = older ? older->fieldIndex(name) : -1; known >= 0)
        return target(known);
    if (const int same = newer->fieldIndex(name); same >= 0)
        return same;
    const auto renamed = std::find_if(newer->fields.begin(), newer->fields.end(),
                                      [&](const SchemaField &field) { return field.renamedFrom.contains(name); });
    return renamed == newer->fields.end() ? -1 : int(renamed - newer->fields.begin());
}

bool EvolutionPlan::ModelStep::changes() const noexcept
{
    return !older || !newer || rebuilds || refetches || demands
        || std::any_of(fields.begin(), fields.end(), [](const FieldStep &field) { return field.from < 0; });
}

EvolutionPlan::EvolutionPlan(const Schema &older, const Schema &newer) : m_older(older), m_newer(newer)
{
    matchModels();
    for (ModelStep &step : m_steps)
        matchFields(step);
    const ValueConversion conversion(m_older, m_newer);
    for (ModelStep &step : m_steps)
        finish(step, conversion);
    for (const ModelStep &step : m_steps)
        matchRelations(step);
    for (ModelStep &step : m_steps)                             // foreign keys found a source, or lost it
        finish(step, conversion);
}

// A name's own past wins, then the first of its former names that the older schema has and nobody took.
void EvolutionPlan::matchModels()
{
    QStringList taken;
    std::vector<std::shared_ptr<const ModelType>> found;
    for (const auto &model : m_newer.models()) {
        found.push_back(nullptr);
        if (m_older.model(model->name))
            continue;
        for (const QString &former : model->renamedFrom) {
            if (m_older.model(former) && !taken.contains(former)) {
                found.back() = m_older.model(former);
                taken.append(former);
                break;
            }
        }
    }
    for (const auto &model : m_newer.models()) {
        ModelStep step;
        step.newer = model;
        step.older = found[size_t(model->number)];
        if (!step.older && !taken.contains(model->name)) {
            step.older = m_older.model(model->name);
            taken.append(model->name);
        }
        m_steps.push_back(std::move(step));
    }
    for (const auto &model : m_older.models()) {
        if (!taken.contains(model->name)) {
            ModelStep step;
            step.older = model;
            m_steps.push_back(std::move(step));
        }
    }
}

void EvolutionPlan::matchFields(ModelStep &step)
{
    if (!step.newer)
        return;
    step.fields.resize(step.newer->fields.size());
    if (!step.older)
        return;
    const auto take = [&step](size_t field, const QString &name) {
        const int from = step.older->fieldIndex(name);
        if (from >= 0 && step.fields[field].from < 0 && step.target(from) < 0)
            step.fields[field].from = from;
    };
    for (size_t i = 0; i < step.fields.size(); ++i) {
        const SchemaField &field = step.newer->fields[i];
        if (step.older->fieldIndex(field.name) < 0) {
            for (const QString &former : field.renamedFrom)
                take(i, former);
        }
    }
    for (size_t i = 0; i < step.fields.size(); ++i)
        take(i, step.newer->fields[i].name);
    for (const auto stamp : {&ModelType::createdAt, &ModelType::updatedAt}) {
        const int field = step.newer->fieldIndex((*step.newer).*stamp);
        if (field >= 0 && !((*step.older).*stamp).isEmpty())
            take(size_t(field), (*step.older).*stamp);
    }
}

int EvolutionPlan::indexOf(const std::shared_ptr<const ModelType> &newer) const
{
    return newer->number;
}

static bool holdsKey(const ModelType &model, const Relation &relation)
{
    return relation.kind == Relation::Kind::BelongsTo
        || (relation.kind == Relation::Kind::HasOne && relation.localFields != model.primaryKey);
}

// Foreign keys have names made of others, so they are found by the relations they are for.
void EvolutionPlan::matchRelations(const ModelStep &step)
{
    if (!step.newer || !step.older)
        return;
    for (const Relation &now : step.newer->relations) {
        const ModelStep &target = m_steps[size_t(indexOf(m_newer.target(now)))];
        if (!target.older)
            continue;
        const auto same = [&](const Relation &before) { return before.kind == now.kind && m_older.target(before) == target.older; };
        const Relation *found = nullptr;
        for (const QString &name : QStringList{now.name} + now.renamedFrom) {
            const Relation *before = step.older->relation(name);
            if (!found && before && same(*before))
                found = before;
        }
        const auto &all = step.older->relations;
        if (!found && step.newer->join && std::count_if(all.begin(), all.end(), same) == 1)
            found = &*std::find_if(all.begin(), all.end(), same);
        if (!found)
            continue;
        const bool holds = holdsKey(*step.newer, now);
        if (holds == holdsKey(*step.older, *found))
            matchLink(holds ? step : target, holds ? target : step, now, *found, holds);
    }
}

void EvolutionPlan::matchLink(const ModelStep &holder, const ModelStep &parent, const Relation &now, const Relation &before, bool holdsKey)
{
    const std::vector<int> &to = holdsKey ? now.localFields : now.targetFields;
    const std::vector<int> &from = holdsKey ? before.localFields : before.targetFields;
    const std::vector<int> &referenced = holdsKey ? now.targetFields : now.localFields;
    ModelStep &changed = m_steps[size_t(indexOf(holder.newer))];
    if (parent.rekeys) {
        if (referenced == parent.newer->primaryKey)
            m_links.push_back({indexOf(holder.newer), indexOf(parent.newer), from, to});
        return;
    }
    for (size_t i = 0; i < to.size() && to.size() == from.size(); ++i) {
        FieldStep &field = changed.fields[size_t(to[i])];
        if (field.from < 0 && changed.target(from[i]) < 0)
            field.from = from[i];
    }
}

static bool isSameType(const FieldType &a, const FieldType &b)
{
    return a.name == b.name && a.list == b.list;
}

static bool knowsAll(const QStringList &values, const QStringList &known)
{
    return std::all_of(values.begin(), values.end(), [&](const QString &value) { return known.contains(value); });
}

// Whether a value of the newer type may be none of the older one, so that rows with it were not taken from the backend, or only in part.
static bool hasMore(const Schema &older, const Schema &newer, const FieldType &before, const FieldType &after)
{
    if (!isSameType(before, after) || before.required > after.required || before.elementRequired > after.elementRequired)
        return true;
    if (after.kind == FieldType::Kind::Enum)
        return !older.enumType(before.name) || !knowsAll(newer.enumType(after.name)->values, older.enumType(before.name)->values);
    if (after.kind != FieldType::Kind::Embedded || !older.embeddedType(before.name))
        return after.kind == FieldType::Kind::Embedded;
    const auto &fields = older.embeddedType(before.name)->fields;
    const auto &now = newer.embeddedType(after.name)->fields;
    return std::any_of(now.begin(), now.end(), [&](const SchemaField &field) {
        const auto known = std::find_if(fields.begin(), fields.end(), [&](const SchemaField &each) { return each.name == field.name; });
        if (known == fields.end())
            return true;
        const bool nested = field.type.kind == FieldType::Kind::Embedded;
        return nested ? !isSameType(known->type, field.type) : hasMore(older, newer, known->type, field.type);
    });
}

void EvolutionPlan::finish(ModelStep &step, const ValueConversion &conversion)
{
    if (!step.newer || !step.older)
        return;
    const ModelType &older = *step.older, &newer = *step.newer;
    step.gone.clear();
    step.rebuilds = older.name != newer.name;
    step.refetches = step.rebuilds;
    step.demands = false;
    for (size_t i = 0; i < step.fields.size(); ++i) {
        FieldStep &field = step.fields[i];
        const SchemaField &to = newer.fields[i];
        const bool needed = to.type.required && !to.readOnly;
        if (field.from < 0) {
            step.refetches = true;
            step.demands = step.demands || needed;
            continue;
        }
        const SchemaField &from = older.fields[size_t(field.from)];
        const QString column = Layout::quoted(from.name);
        field.expression = conversion.expression(from.type, to.type, column);
        field.sure = !field.expression.isEmpty();
        step.demands = step.demands || (needed && (!field.sure || !from.type.required || from.readOnly));
        step.rebuilds = step.rebuilds || from.name != to.name || field.expression != column
            || Layout::storageOf(from.type) != Layout::storageOf(to.type);
        step.refetches = step.refetches || from.name != to.name || hasMore(m_older, m_newer, from.type, to.type);
    }
    for (int i = 0; i < int(older.fields.size()); ++i) {
        if (step.target(i) < 0)
            step.gone.push_back(i);
    }
    step.rekeys = older.primaryKey.size() != newer.primaryKey.size();
    for (size_t i = 0; i < newer.primaryKey.size() && !step.rekeys; ++i) {
        const FieldStep &field = step.fields[size_t(newer.primaryKey[i])];
        const int before = older.primaryKey[i];
        step.rekeys = field.from != before || field.expression != Layout::quoted(older.fields[size_t(before)].name);
    }
    step.rebuilds = step.rebuilds || step.rekeys || !step.gone.empty();
    step.refetches = step.refetches || step.rekeys;
}

const EvolutionPlan::ModelStep *EvolutionPlan::stepOf(const QString &model) const
{
    const auto find = [this](auto matches) -> const ModelStep * {
        const auto found = std::find_if(m_steps.begin(), m_steps.end(), matches);
        return found == m_steps.end() ? nullptr : &*found;
    };
    if (const ModelStep *step = find([&](const ModelStep &each) { return each.older && each.older->name == model; }))
        return step;
    if (const ModelStep *step = find([&](const ModelStep &each) { return each.newer && each.newer->name == model; }))
        return step;
    return find([&](const ModelStep &each) { return each.newer && each.newer->renamedFrom.contains(model); });
}

// ---- for people ----

static QString written(const FieldType &type)
{
    QString text = type.name;
    if (type.list)
        text = u'[' + text + (type.elementRequired ? u"!]"_s : u"]"_s);
    return type.required ? text + u'!' : text;
}

static QString keyText(const ModelType &model)
{
    QStringList names;
    for (const int field : model.primaryKey)
        names.append(model.fields[size_t(field)].name);
    return names.join(u", "_s);
}

static void describeFields(const EvolutionPlan::ModelStep &step, QStringList &lines)
{
    const ModelType &older = *step.older, &newer = *step.newer;
    for (size_t i = 0; i < step.fields.size(); ++i) {
        const SchemaField &to = newer.fields[i];
        const QString name = newer.name + u'.' + to.name;
        if (step.fields[i].from < 0) {
            lines.append(u"%1 is new"_s.arg(name));
            continue;
        }
        const SchemaField &from = older.fields[size_t(step.fields[i].from)];
        if (from.name != to.name)
            lines.append(u"%1 was %2"_s.arg(name, from.name));
        if (from.type != to.type)
            lines.append(u"%1 is %2 instead of %3"_s.arg(name, written(to.type), written(from.type)));
        else if (!step.fields[i].sure)
            lines.append(u"%1 has other values in %2"_s.arg(name, to.type.name));
    }
    for (const int field : step.gone)
        lines.append(u"%1.%2 is gone"_s.arg(newer.name, older.fields[size_t(field)].name));
    if (step.rekeys)
        lines.append(u"the key of %1 is (%2) instead of (%3)"_s.arg(newer.name, keyText(newer), keyText(older)));
}

QStringList EvolutionPlan::describe() const
{
    QStringList lines;
    for (const ModelStep &step : m_steps) {
        if (!step.newer)
            lines.append(u"%1 is gone"_s.arg(step.older->name));
        else if (!step.older)
            lines.append(u"%1 is new"_s.arg(step.newer->name));
        else if (step.older->name != step.newer->name)
            lines.append(u"%1 was %2"_s.arg(step.newer->name, step.older->name));
        if (step.newer && step.older)
            describeFields(step, lines);
    }
    return lines;
}

} // namespace Tideline
