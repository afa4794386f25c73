// SPDX-License-Identifier: MIT
#include "client/live/rowvalues_p.h"

#include <algorithm>

namespace Tideline {

void RowValues::set(qint64 rowId, LiveRow row)
{
    m_requested.remove(rowId);
    m_rows.insert(rowId, new LiveRow(std::move(row)));
}

void RowValues::drop(qint64 rowId)
{
    m_requested.remove(rowId);
    m_rows.remove(rowId);
}

void RowValues::take(LoadedRows values)
{
    for (auto row = values.rows.begin(); row != values.rows.end(); ++row)
        set(row.key(), std::move(*row));
}

bool RowValues::want(const OrderedRows &rows, int count, int row)
{
    if (m_requested.contains(rows.at(row).rowId))
        return false;
    Request request;
    const int first = row / LiveReads::PageSize * LiveReads::PageSize;
    const int end = std::min(first + LiveReads::PageSize, count);
    for (int i = first; i < end; ++i) {
        const qint64 rowId = rows.at(i).rowId;
        if (m_rows.contains(rowId) || m_requested.contains(rowId))
            continue;
        m_requested.insert(rowId);
        request.append(rowId);
    }
    m_wanted.push_back(std::move(request));
    return m_wanted.size() == 1;
}

RowValues::Request RowValues::takeRequest()
{
    Request request = std::move(m_wanted.back());
    m_wanted.pop_back();
    return request;
}

QList<qint64> RowValues::arrived(const Request &request, LoadedRows values)
{
    QList<qint64> known;
    for (const qint64 rowId : request) {
        const auto value = values.rows.find(rowId);
        if (!m_requested.remove(rowId) || value == values.rows.end())
            continue;
        m_rows.insert(rowId, new LiveRow(std::move(*value)));
        known.append(rowId);
    }
    return known;
}

void RowValues::failed(const Request &request)
{
    for (const qint64 rowId : request)
        m_requested.remove(rowId);
}

} // namespace Tideline
