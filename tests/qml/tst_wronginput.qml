// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Whatever a call of DataStore is given, it returns a promise; a wrong value rejects it with an Error that says where.
*/
StoreCase {
    id: testCase
    name: "WrongInput"

    property DataStore store: null

    function init(): void { store = openStore() }

    SignalSpy { id: failures; target: testCase.store; signalName: "callFailed" }

    function cyclic(): var {
        const object = {}
        object.self = object
        object.list = [object]
        return object
    }

    function deep(levels: int): var {
        let value = 1
        for (let i = 0; i < levels; ++i)
            value = {a: value}
        return value
    }

    // Values of all kinds. Those with an "ok" are right for the places that it names.
    readonly property var oddValues: [
        {tag: "undefined", value: undefined, ok: "where"},
        {tag: "null", value: null, ok: "where"},
        {tag: "NaN", value: NaN},
        {tag: "Infinity", value: Infinity},
        {tag: "a boolean", value: true},
        {tag: "a number", value: 5, ok: "key"},
        {tag: "text", value: "Tea", ok: "key name"},
        {tag: "a function", value: () => 1},
        {tag: "a class", value: Date},
        {tag: "a symbol", value: Symbol("s")},
        {tag: "a date", value: new Date(2026, 0, 1)},
        {tag: "an invalid date", value: new Date(NaN)},
        {tag: "an array", value: ["name"]},
        {tag: "an empty array", value: []},
        {tag: "a map", value: new Map([["name", "Tea"]])},
        {tag: "a set", value: new Set(["name"])},
        {tag: "a regular expression", value: /tea/},
        {tag: "an Error", value: new Error("no")},
        {tag: "a promise", value: Promise.resolve(1)},
        {tag: "a cyclic object", value: cyclic()},
        {tag: "a QML object", value: failures},
        {tag: "a deep object", value: deep(5000)},
        {tag: "an object whose member throws", value: ({get name() { throw new Error("no") }})},
        {tag: "an object that cannot be text", value: ({toString: () => { throw new Error("no") }, valueOf: () => { throw new Error("no") }})},
    ]

    // Each place where a call takes a value: what it calls, and which model and field its error names.
    readonly property var places: [
        {tag: "save", call: v => store.save(v), code: ErrorCode.InvalidArgument},
        {tag: "save, type", call: v => store.save({type: v, name: "Tea"}), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "save, condition", call: v => store.save({type: "Product", name: "Tea"}, v), code: ErrorCode.InvalidArgument, model: "Product", ok: "where"},
        {tag: "save, condition on a field", call: v => store.save({type: "Product", name: "Tea"}, {name: v}), code: ErrorCode.InvalidArgument, model: "Product", field: "name"},
        {tag: "save, text field", call: v => store.save({type: "Product", id: "1", name: v}), code: ErrorCode.Validation, model: "Product", field: "name", record: "1", ok: "name"},
        {tag: "save, number", call: v => store.save({type: "StockCount", id: "1", sku: "1", quantity: v}), code: ErrorCode.Validation, model: "StockCount", field: "quantity", record: "1", except: "a number, a boolean"},
        {tag: "saveAll", call: v => store.saveAll(v), code: ErrorCode.InvalidArgument, except: "an empty array"},
        {tag: "saveAll, element", call: v => store.saveAll([{type: "Product", name: "Tea"}, v]), code: ErrorCode.InvalidArgument},
        {tag: "get, type", call: v => store.get(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "get, key", call: v => store.get("Product", v), code: ErrorCode.InvalidArgument, model: "Product", field: "id", ok: "key"},
        {tag: "query, type", call: v => store.query(v), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "query, condition", call: v => store.query("Product", v), code: ErrorCode.InvalidArgument, model: "Product", ok: "where"},
        {tag: "query, condition on a field", call: v => store.query("Product", {name: v}), code: ErrorCode.InvalidArgument, model: "Product", field: "name"},
        {tag: "removeAll, operand", call: v => store.removeAll("Product", {name: {eq: v}}), code: ErrorCode.InvalidArgument, model: "Product", field: "name", except: "text, null, a date, an object whose member throws"},
        {tag: "query, operand", call: v => store.query("Product", {and: [{price: {gt: v}}]}), code: ErrorCode.InvalidArgument, model: "Product", field: "price", except: "a number, null, an object whose member throws"},
        {tag: "query, options", call: v => store.query("Product", {}, v), code: ErrorCode.InvalidArgument, model: "Product", ok: "where"},
        {tag: "query, sort", call: v => store.query("Product", {}, {sort: v}), code: ErrorCode.InvalidArgument, model: "Product", except: "text, an array, an empty array, undefined"},
        {tag: "query, limit", call: v => store.query("Product", {}, {limit: v}), code: ErrorCode.InvalidArgument, model: "Product", except: "a number, undefined"},
        {tag: "count, type", call: v => store.count(v), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "count, condition", call: v => store.count("Product", v), code: ErrorCode.InvalidArgument, model: "Product", ok: "where"},
        {tag: "remove, type", call: v => store.remove(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "remove, key", call: v => store.remove("Product", v), code: ErrorCode.InvalidArgument, model: "Product", field: "id", ok: "key"},
        {tag: "remove, condition", call: v => store.remove("Product", "1", v), code: ErrorCode.InvalidArgument, model: "Product", ok: "where"},
        {tag: "removeAll, type", call: v => store.removeAll(v, {}), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "removeAll, condition", call: v => store.removeAll("Product", v), code: ErrorCode.InvalidArgument, model: "Product"},
        {tag: "receipt", call: v => store.receipt(v), code: ErrorCode.InvalidArgument, except: "a number"},
        {tag: "receipts, type", call: v => store.receipts(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "receipts, key", call: v => store.receipts("Product", v), code: ErrorCode.InvalidArgument, model: "Product", field: "id", ok: "key"},
        {tag: "retry", call: v => store.retry(v), code: ErrorCode.InvalidArgument, except: "a number"},
        {tag: "discard", call: v => store.discard(v), code: ErrorCode.InvalidArgument, except: "a number"},
        {tag: "discard, with dependents", call: v => store.discard(1, v), code: ErrorCode.InvalidArgument, except: "a boolean, undefined"},
        {tag: "decisions, type", call: v => store.decisions(v), code: ErrorCode.InvalidArgument, except: "undefined, text"},
        {tag: "decisions, key", call: v => store.decisions("Product", v), code: ErrorCode.InvalidArgument, model: "Product", field: "id", ok: "key", except: "undefined"},
        {tag: "decisions, limit", call: v => store.decisions("Product", "1", v), code: ErrorCode.InvalidArgument, except: "a number, undefined"},
        {tag: "undo", call: v => store.undo(v), code: ErrorCode.InvalidArgument, except: "a number"},
        {tag: "undo, side", call: v => store.undo(1, v), code: ErrorCode.InvalidArgument, except: "undefined"},
        {tag: "retryQuarantined, type", call: v => store.retryQuarantined(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "retryQuarantined, key", call: v => store.retryQuarantined("Product", v), code: ErrorCode.InvalidArgument, ok: "key"},
        {tag: "discardQuarantined, type", call: v => store.discardQuarantined(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "discardQuarantined, key", call: v => store.discardQuarantined("Product", v), code: ErrorCode.InvalidArgument, ok: "key"},
        {tag: "discardUnmapped", call: v => store.discardUnmapped(v), code: ErrorCode.InvalidArgument, except: "a number"},
        {tag: "explain, type", call: v => store.explain(v, "1"), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "explain, key", call: v => store.explain("Product", v), code: ErrorCode.InvalidArgument, model: "Product", field: "id", ok: "key"},
        {tag: "flightRecord", call: v => store.flightRecord(v), code: ErrorCode.InvalidArgument, except: "a number, undefined"},
        {tag: "waitForReady", call: v => store.waitForReady(v), code: ErrorCode.InvalidArgument, except: "a number, undefined"},
        {tag: "waitForOutbox", call: v => store.waitForOutbox(v), code: ErrorCode.InvalidArgument, except: "a number, undefined"},
        {tag: "signIn", call: v => store.signIn(v), code: ErrorCode.InvalidArgument, except: "text"},
        {tag: "signOut", call: v => store.signOut(v), code: ErrorCode.InvalidArgument, except: "undefined"},
        {tag: "signOut, patience", call: v => store.signOut(DataStore.Drain, v), code: ErrorCode.InvalidArgument, except: "a number, undefined"},
        {tag: "clear", call: v => store.clear(v), code: ErrorCode.InvalidArgument, except: "undefined"},
    ]

    function verifyError(error: var, place: var): void {
        compare(error.category, ErrorCategory.Input, error.toString())
        compare(error.code, place.code, error.toString())
        compare(error.model, place.model || "", error.toString())
        if (place.field)
            compare(error.field.split(".")[0], place.field, error.toString())
        compare(typeof error.record, "string")
        if (place.record)
            compare(error.record, place.record, error.toString())
        for (const word of [error.model, error.field])
            verify(error.message.indexOf(word) >= 0, error.message + " names " + word)
    }

    function test_oddValues_data(): var { return places }

    function test_oddValues(place: var): void {
        const keep = valueOf(store.save({type: "Product", name: "Keep"}))
        for (const odd of oddValues) {
            const fits = (place.ok || "") !== "" && (odd.ok || "").split(" ").indexOf(place.ok) >= 0
            if (fits || (place.except || "").split(", ").indexOf(odd.tag) >= 0)
                continue
            failures.clear()
            let promise = undefined
            try {
                promise = place.call(odd.value)
            } catch (error) {
                fail(odd.tag + ": thrown instead of rejected: " + error)
            }
            const result = outcome(promise)
            verify(result.error instanceof Error, odd.tag + ": rejected, not resolved with " + JSON.stringify(result.value))
            verifyError(result.error, place)
            compare(failures.count, 1, odd.tag)
            const signalled = failures.signalArguments[0][0]
            compare(signalled.message, result.error.message)
            compare(signalled.code, result.error.code)
            compare(signalled.model, result.error.model)
            compare(signalled.field, result.error.field)
            compare(signalled.record, result.error.record)
        }
        compare(valueOf(store.query("Product")).map(product => product.name), ["Keep"])
        compare(valueOf(store.count("StockCount")), 0)
        compare(valueOf(store.get("Product", keep.id)).name, "Keep")
    }

    function test_wrongNamesAndValues_data(): var {
        const product = {model: "Product", code: ErrorCode.UnknownField, field: "nam"}
        const missing = {model: "Product", code: ErrorCode.Validation, field: "name"}
        const unknown = {model: "Produkt", code: ErrorCode.UnknownModel}
        const row = (tag, call, place) => Object.assign({tag: tag, call: call}, place)
        return [
            row("save, unknown model", () => store.save({type: "Produkt"}), unknown),
            row("save, unknown field", () => store.save({type: "Product", id: "7", nam: 1}), Object.assign({record: "7"}, product)),
            row("save, missing field", () => store.save({type: "Product"}), missing),
            row("save, null for a required field", () => store.save({type: "Product", name: null}), missing),
            row("save, undefined for a required field", () => store.save({type: "Product", name: undefined}), missing),
            row("save, unknown field in the condition", () => store.save({type: "Product", id: "k", name: "x"}, {nam: {eq: 1}}), product),
            row("save, an array for an embedded object", () => store.save({type: "Product", name: "Tea", size: [3]}), {model: "Product", code: ErrorCode.Validation, field: "size"}),
            row("save, a date for an embedded object", () => store.save({type: "Product", name: "Tea", size: new Date()}), {model: "Product", code: ErrorCode.Validation, field: "size"}),
            row("save, an object for a list", () => store.save({type: "Product", name: "Tea", tags: {a: 1}}), {model: "Product", code: ErrorCode.Validation, field: "tags"}),
            row("save, NaN in an embedded object", () => store.save({type: "Product", name: "Tea", size: {width: NaN}}), {model: "Product", code: ErrorCode.Validation, field: "size"}),
            row("save, a cyclic object as JSON", () => store.save({type: "Product", name: "Tea", attributes: cyclic()}), {model: "Product", code: ErrorCode.Validation, field: "attributes"}),
            row("save, a function in JSON", () => store.save({type: "Product", name: "Tea", attributes: {a: [() => 1]}}), {model: "Product", code: ErrorCode.Validation, field: "attributes"}),
            row("save, a map as JSON", () => store.save({type: "Product", name: "Tea", attributes: new Map([["a", 1]])}), {model: "Product", code: ErrorCode.Validation, field: "attributes"}),
            row("saveAll, unknown field", () => store.saveAll([{type: "Product", name: "Tea"}, {type: "Product", nam: 1}]), product),
            row("saveAll, missing field", () => store.saveAll([{type: "Product", name: "Tea"}, {type: "Product"}]), missing),
            row("get, unknown model", () => store.get("Produkt", "1"), unknown),
            row("query, unknown model", () => store.query("Produkt"), unknown),
            row("query, unknown field", () => store.query("Product", {nam: {eq: 1}}), product),
            row("query, unknown sort field", () => store.query("Product", {}, {sort: ["nam"]}), product),
            row("count, unknown model", () => store.count("Produkt"), unknown),
            row("count, unknown field", () => store.count("Product", {or: [{nam: {eq: 1}}]}), product),
            row("remove, unknown model", () => store.remove("Produkt", "1"), unknown),
            row("remove, unknown field", () => store.remove("Product", "k", {nam: {eq: 1}}), product),
            row("removeAll, unknown model", () => store.removeAll("Produkt", {}), unknown),
            row("removeAll, unknown field", () => store.removeAll("Product", {nam: {eq: 1}}), product),
        ]
    }

    function test_wrongNamesAndValues(row: var): void {
        valueOf(store.save({type: "Product", id: "k", name: "Keep"}))
        failures.clear()
        verifyError(outcome(row.call()).error, row)
        compare(failures.count, 1)
        compare(valueOf(store.count("Product")), 1)
    }

    function test_nothingGivenAtAll(): void {
        for (const call of [store.save, store.saveAll, store.get, store.query, store.count, store.remove, store.removeAll])
            errorOf(call(), ErrorCode.InvalidArgument)
        errorOf(store.get("Product"), ErrorCode.InvalidArgument)
        errorOf(store.remove("Product"), ErrorCode.InvalidArgument)
    }

    function test_categories(): void {
        compare(errorOf(store.save({}), ErrorCode.InvalidArgument).category, ErrorCategory.Input)
        valueOf(store.close())
        compare(errorOf(store.query("Product"), ErrorCode.StoreNotOpen).category, ErrorCategory.Store)
    }

    function test_anErrorOfAStoredRecordNamesIt(): void {
        const tea = valueOf(store.save({type: "Product", id: "t", name: "Tea"}))
        tea.price = "much"
        compare(errorOf(store.save(tea), ErrorCode.Validation).record, "t")
        const object = createTemporaryObject(objectComponent, testCase, {key: "t"})
        tryCompare(object, "stored", true)
        object.fields.price = "much"
        const error = errorOf(store.save(object), ErrorCode.Validation)
        compare(error.record, "t")
        compare(error.field, "price")
        object.reset()
        object.fields.name = null
        compare(errorOf(store.save(object), ErrorCode.Validation).record, "t")
        const failed = errorOf(store.save({type: "Product", id: "t", price: 1}, {name: {eq: "Milk"}}), ErrorCode.ConditionFailed)
        compare(failed.record, "t")
        compare(failed.model, "Product")
    }

    Component { id: objectComponent; ModelObject { type: "Product" } }
    Component { id: queryComponent; LiveQuery { type: "Product" } }

    // may() has no promise either: what makes no sense is warned of, and nothing is known of it.
    function test_mayTakesOddValues(): void {
        const thrown = []
        for (const odd of oddValues) {
            for (const call of [() => store.may(odd.value, "Product"), () => store.may("create", odd.value)]) {
                if (odd.tag === "text" && call !== undefined)
                    continue
                ignoreWarning(/./)
                try {
                    compare(call(), Verdict.Unknown, odd.tag)
                } catch (error) {
                    thrown.push(odd.tag + ": " + error)
                }
            }
        }
        compare(thrown, [])
    }

    // Properties have no promise: their errors are properties, signals and, of fields, in errors.
    function test_propertiesTakeOddValues(): void {
        valueOf(store.save({type: "Product", id: "t", name: "Tea"}))
        const query = createTemporaryObject(queryComponent, testCase)
        const object = createTemporaryObject(objectComponent, testCase)
        for (const odd of oddValues.concat({tag: "nested", value: deep(300)})) {
            if (odd.tag === "a symbol" || odd.tag === "a deep object")
                continue                                // nothing stands between Qt's conversion to a variant and the property
            for (const where of [odd.value, {name: odd.value}, {price: {gt: odd.value}}]) {
                try { query.where = where } catch (error) { }
            }
            try { object.values = odd.value } catch (error) { }
            for (const field of ["name", "price", "tags", "size", "attributes"]) {
                try { object.fields[field] = odd.value } catch (error) { }
            }
            object.reset()
        }
        query.where = {name: {eq: "Tea"}}
        tryCompare(query, "count", 1)
        object.key = "t"
        tryVerify(() => object.fields.name === "Tea")
    }
}
