// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QString>
#include <QtCore/QStringView>

namespace Tideline::GraphQL {

/*!
    \class Tideline::GraphQL::SourcePosition
    \inmodule Tideline
    \since 0.1
    \brief A place in a source for people: line and column, both from 1, the column in UTF-16 units.

    LF, CR and CR LF each end one line.
*/
struct SourcePosition
{
    int line = 1;
    int column = 1;
    friend bool operator==(const SourcePosition &, const SourcePosition &) = default;
};

/*!
    \class Tideline::GraphQL::SyntaxError
    \inmodule Tideline
    \since 0.1
    \brief Why and where a source is not a GraphQL document.

    The message has graphql-js's words, for example
    "Syntax Error: Expected Name, found <EOF>."; \c position counts UTF-16 units from the start.
*/
struct SyntaxError
{
    QString message;
    qint32 position = 0;
    SourcePosition at;
    friend bool operator==(const SyntaxError &, const SyntaxError &) = default;
};

[[nodiscard]] TIDELINE_CORE_EXPORT SourcePosition positionOf(QStringView source, qint32 offset);

} // namespace Tideline::GraphQL
