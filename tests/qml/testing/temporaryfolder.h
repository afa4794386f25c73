// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QObject>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>
#include <QtQml/qqmlregistration.h>

/*! A folder that goes with the object. */
class TemporaryFolder : public QObject
{
    Q_OBJECT
    QML_ELEMENT

public:
    using QObject::QObject;

    Q_INVOKABLE QString file(const QString &name) const;                    // the path of a file that need not exist
    Q_INVOKABLE QUrl write(const QString &name, const QString &text) const; // makes a file

private:
    QTemporaryDir m_folder;
};
