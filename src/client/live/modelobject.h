// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"

#include <QtCore/QVariant>

namespace Tideline {

class ModelObjectPrivate;

/*!
    \class Tideline::ModelObject
    \inmodule Tideline
    \since 0.1
    \brief A form or binding on one record: follows the stored record, holds a draft until saved.

    Base of the generated classes. A field reads as the draft's value if the application set it, else
    as the stored record's. A remote change of a field that the draft does not touch shows at once.
    When the record is deleted, fields the draft does not touch become null, and stored false; the key is
    still followed. Belongs to the store's thread. The schema must be that of the store.

    An object without a type has no fields; a class that learns its type at run time gives it with become().
*/
class TIDELINE_EXPORT ModelObject : public QObject
{
    Q_OBJECT
    Q_PROPERTY(Tideline::LiveHost *store READ store WRITE setStore NOTIFY storeChanged FINAL)
    Q_PROPERTY(QString type READ type NOTIFY typeChanged)
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY keyChanged FINAL)
    Q_PROPERTY(bool stored READ isStored NOTIFY storedChanged FINAL)
    Q_PROPERTY(bool modified READ isModified NOTIFY modifiedChanged FINAL)
    Q_PROPERTY(bool valid READ isValid NOTIFY validChanged FINAL)
    Q_PROPERTY(QVariant errors READ errors NOTIFY validChanged FINAL)
    Q_PROPERTY(int syncState READ syncState NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(qint64 version READ version NOTIFY versionChanged FINAL)

public:
    ModelObject(const Schema &schema, const QString &type, QObject *parent = nullptr);
    ~ModelObject() override;

    [[nodiscard]] LiveHost *store() const;
    void setStore(LiveHost *store);
    [[nodiscard]] QString type() const;
    [[nodiscard]] QString key() const;          // of the record it follows; empty: a new one
    void setKey(const QString &key);            // drops the draft and follows that record
    [[nodiscard]] bool isStored() const;        // the record exists in the store
    [[nodiscard]] bool isModified() const;      // the draft has changes
    [[nodiscard]] bool isValid() const;         // save() would pass validation
    [[nodiscard]] QVariantMap errors() const;   // field -> what is wrong, for forms
    [[nodiscard]] Error errorOf(const QString &field) const;
    [[nodiscard]] int syncState() const;        // SyncState of the stored record
    [[nodiscard]] qint64 version() const;

    [[nodiscard]] Record record() const;        // the stored one; null for a new object
    [[nodiscard]] Draft draft() const;
    void follow(const Record &record);          // what a save or a query gave; keeps later edits
    Q_INVOKABLE void reset();                   // drops the draft
    Q_INVOKABLE void clear();                   // drops draft and record: a new, empty one

    [[nodiscard]] QVariant field(const QString &name) const;
    bool setField(const QString &name, const QVariant &value);      // false: refused; see errors()

Q_SIGNALS:
    void storeChanged();
    void typeChanged();
    void keyChanged();
    void storedChanged();
    void modifiedChanged();
    void validChanged();
    void syncStateChanged();
    void versionChanged();
    void fieldChanged(int field);

protected:
    explicit ModelObject(QObject *parent);                          // without a type yet
    void become(const Schema &schema, const QString &type);         // another type: draft and record go, the key stays
    [[nodiscard]] std::shared_ptr<const ModelType> model() const;   // one without fields and name when there is no type

    [[nodiscard]] const Value &fieldValue(int field) const;         // for generated accessors
    void setFieldValue(int field, const Value &value);
    [[nodiscard]] QVariant fieldVariant(int field) const;
    void setFieldVariant(int field, const QVariant &value);
    virtual void emitFieldChanged(int field);                        // generated: the field's own NOTIFY signal

private:
    friend class ModelObjectPrivate;
    std::unique_ptr<ModelObjectPrivate> d;
};

} // namespace Tideline
