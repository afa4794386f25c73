// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

// Products that were counted, each with its total over all bins and devices.
ListView {
    id: list

    clip: true
    spacing: 2
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    ScrollBar.vertical: ScrollBar { }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Totals")

    model: LiveQuery {
        type: "Product"
        where: ({ counts: { quantity: { ge: 0 } } })
        sort: ["name"]
    }

    Text {
        anchors.centerIn: parent
        visible: list.count === 0
        text: qsTr("Nothing counted yet.")
        color: Theme.faint
        font.pixelSize: Theme.normal
    }

    delegate: ItemDelegate {
        id: row
        required property var barcode
        required property var name
        required property var brand

        width: ListView.view.width
        height: 50
        Accessible.name: qsTr("%1: %2 in total").arg(row.name ?? "").arg(total.value ?? 0)
        background: Rectangle {
            radius: 6
            color: row.hovered ? Theme.accentSoft : "transparent"
        }

        LiveAggregate {
            id: total
            type: "StockCount"
            where: ({ barcode: { eq: row.barcode ?? "" } })
            kind: LiveAggregate.Sum
            field: "quantity"
        }
        LiveAggregate {
            id: places
            type: "StockCount"
            where: ({ barcode: { eq: row.barcode ?? "" } })
            kind: LiveAggregate.Count
        }

        contentItem: RowLayout {
            spacing: Theme.gap
            Text {
                Layout.preferredWidth: 80
                text: total.value ?? ""
                color: Theme.accent
                font.pixelSize: Theme.large
                font.bold: true
                horizontalAlignment: Text.AlignRight
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 1
                Text {
                    Layout.fillWidth: true
                    text: row.name ?? ""
                    color: Theme.text
                    font.pixelSize: Theme.normal
                    elide: Text.ElideRight
                }
                Text {
                    Layout.fillWidth: true
                    text: Theme.dotted(row.barcode ?? "", row.brand ?? "", qsTr("%n count(s)", "", places.value ?? 0), "")
                    color: Theme.faint
                    font.pixelSize: Theme.small
                    elide: Text.ElideRight
                }
            }
        }
    }
}
