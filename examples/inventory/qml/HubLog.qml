// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls

// The latest events of the store's hub, the newest on top.
ListView {
    id: list

    function add(name, payload) {
        const shown = Object.keys(payload).filter(key => typeof payload[key] !== "object")
                            .map(key => key + ": " + payload[key]).join(", ")
        events.insert(0, { name: name, detail: shown, time: new Date().toLocaleTimeString(Qt.locale(), "hh:mm:ss") })
        if (events.count > 200)
            events.remove(200, events.count - 200)
    }

    clip: true
    spacing: 4
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    ScrollBar.vertical: ScrollBar { }
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Events")

    model: ListModel { id: events }

    delegate: Column {
        id: row
        required property string name
        required property string detail
        required property string time

        width: ListView.view.width
        Accessible.role: Accessible.ListItem
        Accessible.name: row.time + " " + row.name + " " + row.detail
        Text {
            width: parent.width
            text: row.time + "  " + row.name
            color: Theme.text
            font.pixelSize: Theme.small
            elide: Text.ElideRight
        }
        Text {
            width: parent.width
            visible: row.detail.length > 0
            text: row.detail
            color: Theme.faint
            font.pixelSize: 11
            elide: Text.ElideRight
        }
    }
}
