// SPDX-License-Identifier: MIT
#include "client/store/evolvednotes_p.h"

namespace Tideline::EvolvedNotes {

using namespace Qt::Literals::StringLiterals;

using Step = Evolution::Step;

struct Setting
{
    QString name;
    QString value;
};

static Result<QList<Setting>> settings(const Evolution &evolution)
{
    Statement statement = evolution.connection.prepare(u"SELECT name, value FROM tl_setting WHERE instr(name, '/') > 0"_s);
    if (!statement.exec())
        return statement.error();
    QList<Setting> list;
    while (statement.next())
        list.append({statement.text(0), statement.text(1)});
    return statement.error().isError() ? Result<QList<Setting>>(statement.error()) : Result<QList<Setting>>(list);
}

static Result<void> replace(const Evolution &evolution, const QString &before, const Setting &setting)
{
    Statement remove = evolution.connection.prepare(u"DELETE FROM tl_setting WHERE name = ?"_s);
    if (!remove.bind(before).exec())
        return remove.error();
    if (setting.name.isEmpty())
        return {};
    Statement insert = evolution.connection.prepare(u"INSERT OR REPLACE INTO tl_setting (name, value) VALUES (?, ?)"_s);
    return insert.bind(setting.name).bind(setting.value).exec() ? Result<void>() : Result<void>(insert.error());
}

// MODEL/KEY under the names of now.
static Result<QString> subjectNow(const Evolution &evolution, const QString &subject)
{
    const QString model = subject.section(u'/', 0, 0);
    const Step *step = evolution.plan.stepOf(model);
    if (!step || !step->newer || !step->older || step->older->name != model)
        return subject;
    if (!subject.contains(u'/'))
        return step->newer->name;
    const QString key = subject.section(u'/', 1);
    const Result<QString> now = evolution.keyNow(*step, key);
    if (!now)
        return now.error();
    return step->newer->name + u'/' + (now->isEmpty() ? key : *now);
}

// Names of fields, separated by blanks.
static QString fieldsNow(const Evolution &evolution, const QString &model, const QString &fields)
{
    const Step *step = evolution.plan.stepOf(model);
    if (!step || !step->newer)
        return fields;
    QStringList names;
    for (const QString &name : fields.split(u' ', Qt::SkipEmptyParts)) {
        const int field = step->target(name);
        names.append(field < 0 ? name : step->newer->fields[size_t(field)].name);
    }
    return names.join(u' ');
}

// How far a model was fetched is forgotten when the backend knows more of it than was asked for, or when it is gone.
static bool isToFetch(const Evolution &evolution, const QString &model)
{
    const Step *step = evolution.plan.stepOf(model);
    return step && (!step->newer || !step->older || step->refetches);
}

static Result<void> moveSetting(const Evolution &evolution, const Setting &setting)
{
    Setting now = setting;
    const QString kind = setting.name.section(u'/', 0, 0), subject = setting.name.section(u'/', 1);
    const QString model = subject.section(u'/', 0, 0);
    if (kind == "sync"_L1 && isToFetch(evolution, model))
        return replace(evolution, setting.name, {});
    const Result<QString> moved = subjectNow(evolution, subject);
    if (!moved)
        return moved.error();
    now.name = kind + u'/' + *moved;
    if (kind == "outdone"_L1)
        now.value = fieldsNow(evolution, model, setting.value);
    return now.name == setting.name && now.value == setting.value ? Result<void>() : replace(evolution, setting.name, now);
}

// The next answer of the backend is not to be taken for one that is known, though its version may be.
static Result<void> forgetTimes(const Evolution &evolution)
{
    for (const Step &step : evolution.plan.steps()) {
        if (!step.newer || !step.older || !step.refetches)
            continue;
        const QString sql = u"UPDATE %1 SET \"$changedAt\" = 0 WHERE \"$version\" > 0"_s.arg(evolution.tableOf(step).name);
        if (const Result<void> forgotten = evolution.connection.run(sql); !forgotten)
            return forgotten;
    }
    return {};
}

static Result<void> renameModel(const Evolution &evolution, const QString &table, const QString &column, const Step &step)
{
    Statement statement = evolution.connection.prepare(u"UPDATE OR REPLACE %1 SET %2 = ? WHERE %2 = ?"_s.arg(table, column));
    return statement.bind(step.newer->name).bind(step.older->name).exec() ? Result<void>() : Result<void>(statement.error());
}

static Result<void> moveTables(const Evolution &evolution)
{
    const std::pair<QString, QString> places[]{{u"tl_tombstone"_s, u"model"_s}, {u"tl_receipt"_s, u"model"_s},
                                               {u"tl_quarantine"_s, u"model"_s}, {u"tl_quarantine"_s, u"parentModel"_s}};
    for (const Step &step : evolution.plan.steps()) {
        if (!step.older || !step.newer || step.older->name == step.newer->name)
            continue;
        for (const auto &[table, column] : places) {
            if (const Result<void> renamed = renameModel(evolution, table, column, step); !renamed)
                return renamed;
        }
    }
    return {};
}

Result<void> run(const Evolution &evolution)
{
    const Result<QList<Setting>> list = settings(evolution);
    if (!list)
        return list.error();
    for (const Setting &setting : *list) {
        if (const Result<void> moved = moveSetting(evolution, setting); !moved)
            return moved;
    }
    if (const Result<void> moved = moveTables(evolution); !moved)
        return moved;
    if (const Result<void> forgotten = evolution.connection.run(u"DELETE FROM tl_seen"_s); !forgotten)      // keys are others now
        return forgotten;
    return forgetTimes(evolution);
}

} // namespace Tideline::EvolvedNotes
