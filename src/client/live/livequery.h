// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"

#include <QtCore/QAbstractListModel>
#include <QtCore/QVariant>

namespace Tideline {

class LiveQueryPrivate;
struct LiveWhere;

/*!
    \class Tideline::LiveQuery
    \inmodule Tideline
    \since 0.1
    \brief A list of records kept true by change sets, for QML and Widgets.

    Belongs to its host's thread, which never waits: rows come from a reader and are announced. First the
    first page, then the number of all rows; values of a row come when a view asks for them, and then
    dataChanged() follows. A change inserts, removes, moves or changes exactly the rows concerned. The model is
    reset only when type, where, sort, limit, include or store are set anew; several of them set in
    one turn of the event loop cause one read.

    Roles are all fields of the model type; \c key (text), \c syncState (int, see SyncState), \c version,
    \c record (a Record), unless a field has that name; and the relation paths of include and sort, in camel
    case: "product.name" is the role \c productName. A path that ends in a relation gives a map of the
    fields there, one through hasMany a list. Values are those the store holds: AWS dates, times and AWSJSON
    as text, lists and embedded types as lists and maps, null as null. Qt::DisplayRole is the key.

    A wrong property empties the list; error says why, and so does LiveHost::errorOccurred().
*/
class TIDELINE_EXPORT LiveQuery : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(Tideline::LiveHost *store READ store WRITE setStore NOTIFY storeChanged FINAL)
    Q_PROPERTY(QString type READ type WRITE setType NOTIFY typeChanged FINAL)
    Q_PROPERTY(QVariant where READ where WRITE setWhere NOTIFY whereChanged FINAL)
    Q_PROPERTY(QStringList sort READ sort WRITE setSort NOTIFY sortChanged FINAL)
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY limitChanged FINAL)
    Q_PROPERTY(QStringList include READ include WRITE setInclude NOTIFY includeChanged FINAL)
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY readyChanged FINAL)
    Q_PROPERTY(Tideline::Error error READ error NOTIFY errorChanged FINAL)

public:
    explicit LiveQuery(QObject *parent = nullptr);
    explicit LiveQuery(LiveHost *store, QObject *parent = nullptr);
    ~LiveQuery() override;

    [[nodiscard]] LiveHost *store() const;
    void setStore(LiveHost *store);
    [[nodiscard]] QString type() const;
    void setType(const QString &type);
    [[nodiscard]] QVariant where() const;               // AppSync's filter grammar as a map; invalid: all
    void setWhere(const QVariant &where);
    void setPredicate(const Predicate &predicate);      // the same from C++
    using QAbstractListModel::sort;
    [[nodiscard]] QStringList sort() const;             // ["product.name", "-countedAt"]
    void setSort(const QStringList &sort);
    [[nodiscard]] int limit() const;                    // -1: all
    void setLimit(int limit);
    [[nodiscard]] QStringList include() const;          // relation paths that become roles: ["product.name"]; those of sort are added
    void setInclude(const QStringList &include);
    [[nodiscard]] int count() const;
    [[nodiscard]] bool isReady() const;                 // the first rows are there
    [[nodiscard]] Error error() const;

    Q_INVOKABLE QVariant get(int row) const;            // a map of role name -> value; empty outside the range
    Q_INVOKABLE int indexOf(const QString &key) const;  // -1: not in the list; knows loaded rows and asks the order for others
    [[nodiscard]] Record record(int row) const;         // null while its page is on the way

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void storeChanged();
    void typeChanged();
    void whereChanged();
    void sortChanged();
    void limitChanged();
    void includeChanged();
    void countChanged();
    void readyChanged();
    void errorChanged();

protected:
    void fail(const Error &error);      // empties the list; error says why until the next success

private:
    void setWhere(const LiveWhere &where);

    friend class LiveQueryPrivate;
    std::unique_ptr<LiveQueryPrivate> d;
};

} // namespace Tideline
