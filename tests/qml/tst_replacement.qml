// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Inventory
import Tideline
import TidelineTesting

/*!
    Stores, types and schemas that change, and objects that go, while reads and saves are on their way.
*/
StoreCase {
    id: testCase
    name: "Replacement"

    Component { id: queryComponent; LiveQuery { type: "Product"; sort: ["name"] } }
    Component { id: sumComponent; LiveAggregate { type: "Product" } }
    Component { id: objectComponent; ModelObject { type: "Product" } }
    Component { id: countComponent; StockCount { } }
    Component { id: bareComponent; DataStore { path: ":memory:" } }
    Component { id: generatedStoreComponent; DataStore { path: ":memory:"; schema: Inventory.schema } }

    function names(query: LiveQuery): string {
        const result = []
        for (let i = 0; i < query.count; ++i)
            result.push(query.get(i).name)
        return result.join()
    }

    function fill(store: DataStore, name: string, count: int): void {
        const products = []
        for (let i = 0; i < count; ++i)
            products.push({type: "Product", id: "p" + i, name: name + i})
        valueOf(store.saveAll(products))
    }

    function test_objectsGoWhileTheyRead(): void {
        const store = openStore()
        fill(store, "a", 300)
        const objects = []
        for (let round = 0; round < 20; ++round) {
            objects.push(queryComponent.createObject(testCase, {store: store}))
            objects.push(sumComponent.createObject(testCase, {store: store}))
            objects.push(objectComponent.createObject(testCase, {store: store, key: "p" + round}))
            const saves = store.save({type: "Product", id: "p" + round, name: "b"})
            if (round % 2)
                wait(0)                                 // a turn of the event loop: reads start
            objects.splice(0, 2).forEach(object => object.destroy())
            if (round % 3 === 0)
                valueOf(saves)
        }
        objects.forEach(object => object.destroy())
        valueOf(store.save({type: "Product", id: "p299", name: "b"}))
        compare(valueOf(store.count("Product", {name: {eq: "b"}})), 21)
    }

    function test_anotherStoreWhileReading(): void {
        const one = openStore()
        const two = openStore()
        fill(one, "one", 200)
        fill(two, "two", 3)
        const query = createTemporaryObject(queryComponent, testCase, {store: one})
        const sum = createTemporaryObject(sumComponent, testCase, {store: one})
        const object = createTemporaryObject(objectComponent, testCase, {store: one, key: "p1"})
        for (let round = 0; round < 10; ++round) {
            for (const store of [two, one, two]) {
                query.store = sum.store = object.store = store
                if (round % 2)
                    wait(0)
            }
            tryVerify(() => names(query) === "two0,two1,two2")
            tryCompare(sum, "value", 3)
            tryVerify(() => object.fields.name === "two1")
            valueOf(one.save({type: "Product", id: "p1", name: "one1"}))      // is no news of the other store
            compare(names(query), "two0,two1,two2")
            compare(object.fields.name, "two1")
            query.store = sum.store = object.store = one
        }
        query.store = two
        one.destroy()
        tryCompare(sum, "store", two)                   // the store it had is gone: the only one left
        tryVerify(() => names(query) === "two0,two1,two2")
        tryCompare(sum, "value", 3)
    }

    function test_anotherStoreThatLacksTheRecord(): void {
        const one = openStore()
        const two = openStore()
        fill(one, "one", 1)
        const object = createTemporaryObject(objectComponent, testCase, {store: one, key: "p0"})
        tryCompare(object, "stored", true)
        object.store = two
        tryCompare(object, "stored", false)
        compare(object.fields.name, null)
    }

    function test_theSchemaComesLate(): void {
        ignoreWarning(/has no schema/)
        const store = createTemporaryObject(bareComponent, testCase)
        const query = createTemporaryObject(queryComponent, testCase)
        const sum = createTemporaryObject(sumComponent, testCase)
        const object = createTemporaryObject(objectComponent, testCase, {key: "p1", values: {price: 2}})
        compare(query.store, store)
        errorOf(store.get("Product", "p1"), ErrorCode.InvalidArgument)
        errorOf(store.save(object), ErrorCode.InvalidArgument)
        store.schemaFile = testCase.schemaFile          // opens by itself
        tryVerify(() => store.opened)
        fill(store, "a", 2)
        tryVerify(() => names(query) === "a0,a1")
        tryCompare(sum, "value", 2)
        tryVerify(() => object.fields.name === "a1")
        compare(object.fields.price, 2)
        compare(object.modified, true)
        compare(query.error.code, ErrorCode.None)
    }

    function test_anotherSchema(): void {
        const store = openStore()
        fill(store, "a", 1)
        const query = createTemporaryObject(queryComponent, testCase, {store: store})
        const object = createTemporaryObject(objectComponent, testCase, {store: store, key: "p0"})
        tryVerify(() => object.fields.name === "a0")
        valueOf(store.close())
        const text = "type Product @model { id: ID! name: String! colour: String }"
        store.path = folder.file("another.db")
        store.schemaFile = folder.write("another.graphql", text)
        tryVerify(() => store.opened)
        tryVerify(() => object.fields.colour === null)
        valueOf(store.save({type: "Product", id: "p0", name: "b0", colour: "red"}))
        tryVerify(() => object.fields.colour === "red")
        tryVerify(() => names(query) === "b0")
        compare(query.get(0).colour, "red")
    }

    // The store's schema has no such type, or another one of that name: told, and nothing is read with the wrong one.
    function test_aGeneratedObjectInAnotherSchemasStore(): void {
        const store = openStore()                       // the same text, but not the generated schema
        valueOf(store.save({type: "StockCount", id: "1", sku: "s", quantity: 1}))
        const count = createTemporaryObject(countComponent, testCase, {store: store, key: "1"})
        count.sku = "other"
        const result = outcome(store.save(count))
        verify(result.error === undefined || result.error instanceof Error)
        compare(valueOf(store.count("StockCount")), 1)

        const text = "type Product @model { id: ID! name: String! }"
        const poor = openStore({schemaFile: folder.write("poor.graphql", text)})
        count.store = poor
        errorOf(poor.save(count), ErrorCode.UnknownModel)
        compare(valueOf(poor.count("Product")), 0)
    }

    // What a save answers does not come back into a form that has gone on.
    function test_aFormThatGoesOnWhileItIsSaved_data(): var {
        return [
            {tag: "cleared", act: object => object.clear(), key: "", name: null},
            {tag: "cleared and filled again", act: object => { object.clear(); object.fields.name = "Milk" }, key: "", name: "Milk"},
            {tag: "another record", act: object => { object.key = "p0" }, key: "p0", name: "a0"},
            {tag: "another type", act: object => { object.type = "StockCount" }, key: "", name: undefined},
            {tag: "another store", act: object => { object.store = otherStore }, key: "", name: "Tea"},
            {tag: "edited", act: object => { object.fields.name = "Green tea" }, name: "Green tea"},
        ]
    }

    property DataStore otherStore: null

    function test_aFormThatGoesOnWhileItIsSaved(data: var): void {
        const store = openStore()
        otherStore = openStore()
        fill(store, "a", 1)
        const object = createTemporaryObject(objectComponent, testCase, {store: store, values: {name: "Tea"}})
        const saving = store.save(object)
        data.act(object)
        const saved = valueOf(saving)
        compare(object.key, data.key === undefined ? saved.key : data.key)
        tryVerify(() => object.fields.name === data.name)
        compare(saved.name, "Tea")
        compare(valueOf(store.count("Product")), 2)
    }

    function test_storesCloseAndOpenWhileReading(): void {
        const store = openStore()
        fill(store, "a", 50)
        const query = createTemporaryObject(queryComponent, testCase, {store: store})
        const object = createTemporaryObject(objectComponent, testCase, {store: store, key: "p7"})
        for (let round = 0; round < 5; ++round) {
            const calls = [store.query("Product"), store.save({type: "Product", id: "p7", name: "x" + round}), store.close()]
            valueOf(Promise.all(calls))
            compare(query.count, 0)
            valueOf(store.open())
            tryCompare(query, "count", 50)
            tryVerify(() => object.fields.name === "x" + round)
        }
    }
}
