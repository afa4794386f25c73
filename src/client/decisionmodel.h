// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtCore/QAbstractListModel>

namespace Tideline {

class DecisionModelPrivate;

class TIDELINE_EXPORT DecisionModel : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(Tideline::DataStore *store READ store WRITE setStore NOTIFY storeChanged FINAL)
    Q_PROPERTY(QString type READ type WRITE setType NOTIFY typeChanged FINAL)
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY limitChanged FINAL)
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY readyChanged FINAL)
    Q_PROPERTY(Tideline::Error error READ error NOTIFY errorChanged FINAL)

public:
    enum Role {
        DecisionRole = Qt::UserRole,    // its number
        TypeRole,                       // name of the model type
        KeyRole,
        MutationRole,
        FieldsRole,                     // a list of {name, policy, base, mine, theirs, result}
        TakenRole,                      // Side
        AtRole,
        UndoneRole,                     // whether the user undid it
        DeletionRole,                   // "mine" or "theirs": that side deleted the record; else empty
    };
    Q_ENUM(Role)

    enum class Side { Other, Mine, Theirs, Mixed };     // Other: what was not taken
    Q_ENUM(Side)

    explicit DecisionModel(QObject *parent = nullptr);
    explicit DecisionModel(DataStore *store, QObject *parent = nullptr);
    ~DecisionModel() override;

    [[nodiscard]] DataStore *store() const;
    void setStore(DataStore *store);
    [[nodiscard]] QString type() const;                 // empty: of all
    void setType(const QString &type);
    [[nodiscard]] QString key() const;                  // empty: of all records of the type
    void setKey(const QString &key);
    [[nodiscard]] int limit() const;
    void setLimit(int limit);
    [[nodiscard]] int count() const;
    [[nodiscard]] bool isReady() const;                 // the list is as the file has it
    [[nodiscard]] Error error() const;                  // why the list could not be read
    [[nodiscard]] ConflictDecision decision(int row) const;

    Q_INVOKABLE QVariant get(int row) const;            // a map of role name -> value; empty outside the range
    void undo(int row, Tideline::DecisionModel::Side side = Tideline::DecisionModel::Side::Other);
    Q_INVOKABLE void undo(const QVariant &row, Tideline::DecisionModel::Side side = Tideline::DecisionModel::Side::Other);       // for QML, which makes 0 of an undefined number

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void storeChanged();
    void typeChanged();
    void keyChanged();
    void limitChanged();
    void countChanged();
    void readyChanged();
    void errorChanged();
    void undone(qint64 decision);
    void failed(qint64 decision, const Tideline::Error &error);     // undo() of it

protected:
    void fail(const Error &error);      // empties the list; error says why until the next success

private:
    friend class DecisionModelPrivate;
    template<typename Model, typename Row>
    friend class ListReader;
    std::unique_ptr<DecisionModelPrivate> d;
};

} // namespace Tideline
