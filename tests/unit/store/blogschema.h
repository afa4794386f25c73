// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

// Every kind of relation: hasOne with the key on either side, hasMany, manyToMany, a type with itself.
namespace BlogSchema {

inline Tideline::Schema schema()
{
    static const Tideline::Result<Tideline::Schema> parsed = Tideline::Schema::parse(QStringLiteral(R"(
type Blog @model {
  id: ID!
  title: String!
  cover: Cover @hasOne
  posts: [Post] @hasMany
}

type Cover @model {
  id: ID!
  url: String
}

type Post @model {
  id: ID!
  title: String!
  rating: Int @index
  blog: Blog @belongsTo
  comments: [Comment] @hasMany
  tags: [Tag] @manyToMany(relationName: "PostTags")
}

type Comment @model {
  id: ID!
  text: String!
  likes: Int @default(value: "3")
  post: Post @belongsTo
}

type Tag @model {
  name: String! @primaryKey
  colour: String
  posts: [Post] @manyToMany(relationName: "PostTags")
}

type Node @model {
  id: ID!
  group: String
  parent: Node @belongsTo
  children: [Node] @hasMany
}

type Order @model {
  select: String! @primaryKey(sortKeyFields: ["from"])
  from: Int!
  where: Float
  rowid: String
}
)"));
    if (!parsed)
        qFatal("The schema of the test is refused: %s", qPrintable(parsed.error().message()));
    return parsed.value();
}

} // namespace BlogSchema
