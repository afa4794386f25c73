// SPDX-License-Identifier: MIT
#include "device.h"

#include "catalogueimport.h"
#include "plugin/prepare.h"

#include <QtGui/QImage>
#include <QtQml/QQmlProperty>
#include <QtQuick/QQuickWindow>

using namespace Qt::StringLiterals;

Device::Device(const Options &options) : m_name(options.name)
{
    Tideline::prepare(&m_engine);
    m_engine.setInitialProperties({{u"device"_s, options.name}, {u"storePath"_s, options.storePath},
                                   {u"serverUrl"_s, options.serverUrl}, {u"apiKey"_s, options.apiKey}});
    m_engine.load(QUrl(u"qrc:/qt/qml/InventoryApp/Main.qml"_s));
    if (m_engine.rootObjects().isEmpty())
        return;
    m_window = qobject_cast<QQuickWindow *>(m_engine.rootObjects().constFirst());
    m_store = m_window->property("store").value<Tideline::DataStore *>();
}

Device::~Device() = default;

CatalogueImport *Device::catalogue() const
{
    return m_window->property("catalogue").value<CatalogueImport *>();
}

void Device::scan(const QString &barcode)
{
    QMetaObject::invokeMethod(m_window, "scan", Q_ARG(QVariant, barcode));
}

void Device::setConnected(bool connected)
{
    QQmlProperty::write(m_window, u"connected"_s, connected);
}

void Device::prepare()
{
    QVariant promise;
    QMetaObject::invokeMethod(m_window, "prepare", Q_RETURN_ARG(QVariant, promise));
}

void Device::count(const QString &barcode, const QString &bin, int quantity, const QString &note)
{
    QMetaObject::invokeMethod(m_window, "count", Q_ARG(QVariant, barcode), Q_ARG(QVariant, bin), Q_ARG(QVariant, quantity),
                              Q_ARG(QVariant, note));
}

bool Device::saveScreenshot(const QString &path)
{
    return m_window->grabWindow().save(path);
}
