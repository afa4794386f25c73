// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

StoreCase {
    id: testCase
    name: "LiveAggregate"

    Component {
        id: aggregateComponent
        LiveAggregate {
            type: "StockCount"
            field: "quantity"
        }
    }

    function test_functions_data(): var {
        return [
            {tag: "count", aggregate: LiveAggregate.Count, none: 0, first: 3, second: 4},
            {tag: "sum", aggregate: LiveAggregate.Sum, none: 0, first: 6, second: 16},
            {tag: "min", aggregate: LiveAggregate.Min, none: null, first: 1, second: 1},
            {tag: "max", aggregate: LiveAggregate.Max, none: null, first: 3, second: 10},
            {tag: "avg", aggregate: LiveAggregate.Avg, none: null, first: 2, second: 4},
        ]
    }

    function test_functions(data: var): void {
        const store = openStore()
        const aggregate = createTemporaryObject(aggregateComponent, testCase, {kind: data.aggregate})
        tryCompare(aggregate, "ready", true)
        compare(aggregate.value, data.none)
        valueOf(store.saveAll([1, 2, 3].map(n => ({type: "StockCount", sku: "s", quantity: n}))))
        tryCompare(aggregate, "value", data.first)
        valueOf(store.save({type: "StockCount", sku: "s", quantity: 10}))
        tryCompare(aggregate, "value", data.second)
        valueOf(store.removeAll("StockCount", {}))
        tryCompare(aggregate, "value", data.none)
    }

    function test_propertiesChange(): void {
        const store = openStore()
        valueOf(store.saveAll([1, 2, 3].map(n => ({type: "StockCount", sku: "s", quantity: n}))))
        const aggregate = createTemporaryObject(aggregateComponent, testCase)
        tryCompare(aggregate, "value", 3)
        aggregate.where = {quantity: {gt: 1}}
        tryCompare(aggregate, "value", 2)
        aggregate.kind = LiveAggregate.Sum
        tryCompare(aggregate, "value", 5)
        aggregate.type = "Product"
        aggregate.field = "price"
        aggregate.where = null
        tryCompare(aggregate, "value", 0)
    }

    function test_mistakes_data(): var {
        return [
            {tag: "unknown type", properties: {type: "StockCounts"}, code: ErrorCode.UnknownModel},
            {tag: "unknown field", properties: {field: "quantty", kind: LiveAggregate.Sum}, code: ErrorCode.UnknownField},
            {tag: "no field", properties: {field: "", kind: LiveAggregate.Sum}, code: ErrorCode.UnknownField},
            {tag: "the sum of texts", properties: {field: "sku", kind: LiveAggregate.Sum}, code: ErrorCode.InvalidArgument},
            {tag: "unknown operator", properties: {where: {quantity: {more: 0}}}, code: ErrorCode.InvalidArgument},
            {tag: "undefined in a condition", properties: {where: {quantity: {eq: undefined}}}, code: ErrorCode.InvalidArgument},
        ]
    }

    function test_mistakes(data: var): void {
        const store = openStore()
        ignoreWarning(/QML LiveAggregate/)
        ignoreWarning(/QML DataStore/)
        const aggregate = createTemporaryObject(aggregateComponent, testCase, data.properties)
        tryVerify(() => aggregate.error.code === data.code, 5000, aggregate.error.message)
        compare(aggregate.ready, false)
        compare(aggregate.value, undefined)
        Object.assign(aggregate, {type: "StockCount", field: "quantity", where: undefined})
        tryCompare(aggregate, "ready", true)
        compare(aggregate.error.code, ErrorCode.None)
        compare(store.opened, true)
    }

    function test_noStore(): void {
        ignoreWarning(/There is no DataStore/)
        const aggregate = createTemporaryObject(aggregateComponent, testCase)
        tryVerify(() => aggregate.error.code === ErrorCode.InvalidArgument)
        openStore()
        tryCompare(aggregate, "value", 0)
    }
}
