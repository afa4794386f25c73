// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    What a store tells of its line: promises that wait until it is level, explanations, the flight recorder.
*/
StoreCase {
    id: testCase
    name: "Line"

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.schemaFile }
    }

    Component {
        id: backendComponent
        AppSync {
            id: backend
            property string apiKey
            auth: ApiKey { key: backend.apiKey }
        }
    }

    SignalSpy { id: hub; signalName: "hubEvent" }

    function makeBackend(properties: var): AppSync {
        return createTemporaryObject(backendComponent, testCase, properties)
    }

    function test_levelIsWaitedFor(): void {
        const server = createTemporaryObject(serverComponent, testCase)
        const store = openStore({backend: makeBackend({url: server.url, apiKey: server.key})})
        compare(valueOf(store.waitForReady(10000)), undefined)
        hub.target = store
        hub.clear()
        const saved = valueOf(store.save({type: "Product", name: "Tea"}))
        compare(valueOf(store.waitForOutbox(10000)), undefined)
        const level = valueOf(store.explain("Product", saved.id))
        compare(level.state, "Synced")
        compare(level.waitingFor.length, 0)
        tryVerify(() => hub.signalArguments.some(event => event[0] === "outboxMutationProcessed"))
        const states = valueOf(store.flightRecord())
        verify(Array.isArray(states))
    }

    function test_whatWaitsIsExplained(): void {
        const store = openStore({backend: makeBackend({url: "http://127.0.0.1:9/graphql", apiKey: "key"})})
        const saved = valueOf(store.save({type: "Product", name: "Tea"}))
        tryVerify(() => store.lastError.code === ErrorCode.Network)
        compare(store.lastError.phase, ErrorPhase.Connect)
        compare(store.lastError.advice, ErrorAdvice.Wait)
        verify(store.lastError.adviceText.length > 0)
        const waiting = valueOf(store.explain("Product", saved.id))
        compare(waiting.state, "Waiting")
        compare(waiting.mutations, 1)
        verify(["Offline", "Sync"].includes(waiting.waitingFor[0].reason))
        compare(waiting.waitingFor[0].error.code, ErrorCode.Network)
        verify(waiting.waitingFor[0].since instanceof Date)
        verify(waiting.text.length > 0)
        errorOf(store.waitForOutbox(20), ErrorCode.Timeout)
        errorOf(store.waitForReady(20), ErrorCode.Timeout)
        store.wake()
        store.paused = true
        compare(valueOf(store.explain("Product", saved.id)).waitingFor[0].reason, "Paused")
    }

    function test_theFlightRecorderKeepsWhatFailed(): void {
        const store = openStore()
        const saved = valueOf(store.save({type: "Product", name: "Tea"}))
        const error = errorOf(store.save({type: "Product", id: saved.id, name: "Coffee"}, {name: {eq: "Milk"}}), ErrorCode.ConditionFailed)
        compare(error.phase, ErrorPhase.Save)
        compare(error.advice, ErrorAdvice.ReadAgain)
        let entries = []
        tryVerify(() => {
            entries = valueOf(store.flightRecord(10))
            return entries.length > 0
        })
        compare(entries[0].kind, "Fault")
        compare(entries[0].code, "ConditionFailed")
        compare(entries[0].phase, "Save")
        verify(entries[0].at instanceof Date)
    }

    function test_nonsenseIsRefused(): void {
        const store = openStore()
        errorOf(store.explain("Produkt", "1"), ErrorCode.UnknownModel)
        errorOf(store.explain("Product", {}), ErrorCode.InvalidArgument)
        errorOf(store.flightRecord("all"), ErrorCode.InvalidArgument)
        errorOf(store.flightRecord(-1), ErrorCode.InvalidArgument)
        errorOf(store.waitForReady("soon"), ErrorCode.InvalidArgument)
        errorOf(store.waitForOutbox(1.5), ErrorCode.InvalidArgument)
    }
}
