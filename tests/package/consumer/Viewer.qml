// SPDX-License-Identifier: MIT
import Tideline

DataStore {
    id: store

    readonly property LiveAggregate articles: LiveAggregate {
        type: "Article"
        kind: LiveAggregate.Count
        onReadyChanged: Qt.exit(value === 1 ? 0 : 4)
    }
    onErrorOccurred: (error) => {
        console.warn(error.message)
        Qt.exit(3)
    }
}
