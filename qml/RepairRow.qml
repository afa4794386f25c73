// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls

/*!
    A line of the table on a RepairCard: up to four texts side by side.
*/
Row {
    id: row

    required property var modelData             // {cells: [text], mine: number of the cell that is the user's; -1: a heading}
    readonly property var cells: row.modelData.cells
    readonly property real cellWidth: (row.width - row.spacing * (row.cells.length - 1)) / row.cells.length
    readonly property bool isHeading: row.modelData.mine < 0

    spacing: 10
    Accessible.role: Accessible.Row
    Accessible.name: row.cells.join(", ")

    Cell {
        width: row.cellWidth
        text: row.cells[0]
        faint: true
    }
    Cell {
        width: row.cellWidth
        visible: row.cells.length > 1
        text: row.cells[1] ?? ""
        faint: row.isHeading
        font.bold: row.modelData.mine === 1
    }
    Cell {
        width: row.cellWidth
        visible: row.cells.length > 2
        text: row.cells[2] ?? ""
        faint: row.isHeading
        font.bold: row.modelData.mine === 2
    }
    Cell {
        width: row.cellWidth
        visible: row.cells.length > 3
        text: row.cells[3] ?? ""
        faint: row.isHeading
    }

    component Cell: Label {
        id: cell

        property bool faint: false

        color: cell.faint ? Qt.alpha(cell.palette.text, 0.68) : cell.palette.text
        textFormat: Text.PlainText
        wrapMode: Text.Wrap
        maximumLineCount: 4
        elide: Text.ElideRight
        Accessible.ignored: true
    }
}
