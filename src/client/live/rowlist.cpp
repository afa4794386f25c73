// SPDX-License-Identifier: MIT
#include "client/live/rowlist_p.h"

#include <algorithm>

namespace Tideline {

using Insertion = RowChanges::Insertion;
using Replacement = RowChanges::Replacement;

namespace {

constexpr auto byNewKey = [](const Replacement &a, const Replacement &b) { return a.newKey < b.newKey; };
constexpr auto byOldKey = [](const Replacement &a, const Replacement &b) { return a.oldKey < b.oldKey; };

} // namespace

RowList::RowList(OrderedRows rows, int limit) : m_rows(std::move(rows)), m_limit(limit)
{
    m_exposed = wanted();
}

int RowList::wanted() const noexcept
{
    return m_limit < 0 ? m_rows.size() : std::min(m_limit, m_rows.size());
}

/*
    Takes the complete order in place of its first part. Only the rows that come on become visible.
*/
void RowList::extend(OrderedRows rows, Listener &listener)
{
    Q_ASSERT(rows.size() >= m_rows.size());
    m_rows = std::move(rows);
    fill(listener);
}

/*
    Removals first, so that a limited list seldom has to push rows out; then what changes its key,
    then insertions. While a row waits for its move it stands under its old key: the order is
    sorted at every step, and every step finds its place by binary search.
*/
void RowList::apply(RowChanges changes, Listener &listener)
{
    if (!changes.m_removals.isEmpty())
        applyRemovals(std::move(changes.m_removals), listener);
    QList<Replacement> moves = replaceWhatStays(changes.m_replacements);
    for (const Replacement &replacement : moves) {
        if (m_rows.find(replacement.oldKey) < 0)
            changes.m_insertions.append({replacement.newKey, replacement.rowId});
    }
    moves.removeIf([this](const Replacement &replacement) { return m_rows.find(replacement.oldKey) < 0; });
    if (!moves.isEmpty() && !listener.stopped())
        applyMoves(std::move(moves), listener);
    if (!changes.m_insertions.isEmpty() && !listener.stopped())
        applyInsertions(std::move(changes.m_insertions), listener);
    if (!listener.stopped())
        fill(listener);
    if (!changes.m_replacements.isEmpty() && !listener.stopped())
        announce(changes.m_replacements, listener);
}

void RowList::applyRemovals(QList<QByteArray> removals, Listener &listener)
{
    std::vector<int> positions;
    positions.reserve(size_t(removals.size()));
    for (const QByteArray &key : removals) {
        if (const int position = m_rows.find(key); position >= 0)
            positions.push_back(position);
    }
    std::sort(positions.begin(), positions.end());
    while (!positions.empty() && !listener.stopped()) {
        const int last = positions.back();
        int first = last;
        positions.pop_back();
        while (!positions.empty() && positions.back() == first - 1) {
            --first;
            positions.pop_back();
        }
        removeRange(first, last - first + 1, listener);
    }
}

void RowList::applyInsertions(QList<Insertion> insertions, Listener &listener)
{
    std::sort(insertions.begin(), insertions.end(), [](const Insertion &a, const Insertion &b) { return a.key < b.key; });
    for (qsizetype i = 0; i < insertions.size() && !listener.stopped();) {
        const int first = m_rows.lowerBound(insertions[i].key);
        if (first < m_rows.size() && m_rows.at(first).key == insertions[i].key) {
            m_rows.replace(first, insertions[i].rowId, insertions[i].key);      // it is there already
            ++i;
            continue;
        }
        qsizetype end = i + 1;
        while (end < insertions.size() && (first == m_rows.size() || insertions[end].key < m_rows.at(first).key))
            ++end;
        insertRange(first, insertions.constData() + i, int(end - i), listener);
        i = end;
    }
}

bool RowList::replaceInPlace(const Replacement &replacement)
{
    const int position = m_rows.find(replacement.oldKey);
    if (position < 0)
        return false;
    const bool afterPrevious = position == 0 || m_rows.at(position - 1).key < replacement.newKey;
    const bool beforeNext = position + 1 == m_rows.size() || replacement.newKey < m_rows.at(position + 1).key;
    if (!afterPrevious || !beforeNext)
        return false;
    m_rows.replace(position, replacement.rowId, replacement.newKey);
    return true;
}

/*
    Gives every row its new key that can have it where it stands, and returns the others. Rows that
    go up are tried from the last one down, rows that go down from the first one up: a block whose keys all
    shift without passing another row needs no move at all.
*/
QList<Replacement> RowList::replaceWhatStays(QList<Replacement> replacements)
{
    std::sort(replacements.begin(), replacements.end(), byOldKey);
    QList<Replacement> left;
    for (qsizetype i = replacements.size() - 1; i >= 0; --i) {
        const Replacement &replacement = replacements[i];
        if (replacement.oldKey <= replacement.newKey && !replaceInPlace(replacement))
            left.append(replacement);
    }
    for (const Replacement &replacement : std::as_const(replacements)) {
        if (replacement.newKey < replacement.oldKey && !replaceInPlace(replacement))
            left.append(replacement);
    }
    return left;
}

void RowList::applyMoves(QList<Replacement> moves, Listener &listener)
{
    std::sort(moves.begin(), moves.end(), byNewKey);
    for (qsizetype i = 0; i < moves.size() && !listener.stopped();) {
        if (replaceInPlace(moves[i])) {             // an earlier move made room
            ++i;
            continue;
        }
        const int from = m_rows.find(moves[i].oldKey);
        const int to = m_rows.lowerBound(moves[i].newKey);
        const int count = blockLength(moves, i, from, to);
        if (from + count == to) {                   // they pass only each other
            for (int k = count - 1; k >= 0; --k)
                m_rows.replace(from + k, moves[i + k].rowId, moves[i + k].newKey);
        } else {
            moveBlock(moves.constData() + i, count, from, to, listener);
        }
        i += count;
    }
}

// How many of the moves from start on stand and land side by side.
int RowList::blockLength(const QList<Replacement> &moves, qsizetype start, int from, int to) const
{
    int count = 1;
    for (qsizetype i = start + 1; i < moves.size(); ++i, ++count) {
        const int next = from + count;
        if (next == to || next >= m_rows.size() || m_rows.at(next).key != moves[i].oldKey)
            break;
        if (to < m_rows.size() && m_rows.at(to).key < moves[i].newKey)
            break;
    }
    return count;
}

void RowList::moveBlock(const Replacement *moves, int count, int from, int to, Listener &listener)
{
    Q_ASSERT(to < from || to > from + count);
    const int landing = to > from ? to - count : to;
    if (from + count <= m_exposed && to <= m_exposed) {
        listener.beginMove(from, from + count - 1, to);
        m_rows.remove(from, count);
        for (int i = 0; i < count; ++i)
            m_rows.insert(moves[i].rowId, moves[i].newKey);
        listener.endMove();
        return;
    }
    QList<Insertion> rows;
    rows.reserve(count);
    for (int i = 0; i < count; ++i)
        rows.append({moves[i].newKey, moves[i].rowId});
    removeRange(from, count, listener);
    if (!listener.stopped())
        insertRange(landing, rows.constData(), count, listener);
}

void RowList::removeRange(int first, int count, Listener &listener)
{
    const int visible = std::min(first + count, m_exposed) - first;
    if (visible <= 0) {
        m_rows.remove(first, count);
        return;
    }
    listener.beginRemove(first, first + visible - 1);
    m_rows.remove(first, count);
    m_exposed -= visible;
    listener.endRemove();
}

void RowList::insertRange(int first, const Insertion *rows, int count, Listener &listener)
{
    const bool visible = first < m_exposed || (first == m_exposed && m_exposed == m_rows.size() && m_exposed != m_limit);
    int shown = 0;
    if (visible) {
        shown = m_limit < 0 ? count : std::min(count, m_limit - first);
        if (const int surplus = m_exposed + shown - m_limit; m_limit >= 0 && surplus > 0)
            hide(surplus, listener);
        if (listener.stopped())
            return;
        listener.beginInsert(first, first + shown - 1);
    }
    for (int i = 0; i < count; ++i)
        m_rows.insert(rows[i].rowId, rows[i].key);
    if (visible) {
        m_exposed += shown;
        listener.endInsert();
    }
}

// The last rows of a full list leave it; they stay in the order.
void RowList::hide(int count, Listener &listener)
{
    listener.beginRemove(m_exposed - count, m_exposed - 1);
    m_exposed -= count;
    listener.endRemove();
}

void RowList::fill(Listener &listener)
{
    const int target = wanted();
    if (m_exposed >= target)
        return;
    listener.beginInsert(m_exposed, target - 1);
    m_exposed = target;
    listener.endInsert();
}

void RowList::announce(const QList<Replacement> &replacements, Listener &listener)
{
    std::vector<std::pair<int, quint64>> changed;
    changed.reserve(size_t(replacements.size()));
    for (const Replacement &replacement : replacements) {
        if (replacement.roles == 0)
            continue;
        if (const int position = m_rows.find(replacement.newKey); position >= 0 && position < m_exposed)
            changed.emplace_back(position, replacement.roles);
    }
    std::sort(changed.begin(), changed.end());
    for (size_t i = 0; i < changed.size() && !listener.stopped();) {
        size_t end = i + 1;
        quint64 roles = changed[i].second;
        while (end < changed.size() && changed[end].first <= changed[end - 1].first + 1)
            roles |= changed[end++].second;
        listener.changed(changed[i].first, changed[end - 1].first, roles);
        i = end;
    }
}

} // namespace Tideline
