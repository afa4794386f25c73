// SPDX-License-Identifier: MIT
#include "core/error.h"

#include <QtCore/QDebug>
#include <QtCore/QMetaEnum>
#include <QtCore/QSharedData>

namespace Tideline {

class ErrorPrivate : public QSharedData
{
public:
    Error::Code code = Error::Code::None;
    QString message;
    QString model;
    QString field;
    QString record;
    QString detail;
    Error::Phase phase = Error::Phase::None;
};

/*!
    \class Tideline::Error
    \inmodule Tideline
    \since 0.1
    \brief What went wrong, where, and in words a person can act on.

    Every call of Tideline that can fail ends in a value or in an Error. code() is what a
    program decides on, message() is one sentence for people; model(), field() and record()
    name the place when there is one, phase() what was being done, advice() what can be done about
    it; detail() holds what a lower layer said (SQLite, the HTTP body), for logs and reports.

    Errors are implicitly shared values; they may be copied between threads.
*/

/*! Constructs "no error". */
Error::Error() = default;

/*! Constructs an error of kind \a code that says \a message. */
Error::Error(Code code, const QString &message) : d(new ErrorPrivate)
{
    d->code = code;
    d->message = message;
}

Error::Error(const Error &other) = default;
Error::Error(Error &&other) noexcept = default;
Error &Error::operator=(const Error &other) = default;
Error &Error::operator=(Error &&other) noexcept = default;
Error::~Error() = default;

/*! Returns the kind of error; Code::None when there is none. */
Error::Code Error::code() const noexcept
{
    return d ? d->code : Code::None;
}

/*! Returns one sentence for people, in the language of installTranslation() when the error was made; about a schema always in English. */
QString Error::message() const
{
    return d ? d->message : QString();
}

/*! Returns the name of the model type concerned, or an empty string. */
QString Error::model() const
{
    return d ? d->model : QString();
}

/*! Returns the name of the field concerned, or an empty string. */
QString Error::field() const
{
    return d ? d->field : QString();
}

/*! Returns the key of the record concerned, or an empty string. */
QString Error::record() const
{
    return d ? d->record : QString();
}

/*! Returns what a lower layer reported, verbatim and without secrets. */
QString Error::detail() const
{
    return d ? d->detail : QString();
}

/*! Returns whom the error concerns. */
Error::Category Error::category() const noexcept
{
    switch (code()) {
    case Code::None:
        return Category::None;
    case Code::InvalidArgument:
    case Code::InvalidSchema:
    case Code::SyntaxError:
    case Code::UnknownModel:
    case Code::UnknownField:
    case Code::Validation:
    case Code::ConditionFailed:
    case Code::NotFound:
    case Code::MissingParent:
    case Code::HasDependents:
    case Code::AtRisk:
        return Category::Input;
    case Code::StoreNotOpen:
    case Code::StoreUnavailable:
    case Code::StoreDamaged:
    case Code::StoreForeign:
    case Code::StoreTooNew:
    case Code::StoreReadOnly:
    case Code::StoreLocked:
    case Code::DiskFull:
    case Code::StoreFailed:
        return Category::Store;
    case Code::Network:
    case Code::Timeout:
    case Code::Protocol:
    case Code::Unauthorized:
    case Code::Throttled:
    case Code::BackendFailed:
    case Code::Conflict:
    case Code::Rejected:
        return Category::Backend;
    case Code::Cancelled:
    case Code::Closed:
        return Category::Call;
    }
    return Category::None;
}

/*! Returns whether the same call may succeed later without a change by the caller. */
bool Error::isRetryable() const noexcept
{
    switch (code()) {
    case Code::StoreLocked:
    case Code::DiskFull:
    case Code::StoreUnavailable:
    case Code::Network:
    case Code::Timeout:
    case Code::Throttled:
    case Code::BackendFailed:
    case Code::Cancelled:
        return true;
    case Code::None:
    case Code::InvalidArgument:
    case Code::InvalidSchema:
    case Code::SyntaxError:
    case Code::UnknownModel:
    case Code::UnknownField:
    case Code::Validation:
    case Code::ConditionFailed:
    case Code::NotFound:
    case Code::MissingParent:
    case Code::HasDependents:
    case Code::AtRisk:
    case Code::StoreNotOpen:
    case Code::StoreDamaged:
    case Code::StoreForeign:
    case Code::StoreTooNew:
    case Code::StoreReadOnly:
    case Code::StoreFailed:
    case Code::Protocol:
    case Code::Unauthorized:
    case Code::Conflict:
    case Code::Rejected:
    case Code::Closed:
        return false;
    }
    return false;
}

/*! Returns what was being done. */
Error::Phase Error::phase() const noexcept
{
    return d ? d->phase : Phase::None;
}

static Error changed(const Error &error, QSharedDataPointer<ErrorPrivate> &d, QString ErrorPrivate::*part,
                     const QString &value)
{
    if (!d)
        d = new ErrorPrivate;
    d.data()->*part = value;
    return error;
}

/*! Returns a copy that names \a model. */
Error Error::withModel(const QString &model) const
{
    Error copy(*this);
    return changed(copy, copy.d, &ErrorPrivate::model, model);
}

/*! Returns a copy that names \a field. */
Error Error::withField(const QString &field) const
{
    Error copy(*this);
    return changed(copy, copy.d, &ErrorPrivate::field, field);
}

/*! Returns a copy that names \a record. */
Error Error::withRecord(const QString &record) const
{
    Error copy(*this);
    return changed(copy, copy.d, &ErrorPrivate::record, record);
}

/*! Returns a copy that carries \a detail. */
Error Error::withDetail(const QString &detail) const
{
    Error copy(*this);
    return changed(copy, copy.d, &ErrorPrivate::detail, detail);
}

/*! Returns a copy that says it came up in \a phase, unless it says already where it came up. */
Error Error::inPhase(Phase phase) const
{
    Error copy(*this);
    if (copy.d && copy.d->phase == Phase::None)
        copy.d->phase = phase;
    return copy;
}

bool operator==(const Error &a, const Error &b)
{
    return a.code() == b.code() && a.message() == b.message() && a.model() == b.model()
        && a.field() == b.field() && a.record() == b.record() && a.detail() == b.detail() && a.phase() == b.phase();
}

QDebug operator<<(QDebug debug, const Error &error)
{
    QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "Error(" << QMetaEnum::fromType<Error::Code>().valueToKey(int(error.code()));
    for (const QString &part : {error.model(), error.field(), error.record(), error.message(), error.detail()}) {
        if (!part.isEmpty())
            debug << ", " << part;
    }
    return debug << ')';
}

} // namespace Tideline
