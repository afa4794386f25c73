// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/schema/schema.h"

namespace Tideline {

/*! A relation of a model type and the model type it leads to. */
struct RelationTarget
{
    const Relation *relation = nullptr;
    std::shared_ptr<const ModelType> model;
};

/*! Finds \a name among the relations of \a model; errors say what it is instead. */
[[nodiscard]] Result<RelationTarget> findRelation(const Schema &schema, const ModelType &model, const QString &name);

/*! Finds the number of the field \a name of \a model; errors say what it is instead. */
[[nodiscard]] Result<int> findField(const Schema &schema, const ModelType &model, const QString &name);

} // namespace Tideline
