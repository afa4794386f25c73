// SPDX-License-Identifier: MIT
#include <shopmodel.h>
#include <tideline.h>

#include <plugin/prepare.h>

#include <QtCore/QTextStream>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlApplicationEngine>
#include <QtQml/QQmlExtensionPlugin>



// Saves an article from QML and reads it back through the typed C++ API; 0 when both agree.
int main(int argc, char **argv)
{
    using namespace Qt::StringLiterals;
    QGuiApplication application(argc, argv);
    QQmlApplicationEngine engine;
    Tideline::prepare(&engine);
    engine.setInitialProperties({{u"path"_s, application.arguments().value(1)}});
    engine.load(u"qrc:/qt/qml/ShopApp/Main.qml"_s);
    if (engine.rootObjects().isEmpty())
        return 2;
    if (const int code = QGuiApplication::exec())           // Main.qml ends it when the article is saved
        return code;
    auto *store = engine.rootObjects().first()->findChild<Tideline::DataStore *>();
    using Articles = Tideline::Result<QList<ShopModel::Article::Record>>;
    store->query<ShopModel::Article>(ShopModel::Article::price > 2.5).then(&application, [](const Articles &result) {
        if (!result)
            QTextStream(stderr) << result.error().message() << Qt::endl;
        const bool same = result && result->size() == 1 && result->first().season() == ShopModel::Season::AUTUMN;
        QCoreApplication::exit(same ? 0 : 4);
    });
    return QGuiApplication::exec();
}
