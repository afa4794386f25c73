// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts

// What went wrong, until it is closed or something newer comes.
Rectangle {
    id: message

    property string text

    visible: message.text.length > 0
    implicitHeight: row.implicitHeight + 12
    radius: 6
    color: "#fdecea"
    border.color: "#f2b8b5"
    Accessible.role: Accessible.AlertMessage
    Accessible.name: message.text

    RowLayout {
        id: row
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 10 }
        Text {
            Layout.fillWidth: true
            text: message.text
            color: Theme.danger
            font.pixelSize: Theme.normal
            wrapMode: Text.Wrap
        }
        ToolButton {
            text: "✕"
            onClicked: message.text = ""
            Accessible.name: qsTr("Close the message")
        }
    }
}
