// SPDX-License-Identifier: MIT
#include "tools/triggersettings.h"

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

static constexpr qsizetype leastSecretBytes = 16;

Result<std::vector<Trigger>> readTriggers(const TriggerSettings &settings)
{
    std::vector<Trigger> triggers;
    for (const QString &text : settings.triggers) {
        Result<Trigger> trigger = Trigger::parse(text);
        if (!trigger)
            return trigger.error();
        trigger->secret = settings.secret;
        triggers.push_back(std::move(*trigger));
    }
    if (!triggers.empty() && settings.secret.size() < leastSecretBytes)
        return Error(Error::Code::InvalidArgument, u"--trigger needs TIDELINE_TRIGGER_SECRET, a secret of at least %1 bytes to sign with"_s
                                                       .arg(leastSecretBytes));
    return triggers;
}

} // namespace Tideline::Tools
