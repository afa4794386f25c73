// SPDX-License-Identifier: MIT
#pragma once

// Everything an application includes.
#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "client/decisionmodel.h"
#include "client/live/liveaggregate.h"
#include "client/live/livequery.h"
#include "client/live/modelobject.h"
#include "client/repairmodel.h"
#include "client/translation.h"
#include "core/data/field.h"
