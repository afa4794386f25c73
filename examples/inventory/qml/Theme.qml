// SPDX-License-Identifier: MIT
pragma Singleton
import QtQuick

QtObject {
    readonly property color window: "#eef1f5"
    readonly property color card: "#ffffff"
    readonly property color line: "#dde3ea"
    readonly property color text: "#1c2733"
    readonly property color faint: "#5f6f80"
    readonly property color accent: "#0b7285"
    readonly property color accentSoft: "#e3f3f6"
    readonly property color danger: "#b3261e"
    readonly property color offline: "#8a5a00"
    readonly property int gap: 12
    readonly property int radius: 10
    readonly property int small: 12
    readonly property int normal: 14
    readonly property int large: 20

    // What there is of up to four texts, with dots between.
    function dotted(a: string, b: string, c: string, d: string): string {
        let text = ""
        for (const part of [a, b, c, d]) {
            if (part)
                text += (text.length > 0 ? " · " : "") + part
        }
        return text
    }
}
