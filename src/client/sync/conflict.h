// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/conflictdecision.h"
#include "client/store/outboxentry.h"

#include <QtCore/QFuture>
#include <QtCore/QMap>

#include <functional>

namespace Tideline {

/*!
    \class Tideline::Conflict
    \inmodule Tideline
    \since 0.1
    \brief What the application is asked to decide: a record that this device and another one changed.
*/
struct Conflict
{
    qint64 mutation = 0;                // whose changes are mine
    std::shared_ptr<const ModelType> model;
    QString key;
    Record base;                        // what both sides began with
    Record mine;                        // the backend's record with this device's changes in it
    Record theirs;                      // the backend's record, with its version
    DeletingSide deletion = DeletingSide::None;     // that side deleted the record, whose last values stand there; the other one changed it
    QStringList fields;                 // those to decide: both sides changed them to different values; all that were changed against a deletion
    int attempt = 1;                    // how often it has been asked about this mutation
};

/*!
    \class Tideline::Resolution
    \inmodule Tideline
    \since 0.1
    \brief What the application decides in a conflict.

    Mine and Theirs say so of the fields that are to be decided. Fields gives their values; those it does not name stay as this
    device has them, and others may be changed too. Delete removes the record.

    Where one side deleted the record, Mine and Theirs are that side's record or its deletion, and Fields keeps the record, with these
    values over those of the side that changed it.
*/
struct Resolution
{
    enum class Kind { Mine, Theirs, Fields, Delete };

    Kind kind = Kind::Mine;
    QMap<QString, Value> values;        // of Fields: by name

    [[nodiscard]] static Resolution mine() { return {}; }
    [[nodiscard]] static Resolution theirs() { return {Kind::Theirs, {}}; }
    [[nodiscard]] static Resolution fields(QMap<QString, Value> values) { return {Kind::Fields, std::move(values)}; }
    [[nodiscard]] static Resolution remove() { return {Kind::Delete, {}}; }

    friend bool operator==(const Resolution &, const Resolution &) = default;
};

/*! What an undo puts in the place of a decision's result: the side that it did not take, or the one that is named. */
enum class ConflictSide { NotTaken, Mine, Theirs };

/*! Decides a conflict; called in the thread of the data store. An error, and a future that does not end in time, list the mutation. */
using ConflictHandler = std::function<QFuture<Result<Resolution>>(const Conflict &)>;

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::Conflict)
Q_DECLARE_METATYPE(Tideline::Resolution)
