// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Data stores and a real server, all in this process.
*/
StoreCase {
    id: testCase
    name: "Sync"

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.schemaFile }
    }

    property LoopbackServer server: null

    Component {
        id: deviceComponent
        QtObject {
            id: device
            required property string name
            property alias store: store
            property alias key: apiKey.key
            property list<QtObject> parts: [
                DataStore {
                    id: store
                    schemaFile: testCase.schemaFile
                    path: testCase.folder.file(device.name + ".db")
                    backend: AppSync {
                        url: testCase.server.url
                        auth: ApiKey {
                            id: apiKey
                            key: testCase.server.key
                        }
                    }
                },
                LiveQuery {
                    id: liveQuery
                    store: store
                    type: "StockCount"
                    sort: ["sku"]
                }
            ]
            property alias query: liveQuery
            readonly property bool level: store.syncState === DataStore.Live && store.outboxCount === 0
        }
    }

    function init(): void {
        server = createTemporaryObject(serverComponent, testCase)
    }

    // A new device, with the properties given.
    function makeDevice(properties: var): var {
        return createTemporaryObject(deviceComponent, testCase, Object.assign({name: "device" + ++stores}, properties || {}))
    }

    function device(): var {
        const made = makeDevice()
        tryVerify(() => made.level)
        return made
    }

    function skus(query: LiveQuery): string {
        const result = []
        for (let i = 0; i < query.count; ++i)
            result.push(query.get(i).sku)
        return result.join()
    }

    function states(query: LiveQuery): string {
        const result = []
        for (let i = 0; i < query.count; ++i)
            result.push(query.get(i).syncState)
        return result.join()
    }

    function test_savedHereAppearsThere(): void {
        const a = device()
        const b = device()
        compare(a.store.online, true)
        compare(a.store.progress, 1)
        const saved = valueOf(a.store.save({type: "StockCount", sku: "s1", quantity: 5}))
        compare(saved.syncState, SyncState.Pending)
        tryVerify(() => skus(b.query) === "s1")
        tryVerify(() => a.level && states(a.query) === String(SyncState.Synced))
        tryVerify(() => states(b.query) === String(SyncState.Synced))
        compare(a.query.get(0).version, 1)

        valueOf(b.store.save({type: "StockCount", id: saved.id, quantity: 6}))
        tryVerify(() => a.query.get(0).quantity === 6)
        valueOf(a.store.remove("StockCount", saved.id))
        tryCompare(b.query, "count", 0)
        tryVerify(() => a.level && b.level)
        compare(server.execute("{ listStockCounts { items { sku _deleted } } }").listStockCounts.items, [{sku: "s1", _deleted: true}])
    }

    SignalSpy { id: offline; signalName: "onlineChanged" }

    function test_catchesUpAfterAPause(): void {
        const a = device()
        const b = device()
        offline.target = b.store
        offline.clear()
        b.store.paused = true
        tryCompare(b.store, "online", false)
        compare(offline.count, 1)
        tryVerify(() => b.store.syncState === DataStore.Offline)
        valueOf(a.store.saveAll([1, 2, 3].map(n => ({type: "StockCount", sku: "a" + n, quantity: n}))))
        valueOf(b.store.saveAll([1, 2].map(n => ({type: "StockCount", sku: "b" + n, quantity: n}))))
        tryVerify(() => a.level)
        compare(b.store.outboxCount, 2)
        compare(skus(b.query), "b1,b2")
        b.store.paused = false
        tryCompare(b.store, "online", true)
        tryVerify(() => skus(b.query) === "a1,a2,a3,b1,b2" && skus(a.query) === "a1,a2,a3,b1,b2")
        tryVerify(() => a.level && b.level)
        compare(offline.count, 2)
    }

    SignalSpy { id: wrongScope; signalName: "errorOccurred" }

    function test_scopePriorities(): void {
        ignoreWarning(/whole number|StockCuont/)
        const store = openStore({scopePriorities: {StockCount: 2}})
        compare(store.scopePriorities, {StockCount: 2})
        store.scopePriorities = {StockCount: -1}
        compare(store.scopePriorities, {StockCount: -1})
        for (const wrong of [{StockCount: 1.5}, {StockCount: "1"}, {StockCount: {where: 1}}, {StockCount: null}]) {
            store.scopePriorities = wrong
            compare(store.lastError.code, ErrorCode.InvalidArgument)
            compare(store.lastError.model, "StockCount")
        }
        store.scopePriorities = {StockCuont: 1}
        compare(store.lastError.code, ErrorCode.UnknownModel)
        compare(store.scopePriorities, {StockCount: -1})
        store.scopePriorities = {}
        compare(store.scopePriorities, {})
    }

    function test_scopesChangeWhileItRuns(): void {
        const a = device()
        const b = device()
        valueOf(a.store.saveAll([1, 2, 3, 4].map(n => ({type: "StockCount", sku: "s" + n, quantity: n}))))
        tryVerify(() => a.level && skus(b.query) === "s1,s2,s3,s4")
        b.store.scopes = {StockCount: {quantity: {le: 2}}}
        tryVerify(() => skus(b.query) === "s1,s2")
        b.store.scopes = {StockCount: {or: [{quantity: {eq: 2}}, {sku: {"in": ["s3", "s9"]}}]}}
        tryVerify(() => skus(b.query) === "s2,s3")
        const saved = valueOf(b.store.save({type: "StockCount", sku: "s5", quantity: 5}))
        compare(saved.sku, "s5")
        tryVerify(() => b.level && skus(b.query) === "s2,s3" && skus(a.query) === "s1,s2,s3,s4,s5")
        wrongScope.target = b.store
        wrongScope.clear()
        ignoreWarning(/colour/)
        b.store.scopes = {StockCount: {colour: {eq: "red"}}}
        compare(wrongScope.count, 1)
        compare(b.store.lastError.code, ErrorCode.UnknownField)
        for (const scope of [undefined, {sku: {eq: undefined}}, {and: [{sku: {"in": ["s2", undefined]}}]}]) {
            ignoreWarning(/undefined/)
            b.store.scopes = {StockCount: scope}            // as a binding gives it for a moment
            compare(b.store.lastError.code, ErrorCode.InvalidArgument)
            compare(b.store.lastError.model, "StockCount")
        }
        compare(wrongScope.count, 4)
        compare(skus(b.query), "s2,s3")
        b.store.scopes = {}
        tryVerify(() => skus(b.query) === "s1,s2,s3,s4,s5")
        compare(b.store.syncState, DataStore.Live)
    }

    function test_catchesUpWhenTheServerIsBack(): void {
        const a = device()
        const b = device()
        server.stop()
        tryVerify(() => !a.store.online && !b.store.online)
        valueOf(a.store.save({type: "StockCount", sku: "s1", quantity: 1}))
        compare(a.store.outboxCount, 1)
        server.start()
        a.store.syncNow()
        b.store.syncNow()
        tryVerify(() => a.level && b.level && skus(b.query) === "s1", 20000)
    }

    SignalSpy { id: synced; signalName: "modelSynced" }
    SignalSpy { id: processed; signalName: "outboxMutationProcessed" }

    function test_theHubIsHeardInQml(): void {
        const a = device()
        valueOf(a.store.saveAll([1, 2, 3].map(n => ({type: "StockCount", sku: "s" + n, quantity: n}))))
        tryVerify(() => a.level)
        const b = makeDevice()
        synced.target = b.store
        synced.clear()
        tryVerify(() => b.level)
        const events = synced.signalArguments.map(args => args[0]).filter(event => event.model === "StockCount")
        compare(events.length, 1)
        compare(events[0].count, 3)
        compare(events[0].isFullSync, true)
        processed.target = b.store
        processed.clear()
        valueOf(b.store.save({type: "StockCount", sku: "s4", quantity: 4}))
        tryCompare(processed, "count", 1)
        compare(processed.signalArguments[0][0].operation, "CREATE")
    }

    function test_aWrongKey(): void {
        ignoreWarning(/QML DataStore/)
        const a = makeDevice({key: "wrong"})
        tryVerify(() => a.store.lastError.code === ErrorCode.Unauthorized)
        valueOf(a.store.save({type: "StockCount", sku: "s1", quantity: 1}))
        compare(a.store.outboxCount, 1)
        a.key = server.key
        tryVerify(() => a.level)
    }

    function test_theBackendMayComeAndGo(): void {
        const a = device()
        const backend = a.store.backend
        a.store.backend = null
        tryVerify(() => a.store.syncState === DataStore.Stopped)
        compare(a.store.online, false)
        valueOf(a.store.save({type: "StockCount", sku: "s1", quantity: 1}))
        a.store.backend = backend
        tryVerify(() => a.level)
    }
}
