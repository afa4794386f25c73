// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/modelobject.h"

#include <QtQml/QQmlParserStatus>
#include <QtQml/QQmlPropertyMap>
#include <QtQml/qqml.h>

namespace Tideline {

class QmlModelObject;

/*! The fields of a model object as properties of QML, in both directions. */
class FieldMap : public QQmlPropertyMap
{
    Q_OBJECT

public:
    explicit FieldMap(QmlModelObject *object);

    void show(const ModelType &model);          // exactly its fields

protected:
    QVariant updateValue(const QString &name, const QVariant &given) override;

private:
    QmlModelObject *m_object;
};

/*
    A model object whose type is named at run time, for applications without generated classes. The type takes effect
    when the store, and with it the schema, is known.
*/
class QmlModelObject : public Tideline::ModelObject, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(QString type READ type WRITE setType NOTIFY typeChanged FINAL)
    Q_PROPERTY(QVariantMap values READ values WRITE setValues NOTIFY valuesChanged FINAL)
    Q_PROPERTY(QVariant fields READ fields CONSTANT FINAL)
    QML_NAMED_ELEMENT(ModelObject)

public:
    explicit QmlModelObject(QObject *parent = nullptr);
    ~QmlModelObject() override;

    void setType(const QString &type);
    [[nodiscard]] QVariantMap values() const;
    void setValues(const QVariantMap &values);
    [[nodiscard]] QVariant fields() const;

    void classBegin() override { }
    void componentComplete() override;

Q_SIGNALS:
    void valuesChanged();

protected:
    void emitFieldChanged(int field) override;

private:
    void followStore();
    void learnType();
    void applyValues();
    void fail(const Error &error);

    FieldMap *m_fields;                         // a child
    QVariantMap m_given;                        // what values was set to
    QMetaObject::Connection m_schemaChanged;
    bool m_complete = false;
};

} // namespace Tideline
