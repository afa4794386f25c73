// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QSharedDataPointer>
#include <QtCore/QString>

namespace Tideline {

class ErrorPrivate;

/*! The kinds of errors, in a namespace of their own because QML tells a type of values and a list of names apart. */
namespace ErrorCode {

Q_NAMESPACE_EXPORT(TIDELINE_CORE_EXPORT)

enum class Code {
    None,
    // what the caller gave
    InvalidArgument,
    InvalidSchema,
    SyntaxError,
    UnknownModel,
    UnknownField,
    Validation,
    ConditionFailed,
    NotFound,
    MissingParent,
    HasDependents,
    AtRisk,
    // the local file
    StoreNotOpen,
    StoreUnavailable,
    StoreDamaged,
    StoreForeign,
    StoreTooNew,
    StoreReadOnly,
    StoreLocked,
    DiskFull,
    StoreFailed,
    // the line and the backend
    Network,
    Timeout,
    Protocol,
    Unauthorized,
    Throttled,
    BackendFailed,
    Conflict,
    Rejected,
    // the life of a call
    Cancelled,
    Closed,
};
Q_ENUM_NS(Code)

} // namespace ErrorCode

/*! Whom an error concerns, coarser than its code. */
namespace ErrorCategory {

Q_NAMESPACE_EXPORT(TIDELINE_CORE_EXPORT)

enum class Category {
    None,
    Input,                  // what the caller gave
    Store,                  // the local file
    Backend,                // the line and the backend
    Call,                   // the call ended before it was done
};
Q_ENUM_NS(Category)

} // namespace ErrorCategory

/*! What was being done when an error came up. */
namespace ErrorPhase {

Q_NAMESPACE_EXPORT(TIDELINE_CORE_EXPORT)

enum class Phase {
    None,                   // nobody said
    Open,                   // opening or closing the local file
    Save,                   // saving or deleting
    Query,                  // reading, live queries
    Repair,                 // deciding on a refused mutation
    Connect,                // reaching the backend
    Subscribe,              // of one model type to live changes
    Sync,                   // asking for what changed
    Upload,                 // sending a mutation
    Merge,                  // applying what the backend sent
};
Q_ENUM_NS(Phase)

} // namespace ErrorPhase

/*! What can be done about an error; Error::adviceText() says it in a sentence. */
namespace ErrorAdvice {

Q_NAMESPACE_EXPORT(TIDELINE_CORE_EXPORT)

enum class Advice {
    None,
    CorrectInput,           // change what was given
    CorrectSchema,
    ReadAgain,              // the record is not as the call expected
    CheckReferences,        // of the record to others and of others to it
    OpenStore,
    CheckFile,              // its folder, its permissions
    CloseOthers,            // programs that use the file
    FreeSpace,
    UpdateApplication,
    ReplaceFile,
    Wait,                   // it is tried again without anybody's doing
    CheckBackend,           // its URL and its schema; a captive portal
    SignIn,
    SendFirst,              // or accept the loss
    Decide,                 // on the repair bench: edit, retry or discard
    Repeat,                 // the call
    Report,                 // to the developer
};
Q_ENUM_NS(Advice)

} // namespace ErrorAdvice

class TIDELINE_CORE_EXPORT Error
{
    Q_GADGET
    Q_PROPERTY(Tideline::ErrorCode::Code code READ code CONSTANT FINAL)
    Q_PROPERTY(Tideline::ErrorCategory::Category category READ category CONSTANT FINAL)
    Q_PROPERTY(QString message READ message CONSTANT FINAL)
    Q_PROPERTY(QString model READ model CONSTANT FINAL)
    Q_PROPERTY(QString field READ field CONSTANT FINAL)
    Q_PROPERTY(QString record READ record CONSTANT FINAL)
    Q_PROPERTY(QString detail READ detail CONSTANT FINAL)
    Q_PROPERTY(bool retryable READ isRetryable CONSTANT FINAL)
    Q_PROPERTY(Tideline::ErrorPhase::Phase phase READ phase CONSTANT FINAL)
    Q_PROPERTY(Tideline::ErrorAdvice::Advice advice READ advice CONSTANT FINAL)
    Q_PROPERTY(QString adviceText READ adviceText CONSTANT FINAL)

public:
    using Code = ErrorCode::Code;
    using Category = ErrorCategory::Category;
    using Phase = ErrorPhase::Phase;
    using Advice = ErrorAdvice::Advice;

    Error();
    Error(Code code, const QString &message);
    Error(const Error &other);
    Error(Error &&other) noexcept;
    Error &operator=(const Error &other);
    Error &operator=(Error &&other) noexcept;
    ~Error();

    [[nodiscard]] Code code() const noexcept;
    [[nodiscard]] Category category() const noexcept;
    [[nodiscard]] QString message() const;
    [[nodiscard]] QString model() const;
    [[nodiscard]] QString field() const;
    [[nodiscard]] QString record() const;
    [[nodiscard]] QString detail() const;
    [[nodiscard]] bool isRetryable() const noexcept;
    [[nodiscard]] Phase phase() const noexcept;
    [[nodiscard]] Advice advice() const noexcept;
    [[nodiscard]] QString adviceText() const;
    [[nodiscard]] bool isError() const noexcept { return code() != Code::None; }

    [[nodiscard]] Error withModel(const QString &model) const;
    [[nodiscard]] Error withField(const QString &field) const;
    [[nodiscard]] Error withRecord(const QString &record) const;
    [[nodiscard]] Error withDetail(const QString &detail) const;
    [[nodiscard]] Error inPhase(Phase phase) const;

    friend TIDELINE_CORE_EXPORT bool operator==(const Error &a, const Error &b);
    friend TIDELINE_CORE_EXPORT QDebug operator<<(QDebug debug, const Error &error);

private:
    QSharedDataPointer<ErrorPrivate> d;
};

} // namespace Tideline
