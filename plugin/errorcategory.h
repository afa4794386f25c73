// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtQml/qqml.h>

namespace Tideline {

// ErrorCategory.Store: whom an error concerns, coarser than ErrorCode.
namespace ErrorCategory
{
Q_NAMESPACE
QML_ELEMENT

enum Category {
    None,
    Input,                  // what the caller gave
    Store,                  // the local file
    Backend,                // the line and the backend
    Call,                   // the call ended with its store
};
Q_ENUM_NS(Category)

[[nodiscard]] Category of(Error::Code code) noexcept;
} // namespace ErrorCategory

} // namespace Tideline
