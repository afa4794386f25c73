// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

/*!
    One decision in a conflict: the delegate of a ListView over a DecisionModel.
*/
RecordCard {
    id: card

    required property int index
    required property var decision
    required property string type
    required property string key
    required property var fields
    required property int taken
    required property date at
    required property bool undone
    required property string deletion           // the side that deleted the record

    readonly property DecisionModel decisions: ListView.view ? ListView.view.model as DecisionModel : null
    readonly property bool selected: ListView.isCurrentItem && ListView.view !== null && ListView.view.activeFocus
    readonly property bool isDoubtful: card.fields.some(field => field.policy === "doubt")
    property var failure: null                  // the error of the last choice
    readonly property color faint: Qt.alpha(card.palette.text, 0.68)

    readonly property string what: {
        if (card.undone)
            return qsTr("You decided otherwise.")
        if (card.isDoubtful && card.taken === DecisionModel.Mine)
            return qsTr("It is not known whether your change had arrived before. It was sent again.")
        if (card.isDoubtful)
            return qsTr("It is not known whether your change came before the other one, which stays.")
        if (card.deletion !== "") {
            const kept = card.fields.some(field => field.result !== undefined && field.result !== null)
            return kept ? qsTr("The record was deleted and changed, and was kept.") : qsTr("The record was deleted and changed, and is gone.")
        }
        switch (card.taken) {
        case DecisionModel.Mine: return qsTr("Your value was taken.")
        case DecisionModel.Theirs: return qsTr("The other value was taken.")
        default: return qsTr("Both were put together.")
        }
    }
    readonly property var rows: {
        const heading = {cells: [qsTr("Field"), qsTr("Mine"), qsTr("Theirs"), qsTr("Result")], mine: -1}
        return [heading].concat(card.fields.map(field => ({
            cells: [field.name, card.shown(field.mine), card.shown(field.theirs), card.shown(field.result)],
            mine: 1
        })))
    }

    function choose(): void {
        if (card.ListView.view)
            card.ListView.view.currentIndex = card.index
    }

    function undo(side: int): void {
        card.choose()
        card.failure = null
        card.decisions.undo(card.index, side)
    }

    width: ListView.view ? ListView.view.width : implicitWidth
    padding: 14
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2: %3").arg(card.type).arg(card.key).arg(card.what)
    Accessible.focusable: true

    background: Rectangle {
        radius: 8
        color: card.palette.base
        border.width: card.selected ? 2 : 1
        border.color: card.selected ? card.palette.highlight : Qt.alpha(card.palette.text, 0.18)
        TapHandler { onTapped: card.choose() }
    }

    Connections {
        target: card.decisions
        function onFailed(decision: var, error: var): void {
            if (decision === card.decision)
                card.failure = error
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 9

        RowLayout {
            Layout.fillWidth: true
            spacing: 8
            Label {
                text: card.type
                color: card.palette.text
                font.bold: true
                font.pixelSize: card.font.pixelSize * 1.1
            }
            Label {
                Layout.fillWidth: true
                text: card.key
                color: card.faint
                elide: Text.ElideMiddle
            }
            Label {
                text: card.at.toLocaleString(Qt.locale(), Locale.ShortFormat)
                color: card.faint
                font.pixelSize: card.font.pixelSize * 0.9
            }
        }

        Label {
            objectName: "what"
            Layout.fillWidth: true
            text: card.what
            color: card.palette.text
            wrapMode: Text.Wrap
        }

        Rectangle {
            Layout.fillWidth: true
            implicitHeight: table.implicitHeight + 16
            radius: 6
            color: Qt.alpha(card.palette.text, 0.045)

            ColumnLayout {
                id: table
                anchors.fill: parent
                anchors.margins: 8
                spacing: 6

                Repeater {
                    model: card.rows
                    RepairRow { Layout.fillWidth: true }
                }
            }
        }

        Label {
            objectName: "failure"
            Layout.fillWidth: true
            visible: card.failure !== null
            text: card.failure?.message ?? ""
            color: card.palette.text
            font.italic: true
            wrapMode: Text.Wrap
        }

        RowLayout {
            Layout.fillWidth: true
            spacing: 8
            visible: !card.undone
            Item { Layout.fillWidth: true }
            Button {
                objectName: "takeTheirs"
                visible: card.taken !== DecisionModel.Theirs
                text: qsTr("Take theirs")
                Accessible.name: qsTr("Take theirs: %1, %2").arg(card.type).arg(card.key)
                onClicked: card.undo(DecisionModel.Theirs)
            }
            Button {
                objectName: "takeMine"
                visible: card.taken !== DecisionModel.Mine
                text: card.isDoubtful ? qsTr("Apply mine") : qsTr("Take mine")      // an increment is added
                Accessible.name: (card.isDoubtful ? qsTr("Apply mine: %1, %2") : qsTr("Take mine: %1, %2")).arg(card.type).arg(card.key)
                onClicked: card.undo(DecisionModel.Mine)
            }
        }
    }
}
