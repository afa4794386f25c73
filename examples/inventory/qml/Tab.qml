// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls

TabButton {
    id: tab

    implicitHeight: 38
    contentItem: Text {
        text: tab.text
        color: tab.checked ? Theme.accent : Theme.faint
        font.pixelSize: 15
        font.bold: tab.checked
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: 6
        color: tab.visualFocus || tab.hovered ? Theme.accentSoft : "transparent"
        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: tab.checked ? 3 : 1
            color: tab.checked ? Theme.accent : Theme.line
        }
    }
}
