// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

// Every count of every device, the latest first.
ListView {
    id: list

    readonly property LiveQuery query: counts
    signal edit(var count)

    clip: true
    spacing: 2
    boundsBehavior: Flickable.StopAtBounds
    keyNavigationEnabled: true
    activeFocusOnTab: true
    ScrollBar.vertical: ScrollBar { }
    Keys.onReturnPressed: if (list.currentIndex >= 0) list.edit(counts.get(list.currentIndex))
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Counts")

    model: LiveQuery {
        id: counts
        type: "StockCount"
        sort: ["-countedAt"]
        include: ["product.name"]
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
        required property int index
        required property var quantity
        required property var productName
        required property var barcode
        required property var binName
        required property var device
        required property var countedAt
        required property var notes
        required property var syncState

        width: ListView.view.width
        height: 54
        onClicked: {
            const list = row.ListView.view as CountList
            list.currentIndex = row.index
            list.edit(list.query.get(row.index))
        }
        Accessible.name: qsTr("%1 × %2 in %3").arg(row.quantity ?? "").arg(row.productName ?? row.barcode ?? "").arg(row.binName ?? "")
        background: Rectangle {
            radius: 6
            color: row.hovered || (row.ListView.isCurrentItem && row.ListView.view.activeFocus) ? Theme.accentSoft : "transparent"
        }
        contentItem: RowLayout {
            spacing: Theme.gap

            Text {
                Layout.preferredWidth: 64
                text: row.quantity ?? ""
                color: Theme.text
                font.pixelSize: Theme.large
                font.bold: true
                horizontalAlignment: Text.AlignRight
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 1
                Text {
                    Layout.fillWidth: true
                    text: row.productName ?? row.barcode ?? ""
                    color: Theme.text
                    font.pixelSize: Theme.normal
                    elide: Text.ElideRight
                }
                Text {
                    Layout.fillWidth: true
                    text: Theme.dotted(row.binName ?? "", row.device ?? "",
                                       row.countedAt ? new Date(row.countedAt).toLocaleTimeString(Qt.locale(), "hh:mm:ss") : "",
                                       row.notes ? row.notes.join(", ") : "")
                    color: Theme.faint
                    font.pixelSize: Theme.small
                    elide: Text.ElideRight
                }
            }
            SyncBadge {
                steadyWidth: true
                Layout.alignment: Qt.AlignVCenter
                syncState: row.syncState ?? SyncBadge.Local
                showText: true
            }
        }
    }
}
