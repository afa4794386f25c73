// SPDX-License-Identifier: MIT
#include "client/live/liveplan_p.h"

#include "client/live/livetext_p.h"
#include "client/live/rowlist_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

namespace {

Error unknownType(const Schema &schema, const QString &type)
{
    QStringList names;
    for (const auto &model : schema.models())
        names.append(model->name);
    return Error(Error::Code::UnknownModel, LiveText::tr("The schema has no model type \"%1\". It has: %2.").arg(type, names.join(u", "_s)))
        .withModel(type);
}

bool isIncluded(const std::vector<LiveInclude> &includes, const QString &path)
{
    return std::any_of(includes.begin(), includes.end(), [&path](const LiveInclude &include) { return include.path == path; });
}

void addFields(QSet<int> &fields, const std::vector<int> &more)
{
    for (const int field : more)
        fields.insert(field);
}

} // namespace

bool LiveDependency::isTouchedBy(const Change &change) const
{
    const Record &record = change.after ? change.after : change.before;
    if (record.model() != model || change.kind == Change::Kind::State)
        return false;
    if (!change.before || !change.after)
        return true;
    return std::any_of(fields.begin(), fields.end(),
                       [&change](int field) { return !(change.before.value(field) == change.after.value(field)); });
}

QByteArray roleNameOf(const QString &path)
{
    QString name;
    for (QString part : path.split(u'.', Qt::SkipEmptyParts)) {
        if (!name.isEmpty())
            part[0] = part.at(0).toUpper();
        name += part;
    }
    return name.toUtf8();
}

Result<std::shared_ptr<const LivePlan>> LivePlan::make(const Schema &schema, const LiveSpec &spec)
{
    auto plan = std::make_shared<LivePlan>();
    plan->schema = schema;
    plan->model = schema.model(spec.type);
    plan->limit = spec.limit;
    if (!plan->model)
        return unknownType(schema, spec.type);
    const Result<QList<SortKey>> sort = sortKeysFromStrings(spec.sort);
    if (!sort)
        return sort.error().withModel(spec.type);
    Result<BoundSortOrder> order = BoundSortOrder::bind(schema, plan->model, *sort);
    if (!order)
        return order.error();
    Result<BoundPredicate> where = BoundPredicate::bind(schema, plan->model, spec.where);
    if (!where)
        return where.error();
    plan->query = {.model = plan->model, .where = spec.where, .sort = *sort};
    plan->order = std::move(*order);
    plan->where = std::move(*where);
    if (const Result<void> added = plan->addIncludes(spec); !added)
        return added.error();
    plan->collectDependencies();
    return std::shared_ptr<const LivePlan>(std::move(plan));
}

// Those of the property first: two roles of one name are an error among them, while a path of the sort
// order whose name is taken is simply no role.
Result<void> LivePlan::addIncludes(const LiveSpec &spec)
{
    QStringList paths = spec.include;
    const qsizetype explicitOnes = paths.size();
    for (const SortKey &key : query.sort) {
        if (key.path.contains(u'.'))
            paths.append(key.path);
    }
    addRoles();
    QSet<QByteArray> names;
    for (const LiveRole &role : roles)
        names.insert(role.name);
    for (qsizetype i = 0; i < paths.size(); ++i) {
        if (isIncluded(includes, paths[i]) || (i < explicitOnes && model->fieldIndex(paths[i]) >= 0))
            continue;                                       // a field is a role anyway
        Result<LiveInclude> include = resolve(paths[i]);
        if (!include)
            return include.error();
        const QByteArray name = roleNameOf(paths[i]);
        if (names.contains(name)) {
            if (i >= explicitOnes)
                continue;
            return Error(Error::Code::InvalidArgument,
                         LiveText::tr("%1 cannot include \"%2\": its role would be named \"%3\", and there is one of that name.")
                             .arg(model->name, paths[i], QString::fromUtf8(name))).withModel(model->name);
        }
        names.insert(name);
        roles.push_back({LiveRole::Kind::Included, int(includes.size()), name});
        includes.push_back(std::move(*include));
    }
    return {};
}

