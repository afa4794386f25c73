// SPDX-License-Identifier: MIT
#include <QtCore/QTemporaryDir>
#include <QtQuickTest/quicktest.h>

// Runs the tests written in QML, with a data folder of their own.
int main(int argc, char **argv)
{
    const QTemporaryDir data;
    qputenv("XDG_DATA_HOME", data.path().toLocal8Bit());
    return quick_test_main(argc, argv, "tst_qml", TEST_FOLDER);
}
