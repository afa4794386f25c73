import QtQuick.Controls
import Tideline
import Inventory                      // generated from schema.graphql by tideline_add_schema()

ApplicationWindow {
    DataStore {
        id: store
        schema: Inventory.schema
        backend: AppSync { url: "http://127.0.0.1:4000/graphql"; auth: ApiKey { key: "da2-local" } }
        onModelSynced: (event) => toast.show(qsTr("%1 counts up to date").arg(event.count))
    }
    ListView {
        model: LiveQuery {
            type: "StockCount"
            where: ({ and: [{ bin: { eq: binField.text } }, { quantity: { gt: 0 } }] })
            sort: ["product.name", "-countedAt"]
        }
        delegate: CountRow {
            required property string sku
            required property int quantity
            required property int syncState   // Synced, Pending, Sending, Rejected ...
        }
    }
    StockCount { id: draft; sku: scanner.code; quantity: spin.value }
    Button { text: qsTr("Count"); onClicked: store.save(draft).then(r => status.text = r.sku) }
}
