// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livequery.h"

#include <QtTest/QtTest>

namespace Tideline {

inline QStringList keysOf(const LiveQuery &query)
{
    QStringList keys;
    for (int i = 0; i < query.rowCount(); ++i)
        keys.append(query.get(i).toMap().value(QStringLiteral("key")).toString());
    return keys;
}

/*! A view: it knows what a model's signals told it, and reads only what they name. */
class ModelMirror : public QObject
{
public:
    explicit ModelMirror(LiveQuery *model) : m_model(model)
    {
        connect(model, &QAbstractItemModel::modelReset, this, [this] {
            ++resets;
            rows.clear();
            read(0, m_model->rowCount() - 1);
        });
        connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
            ++signalCount;
            read(first, last);
        });
        connect(model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int first, int last) {
            ++signalCount;
            rows.remove(first, last - first + 1);
        });
        connect(model, &QAbstractItemModel::rowsMoved, this,
                [this](const QModelIndex &, int first, int last, const QModelIndex &, int destination) {
                    ++signalCount;
                    const QList<QVariantMap> moved = rows.mid(first, last - first + 1);
                    rows.remove(first, moved.size());
                    const qsizetype to = destination > last ? destination - moved.size() : destination;
                    for (qsizetype i = 0; i < moved.size(); ++i)
                        rows.insert(to + i, moved[i]);
                });
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex &first, const QModelIndex &last, const QList<int> &roles) {
                    ++signalCount;
                    changedRoles.append(roles);
                    for (int i = first.row(); i <= last.row(); ++i)
                        readRoles(rows[i], i, roles.isEmpty() ? m_model->roleNames().keys() : roles);
                });
        read(0, model->rowCount() - 1);
    }

    void compareWithModel() const
    {
        QCOMPARE(rows.size(), qsizetype(m_model->rowCount()));
        for (int i = 0; i < m_model->rowCount(); ++i) {
            const QVariantMap current = m_model->get(i).toMap();
            for (auto value = current.begin(); value != current.end(); ++value)
                QVERIFY2(value.key() == QLatin1String("record") || rows[i].value(value.key()) == *value, qPrintable(value.key()));
        }
    }

    QList<QVariantMap> rows;
    QList<QList<int>> changedRoles;
    int resets = 0;
    int signalCount = 0;

private:
    void read(int first, int last)
    {
        for (int i = first; i <= last; ++i) {
            QVariantMap row;
            readRoles(row, i, m_model->roleNames().keys());
            rows.insert(i, row);
        }
    }

    void readRoles(QVariantMap &row, int i, const QList<int> &roles)
    {
        const QHash<int, QByteArray> names = m_model->roleNames();
        for (const int role : roles)
            row.insert(QString::fromUtf8(names.value(role)), m_model->data(m_model->index(i), role));
    }

    LiveQuery *m_model;
};

} // namespace Tideline
