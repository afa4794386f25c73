// SPDX-License-Identifier: MIT
#include "plugin/conflicts.h"

#include "core/data/scalars.h"
#include "plugin/conversion.h"
#include "plugin/plain.h"
#include "plugin/plugintext.h"

#include <QtCore/QDateTime>
#include <QtQml/QJSValueIterator>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

static Error badPolicies(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

static Result<ConflictPolicy> policyFrom(const QVariant &given)
{
    if (given.typeId() == QMetaType::QString)
        return conflictPolicyNamed(given.toString());
    return badPolicies(PluginText::tr("A conflict policy is a text such as \"newest\" or \"sum\"."));
}

static Result<void> addFields(ConflictPolicies &policies, const QString &model, const QVariantMap &fields)
{
    for (auto field = fields.cbegin(); field != fields.cend(); ++field) {
        const Result<ConflictPolicy> policy = policyFrom(*field);
        if (!policy)
            return policy.error().withModel(model).withField(field.key());
        if (field.key() == u"*"_s)
            policies.set(model, *policy);
        else
            policies.set(model, field.key(), *policy);
    }
    return {};
}

Result<ConflictPolicies> policiesFromJs(const QVariantMap &given)
{
    ConflictPolicies policies;
    for (auto model = given.cbegin(); model != given.cend(); ++model) {
        if (model->canConvert<QVariantMap>() && model->typeId() != QMetaType::QString) {
            if (const Result<void> added = addFields(policies, model.key(), model->toMap()); !added)
                return added.error();
            continue;
        }
        const Result<ConflictPolicy> policy = policyFrom(*model);
        if (!policy)
            return policy.error().withModel(model.key());
        if (model.key() == u"*"_s)
            policies.setDefault(*policy);
        else
            policies.set(model.key(), *policy);
    }
    return policies;
}

static QString named(DeletingSide side)
{
    return side == DeletingSide::Mine ? u"mine"_s : side == DeletingSide::Theirs ? u"theirs"_s : QString();
}

QJSValue toJs(QJSEngine *engine, const Conflict &conflict)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"mutation"_s, double(conflict.mutation));
    object.setProperty(u"type"_s, conflict.model->name);
    object.setProperty(u"key"_s, conflict.key);
    object.setProperty(u"base"_s, toJs(engine, conflict.base));
    const auto side = [&](DeletingSide deleted, const Record &record) {
        return conflict.deletion == deleted ? QJSValue(QJSValue::NullValue) : toJs(engine, record);
    };
    object.setProperty(u"mine"_s, side(DeletingSide::Mine, conflict.mine));
    object.setProperty(u"theirs"_s, side(DeletingSide::Theirs, conflict.theirs));
    object.setProperty(u"fields"_s, engine->toScriptValue(conflict.fields));
    object.setProperty(u"deletion"_s, named(conflict.deletion));
    object.setProperty(u"attempt"_s, conflict.attempt);
    return object;
}

static Error badDecision(const ModelType &model, const QString &message)
{
    return Error(Error::Code::InvalidArgument, message).withModel(model.name);
}

// What a record's object has beside the fields may come along.
static bool isLeftOut(const ModelType &model, const QString &name, int field)
{
    static const QStringList extras{u"type"_s, u"key"_s, u"syncState"_s, u"version"_s, u"record"_s, u"mutation"_s};
    if (field < 0)
        return extras.contains(name);
    const bool isKey = std::ranges::find(model.primaryKey, field) != model.primaryKey.end();
    return isKey || model.fields[size_t(field)].readOnly;
}

static Result<Resolution> fieldsFromJs(const Schema &schema, const ModelType &model, const QJSValue &object)
{
    QMap<QString, Value> values;
    QJSValueIterator member(object);
    while (member.next()) {
        const int field = model.fieldIndex(member.name());
        if (isLeftOut(model, member.name(), field) || member.value().isUndefined())
            continue;
        if (field < 0)
            return badDecision(model, PluginText::tr("%1 has no field \"%2\" that a decision about a conflict could set.").arg(model.name, member.name()));
        const Plain plain(member.value());
        if (!plain)
            return badDecision(model, PluginText::tr("%1.%2 cannot hold %3.").arg(model.name, member.name(), plain.obstacle())).withField(member.name());
        const Result<Value> value = fromVariant(schema, model, field, plain.variant());
        if (!value)
            return value.error();
        values.insert(member.name(), *value);
    }
    return Resolution::fields(values);
}

