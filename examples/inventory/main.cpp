// SPDX-License-Identifier: MIT
#include "catalogueimport.h"
#include "demo.h"
#include "device.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QDir>
#include <QtCore/QLocale>
#include <QtCore/QTextStream>
#include <QtCore/QTranslator>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlExtensionPlugin>
#include <QtQuickControls2/QQuickStyle>

Q_IMPORT_QML_PLUGIN(InventoryPlugin)

using namespace Qt::StringLiterals;

// The window of one device; \a catalogue, when given, is loaded if there is no product yet.
static int showDevice(const Device::Options &options, const QString &catalogue)
{
    Device device(options);
    if (!device.isOpen())
        return 1;
    const auto load = [&device, catalogue] {
        device.store()->count(u"Product"_s).then(&device.engine(), [&device, catalogue](const Tideline::Result<qint64> &count) {
            if (!count || *count > 0)
                return;
            device.prepare();
            device.catalogue()->start(device.store(), catalogue);
        });
    };
    if (!catalogue.isEmpty()) {
        if (device.store()->isOpen())
            load();
        else
            QObject::connect(device.store(), &Tideline::DataStore::openedChanged, &device.engine(), load, Qt::SingleShotConnection);
    }
    return QGuiApplication::exec();
}

static int playScript(const Demo::Options &options)
{
    Demo demo(options);
    int code = 1;
    auto task = demo.run();
    task.then([&code](int result) {
        code = result;
        QMetaObject::invokeMethod(qApp, &QCoreApplication::quit, Qt::QueuedConnection);      // the loop may not run yet
    });
    QGuiApplication::exec();
    return code;
}

int main(int argc, char **argv)
{
    QQuickStyle::setStyle(u"Basic"_s);
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(u"inventory"_s);

    QCommandLineParser parser;
    parser.setApplicationDescription(u"Two devices count one warehouse."_s);
    parser.addHelpOption();
    const QCommandLineOption device(u"device"_s, u"The name of this device"_s, u"NAME"_s, u"Device A"_s);
    const QCommandLineOption store(u"store"_s, u"The folder of the stores"_s, u"DIR"_s, u"."_s);
    const QCommandLineOption url(u"url"_s, u"The server's GraphQL URL"_s, u"URL"_s, u"http://127.0.0.1:4000/graphql"_s);
    const QCommandLineOption key(u"api-key"_s, u"The server's API key; the environment variable TIDELINE_API_KEY does not show in process lists"_s, u"KEY"_s,
                                 qEnvironmentVariable("TIDELINE_API_KEY"));
    const QCommandLineOption catalogue(u"catalogue"_s, u"A TSV or CSV file of products, loaded when there are none"_s, u"FILE"_s);
    const QCommandLineOption script(u"script"_s, u"Play both devices by a script, compare, and end"_s);
    const QCommandLineOption screenshots(u"screenshots"_s, u"Where the script writes pictures of the windows"_s, u"DIR"_s);
    const QCommandLineOption language(u"language"_s, u"en or de; the system's when not given"_s, u"LANGUAGE"_s);
    const QCommandLineOption erpPort(u"erp-port"_s, u"Where the script plays the ERP that the server tells of stock counts"_s, u"N"_s);
    parser.addOptions({device, store, url, key, catalogue, script, screenshots, language, erpPort});
    parser.process(application);

    const QLocale locale = parser.isSet(language) ? QLocale(parser.value(language)) : QLocale();
    QLocale::setDefault(locale);
    QTranslator translator;
    if (translator.load(locale, u"inventory"_s, u"_"_s, u":/i18n"_s) || translator.load(u":/i18n/inventory_en"_s))
        QCoreApplication::installTranslator(&translator);

    const auto options = [&parser, &store, &url, &key](const QString &name, const QString &file) {
        return Device::Options{name, QDir(parser.value(store)).filePath(file), QUrl(parser.value(url)), parser.value(key)};
    };
    if (parser.isSet(script)) {
        return playScript({options(u"Device A"_s, u"device-a.sqlite"_s), options(u"Device B"_s, u"device-b.sqlite"_s),
                           parser.value(catalogue), parser.value(screenshots), quint16(parser.value(erpPort).toUInt()),
                           qgetenv("TIDELINE_TRIGGER_SECRET")});
    }
    const QString name = parser.value(device);
    return showDevice(options(name, name.toLower().replace(u' ', u'-') + u".sqlite"_s), parser.value(catalogue));
}
