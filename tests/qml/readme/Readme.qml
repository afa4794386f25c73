import QtQuick
import Tideline
import Inventory

ListView {
    DataStore {
        id: store
        schema: Inventory.schema
        backend: AppSync { url: "http://127.0.0.1:4000/graphql"; auth: ApiKey { key: "da2-local" } }
    }
    model: LiveQuery {
        type: "StockCount"
        where: ({ quantity: { gt: 0 } })
        sort: ["product.name"]
        include: ["product.name"]
    }
    delegate: Text {
        required property var quantity
        required property var productName
        text: quantity + " × " + productName
    }
}
