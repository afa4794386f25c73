// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/liveplan_p.h"
#include "client/live/rowlist_p.h"

namespace Tideline {

// What a live query reads, run on a reader's thread. Everything given back is a value.

struct LoadedRows
{
    quint64 commit = 0;
    QHash<qint64, LiveRow> rows;                    // by row number; gone ones are missing
};

struct FirstRows
{
    OrderedRows positions;
    LoadedRows values;
    bool complete = false;                          // there are no others
};

struct OtherRows
{
    OrderedRows positions;                          // of all, those of FirstRows included
    LoadedRows values;                              // of a small result, all; else none
};

/*! What changed in other tables or in the rows themselves, so that rows are to be looked at again. */
struct RowsToReview
{
    struct Lead
    {
        size_t dependency = 0;                      // of LivePlan::dependencies
        Record record;                              // its end, before or after the change
    };

    QSet<qint64> rows;
    QList<Lead> leads;

    [[nodiscard]] bool isEmpty() const noexcept { return rows.isEmpty() && leads.isEmpty(); }
};

struct ReviewedRows
{
    struct Row
    {
        qint64 rowId = 0;
        bool matches = false;
        QByteArray key;                             // when it matches
    };

    std::vector<Row> rows;
    LoadedRows values;                              // of some of those that match
};

namespace LiveReads {

constexpr int PageSize = 64;                        // rows whose values are read together
constexpr int SmallResult = 256;                    // up to that many, all values are read at once

[[nodiscard]] OrderedRows::Lookup lookupFor(const LivePlan &plan);
[[nodiscard]] Result<FirstRows> first(const LivePlan &plan, ReadTransaction &transaction);
[[nodiscard]] Result<OtherRows> others(const LivePlan &plan, ReadTransaction &transaction, int known);
[[nodiscard]] Result<LoadedRows> values(const LivePlan &plan, ReadTransaction &transaction, const QList<qint64> &rowIds);
[[nodiscard]] Result<ReviewedRows> review(const LivePlan &plan, ReadTransaction &transaction, const RowsToReview &what);

} // namespace LiveReads

} // namespace Tideline
