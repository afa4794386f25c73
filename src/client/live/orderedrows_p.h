// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QHash>

#include <memory>
#include <vector>

namespace Tideline {

/*
    The rows of a live query in their order: a row number and the encoded sort key of each, nothing
    else. Keys are unique and compare as bytes. Chunks of at most a few hundred rows hold the keys
    end to end, so that a row costs 16 bytes beside its key; a Fenwick tree over the chunk sizes
    makes position and chunk findable in logarithmic time. Belongs to one thread; may be built in
    one and moved to another.
*/
class OrderedRows
{
public:
    enum class Lookup {
        ByKey,          // rows are found by their key only
        ByRowId,        // and by row number, for about 20 bytes a row more
    };

    struct Row
    {
        qint64 rowId = 0;
        QByteArrayView key;         // valid until the next change
    };

    explicit OrderedRows(Lookup lookup = Lookup::ByKey);
    OrderedRows(OrderedRows &&other) noexcept;
    OrderedRows &operator=(OrderedRows &&other) noexcept;
    ~OrderedRows();

    [[nodiscard]] int size() const noexcept { return m_size; }
    [[nodiscard]] Row at(int position) const;                           // inside the range
    [[nodiscard]] int lowerBound(QByteArrayView key) const;             // how many rows have a smaller key
    [[nodiscard]] int find(QByteArrayView key) const;                   // -1: none
    [[nodiscard]] int findRowId(qint64 rowId) const;                    // -1: none; Lookup::ByRowId only
    [[nodiscard]] int findEnding(QByteArrayView suffix) const;          // the first whose key ends so; visits all rows

    void append(qint64 rowId, QByteArrayView key);                      // the key is greater than all others
    int insert(qint64 rowId, QByteArrayView key);                       // its position; a row of that key takes the number
    void remove(int first, int count);
    void replace(int position, qint64 rowId, QByteArrayView key);       // the key must fit between its neighbours'

    [[nodiscard]] qsizetype memory() const;                             // bytes, without the allocator's own
    [[nodiscard]] bool isConsistent() const;                            // for tests; visits every row

private:
    struct Chunk;
    struct Place
    {
        size_t chunk = 0;
        int offset = 0;
    };

    [[nodiscard]] Place placeOf(int position) const;
    [[nodiscard]] Place placeFor(QByteArrayView key) const;             // first row that is not smaller
    [[nodiscard]] int positionOf(const Place &place) const;
    [[nodiscard]] bool holds(const Place &place, QByteArrayView key) const;
    void count(size_t chunk, int difference);
    void reindex();
    void split(size_t chunk);
    void mergeAround(size_t chunk);
    void locate(const Chunk &chunk, int first, int end);

    std::vector<std::unique_ptr<Chunk>> m_chunks;
    std::vector<int> m_tree;                        // Fenwick tree over the chunks' sizes
    QHash<qint64, const Chunk *> m_byRowId;
    int m_size = 0;
    Lookup m_lookup = Lookup::ByKey;
};

} // namespace Tideline
