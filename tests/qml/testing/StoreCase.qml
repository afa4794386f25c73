// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    A test case with a folder for its files, stores in it, and a way to wait for promises.
*/
TestCase {
    id: testCase

    readonly property url schemaFile: Qt.resolvedUrl("inventory.graphql")

    property TemporaryFolder folder: TemporaryFolder { }
    property int stores: 0

    property Component storeComponent: Component {
        DataStore { schemaFile: Qt.resolvedUrl("inventory.graphql") }
    }

    // An open store with a file of its own, unless the properties say otherwise. Goes with the test function.
    function openStore(properties: var): DataStore {
        const all = Object.assign({path: testCase.folder.file("store" + ++testCase.stores + ".db")}, properties || {})
        const store = testCase.createTemporaryObject(testCase.storeComponent, testCase, all) as DataStore
        testCase.verify(store !== null)
        if (store.autoOpen)
            testCase.tryVerify(() => store.opened)
        return store
    }

    // What became of a promise: value or error, the other undefined.
    function outcome(promise: var): var {
        const result = {settled: false, value: undefined, error: undefined}
        testCase.verify(promise instanceof Promise)
        promise.then(value => { result.value = value; result.settled = true },
                     error => { result.error = error; result.settled = true })
        testCase.tryVerify(() => result.settled, 10000, "The promise was settled")
        return result
    }

    function valueOf(promise: var): var {
        const result = testCase.outcome(promise)
        testCase.compare(result.error, undefined)
        return result.value
    }

    // The rejection, which must be a JavaScript Error with that code.
    function errorOf(promise: var, code: int): var {
        const error = testCase.outcome(promise).error
        testCase.verify(error instanceof Error, "The promise was rejected with an Error")
        testCase.verify(error.message.length > 0)
        testCase.compare(error.code, code, error.toString())
        return error
    }
}
