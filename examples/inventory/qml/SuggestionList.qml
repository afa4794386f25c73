// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import Tideline

// Products whose barcode begins with, or whose name contains, what was typed or scanned.
ListView {
    id: list

    property string search
    signal picked(string barcode)

    function pickFirst() {
        if (list.count > 0)
            list.picked(products.get(Math.max(0, list.currentIndex)).barcode)
    }

    clip: true
    implicitHeight: contentHeight
    currentIndex: 0
    keyNavigationEnabled: true
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Products found")

    model: LiveQuery {
        id: products
        type: "Product"
        where: ({ or: [{ barcode: { beginsWith: list.search } }, { name: { contains: list.search } }] })
        sort: ["name"]
        limit: 6
    }

    delegate: ItemDelegate {
        id: row
        required property int index
        required property var barcode
        required property var name
        required property var brand

        width: ListView.view.width
        height: 42
        highlighted: ListView.isCurrentItem
        onClicked: {
            const list = row.ListView.view as SuggestionList
            list.picked(row.barcode)
        }
        Accessible.name: qsTr("%1, barcode %2").arg(row.name ?? "").arg(row.barcode ?? "")
        background: Rectangle {
            radius: 6
            color: row.highlighted || row.hovered ? Theme.accentSoft : "transparent"
        }
        contentItem: Column {
            Text {
                width: parent.width
                text: row.name ?? ""
                color: Theme.text
                font.pixelSize: Theme.normal
                elide: Text.ElideRight
            }
            Text {
                width: parent.width
                text: Theme.dotted(row.barcode ?? "", row.brand ?? "", "", "")
                color: Theme.faint
                font.pixelSize: Theme.small
                elide: Text.ElideRight
            }
        }
    }
}
