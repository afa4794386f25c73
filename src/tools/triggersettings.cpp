// SPDX-License-Identifier: MIT
#include "tools/triggersettings.h"

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

static constexpr qsizetype leastSecretBytes = 16;

std::vector<Option> triggerOptions()
{
    return {
        {.name = u"trigger"_s, .type = Option::Type::List,
         .help = u"POST each change of these kinds to URL after its commit, until it is answered with 2xx; may be given again. "
                 "MODEL=URL is for all kinds. Bodies are signed with trigger-secret"_s,
         .valueName = u"MODEL:create,update,delete=URL"_s},
        {.name = u"trigger-secret"_s, .help = u"the secret that triggers sign with"_s, .secret = true, .onCommandLine = false},
        {.name = u"trigger-max-attempts"_s, .type = Option::Type::Integer, .help = u"After how many attempts an event is given up; 0 is never"_s,
         .valueName = u"N"_s, .initial = u"0"_s, .most = 1'000'000},
        {.name = u"trigger-max-age"_s, .type = Option::Type::Duration, .help = u"How old an event that fails is when it is given up; 0 is never"_s,
         .valueName = u"DURATION"_s, .initial = u"3d"_s, .most = 365 * 86400},
    };
}

Result<void> readTriggers(const OptionValues &values, BackendOptions &options)
{
    const QByteArray secret = values.text(u"trigger-secret"_s).toUtf8();
    for (const QString &text : values.list(u"trigger"_s)) {
        Result<Trigger> trigger = Trigger::parse(text);
        if (!trigger)
            return trigger.error();
        trigger->secret = secret;
        options.triggers.push_back(std::move(*trigger));
    }
    if (!options.triggers.empty() && secret.size() < leastSecretBytes)
        return Error(Error::Code::InvalidArgument, u"--trigger needs TIDELINE_TRIGGER_SECRET, a secret of at least %1 bytes to sign with"_s
                                                       .arg(leastSecretBytes));
    options.triggerOptions.maxAttempts = int(values.integer(u"trigger-max-attempts"_s));
    options.triggerOptions.maxAge = values.duration(u"trigger-max-age"_s);
    return {};
}

} // namespace Tideline::Tools
