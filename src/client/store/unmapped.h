// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"

#include <QtCore/QJsonObject>

namespace Tideline {

/*!
    \struct Tideline::UnmappedData
    \inmodule Tideline
    \since 0.1
    \brief What a change of the schema left no place for; the store keeps it until somebody decides.

    A row and a mutation have their values by the names of fields; the model and the fields need not be in the
    schema any more.
*/
struct UnmappedData
{
    enum class Kind { Row, Field, Mutation };
    enum class Reason {
        Gone,               // the schema has no such model or field any more, or none that may change: it is part of the key
        WrongType,          // a value does not fit the field's type any more
        MissingValue,       // a required field has none
        KeyMissing,         // a part of the record's key has none
        KeyTaken,           // another record has the key
        RowAside,           // of a mutation: its record's row is not in its table
    };

    qint64 id = 0;
    Kind kind = Kind::Row;
    Reason reason = Reason::Gone;
    QString model;
    QString key;                                                        // of the record, as OutboxEntry::key
    QString field;                                                      // that the reason is about; empty: none in particular
    QJsonObject values;                                                 // Row: all; Field: the one; Mutation: the changes
    QJsonObject base;                                                   // Mutation: what it builds on
    OutboxEntry::Operation operation = OutboxEntry::Operation::Update;  // of a mutation
    qint64 at = 0;                                                      // ms since the epoch, UTC
    bool onlyHere = false;                                              // a change that was not sent, a row that no backend knows

    [[nodiscard]] TIDELINE_EXPORT Error error() const;                  // the reason in words

    friend bool operator==(const UnmappedData &, const UnmappedData &) = default;
};

/*
    A change that was not sent is in the row as well, and both may have no place: what is left of the row is then a part of the mutation, which
    says all, and goes with it.
*/
[[nodiscard]] TIDELINE_EXPORT bool isPartOf(const UnmappedData &data, const UnmappedData &mutation);
[[nodiscard]] TIDELINE_EXPORT QList<UnmappedData> withoutParts(const QList<UnmappedData> &list);

} // namespace Tideline
