// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringView>

namespace Tideline::GraphQL {

[[nodiscard]] QString quoteString(QStringView value);

enum class BlockStringForm { Readable, Minimal };

// What a block string stands for; raw is what lies between the quotes, line ends already LF.
[[nodiscard]] QString dedentBlockString(QStringView raw);
[[nodiscard]] QString quoteBlockString(QStringView value, BlockStringForm form);

} // namespace Tideline::GraphQL
