// SPDX-License-Identifier: MIT
import QtQuick
import QtQuick.Controls
import QtQml.Models
import QtTest
import Inventory
import Tideline
import TidelineTesting

/*!
    Which store an object means that names none: the one declared in the nearest object around it, however it was made.
*/
StoreCase {
    id: testCase
    name: "StoreScope"
    when: windowShown
    width: 200
    height: 200
    visible: true

    // What looks for a store; a delegate, too.
    component Seeker: Item {
        property alias query: seekingQuery
        property alias sum: seekingSum
        property alias draft: seekingDraft
        property alias generated: seekingCount
        width: 10
        height: 10
        LiveQuery { id: seekingQuery; type: "Product" }
        LiveAggregate { id: seekingSum; type: "Product" }
        ModelObject { id: seekingDraft; type: "Product" }
        StockCount { id: seekingCount }
    }

    component Store: DataStore {
        schema: Inventory.schema
        path: ":memory:"
    }

    function verifyStore(seeker: var, store: var): void {
        verify(store !== null)
        tryCompare(seeker.query, "store", store)
        tryCompare(seeker.sum, "store", store)
        tryCompare(seeker.draft, "store", store)
        tryCompare(seeker.generated, "store", store)
    }

    Component {
        id: nested
        Item {
            property alias outer: outerStore
            property alias inner: innerStore
            property alias beside: leftStore
            property alias outerSeeker: seekerOutside
            property alias innerSeeker: seekerInside
            property alias leftSeeker: seekerLeft
            property alias innerPage: pageInside
            property alias leftPage: pageLeft
            property alias listInside: innerList
            property var made: []
            function make(owner) { return makeable.createObject(owner) }
            Seeker { id: seekerOutside }
            Item {
                id: pageInside
                function make() { return makeable.createObject(pageInside) }
                Item {
                    Seeker { id: seekerInside }
                    ListView {
                        id: innerList
                        width: 100
                        height: 100
                        model: LiveQuery { type: "Product" }
                        delegate: Seeker {
                            required property string name
                        }
                    }
                }
                Store { id: innerStore }
            }
            Item {
                id: pageLeft
                Store { id: leftStore }
                Seeker { id: seekerLeft }
            }
            Store { id: outerStore }
            Component { id: makeable; Seeker { } }
        }
    }

    function test_nestedAndSideBySide(): void {
        const scene = createTemporaryObject(nested, testCase)
        verifyStore(scene.innerSeeker, scene.inner)
        verifyStore(scene.leftSeeker, scene.beside)
        verifyStore(scene.outerSeeker, scene.outer)
    }

    function test_neverAnothersRecords(): void {
        const scene = createTemporaryObject(nested, testCase)
        tryVerify(() => scene.inner.opened && scene.outer.opened && scene.beside.opened)
        valueOf(scene.inner.save({type: "Product", name: "inner"}))
        valueOf(scene.outer.saveAll([{type: "Product", name: "outer"}, {type: "Product", name: "outer"}]))
        tryCompare(scene.innerSeeker.query, "count", 1)
        tryCompare(scene.outerSeeker.query, "count", 2)
        tryCompare(scene.leftSeeker.query, "ready", true)
        compare(scene.leftSeeker.query.count, 0)
        tryCompare(scene.innerSeeker.sum, "value", 1)
        tryCompare(scene.outerSeeker.sum, "value", 2)
    }

    function test_anItemThatMoves(): void {
        const scene = createTemporaryObject(nested, testCase)
        tryVerify(() => scene.inner.opened && scene.beside.opened)
        valueOf(scene.beside.save({type: "Product", name: "left"}))
        const seeker = scene.innerSeeker
        verifyStore(seeker, scene.inner)
        tryCompare(seeker.query, "ready", true)
        seeker.parent = scene.leftPage
        verifyStore(seeker, scene.beside)
        tryCompare(seeker.query, "count", 1)
        seeker.parent = scene
        verifyStore(seeker, scene.outer)
        tryCompare(seeker.query, "count", 0)
        scene.leftPage.parent = scene.innerPage         // what encloses it moves: its own store stays nearest
        verifyStore(scene.leftSeeker, scene.beside)
        seeker.parent = scene.leftPage
        verifyStore(seeker, scene.beside)
        scene.beside.destroy()
        verifyStore(seeker, scene.inner)
    }

    function test_aStoreThatTheApplicationNamesStays(): void {
        const scene = createTemporaryObject(nested, testCase)
        verifyStore(scene.innerSeeker, scene.inner)
        scene.innerSeeker.query.store = scene.outer
        scene.innerSeeker.draft.store = null
        scene.innerSeeker.parent = scene.leftPage
        tryCompare(scene.innerSeeker.sum, "store", scene.beside)
        compare(scene.innerSeeker.query.store, scene.outer)
        compare(scene.innerSeeker.draft.store, null)
    }

    function test_madeByAComponent(): void {
        const scene = createTemporaryObject(nested, testCase)
        const inside = createTemporaryObject(seekerComponent, scene.innerPage)
        compare(inside.query.store, scene.inner)        // at once
        verifyStore(inside, scene.inner)
        verifyStore(createTemporaryObject(seekerComponent, scene.leftSeeker), scene.beside)
        verifyStore(createTemporaryObject(seekerComponent, scene), scene.outer)
        verifyStore(scene.innerPage.make(), scene.inner)
        verifyStore(scene.make(scene.leftPage), scene.beside)
        const nobodys = scene.make(null)                // means the document that made it
        verifyStore(nobodys, scene.outer)
        nobodys.destroy()
    }

    Component { id: seekerComponent; Seeker { } }

    function test_listViewDelegates(): void {
        const scene = createTemporaryObject(nested, testCase)
        tryVerify(() => scene.inner.opened)
        valueOf(scene.inner.saveAll([{type: "Product", name: "1"}, {type: "Product", name: "2"}]))
        tryCompare(scene.listInside, "count", 2)
        tryVerify(() => scene.listInside.itemAtIndex(1) !== null)
        verifyStore(scene.listInside.itemAtIndex(0), scene.inner)
        verifyStore(scene.listInside.itemAtIndex(1), scene.inner)
    }

    Component {
        id: views
        Item {
            property alias inner: viewsStore
            property alias repeater: viewsRepeater
            property alias instantiator: viewsInstantiator
            property alias loader: viewsLoader
            property alias objectLoader: viewsObjectLoader
            property alias stack: viewsStack
            Store { }
            Item {
                Store { id: viewsStore }
                Repeater {
                    id: viewsRepeater
                    model: 2
                    Seeker { }
                }
                Instantiator {
                    id: viewsInstantiator
                    model: 2
                    LiveQuery { type: "Product" }
                }
                Loader {
                    id: viewsLoader
                    asynchronous: true
                    sourceComponent: Item {
                        property alias seeker: loaded
                        Seeker { id: loaded }
                    }
                }
                StackView {
                    id: viewsStack
                    initialItem: Seeker { }
                }
            }
            Loader {
                id: viewsObjectLoader
                sourceComponent: LiveQuery { type: "Product" }
            }
        }
    }

    function test_viewsAndLoaders(): void {
        const scene = createTemporaryObject(views, testCase)
        verifyStore(scene.repeater.itemAt(0), scene.inner)
        verifyStore(scene.repeater.itemAt(1), scene.inner)
        tryCompare(scene.instantiator.objectAt(0), "store", scene.inner)
        tryCompare(scene.instantiator.objectAt(1), "store", scene.inner)
        tryVerify(() => scene.loader.item !== null)
        verifyStore(scene.loader.item.seeker, scene.inner)
        verifyStore(scene.stack.currentItem, scene.inner)
        verifyStore(scene.stack.push(seekerComponent), scene.inner)
        tryVerify(() => scene.objectLoader.item.store !== null && scene.objectLoader.item.store !== scene.inner)
    }

    Component {
        id: windowComponent
        ApplicationWindow {
            property alias outer: windowStore
            property alias inner: pageStore
            property alias seeker: windowSeeker
            property alias headerSeeker: seekerInHeader
            property alias pageHeaderSeeker: seekerInPageHeader
            property alias popup: pagePopup
            property alias popupSeeker: pagePopup.contentItem
            property alias centred: centredPopup
            property alias centredSeeker: seekerInCentred
            property alias windowPopup: outerPopup
            property alias windowPopupSeeker: seekerInOuterPopup
            property alias page: windowPage
            width: 200
            height: 200
            visible: true
            header: Item {
                Seeker { id: seekerInHeader }
            }
            Store { id: windowStore }
            Seeker { id: windowSeeker }
            Popup {
                id: outerPopup
                Seeker { id: seekerInOuterPopup }
            }
            Page {
                id: windowPage
                header: Item {
                    Seeker { id: seekerInPageHeader }
                }
                Store { id: pageStore }
                Item {
                    Popup {
                        id: pagePopup
                        contentItem: Seeker { }
                    }
                    Popup {
                        id: centredPopup
                        parent: Overlay.overlay
                        Item {
                            Seeker { id: seekerInCentred }
                        }
                    }
                }
            }
        }
    }

    function test_windowsAndPopups(): void {
        const window = createTemporaryObject(windowComponent, testCase)
        const verifyAll = () => {
            verifyStore(window.seeker, window.outer)
            verifyStore(window.headerSeeker, window.outer)
            verifyStore(window.windowPopupSeeker, window.outer)
            verifyStore(window.pageHeaderSeeker, window.inner)
            verifyStore(window.popupSeeker, window.inner)
            verifyStore(window.centredSeeker, window.inner)
        }
        verifyAll()
        const popups = [window.popup, window.centred, window.windowPopup]
        popups.forEach(popup => popup.open())
        popups.forEach(popup => tryCompare(popup, "opened", true))
        verifyAll()
        window.windowPopup.parent = window.page
        verifyStore(window.windowPopupSeeker, window.inner)
        popups.forEach(popup => popup.close())
        popups.forEach(popup => tryCompare(popup, "visible", false))
        verifyStore(window.popupSeeker, window.inner)
        verifyStore(window.centredSeeker, window.inner)
    }

    Component {
        id: twins
        Item {
            property alias one: oneStore
            property alias two: twoStore
            property alias query: twinsQuery
            Store { id: oneStore }
            Store { id: twoStore }
            LiveQuery { id: twinsQuery; type: "Product" }
        }
    }

    function test_twoInTheSamePlaceAreNoAnswer(): void {
        ignoreWarning(/more than one DataStore/)
        const scene = createTemporaryObject(twins, testCase)
        tryVerify(() => scene.query.error.code === ErrorCode.InvalidArgument)
        compare(scene.query.store, null)
        scene.two.destroy()
        tryCompare(scene.query, "store", scene.one)
        tryCompare(scene.query, "ready", true)
        compare(scene.query.error.code, ErrorCode.None)
    }

    Component { id: lateStore; Store { } }

    // The answer does not depend on what was there first.
    function test_aNearerStoreComesLater(): void {
        const scene = createTemporaryObject(nested, testCase)
        const seeker = createTemporaryObject(seekerComponent, createTemporaryObject(place, scene))
        verifyStore(seeker, scene.outer)
        const nearer = createTemporaryObject(lateStore, seeker.parent)
        verifyStore(seeker, nearer)
        nearer.destroy()
        verifyStore(seeker, scene.outer)
    }

    Component { id: place; Item { } }

    function test_storesElsewhereAreNoAnswerWhenThereAreSeveral(): void {
        const one = createTemporaryObject(lateStore, createTemporaryObject(place, testCase))
        const query = createTemporaryObject(queryComponent, createTemporaryObject(place, testCase))
        compare(query.store, one)                       // the only one
        ignoreWarning(/more than one DataStore/)
        const two = createTemporaryObject(lateStore, createTemporaryObject(place, testCase))
        tryVerify(() => query.error.code === ErrorCode.InvalidArgument)
        compare(query.store, null)
        one.destroy()
        tryCompare(query, "store", two)
        tryVerify(() => query.error.code === ErrorCode.None)
    }

    Component { id: queryComponent; LiveQuery { type: "Product" } }
}
