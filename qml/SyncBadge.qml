// SPDX-License-Identifier: MIT
import QtQuick

/*!
    Shows how far a record, or a whole store, is from the backend: a sign, with its word when showText is set. Each state
    has a sign of its own shape; colours suit the palette's window colour, light or dark. A badge narrower than its word
    cuts it short; with steadyWidth it is as wide as the longest word, so that nothing moves when the state changes.
    What the word means in full is in description, for instance for a tool tip.
*/
Item {
    id: badge

    enum State { Local, Synced, Pending, Sending, Rejected, Merged }

    property int syncState: SyncBadge.Local
    property bool showText: false
    property bool steadyWidth: false
    property string text: badge.word(badge.syncState)
    property alias font: label.font
    readonly property string description: {
        switch (badge.syncState) {
        case SyncBadge.Synced: return qsTr("The same on this device and on the backend.")
        case SyncBadge.Pending: return qsTr("Saved on this device, waits to be sent to the backend.")
        case SyncBadge.Sending: return qsTr("Saved on this device, on its way to the backend.")
        case SyncBadge.Rejected: return qsTr("Saved on this device, refused by the backend.")
        case SyncBadge.Merged: return qsTr("The same on this device and on the backend, but not in all fields what was saved here.")
        default: return qsTr("Saved on this device only.")
        }
    }
    readonly property bool dark: badge.palette.window.hslLightness < 0.5
    readonly property color color: {
        switch (badge.syncState) {
        case SyncBadge.Synced: return badge.dark ? "#5fcf97" : "#1b7449"
        case SyncBadge.Pending: return badge.dark ? "#f0b445" : "#8a5700"
        case SyncBadge.Sending: return badge.dark ? "#86b7f7" : "#1d62c0"
        case SyncBadge.Merged: return badge.dark ? "#c3a3f5" : "#6b3fb5"
        case SyncBadge.Rejected: return badge.dark ? "#ff8f86" : "#bd2a2a"
        default: return badge.dark ? "#aeb7c3" : "#5b6573"
        }
    }

    function word(state: int): string {
        switch (state) {
        case SyncBadge.Synced: return qsTr("Synced")
        case SyncBadge.Pending: return qsTr("Waiting")
        case SyncBadge.Sending: return qsTr("Sending")
        case SyncBadge.Rejected: return qsTr("Rejected")
        case SyncBadge.Merged: return qsTr("Merged")
        default: return qsTr("On this device")
        }
    }

    function longestWord(): real {
        let longest = 0
        for (let state = SyncBadge.Local; state <= SyncBadge.Merged; ++state)
            longest = Math.max(longest, metrics.advanceWidth(badge.word(state)))
        return longest
    }

    implicitWidth: sign.width + (badge.showText ? label.anchors.leftMargin + label.wanted : 0)
    implicitHeight: Math.max(sign.height, badge.showText ? label.implicitHeight : 0)

    Accessible.role: Accessible.StaticText
    Accessible.name: badge.text
    Accessible.description: badge.description

    component Line: Rectangle {
        id: line

        property var ends               // x, y, x, y in units; undefined for no line
        required property real unit
        readonly property var at: line.ends ?? [0, 0, 0, 0]
        readonly property real dx: line.at[2] - line.at[0]
        readonly property real dy: line.at[3] - line.at[1]

        visible: line.ends !== undefined
        x: line.at[0] * line.unit - line.height / 2
        y: line.at[1] * line.unit - line.height / 2
        width: Math.hypot(line.dx, line.dy) * line.unit + line.height
        height: 1.9 * line.unit
        radius: line.height / 2
        antialiasing: true
        transform: Rotation {
            origin.x: line.height / 2
            origin.y: line.height / 2
            angle: Math.atan2(line.dy, line.dx) * 180 / Math.PI
        }
    }

    FontMetrics {
        id: metrics
        font: label.font
    }
    Rectangle {
        id: sign

        readonly property bool filled: badge.syncState !== SyncBadge.Local && badge.syncState !== SyncBadge.Pending
        readonly property real unit: sign.width / 16
        readonly property color lineColor: sign.filled ? badge.palette.window : badge.color
        // A tick, the hands of a clock, an arrow up, an exclamation mark, two lines that become one.
        readonly property var lines: {
            switch (badge.syncState) {
            case SyncBadge.Synced: return [[4.4, 8.4, 7, 11], [7, 11, 11.6, 5.4]]
            case SyncBadge.Pending: return [[8, 8, 8, 4.4], [8, 8, 10.6, 9.6]]
            case SyncBadge.Sending: return [[8, 12, 8, 4.2], [8, 4.2, 4.8, 7.4], [8, 4.2, 11.2, 7.4]]
            case SyncBadge.Merged: return [[4.6, 4.4, 8, 8.2], [11.4, 4.4, 8, 8.2], [8, 8.2, 8, 12]]
            case SyncBadge.Rejected: return [[8, 3.8, 8, 8.8], [8, 12, 8, 12]]
            default: return []
            }
        }

        anchors.left: parent.left
        anchors.verticalCenter: parent.verticalCenter
        width: 2 * Math.round(0.6 * label.fontInfo.pixelSize)
        height: sign.width
        radius: badge.syncState === SyncBadge.Rejected ? sign.width / 5 : sign.width / 2
        color: sign.filled ? badge.color : "transparent"
        border.width: sign.filled ? 0 : 1.9 * sign.unit
        border.color: badge.color
        antialiasing: true

        Line { ends: sign.lines[0]; unit: sign.unit; color: sign.lineColor }
        Line { ends: sign.lines[1]; unit: sign.unit; color: sign.lineColor }
        Line { ends: sign.lines[2]; unit: sign.unit; color: sign.lineColor }
    }
    Text {
        id: label

        readonly property real wanted: Math.ceil(badge.steadyWidth ? Math.max(badge.longestWord(), label.implicitWidth) : label.implicitWidth)

        anchors.left: sign.right
        anchors.leftMargin: Math.round(0.4 * sign.width)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: badge.showText
        text: badge.text
        textFormat: Text.PlainText
        color: badge.color
        elide: Text.ElideRight
    }
}
