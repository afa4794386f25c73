// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtCore/QAbstractListModel>

namespace Tideline {

class RepairModelPrivate;

class TIDELINE_EXPORT RepairModel : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(Tideline::DataStore *store READ store WRITE setStore NOTIFY storeChanged FINAL)
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    Q_PROPERTY(int unmappedCount READ unmappedCount NOTIFY unmappedCountChanged FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY readyChanged FINAL)
    Q_PROPERTY(Tideline::Error error READ error NOTIFY errorChanged FINAL)

public:
    enum Role {
        MutationRole = Qt::UserRole,    // its number
        TypeRole,                       // name of the model type
        KeyRole,
        OperationRole,                  // Operation
        BaseRole,                       // field -> value
        MineRole,
        TheirsRole,                     // field -> value; null: the backend has told none, or has deleted it
        FieldsRole,                     // a list of {name, base, mine, theirs} of what the user can see in them
        DeletedRole,                    // whether the backend has deleted the record
        ErrorRole,
        CodeRole,                       // ErrorCode
        MessageRole,
        ErrorTypeRole,                  // the backend's word for it
        CreatedAtRole,
        AttemptsRole,
        WaitingRole,                    // how many mutations wait for this one
        KindRole,                       // Kind
        RawRole,                        // of a Quarantined: the record as JSON, as the backend sent it
        ParentTypeRole,                 // of a Quarantined: the record that it waits for; empty: none
        ParentKeyRole,
        UnmappedRole,                   // of an Unmapped: its number; else 0
    };
    Q_ENUM(Role)

    enum class Kind {
        Mutation,                       // a change that the backend refused
        Quarantined,                    // a record of the backend that could not be stored
        Unmapped,                       // what a change of the schema left no place for
    };
    Q_ENUM(Kind)

    enum class Operation { Create, Update, Delete };
    Q_ENUM(Operation)

    explicit RepairModel(QObject *parent = nullptr);
    explicit RepairModel(DataStore *store, QObject *parent = nullptr);
    ~RepairModel() override;

    [[nodiscard]] DataStore *store() const;
    void setStore(DataStore *store);
    [[nodiscard]] int count() const;
    [[nodiscard]] bool isReady() const;                 // the list is as the file has it
    [[nodiscard]] Error error() const;                  // why the list could not be read
    [[nodiscard]] Kind kind(int row) const;
    [[nodiscard]] RejectedMutation mutation(int row) const;
    [[nodiscard]] QuarantinedRow quarantined(int row) const;
    [[nodiscard]] UnmappedData unmapped(int row) const;
    [[nodiscard]] int unmappedCount() const;            // how many rows are Unmapped

    Q_INVOKABLE QVariant get(int row) const;            // a map of role name -> value; empty outside the range
    Q_INVOKABLE int indexOf(qint64 mutation) const;     // -1: not in the list
    void retry(int row);
    Q_INVOKABLE void retry(const QVariant &row);        // for QML, which makes 0 of an undefined number
    void discard(int row, bool withDependents = false);
    Q_INVOKABLE void discard(const QVariant &row, bool withDependents = false);
    Q_INVOKABLE void retryAll();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
    void storeChanged();
    void countChanged();
    void unmappedCountChanged();
    void readyChanged();
    void errorChanged();
    void retried(qint64 mutation);
    void discarded(qint64 mutation);
    void failed(qint64 mutation, const Tideline::Error &error);     // retry() or discard() of it
    void quarantineRetried(const QString &type, const QString &key);
    void quarantineDiscarded(const QString &type, const QString &key);
    void quarantineFailed(const QString &type, const QString &key, const Tideline::Error &error);
    void unmappedDiscarded(qint64 id);
    void unmappedFailed(qint64 id, const Tideline::Error &error);

protected:
    void fail(const Error &error);      // empties the list; error says why until the next success

private:
    friend class RepairModelPrivate;
    template<typename Model, typename Row>
    friend class ListReader;
    std::unique_ptr<RepairModelPrivate> d;
};

} // namespace Tideline
