// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Several people with one device, as an application in QML has them.
*/
StoreCase {
    id: testCase
    name: "Accounts"

    function test_eachHasTheirOwnRows(): void {
        const store = openStore()
        valueOf(store.signIn("anna"))
        compare(store.principal, "anna")
        valueOf(store.save({type: "Product", name: "Tea"}))
        valueOf(store.signIn("ben"))
        compare(valueOf(store.count("Product")), 0)
        valueOf(store.signIn("anna"))
        compare(valueOf(store.count("Product")), 1)
        valueOf(store.signOut())
        compare(store.principal, "")
        compare(store.opened, false)
    }

    function test_whatIsAtRiskIsSaidBeforeItIsRemoved(): void {
        const store = openStore()
        valueOf(store.save({type: "Product", name: "Tea"}))
        const risk = valueOf(store.atRisk())
        compare(risk.pending, 1)
        compare(risk.rejected, 0)
        compare(risk.total, 1)
        errorOf(store.clear(), ErrorCode.AtRisk)
        compare(valueOf(store.count("Product")), 1)
        valueOf(store.clear(DataStore.Everything))
        compare(valueOf(store.count("Product")), 0)
    }

    function test_drainingWithoutABackendSaysSo(): void {
        const store = openStore()
        valueOf(store.signIn("anna"))
        valueOf(store.save({type: "Product", name: "Tea"}))
        errorOf(store.signOut(DataStore.Drain, 0), ErrorCode.Timeout)
        compare(store.principal, "anna")
        valueOf(store.signOut(DataStore.Discard))
        valueOf(store.signIn("anna"))
        compare(valueOf(store.count("Product")), 0)
    }

    Component {
        id: backendComponent
        AppSync {
            url: "http://127.0.0.1:9/graphql"
            auth: TokenCredentials { token: testCase.token({sub: "ben", email: "anna"}) }
        }
    }
    SignalSpy { id: needsAuth; signalName: "needsAuth" }

    function token(claims: var): string {
        const part = json => Qt.btoa(JSON.stringify(json)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")
        return part({alg: "none"}) + "." + part(claims) + ".x"
    }

    function test_aTokenOfAnotherIsNotUsed(): void {
        ignoreWarning(/ben|could not be reached|connection/)
        const store = openStore({autoOpen: false, backend: createTemporaryObject(backendComponent, testCase)})
        needsAuth.target = store
        needsAuth.clear()
        compare(store.principalClaim, "")
        valueOf(store.signIn("anna"))
        tryCompare(store, "authRequired", true)
        compare(needsAuth.signalArguments[0][0].code, ErrorCode.Unauthorized)
        verify(/ben/.test(needsAuth.signalArguments[0][0].message))
        store.principalClaim = "email"
        tryCompare(store.lastError, "code", ErrorCode.Network)
    }

    function test_wrongInputIsRejected(): void {
        const store = openStore()
        for (const principal of [undefined, null, 5, {}, "", () => "anna"])
            errorOf(store.signIn(principal), ErrorCode.InvalidArgument)
        for (const mode of [null, "keep", -1, 3, 0.5, {}, true]) {
            errorOf(store.signOut(mode), ErrorCode.InvalidArgument)
            errorOf(store.clear(mode), ErrorCode.InvalidArgument)
        }
        for (const patience of [null, "soon", -1, Infinity])
            errorOf(store.signOut(DataStore.Drain, patience), ErrorCode.InvalidArgument)
        compare(store.opened, true)
    }
}
