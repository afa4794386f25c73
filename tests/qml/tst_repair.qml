// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    The repair bench: promises, model, and the ready-made view, against a real server that refuses.
*/
StoreCase {
    id: testCase
    name: "Repair"
    when: windowShown
    width: 640
    height: 600
    visible: true

    // A backend that lets nobody write shelves, and a device that does not know.
    readonly property string source: "type Shelf @model @auth(rules: [%1]) { id: ID! name: String products: [Product] @hasMany(indexName: \"byShelf\", fields: [\"id\"]) }"
        + " type Product @model @auth(rules: [{allow: public}]) { id: ID! name: String shelfID: ID @index(name: \"byShelf\") shelf: Shelf @belongsTo(fields: [\"shelfID\"]) }"
    readonly property url strict: folder.write("strict.graphql", source.arg("{allow: public, operations: [read]}"))

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.strict }
    }
    Component {
        id: deviceComponent
        Item {
            id: device
            required property string file
            required property url url
            required property string key
            property url schemaFile: testCase.strict
            property alias store: store
            property alias bench: bench
            property alias model: model
            anchors.fill: parent

            DataStore {
                id: store
                schemaFile: device.schemaFile
                path: device.file
                backend: AppSync {
                    url: device.url
                    auth: ApiKey { key: device.key }
                }
            }
            RepairModel { id: model }
            RepairBench {
                id: bench
                anchors.fill: parent
            }
        }
    }
    Component {
        id: offlineComponent
        Item {
            id: offline
            required property string file
            required property url schemaFile
            property alias store: offlineStore
            property alias bench: offlineBench
            property alias model: offlineModel
            anchors.fill: parent

            DataStore {
                id: offlineStore
                schemaFile: offline.schemaFile
                path: offline.file
            }
            RepairModel { id: offlineModel }
            RepairBench {
                id: offlineBench
                anchors.fill: parent
            }
        }
    }
    SignalSpy { id: failed; signalName: "failed" }

    // A backend that knows more than this device: a kind of products that it cannot read, and labels of them.
    readonly property string wares: "enum Kind { %1 } type Ware @model { id: ID! name: String kind: Kind labels: [Label] @hasMany(indexName: \"byWare\", fields: [\"id\"]) }"
        + " type Label @model { id: ID! text: String wareID: ID! @index(name: \"byWare\") ware: Ware @belongsTo(fields: [\"wareID\"]) }"
    readonly property url newer: folder.write("newer.graphql", wares.arg("TEA COFFEE"))
    readonly property url older: folder.write("older.graphql", wares.arg("TEA"))

    function whatThisDeviceCannotStore(): var {
        server = createTemporaryObject(serverComponent, testCase, {schemaFile: newer})
        server.execute("mutation { createWare(input: {id: \"w\", name: \"Arabica\", kind: COFFEE}) { id } }")
        server.execute("mutation { createLabel(input: {id: \"l\", text: \"Roasted in Trieste\", wareID: \"w\"}) { id } }")
        for (let i = 0; i < 2; ++i)
            ignoreWarning(/Kind|Ware/)
        const made = createTemporaryObject(deviceComponent, testCase, {
            file: folder.file("device" + ++stores + ".db"), url: server.url, key: server.key, schemaFile: older
        })
        tryVerify(() => made.store.syncState === DataStore.Live)
        tryCompare(made.bench, "count", 2)
        return made
    }

    property LoopbackServer server: null

    function init(): void {
        server = createTemporaryObject(serverComponent, testCase)
    }

    // A device of which the backend will refuse so many mutations.
    function device(refusals: int): var {
        for (let i = 0; i < refusals; ++i)
            ignoreWarning(/Not Authorized/)
        const made = createTemporaryObject(deviceComponent, testCase, {
            file: folder.file("device" + ++stores + ".db"), url: server.url, key: server.key
        })
        tryVerify(() => made.store.syncState === DataStore.Live)
        return made
    }

    function button(device: var, row: int, name: string): var {
        const list = findChild(device.bench, "cards")
        tryVerify(() => list.itemAtIndex(row) !== null)
        const found = findChild(list.itemAtIndex(row), name)
        tryVerify(() => found.visible && found.width > 0)
        return found
    }

    function test_promises(): void {
        const a = device(2)
        compare(valueOf(a.store.rejected()), [])
        valueOf(a.store.save({type: "Shelf", id: "s", name: "Tea"}))
        tryCompare(a.store, "rejectedCount", 1)
        const list = valueOf(a.store.rejected())
        compare(list.length, 1)
        compare(list[0].type, "Shelf")
        compare(list[0].key, "s")
        compare(list[0].operation, "CREATE")
        compare(list[0].mine.name, "Tea")
        compare(list[0].error.code, ErrorCode.Unauthorized)
        compare(list[0].error.detail, "Unauthorized")
        compare(list[0].theirs, null)
        compare(list[0].waiting, 0)
        verify(list[0].createdAt instanceof Date)
        valueOf(a.store.retry(list[0].mutation))
        tryVerify(() => a.model.count === 1 && a.store.rejectedCount === 1)
        compare(valueOf(a.store.discard(list[0].mutation)), [])
        compare(valueOf(a.store.get("Shelf", "s")), null)
        errorOf(a.store.discard(list[0].mutation), ErrorCode.NotFound)
        errorOf(a.store.retry(list[0].mutation), ErrorCode.NotFound)
    }

    function test_wrongInput(): void {
        const a = openStore({schemaFile: strict})
        for (const odd of [undefined, null, "1", 1.5, NaN, {}, []]) {
            errorOf(a.retry(odd), ErrorCode.InvalidArgument)
            errorOf(a.discard(odd), ErrorCode.InvalidArgument)
        }
        errorOf(a.discard(1, "yes"), ErrorCode.InvalidArgument)
        errorOf(a.discard(1, true), ErrorCode.NotFound)
    }

    function test_theModelFindsItsStore(): void {
        const a = device(2)
        compare(a.model.store, a.store)
        compare(a.bench.store, a.store)
        valueOf(a.store.save({type: "Shelf", id: "s", name: "Tea"}))
        tryCompare(a.model, "count", 1)
        const row = a.model.get(0)
        compare(row.type, "Shelf")
        compare(row.operation, RepairModel.Create)
        compare(row.mine, {id: "s", name: "Tea"})
        compare(row.fields.map(field => field.name), ["name"])
        valueOf(a.store.save({type: "Shelf", id: "s", name: "Coffee"}))
        tryVerify(() => a.model.count === 1 && a.model.get(0).mine.name === "Coffee")
        failed.target = a.model
        failed.clear()
        valueOf(a.store.save({type: "Product", id: "p", shelfID: "s"}))
        tryVerify(() => a.model.get(0).waiting === 1)
        a.model.discard(0)
        tryCompare(failed, "count", 1)
        compare(failed.signalArguments[0][1].code, ErrorCode.HasDependents)
        a.model.discard(0, true)
        tryCompare(a.model, "count", 0)
        tryCompare(a.store, "outboxCount", 0)
    }

    function test_theBenchAsksBeforeItDiscards(): void {
        const a = device(2)
        verify(findChild(a.bench, "empty").visible)
        valueOf(a.store.saveAll([{type: "Shelf", id: "s1", name: "Tea"}, {type: "Shelf", id: "s2", name: "Rice"}]))
        tryCompare(a.bench, "count", 2)
        tryVerify(() => !findChild(a.bench, "empty").visible)
        mouseClick(button(a, 0, "discard"))
        mouseClick(button(a, 0, "keep"))
        compare(a.bench.count, 2)
        mouseClick(button(a, 0, "discard"))
        mouseClick(button(a, 0, "reallyDiscard"))
        tryCompare(a.bench, "count", 1)
        compare(a.store.rejectedCount, 1)
        compare(valueOf(a.store.get("Shelf", "s1")), null)
    }

    function test_theBenchAsksForWhatHangsOnIt(): void {
        const a = device(1)
        valueOf(a.store.saveAll([{type: "Shelf", id: "s", name: "Tea"}, {type: "Product", id: "p", shelfID: "s"}]))
        tryCompare(a.bench, "count", 1)
        mouseClick(button(a, 0, "discard"))
        const question = button(a, 0, "question").text
        mouseClick(button(a, 0, "reallyDiscard"))
        tryVerify(() => button(a, 0, "question").text !== question)
        compare(a.bench.count, 1)
        mouseClick(button(a, 0, "reallyDiscard"))
        tryCompare(a.bench, "count", 0)
        compare(valueOf(a.store.get("Product", "p")), null)
    }

    function test_whatCannotBeStoredIsListedWithTheReason(): void {
        const a = whatThisDeviceCannotStore()
        compare(a.store.quarantinedCount, 2)
        const list = valueOf(a.store.quarantined())
        compare(list.map(row => row.type).sort(), ["Label", "Ware"])
        const label = list.find(row => row.type === "Label")
        compare(label.parentType, "Ware")
        compare(label.parentKey, "w")
        compare(label.raw.text, "Roasted in Trieste")
        compare(label.error.code, ErrorCode.MissingParent)
        compare(list.find(row => row.type === "Ware").error.code, ErrorCode.Validation)
        const place = a.model.get(0).type === "Label" ? 0 : 1
        compare(a.model.get(place).kind, RepairModel.Quarantined)
        compare(a.model.get(place).fields.map(field => field.name), ["text", "wareID"])
        tryVerify(() => button(a, place, "waitsFor").text.includes("Ware w"))
        verify(findChild(a.bench, "aside").visible)
        errorOf(a.store.retryQuarantined("Label", "l"), ErrorCode.MissingParent)
        mouseClick(button(a, place, "retry"))
        compare(a.store.quarantinedCount, 2)
        // the ware becomes one that this device can read, and its label follows
        server.execute("mutation { updateWare(input: {id: \"w\", kind: TEA, _version: 1}) { id } }")
        tryCompare(a.bench, "count", 0)
        compare(valueOf(a.store.get("Label", "l")).text, "Roasted in Trieste")
    }

    function test_whatIsKeptAsideCanBeForgotten(): void {
        const a = whatThisDeviceCannotStore()
        const place = a.model.get(0).type === "Label" ? 0 : 1
        mouseClick(button(a, place, "discard"))
        mouseClick(button(a, place, "reallyDiscard"))
        tryCompare(a.bench, "count", 1)
        compare(a.model.get(0).type, "Ware")
        valueOf(a.store.discardQuarantined("Ware", "w"))
        tryCompare(a.bench, "count", 0)
        errorOf(a.store.discardQuarantined("Ware", "w"), ErrorCode.NotFound)
    }

    function test_whatANewSchemaHasNoPlaceForIsKept(): void {
        const file = folder.file("boxes.db")
        const source = "type Box @model { id: ID! size: %1 }"
        const before = openStore({path: file, schemaFile: folder.write("text.graphql", source.arg("String"))})
        valueOf(before.save({type: "Box", id: "a", size: "large"}))
        valueOf(before.close())
        const a = createTemporaryObject(offlineComponent, testCase, {file: file, schemaFile: folder.write("number.graphql", source.arg("Int"))})
        tryVerify(() => a.store.opened)
        const list = valueOf(a.store.unmapped())
        compare(list.length, 1)
        compare(list.every(each => each.type === "Box" && each.key === "a" && each.error.code === ErrorCode.Validation), true)
        const change = list.find(each => each.kind === "MUTATION")
        compare(change.values.size, "large")
        verify(change.since instanceof Date)
        compare(valueOf(a.store.atRisk()).unmapped, 1)
        tryCompare(a.bench, "count", list.length)
        compare(a.bench.unmapped, list.length)
        compare(a.bench.refused, 0)
        compare(a.model.get(0).kind, RepairModel.Unmapped)
        verify(findChild(a.bench, "unmapped").visible)
        verify(!findChild(a.bench, "retryAll").visible)
        verify(button(a, 0, "kept").visible)
        verify(!findChild(findChild(a.bench, "cards").itemAtIndex(0), "retry").visible)
        for (const odd of [undefined, null, "1", 0, 1.5, NaN, {}])
            errorOf(a.store.discardUnmapped(odd), ErrorCode.InvalidArgument)
        for (let left = list.length; left > 0; --left) {
            mouseClick(button(a, 0, "discard"))
            mouseClick(button(a, 0, "reallyDiscard"))
            tryCompare(a.bench, "count", left - 1)
        }
        errorOf(a.store.discardUnmapped(change.id), ErrorCode.NotFound)
        compare(valueOf(a.store.atRisk()).unmapped, 0)
    }

    // What is no row must not become the first one.
    function test_onlyARowIsDecidedAbout(): void {
        const a = device(1)
        valueOf(a.store.save({type: "Shelf", id: "s", name: "Tea"}))
        tryCompare(a.model, "count", 1)
        failed.target = a.model
        failed.clear()
        const oddRows = [undefined, null, NaN, 0.5, "0", "first", {}, [0], true, () => 0]
        for (const odd of oddRows) {
            a.model.discard(odd)
            a.model.discard(odd, true)
            a.model.retry(odd)
        }
        tryCompare(failed, "count", 3 * oddRows.length)
        compare(failed.signalArguments.every(args => args[1].code === ErrorCode.InvalidArgument), true)
        a.model.discard(-1)
        a.model.discard(1)
        compare(valueOf(a.store.waitForOutbox()), undefined)            // after all that was asked for
        compare(valueOf(a.store.rejected()).length, 1)
        a.model.discard(0)
        tryCompare(a.model, "count", 0)
    }

    function test_receipts(): void {
        const a = device(1)
        const saved = valueOf(a.store.save({type: "Product", id: "p"}))
        verify(saved.mutation > 0)
        tryVerify(() => valueOf(a.store.receipt(saved.mutation)).state === "ACCEPTED")
        const refused = valueOf(a.store.save({type: "Shelf", id: "s"}))
        tryVerify(() => valueOf(a.store.receipt(refused.mutation)).state === "REJECTED")
        compare(valueOf(a.store.receipt(refused.mutation)).error.code, ErrorCode.Unauthorized)
        valueOf(a.store.discard(refused.mutation))
        const receipts = valueOf(a.store.receipts("Shelf", "s"))
        compare(receipts.map(receipt => receipt.state), ["DISCARDED"])
        compare(receipts[0].record, null)
        verify(receipts[0].at instanceof Date)
        errorOf(a.store.receipt(4711), ErrorCode.NotFound)
        errorOf(a.store.receipt("4711"), ErrorCode.InvalidArgument)
    }

    function test_theKeyboardIsEnough(): void {
        const a = device(2)
        valueOf(a.store.saveAll([{type: "Shelf", id: "s1"}, {type: "Shelf", id: "s2"}]))
        tryCompare(a.bench, "count", 2)
        const list = findChild(a.bench, "cards")
        tryVerify(() => list.itemAtIndex(1) !== null)
        list.forceActiveFocus()
        keyClick(Qt.Key_Down)
        compare(list.currentIndex, 1)
        keyClick(Qt.Key_Delete)
        verify(list.currentItem.asking)
        verify(findChild(list.currentItem, "keep").activeFocus)
        keyClick(Qt.Key_Escape)
        verify(!list.currentItem.asking)
        keyClick(Qt.Key_Delete)
        keyClick(Qt.Key_Tab)
        verify(findChild(list.currentItem, "reallyDiscard").activeFocus)
        keyClick(Qt.Key_Space)
        tryCompare(a.bench, "count", 1)
        compare(a.model.get(0).key, "s1")
    }
}
