// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

#include <QtCore/QStringList>

namespace Tideline {

/*! What the backend will say of something, as far as its rules tell. */
namespace AccessVerdict {

Q_NAMESPACE_EXPORT(TIDELINE_EXPORT)

enum class Verdict {
    Unknown,                            // only the backend knows, or it depends
    Allowed,
    Refused,
};
Q_ENUM_NS(Verdict)

} // namespace AccessVerdict

using Verdict = AccessVerdict::Verdict;

/*! What somebody wants to do with a record. */
struct Intention
{
    enum class Operation { Create, Update, Delete, Read };

    std::shared_ptr<const ModelType> model;
    Operation operation = Operation::Read;
    Record record = {};                 // as it is here, of a create as it shall be; null: any
    QStringList fields = {};            // of an update, that it writes; empty: not known
};

} // namespace Tideline
