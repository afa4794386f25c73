// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline
import Inventory
import InventoryApp

ApplicationWindow {
    id: window

    required property string device
    required property string storePath
    required property url serverUrl
    required property string apiKey

    property alias connected: head.connected
    readonly property DataStore store: store
    readonly property CatalogueImport catalogue: catalogue

    // As if the product had been scanned.
    function scan(barcode) { form.pick(barcode) }

    // Bins and a session to count in, for a store that has none.
    function prepare() {
        const drafts = []
        for (const zone of ["A", "B"]) {
            for (let i = 1; i <= 6; ++i)
                drafts.push({ type: "Bin", name: zone + "-0" + i, zone: zone })
        }
        drafts.push({ type: "CountSession", title: qsTr("Night count"), status: "OPEN", startedAt: new Date() })
        return store.saveAll(drafts)
    }

    // A count of the open session; the session and the bin are made when they are not there yet.
    function count(barcode, bin, quantity, note) {
        const open = sessions.get(0)
        const session = open.id !== undefined ? Promise.resolve(open) : store.save({
            type: "CountSession", title: qsTr("Count"), status: "OPEN", startedAt: new Date()
        })
        session.then(session => {
            const drafts = bins.indexOf(bin) < 0 ? [{ type: "Bin", name: bin }] : []
            drafts.push({
                type: "StockCount", barcode: barcode, binName: bin, sessionID: session.id, quantity: quantity,
                countedAt: new Date(), device: window.device, notes: note.length > 0 ? [note] : []
            })
            return store.saveAll(drafts)
        }).catch(() => { })         // callFailed has told
    }

    width: 1180
    height: 760
    minimumWidth: 720
    minimumHeight: 520
    visible: true
    title: qsTr("Inventory: %1").arg(window.device)
    color: Theme.window
    palette.highlight: Theme.accent

    DataStore {
        id: store
        schema: Inventory.schema
        path: window.storePath
        paused: !window.connected
        backend: AppSync {
            url: window.serverUrl
            auth: ApiKey { key: window.apiKey }
        }
        onHubEvent: (name, payload) => log.add(name, payload)
        onErrorOccurred: (error) => message.text = error.message
        onCallFailed: (error) => message.text = error.message
    }
    LiveQuery {
        id: bins
        type: "Bin"
    }
    LiveQuery {
        id: sessions
        type: "CountSession"
        where: ({ status: { eq: "OPEN" } })
        sort: ["-startedAt"]
        limit: 1

        property string title
        onDataChanged: sessions.title = sessions.get(0).title ?? ""
        onCountChanged: sessions.title = sessions.get(0).title ?? ""
    }
    LiveAggregate {
        id: pieces
        type: "StockCount"
        kind: LiveAggregate.Sum
        field: "quantity"
    }
    CatalogueImport { id: catalogue }
    CountDialog {
        id: dialog
        store: store
    }

    Dialog {
        id: repair
        modal: true
        anchors.centerIn: Overlay.overlay
        width: Math.min(640, window.width - 40)
        height: window.height - 80
        padding: 0
        standardButtons: Dialog.Close
        RepairBench {
            anchors.fill: parent
            store: store
            focus: true
        }
    }

    header: LineSwitch {
        id: head
        store: store
        device: window.device
        onShowRejected: repair.open()
    }

    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.gap
        spacing: Theme.gap

        ColumnLayout {
            Layout.preferredWidth: 330
            Layout.maximumWidth: 330
            Layout.fillHeight: true
            spacing: Theme.gap
            CountForm {
                id: form
                Layout.fillWidth: true
                onCounted: (barcode, bin, quantity, note) => window.count(barcode, bin, quantity, note)
            }
            Card {
                Layout.fillWidth: true
                title: sessions.count > 0 ? sessions.title : qsTr("No session yet")
                RowLayout {
                    Layout.fillWidth: true
                    Figure {
                        value: Number(pieces.value ?? 0).toLocaleString(Qt.locale(), "f", 0)
                        label: qsTr("pieces")
                    }
                    Figure {
                        value: totals.count
                        label: qsTr("products")
                    }
                    Figure {
                        value: counts.count
                        label: qsTr("counts")
                    }
                }
            }
            CatalogueBar {
                Layout.fillWidth: true
                catalogue: catalogue
            }
            Item { Layout.fillHeight: true }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: Theme.gap
            Message {
                id: message
                Layout.fillWidth: true
            }
            Card {
                Layout.fillWidth: true
                Layout.fillHeight: true
                TabBar {
                    id: tabs
                    Layout.fillWidth: true
                    background: null
                    Tab { text: qsTr("Counts (%1)").arg(counts.count) }
                    Tab { text: qsTr("Totals (%1)").arg(totals.count) }
                }
                StackLayout {
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    currentIndex: tabs.currentIndex
                    CountList {
                        id: counts
                        onEdit: (count) => dialog.edit(count)
                    }
                    TotalList { id: totals }
                }
            }
        }
        Card {
            Layout.preferredWidth: 250
            Layout.fillHeight: true
            visible: window.width >= 960
            title: qsTr("Events")
            HubLog {
                id: log
                Layout.fillWidth: true
                Layout.fillHeight: true
            }
        }
    }
}
