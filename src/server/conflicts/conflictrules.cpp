// SPDX-License-Identifier: MIT
#include "server/conflicts/conflictrules.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Result<ConflictRules> ConflictRules::make(const Schema &schema, const ConflictRule &standard, const QHash<QString, ConflictRule> &byModel)
{
    for (auto rule = byModel.cbegin(); rule != byModel.cend(); ++rule) {
        if (!schema.model(rule.key()))
            return Error(Error::Code::UnknownModel, u"A conflict strategy is given for \"%1\", which the schema does not have."_s.arg(rule.key()));
    }
    ConflictRules rules;
    for (const std::shared_ptr<const ModelType> &model : schema.models()) {
        ConflictRule rule = byModel.value(model->name, standard);
        if (!rule.function)
            rule.function = standard.function;
        if (rule.strategy == ConflictStrategy::Function && !rule.function) {
            return Error(Error::Code::InvalidArgument,
                         u"Conflicts of %1 are decided by a function, but none is given."_s.arg(model->name)).withModel(model->name);
        }
        rules.m_rules.push_back(std::move(rule));
    }
    return rules;
}

} // namespace Tideline::Server
