// SPDX-License-Identifier: MIT
import QtQuick
import Tideline
import ShopModel

Item {
    id: root

    property alias path: store.path

    DataStore {
        id: store
        schema: ShopModel.schema
    }
    Article {
        id: pears
        name: "Pears"
        price: 2.75
        season: "AUTUMN"
    }
    SyncBadge {
        syncState: pears.syncState
    }
    Component.onCompleted: store.save(pears).then(() => Qt.exit(0), (error) => {
        console.warn(error)
        Qt.exit(3)
    })
}
