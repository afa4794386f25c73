// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtTest
import Tideline
import TidelineTesting

/*!
    The application that the design prints, design/Design.qml to the letter, with what it takes for granted around it.
*/
StoreCase {
    id: testCase
    name: "DesignExample"
    when: windowShown
    width: 100
    height: 100

    TextField { id: binField; text: "A-17" }
    SpinBox { id: spin; value: 3 }
    Label { id: status }
    QtObject {
        id: scanner
        property string code: "s1"
    }
    QtObject {
        id: toast
        property var messages: []
        function show(message: string): void { messages = messages.concat(message) }
    }

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.schemaFile }
    }

    function part(window: var, matches: var): var {
        for (let i = 0; i < window.contentData.length; ++i) {
            if (matches(window.contentData[i]))
                return window.contentData[i]
        }
        return null
    }

    function test_theDesignsCodeRuns(): void {
        const server = createTemporaryObject(serverComponent, testCase)
        server.execute('mutation { createProduct(input: {id: "t", name: "Tea"}) { id } }')
        server.execute('mutation { createStockCount(input: {id: "1", sku: "s0", bin: "A-17", quantity: 7, productID: "t"}) { id } }')

        const component = Qt.createComponent("design/Design.qml")
        compare(component.status, Component.Ready, component.errorString())
        const window = createTemporaryObject(component, testCase, {visible: true, width: 300, height: 300})
        const store = part(window, one => one instanceof DataStore)
        const list = part(window, one => one instanceof ListView)
        const draft = part(window, one => one instanceof ModelObjectBase)
        const button = part(window, one => one instanceof Button)
        list.width = list.height = 200
        tryVerify(() => store.opened)
        compare(list.model.store, store)
        compare(draft.store, store)

        button.clicked()
        tryCompare(status, "text", "s1")
        compare(draft.stored, true)
        compare(list.count, 0)                          // no bin yet
        valueOf(store.save({type: "StockCount", id: draft.key, bin: "A-17"}))
        tryCompare(list, "count", 1)
        tryVerify(() => list.itemAtIndex(0) !== null && list.itemAtIndex(0).sku === "s1")
        compare(list.itemAtIndex(0).quantity, 3)
        compare(list.itemAtIndex(0).syncState, SyncState.Pending)

        store.backend.auth.key = server.key
        store.backend.url = server.url                  // where the test's server is
        tryCompare(list, "count", 2)
        tryCompare(store, "outboxCount", 0)
        tryVerify(() => list.itemAtIndex(0).syncState === SyncState.Synced)
        tryVerify(() => toast.messages.indexOf("1 counts up to date") >= 0)
    }
}
