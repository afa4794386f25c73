// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"

#include <QtCore/QMetaType>

namespace Tideline {

/*! Which side of a conflict deleted the record that the other one changed. */
enum class DeletingSide { None, Mine, Theirs };

/*!
    \class Tideline::ConflictDecision
    \inmodule Tideline
    \since 0.1
    \brief One automatic decision about fields that this device and another one changed to different values.

    Where one side deleted the record, the fields are those of the other side's record, and null on the side that deleted, and
    in the result when the deletion was taken.
*/
struct ConflictDecision
{
    struct Field
    {
        QString name;
        QString policy;                 // as a schema names it; "backend": its own merge;
                                        // "doubt": nobody can say whether mine was there before theirs, which stays; or, where
                                        // theirs is what a count was made from, whether mine, which was sent again, counts twice
        Value base;                     // what both sides began with
        Value mine;
        Value theirs;
        Value result;
        friend bool operator==(const Field &, const Field &) = default;
    };

    qint64 id = 0;                      // counts up
    qint64 at = 0;                      // ms since the epoch, UTC
    QString model;
    QString key;
    qint64 mutation = 0;                // whose values are mine
    qint64 version = 0;                 // of the backend's record with theirs
    QList<Field> fields;
    DeletingSide deletion = DeletingSide::None;
    qint64 undone = 0;                  // when the user undid it; 0: not

    friend bool operator==(const ConflictDecision &, const ConflictDecision &) = default;
};

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::ConflictDecision)
