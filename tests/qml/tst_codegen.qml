// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Everything
import Tideline
import TidelineTesting

/*!
    What QML does with generated code for every feature of a schema, and with the same schema without generated code.
*/
StoreCase {
    id: testCase
    name: "Codegen"
    when: windowShown

    property string called: "Lamp"

    Component {
        id: generatedStoreComponent
        DataStore { schema: Everything.schema }
    }

    Component {
        id: thingComponent
        Thing {
            name: testCase.called
            stockNow: 3
            weight: 0.5
            visible: false
            diedOn: "2024-01-01"
            closesAt: "18:00:00"
            seenAt: new Date(Date.UTC(2024, 0, 2, 3, 4, 5))
            storedAt: 1700000000000
            home: "https://example.org"
            colour: Everything.Colour.RED
            mainAddress: ({street: "Ring", geo: {x: 1, y: 2.5, unit: Everything.Unit.piece}})
            marks: ["x", "y"]
            gaps: [1, null]
            colours: [Everything.Colour.BLUE]
            attributes: ({a: [1, {b: null}]})
            price: 1.25
            stock: 0
            sold: true
        }
    }

    Component {
        id: emptyThingComponent
        Thing { }
    }

    function openGenerated(): DataStore {
        const store = createTemporaryObject(generatedStoreComponent, testCase, {path: folder.file("store" + ++stores + ".db")})
        tryVerify(() => store.opened)
        return store
    }

    function savedThing(store: var): var {
        return valueOf(store.save(createTemporaryObject(thingComponent, testCase)))
    }

    function init(): void {
        called = "Lamp"
    }

    function test_enumsHaveNames(): void {
        compare(Everything.Colour.GREEN, "GREEN")
        compare(Everything.Unit.piece, "piece")
        compare(Everything.Trouble.NULL_, "NULL")
        compare(Everything.Trouble.HIDDEN_, "_HIDDEN")
        compare("PINK" in Everything.Colour, false)
    }

    function test_everyKindOfFieldIsSetAndSaved(): void {
        const store = openGenerated()
        const thing = createTemporaryObject(thingComponent, testCase)
        compare(JSON.stringify(thing.errors), "{}")
        const saved = valueOf(store.save(thing))
        compare(saved.type, "Thing")
        compare(saved.name, "Lamp")
        compare(saved.stockNow, 3)
        compare(saved.weight, 0.5)
        compare(saved.visible, false)
        compare(saved.diedOn, "2024-01-01")
        compare(saved.closesAt, "18:00:00")
        compare(new Date(saved.seenAt).getTime(), Date.UTC(2024, 0, 2, 3, 4, 5))
        compare(saved.storedAt, 1700000000000)
        compare(saved.colour, "RED")
        compare(saved.mainColour, "GREEN")
        compare(saved.mainAddress.street, "Ring")
        compare(saved.mainAddress.geo.y, 2.5)
        compare(saved.mainAddress.geo.unit, "piece")
        compare(saved.marks, ["x", "y"])
        compare(saved.gaps, [1, null])
        compare(saved.colours, ["BLUE"])
        compare(JSON.parse(saved.attributes).a[0], 1)
        compare(saved.price, 1.25)
        compare(saved.stock, 0)
        compare(saved.sold, true)
        compare(saved.ratings, null)
    }

    function test_everyKindOfFieldIsRead(): void {
        const store = openGenerated()
        const saved = savedThing(store)
        const thing = createTemporaryObject(emptyThingComponent, testCase, {key: saved.key})
        tryCompare(thing, "stored", true)
        compare(thing.id, saved.id)
        compare(thing.name, "Lamp")
        compare(thing.weight, 0.5)
        compare(thing.visible, false)
        compare(thing.diedOn, "2024-01-01")
        compare(thing.seenAt.getTime(), Date.UTC(2024, 0, 2, 3, 4, 5))
        compare(thing.storedAt, 1700000000000)
        compare(thing.colour, Everything.Colour.RED)
        compare(thing.mainAddress.geo.x, 1)
        compare(thing.mainAddress.zip, undefined)
        compare(thing.marks.length, 2)
        compare(thing.marks[1], "y")
        compare(thing.gaps[1], null)
        compare(thing.stock, 0)
        compare(thing.sold, true)
        verify(!thing.ratings)
        compare(thing.trouble, "")
        compare(JSON.parse(thing.attributes).a[0], 1)
    }

    function test_objectsAreLiveAndBound(): void {
        const store = openGenerated()
        const thing = createTemporaryObject(thingComponent, testCase)
        const saved = valueOf(store.save(thing))
        valueOf(store.save({type: "Thing", id: saved.id, colour: "BLUE", stock: 7, mainAddress: {street: "Way"}}))
        tryCompare(thing, "colour", Everything.Colour.BLUE)
        compare(thing.stock, 7)
        compare(thing.mainAddress.street, "Way")
        called = "Shade"
        compare(thing.name, "Shade")
        compare(thing.modified, true)
        compare(valueOf(store.save(thing)).name, "Shade")
        valueOf(store.remove("Thing", saved.id))
        tryCompare(thing, "stored", false)
    }

    function test_valuesAreClearedByNull(): void {
        const store = openGenerated()
        const thing = createTemporaryObject(thingComponent, testCase)
        valueOf(store.save(thing))
        thing.price = null
        thing.gaps = null
        thing.colour = ""
        thing.attributes = null
        const saved = valueOf(store.save(thing))
        compare(saved.price, null)
        compare(saved.gaps, null)
        compare(saved.colour, null)
        compare(saved.attributes, null)
        compare(thing.modified, false)
    }

    function test_whatIsWrongIsToldByField(): void {
        const store = openGenerated()
        const thing = createTemporaryObject(thingComponent, testCase, {colour: "PINK"})
        compare(thing.valid, false)
        verify(thing.errors.colour.length > 0)
        const error = errorOf(store.save(thing), ErrorCode.Validation)
        compare(error.model, "Thing")
        compare(error.field, "colour")
        thing.colour = Everything.Colour.GREEN
        thing.mainAddress = {street: 5, geo: {x: "far"}}
        compare(errorOf(store.save(thing), ErrorCode.Validation).model, "Thing")
        verify(thing.errors.mainAddress.length > 0)
    }

    Component {
        id: wordComponent
        Class {
            class_: "c"
            operator_: 1
            new_: true
            default_: Everything.Colour.RED
            delete_: ["d"]
            namespace_: ({street: "s", class: "first"})
            int_: 2
            class__: "c_"
            emit_: "e"
            linux_: true
        }
    }

    Component {
        id: recordComponent
        Record_ {
            objectName: "of the object"
            objectName_: "o"
            parent_: "p"
            signal_: "s"
            property_: "q"
            function_: "f"
            var_: "v"
            let_: "l"
            import_: "i"
            on: "on"
            readonly: "r"
            required: "r"
            from: "x"
            undefined_: "u"
            toString_: "t"
            destroy_: "d"
            key_: "k"
            type_: "y"
            version_: 3
            model: "m"
            thread: "h"
            data: "a"
            value: "w"
        }
    }

    Component {
        id: draftComponent
        Draft_ {
            _name: "a"
            _other: "b"
            name: "c"
            sku: "d"
            urlOfShop: "e"
            status: Everything.Colour.RED
            statusChanged_: new Date(0)
            point: ({x: 1, y: 2})
            on_NameChanged: ++changes
            onSkuChanged: ++changes
            property int changes: 0
        }
    }

    function test_hardNamesWork(): void {
        const store = openGenerated()
        const word = valueOf(store.save(createTemporaryObject(wordComponent, testCase)))
        compare(word.type, "class")
        compare(word.class, "c")
        compare(word.new, true)
        compare(word.class_, "c_")
        compare(word.namespace.class, "first")

        const object = createTemporaryObject(recordComponent, testCase)
        const record = valueOf(store.save(object))
        compare(object.objectName, "of the object")
        compare(object.key, record.id)
        compare(object.toString_, "t")
        verify(object.toString().startsWith("Everything::Record_"))
        compare(record.objectName, "o")
        compare(record.function, "f")
        compare(record.undefined, "u")
        compare(record.on, "on")
        compare(record.key, "k")

        const draft = createTemporaryObject(draftComponent, testCase)
        const changes = draft.changes
        draft._name = "z"
        draft.sku = "y"
        compare(draft.changes, changes + 2)
        const saved = valueOf(store.save(draft))
        compare(saved._name, "z")
        compare(saved._Other, "b")
        compare(saved.SKU, "y")
        compare(saved.URLOfShop, "e")
        compare(new Date(saved.statusChanged).getTime(), 0)
    }

    function test_relations(): void {
        const store = openGenerated()
        const boss = valueOf(store.save({type: "Person", name: "Boss"}))
        const saved = savedThing(store)
        valueOf(store.save({type: "Thing", id: saved.id, personThingsId: boss.id}))
        const thing = createTemporaryObject(emptyThingComponent, testCase, {key: saved.id})
        tryCompare(thing.owner, "name", "Boss")
        compare(thing.owner.stored, true)
        tryCompare(thing.parts, "count", 0)
        valueOf(store.save({type: "Part", thingID: saved.id, number: 1, colour: Everything.Colour.RED}))
        tryCompare(thing.parts, "count", 1)
        const group = valueOf(store.save({type: "Group", title: "red"}))
        valueOf(store.save({type: "ThingGroups", thingId: saved.id, groupId: group.id}))
        tryCompare(thing.groups, "count", 1)
        compare(thing.groups.get(0).title, "red")
    }

    Component {
        id: partsComponent
        LiveQuery {
            type: "Part"
            where: ({colour: {eq: Everything.Colour.RED}, thing: {name: {beginsWith: "La"}}})
            sort: ["-number"]
        }
    }

    Component {
        id: dynamicComponent
        ModelObject {
            type: "class"
            values: ({class: "c", default: "RED", operator: 5})
        }
    }

    function test_theSchemaWorksWithoutGeneratedCode(): void {
        const store = openStore({schemaFile: Qt.resolvedUrl("../unit/tools/codegen/everything.graphql")})
        const word = createTemporaryObject(dynamicComponent, testCase)
        compare(word.fields.class, "c")
        compare(valueOf(store.save(word)).operator, 5)
        const thing = valueOf(store.save({
            type: "Thing", name: "Lamp", stockNow: 1, weight: 1, diedOn: "2024-01-01", closesAt: "18:00", seenAt: new Date(0), storedAt: 1,
            home: "https://example.org", mainAddress: {street: "s"}, marks: []}))
        for (let number = 1; number < 4; ++number)
            valueOf(store.save({type: "Part", thingID: thing.id, number: number, colour: number === 2 ? "BLUE" : "RED"}))
        const parts = createTemporaryObject(partsComponent, testCase)
        tryCompare(parts, "count", 2)
        compare(parts.get(0).number, 3)
        valueOf(store.save({type: "Thing", id: thing.id, name: "Shade"}))
        tryCompare(parts, "count", 0)
        compare(valueOf(store.count("Record")), 0)
        compare(valueOf(store.save({type: "_Draft", _name: "n", SKU: "s"})).SKU, "s")
    }
}
