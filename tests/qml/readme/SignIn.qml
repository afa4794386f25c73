import QtQuick
import Tideline
import Inventory

DataStore {
    id: store
    schema: Inventory.schema
    backend: AppSync {
        url: "https://api.example.com/graphql"
        auth: store.signIn.credentials
        auths: [ApiKey { key: "da2-guests" }]
    }
    property OidcSignIn signIn: OidcSignIn {
        issuer: "https://login.example.com"
        clientId: "inventory"
        onOpenUrl: url => Qt.openUrlExternally(url)
    }
    onNeedsAuth: signIn.signIn()
}
