// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import InventoryApp

// How far the catalogue is, and which of its rows were left out.
Card {
    id: bar

    required property CatalogueImport catalogue
    property bool listed: false

    visible: bar.catalogue.running || bar.catalogue.problems.length > 0 || bar.catalogue.error.length > 0

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap
        Text {
            Layout.fillWidth: true
            text: bar.catalogue.running ? qsTr("Loading the catalogue: %1 of %2").arg(bar.catalogue.done).arg(bar.catalogue.total)
                : bar.catalogue.error.length > 0 ? bar.catalogue.error
                : qsTr("%n product(s) loaded.", "", bar.catalogue.done)
            color: bar.catalogue.error.length > 0 ? Theme.danger : Theme.text
            font.pixelSize: Theme.normal
            elide: Text.ElideRight
        }
        Button {
            visible: bar.catalogue.running
            text: qsTr("Cancel")
            onClicked: bar.catalogue.cancel()
        }
        Button {
            visible: bar.catalogue.problems.length > 0
            text: bar.listed ? qsTr("Hide") : qsTr("%n row(s) left out …", "", bar.catalogue.problems.length)
            onClicked: bar.listed = !bar.listed
        }
    }
    ProgressBar {
        Layout.fillWidth: true
        visible: bar.catalogue.running
        to: Math.max(1, bar.catalogue.total)
        value: bar.catalogue.done
        Accessible.name: qsTr("Progress of loading the catalogue")
    }
    ListView {
        Layout.fillWidth: true
        Layout.preferredHeight: 120
        visible: bar.listed
        clip: true
        activeFocusOnTab: true
        ScrollBar.vertical: ScrollBar { }
        model: bar.catalogue.problems
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Rows left out")
        delegate: Text {
            required property string modelData
            width: ListView.view.width
            text: modelData
            color: Theme.faint
            font.pixelSize: Theme.small
            elide: Text.ElideRight
            Accessible.role: Accessible.ListItem
            Accessible.name: modelData
        }
    }
}
