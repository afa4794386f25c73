// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

StoreCase {
    id: testCase
    name: "LiveQuery"
    when: windowShown
    width: 200
    height: 200
    visible: true

    component Row: Item {
        required property int index
        required property string sku
        required property int quantity
        required property string key
        required property int syncState
        required property var productName
        height: 10
    }

    Component {
        id: listComponent
        ListView {
            property alias query: liveQuery
            width: 200
            height: 200
            model: LiveQuery {
                id: liveQuery
                type: "StockCount"
                sort: ["product.name", "-quantity"]
            }
            delegate: Row { }
        }
    }

    Component {
        id: queryComponent
        LiveQuery { type: "StockCount" }
    }

    function fill(store: DataStore): void {
        valueOf(store.saveAll([{type: "Product", id: "t", name: "Tea"}, {type: "Product", id: "c", name: "Coffee"}]))
        valueOf(store.saveAll(Array.from([1, 2, 3, 4], i => ({type: "StockCount", id: "n" + i, sku: "s" + i, quantity: i, productID: i % 2 ? "t" : "c"}))))
    }

    function keys(query: LiveQuery): var {
        const result = []
        for (let i = 0; i < query.count; ++i)
            result.push(query.get(i).key)
        return result
    }

    function test_feedsAView(): void {
        const store = openStore()
        fill(store)
        const list = createTemporaryObject(listComponent, testCase)
        tryCompare(list, "count", 4)
        const shown = () => [0, 1, 2, 3].map(i => list.itemAtIndex(i)).map(row => row.productName + row.quantity)
        tryVerify(() => shown().join() === "Coffee4,Coffee2,Tea3,Tea1")
        compare(list.itemAtIndex(0).syncState, SyncState.Pending)
        compare(list.itemAtIndex(0).key, "n4")

        const first = list.itemAtIndex(0)
        valueOf(store.save({type: "StockCount", id: "n4", sku: "changed"}))
        tryCompare(first, "sku", "changed")             // the same delegate
        valueOf(store.save({type: "StockCount", id: "n4", quantity: 0}))
        tryCompare(first, "index", 1)                   // moved, not made anew
        valueOf(store.save({type: "Product", id: "t", name: "Ale"}))
        tryVerify(() => shown().join() === "Ale3,Ale1,Coffee2,Coffee0")
        valueOf(store.remove("StockCount", "n4"))
        tryCompare(list, "count", 3)
    }

    function test_rolesGetAndIndexOf(): void {
        const store = openStore()
        fill(store)
        const query = createTemporaryObject(queryComponent, testCase, {sort: ["quantity"], include: ["product.name", "product"]})
        tryCompare(query, "count", 4)
        compare(query.ready, true)
        const row = query.get(0)
        compare(row.sku, "s1")
        compare(row.quantity, 1)
        compare(row.bin, null)
        compare(row.key, "n1")
        compare(row.version, 0)
        compare(row.syncState, SyncState.Pending)
        compare(row.productName, "Tea")
        compare(row.product.name, "Tea")
        compare(query.indexOf("n3"), 2)
        compare(query.indexOf("nobody"), -1)
        compare(Object.keys(query.get(-1)).length, 0)
        compare(Object.keys(query.get(4)).length, 0)
    }

    function test_propertiesChange(): void {
        const store = openStore()
        fill(store)
        const query = createTemporaryObject(queryComponent, testCase, {sort: ["quantity"]})
        tryVerify(() => keys(query).join() === "n1,n2,n3,n4")
        query.where = {quantity: {gt: 2}}
        tryVerify(() => keys(query).join() === "n3,n4")
        query.where = {and: [{quantity: {gt: 1}}, {product: {name: {eq: "Tea"}}}]}
        tryVerify(() => keys(query).join() === "n3")
        query.where = undefined
        query.sort = ["-quantity"]
        query.limit = 2
        tryVerify(() => keys(query).join() === "n4,n3")
        valueOf(store.remove("StockCount", "n4"))
        tryVerify(() => keys(query).join() === "n3,n2")     // the next comes in
        query.limit = -1
        query.type = "Product"
        query.sort = ["name"]
        tryVerify(() => keys(query).join() === "c,t")
        compare(query.get(0).name, "Coffee")
    }

    property string bin: "A"

    Component {
        id: boundComponent
        LiveQuery {
            type: "StockCount"
            where: ({and: [{bin: {eq: testCase.bin}}, {quantity: {gt: 0}}]})
        }
    }

    function test_whereFollowsABinding(): void {
        const store = openStore()
        valueOf(store.saveAll([{type: "StockCount", id: "1", sku: "1", quantity: 1, bin: "A"},
                               {type: "StockCount", id: "2", sku: "2", quantity: 1, bin: "B"},
                               {type: "StockCount", id: "3", sku: "3", quantity: 0, bin: "B"}]))
        bin = "A"
        const query = createTemporaryObject(boundComponent, testCase)
        tryVerify(() => keys(query).join() === "1")
        bin = "B"
        tryVerify(() => keys(query).join() === "2")
        valueOf(store.save({type: "StockCount", id: "3", quantity: 5}))
        tryVerify(() => keys(query).join() === "2,3")
    }

    function test_mistakes_data(): var {
        return [
            {tag: "unknown type", properties: {type: "StockCounts"}, code: ErrorCode.UnknownModel},
            {tag: "unknown field", properties: {where: {quantty: {gt: 0}}}, code: ErrorCode.UnknownField},
            {tag: "unknown operator", properties: {where: {quantity: {more: 0}}}, code: ErrorCode.InvalidArgument},
            {tag: "a condition as text", properties: {where: "quantity > 0"}, code: ErrorCode.InvalidArgument},
            {tag: "undefined in a condition", properties: {where: {productID: {eq: undefined}}}, code: ErrorCode.InvalidArgument},
            {tag: "undefined in a list of conditions", properties: {where: {or: [{quantity: {gt: 0}}, {productID: {in: [undefined]}}]}}, code: ErrorCode.InvalidArgument},
            {tag: "unknown sort field", properties: {sort: ["quantty"]}, code: ErrorCode.UnknownField},
            {tag: "unknown relation", properties: {include: ["products.name"]}, code: ErrorCode.UnknownField},
        ]
    }

    SignalSpy { id: errors; signalName: "errorOccurred" }

    function test_mistakes(data: var): void {
        const store = openStore()
        fill(store)
        errors.target = store
        errors.clear()
        ignoreWarning(/QML LiveQuery/)
        ignoreWarning(/QML DataStore/)
        const query = createTemporaryObject(queryComponent, testCase, data.properties)
        tryVerify(() => query.error.code === data.code, 5000, query.error.message)
        verify(query.error.message.length > 0)
        compare(query.count, 0)
        compare(query.ready, false)
        compare(errors.count, 1)
        Object.assign(query, {type: "StockCount", where: undefined, sort: [], include: []})
        tryCompare(query, "count", 4)
        compare(query.error.code, ErrorCode.None)
    }

    function test_noStore(): void {
        ignoreWarning(/There is no DataStore/)
        const query = createTemporaryObject(queryComponent, testCase)
        tryVerify(() => query.error.code === ErrorCode.InvalidArgument)
        compare(query.count, 0)
        const store = openStore()                           // comes later
        fill(store)
        tryCompare(query, "count", 4)
        compare(query.error.code, ErrorCode.None)
        compare(query.store, store)
        store.destroy()
        tryCompare(query, "store", null)
        compare(query.count, 0)
        const other = openStore()
        fill(other)
        tryCompare(query, "count", 4)
    }

    function test_moreThanOneStore(): void {
        const one = openStore()
        const two = openStore()
        fill(two)
        ignoreWarning(/more than one DataStore/)
        const query = createTemporaryObject(queryComponent, testCase)
        tryVerify(() => query.error.code === ErrorCode.InvalidArgument)
        query.store = two
        tryCompare(query, "count", 4)
        query.store = one
        tryCompare(query, "count", 0)
        tryCompare(query, "ready", true)
    }

    function test_followsClosingAndOpening(): void {
        const store = openStore()
        fill(store)
        const query = createTemporaryObject(queryComponent, testCase)
        tryCompare(query, "count", 4)
        valueOf(store.close())
        compare(query.count, 0)
        compare(query.ready, false)
        valueOf(store.open())
        tryCompare(query, "count", 4)
    }
}
