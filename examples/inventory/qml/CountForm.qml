// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

// Find or scan a product, choose a bin, count.
Card {
    id: form

    property string barcode
    property string productName
    signal counted(string barcode, string bin, int quantity, string note)

    function pick(barcode) {
        form.barcode = barcode
        search.text = barcode
        quantity.forceActiveFocus()
        const editor = quantity.contentItem as TextInput
        editor.selectAll()
    }
    function submit() {
        if (!countButton.enabled)
            return
        form.counted(form.barcode, bin.editText.trim(), quantity.value, note.text.trim())
        note.text = ""
        search.text = ""
        form.barcode = ""
        search.forceActiveFocus()
    }

    title: qsTr("Count")

    LiveQuery {
        id: product
        type: "Product"
        where: ({ barcode: { eq: form.barcode } })
        limit: 1
        onDataChanged: form.productName = product.get(0).name ?? ""
        onCountChanged: form.productName = product.get(0).name ?? ""
        onModelReset: form.productName = product.get(0).name ?? ""
    }

    Label {
        text: qsTr("Barcode or name")
        color: Theme.faint
        font.pixelSize: Theme.small
    }
    TextField {
        id: search
        objectName: "search"
        Layout.fillWidth: true
        focus: true
        placeholderText: qsTr("Scan or type …")
        font.pixelSize: 16
        selectByMouse: true
        Accessible.name: qsTr("Barcode or name")
        onTextEdited: form.barcode = ""
        onAccepted: suggestions.pickFirst()
        Keys.onDownPressed: suggestions.incrementCurrentIndex()
        Keys.onUpPressed: suggestions.decrementCurrentIndex()
    }
    SuggestionList {
        id: suggestions
        Layout.fillWidth: true
        Layout.preferredHeight: visible ? Math.min(contentHeight, 252) : 0
        visible: form.barcode.length === 0 && search.text.length > 0
        search: visible ? search.text : ""
        onPicked: (barcode) => form.pick(barcode)
    }
    Text {
        Layout.fillWidth: true
        visible: form.barcode.length === 0 && search.text.length > 0 && suggestions.count === 0
        text: qsTr("No such product.")
        color: Theme.danger
        font.pixelSize: Theme.normal
    }
    Rectangle {
        Layout.fillWidth: true
        visible: form.barcode.length > 0
        implicitHeight: chosen.implicitHeight + 16
        radius: 6
        color: Theme.accentSoft
        LiveAggregate {
            id: total
            type: "StockCount"
            where: ({ barcode: { eq: form.barcode } })
            kind: LiveAggregate.Sum
            field: "quantity"
        }
        Column {
            id: chosen
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 8 }
            spacing: 2
            Text {
                width: parent.width
                text: form.productName
                color: Theme.text
                wrapMode: Text.Wrap
                maximumLineCount: 3
                elide: Text.ElideRight
                font.pixelSize: Theme.normal
            }
            Text {
                width: parent.width
                text: qsTr("%1 counted so far").arg(total.value ?? 0)
                color: Theme.faint
                font.pixelSize: Theme.small
            }
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: 2
        columnSpacing: Theme.gap

        Label { text: qsTr("Bin"); color: Theme.faint; font.pixelSize: Theme.small }
        Label { text: qsTr("Quantity"); color: Theme.faint; font.pixelSize: Theme.small }
        ComboBox {
            id: bin
            objectName: "bin"
            Layout.fillWidth: true
            editable: true
            textRole: "name"
            Accessible.name: qsTr("Bin")
            onCountChanged: if (bin.currentIndex < 0 && bin.count > 0 && bin.editText.length === 0) bin.currentIndex = 0
            model: LiveQuery {
                type: "Bin"
                sort: ["name"]
            }
        }
        SpinBox {
            id: quantity
            objectName: "quantity"
            Layout.fillWidth: true
            editable: true
            from: 0
            to: 1000000
            value: 1
            Accessible.name: qsTr("Quantity")
            Keys.onReturnPressed: form.submit()
            Keys.onEnterPressed: form.submit()
        }
    }
    TextField {
        id: note
        objectName: "note"
        Layout.fillWidth: true
        placeholderText: qsTr("Note (optional)")
        selectByMouse: true
        Accessible.name: qsTr("Note")
        onAccepted: form.submit()
    }
    Button {
        id: countButton
        objectName: "countButton"
        Layout.fillWidth: true
        Layout.preferredHeight: 44
        text: qsTr("Count")
        enabled: form.barcode.length > 0 && form.productName.length > 0 && bin.editText.trim().length > 0
        onClicked: form.submit()
        contentItem: Text {
            text: countButton.text
            color: countButton.enabled ? "white" : Theme.faint
            font.pixelSize: 16
            font.bold: true
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 6
            color: !countButton.enabled ? Theme.line : countButton.down ? Qt.darker(Theme.accent, 1.2) : Theme.accent
            border.width: countButton.visualFocus ? 2 : 0
            border.color: Theme.text
        }
    }
}
