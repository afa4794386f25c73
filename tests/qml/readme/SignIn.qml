import QtQuick
import Tideline
import Inventory

DataStore {
    id: store
    schema: Inventory.schema
    backend: AppSync {
        url: "https://api.example.com/graphql"
        auth: store.login.credentials
        auths: [ApiKey { key: "da2-guests" }]
    }
    property OidcSignIn login: OidcSignIn {
        issuer: "https://login.example.com"
        clientId: "inventory"
        onOpenUrl: url => Qt.openUrlExternally(url)
    }
    onNeedsAuth: login.signIn()
}
