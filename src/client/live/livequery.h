// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"

#include <QtCore/QAbstractListModel>
#include <QtCore/QVariant>

namespace Tideline {

class LiveQueryPrivate;

/*!
    \class Tideline::LiveQuery
    \inmodule Tideline
    \since 0.1
    \brief A list of records kept true by change sets, for QML and Widgets.
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
    [[nodiscard]] QStringList sort() const;             // ["product.name", "-countedAt"]
    void setSort(const QStringList &sort);
    [[nodiscard]] int limit() const;                    // -1: all
    void setLimit(int limit);
    [[nodiscard]] QStringList include() const;          // relation paths that become roles: ["product.name"]; those of sort are added
    void setInclude(const QStringList &include);
    [[nodiscard]] int count() const;
    [[nodiscard]] bool isReady() const;                 // the first rows are there
    [[nodiscard]] Error error() const;

    Q_INVOKABLE QVariantMap get(int row) const;         // role name -> value; empty outside the range
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

private:
    std::unique_ptr<LiveQueryPrivate> d;
};

} // namespace Tideline
