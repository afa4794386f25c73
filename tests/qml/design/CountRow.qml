// SPDX-License-Identifier: MIT
import QtQuick

// What the design's delegate builds on.
Item {
    implicitHeight: 20
    height: implicitHeight
}
