// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QStringList>

// How the transformer makes names out of names.
namespace Tideline {

[[nodiscard]] QString upperFirst(const QString &word);
[[nodiscard]] QString lowerFirst(const QString &word);
[[nodiscard]] QString camelCase(const QStringList &words);              // blog, posts, id -> blogPostsId
[[nodiscard]] QString graphqlName(const QString &text);                 // only letters, digits and _
[[nodiscard]] bool isName(const QString &text);                         // could stand in a GraphQL document
[[nodiscard]] QString indexQueryName(const QString &model, const QStringList &fields);  // membersByTeamIdAndName

} // namespace Tideline
