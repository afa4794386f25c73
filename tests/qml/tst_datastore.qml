// SPDX-License-Identifier: MIT
import QtTest
import Tideline
import TidelineTesting

StoreCase {
    id: testCase
    name: "DataStore"

    function test_opensByItself() {
        const store = openStore()
        compare(store.opened, true)
        compare(store.syncState, DataStore.Stopped)
        compare(store.online, false)
        compare(store.outboxCount, 0)
        compare(store.rejectedCount, 0)
        compare(store.progress, 1)
        compare(store.lastError.code, ErrorCode.None)
    }

    function test_opensWhenAsked() {
        const store = openStore({autoOpen: false})
        compare(store.opened, false)
        errorOf(store.query("Product"), ErrorCode.StoreNotOpen)
        compare(valueOf(store.open()), undefined)
        compare(store.opened, true)
        errorOf(store.open(), ErrorCode.InvalidArgument)
        compare(valueOf(store.close()), undefined)
        compare(store.opened, false)
        errorOf(store.save({type: "Product", name: "Tea"}), ErrorCode.StoreNotOpen)
        valueOf(store.open())
        compare(store.opened, true)
    }

    function test_savesAndReads() {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea", price: 2.5, status: "OPEN", tags: ["hot", "ä"],
                                        size: {width: 3}, attributes: {a: [1, null]}}))
        compare(tea.name, "Tea")
        compare(tea.price, 2.5)
        compare(tea.status, "OPEN")
        compare(tea.tags, ["hot", "ä"])
        compare(tea.size.width, 3)
        compare(JSON.parse(tea.attributes), {a: [1, null]})
        compare(tea.type, "Product")
        compare(tea.key, tea.id)
        compare(tea.syncState, SyncState.Pending)
        compare(tea.version, 0)
        compare(store.outboxCount, 1)
        compare(valueOf(store.get("Product", tea.id)), tea)
        compare(valueOf(store.get("Product", "nobody")), null)
        compare(valueOf(store.count("Product")), 1)
    }

    function test_aPlainObjectWithAKeyChangesThatRecord() {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea", price: 2}))
        const changed = valueOf(store.save({type: "Product", id: tea.id, price: 3}))
        compare(changed.name, "Tea")
        compare(changed.price, 3)
        compare(valueOf(store.count("Product")), 1)
        compare(valueOf(store.save({type: "Product", id: tea.id, price: null})).price, null)
        compare(valueOf(store.save({type: "Product", id: tea.id, price: undefined})).name, "Tea")
    }

    // What a call gave can be changed and saved; another one's changes of other fields stay.
    function test_anObjectFromACallIsSavedAgain() {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea", price: 2}))
        valueOf(store.save({type: "Product", id: tea.id, price: 3}))
        tea.name = "Green tea"
        const saved = valueOf(store.save(tea))
        compare(saved.name, "Green tea")
        compare(saved.price, 3)

        const copy = Object.assign({}, saved, {name: "Black tea"})
        compare(valueOf(store.save(copy)).name, "Black tea")
        compare(valueOf(store.count("Product")), 1)

        saved.id = "another"
        valueOf(store.save(saved))
        compare(valueOf(store.count("Product")), 2)
        saved.id = null
        verify(valueOf(store.save(saved)).id !== null)
        compare(valueOf(store.count("Product")), 3)
        compare(Object.keys(saved).indexOf("record"), -1)
    }

    function test_queries() {
        const store = openStore()
        const counts = []
        for (let i = 0; i < 10; ++i)
            counts.push({type: "StockCount", sku: "s" + i, quantity: i, bin: i % 2 ? "A" : "B"})
        compare(valueOf(store.saveAll(counts)).map(r => r.quantity), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        const quantities = (where, options) => valueOf(store.query("StockCount", where, options)).map(r => r.quantity)
        compare(quantities({bin: {eq: "A"}}, {sort: ["-quantity"]}), [9, 7, 5, 3, 1])
        compare(quantities({and: [{bin: {eq: "B"}}, {quantity: {gt: 3}}]}, {sort: "quantity"}), [4, 6, 8])
        compare(quantities(undefined, {sort: ["quantity"], limit: 2, offset: 3}), [3, 4])
        compare(quantities(null, {sort: ["quantity"], limit: undefined}).length, 10)
        compare(valueOf(store.query("StockCount")).length, 10)
        compare(valueOf(store.count("StockCount", {quantity: {le: 4}})), 5)
        verify(Array.isArray(valueOf(store.query("Product"))))
    }

    function test_removes() {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea"}))
        valueOf(store.saveAll([{type: "StockCount", sku: "1", quantity: 1, productID: tea.id},
                               {type: "StockCount", sku: "2", quantity: 2}]))
        errorOf(store.remove("Product", tea.id, {name: {eq: "Coffee"}}), ErrorCode.ConditionFailed)
        compare(valueOf(store.remove("Product", tea.id)).map(r => r.type), ["StockCount", "Product"])
        compare(valueOf(store.remove("Product", tea.id)), [])
        errorOf(store.removeAll("StockCount"), ErrorCode.InvalidArgument)
        compare(valueOf(store.removeAll("StockCount", {})).length, 1)
    }

    function test_aBatchIsAllOrNothing() {
        const store = openStore()
        const error = errorOf(store.saveAll([{type: "Product", name: "Tea"}, {type: "StockCount", sku: "1"}]), ErrorCode.Validation)
        compare(error.model, "StockCount")
        compare(error.field, "quantity")
        compare(valueOf(store.count("Product")), 0)
        compare(valueOf(store.saveAll([])), [])
        const both = valueOf(store.saveAll([{type: "Product", name: "Tea"}, {type: "Product", name: "Milk"}]))
        for (const saved of both) {
            const receipt = valueOf(store.receipt(saved.mutation))
            compare(receipt.key, saved.id)
            compare(receipt.state, "LOCAL")
        }
        errorOf(store.saveAll({type: "Product"}), ErrorCode.InvalidArgument)
    }

    function test_conditions() {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea", price: 2}))
        const change = {type: "Product", id: tea.id, price: 3}
        errorOf(store.save(change, {price: {eq: 5}}), ErrorCode.ConditionFailed)
        compare(valueOf(store.save(change, {price: {eq: 2}})).price, 3)
    }

    function test_promisesChain() {
        const store = openStore()
        const names = valueOf(Promise.all(["Tea", "Coffee", "Milk"].map(name => store.save({type: "Product", name: name})))
            .then(() => store.query("Product", {}, {sort: ["name"]}))
            .then(products => products.map(p => p.name)))
        compare(names, ["Coffee", "Milk", "Tea"])
        const recovered = valueOf(store.save({type: "Product"}).catch(error => error.field))
        compare(recovered, "name")
    }

    SignalSpy { id: saved; signalName: "saved" }

    function test_savesAreSignalled() {
        const store = openStore()
        saved.target = store
        saved.clear()
        const tea = valueOf(store.save({type: "Product", name: "Tea"}))
        compare(saved.count, 1)
        compare(saved.signalArguments[0][0].key, tea.key)
        valueOf(store.saveAll([{type: "Product", name: "1"}, {type: "Product", name: "2"}]))
        compare(saved.count, 3)
    }

    function test_manyCallsAtOnce() {
        const store = openStore()
        const calls = []
        for (let i = 0; i < 500; ++i)
            calls.push(store.save({type: "Product", name: "p" + i}))
        gc()
        compare(valueOf(Promise.all(calls)).length, 500)
        compare(valueOf(store.count("Product")), 500)
        compare(store.outboxCount, 500)
    }
}