Result<LiveInclude> LivePlan::resolve(const QString &path) const
{
    LiveInclude include{.path = path, .steps = {}, .model = model};
    const QStringList names = path.split(u'.');
    for (const QString &name : names) {
        const Relation *relation = include.field < 0 ? include.model->relation(name) : nullptr;
        if (!relation) {
            include.field = include.field < 0 ? include.model->fieldIndex(name) : -1;
            if (include.field < 0) {
                return Error(Error::Code::UnknownField, LiveText::tr("%1 has no field or relation \"%2\" (in include: \"%3\").")
                                 .arg(include.model->name, name, path)).withModel(include.model->name).withField(name);
            }
            continue;
        }
        include.steps.push_back(relation);
        include.many = include.many || relation->kind == Relation::Kind::HasMany;
        include.model = schema.target(*relation);
        Q_ASSERT(include.model);
    }
    return include;
}

// Fields first: a field named like one of the others hides it.
void LivePlan::addRoles()
{
    QSet<QByteArray> names;
    for (int i = 0; i < int(model->fields.size()); ++i) {
        roles.push_back({LiveRole::Kind::Field, i, model->fields[size_t(i)].name.toUtf8()});
        names.insert(roles.back().name);
    }
    const LiveRole others[] = {
        {LiveRole::Kind::Key, 0, "key"_ba},
        {LiveRole::Kind::SyncState, 0, "syncState"_ba},
        {LiveRole::Kind::Version, 0, "version"_ba},
        {LiveRole::Kind::Record, 0, "record"_ba},
    };
    for (const LiveRole &role : others) {
        if (!names.contains(role.name))
            roles.push_back(role);
    }
}

void LivePlan::collectDependencies()
{
    dependOnPredicate(where.root(), {});
    const auto follow = [this](const std::vector<const Relation *> &steps) {
        QStringList path;
        for (const Relation *relation : steps) {
            if (!path.isEmpty()) {
                for (const int field : relation->localFields)
                    dependOnField(path, field);
            }
            path.append(relation->name);
            dependOn(path, schema.target(*relation), *relation);
        }
        return path;
    };
    for (const BoundSortOrder::Key &key : order.keys()) {
        if (!key.path.empty())
            dependOnField(follow(key.path), key.field);
    }
    for (const LiveInclude &include : includes) {
        const QStringList path = follow(include.steps);
        if (include.field >= 0) {
            dependOnField(path, include.field);
            continue;
        }
        for (int i = 0; i < int(include.model->fields.size()); ++i)
            dependOnField(path, i);
    }
}

void LivePlan::dependOnPredicate(const BoundPredicate::Node &node, const QStringList &path)
{
    if (node.kind == Predicate::Kind::Compare && !path.isEmpty())
        dependOnField(path, node.field);
    QStringList below = path;
    if (node.kind == Predicate::Kind::Related) {
        if (!path.isEmpty()) {
            for (const int field : node.relation->localFields)
                dependOnField(path, field);
        }
        below.append(node.relation->name);
        dependOn(below, node.target, *node.relation);
    }
    for (const BoundPredicate::Node &child : node.children)
        dependOnPredicate(child, below);
}

void LivePlan::dependOn(QStringList path, const std::shared_ptr<const ModelType> &target, const Relation &relation)
{
    const auto same = [&path](const LiveDependency &dependency) { return dependency.path == path; };
    auto dependency = std::find_if(dependencies.begin(), dependencies.end(), same);
    if (dependency == dependencies.end())
        dependency = dependencies.insert(dependencies.end(), {std::move(path), target, {}});
    addFields(dependency->fields, relation.targetFields);
}

void LivePlan::dependOnField(const QStringList &path, int field)
{
    const auto dependency = std::find_if(dependencies.begin(), dependencies.end(),
                                         [&path](const LiveDependency &candidate) { return candidate.path == path; });
    Q_ASSERT(dependency != dependencies.end());
    dependency->fields.insert(field);
}

