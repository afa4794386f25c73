// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livereads_p.h"

#include <QtCore/QCache>

namespace Tideline {

/*!
    The values of the rows that views looked at lately, and which rows are on the way. Keyed by row number,
    so that rows may move as they like.
*/
class RowValues
{
public:
    static constexpr int Capacity = 2048;                   // rows

    using Request = QList<qint64>;                          // row numbers

    [[nodiscard]] const LiveRow *find(qint64 rowId) const { return m_rows.object(rowId); }
    void set(qint64 rowId, LiveRow row);                    // news: what is on the way is older
    void drop(qint64 rowId);
    void take(LoadedRows values);                           // of rows never asked for

    /*! Notes that the page of position \a row is wanted; true: the first since takeRequest(). */
    bool want(const OrderedRows &rows, int count, int row);
    [[nodiscard]] bool isWanting() const noexcept { return !m_wanted.empty(); }
    [[nodiscard]] Request takeRequest();                    // the latest page first: it is the one in view

    /*! Takes the answer to \a request; returns the rows that have values now. */
    [[nodiscard]] QList<qint64> arrived(const Request &request, LoadedRows values);
    void failed(const Request &request);

private:
    QCache<qint64, LiveRow> m_rows{Capacity};
    QSet<qint64> m_requested;                               // news of a row remove it
    std::vector<Request> m_wanted;
};

} // namespace Tideline
