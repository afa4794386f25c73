// SPDX-License-Identifier: MIT
#include "temporaryfolder.h"

#include <QtCore/QFile>

QString TemporaryFolder::file(const QString &name) const
{
    return m_folder.filePath(name);
}

QUrl TemporaryFolder::write(const QString &name, const QString &text) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        qFatal("A test file cannot be written: %s", qPrintable(file.fileName()));
    return QUrl::fromLocalFile(file.fileName());
}