int LivePlan::roleAt(int role) const noexcept
{
    if (role == Qt::DisplayRole) {
        const auto key = std::find_if(roles.begin(), roles.end(), [](const LiveRole &each) { return each.kind == LiveRole::Kind::Key; });
        return key == roles.end() ? -1 : int(key - roles.begin());
    }
    const int index = role - Qt::UserRole - 1;
    return index >= 0 && index < int(roles.size()) ? index : -1;
}

QHash<int, QByteArray> LivePlan::roleNames() const
{
    QHash<int, QByteArray> names;
    for (size_t i = 0; i < roles.size(); ++i)
        names.insert(Qt::UserRole + 1 + int(i), roles[i].name);
    return names;
}

QVariant LivePlan::value(const LiveRow &row, const LiveRole &role) const
{
    switch (role.kind) {
    case LiveRole::Kind::Field: return row.record.value(role.number).toVariant();
    case LiveRole::Kind::Included: return row.included.value(role.number);
    case LiveRole::Kind::Key: return row.record.key();
    case LiveRole::Kind::SyncState: return int(row.record.state());
    case LiveRole::Kind::Version: return row.record.metadata().version;
    case LiveRole::Kind::Record: return QVariant::fromValue(row.record);
    }
    Q_UNREACHABLE();
}

quint64 LivePlan::changedRoles(const Record &before, const Record &after) const
{
    quint64 mask = 0;
    quint64 always = 0;
    for (size_t i = 0; i < roles.size(); ++i) {
        const LiveRole &role = roles[i];
        switch (role.kind) {
        case LiveRole::Kind::Field:
            if (!(before.value(role.number) == after.value(role.number)))
                mask |= bit(i);
            break;
        case LiveRole::Kind::SyncState:
            if (before.state() != after.state())
                mask |= bit(i);
            break;
        case LiveRole::Kind::Version:
            if (before.metadata().version != after.metadata().version)
                mask |= bit(i);
            break;
        case LiveRole::Kind::Record:
            always = bit(i);
            break;
        case LiveRole::Kind::Included:
        case LiveRole::Kind::Key:
            break;
        }
    }
    return mask == 0 ? 0 : mask | always;
}

quint64 LivePlan::changedRoles(const LiveRow &before, const LiveRow &after) const
{
    quint64 mask = changedRoles(before.record, after.record);
    for (size_t i = 0; i < roles.size(); ++i) {
        const LiveRole &role = roles[i];
        if (role.kind == LiveRole::Kind::Included && before.included.value(role.number) != after.included.value(role.number))
            mask |= bit(i);
    }
    return mask;
}

QList<int> LivePlan::rolesOf(quint64 mask) const
{
    QList<int> list;
    if (mask == RowChanges::AllRoles)
        return list;
    for (size_t i = 0; i < roles.size(); ++i) {
        if (mask & bit(i))
            list.append(Qt::UserRole + 1 + int(i));
    }
    return list;
}

QByteArray LivePlan::keySuffix(const QString &key) const
{
    const std::vector<Value> parts = keyParts(*model, key);
    const auto &keys = order.keys();
    const size_t count = model->primaryKey.size();
    if (parts.size() != count || keys.size() < count)
        return {};
    QList<SortKey> tail;
    std::vector<Value> values(model->fields.size());
    for (size_t i = 0; i < count; ++i) {
        const BoundSortOrder::Key &last = keys[keys.size() - count + i];
        const auto part = std::find(model->primaryKey.begin(), model->primaryKey.end(), last.field);
        if (!last.path.empty() || part == model->primaryKey.end())
            return {};
        values[size_t(last.field)] = parts[size_t(part - model->primaryKey.begin())];
        tail.append({model->fields[size_t(last.field)].name, last.order});
    }
    const Result<BoundSortOrder> tailOrder = BoundSortOrder::bind(schema, model, tail);
    return tailOrder ? tailOrder->encode(Record(model, values)) : QByteArray();
}

} // namespace Tideline
