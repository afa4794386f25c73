// SPDX-License-Identifier: MIT
#include "client/store/lanes_p.h"

namespace Tideline {

void Lanes::apply(const Lane &lane, int count)
{
    int &waiting = m_counts[lane];
    waiting += count;
    m_total += count;
    Q_ASSERT(waiting >= 0);
    if (waiting == 0)
        m_counts.remove(lane);
}

void Lanes::add(int model, const QString &key, int count)
{
    m_log.emplace_back(Lane(model, key), count);
    apply(m_log.back().first, count);
}

void Lanes::undo(Mark mark)
{
    while (m_log.size() > mark) {
        apply(m_log.back().first, -m_log.back().second);
        m_log.pop_back();
    }
}

void Lanes::clear()
{
    m_counts.clear();
    m_log.clear();
    m_total = 0;
}

} // namespace Tideline
