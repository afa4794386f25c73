// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Layouts

// A white panel with a title; what is put into it fills the rest.
Rectangle {
    id: card

    property string title
    property alias corner: corner.data
    default property alias content: body.data

    color: Theme.card
    border.color: Theme.line
    radius: Theme.radius
    implicitHeight: column.implicitHeight + 2 * Theme.gap

    ColumnLayout {
        id: column
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: 8

        RowLayout {
            visible: card.title.length > 0
            Text {
                Layout.fillWidth: true
                text: card.title
                color: Theme.text
                font.pixelSize: 15
                font.bold: true
                elide: Text.ElideRight
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Row {
                id: corner
                spacing: 6
            }
        }
        ColumnLayout {
            id: body
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 8
        }
    }
}
