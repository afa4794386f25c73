// SPDX-License-Identifier: MIT
#pragma once

#include "server/conflicts/conflicts.h"

namespace Tideline::Server {

/* The rule of each model type; immutable. */
class ConflictRules
{
public:
    // Fails when \a byModel names a model that the schema lacks, or a function is missing.
    [[nodiscard]] static Result<ConflictRules> make(const Schema &schema, const ConflictRule &standard,
                                                    const QHash<QString, ConflictRule> &byModel);

    [[nodiscard]] const ConflictRule &of(const ModelType &model) const noexcept { return m_rules[size_t(model.number)]; }

private:
    std::vector<ConflictRule> m_rules;      // by the model's number
};

} // namespace Tideline::Server
