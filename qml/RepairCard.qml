// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQuick.Layouts
import Tideline

/*!
    One rejected mutation, one record that is kept aside, or what has no place in this version of the application: the delegate of a ListView over a RepairModel.
*/
RecordCard {
    id: card

    required property int index
    required property int kind
    required property var mutation
    required property string type
    required property string key
    required property int operation
    required property var fields
    required property var theirs
    required property bool deleted
    required property int code
    required property string message
    required property string errorType
    required property date createdAt
    required property int waiting
    required property string parentType
    required property string parentKey
    required property var unmapped              // its number

    readonly property RepairModel repairs: ListView.view ? ListView.view.model as RepairModel : null
    readonly property bool selected: ListView.isCurrentItem && ListView.view !== null && ListView.view.activeFocus
    readonly property bool isAside: card.kind === RepairModel.Quarantined
    readonly property bool isUnmapped: card.kind === RepairModel.Unmapped
    readonly property bool isForgotten: card.isAside || card.isUnmapped         // rather than discarded
    property var failure: null                  // the error of the last choice
    property bool asking: false                 // whether to discard
    readonly property bool dependentsAsked: card.asking && card.failure !== null && card.failure.code === ErrorCode.HasDependents
    readonly property color faint: Qt.alpha(card.palette.text, 0.68)

    readonly property string what: {
        if (card.isAside)
            return qsTr("Received %1").arg(card.type)
        if (card.isUnmapped)
            return qsTr("Kept %1").arg(card.type)
        switch (card.operation) {
        case RepairModel.Create: return qsTr("New %1").arg(card.type)
        case RepairModel.Delete: return qsTr("Deleted %1").arg(card.type)
        default: return qsTr("Changed %1").arg(card.type)
        }
    }
    readonly property string reason: {
        if (card.isAside) {
            switch (card.code) {
            case ErrorCode.MissingParent: return qsTr("The record that it belongs to is not on this device.")
            case ErrorCode.Validation: return qsTr("This version of the app cannot read its values.")
            default: return qsTr("This device cannot store it.")
            }
        }
        if (card.isUnmapped)
            return card.message
        switch (card.code) {
        case ErrorCode.Unauthorized: return qsTr("You are not allowed to make this change.")
        case ErrorCode.Validation: return qsTr("The backend does not accept these values.")
        case ErrorCode.ConditionFailed:
            return card.operation === RepairModel.Create ? qsTr("There is another record with this key already.")
                                                         : qsTr("The record was not as this change expected it.")
        case ErrorCode.Conflict:
            return card.deleted ? qsTr("Somebody deleted the record while you changed it.")
                                : qsTr("Somebody else kept changing the record while this change was sent.")
        default: return qsTr("The backend refused this change.")
        }
    }
    readonly property string question: {
        if (card.isAside)
            return qsTr("Forget it here? The backend keeps it and may send it again.")
        if (card.isUnmapped)
            return qsTr("Forget it for good? It may be nowhere else.")
        if (card.dependentsAsked)
            return qsTr("Other records that were not sent yet refer to it. Discard them too?")
        switch (card.operation) {
        case RepairModel.Create: return qsTr("Discard it? The record is removed from this device.")
        case RepairModel.Delete: return qsTr("Discard it? The record comes back.")
        default: return qsTr("Discard it? The fields get back what the backend has.")
        }
    }

    readonly property var rows: {
        const told = card.theirs !== null && card.fields.some(field => !card.same(field.theirs, field.base))
        const columns = [{title: qsTr("Field"), text: field => field.name}]
        if (card.isAside) {
            columns.push({title: qsTr("Backend"), text: field => card.shown(field.theirs)})
            return [{cells: columns.map(column => column.title), mine: -1}]
                .concat(card.fields.map(field => ({cells: columns.map(column => column.text(field)), mine: 4})))
        }
        if (card.operation === RepairModel.Update && !card.isUnmapped)
            columns.push({title: qsTr("Before"), text: field => card.shown(field.base)})
        if (card.operation === RepairModel.Delete)
            columns.push({title: qsTr("Value"), text: field => card.shown(field.base)})
        else
            columns.push({title: qsTr("Mine"), text: field => card.shown(field.mine)})
        if (told)
            columns.push({title: qsTr("Backend"), text: field => card.shown(field.theirs)})
        const mine = card.isUnmapped ? 1 : card.operation === RepairModel.Update ? 2 : card.operation === RepairModel.Create ? 1 : 4
        return [{cells: columns.map(column => column.title), mine: -1}]
            .concat(card.fields.map(field => ({cells: columns.map(column => column.text(field)), mine: mine})))
    }

    function choose(): void {
        if (card.ListView.view)
            card.ListView.view.currentIndex = card.index
    }

    function retry(): void {
        card.choose()
        card.failure = null
        card.repairs.retry(card.index)
    }

    function discard(withDependents: bool): void {
        card.choose()
        card.repairs.discard(card.index, withDependents)
    }

    function ask(): void {
        card.choose()
        card.failure = null
        card.asking = true
        keepButton.forceActiveFocus(Qt.TabFocusReason)
    }

    function keep(): void {
        if (!card.asking)
            return
        card.asking = false
        discardButton.forceActiveFocus(Qt.TabFocusReason)
    }

    function same(a: var, b: var): bool {
        return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
    }

    width: ListView.view ? ListView.view.width : implicitWidth
    padding: 14
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2: %3").arg(card.what).arg(card.key).arg(card.reason)
    Accessible.focusable: true

    background: Rectangle {
        radius: 8
        color: card.palette.base
        border.width: card.selected ? 2 : 1
        border.color: card.selected ? card.palette.highlight : Qt.alpha(card.palette.text, 0.18)

        Rectangle {         // what is marked by it waits for the user
            anchors.left: parent.left
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            anchors.margins: 8
            width: 3
            radius: 1.5
            color: card.palette.highlight
        }
        TapHandler { onTapped: card.choose() }
    }

    Connections {
        target: card.repairs
        function onFailed(mutation: var, error: var): void {
            if (card.kind === RepairModel.Mutation && mutation === card.mutation)
                card.failure = error
        }
        function onUnmappedFailed(unmapped: var, error: var): void {
            if (card.isUnmapped && unmapped === card.unmapped)
                card.failure = error
        }
        function onQuarantineFailed(type: string, key: string, error: var): void {
            if (card.isAside && type === card.type && key === card.key)
                card.failure = error
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: 9

        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            spacing: 8
            Label {
                text: card.what
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
                text: card.createdAt.toLocaleString(Qt.locale(), Locale.ShortFormat)
                color: card.faint
                font.pixelSize: card.font.pixelSize * 0.9
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            spacing: 2
            Label {
                objectName: "reason"
                Layout.fillWidth: true
                text: card.reason
                color: card.palette.text
                wrapMode: Text.Wrap
            }
            Label {
                Layout.fillWidth: true
                visible: card.message.length > 0 && !card.isUnmapped
                text: card.isAside ? card.message
                    : card.errorType.length > 0 ? qsTr("The backend says: %1 (%2)").arg(card.message).arg(card.errorType)
                    : qsTr("The backend says: %1").arg(card.message)
                color: card.faint
                font.pixelSize: card.font.pixelSize * 0.9
                textFormat: Text.PlainText
                wrapMode: Text.Wrap
            }
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            implicitHeight: table.implicitHeight + 16
            visible: card.fields.length > 0
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
            Layout.fillWidth: true
            Layout.leftMargin: 6
            visible: card.waiting > 0
            text: qsTr("%n more change(s) wait until this one is decided.", "", card.waiting)
            color: card.faint
            font.pixelSize: card.font.pixelSize * 0.9
            wrapMode: Text.Wrap
        }
        Label {
            objectName: "waitsFor"
            Layout.fillWidth: true
            Layout.leftMargin: 6
            visible: card.parentType.length > 0
            text: qsTr("Waits for %1 %2, and appears by itself when that comes.").arg(card.parentType).arg(card.parentKey)
            color: card.faint
            font.pixelSize: card.font.pixelSize * 0.9
            textFormat: Text.PlainText
            wrapMode: Text.Wrap
        }
        Label {
            objectName: "kept"
            Layout.fillWidth: true
            Layout.leftMargin: 6
            visible: card.isUnmapped
            text: qsTr("It is kept, and tried again by itself with each new version of the app.")
            color: card.faint
            font.pixelSize: card.font.pixelSize * 0.9
            wrapMode: Text.Wrap
        }
        Label {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            visible: card.failure !== null && !card.dependentsAsked
            text: card.failure?.message ?? ""
            color: card.palette.text
            font.italic: true
            wrapMode: Text.Wrap
        }

        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            spacing: 8
            visible: !card.asking
            Item { Layout.fillWidth: true }
            Button {
                id: discardButton
                objectName: "discard"
                text: card.isForgotten ? qsTr("Forget …") : qsTr("Discard …")
                Accessible.name: (card.isForgotten ? qsTr("Forget: %1, %2") : qsTr("Discard: %1, %2")).arg(card.what).arg(card.key)
                onClicked: card.ask()
            }
            Button {
                objectName: "retry"
                visible: !card.isUnmapped
                text: qsTr("Retry")
                highlighted: true
                Accessible.name: qsTr("Retry: %1, %2").arg(card.what).arg(card.key)
                onClicked: card.retry()
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.leftMargin: 6
            spacing: 6
            visible: card.asking
            Label {
                objectName: "question"
                Layout.fillWidth: true
                text: card.question
                color: card.palette.text
                font.bold: true
                wrapMode: Text.Wrap
                Accessible.role: Accessible.AlertMessage
            }
            Label {
                Layout.fillWidth: true
                visible: card.dependentsAsked
                text: card.dependentsAsked ? card.failure.detail : ""
                color: card.faint
                textFormat: Text.PlainText
                maximumLineCount: 6
                elide: Text.ElideRight
                wrapMode: Text.Wrap
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: 8
                Item { Layout.fillWidth: true }
                Button {
                    id: keepButton
                    objectName: "keep"
                    text: qsTr("Keep")
                    Accessible.name: qsTr("Keep: %1, %2").arg(card.what).arg(card.key)
                    onClicked: card.keep()
                }
                Button {
                    objectName: "reallyDiscard"
                    text: card.isForgotten ? qsTr("Forget") : card.dependentsAsked ? qsTr("Discard all") : qsTr("Discard")
                    highlighted: true
                    Accessible.name: (card.isForgotten ? qsTr("Really forget: %1, %2") : qsTr("Really discard: %1, %2")).arg(card.what).arg(card.key)
                    onClicked: card.discard(card.dependentsAsked)
                }
            }
        }
    }
}
