// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/modelobject.h"
#include "plugin/global.h"

namespace Tideline {

class DataStore;

/*
    Which data store the types of one QML engine mean when they do not name one: the engine's only one.
    The list of an engine's stores is a child of the engine; nothing outlives it.
*/
void addStore(QObject *context, DataStore *store);
[[nodiscard]] TIDELINE_QML_EXPORT LiveHost *storeOf(const QObject *context);    // null: none, or more than one

/*! Gives a model object made in QML its store; generated classes call it when they are complete. */
TIDELINE_QML_EXPORT void resolveStore(ModelObject *object);

} // namespace Tideline
