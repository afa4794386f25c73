// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Conflicts: policies, a handler in JavaScript, the journal and the ready-made view, against a real server.
*/
StoreCase {
    id: testCase
    name: "Conflicts"
    when: windowShown
    width: 640
    height: 600
    visible: true

    readonly property url schemaFile: folder.write("conflicts.graphql",
        "type Stock @model { id: ID! name: String quantity: Int @conflict(policy: sum) note: String tags: [String] }")

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.schemaFile }
    }
    Component {
        id: deviceComponent
        Item {
            id: device
            required property string file
            required property url url
            required property string key
            property var policies: ({})
            property var handler
            property alias store: store
            property alias log: log
            property alias model: model
            anchors.fill: parent

            DataStore {
                id: store
                schemaFile: testCase.schemaFile
                path: device.file
                conflicts: device.policies
                conflictHandler: device.handler
                backend: AppSync {
                    url: device.url
                    auth: ApiKey { key: device.key }
                }
            }
            DecisionModel { id: model }
            ConflictLog {
                id: log
                anchors.fill: parent
            }
        }
    }
    Component {
        id: cardComponent
        ConflictCard {
            index: 0
            decision: 1
            type: "Stock"
            key: "s"
            taken: DecisionModel.Theirs
            at: new Date(0)
            undone: false
            deletion: ""
        }
    }
    SignalSpy { id: resolved; signalName: "conflictResolved" }
    SignalSpy { id: failed; signalName: "failed" }

    property LoopbackServer server: null

    function init(): void {
        server = createTemporaryObject(serverComponent, testCase)
    }

    function device(policies: var, handler: var): var {
        const made = createTemporaryObject(deviceComponent, testCase, {
            file: folder.file("conflicts" + ++stores + ".db"), url: server.url, key: server.key, policies: policies, handler: handler
        })
        tryVerify(() => made.store.syncState === DataStore.Live)
        return made
    }

    // Both sides change the record while the device is not connected.
    function contest(device: var, mine: var, theirs: string): void {
        valueOf(device.store.save({type: "Stock", id: "s", name: "Tea", quantity: 10, note: "old"}))
        tryCompare(device.store, "outboxCount", 0)
        device.store.paused = true
        server.execute("mutation { updateStock(input: {id: \"s\", _version: 1, " + theirs + "}) { id } }")
        valueOf(device.store.save(Object.assign({type: "Stock", id: "s"}, mine)))
        device.store.paused = false
    }

    function stock(device: var): var {
        return valueOf(device.store.get("Stock", "s"))
    }

    function test_policies(): void {
        const a = device({Stock: {note: "theirs"}})
        resolved.target = a.store
        resolved.clear()
        contest(a, {quantity: 13, note: "mine"}, "quantity: 15, note: \"theirs\"")
        tryVerify(() => stock(a).quantity === 18 && a.store.outboxCount === 0)
        compare(stock(a).note, "theirs")
        tryCompare(resolved, "count", 1)
        compare(resolved.signalArguments[0][0].model, "Stock")
        compare(resolved.signalArguments[0][0].fields, ["quantity", "note"])
        tryCompare(a.model, "count", 1)
        const list = valueOf(a.store.decisions("Stock", "s"))
        compare(list.length, 1)
        compare(list[0].fields, [{name: "quantity", policy: "sum", base: 10, mine: 13, theirs: 15, result: 18},
                                 {name: "note", policy: "theirs", base: "old", mine: "mine", theirs: "theirs", result: "theirs"}])
        compare(list[0].undone, false)
        compare(list[0].deletion, "")
        compare(valueOf(a.store.decisions()).length, 1)
        compare(valueOf(a.store.decisions("Stock", "other")), [])
        errorOf(a.store.undo(list[0].decision), ErrorCode.InvalidArgument)
        valueOf(a.store.undo(list[0].decision, "mine"))
        tryVerify(() => a.store.outboxCount === 0 && a.model.get(0).undone)
        compare(stock(a).note, "mine")
        compare(stock(a).quantity, 13)
    }

    function test_handler_data(): var {
        return [
            {tag: "a value", handler: conflict => ({note: conflict.mine.note + " and " + conflict.theirs.note}), note: "mine and theirs"},
            {tag: "a promise", handler: conflict => Promise.resolve("mine"), note: "mine"},
            {tag: "a record as it came", handler: conflict => conflict.theirs, note: "theirs"},
            {tag: "a word", handler: conflict => conflict.base.note === "old" && conflict.fields[0] === "note" ? "theirs" : "mine", note: "theirs"},
        ]
    }

    function test_handler(data: var): void {
        const a = device({"*": "ask"}, data.handler)
        contest(a, {note: "mine"}, "note: \"theirs\"")
        tryVerify(() => a.store.outboxCount === 0)
        tryVerify(() => stock(a).note === data.note)
        compare(a.store.rejectedCount, 0)
    }

    // The server deletes what the device edits, or the other way round.
    function contestDeletion(device: var, mine: bool): void {
        valueOf(device.store.save({type: "Stock", id: "s", name: "Tea", quantity: 10, note: "old"}))
        tryCompare(device.store, "outboxCount", 0)
        device.store.paused = true
        server.execute(mine ? "mutation { updateStock(input: {id: \"s\", _version: 1, note: \"theirs\"}) { id } }"
                            : "mutation { deleteStock(input: {id: \"s\", _version: 1}) { id } }")
        valueOf(mine ? device.store.remove("Stock", "s") : device.store.save({type: "Stock", id: "s", note: "mine"}))
        device.store.paused = false
    }

    function test_handlerOfDeletions_data(): var {
        return [
            {tag: "theirs, kept", mine: false, handler: conflict => conflict.theirs === null && conflict.deletion === "theirs" ? "mine" : "theirs", note: "mine"},
            {tag: "theirs, taken", mine: false, handler: conflict => conflict.mine.note === "mine" && conflict.base.note === "old" ? "theirs" : "mine", note: null},
            {tag: "theirs, a value", mine: false, handler: conflict => ({note: conflict.deletion}), note: "theirs"},
            {tag: "mine, taken", mine: true, handler: conflict => conflict.mine === null && conflict.deletion === "mine" ? "mine" : "theirs", note: null},
            {tag: "mine, not taken", mine: true, handler: conflict => conflict.theirs, note: "theirs"},
        ]
    }

    function test_handlerOfDeletions(data: var): void {
        const a = device({Stock: {note: "ask"}}, data.handler)
        contestDeletion(a, data.mine)
        tryCompare(a.model, "count", 1)
        tryVerify(() => a.store.outboxCount === 0)
        compare(a.store.rejectedCount, 0)
        compare(stock(a)?.note ?? null, data.note)
        compare(a.model.get(0).deletion, data.mine ? "mine" : "theirs")
    }

    function test_deletionIsUndone(): void {
        const a = device({Stock: "mine"})
        contestDeletion(a, false)
        tryCompare(a.log, "count", 1)
        tryVerify(() => a.store.outboxCount === 0)
        compare(stock(a).note, "mine")
        const decision = valueOf(a.store.decisions("Stock", "s"))[0]
        compare(decision.deletion, "theirs")
        const list = findChild(a.log, "cards")
        tryVerify(() => list.itemAtIndex(0) !== null)
        const button = findChild(list.itemAtIndex(0), "takeTheirs")
        tryVerify(() => button.visible && button.width > 0)
        mouseClick(button)
        tryVerify(() => list.itemAtIndex(0).undone && a.store.outboxCount === 0)
        compare(stock(a), null)
    }

    function test_handlerThatFails_data(): var {
        return [
            {tag: "throws", handler: () => { throw new Error("No idea") }},
            {tag: "is rejected", handler: () => Promise.reject(new Error("No idea"))},
            {tag: "says nothing", handler: () => undefined},
            {tag: "says something else", handler: () => 7},
            {tag: "names another field", handler: () => ({colour: "red"})},
        ]
    }

    function test_handlerThatFails(data: var): void {
        ignoreWarning(/No idea|decision about a conflict|conflict/)
        const a = device({Stock: "ask"}, data.handler)
        contest(a, {note: "mine"}, "note: \"theirs\"")
        tryCompare(a.store, "rejectedCount", 1)
        const list = valueOf(a.store.rejected())
        compare(list[0].error.code, ErrorCode.Conflict)
        compare(list[0].base.note, "old")
        compare(list[0].mine.note, "mine")
        compare(list[0].theirs.note, "theirs")
        compare(stock(a).note, "mine")
    }

    function test_wrongInput(): void {
        ignoreWarning(/summ/)
        const a = device({Stock: {quantity: "summ"}})
        compare(a.store.lastError.code, ErrorCode.InvalidArgument)
        for (const odd of [undefined, null, "1", 1.5, {}])
            errorOf(a.store.undo(odd), ErrorCode.InvalidArgument)
        errorOf(a.store.undo(1, "both"), ErrorCode.InvalidArgument)
        errorOf(a.store.undo(1, "mine"), ErrorCode.NotFound)
        errorOf(a.store.decisions("Stok"), ErrorCode.UnknownModel)
        errorOf(a.store.decisions("Stock", "s", "ten"), ErrorCode.InvalidArgument)
    }

    function test_theLogTakesTheOtherSide(): void {
        const a = device({Stock: {note: "theirs"}})
        verify(findChild(a.log, "empty").visible)
        contest(a, {note: "mine"}, "note: \"theirs\"")
        tryCompare(a.log, "count", 1)
        const list = findChild(a.log, "cards")
        tryVerify(() => list.itemAtIndex(0) !== null)
        const card = list.itemAtIndex(0)
        compare(card.taken, DecisionModel.Theirs)
        verify(!findChild(card, "takeTheirs").visible)
        const button = findChild(card, "takeMine")
        tryVerify(() => button.visible && button.width > 0)
        mouseClick(button)
        tryVerify(() => card.undone)
        compare(stock(a).note, "mine")
        tryCompare(a.store, "outboxCount", 0)
    }

    // What is no row must not become the first one.
    function test_onlyARowIsUndone(): void {
        const a = device({Stock: {note: "theirs"}})
        contest(a, {note: "mine"}, "note: \"theirs\"")
        tryCompare(a.model, "count", 1)
        failed.target = a.model
        failed.clear()
        const oddRows = [undefined, null, NaN, 0.5, "0", {}, [0], true]
        for (const odd of oddRows) {
            a.model.undo(odd)
            a.model.undo(odd, DecisionModel.Mine)
        }
        tryCompare(failed, "count", 2 * oddRows.length)
        compare(failed.signalArguments.every(args => args[1].code === ErrorCode.InvalidArgument), true)
        a.model.undo(-1)
        a.model.undo(1)
        compare(valueOf(a.store.waitForOutbox()), undefined)            // after all that was asked for
        compare(a.model.get(0).undone, false)
        compare(stock(a).note, "theirs")
        a.model.undo(0)
        tryVerify(() => a.model.get(0).undone)
        compare(stock(a).note, "mine")
    }

    // Who chooses between two numbers sees that they are two.
    function test_numbersAreShownWhole(): void {
        const fields = [{name: "price", policy: "theirs", mine: 0.125, theirs: 0.1251, result: 0.1251},
                        {name: "quantity", policy: "theirs", mine: 3, theirs: 40000000000, result: 40000000000}]
        const card = createTemporaryObject(cardComponent, testCase, {fields: fields})
        verify(card)
        const point = Qt.locale().decimalPoint
        compare(card.rows[1].cells, ["price", "0" + point + "125", "0" + point + "1251", "0" + point + "1251"])
        compare(card.rows[2].cells[1], "3")
        compare(card.rows[2].cells[2], (40000000000).toLocaleString(Qt.locale(), "f", 0))
    }

    function test_whatIsInDoubtIsApplied_data(): list<var> {
        return [{tag: "sum", policy: "sum", text: "Take mine"}, {tag: "doubt", policy: "doubt", text: "Apply mine"}]
    }

    function test_whatIsInDoubtIsApplied(row: var): void {
        const fields = [{name: "quantity", policy: row.policy, mine: 12, theirs: 15, result: 15}]
        const card = createTemporaryObject(cardComponent, testCase, {fields: fields})
        verify(card)
        compare(findChild(card, "takeMine").text, row.text)
    }

    function test_whatWasSentAgainInDoubtSaysSo(): void {
        const fields = [{name: "quantity", policy: "doubt", mine: 12, theirs: 10, result: 12}]
        const card = createTemporaryObject(cardComponent, testCase, {fields: fields, taken: DecisionModel.Mine})
        verify(card)
        verify(/sent again/.test(card.what), card.what)
        verify(!findChild(card, "takeMine").visible)
    }

    function test_theLogSaysWhyItCannot(): void {
        const a = device({Stock: {note: "theirs"}})
        contest(a, {note: "mine"}, "note: \"theirs\"")
        tryCompare(a.log, "count", 1)
        valueOf(a.store.save({type: "Stock", id: "s", note: "later"}))
        const list = findChild(a.log, "cards")
        tryVerify(() => list.itemAtIndex(0) !== null)
        const card = list.itemAtIndex(0)
        failed.target = a.log.store ? list.model : null
        failed.clear()
        list.forceActiveFocus()
        const button = findChild(card, "takeMine")
        tryVerify(() => button.visible && button.width > 0)
        button.forceActiveFocus()
        keyClick(Qt.Key_Space)
        tryCompare(failed, "count", 1)
        tryVerify(() => findChild(card, "failure").visible)
        compare(stock(a).note, "later")
    }
}
