// SPDX-License-Identifier: MIT
#include <QtCore/QCoreApplication>
#include <QtQml/QQmlApplicationEngine>

// Counts the articles of the store in its first argument through the installed QML module alone.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral(IMPORT_PATH));
    engine.setInitialProperties({{QStringLiteral("path"), application.arguments().value(1)},
                                 {QStringLiteral("schemaFile"), QUrl::fromLocalFile(QStringLiteral(FOLDER "/shop.graphql"))}});
    engine.load(QUrl::fromLocalFile(QStringLiteral(FOLDER "/Viewer.qml")));
    return engine.rootObjects().isEmpty() ? 2 : QCoreApplication::exec();
}
