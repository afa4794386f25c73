// SPDX-License-Identifier: MIT
#include "client/live/orderedrows_p.h"

#include <algorithm>
#include <cstring>

namespace Tideline {

namespace {

constexpr int MaxRows = 256;                        // of a chunk
constexpr int FilledRows = 192;                     // by append(), so that an insert seldom splits
constexpr int FewRows = 64;                         // below: merge with a neighbour
constexpr size_t MaxBytes = size_t(1) << 20;        // of a chunk's keys, as long as it has more than one row

int compare(QByteArrayView a, QByteArrayView b) noexcept
{
    const size_t common = size_t(std::min(a.size(), b.size()));
    const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
    if (order != 0)
        return order;
    return a.size() < b.size() ? -1 : int(a.size() > b.size());
}

// An eighth of slack instead of the vector's doubling: memory counts more than the copy.
template<typename T>
void makeRoom(std::vector<T> &vector, size_t more)
{
    const size_t needed = vector.size() + more;
    if (needed > vector.capacity())
        vector.reserve(needed + needed / 8 + 4);
}

} // namespace

struct OrderedRows::Chunk
{
    struct Entry
    {
        qint64 rowId = 0;
        quint32 offset = 0;
        quint32 length = 0;
    };

    [[nodiscard]] int size() const noexcept { return int(entries.size()); }
    [[nodiscard]] QByteArrayView key(int i) const
    {
        const Entry &entry = entries[size_t(i)];
        return {bytes.data() + entry.offset, qsizetype(entry.length)};
    }

    Entry store(qint64 rowId, QByteArrayView key)
    {
        makeRoom(bytes, size_t(key.size()));
        const auto offset = quint32(bytes.size());
        bytes.insert(bytes.end(), key.begin(), key.end());
        return {rowId, offset, quint32(key.size())};
    }

    void insert(int i, qint64 rowId, QByteArrayView key)
    {
        makeRoom(entries, 1);
        const Entry entry = store(rowId, key);
        entries.insert(entries.begin() + i, entry);
    }

    void erase(int first, int end)
    {
        for (int i = first; i < end; ++i)
            unused += entries[size_t(i)].length;
        entries.erase(entries.begin() + first, entries.begin() + end);
        tidy();
    }

    void replace(int i, qint64 rowId, QByteArrayView key)
    {
        Entry &entry = entries[size_t(i)];
        entry.rowId = rowId;
        if (key.size() == qsizetype(entry.length)) {
            std::memcpy(bytes.data() + entry.offset, key.data(), size_t(key.size()));
            return;
        }
        unused += entry.length;
        const Entry stored = store(rowId, key);
        entries[size_t(i)] = stored;
        tidy();
    }

    void tidy()
    {
        if (unused > 256 && unused > bytes.size() / 4)
            take(*this, 0, size());
    }

    // Becomes rows first to end of other, with no byte unused.
    void take(const Chunk &other, int first, int end)
    {
        Chunk fresh;
        fresh.add(other, first, end);
        entries = std::move(fresh.entries);
        bytes = std::move(fresh.bytes);
        unused = 0;
    }

    void add(const Chunk &other, int first, int end)
    {
        size_t length = 0;
        for (int i = first; i < end; ++i)
            length += other.entries[size_t(i)].length;
        makeRoom(bytes, length);
        makeRoom(entries, size_t(end - first));
        for (int i = first; i < end; ++i)
            entries.push_back(store(other.entries[size_t(i)].rowId, other.key(i)));
    }

