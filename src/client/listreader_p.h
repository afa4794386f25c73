// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"
#include "client/live/hostlink_p.h"
#include "core/data/qmlvalues_p.h"

#include <QtCore/QPointer>

namespace Tideline {

/*
    The rows of a Model that lists a table of Tideline's own: read as a whole whenever the store says that it changed, one read at a
    time, and brought to the list row by row. Both lists are in the order of precedes(), in which a row keeps its place.
*/
template<typename Model, typename Row>
class ListReader : public LiveHost::Member
{
public:
    explicit ListReader(Model *model)
        : q(model), link(this, model,
                         {.opened = [this] { start(); },
                          .closing = [this] { clear(); },
                          .destroyed = [this] {
                              const QPointer<Model> guard = q;
                              clear();
                              if (guard)
                                  Q_EMIT guard->storeChanged();
                          }})
    {
    }

    void changesArrived(quint64, const QList<Change> &, bool) override { }
    void setStore(DataStore *other);
    void read();
    void show(const QList<Row> &now);
    void setError(const Error &value);
    /*! Calls \a act with the row that \a value of QML is; failed() tells of 0 that \a method needs one. */
    template<typename Act>
    void withRow(const QVariant &value, const QString &method, Error::Phase phase, Act act)
    {
        if (const std::optional<int> row = wholeNumberIn(value))
            act(*row);
        else
            Q_EMIT q->failed(0, Error(Error::Code::InvalidArgument, DataStore::tr("%1() takes the number of a row.").arg(method)).inPhase(phase));
    }

    Model *q;
    HostLink link;
    QPointer<DataStore> store;
    QList<Row> rows;
    bool ready = false;
    Error error;

protected:
    [[nodiscard]] virtual std::function<Result<QList<Row>>(ReadTransaction &)> job() const = 0;
    [[nodiscard]] virtual bool precedes(const Row &a, const Row &b) const = 0;
    virtual void shown() { }            // after rows changed; may destroy the model

private:
    void start();
    void clear();
    void arrived(const Result<QList<Row>> &list);
    void setReady(bool value);
    void remove(qsizetype row, qsizetype count);
    void insert(qsizetype row, const Row &value);
    void replace(qsizetype row, const Row &value);

    bool m_reading = false;
    bool m_again = false;               // what is being read is old
    std::shared_ptr<int> m_run;         // of the store that is open
};

template<typename Model, typename Row>
void ListReader<Model, Row>::setStore(DataStore *other)
{
    if (store == other)
        return;
    clear();
    store = other;
    setError({});
    link.set(other);
    if (link.store())
        start();
    Q_EMIT q->storeChanged();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::start()
{
    m_run = std::make_shared<int>();
    m_reading = m_again = false;
    read();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::clear()
{
    const QPointer<Model> guard = q;
    m_run.reset();
    setReady(false);
    if (guard)
        show({});
}

template<typename Model, typename Row>
void ListReader<Model, Row>::read()
{
    if (!m_run || !link.store())
        return;
    if (std::exchange(m_reading, true)) {
        m_again = true;
        return;
    }
    link.store()->template read<QList<Row>>(job(), link.host()->scheduler(), [this, run = std::weak_ptr(m_run)](const Result<QList<Row>> &list) {
        if (!run.expired())
            arrived(list);
    });
}

template<typename Model, typename Row>
void ListReader<Model, Row>::arrived(const Result<QList<Row>> &list)
{
    const std::weak_ptr<int> run = m_run;
    m_reading = false;
    if (std::exchange(m_again, false))
        read();
    setError(list.error());
    if (list && !run.expired())
        show(*list);
    if (!run.expired())
        setReady(list.ok());            // once the rows are there
}

template<typename Model, typename Row>
void ListReader<Model, Row>::show(const QList<Row> &now)
{
    const QPointer<Model> guard = q;    // a view may destroy the model
    const qsizetype before = rows.size();
    qsizetype row = 0;
    for (qsizetype next = 0; guard && next < now.size(); ++row) {
        if (row < rows.size() && precedes(rows.at(row), now.at(next)))
            remove(row--, 1);
        else if (row == rows.size() || precedes(now.at(next), rows.at(row)))
            insert(row, now.at(next++));
        else
            replace(row, now.at(next++));
    }
    if (guard && row < rows.size())
        remove(row, rows.size() - row);
    if (guard && rows.size() != before)
        Q_EMIT q->countChanged();
    if (guard)
        shown();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::remove(qsizetype row, qsizetype count)
{
    q->beginRemoveRows({}, int(row), int(row + count) - 1);
    rows.remove(row, count);
    q->endRemoveRows();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::insert(qsizetype row, const Row &value)
{
    q->beginInsertRows({}, int(row), int(row));
    rows.insert(row, value);
    q->endInsertRows();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::replace(qsizetype row, const Row &value)
{
    if (rows.at(row) == value)
        return;
    rows[row] = value;
    Q_EMIT q->dataChanged(q->index(int(row)), q->index(int(row)));
}

template<typename Model, typename Row>
void ListReader<Model, Row>::setReady(bool value)
{
    if (std::exchange(ready, value) != value)
        Q_EMIT q->readyChanged();
}

template<typename Model, typename Row>
void ListReader<Model, Row>::setError(const Error &problem)
{
    const Error value = problem.inPhase(Error::Phase::Repair);
    if (error == value)
        return;
    const QPointer<Model> guard = q;
    error = value;
    Q_EMIT q->errorChanged();
    if (guard && value.isError())
        link.report(value);
}

} // namespace Tideline
