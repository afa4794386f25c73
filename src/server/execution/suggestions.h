// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QStringList>

namespace Tideline::Server {

// The names of \a options that \a input may have been meant as, nearest first, as graphql-js ranks them.
[[nodiscard]] QStringList suggestionList(const QString &input, const QStringList &options);

// " Did you mean [the SUBJECT] "a", "b", or "c"?"; empty without suggestions.
[[nodiscard]] QString didYouMean(const QStringList &suggestions, const QString &subject = {});

} // namespace Tideline::Server
