// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline

TestCase {
    id: testCase

    name: "SyncBadge"
    when: windowShown
    visible: true
    width: 300
    height: 100

    Component {
        id: badges
        Rectangle {
            property alias badge: inner

            width: 200
            height: 40
            SyncBadge { id: inner }
        }
    }

    function make(window: string, properties: var): var {
        const holder = createTemporaryObject(badges, testCase, {color: window})
        holder.palette.window = window
        for (const name in properties)
            holder.badge[name] = properties[name]
        return holder
    }

    function states(): var {
        return [{tag: "Local", state: SyncBadge.Local}, {tag: "Synced", state: SyncBadge.Synced}, {tag: "Pending", state: SyncBadge.Pending},
                {tag: "Sending", state: SyncBadge.Sending}, {tag: "Rejected", state: SyncBadge.Rejected},
                {tag: "Merged", state: SyncBadge.Merged}]
    }

    // Relative luminance and contrast as WCAG 2 defines them.
    function luminance(color: var): real {
        const rgb = Qt.color(String(color))
        const part = value => value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4)
        return 0.2126 * part(rgb.r) + 0.7152 * part(rgb.g) + 0.0722 * part(rgb.b)
    }

    function contrast(a: var, b: var): real {
        const [one, other] = [luminance(a), luminance(b)]
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    }

    // Where the sign differs from what is behind it.
    function outline(holder: Item): string {
        const image = grabImage(holder)
        let dots = ""
        for (let y = 0; y < holder.badge.height; ++y) {
            for (let x = 0; x < holder.badge.width; ++x)
                dots += contrast(image.pixel(x, y), holder.color) > 2 ? "#" : " "
        }
        return dots
    }

    function test_theWordIsReadable_data() {
        const rows = []
        for (const window of ["white", "#efefef", "#303030", "#1e1e1e", "black"]) {
            for (const row of states())
                rows.push({tag: row.tag + " on " + window, state: row.state, window: window})
        }
        return rows
    }
    function test_theWordIsReadable(data) {
        const holder = make(data.window, {syncState: data.state})
        verify(contrast(holder.badge.color, data.window) >= 4.5, contrast(holder.badge.color, data.window))
    }

    function test_eachStateHasASignOfItsOwn_data() {
        return [{tag: "light", window: "white"}, {tag: "dark", window: "#1e1e1e"}]
    }
    function test_eachStateHasASignOfItsOwn(data) {
        const outlines = new Set()
        for (const row of states())
            outlines.add(outline(make(data.window, {syncState: row.state})))
        compare(outlines.size, 6)
        verify(!outlines.has(" ".repeat(outlines.values().next().value.length)))
    }

    function test_eachStateHasWordsOfItsOwn() {
        const texts = new Set(), descriptions = new Set()
        for (const row of states()) {
            const badge = make("white", {syncState: row.state}).badge
            texts.add(badge.text)
            descriptions.add(badge.description)
            compare(badge.Accessible.name, badge.text)
            compare(badge.Accessible.description, badge.description)
        }
        compare(texts.size, 6)
        compare(descriptions.size, 6)
    }

    function test_aSteadyBadgeKeepsItsWidth() {
        const badge = make("white", {showText: true}).badge
        const widths = []
        for (const row of states()) {
            badge.syncState = row.state
            widths.push(badge.width)
        }
        badge.steadyWidth = true
        for (const row of states()) {
            badge.syncState = row.state
            compare(badge.width, Math.max(...widths))
        }
        badge.font.pixelSize = 40
        verify(badge.width > 2 * Math.max(...widths))
    }

    function test_textIsTheApplicationsToo() {
        const badge = make("white", {showText: true, steadyWidth: true}).badge
        const before = badge.width
        badge.text = "A word of the application that is longer than each of ours"
        verify(badge.width > before)
        compare(badge.Accessible.name, badge.text)
    }

    function test_aNarrowBadgeCutsItsWord() {
        const holder = make("white", {showText: true, syncState: SyncBadge.Synced})
        holder.badge.width = 30
        const image = grabImage(holder)
        for (let y = 0; y < holder.height; ++y) {
            for (let x = 30; x < holder.width; ++x)
                fuzzyCompare(luminance(image.pixel(x, y)), 1, 0.01)
        }
    }
}
