// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts

// A number with what it counts.
ColumnLayout {
    id: figure

    property string value
    property string label

    Layout.fillWidth: true
    spacing: 0
    Accessible.role: Accessible.StaticText
    Accessible.name: figure.value + " " + figure.label

    Text {
        Layout.fillWidth: true
        text: figure.value
        color: Theme.accent
        font.pixelSize: 22
        font.bold: true
    }
    Text {
        Layout.fillWidth: true
        text: figure.label
        color: Theme.faint
        font.pixelSize: Theme.small
    }
}
