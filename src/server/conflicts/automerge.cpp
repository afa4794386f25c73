// SPDX-License-Identifier: MIT
#include "core/data/automerge.h"
#include "server/conflicts/conflicts.h"

namespace Tideline::Server {

Record automerged(const Record &stored, const Value::Object &input)
{
    Record result = stored;
    for (const auto &[name, incoming] : input) {
        const int field = stored.model()->fieldIndex(name);
        if (field >= 0)
            result.setValue(field, Tideline::automerged(stored.model()->fields[size_t(field)].type, stored.value(field), incoming));
    }
    return result;
}

} // namespace Tideline::Server
