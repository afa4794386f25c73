// SPDX-License-Identifier: MIT
#include "plugin/errorcategory.h"

namespace Tideline {

ErrorCategory::Category ErrorCategory::of(Error::Code code) noexcept
{
    switch (code) {
    case Error::Code::None:
        return None;
    case Error::Code::InvalidArgument:
    case Error::Code::InvalidSchema:
    case Error::Code::SyntaxError:
    case Error::Code::UnknownModel:
    case Error::Code::UnknownField:
    case Error::Code::Validation:
    case Error::Code::ConditionFailed:
    case Error::Code::NotFound:
    case Error::Code::MissingParent:
    case Error::Code::HasDependents:
        return Input;
    case Error::Code::StoreNotOpen:
    case Error::Code::StoreUnavailable:
    case Error::Code::StoreDamaged:
    case Error::Code::StoreForeign:
    case Error::Code::StoreTooNew:
    case Error::Code::StoreReadOnly:
    case Error::Code::StoreLocked:
    case Error::Code::DiskFull:
    case Error::Code::StoreFailed:
        return Store;
    case Error::Code::Network:
    case Error::Code::Timeout:
    case Error::Code::Protocol:
    case Error::Code::Unauthorized:
    case Error::Code::Throttled:
    case Error::Code::BackendFailed:
    case Error::Code::Conflict:
    case Error::Code::Rejected:
        return Backend;
    case Error::Code::Cancelled:
    case Error::Code::Closed:
        return Call;
    }
    return None;
}

} // namespace Tideline
