// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/orderedrows_p.h"

#include <QtCore/QList>

namespace Tideline {

/*
    What one slice of changes does to an ordered list: at most one entry a row. Roles are a mask;
    what they mean is the model's business.
*/
class RowChanges
{
public:
    static constexpr quint64 AllRoles = ~quint64(0);

    struct Replacement
    {
        QByteArray oldKey;
        QByteArray newKey;              // may be equal
        qint64 rowId = 0;
        quint64 roles = 0;              // 0: nothing to see
    };

    struct Insertion
    {
        QByteArray key;
        qint64 rowId = 0;
    };

    void insert(qint64 rowId, const QByteArray &key) { m_insertions.append({key, rowId}); }
    void remove(const QByteArray &key) { m_removals.append(key); }
    void replace(const QByteArray &oldKey, qint64 rowId, const QByteArray &newKey, quint64 roles)
    {
        m_replacements.append({oldKey, newKey, rowId, roles});
    }
    void touch(const QByteArray &key, qint64 rowId, quint64 roles) { replace(key, rowId, key, roles); }

    [[nodiscard]] bool isEmpty() const noexcept
    {
        return m_insertions.isEmpty() && m_removals.isEmpty() && m_replacements.isEmpty();
    }

private:
    friend class RowList;
    QList<Insertion> m_insertions;
    QList<QByteArray> m_removals;
    QList<Replacement> m_replacements;
};

/*
    The rows a model shows: all rows of a query in order, of which the first limit() are exposed.
    apply() turns a RowChanges into few range operations; before and after each the listener is
    called, as QAbstractItemModel wants it. Between the calls count() and at() tell what the
    listener has been told so far.
*/
class RowList
{
public:
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void beginInsert(int first, int last) = 0;
        virtual void endInsert() = 0;
        virtual void beginRemove(int first, int last) = 0;
        virtual void endRemove() = 0;
        virtual void beginMove(int first, int last, int destination) = 0;   // as in QAbstractItemModel::beginMoveRows()
        virtual void endMove() = 0;
        virtual void changed(int first, int last, quint64 roles) = 0;
        [[nodiscard]] virtual bool stopped() const = 0;                     // apply() is to do nothing more
    };

    RowList() = default;
    RowList(OrderedRows rows, int limit);                                   // -1: no limit

    [[nodiscard]] const OrderedRows &rows() const noexcept { return m_rows; }
    [[nodiscard]] int count() const noexcept { return m_exposed; }
    [[nodiscard]] int limit() const noexcept { return m_limit; }

    void extend(OrderedRows rows, Listener &listener);                      // these begin with the present ones
    void apply(RowChanges changes, Listener &listener);

private:
    [[nodiscard]] int wanted() const noexcept;
    void removeRange(int first, int count, Listener &listener);
    void insertRange(int first, const RowChanges::Insertion *rows, int count, Listener &listener);
    void hide(int count, Listener &listener);
    void fill(Listener &listener);
    void applyRemovals(QList<QByteArray> removals, Listener &listener);
    void applyInsertions(QList<RowChanges::Insertion> insertions, Listener &listener);
    void applyMoves(QList<RowChanges::Replacement> moves, Listener &listener);
    [[nodiscard]] bool replaceInPlace(const RowChanges::Replacement &replacement);
    [[nodiscard]] QList<RowChanges::Replacement> replaceWhatStays(QList<RowChanges::Replacement> replacements);
    [[nodiscard]] int blockLength(const QList<RowChanges::Replacement> &moves, qsizetype start, int from, int to) const;
    void moveBlock(const RowChanges::Replacement *moves, int count, int from, int to, Listener &listener);
    void announce(const QList<RowChanges::Replacement> &replacements, Listener &listener);

    OrderedRows m_rows;
    int m_limit = -1;
    int m_exposed = 0;
};

} // namespace Tideline
