// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls

/*!
    What the cards of a RepairBench and a ConflictLog have in common: how a value is written.
*/
Pane {
    function shown(value: var): string {
        if (value === undefined || value === null || value === "")
            return qsTr("empty")
        if (value === true)
            return qsTr("yes")
        if (value === false)
            return qsTr("no")
        if (typeof value === "number")
            return value.toLocaleString(Qt.locale(), "f", -128)       // as many digits as tell it from any other number
        if (Array.isArray(value) && value.every(element => typeof element !== "object"))
            return value.join(", ")
        return typeof value === "object" ? JSON.stringify(value) : String(value)
    }
}
