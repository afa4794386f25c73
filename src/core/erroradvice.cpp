// SPDX-License-Identifier: MIT
#include "core/coretext_p.h"
#include "core/error.h"

namespace Tideline {

/*! Returns what can be done about the error. */
Error::Advice Error::advice() const noexcept
{
    switch (code()) {
    case Code::None:
        return Advice::None;
    case Code::InvalidArgument:
    case Code::SyntaxError:
    case Code::UnknownModel:
    case Code::UnknownField:
    case Code::Validation:
        return Advice::CorrectInput;
    case Code::InvalidSchema:
        return Advice::CorrectSchema;
    case Code::ConditionFailed:
    case Code::NotFound:
        return phase() == Phase::Upload ? Advice::Decide : Advice::ReadAgain;
    case Code::AtRisk:
        return Advice::SendFirst;
    case Code::MissingParent:
    case Code::HasDependents:
        return Advice::CheckReferences;
    case Code::StoreNotOpen:
    case Code::Closed:
        return Advice::OpenStore;
    case Code::StoreUnavailable:
    case Code::StoreReadOnly:
        return Advice::CheckFile;
    case Code::StoreDamaged:
    case Code::StoreForeign:
        return Advice::ReplaceFile;
    case Code::StoreTooNew:
        return Advice::UpdateApplication;
    case Code::StoreLocked:
        return Advice::CloseOthers;
    case Code::DiskFull:
        return Advice::FreeSpace;
    case Code::StoreFailed:
        return Advice::Report;
    case Code::Network:
    case Code::Timeout:
    case Code::Throttled:
    case Code::BackendFailed:
        return Advice::Wait;
    case Code::Protocol:
        return Advice::CheckBackend;
    case Code::Unauthorized:
        return Advice::SignIn;
    case Code::Conflict:
    case Code::Rejected:
        return phase() == Phase::Upload || !record().isEmpty() ? Advice::Decide : Advice::CheckBackend;
    case Code::Cancelled:
        return Advice::Repeat;
    }
    return Advice::None;
}

/*! Returns advice() as a sentence for people, in the language of installTranslation(). */
QString Error::adviceText() const
{
    switch (advice()) {
    case Advice::None: return {};
    case Advice::CorrectInput: return CoreText::tr("Change what was entered and try again.");
    case Advice::CorrectSchema: return CoreText::tr("The application's schema has to be corrected.");
    case Advice::ReadAgain: return CoreText::tr("Look at the record as it is now and decide again.");
    case Advice::CheckReferences: return CoreText::tr("Look after the records that refer to each other first.");
    case Advice::OpenStore: return CoreText::tr("Open the data store first.");
    case Advice::CheckFile: return CoreText::tr("Check that the file's folder is there, local and may be written to.");
    case Advice::CloseOthers: return CoreText::tr("Close other programs that use the file and try again.");
    case Advice::FreeSpace: return CoreText::tr("Make room on the disk and try again.");
    case Advice::UpdateApplication: return CoreText::tr("Install a newer version of the application.");
    case Advice::ReplaceFile: return CoreText::tr("Move the file away, and keep it: what was never sent is only there.");
    case Advice::Wait: return CoreText::tr("Nothing has to be done: it is tried again by itself, and work goes on.");
    case Advice::CheckBackend: return CoreText::tr("Check the address of the backend, and whether the network wants a sign-in of its own.");
    case Advice::SignIn: return CoreText::tr("Sign in again.");
    case Advice::SendFirst: return CoreText::tr("Let this device send its changes first, or decide to lose them.");
    case Advice::Decide: return CoreText::tr("Decide about the change: edit it, send it again or discard it.");
    case Advice::Repeat: return CoreText::tr("Try again.");
    case Advice::Report: return CoreText::tr("Tell the developers of the application, with the details.");
    }
    return {};
}

} // namespace Tideline
