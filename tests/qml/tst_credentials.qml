// SPDX-License-Identifier: MIT
import QtQuick
import QtTest
import Tideline
import TidelineTesting

/*!
    Tokens from JavaScript, several credentials at once, and what may be done with whom.
*/
StoreCase {
    id: testCase
    name: "Credentials"

    Component {
        id: serverComponent
        LoopbackServer { schemaFile: testCase.schemaFile }
    }

    property LoopbackServer server: null
    property int asked: 0

    Component {
        id: deviceComponent
        DataStore {
            property alias token: token
            schemaFile: testCase.schemaFile
            path: ":memory:"
            backend: AppSync {
                url: testCase.server.url
                auth: TokenCredentials { id: token }
            }
        }
    }

    Component {
        id: spyComponent
        SignalSpy { }
    }

    function init(): void {
        asked = 0
        server = createTemporaryObject(serverComponent, testCase)
        server.setToken("good")
    }

    function device(provider: var): DataStore {
        const made = createTemporaryObject(deviceComponent, testCase)
        made.token.provider = provider
        return made
    }

    function test_aProviderMayGive_data(): var {
        return [
            {tag: "a text", provider: () => "good"},
            {tag: "an object", provider: () => ({token: "good", expiresAt: new Date(Date.now() + 3600000)})},
            {tag: "an object with a number", provider: () => ({token: "good", expiresAt: Date.now() + 3600000})},
            {tag: "a promise of a text", provider: () => Promise.resolve("good")},
            {tag: "a promise of an object", provider: () => new Promise(resolve => Qt.callLater(() => resolve({token: "good"})))}
        ]
    }

    function test_aProviderMayGive(data: var): void {
        const store = device(data.provider)
        tryCompare(store, "syncState", DataStore.Live)
        verify(!store.authRequired)
        valueOf(store.save({type: "StockCount", sku: "a", quantity: 1}))
        tryCompare(store, "outboxCount", 0)
    }

    function test_nobodyIsSignedIn_data(): var {
        return [
            {tag: "null", provider: () => null},
            {tag: "nothing", provider: () => {}},
            {tag: "an empty text", provider: () => ""},
            {tag: "a promise of null", provider: () => Promise.resolve(null)},
            {tag: "a rejection that says so", provider: () => Promise.reject({code: ErrorCode.Unauthorized, message: "nobody"})}
        ]
    }

    function test_nobodyIsSignedIn(data: var): void {
        const store = device(data.provider)
        const spy = createTemporaryObject(spyComponent, testCase, {target: store, signalName: "needsAuth"})
        tryCompare(store, "authRequired", true)
        compare(spy.count, 1)
        compare(spy.signalArguments[0][0].code, ErrorCode.Unauthorized)
        store.token.provider = () => "good"                 // signs in
        tryCompare(store, "syncState", DataStore.Live)
        verify(!store.authRequired)
    }

    function test_whatIsNoTokenIsAskedForAgain_data(): var {
        return [
            {tag: "a number", provider: () => 7},
            {tag: "an object without one", provider: () => ({})},
            {tag: "an end that is no number", says: /expiresAt/, provider: () => ({token: "good", expiresAt: Date.now() + undefined})},
            {tag: "an end that is no date", says: /expiresAt/, provider: () => ({token: "good", expiresAt: new Date("soon")})},
            {tag: "an exception", provider: () => { throw new Error("no network") }},
            {tag: "a rejection", provider: () => Promise.reject(new Error("no network"))},
            {tag: "a thenable that throws", provider: () => ({then: () => { throw new Error("no") }})}
        ]
    }

    function test_whatIsNoTokenIsAskedForAgain(data: var): void {
        const store = device(() => { ++testCase.asked; return data.provider() })
        tryVerify(() => testCase.asked >= 1 && store.lastError.message.length > 0)
        verify((data.says ?? /./).test(store.lastError.message), store.lastError.message)
        verify(!store.authRequired)
        store.syncNow()
        tryVerify(() => testCase.asked >= 2)
    }

    function test_aPromiseThatNeverEndsHoldsNothingUp(): void {
        const store = device(() => new Promise(() => {}))
        tryVerify(() => store.opened)
        valueOf(store.save({type: "StockCount", sku: "a", quantity: 1}))
        store.token.token = "good"
        tryCompare(store, "syncState", DataStore.Live)
    }

    Component {
        id: severalComponent
        DataStore {
            property alias user: user
            schemaFile: testCase.schemaFile
            path: ":memory:"
            backend: AppSync {
                url: testCase.server.url
                auth: ApiKey { key: testCase.server.key }
                auths: [
                    TokenCredentials { id: user; mode: TokenCredentials.UserPools },
                    FunctionToken { provider: () => "unused" },
                    IamCredentials { region: "eu-west-1" }
                ]
            }
        }
    }

    function test_severalAtOnce(): void {
        const store = createTemporaryObject(severalComponent, testCase)
        compare(store.backend.auths.length, 3)
        tryCompare(store, "syncState", DataStore.Live)
    }

    Component {
        id: buttonComponent
        QtObject {
            required property DataStore store
            readonly property bool enabled: store.access.may("update", "StockCount") !== Verdict.Refused
            readonly property int verdict: store.access.may("update", "StockCount")
        }
    }

    // The schema has no rules, so that only the backend knows; see tst_accessverdict for those with.
    function test_may(): void {
        const store = createTemporaryObject(severalComponent, testCase)
        tryVerify(() => store.opened)
        compare(store.may("create", {type: "StockCount", sku: "a", quantity: 1}), Verdict.Unknown)
        compare(store.may("delete", "Nothing"), Verdict.Refused)
        const button = createTemporaryObject(buttonComponent, testCase, {store: store})
        compare(button.enabled, true)
        const spy = createTemporaryObject(spyComponent, testCase, {target: button, signalName: "verdictChanged"})
        store.user.token = "good"
        compare(spy.count, 0)                               // looked at again, and still unknown
        compare(store.may("fly", "StockCount"), Verdict.Unknown)
        compare(store.may("update", 7), Verdict.Unknown)
    }

    OidcSignIn {
        id: signIn
        issuer: "https://issuer.invalid"
        clientId: "app"
    }

    function test_signingInCanBeGivenUp(): void {
        const spy = createTemporaryObject(spyComponent, testCase, {target: signIn, signalName: "failed"})
        compare(signIn.state, OidcSignIn.SignedOut)
        signIn.signIn()
        compare(signIn.state, OidcSignIn.Preparing)
        signIn.cancel()
        compare(spy.count, 1)
        compare(spy.signalArguments[0][0].code, ErrorCode.Cancelled)
        compare(signIn.credentials.mode, TokenCredentials.Oidc)
    }
}
