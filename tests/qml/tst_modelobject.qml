// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Inventory
import Tideline
import TidelineTesting

/*!
    Model objects by type name, and those of generated classes, do the same.
*/
StoreCase {
    id: testCase
    name: "ModelObject"
    when: windowShown

    property string scanned: "s1"
    property int counted: 5

    Component {
        id: dynamicComponent
        ModelObject {
            type: "StockCount"
            values: ({sku: testCase.scanned, quantity: testCase.counted})
        }
    }

    Component {
        id: generatedComponent
        StockCount {
            sku: testCase.scanned
            quantity: testCase.counted
        }
    }

    Component {
        id: emptyComponent
        ModelObject { type: "StockCount" }
    }

    Component {
        id: generatedStoreComponent
        DataStore { schema: Inventory.schema }
    }

    function openGenerated(): DataStore {
        const store = createTemporaryObject(generatedStoreComponent, testCase, {path: folder.file("store" + ++stores + ".db")})
        tryVerify(() => store.opened)
        return store
    }

    function init(): void {
        scanned = "s1"
        counted = 5
    }

    function test_savesAndFollows_data(): var {
        return [{tag: "by type name", dynamic: true}, {tag: "generated", dynamic: false}]
    }

    function test_savesAndFollows(data: var): void {
        const store = openGenerated()
        const draft = createTemporaryObject(data.dynamic ? dynamicComponent : generatedComponent, testCase)
        const fields = data.dynamic ? draft.fields : draft
        compare(draft.store, store)
        compare(draft.type, "StockCount")
        compare(draft.stored, false)
        compare(draft.modified, true)
        compare(draft.valid, true)
        compare(fields.sku, "s1")

        const saved = valueOf(store.save(draft))
        compare(saved.sku, "s1")
        compare(saved.quantity, 5)
        compare(draft.key, saved.key)
        compare(draft.stored, true)
        compare(draft.modified, false)
        compare(draft.syncState, SyncState.Pending)

        counted = 6                                     // the binding goes on
        compare(fields.quantity, 6)
        compare(draft.modified, true)
        draft.reset()
        compare(fields.quantity, 5)

        valueOf(store.save({type: "StockCount", id: saved.id, bin: "B"}))
        tryVerify(() => fields.bin === "B")
        valueOf(store.remove("StockCount", saved.id))
        tryCompare(draft, "stored", false)
        draft.clear()
        compare(draft.key, "")
        verify(!fields.sku)
    }

    function test_saveAllTakesModelObjects(): void {
        const store = openGenerated()
        const one = createTemporaryObject(generatedComponent, testCase)
        const two = createTemporaryObject(dynamicComponent, testCase)
        const saved = valueOf(store.saveAll([one, two, {type: "Product", name: "Tea"}]))
        compare(one.key, saved[0].key)
        compare(two.key, saved[1].key)
        compare(saved[2].name, "Tea")
        verify(one.key !== two.key)
    }

    Component {
        id: formComponent
        Item {
            property alias record: record
            property alias field: field
            ModelObject {
                id: record
                type: "Product"
            }
            TextInput {
                id: field
                text: record.fields.name || ""
                onTextEdited: record.fields.name = text
            }
        }
    }

    function test_aForm(): void {
        const store = openStore()
        const tea = valueOf(store.save({type: "Product", name: "Tea", price: 2}))
        const form = createTemporaryObject(formComponent, testCase)
        const record = form.record
        compare(record.valid, false)
        verify(record.errors.name.length > 0)
        record.key = tea.key
        tryCompare(form.field, "text", "Tea")
        compare(record.valid, true)
        record.fields.name = "Green tea"
        compare(form.field.text, "Green tea")
        compare(record.modified, true)
        valueOf(store.save({type: "Product", id: tea.id, price: 3}))
        tryVerify(() => record.fields.price === 3)      // the other's change shows, the draft stays
        compare(record.fields.name, "Green tea")
        compare(record.values.name, "Green tea")
        compare(valueOf(store.save(record)).price, 3)
        compare(record.modified, false)
    }

    function test_wrongValuesAreToldByField(): void {
        const store = openStore()
        const draft = createTemporaryObject(emptyComponent, testCase, {values: {sku: "s", quantity: "many"}})
        compare(draft.valid, false)
        verify(/quantity/.test(draft.errors.quantity), draft.errors.quantity)
        const error = errorOf(store.save(draft), ErrorCode.Validation)
        compare(error.field, "quantity")
        compare(error.model, "StockCount")
        draft.fields.quantity = 3
        compare(draft.valid, true)
        compare(valueOf(store.save(draft)).quantity, 3)
        errorOf(store.save(createTemporaryObject(emptyComponent, testCase)), ErrorCode.Validation)
    }

    SignalSpy { id: errors; signalName: "errorOccurred" }

    function test_mistakes(): void {
        const store = openStore()
        errors.target = store
        errors.clear()
        ignoreWarning(/QML ModelObject: StockCount has no field "quantty"; did you mean "quantity"/)
        ignoreWarning(/QML DataStore/)
        createTemporaryObject(emptyComponent, testCase, {values: {quantty: 5}})
        compare(errors.count, 1)
        compare(errors.signalArguments[0][0].code, ErrorCode.UnknownField)
        compare(errors.signalArguments[0][0].field, "quantty")

        ignoreWarning(/QML ModelObject: The schema has no model type "StockCounts"; did you mean "StockCount"/)
        ignoreWarning(/QML DataStore/)
        const wrong = createTemporaryObject(emptyComponent, testCase, {type: "StockCounts"})
        compare(errors.count, 2)
        errorOf(store.save(wrong), ErrorCode.UnknownModel)
        compare(Object.keys(wrong.values).length, 0)

        wrong.type = "StockCount"
        wrong.values = {sku: "s", quantity: 1}
        compare(valueOf(store.save(wrong)).sku, "s")
    }

    function test_theStoreComesLater(): void {
        ignoreWarning(/There is no DataStore/)
        const draft = createTemporaryObject(dynamicComponent, testCase)
        compare(draft.type, "StockCount")
        wait(0)
        const store = openStore()
        compare(draft.fields.sku, "s1")
        compare(valueOf(store.save(draft)).quantity, 5)
    }

    function test_anotherTypeIsAnotherObject(): void {
        const store = openStore()
        const draft = createTemporaryObject(emptyComponent, testCase, {values: {sku: "s", quantity: 1}})
        draft.values = {}
        draft.type = "Product"
        compare(draft.fields.sku, undefined)
        compare(draft.modified, false)
        draft.fields.name = "Tea"
        compare(valueOf(store.save(draft)).name, "Tea")
    }
}
