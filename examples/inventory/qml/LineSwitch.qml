// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

// The head of the window: which device this is, whether its line is up, and what waits to be sent.
Rectangle {
    id: bar

    required property DataStore store
    required property string device
    property alias connected: line.checked
    readonly property int waiting: bar.store.outboxCount - bar.store.rejectedCount

    signal showRejected

    implicitHeight: 60
    color: bar.connected ? Theme.accent : Theme.offline
    Behavior on color { ColorAnimation { duration: 150 } }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: 18
        anchors.rightMargin: 18
        spacing: 16

        Text {
            text: qsTr("Inventory")
            color: "white"
            font.pixelSize: Theme.large
            font.bold: true
        }
        Text {
            text: bar.device
            color: "white"
            opacity: 0.85
            font.pixelSize: Theme.large
        }
        Item { Layout.fillWidth: true }
        Text {
            objectName: "lineState"
            color: "white"
            font.pixelSize: Theme.normal
            text: {
                if (!bar.connected)
                    return qsTr("Line cut")
                switch (bar.store.syncState) {
                case DataStore.Live: return qsTr("Up to date")
                case DataStore.Syncing: return qsTr("Syncing %1 %").arg(Math.round(bar.store.progress * 100))
                case DataStore.Connecting: return qsTr("Connecting …")
                default: return qsTr("Server out of reach")
                }
            }
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        Rectangle {
            visible: bar.waiting > 0
            implicitWidth: waiting.implicitWidth + 20
            implicitHeight: 26
            radius: 13
            color: "#33000000"
            Text {
                id: waiting
                anchors.centerIn: parent
                color: "white"
                font.pixelSize: Theme.normal
                text: qsTr("%n change(s) waiting", "", bar.waiting)
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
        AbstractButton {
            id: rejected
            objectName: "rejected"
            visible: bar.store.rejectedCount > 0
            text: qsTr("%n rejected", "", bar.store.rejectedCount)
            horizontalPadding: 12
            verticalPadding: 4
            onClicked: bar.showRejected()
            Accessible.name: qsTr("Show what the server rejected")
            background: Rectangle {
                radius: height / 2
                color: "white"
                border.width: rejected.visualFocus ? 3 : 0
                border.color: Theme.text
            }
            contentItem: Text {
                text: rejected.text
                color: Theme.danger
                font.pixelSize: Theme.normal
                font.bold: true
            }
        }
        Switch {
            id: line
            objectName: "line"
            checked: true
            text: qsTr("Connected")
            font.pixelSize: Theme.normal
            Accessible.name: qsTr("Connection to the server")
            indicator: Rectangle {
                x: line.leftPadding
                anchors.verticalCenter: parent.verticalCenter
                implicitWidth: 46
                implicitHeight: 24
                radius: 12
                color: line.checked ? "#7fd1a8" : "#40000000"
                border.width: line.visualFocus ? 2 : 0
                border.color: "white"
                Rectangle {
                    x: line.checked ? parent.width - width - 3 : 3
                    anchors.verticalCenter: parent.verticalCenter
                    width: 18
                    height: 18
                    radius: 9
                    color: "white"
                    Behavior on x { NumberAnimation { duration: 120 } }
                }
            }
            contentItem: Text {
                leftPadding: line.indicator.width + line.spacing
                text: line.text
                color: "white"
                font: line.font
                verticalAlignment: Text.AlignVCenter
            }
        }
    }
}
