// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Every slip is told: by the promise, by a signal, in a property; with the place and in words.
*/
StoreCase {
    id: testCase
    name: "Errors"

    SignalSpy { id: failures; signalName: "callFailed" }
    SignalSpy { id: errors; signalName: "errorOccurred" }

    function watch(store: DataStore): void {
        failures.target = store
        errors.target = store
        failures.clear()
        errors.clear()
    }

    function test_savesWithoutSense_data(): var {
        return [
            {tag: "no type", value: {name: "Tea"}, code: ErrorCode.InvalidArgument, words: /member "type"/},
            {tag: "unknown type", value: {type: "Produkt"}, code: ErrorCode.UnknownModel, model: "Produkt", words: /did you mean "Product"/},
            {tag: "unknown field", value: {type: "Product", nam: "Tea"}, code: ErrorCode.UnknownField, model: "Product", field: "nam", words: /did you mean "name"/},
            {tag: "relation as a field", value: {type: "StockCount", product: "1"}, code: ErrorCode.UnknownField, model: "StockCount", field: "product"},
            {tag: "missing field", value: {type: "Product"}, code: ErrorCode.Validation, model: "Product", field: "name"},
            {tag: "null for a required field", value: {type: "Product", name: null}, code: ErrorCode.Validation, model: "Product", field: "name"},
            {tag: "text for a number", value: {type: "StockCount", sku: "1", quantity: "many"}, code: ErrorCode.Validation, model: "StockCount", field: "quantity"},
            {tag: "a fraction for an Int", value: {type: "StockCount", sku: "1", quantity: 1.5}, code: ErrorCode.Validation, model: "StockCount", field: "quantity"},
            {tag: "not a number", value: {type: "StockCount", sku: "1", quantity: NaN}, code: ErrorCode.Validation, model: "StockCount", field: "quantity"},
            {tag: "a word that no enum has", value: {type: "Product", name: "Tea", status: "LOST"}, code: ErrorCode.Validation, model: "Product", field: "status"},
            {tag: "an embedded type without its field", value: {type: "Product", name: "Tea", size: {}}, code: ErrorCode.Validation, model: "Product", field: "size.width"},
            {tag: "a function", value: {type: "Product", name: () => "Tea"}, code: ErrorCode.Validation, model: "Product", field: "name"},
            {tag: "text", value: "Tea", code: ErrorCode.InvalidArgument},
            {tag: "nothing", value: undefined, code: ErrorCode.InvalidArgument},
            {tag: "null", value: null, code: ErrorCode.InvalidArgument},
            {tag: "an array", value: [{type: "Product", name: "Tea"}], code: ErrorCode.InvalidArgument},
            {tag: "another object", value: failures, code: ErrorCode.InvalidArgument},
        ]
    }

    function test_savesWithoutSense(data: var): void {
        const store = openStore()
        watch(store)
        const error = errorOf(store.save(data.value), data.code)
        compare(error.model, data.model || "")
        compare(error.field, data.field || "")
        verify(!data.words || data.words.test(error.message), error.message)
        compare(error.retryable, false)
        compare(failures.count, 1)
        const signalled = failures.signalArguments[0][0]
        compare(signalled.code, error.code)
        compare(signalled.message, error.message)
        compare(signalled.model, error.model)
        compare(signalled.field, error.field)
        compare(valueOf(store.count("Product")), 0)
    }

    function test_errorsPrintWell(): void {
        const store = openStore()
        const error = errorOf(store.save({type: "Product"}), ErrorCode.Validation)
        compare(error.name, "Validation")
        verify(error.toString().startsWith("Validation: "), error.toString())
    }

    function test_queriesWithoutSense_data(): var {
        return [
            {tag: "unknown type", type: "Produkt", code: ErrorCode.UnknownModel},
            {tag: "unknown field", where: {nam: {eq: "Tea"}}, code: ErrorCode.UnknownField, field: "nam"},
            {tag: "unknown operator", where: {name: {equals: "Tea"}}, code: ErrorCode.InvalidArgument, field: "name", words: /did you mean "eq"/},
            {tag: "a value instead of an operator", where: {name: "Tea"}, code: ErrorCode.InvalidArgument, field: "name"},
            {tag: "text instead of a condition", where: "name = Tea", code: ErrorCode.InvalidArgument},
            {tag: "a number instead of a condition", where: 5, code: ErrorCode.InvalidArgument},
            {tag: "an array instead of a condition", where: [], code: ErrorCode.InvalidArgument},
            {tag: "a value that the field cannot have", where: {price: {gt: "much"}}, code: ErrorCode.InvalidArgument, field: "price"},
            {tag: "unknown sort field", options: {sort: ["nam"]}, code: ErrorCode.UnknownField, field: "nam"},
            {tag: "sort of no kind", options: {sort: 5}, code: ErrorCode.InvalidArgument},
            {tag: "unknown option", options: {limt: 5}, code: ErrorCode.InvalidArgument, words: /limt/},
            {tag: "limit as text", options: {limit: "5"}, code: ErrorCode.InvalidArgument},
            {tag: "negative offset", options: {offset: -5}, code: ErrorCode.InvalidArgument},
            {tag: "options as a number", options: 5, code: ErrorCode.InvalidArgument},
        ]
    }

    function test_queriesWithoutSense(data: var): void {
        const store = openStore()
        watch(store)
        const type = data.type || "Product"
        const error = errorOf(store.query(type, data.where, data.options), data.code)
        verify(!data.words || data.words.test(error.message), error.message)
        compare(error.field, data.field || "")
        compare(failures.count, 1)
        if (data.where !== undefined) {
            errorOf(store.count(type, data.where), data.code)
            errorOf(store.removeAll(type, data.where), data.code)
        }
    }

    Component {
        id: bare
        DataStore { }
    }

    function test_noSchema(): void {
        ignoreWarning(/has no schema/)
        const store = createTemporaryObject(bare, testCase, {path: folder.file("bare.db")})
        compare(store.opened, false)
        compare(store.lastError.code, ErrorCode.InvalidArgument)
        errorOf(store.open(), ErrorCode.InvalidArgument)
        const error = errorOf(store.save({type: "Product", name: "Tea"}), ErrorCode.InvalidArgument)
        verify(/schema/.test(error.message), error.message)
        errorOf(store.query("Product"), ErrorCode.InvalidArgument)
    }

    function test_wrongSchemaFile_data(): var {
        return [
            {tag: "not there", file: folder.file("nowhere.graphql"), code: ErrorCode.InvalidArgument, words: /nowhere.graphql/},
            {tag: "not on this device", file: "http://127.0.0.1/schema.graphql", code: ErrorCode.InvalidArgument, words: /local file/},
            {tag: "not GraphQL", file: folder.write("noise.graphql", "type Product @model {\n  name String\n}\n"), code: ErrorCode.SyntaxError, words: /2:/},
            {tag: "a type that does not exist", file: folder.write("wrong.graphql", "type Product @model { name: Text }"), code: ErrorCode.InvalidSchema, words: /Text/},
        ]
    }

    function test_wrongSchemaFile(data: var): void {
        ignoreWarning(/./)
        const store = createTemporaryObject(bare, testCase, {path: folder.file("wrong" + ++stores + ".db"), schemaFile: data.file})
        compare(store.opened, false)
        compare(store.lastError.code, data.code, store.lastError.message)
        const error = errorOf(store.open(), data.code)
        compare(error.message, store.lastError.message)
        const words = error.message + error.detail
        verify(!data.words || data.words.test(words), words)

        store.schemaFile = testCase.schemaFile          // put right: opens by itself
        tryVerify(() => store.opened)
        compare(valueOf(store.save({type: "Product", name: "Tea"})).name, "Tea")
    }

    function test_whatCannotChangeWhileOpen(): void {
        const store = openStore()
        watch(store)
        const path = store.path
        ignoreWarning(/path/)
        store.path = folder.file("other.db")
        compare(store.path, path)
        compare(errors.count, 1)
        compare(errors.signalArguments[0][0].code, ErrorCode.InvalidArgument)
        ignoreWarning(/schema/)
        store.schemaFile = folder.write("other.graphql", "type Other @model { name: String }")
        compare(errors.count, 2)
        compare(valueOf(store.count("Product")), 0)
    }

    function test_filesThatCannotBeOpened_data(): var {
        return [
            {tag: "not a database", path: folder.write("notes.txt", "Milk, bread, and a good deal more than that. ".repeat(50))},
            {tag: "a folder", path: folder.file("")},
        ]
    }

    function test_filesThatCannotBeOpened(data: var): void {
        ignoreWarning(/./)
        const store = createTemporaryObject(storeComponent, testCase, {path: String(data.path), autoOpen: false})
        watch(store)
        const error = outcome(store.open()).error
        verify(error instanceof Error)
        compare(store.opened, false)
        compare(failures.count, 1)
        compare(store.lastError.code, error.code)
    }

    Component {
        id: badBackend
        AppSync { }
    }

    function test_aBackendWithoutUrl(): void {
        const store = openStore()
        watch(store)
        ignoreWarning(/AppSync.url/)
        store.backend = createTemporaryObject(badBackend, testCase)
        tryCompare(errors, "count", 1)
        compare(store.lastError.code, ErrorCode.InvalidArgument)
        ignoreWarning(/AppSync.auth/)
        store.backend.url = "http://127.0.0.1:9/graphql"
        tryCompare(errors, "count", 2)
        compare(store.syncState, DataStore.Stopped)
    }
}
