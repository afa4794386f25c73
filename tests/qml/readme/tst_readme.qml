// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    The code that README.md prints: Readme.qml and schema.graphql are its blocks to the letter, and run.
*/
StoreCase {
    id: testCase
    name: "ReadmeExample"
    when: windowShown
    width: 300
    height: 300
    visible: true

    function read(name: string): string {
        const request = new XMLHttpRequest()
        request.open("GET", Qt.resolvedUrl(name), false)
        request.send()
        verify(request.responseText.length > 0, name)
        return request.responseText
    }

    function test_theReadmesBlocksAreThese(): void {
        const readme = read("../../../README.md")
        verify(readme.indexOf("```qml\n" + read("Readme.qml") + "```") > 0)
        verify(readme.indexOf("```qml\n" + read("SignIn.qml") + "```") > 0)
        verify(readme.indexOf("```graphql\n" + read("schema.graphql") + "```") > 0)
        verify(readme.indexOf("```cpp\n" + read("recount.h") + "```") > 0)
    }

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: Qt.resolvedUrl("schema.graphql") }
    }

    function test_theReadmesSignInRuns(): void {
        const component = Qt.createComponent("SignIn.qml")
        compare(component.status, Component.Ready, component.errorString())
        const store = createTemporaryObject(component, testCase, {autoOpen: false})
        compare(store.backend.auth, store.login.credentials)
        compare(store.backend.auths.length, 1)
        compare(store.access.may("delete", "Product"), Verdict.Allowed)     // by the key
    }

    function test_theReadmesCodeRuns(): void {
        const server = createTemporaryObject(serverComponent, testCase)
        const component = Qt.createComponent("Readme.qml")
        compare(component.status, Component.Ready, component.errorString())
        const list = createTemporaryObject(component, testCase, {width: 200, height: 200})
        const store = list.model.store
        verify(store instanceof DataStore)
        tryVerify(() => store.opened)
        store.backend.auth.key = server.key
        store.backend.url = server.url                  // where the test's server is

        const code = "4006"
        valueOf(store.save({type: "Product", barcode: code, name: "Tea"}))
        valueOf(store.save({type: "StockCount", barcode: code, quantity: 3}))
        tryCompare(list, "count", 1)
        tryVerify(() => list.itemAtIndex(0) !== null && list.itemAtIndex(0).text === "3 × Tea")
        valueOf(store.save({type: "StockCount", barcode: code, quantity: 0}))
        compare(list.count, 1)
        tryCompare(store, "outboxCount", 0)
        tryVerify(() => server.execute("{ listStockCounts { items { quantity } } }").listStockCounts.items.length === 2)
    }
}
