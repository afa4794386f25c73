// SPDX-License-Identifier: MIT
import QtQuick

/*!
    Shows how far a record, or a whole store, is from the backend: a coloured dot with a word.
*/
Item {
    id: badge

    enum State { Local, Synced, Pending, Sending, Rejected }

    property int syncState: SyncBadge.Local
    property bool showText: false
    property string text: {
        switch (badge.syncState) {
        case SyncBadge.Synced: return qsTr("Synced")
        case SyncBadge.Pending: return qsTr("Waiting")
        case SyncBadge.Sending: return qsTr("Sending")
        case SyncBadge.Rejected: return qsTr("Rejected")
        default: return qsTr("On this device")
        }
    }
    readonly property color color: {
        switch (badge.syncState) {
        case SyncBadge.Synced: return "#2e9e6b"
        case SyncBadge.Pending: return "#d99514"
        case SyncBadge.Sending: return "#2b7de1"
        case SyncBadge.Rejected: return "#d13b3b"
        default: return "#8a94a3"
        }
    }

    implicitWidth: row.implicitWidth
    implicitHeight: Math.max(dot.height, badge.showText ? label.implicitHeight : 0)

    Accessible.role: Accessible.StaticText
    Accessible.name: badge.text

    Row {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        spacing: 6

        Rectangle {
            id: dot
            anchors.verticalCenter: parent.verticalCenter
            width: 10
            height: 10
            radius: 5
            color: badge.color
        }
        Text {
            id: label
            visible: badge.showText
            text: badge.text
            color: badge.color
            font.pixelSize: 12
        }
    }
}
