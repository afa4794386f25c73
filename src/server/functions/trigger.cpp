// SPDX-License-Identifier: MIT
#include "server/functions/trigger.h"

#include "core/schema/schema.h"
#include "server/auth/fetcher.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static Error invalid(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

static Result<TriggerOperations> operationsOf(const QString &text)
{
    TriggerOperations operations;
    for (const QString &word : text.split(u',')) {
        if (word == "create"_L1)
            operations |= TriggerOperation::Create;
        else if (word == "update"_L1)
            operations |= TriggerOperation::Update;
        else if (word == "delete"_L1)
            operations |= TriggerOperation::Delete;
        else
            return invalid(u"a trigger's operations are create, update and delete, not \"%1\""_s.arg(word));
    }
    return operations;
}

/*! The trigger that \a text asks for, MODEL:OPERATION,OPERATION=URL or MODEL=URL for all operations; without a secret. */
Result<Trigger> Trigger::parse(const QString &text)
{
    const qsizetype equals = text.indexOf(u'=');
    const QString head = text.first(std::max<qsizetype>(0, equals));
    const qsizetype colon = head.indexOf(u':');
    Trigger trigger;
    trigger.model = colon < 0 ? head : head.first(colon);
    if (trigger.model.isEmpty())
        return invalid(u"a trigger is MODEL:OPERATION,...=URL"_s);
    if (colon >= 0) {
        const Result<TriggerOperations> operations = operationsOf(head.sliced(colon + 1));
        if (!operations)
            return operations.error();
        trigger.operations = *operations;
    }
    const QString url = text.sliced(equals + 1);
    trigger.url = QUrl(url, QUrl::StrictMode);
    if (!isSafeUrl(trigger.url))
        return invalid(u"a trigger's URL is https (or http to this machine), not \"%1\""_s.arg(displayUrl(url)));
    return trigger;
}

static Result<void> check(const Trigger &trigger, const Schema &schema)
{
    const auto &models = schema.models();
    if (std::none_of(models.begin(), models.end(), [&](const auto &model) { return model->name == trigger.model; }))
        return invalid(u"A trigger is for \"%1\", which is no model type of the schema."_s.arg(trigger.model));
    if (!isSafeUrl(trigger.url))
        return invalid(u"The trigger of %1 needs an https URL, or http to this machine."_s.arg(trigger.model));
    if (trigger.secret.isEmpty())
        return invalid(u"The trigger of %1 has no secret to sign with."_s.arg(trigger.model));
    if (!trigger.operations)
        return invalid(u"The trigger of %1 is for no operation."_s.arg(trigger.model));
    return {};
}

Result<void> checkTriggers(const std::vector<Trigger> &triggers, const Schema &schema)
{
    QSet<QString> targets;
    for (const Trigger &trigger : triggers) {
        if (const Result<void> checked = check(trigger, schema); !checked)
            return checked;
        if (targets.contains(trigger.target()))
            return invalid(u"The trigger \"%1\" is given twice."_s.arg(trigger.target()));
        targets.insert(trigger.target());
    }
    return {};
}

} // namespace Tideline::Server
