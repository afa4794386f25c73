// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

/*!
    The changes that the backend refused, the records of the backend that this device cannot store, and what a new version of the
    application has no place for, one card each: what, when, why, and a choice. Up and Down walk through the
    cards, Tab reaches the buttons, Delete asks whether to discard, Escape takes the question back.

    Without a store of its own it shows the nearest DataStore's.
*/
Pane {
    id: bench

    property alias store: mutations.store
    readonly property alias count: mutations.count
    readonly property int unmapped: Math.min(mutations.count, mutations.unmappedCount)
    readonly property int aside: Math.min(mutations.count - bench.unmapped, mutations.store ? mutations.store.quarantinedCount : 0)
    readonly property int refused: mutations.count - bench.aside - bench.unmapped
    property string title: qsTr("To be repaired")

    padding: 16
    implicitWidth: 560
    implicitHeight: 480
    Accessible.role: Accessible.Pane
    Accessible.name: bench.title

    RepairModel { id: mutations }

    ColumnLayout {
        anchors.fill: parent
        spacing: 12

        RowLayout {
            Layout.fillWidth: true
            spacing: 10
            visible: mutations.count > 0

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2
                Label {
                    Layout.fillWidth: true
                    text: bench.title
                    elide: Text.ElideRight
                    font.pixelSize: bench.font.pixelSize * 1.35
                    font.bold: true
                    Accessible.role: Accessible.Heading
                }
                Label {
                    Layout.fillWidth: true
                    visible: bench.refused > 0
                    text: qsTr("%n change(s) need your decision. Everything else goes on.", "", bench.refused)
                    color: Qt.alpha(bench.palette.windowText, 0.7)
                    wrapMode: Text.Wrap
                }
                Label {
                    Layout.fillWidth: true
                    objectName: "aside"
                    visible: bench.aside > 0
                    text: qsTr("%n record(s) of the backend could not be stored and are kept aside.", "", bench.aside)
                    color: Qt.alpha(bench.palette.windowText, 0.7)
                    wrapMode: Text.Wrap
                }
                Label {
                    Layout.fillWidth: true
                    objectName: "unmapped"
                    visible: bench.unmapped > 0
                    text: qsTr("%n thing(s) have no place in this version of the app and are kept for another.", "", bench.unmapped)
                    color: Qt.alpha(bench.palette.windowText, 0.7)
                    wrapMode: Text.Wrap
                }
            }
            Button {
                objectName: "retryAll"
                visible: mutations.count - bench.unmapped > 1
                text: qsTr("Retry all")
                Accessible.name: qsTr("Retry all that is listed")
                onClicked: mutations.retryAll()
            }
        }

        ListView {
            id: list
            objectName: "cards"
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: mutations.count > 0
            model: mutations
            spacing: 12
            clip: true
            focus: true
            activeFocusOnTab: true
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 120
            ScrollBar.vertical: ScrollBar { }
            Accessible.role: Accessible.List
            Accessible.name: bench.title

            delegate: RepairCard { }
            Keys.onDeletePressed: (list.currentItem as RepairCard)?.ask()
            Keys.onEscapePressed: (event) => {
                const card = list.currentItem as RepairCard
                event.accepted = card !== null && card.asking
                card?.keep()
            }
        }

        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true
            visible: mutations.count === 0

            ColumnLayout {
                anchors.centerIn: parent
                width: Math.min(parent.width, 340)
                spacing: 10

                Rectangle {
                    Layout.alignment: Qt.AlignHCenter
                    implicitWidth: 56
                    implicitHeight: 56
                    radius: 28
                    color: Qt.alpha(bench.palette.highlight, 0.15)
                    Label {
                        anchors.centerIn: parent
                        text: "\u2713"
                        color: bench.palette.highlight
                        font.pixelSize: 28
                        Accessible.ignored: true
                    }
                }
                Label {
                    Layout.fillWidth: true
                    objectName: "empty"
                    horizontalAlignment: Text.AlignHCenter
                    text: mutations.error.message.length > 0 ? mutations.error.message : qsTr("Nothing to repair")
                    wrapMode: Text.Wrap
                    font.pixelSize: bench.font.pixelSize * 1.2
                    font.bold: true
                }
                Label {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignHCenter
                    visible: mutations.error.message.length === 0
                    text: qsTr("The backend has refused none of your changes, and this device has all it sent.")
                    color: Qt.alpha(bench.palette.windowText, 0.7)
                    wrapMode: Text.Wrap
                }
            }
        }
    }
}
