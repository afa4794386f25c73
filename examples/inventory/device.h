// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtCore/QUrl>
#include <QtQml/QQmlApplicationEngine>

QT_FORWARD_DECLARE_CLASS(QQuickWindow)

class CatalogueImport;

// One device: a window with a store of its own.
class Device
{
public:
    struct Options
    {
        QString name;
        QString storePath;
        QUrl serverUrl;
        QString apiKey;
    };

    /*! Opens the window; isOpen() is false when its QML does not load, which Qt has then reported. */
    explicit Device(const Options &options);
    ~Device();
    Q_DISABLE_COPY_MOVE(Device)

    [[nodiscard]] bool isOpen() const { return m_window; }
    [[nodiscard]] QQmlApplicationEngine &engine() { return m_engine; }
    [[nodiscard]] QString name() const { return m_name; }
    [[nodiscard]] Tideline::DataStore *store() const { return m_store; }
    [[nodiscard]] CatalogueImport *catalogue() const;

    // What the user does in the window.
    void scan(const QString &barcode);
    void setConnected(bool connected);
    void prepare();
    void count(const QString &barcode, const QString &bin, int quantity, const QString &note = {});

    [[nodiscard]] bool saveScreenshot(const QString &path);

private:
    QString m_name;
    QQmlApplicationEngine m_engine;
    QQuickWindow *m_window = nullptr;           // the engine's
    Tideline::DataStore *m_store = nullptr;     // the window's
};
