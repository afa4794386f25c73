// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/appsync.h"
#include "client/appsync/oidcsignin.h"
#include "client/datastore.h"
#include "client/decisionmodel.h"
#include "client/live/liveaggregate.h"
#include "client/live/livequery.h"
#include "client/live/modelobject.h"
#include "client/repairmodel.h"

#include <QtQml/qqml.h>

// The types of client/ as QML sees them.

struct SchemaForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Schema)
    QML_VALUE_TYPE(tidelineSchema)
};

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

struct LiveQueryBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::LiveQuery)
    QML_ANONYMOUS
};

struct LiveAggregateBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::LiveAggregate)
    QML_ANONYMOUS
};

struct DecisionModelBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::DecisionModel)
    QML_ANONYMOUS
};

struct RepairModelBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::RepairModel)
    QML_ANONYMOUS
};

struct ModelObjectBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::ModelObject)
    QML_NAMED_ELEMENT(ModelObjectBase)
    QML_UNCREATABLE("Use ModelObject, or the classes that tideline_add_schema() makes.")
};

struct BackendForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Backend)
    QML_NAMED_ELEMENT(Backend)
    QML_UNCREATABLE("Use AppSync.")
};

struct AppSyncBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::AppSync)
    QML_ANONYMOUS
};

struct CredentialsForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Credentials)
    QML_NAMED_ELEMENT(Credentials)
    QML_UNCREATABLE("Use ApiKey, TokenCredentials, IamCredentials or FunctionToken.")
};

struct ApiKeyForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::ApiKey)
    QML_NAMED_ELEMENT(ApiKey)
};

struct TokenCredentialsBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::TokenCredentials)
    QML_ANONYMOUS
};

struct FunctionTokenBaseForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::FunctionToken)
    QML_ANONYMOUS
};

struct IamCredentialsForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::IamCredentials)
    QML_NAMED_ELEMENT(IamCredentials)
};

struct OidcSignInForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::OidcSignIn)
    QML_NAMED_ELEMENT(OidcSignIn)
};

// Verdict.Refused: what the backend will say.
namespace VerdictForeign
{
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Tideline::AccessVerdict)
QML_NAMED_ELEMENT(Verdict)
}

struct ErrorForeign
{
    Q_GADGET
    QML_FOREIGN(Tideline::Error)
    QML_VALUE_TYPE(tidelineError)
};

// ErrorCode.Validation: the codes of errors by name.
namespace ErrorCodeForeign
{
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Tideline::ErrorCode)
QML_NAMED_ELEMENT(ErrorCode)
}

// ErrorCategory.Store: whom an error concerns.
namespace ErrorCategoryForeign
{
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Tideline::ErrorCategory)
QML_NAMED_ELEMENT(ErrorCategory)
}

// ErrorPhase.Upload: what was being done.
namespace ErrorPhaseForeign
{
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Tideline::ErrorPhase)
QML_NAMED_ELEMENT(ErrorPhase)
}

// ErrorAdvice.SignIn: what can be done about an error.
namespace ErrorAdviceForeign
{
Q_NAMESPACE
QML_FOREIGN_NAMESPACE(Tideline::ErrorAdvice)
QML_NAMED_ELEMENT(ErrorAdvice)
}

// SyncState.Pending: how far a record is from the backend.
namespace SyncStateForeign
{
Q_NAMESPACE
QML_NAMED_ELEMENT(SyncState)

enum State {
    Local = int(Tideline::SyncState::Local),
    Synced = int(Tideline::SyncState::Synced),
    Pending = int(Tideline::SyncState::Pending),
    Sending = int(Tideline::SyncState::Sending),
    Rejected = int(Tideline::SyncState::Rejected),
    Merged = int(Tideline::SyncState::Merged),
};
Q_ENUM_NS(State)
}
