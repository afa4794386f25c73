// SPDX-License-Identifier: MIT
import QtQml
import Everything
import Tideline

// What qmllint must know of a generated module: it is silent about this file.
QtObject {
    id: root

    readonly property string name: thing.name
    readonly property string owner: thing.owner.name
    readonly property int parts: thing.parts.count
    readonly property string colour: Everything.Colour.RED
    readonly property bool valid: thing.valid
    readonly property var schema: Everything.schema

    property Thing thing: Thing {
        name: "Lamp"
        stockNow: 3
        storedAt: 1700000000000
        seenAt: new Date()
        mainColour: Everything.Colour.GREEN
        marks: ["x"]
        mainAddress: ({street: "Ring"})
        onNameChanged: console.log(root.name)
    }
    property Class word: Class { class_: "c" }
    property DataStore store: DataStore { schema: Everything.schema }
}
