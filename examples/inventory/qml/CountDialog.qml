// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

// Corrects or deletes one count.
Dialog {
    id: dialog

    required property DataStore store
    property var count: ({})

    function edit(count) {
        dialog.count = count
        quantity.value = count.quantity
        dialog.open()
        quantity.forceActiveFocus()
    }

    modal: true
    anchors.centerIn: Overlay.overlay
    width: 380
    title: qsTr("Correct a count")

    onAccepted: dialog.store.save({ type: "StockCount", id: dialog.count.id, quantity: quantity.value }).catch(() => { })

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap
        Label {
            Layout.fillWidth: true
            text: qsTr("%1 in %2").arg(dialog.count.productName ?? dialog.count.barcode ?? "").arg(dialog.count.binName ?? "")
            wrapMode: Text.Wrap
        }
        SpinBox {
            id: quantity
            Layout.fillWidth: true
            editable: true
            from: 0
            to: 1000000
            Accessible.name: qsTr("Quantity")
            Keys.onReturnPressed: dialog.accept()
        }
    }
    footer: RowLayout {
        spacing: 8
        Button {
            Layout.leftMargin: Theme.gap
            Layout.bottomMargin: Theme.gap
            text: qsTr("Delete")
            onClicked: {
                dialog.store.remove("StockCount", dialog.count.id).catch(() => { })
                dialog.close()
            }
        }
        Item { Layout.fillWidth: true }
        Button {
            Layout.bottomMargin: Theme.gap
            text: qsTr("Cancel")
            onClicked: dialog.reject()
        }
        Button {
            Layout.rightMargin: Theme.gap
            Layout.bottomMargin: Theme.gap
            text: qsTr("Save")
            highlighted: true
            onClicked: dialog.accept()
        }
    }
}
