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
            property alias store: store
            property alias bench: bench
            property alias model: model
            anchors.fill: parent

            DataStore {
                id: store
                schemaFile: testCase.strict
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
    SignalSpy { id: failed; signalName: "failed" }

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
