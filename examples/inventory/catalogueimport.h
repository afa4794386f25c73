// SPDX-License-Identifier: MIT
#pragma once

#include "catalogue.h"

#include "client/datastore.h"

#include <QtQml/qqmlregistration.h>

// Puts a catalogue file into the store, a few hundred products in a transaction, and says how far it is.
class CatalogueImport : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(bool running READ isRunning NOTIFY runningChanged FINAL)
    Q_PROPERTY(int done READ done NOTIFY progressChanged FINAL)
    Q_PROPERTY(int total READ total NOTIFY progressChanged FINAL)
    Q_PROPERTY(QStringList problems READ problems NOTIFY problemsChanged FINAL)
    Q_PROPERTY(QString error READ error NOTIFY runningChanged FINAL)

public:
    using QObject::QObject;

    [[nodiscard]] bool isRunning() const { return m_running; }
    [[nodiscard]] int done() const { return m_done; }
    [[nodiscard]] int total() const { return int(m_catalogue.products.size()); }
    [[nodiscard]] QStringList problems() const;         // "Line 12: why the row was left out"
    [[nodiscard]] QString error() const { return m_error; }     // why the last import ended early; empty when it did not

    Q_INVOKABLE void start(QObject *store, const QString &path);
    Q_INVOKABLE void cancel();

Q_SIGNALS:
    void runningChanged();
    void progressChanged();
    void problemsChanged();
    void finished();                                    // also after an error or cancel()

private:
    void saveNext();
    void finish(const QString &error);

    QPointer<Tideline::DataStore> m_store;
    Catalogue m_catalogue;
    QString m_error;
    int m_done = 0;
    bool m_running = false;
    bool m_cancelled = false;
};
