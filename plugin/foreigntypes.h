// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "client/live/modelobject.h"

#include <QtQml/qqml.h>

// The types of client/ as QML sees them.

struct LiveHostForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::LiveHost)
    QML_ANONYMOUS
};

struct DataStoreBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::DataStore)
    QML_ANONYMOUS
};

struct ModelObjectForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::ModelObject)
    QML_NAMED_ELEMENT(ModelObject)
    QML_UNCREATABLE("Use the classes that tideline_add_schema() makes.")
};

struct BackendForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Backend)
    QML_NAMED_ELEMENT(Backend)
    QML_UNCREATABLE("Use AppSync.")
};

struct AppSyncForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::AppSync)
    QML_NAMED_ELEMENT(AppSync)
};

struct CredentialsForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Credentials)
    QML_NAMED_ELEMENT(Credentials)
    QML_UNCREATABLE("Use ApiKey.")
};

struct ApiKeyForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::ApiKey)
    QML_NAMED_ELEMENT(ApiKey)
};

struct ErrorForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Error)
    QML_VALUE_TYPE(tidelineError)
};
