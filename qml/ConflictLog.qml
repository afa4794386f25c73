// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

/*!
    What was decided about records that this device and another one changed at the same time, the newest first, one card each: what,
    when, both values and what became of them, and a way back. Up and Down walk through the cards, Tab reaches the buttons.

    Without a store of its own it shows the nearest DataStore's.
*/
Pane {
    id: log

    property alias store: decisions.store
    property alias type: decisions.type
    property alias key: decisions.key
    readonly property alias count: decisions.count
    property string title: qsTr("Changed on both sides")

    padding: 16
    implicitWidth: 560
    implicitHeight: 480
    Accessible.role: Accessible.Pane
    Accessible.name: log.title

    DecisionModel { id: decisions }

    ColumnLayout {
        anchors.fill: parent
        spacing: 12

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2
            visible: decisions.count > 0
            Label {
                Layout.fillWidth: true
                text: log.title
                elide: Text.ElideRight
                font.pixelSize: log.font.pixelSize * 1.35
                font.bold: true
                Accessible.role: Accessible.Heading
            }
            Label {
                Layout.fillWidth: true
                text: qsTr("%n time(s) this device and another one changed the same field. Each is decided; you may decide otherwise.", "", decisions.count)
                color: Qt.alpha(log.palette.windowText, 0.7)
                wrapMode: Text.Wrap
            }
        }

        ListView {
            id: list
            objectName: "cards"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: decisions.count > 0
            model: decisions
            spacing: 12
            clip: true
            focus: true
            activeFocusOnTab: true
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 120
            ScrollBar.vertical: ScrollBar { }
            Accessible.role: Accessible.List
            Accessible.name: log.title

            delegate: ConflictCard { }
        }

        ColumnLayout {
            Layout.alignment: Qt.AlignCenter
            Layout.fillHeight: true
            Layout.maximumWidth: 340
            visible: decisions.count === 0
            spacing: 10

            Item { Layout.fillHeight: true }
            Label {
                Layout.fillWidth: true
                objectName: "empty"
                horizontalAlignment: Text.AlignHCenter
                text: decisions.error.message.length > 0 ? decisions.error.message : qsTr("No conflicts")
                wrapMode: Text.Wrap
                font.pixelSize: log.font.pixelSize * 1.2
                font.bold: true
            }
            Label {
                Layout.fillWidth: true
                horizontalAlignment: Text.AlignHCenter
                visible: decisions.error.message.length === 0
                text: qsTr("Nobody else has changed a field while you changed it.")
                color: Qt.alpha(log.palette.windowText, 0.7)
                wrapMode: Text.Wrap
            }
            Item { Layout.fillHeight: true }
        }
    }
}