    size_t index = 0;                   // of this chunk
    std::vector<Entry> entries;
    std::vector<char> bytes;
    size_t unused = 0;                  // bytes of keys that went
};

OrderedRows::OrderedRows(Lookup lookup) : m_lookup(lookup) { }

OrderedRows::OrderedRows(OrderedRows &&other) noexcept
    : m_chunks(std::move(other.m_chunks)), m_tree(std::move(other.m_tree)), m_byRowId(std::move(other.m_byRowId)),
      m_size(std::exchange(other.m_size, 0)), m_lookup(other.m_lookup)
{
}

OrderedRows &OrderedRows::operator=(OrderedRows &&other) noexcept
{
    m_chunks = std::move(other.m_chunks);
    m_tree = std::move(other.m_tree);
    m_byRowId = std::move(other.m_byRowId);
    m_size = std::exchange(other.m_size, 0);
    m_lookup = other.m_lookup;
    return *this;
}

OrderedRows::~OrderedRows() = default;

OrderedRows::Row OrderedRows::at(int position) const
{
    Q_ASSERT(position >= 0 && position < m_size);
    const Place place = placeOf(position);
    const Chunk &chunk = *m_chunks[place.chunk];
    return {chunk.entries[size_t(place.offset)].rowId, chunk.key(place.offset)};
}

int OrderedRows::lowerBound(QByteArrayView key) const
{
    return m_chunks.empty() ? 0 : positionOf(placeFor(key));
}

int OrderedRows::find(QByteArrayView key) const
{
    if (m_chunks.empty())
        return -1;
    const Place place = placeFor(key);
    return holds(place, key) ? positionOf(place) : -1;
}

int OrderedRows::findRowId(qint64 rowId) const
{
    Q_ASSERT(m_lookup == Lookup::ByRowId);
    const Chunk *chunk = m_byRowId.value(rowId);
    if (!chunk)
        return -1;
    const auto entry = std::find_if(chunk->entries.begin(), chunk->entries.end(),
                                    [rowId](const Chunk::Entry &candidate) { return candidate.rowId == rowId; });
    Q_ASSERT(entry != chunk->entries.end());
    return positionOf({chunk->index, int(entry - chunk->entries.begin())});
}

int OrderedRows::findEnding(QByteArrayView suffix) const
{
    int position = 0;
    for (const std::unique_ptr<Chunk> &chunk : m_chunks) {
        for (int i = 0; i < chunk->size(); ++i, ++position) {
            if (chunk->key(i).endsWith(suffix))
                return position;
        }
    }
    return -1;
}

void OrderedRows::append(qint64 rowId, QByteArrayView key)
{
    if (m_chunks.empty() || m_chunks.back()->size() >= FilledRows || m_chunks.back()->bytes.size() >= MaxBytes) {
        m_chunks.push_back(std::make_unique<Chunk>());
        m_chunks.back()->index = m_chunks.size() - 1;
        m_chunks.back()->entries.reserve(FilledRows);
        // a new leaf of the tree starts with the sum of the leaves it covers
        const size_t leaf = m_chunks.size();
        int sum = 0;
        for (size_t i = leaf - 1; i > leaf - (leaf & (~leaf + 1)); i -= i & (~i + 1))
            sum += m_tree[i - 1];
        m_tree.push_back(sum);
    }
    Chunk &chunk = *m_chunks.back();
    Q_ASSERT(chunk.entries.empty() || compare(chunk.key(chunk.size() - 1), key) < 0);
    chunk.insert(chunk.size(), rowId, key);
    count(m_chunks.size() - 1, 1);
    locate(chunk, chunk.size() - 1, chunk.size());
}

int OrderedRows::insert(qint64 rowId, QByteArrayView key)
{
    if (m_chunks.empty()) {
        append(rowId, key);
        return 0;
    }
    const Place place = placeFor(key);
    const int position = positionOf(place);
    if (holds(place, key)) {
        replace(position, rowId, key);
        return position;
    }
    Chunk &chunk = *m_chunks[place.chunk];
    chunk.insert(place.offset, rowId, key);
    count(place.chunk, 1);
    locate(chunk, place.offset, place.offset + 1);
    if (chunk.size() > MaxRows || (chunk.size() > 1 && chunk.bytes.size() > MaxBytes))
        split(place.chunk);
    return position;
}

void OrderedRows::remove(int first, int count)
{
    Q_ASSERT(first >= 0 && count >= 0 && first + count <= m_size);
    while (count > 0) {
        const Place place = placeOf(first);
        Chunk &chunk = *m_chunks[place.chunk];
        const int end = std::min(chunk.size(), place.offset + count);
        const int removed = end - place.offset;
        if (m_lookup == Lookup::ByRowId) {
            for (int i = place.offset; i < end; ++i)
                m_byRowId.remove(chunk.entries[size_t(i)].rowId);
        }
        chunk.erase(place.offset, end);
        this->count(place.chunk, -removed);
        count -= removed;
        if (chunk.size() < FewRows)
            mergeAround(place.chunk);
    }
}

void OrderedRows::replace(int position, qint64 rowId, QByteArrayView key)
{
    Q_ASSERT(position == 0 || compare(at(position - 1).key, key) < 0);
    Q_ASSERT(position + 1 == m_size || compare(key, at(position + 1).key) < 0);
    const Place place = placeOf(position);
    Chunk &chunk = *m_chunks[place.chunk];
    const qint64 old = chunk.entries[size_t(place.offset)].rowId;
    if (m_lookup == Lookup::ByRowId && old != rowId)
        m_byRowId.remove(old);
    chunk.replace(place.offset, rowId, key);
    locate(chunk, place.offset, place.offset + 1);
}

OrderedRows::Place OrderedRows::placeOf(int position) const
{
    size_t step = 1;
    while (step * 2 <= m_tree.size())
        step *= 2;
    size_t chunk = 0;
    for (; step > 0; step /= 2) {
        const size_t next = chunk + step;
        if (next <= m_tree.size() && m_tree[next - 1] <= position) {
            chunk = next;
            position -= m_tree[next - 1];
        }
    }
    return {chunk, position};
}

OrderedRows::Place OrderedRows::placeFor(QByteArrayView key) const
{
    // the last chunk that starts with a key not greater
    const auto after = std::upper_bound(m_chunks.begin() + 1, m_chunks.end(), key,
                                        [](QByteArrayView value, const std::unique_ptr<Chunk> &chunk) {
                                            return compare(value, chunk->key(0)) < 0;
                                        });
    const auto index = size_t(after - m_chunks.begin()) - 1;
    const Chunk &chunk = *m_chunks[index];
    int low = 0;
    int high = chunk.size();
    while (low < high) {
        const int middle = (low + high) / 2;
        if (compare(chunk.key(middle), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return {index, low};
}

int OrderedRows::positionOf(const Place &place) const
{
    int position = place.offset;
    for (size_t i = place.chunk; i > 0; i -= i & (~i + 1))
        position += m_tree[i - 1];
    return position;
}

bool OrderedRows::holds(const Place &place, QByteArrayView key) const
{
    const Chunk &chunk = *m_chunks[place.chunk];
    return place.offset < chunk.size() && compare(chunk.key(place.offset), key) == 0;
}

void OrderedRows::count(size_t chunk, int difference)
{
    m_size += difference;
    for (size_t i = chunk + 1; i <= m_tree.size(); i += i & (~i + 1))
        m_tree[i - 1] += difference;
}

void OrderedRows::reindex()
{
    m_tree.assign(m_chunks.size(), 0);
    for (size_t i = 0; i < m_chunks.size(); ++i) {
        m_chunks[i]->index = i;
        m_tree[i] += m_chunks[i]->size();
        const size_t parent = i + 1 + ((i + 1) & (~(i + 1) + 1));
        if (parent <= m_chunks.size())
            m_tree[parent - 1] += m_tree[i];
    }
}

void OrderedRows::split(size_t index)
{
    Chunk &chunk = *m_chunks[index];
    // rows that come in order at the end leave full chunks behind
    const int half = index + 1 == m_chunks.size() && chunk.size() > MaxRows ? FilledRows : chunk.size() / 2;
    auto right = std::make_unique<Chunk>();
    right->take(chunk, half, chunk.size());
    chunk.take(chunk, 0, half);
    locate(*right, 0, right->size());
    m_chunks.insert(m_chunks.begin() + std::ptrdiff_t(index) + 1, std::move(right));
    reindex();
}

void OrderedRows::mergeAround(size_t index)
{
    Chunk &chunk = *m_chunks[index];
    const auto fits = [this, &chunk](size_t other) {
        return other < m_chunks.size() && m_chunks[other]->size() + chunk.size() <= FilledRows
            && m_chunks[other]->bytes.size() + chunk.bytes.size() <= MaxBytes;
    };
    size_t gone = index;
    if (index > 0 && fits(index - 1)) {
        Chunk &left = *m_chunks[index - 1];
        const int from = left.size();
        left.add(chunk, 0, chunk.size());
        locate(left, from, left.size());
    } else if (fits(index + 1)) {
        Chunk &right = *m_chunks[index + 1];
        const int from = chunk.size();
        chunk.add(right, 0, right.size());
        locate(chunk, from, chunk.size());
        gone = index + 1;
    } else if (chunk.size() > 0) {
        return;
    }
    m_chunks.erase(m_chunks.begin() + std::ptrdiff_t(gone));
    reindex();
}

void OrderedRows::locate(const Chunk &chunk, int first, int end)
{
    if (m_lookup == Lookup::ByKey)
        return;
    for (int i = first; i < end; ++i)
        m_byRowId.insert(chunk.entries[size_t(i)].rowId, &chunk);
}

qsizetype OrderedRows::memory() const
{
    size_t bytes = m_chunks.capacity() * sizeof(m_chunks[0]) + m_tree.capacity() * sizeof(int);
    for (const std::unique_ptr<Chunk> &chunk : m_chunks)
        bytes += sizeof(Chunk) + chunk->entries.capacity() * sizeof(Chunk::Entry) + chunk->bytes.capacity();
    return qsizetype(bytes) + m_byRowId.capacity() * qsizetype(2 * sizeof(void *));
}

bool OrderedRows::isConsistent() const
{
    int rows = 0;
    QByteArrayView previous;
    for (size_t i = 0; i < m_chunks.size(); ++i) {
        const Chunk &chunk = *m_chunks[i];
        if (chunk.index != i || chunk.entries.empty() || chunk.size() > MaxRows)
            return false;
        for (int k = 0; k < chunk.size(); ++k, ++rows) {
            const Place place = placeOf(rows);
            if (place.chunk != i || place.offset != k || positionOf(place) != rows)
                return false;
            if (rows > 0 && compare(previous, chunk.key(k)) >= 0)
                return false;
            if (m_lookup == Lookup::ByRowId && m_byRowId.value(chunk.entries[size_t(k)].rowId) != &chunk)
                return false;
            previous = chunk.key(k);
        }
    }
    return rows == m_size && (m_lookup == Lookup::ByKey || m_byRowId.size() == m_size);
}

} // namespace Tideline