Result<Resolution> resolutionFromJs(const Schema &schema, const ModelType &model, const QJSValue &value)
{
    if (value.isString()) {
        const QString word = value.toString();
        if (word == u"mine"_s)
            return Resolution::mine();
        if (word == u"theirs"_s)
            return Resolution::theirs();
        if (word == u"delete"_s)
            return Resolution::remove();
    }
    if (isPlainObject(value))
        return fieldsFromJs(schema, model, value);
    return badDecision(model, PluginText::tr("A decision about a conflict is \"mine\", \"theirs\", \"delete\" or an object of fields, not %1.")
                                  .arg(described(value)));
}

Result<ConflictSide> sideFromJs(const QJSValue &side)
{
    if (side.isUndefined())
        return ConflictSide::NotTaken;
    if (side.isString() && side.toString() == u"mine"_s)
        return ConflictSide::Mine;
    if (side.isString() && side.toString() == u"theirs"_s)
        return ConflictSide::Theirs;
    return Error(Error::Code::InvalidArgument, PluginText::tr("The second argument of undo() is \"mine\" or \"theirs\", not %1.").arg(described(side)));
}

static QJSValue toJs(QJSEngine *engine, const ConflictDecision &decision)
{
    QJSValue fields = engine->newArray(uint(decision.fields.size()));
    for (qsizetype i = 0; i < decision.fields.size(); ++i) {
        const ConflictDecision::Field &field = decision.fields.at(i);
        QJSValue object = engine->newObject();
        object.setProperty(u"name"_s, field.name);
        object.setProperty(u"policy"_s, field.policy);
        object.setProperty(u"base"_s, engine->toScriptValue(field.base.toVariant()));
        object.setProperty(u"mine"_s, engine->toScriptValue(field.mine.toVariant()));
        object.setProperty(u"theirs"_s, engine->toScriptValue(field.theirs.toVariant()));
        object.setProperty(u"result"_s, engine->toScriptValue(field.result.toVariant()));
        fields.setProperty(quint32(i), object);
    }
    QJSValue object = engine->newObject();
    object.setProperty(u"decision"_s, double(decision.id));
    object.setProperty(u"type"_s, decision.model);
    object.setProperty(u"key"_s, decision.key);
    object.setProperty(u"mutation"_s, double(decision.mutation));
    object.setProperty(u"version"_s, double(decision.version));
    object.setProperty(u"at"_s, engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(decision.at)));
    object.setProperty(u"deletion"_s, named(decision.deletion));
    object.setProperty(u"undone"_s, decision.undone != 0);
    object.setProperty(u"fields"_s, fields);
    return object;
}

QJSValue toJs(QJSEngine *engine, const QList<ConflictDecision> &decisions)
{
    QJSValue array = engine->newArray(uint(decisions.size()));
    for (qsizetype i = 0; i < decisions.size(); ++i)
        array.setProperty(quint32(i), toJs(engine, decisions.at(i)));
    return array;
}

HandlerReply::HandlerReply(const Schema &schema, std::shared_ptr<const ModelType> model, QObject *parent)
    : QObject(parent), m_schema(schema), m_model(std::move(model))
{
    m_promise.start();
}

HandlerReply::~HandlerReply()
{
    finish(Error(Error::Code::Closed, PluginText::tr("The data store went before the conflict was decided.")));
}

void HandlerReply::take(QJSEngine *engine, const QJSValue &returned)
{
    if (returned.isError())
        return reject(returned);
    const QJSValue then = returned.isObject() ? returned.property(u"then"_s) : QJSValue();
    if (!then.isCallable())
        return resolve(returned);
    QJSEngine::setObjectOwnership(this, QJSEngine::CppOwnership);
    const QJSValue self = engine->newQObject(this);
    const QJSValue failed = then.callWithInstance(returned, {self.property(u"resolve"_s), self.property(u"reject"_s)});
    if (failed.isError())
        reject(failed);
}

void HandlerReply::resolve(const QJSValue &value)
{
    finish(value.isError() ? Result<Resolution>(Error(Error::Code::InvalidArgument, value.toString())) : resolutionFromJs(m_schema, *m_model, value));
}

void HandlerReply::reject(const QJSValue &reason)
{
    finish(Error(Error::Code::InvalidArgument, PluginText::tr("The handler of conflicts failed: %1").arg(reason.toString())).withModel(m_model->name));
}

void HandlerReply::finish(const Result<Resolution> &result)
{
    if (std::exchange(m_done, true))
        return;
    m_promise.addResult(result);
    m_promise.finish();
    deleteLater();
}

} // namespace Tideline
