<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ConflictCard</name>
    <message>
        <source>You decided otherwise.</source>
        <translation>Sie haben anders entschieden.</translation>
    </message>
    <message>
        <source>It is not known whether your change came before the other one, which stays.</source>
        <translation>Es ist nicht bekannt, ob Ihre Änderung vor der anderen kam; die andere bleibt.</translation>
    </message>
    <message>
        <source>Your value was taken.</source>
        <translation>Ihr Wert wurde genommen.</translation>
    </message>
    <message>
        <source>The other value was taken.</source>
        <translation>Der andere Wert wurde genommen.</translation>
    </message>
    <message>
        <source>Both were put together.</source>
        <translation>Beide wurden zusammengeführt.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meins</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>Anderes nehmen</translation>
    </message>
    <message>
        <source>Take theirs: %1, %2</source>
        <translation>Anderes nehmen: %1, %2</translation>
    </message>
    <message>
        <source>Apply mine</source>
        <translation>Meins anwenden</translation>
    </message>
    <message>
        <source>Take mine</source>
        <translation>Meins nehmen</translation>
    </message>
    <message>
        <source>Apply mine: %1, %2</source>
        <translation>Meins anwenden: %1, %2</translation>
    </message>
    <message>
        <source>Take mine: %1, %2</source>
        <translation>Meins nehmen: %1, %2</translation>
    </message>
    <message>
        <source>The record was deleted and changed, and was kept.</source>
        <translation>Der Datensatz wurde gelöscht und geändert und ist geblieben.</translation>
    </message>
    <message>
        <source>The record was deleted and changed, and is gone.</source>
        <translation>Der Datensatz wurde gelöscht und geändert und ist fort.</translation>
    </message>
    <message>
        <source>It is not known whether your change had arrived before. It was sent again.</source>
        <translation>Ob Ihre Änderung schon angekommen war, ist nicht bekannt. Sie wurde noch einmal gesendet.</translation>
    </message>
</context>
<context>
    <name>ConflictLog</name>
    <message>
        <source>Changed on both sides</source>
        <translation>Auf beiden Seiten geändert</translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) this device and another one changed the same field. Each is decided; you may decide otherwise.</source>
        <translation>
            <numerusform>%n-mal haben dieses Gerät und ein anderes dasselbe Feld geändert. Es ist entschieden; Sie können anders entscheiden.</numerusform>
            <numerusform>%n-mal haben dieses Gerät und ein anderes dasselbe Feld geändert. Jedes Mal ist entschieden; Sie können anders entscheiden.</numerusform>
        </translation>
    </message>
    <message>
        <source>No conflicts</source>
        <translation>Keine Konflikte</translation>
    </message>
    <message>
        <source>Nobody else has changed a field while you changed it.</source>
        <translation>Niemand sonst hat ein Feld geändert, während Sie es änderten.</translation>
    </message>
</context>
<context>
    <name>RecordCard</name>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
</context>
<context>
    <name>RepairBench</name>
    <message numerus="yes">
        <source>%n change(s) need your decision. Everything else goes on.</source>
        <translation>
            <numerusform>%n Änderung braucht Ihre Entscheidung. Alles andere geht weiter.</numerusform>
            <numerusform>%n Änderungen brauchen Ihre Entscheidung. Alles andere geht weiter.</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry all</source>
        <translation>Alle wiederholen</translation>
    </message>
    <message>
        <source>Nothing to repair</source>
        <translation>Nichts zu reparieren</translation>
    </message>
    <message>
        <source>To be repaired</source>
        <translation>Zu reparieren</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) of the backend could not be stored and are kept aside.</source>
        <translation>
            <numerusform>%n Datensatz des Backends konnte nicht gespeichert werden und ist beiseitegelegt.</numerusform>
            <numerusform>%n Datensätze des Backends konnten nicht gespeichert werden und sind beiseitegelegt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry all that is listed</source>
        <translation>Alles Aufgeführte wiederholen</translation>
    </message>
    <message>
        <source>The backend has refused none of your changes, and this device has all it sent.</source>
        <translation>Das Backend hat keine Ihrer Änderungen abgelehnt, und dieses Gerät hat alles, was es gesendet hat.</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) have no place in this version of the app and are kept for another.</source>
        <translation>
            <numerusform>%n Sache hat in dieser Version der App keinen Platz und wird für eine andere aufbewahrt.</numerusform>
            <numerusform>%n Sachen haben in dieser Version der App keinen Platz und werden für eine andere aufbewahrt.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RepairCard</name>
    <message>
        <source>New %1</source>
        <translation>Neu: %1</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>Gelöscht: %1</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>Geändert: %1</translation>
    </message>
    <message>
        <source>You are not allowed to make this change.</source>
        <translation>Sie dürfen diese Änderung nicht vornehmen.</translation>
    </message>
    <message>
        <source>The backend does not accept these values.</source>
        <translation>Das Backend nimmt diese Werte nicht an.</translation>
    </message>
    <message>
        <source>There is another record with this key already.</source>
        <translation>Es gibt schon einen anderen Datensatz mit diesem Schlüssel.</translation>
    </message>
    <message>
        <source>The record was not as this change expected it.</source>
        <translation>Der Datensatz war nicht so, wie diese Änderung ihn erwartet hat.</translation>
    </message>
    <message>
        <source>Somebody deleted the record while you changed it.</source>
        <translation>Jemand hat den Datensatz gelöscht, während Sie ihn geändert haben.</translation>
    </message>
    <message>
        <source>Somebody else kept changing the record while this change was sent.</source>
        <translation>Jemand anderes hat den Datensatz fortwährend geändert, während diese Änderung gesendet wurde.</translation>
    </message>
    <message>
        <source>The backend refused this change.</source>
        <translation>Das Backend hat diese Änderung abgelehnt.</translation>
    </message>
    <message>
        <source>Other records that were not sent yet refer to it. Discard them too?</source>
        <translation>Andere noch nicht gesendete Datensätze verweisen darauf. Auch sie verwerfen?</translation>
    </message>
    <message>
        <source>Discard it? The record is removed from this device.</source>
        <translation>Verwerfen? Der Datensatz wird von diesem Gerät entfernt.</translation>
    </message>
    <message>
        <source>Discard it? The record comes back.</source>
        <translation>Verwerfen? Der Datensatz kommt zurück.</translation>
    </message>
    <message>
        <source>Discard it? The fields get back what the backend has.</source>
        <translation>Verwerfen? Die Felder erhalten wieder, was das Backend hat.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meins</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>Backend</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>The backend says: %1 (%2)</source>
        <translation>Das Backend sagt: %1 (%2)</translation>
    </message>
    <message>
        <source>The backend says: %1</source>
        <translation>Das Backend sagt: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more change(s) wait until this one is decided.</source>
        <translation>
            <numerusform>%n weitere Änderung wartet, bis hierüber entschieden ist.</numerusform>
            <numerusform>%n weitere Änderungen warten, bis hierüber entschieden ist.</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard …</source>
        <translation>Verwerfen …</translation>
    </message>
    <message>
        <source>Discard: %1, %2</source>
        <translation>Verwerfen: %1, %2</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Retry: %1, %2</source>
        <translation>Wiederholen: %1, %2</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep: %1, %2</source>
        <translation>Behalten: %1, %2</translation>
    </message>
    <message>
        <source>Discard all</source>
        <translation>Alle verwerfen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Really discard: %1, %2</source>
        <translation>Wirklich verwerfen: %1, %2</translation>
    </message>
    <message>
        <source>Received %1</source>
        <translation>Empfangen: %1</translation>
    </message>
    <message>
        <source>The record that it belongs to is not on this device.</source>
        <translation>Der Datensatz, zu dem er gehört, ist nicht auf diesem Gerät.</translation>
    </message>
    <message>
        <source>This version of the app cannot read its values.</source>
        <translation>Diese Version der App kann seine Werte nicht lesen.</translation>
    </message>
    <message>
        <source>This device cannot store it.</source>
        <translation>Dieses Gerät kann ihn nicht speichern.</translation>
    </message>
    <message>
        <source>Forget it here? The backend keeps it and may send it again.</source>
        <translation>Hier vergessen? Das Backend behält ihn und sendet ihn vielleicht wieder.</translation>
    </message>
    <message>
        <source>Waits for %1 %2, and appears by itself when that comes.</source>
        <translation>Wartet auf %1 %2 und erscheint von selbst, wenn dieser Datensatz kommt.</translation>
    </message>
    <message>
        <source>Forget …</source>
        <translation>Vergessen …</translation>
    </message>
    <message>
        <source>Forget: %1, %2</source>
        <translation>Vergessen: %1, %2</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Really forget: %1, %2</source>
        <translation>Wirklich vergessen: %1, %2</translation>
    </message>
    <message>
        <source>Kept %1</source>
        <translation>%1 aufbewahrt</translation>
    </message>
    <message>
        <source>Forget it for good? It may be nowhere else.</source>
        <translation>Endgültig vergessen? Vielleicht gibt es das nirgendwo sonst.</translation>
    </message>
    <message>
        <source>It is kept, and tried again by itself with each new version of the app.</source>
        <translation>Es wird aufbewahrt und mit jeder neuen Version der App von selbst wieder versucht.</translation>
    </message>
</context>
<context>
    <name>SyncBadge</name>
    <message>
        <source>Synced</source>
        <translation>Abgeglichen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>On this device</source>
        <translation>Nur auf diesem Gerät</translation>
    </message>
    <message>
        <source>The same on this device and on the backend.</source>
        <translation>Auf diesem Gerät und im Backend gleich.</translation>
    </message>
    <message>
        <source>Saved on this device, waits to be sent to the backend.</source>
        <translation>Auf diesem Gerät gespeichert, wartet auf das Senden an das Backend.</translation>
    </message>
    <message>
        <source>Saved on this device, on its way to the backend.</source>
        <translation>Auf diesem Gerät gespeichert, wird an das Backend gesendet.</translation>
    </message>
    <message>
        <source>Saved on this device, refused by the backend.</source>
        <translation>Auf diesem Gerät gespeichert, vom Backend abgelehnt.</translation>
    </message>
    <message>
        <source>Saved on this device only.</source>
        <translation>Nur auf diesem Gerät gespeichert.</translation>
    </message>
    <message>
        <source>The same on this device and on the backend, but not in all fields what was saved here.</source>
        <translation>Auf diesem Gerät und im Backend gleich, aber nicht in allen Feldern das, was hier gespeichert wurde.</translation>
    </message>
    <message>
        <source>Merged</source>
        <translation>Zusammengeführt</translation>
    </message>
</context>
<context>
    <name>Tideline::AppSync</name>
    <message>
        <source>AppSync.url must be an http or https URL such as https://example.com/graphql, not &quot;%1&quot;.</source>
        <translation>AppSync.url muss eine http- oder https-URL wie https://example.com/graphql sein, nicht „%1“.</translation>
    </message>
    <message>
        <source>AppSync.auth is not set. Give it credentials, for instance an ApiKey.</source>
        <translation>AppSync.auth ist nicht gesetzt. Geben Sie Zugangsdaten an, zum Beispiel einen ApiKey.</translation>
    </message>
    <message>
        <source>The answer of the backend broke off: %1</source>
        <translation>Die Antwort des Backends brach ab: %1</translation>
    </message>
    <message>
        <source>The backend answered a sync query without items.</source>
        <translation>Das Backend hat eine Abgleichsabfrage ohne Datensätze beantwortet.</translation>
    </message>
    <message>
        <source>The backend answered a mutation with neither data nor error.</source>
        <translation>Das Backend hat eine Änderung weder mit Daten noch mit einem Fehler beantwortet.</translation>
    </message>
    <message>
        <source>The backend gave no reason.</source>
        <translation>Das Backend hat keinen Grund genannt.</translation>
    </message>
    <message>
        <source>The backend could not be reached: %1</source>
        <translation>Das Backend war nicht erreichbar: %1</translation>
    </message>
    <message>
        <source>The backend refused the credentials.</source>
        <translation>Das Backend hat die Zugangsdaten abgelehnt.</translation>
    </message>
    <message>
        <source>The backend asks to slow down (HTTP 429).</source>
        <translation>Das Backend bittet um weniger Anfragen (HTTP 429).</translation>
    </message>
    <message>
        <source>The backend failed (HTTP %1). %2</source>
        <translation>Im Backend ist ein Fehler aufgetreten (HTTP %1). %2</translation>
    </message>
    <message>
        <source>The backend refused the request (HTTP %1).</source>
        <translation>Das Backend hat die Anfrage abgelehnt (HTTP %1).</translation>
    </message>
    <message>
        <source>What answered is no GraphQL backend (HTTP %1): a captive portal or a wrong URL.</source>
        <translation>Geantwortet hat kein GraphQL-Backend (HTTP %1), sondern etwa eine Anmeldeseite des Netzwerks; vielleicht ist auch die URL falsch.</translation>
    </message>
    <message>
        <source>The real-time connection was closed.</source>
        <translation>Die Echtzeitverbindung wurde beendet.</translation>
    </message>
    <message>
        <source>The real-time connection was closed: %1</source>
        <translation>Die Echtzeitverbindung wurde beendet: %1</translation>
    </message>
    <message>
        <source>The real-time connection failed: %1</source>
        <translation>Die Echtzeitverbindung ist gescheitert: %1</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the real-time connection.</source>
        <translation>Das Backend hat nicht rechtzeitig geantwortet: Die Echtzeitverbindung fehlt.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for connection_ack.</source>
        <translation>Das Backend hat nicht rechtzeitig geantwortet: connection_ack fehlt.</translation>
    </message>
    <message>
        <source>The backend ended a subscription.</source>
        <translation>Das Backend hat ein Abonnement beendet.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the subscriptions.</source>
        <translation>Das Backend hat nicht rechtzeitig geantwortet: Die Abonnements fehlen.</translation>
    </message>
    <message>
        <source>The backend refused a subscription: %1</source>
        <translation>Das Backend hat ein Abonnement abgelehnt: %1</translation>
    </message>
    <message>
        <source>The real-time connection fell silent.</source>
        <translation>Die Echtzeitverbindung ist verstummt.</translation>
    </message>
    <message>
        <source>The real-time connection is dead: the backend gives no sign of life.</source>
        <translation>Die Echtzeitverbindung ist tot: Das Backend gibt kein Lebenszeichen.</translation>
    </message>
    <message>
        <source>Nobody is signed in who may do this with %1.</source>
        <translation>Niemand ist angemeldet, der das mit %1 darf.</translation>
    </message>
    <message>
        <source>There are no credentials to call the backend with. Sign in.</source>
        <translation>Es gibt keine Zugangsdaten für das Backend. Melden Sie sich an.</translation>
    </message>
    <message>
        <source>The credentials were not there in time.</source>
        <translation>Die Zugangsdaten waren nicht rechtzeitig da.</translation>
    </message>
    <message>
        <source>The credentials have expired. Sign in again.</source>
        <translation>Die Zugangsdaten sind abgelaufen. Melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The credentials went before they were needed.</source>
        <translation>Die Zugangsdaten verschwanden, bevor sie gebraucht wurden.</translation>
    </message>
    <message>
        <source>The provider of tokens did not answer in time.</source>
        <translation>Der Anbieter der Token hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The provider has no token. Sign in.</source>
        <translation>Der Anbieter hat kein Token. Melden Sie sich an.</translation>
    </message>
    <message>
        <source>The provider of tokens gave up.</source>
        <translation>Der Anbieter der Token hat aufgegeben.</translation>
    </message>
    <message>
        <source>The sign-in cannot wait for the browser: %1</source>
        <translation>Die Anmeldung kann nicht auf den Browser warten: %1</translation>
    </message>
    <message>
        <source>This is no answer to a sign-in.</source>
        <translation>Das ist keine Antwort auf eine Anmeldung.</translation>
    </message>
    <message>
        <source>The sign-in provider gave an answer that makes no sense.</source>
        <translation>Der Anmeldedienst hat eine sinnlose Antwort gegeben.</translation>
    </message>
    <message>
        <source>The sign-in provider did not answer in time.</source>
        <translation>Der Anmeldedienst hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The sign-in provider could not be reached: %1</source>
        <translation>Der Anmeldedienst ist nicht erreichbar: %1</translation>
    </message>
    <message>
        <source>A sign-in needs an issuer with an https URL and a client id.</source>
        <translation>Eine Anmeldung braucht einen Anmeldedienst mit https-URL und eine Client-ID.</translation>
    </message>
    <message>
        <source>The sign-in provider failed (HTTP %1).</source>
        <translation>Beim Anmeldedienst ist ein Fehler aufgetreten (HTTP %1).</translation>
    </message>
    <message>
        <source>The sign-in provider refused: %1</source>
        <translation>Der Anmeldedienst hat abgelehnt: %1</translation>
    </message>
    <message>
        <source>Nobody signed in in time.</source>
        <translation>Niemand hat sich rechtzeitig angemeldet.</translation>
    </message>
    <message>
        <source>The sign-in was refused. You can close this page.</source>
        <translation>Die Anmeldung wurde abgelehnt. Sie können diese Seite schließen.</translation>
    </message>
    <message>
        <source>You are signed in. You can close this page and go back to the application.</source>
        <translation>Sie sind angemeldet. Sie können diese Seite schließen und zur Anwendung zurückkehren.</translation>
    </message>
    <message>
        <source>The sign-in provider gave a token that is for another sign-in.</source>
        <translation>Der Anmeldedienst hat ein Token gegeben, das zu einer anderen Anmeldung gehört.</translation>
    </message>
    <message>
        <source>The token was asked for again.</source>
        <translation>Das Token wurde erneut angefordert.</translation>
    </message>
    <message>
        <source>Somebody else signed in meanwhile.</source>
        <translation>Inzwischen hat sich jemand anderes angemeldet.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the end of subscriptions.</source>
        <translation>Das Backend hat nicht rechtzeitig geantwortet: Warten auf das Ende der Abonnements.</translation>
    </message>
    <message>
        <source>The token has no claim %1 that would say whether it is %2&apos;s, who is signed in. Nothing is sent with it.</source>
        <translation>Das Token hat keine Angabe %1, die sagen würde, ob es %2 gehört; %2 ist angemeldet. Mit diesem Token wird nichts gesendet.</translation>
    </message>
    <message>
        <source>The token is %1&apos;s, but %2 is signed in. Nothing is sent with it: sign in as %1, or give the credentials of %2. Where the principal is another claim of the token, set principalClaim.</source>
        <translation>Das Token gehört %1, aber %2 ist angemeldet. Mit diesem Token wird nichts gesendet: Melden Sie sich als %1 an oder geben Sie die Anmeldedaten von %2. Wo eine andere Angabe des Tokens die Person benennt, ist principalClaim zu setzen.</translation>
    </message>
</context>
<context>
    <name>Tideline::Core</name>
    <message>
        <source>a list of %1</source>
        <translation>eine Liste von %1</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>einen Text</translation>
    </message>
    <message>
        <source>the date and time %1</source>
        <translation>den Zeitpunkt %1</translation>
    </message>
    <message>
        <source>%1 is no operator for %2; there are %3</source>
        <translation>%1 ist kein Operator für %2; möglich sind %3</translation>
    </message>
    <message>
        <source>%1 needs two operands, the low and the high end, not %2</source>
        <translation>%1 braucht zwei Operanden, die untere und die obere Grenze, nicht %2</translation>
    </message>
    <message>
        <source>%1 needs one operand, not %2</source>
        <translation>%1 braucht einen Operanden, nicht %2</translation>
    </message>
    <message>
        <source>%1 compares %2 only with null; ask for an element with contains</source>
        <translation>%1 vergleicht %2 nur mit null; fragen Sie mit contains nach einem Element</translation>
    </message>
    <message>
        <source>%1 compares %2 only with null</source>
        <translation>%1 vergleicht %2 nur mit null</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>%1 cannot list null; add {&quot;eq&quot;: null} with or, or {&quot;ne&quot;: null} with and</source>
        <translation>%1 kann null nicht aufzählen; ergänzen Sie {&quot;eq&quot;: null} mit or oder {&quot;ne&quot;: null} mit and</translation>
    </message>
    <message>
        <source>%1 needs its low end first: %2 is above %3</source>
        <translation>%1 braucht zuerst die untere Grenze, bekam aber erst %2 und dann %3</translation>
    </message>
    <message>
        <source>A condition needs a model type to be checked against; none was given</source>
        <translation>Eine Bedingung kann nur für einen Modelltyp geprüft werden; es wurde keiner angegeben</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;</source>
        <translation>%1 hat kein Feld „%2“</translation>
    </message>
    <message>
        <source>%1.%2 is a field of type %3, not a relation; give it an operator such as eq, and no fields of its own</source>
        <translation>%1.%2 ist ein Feld vom Typ %3 und keine Beziehung; geben Sie einen Operator wie eq an und keine eigenen Felder</translation>
    </message>
    <message>
        <source>%1.%2 leads to %3, which the schema given does not know; give the schema the model type comes from</source>
        <translation>%1.%2 führt zu %3, das im angegebenen Schema fehlt; geben Sie das Schema an, aus dem der Modelltyp stammt</translation>
    </message>
    <message>
        <source>%1.%2 is a relation, which has no value of its own; name a field of %3, as in &quot;%2.%4&quot;</source>
        <translation>%1.%2 ist eine Beziehung ohne eigenen Wert; nennen Sie ein Feld von %3, zum Beispiel „%2.%4“</translation>
    </message>
    <message>
        <source>%1 needs an object such as {&quot;quantity&quot;: {&quot;gt&quot;: 0}}, not %2</source>
        <translation>%1 braucht ein Objekt wie {&quot;quantity&quot;: {&quot;gt&quot;: 0}}, nicht %2</translation>
    </message>
    <message>
        <source>The condition</source>
        <translation>Die Bedingung</translation>
    </message>
    <message>
        <source>The condition at &quot;%1&quot;</source>
        <translation>Die Bedingung bei „%1“</translation>
    </message>
    <message>
        <source>%1 needs a list of conditions, not %2</source>
        <translation>%1 braucht eine Liste von Bedingungen, nicht %2</translation>
    </message>
    <message>
        <source>%1 needs one condition, not a list; write {&quot;not&quot;: {&quot;or&quot;: [...]}}</source>
        <translation>%1 braucht eine einzelne Bedingung, keine Liste; schreiben Sie {&quot;not&quot;: {&quot;or&quot;: [...]}}</translation>
    </message>
    <message>
        <source>%1 needs an object with an operator, such as {&quot;eq&quot;: %2}, not %3</source>
        <translation>%1 braucht ein Objekt mit einem Operator wie {&quot;eq&quot;: %2}, nicht %3</translation>
    </message>
    <message>
        <source>%1 has no operator &quot;%2&quot;</source>
        <translation>%1 hat keinen Operator „%2“</translation>
    </message>
    <message>
        <source>%1 needs a list, not %2</source>
        <translation>%1 braucht eine Liste, nicht %2</translation>
    </message>
    <message>
        <source>The condition contains a value that cannot be compared: an invalid date, a function or an object of another type; operands are texts, numbers, true, false, null, dates and lists of these</source>
        <translation>Die Bedingung enthält einen Wert, der sich nicht vergleichen lässt: ein ungültiges Datum, eine Funktion oder ein Objekt eines anderen Typs; Operanden sind Texte, Zahlen, true, false, null, Zeitangaben und Listen davon</translation>
    </message>
    <message>
        <source>%1 needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters</source>
        <translation>%1 braucht Unicode-Text, enthält aber ein halbes Surrogatpaar, U+FFFE oder U+FFFF; das sind keine Zeichen</translation>
    </message>
    <message>
        <source>a text (ID)</source>
        <translation>einen Text (ID)</translation>
    </message>
    <message>
        <source>a text (String)</source>
        <translation>einen Text (String)</translation>
    </message>
    <message>
        <source>a whole number from -2147483648 to 2147483647 (Int)</source>
        <translation>eine ganze Zahl von -2147483648 bis 2147483647 (Int)</translation>
    </message>
    <message>
        <source>a finite number (Float)</source>
        <translation>eine endliche Zahl (Float)</translation>
    </message>
    <message>
        <source>true or false (Boolean)</source>
        <translation>true oder false (Boolean)</translation>
    </message>
    <message>
        <source>a date such as 2024-05-31 (AWSDate)</source>
        <translation>ein Datum wie 2024-05-31 (AWSDate)</translation>
    </message>
    <message>
        <source>a time such as 12:30:00.000 (AWSTime)</source>
        <translation>eine Uhrzeit wie 12:30:00.000 (AWSTime)</translation>
    </message>
    <message>
        <source>a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime)</source>
        <translation>einen Zeitpunkt mit Z oder Zeitverschiebung wie 2024-05-31T12:30:00.000Z (AWSDateTime)</translation>
    </message>
    <message>
        <source>a whole number of seconds since 1970 (AWSTimestamp)</source>
        <translation>eine ganze Zahl von Sekunden seit 1970 (AWSTimestamp)</translation>
    </message>
    <message>
        <source>an e-mail address such as anna@example.org (AWSEmail)</source>
        <translation>eine E-Mail-Adresse wie anna@example.org (AWSEmail)</translation>
    </message>
    <message>
        <source>a JSON text, in which a plain text stands in quotes (AWSJSON)</source>
        <translation>einen JSON-Text, in dem einfacher Text in Anführungszeichen steht (AWSJSON)</translation>
    </message>
    <message>
        <source>an absolute URL such as https://example.org/a, without // in its path (AWSURL)</source>
        <translation>eine absolute URL wie https://example.org/a, ohne // im Pfad (AWSURL)</translation>
    </message>
    <message>
        <source>a phone number of digits, blanks and hyphens such as +44 20 7946 0000 (AWSPhone)</source>
        <translation>eine Telefonnummer aus Ziffern, Leerzeichen und Bindestrichen wie +44 20 7946 0000 (AWSPhone)</translation>
    </message>
    <message>
        <source>an IP address such as 192.168.0.1, 2001:db8::1 or 10.0.0.0/8 (AWSIPAddress)</source>
        <translation>eine IP-Adresse wie 192.168.0.1, 2001:db8::1 oder 10.0.0.0/8 (AWSIPAddress)</translation>
    </message>
    <message>
        <source>one of %1 (%2)</source>
        <translation>einen der Werte %1 (%2)</translation>
    </message>
    <message>
        <source>an object (%1)</source>
        <translation>ein Objekt (%1)</translation>
    </message>
    <message>
        <source>an empty text</source>
        <translation>einen leeren Text</translation>
    </message>
    <message>
        <source>the text %1</source>
        <translation>den Text %1</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>an invalid date or time</source>
        <translation>eine ungültige Zeitangabe</translation>
    </message>
    <message>
        <source>a value of type %1</source>
        <translation>einen Wert vom Typ %1</translation>
    </message>
    <message>
        <source>%1 needs %2, not %3</source>
        <translation>%1 braucht %2, nicht %3</translation>
    </message>
    <message>
        <source>%1 needs a list whose elements are %2, not %3</source>
        <translation>%1 braucht eine Liste, die je Element %2 enthält, nicht %3</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot; in %3</source>
        <translation>%1 hat kein Feld „%2“ in %3</translation>
    </message>
    <message>
        <source>a list, which may be empty</source>
        <translation>eine Liste, die leer sein darf</translation>
    </message>
    <message>
        <source>%1 is required; give it %2</source>
        <translation>%1 ist erforderlich; geben Sie %2 an</translation>
    </message>
    <message>
        <source>%1 cannot be null: each element needs %2</source>
        <translation>%1 darf nicht null sein: Jedes Element braucht %2</translation>
    </message>
    <message>
        <source>%1 has the type %2, which the schema given does not know; give the schema the field comes from</source>
        <translation>%1 hat den Typ %2, der im angegebenen Schema fehlt; geben Sie das Schema an, aus dem das Feld stammt</translation>
    </message>
    <message>
        <source>The value</source>
        <translation>Der Wert</translation>
    </message>
    <message>
        <source>The value at %1</source>
        <translation>Der Wert bei %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no sort key; write a field&apos;s name, such as &quot;name&quot;, &quot;-countedAt&quot; or &quot;product.name&quot;</source>
        <translation>„%1“ ist kein Sortierschlüssel; schreiben Sie den Namen eines Feldes wie „name“, „-countedAt“ oder „product.name“</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 leads to many records; a sort key goes through belongsTo and hasOne only</source>
        <translation>Nach „%1“ lässt sich nicht sortieren: %2.%3 führt zu vielen Datensätzen; ein Sortierschlüssel darf nur über belongsTo und hasOne führen</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 is a list, which has no order; sort by a field of a scalar or an enum</source>
        <translation>Nach „%1“ lässt sich nicht sortieren: %2.%3 ist eine Liste und hat keine Reihenfolge; sortieren Sie nach einem Feld mit einem Skalar oder einer Aufzählung</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 is an embedded %4, which has no order; sort by a field of a scalar or an enum</source>
        <translation>Nach „%1“ lässt sich nicht sortieren: %2.%3 ist ein eingebettetes Objekt (%4) und hat keine Reihenfolge; sortieren Sie nach einem Feld mit einem Skalar oder einer Aufzählung</translation>
    </message>
    <message>
        <source>A sort order needs a model type to be checked against; none was given</source>
        <translation>Eine Sortierung kann nur für einen Modelltyp geprüft werden; es wurde keiner angegeben</translation>
    </message>
    <message>
        <source>%1 names the field &quot;%2&quot; twice</source>
        <translation>%1 nennt das Feld „%2“ zweimal</translation>
    </message>
    <message>
        <source>%1 is part of the key and cannot be null</source>
        <translation>%1 gehört zum Schlüssel und darf nicht null sein</translation>
    </message>
    <message>
        <source>%1 is part of the key and cannot be an empty text</source>
        <translation>%1 gehört zum Schlüssel und darf kein leerer Text sein</translation>
    </message>
    <message>
        <source>%1 is read-only: the backend writes it; leave it out</source>
        <translation>%1 ist schreibgeschützt: Das Backend schreibt dieses Feld; lassen Sie es weg</translation>
    </message>
    <message>
        <source>%1 is part of the key, which a record keeps; save a new record instead</source>
        <translation>%1 gehört zum Schlüssel, den ein Datensatz behält; speichern Sie stattdessen einen neuen Datensatz</translation>
    </message>
    <message>
        <source>A null record has no model type; make it with one</source>
        <translation>Ein leerer Datensatz hat keinen Modelltyp; legen Sie ihn mit einem an</translation>
    </message>
    <message>
        <source>A draft without a model type cannot be saved; make it with one</source>
        <translation>Ein Entwurf ohne Modelltyp kann nicht gespeichert werden; legen Sie ihn mit einem an</translation>
    </message>
    <message>
        <source>%1; did you mean &quot;%2&quot;?</source>
        <translation>%1; meinten Sie „%2“?</translation>
    </message>
    <message>
        <source>%1; known are: %2</source>
        <translation>%1; bekannt sind: %2</translation>
    </message>
    <message>
        <source>Change what was entered and try again.</source>
        <translation>Ändern Sie die Eingabe und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The application&apos;s schema has to be corrected.</source>
        <translation>Das Schema der Anwendung muss berichtigt werden.</translation>
    </message>
    <message>
        <source>Look at the record as it is now and decide again.</source>
        <translation>Sehen Sie den Datensatz an, wie er jetzt ist, und entscheiden Sie neu.</translation>
    </message>
    <message>
        <source>Look after the records that refer to each other first.</source>
        <translation>Kümmern Sie sich zuerst um die Datensätze, die aufeinander verweisen.</translation>
    </message>
    <message>
        <source>Open the data store first.</source>
        <translation>Öffnen Sie zuerst den Datenspeicher.</translation>
    </message>
    <message>
        <source>Check that the file&apos;s folder is there, local and may be written to.</source>
        <translation>Prüfen Sie, ob der Ordner der Datei vorhanden, lokal und beschreibbar ist.</translation>
    </message>
    <message>
        <source>Close other programs that use the file and try again.</source>
        <translation>Schließen Sie andere Programme, die die Datei benutzen, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Make room on the disk and try again.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Install a newer version of the application.</source>
        <translation>Installieren Sie eine neuere Version der Anwendung.</translation>
    </message>
    <message>
        <source>Move the file away, and keep it: what was never sent is only there.</source>
        <translation>Verschieben Sie die Datei und bewahren Sie sie auf: Was nie gesendet wurde, ist nur dort.</translation>
    </message>
    <message>
        <source>Nothing has to be done: it is tried again by itself, and work goes on.</source>
        <translation>Es ist nichts zu tun: Es wird von selbst erneut versucht, und die Arbeit geht weiter.</translation>
    </message>
    <message>
        <source>Check the address of the backend, and whether the network wants a sign-in of its own.</source>
        <translation>Prüfen Sie die Adresse des Backends und ob das Netz eine eigene Anmeldung verlangt.</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Melden Sie sich erneut an.</translation>
    </message>
    <message>
        <source>Let this device send its changes first, or decide to lose them.</source>
        <translation>Lassen Sie dieses Gerät zuerst seine Änderungen senden, oder nehmen Sie den Verlust in Kauf.</translation>
    </message>
    <message>
        <source>Decide about the change: edit it, send it again or discard it.</source>
        <translation>Entscheiden Sie über die Änderung: bearbeiten, erneut senden oder verwerfen.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Tell the developers of the application, with the details.</source>
        <translation>Melden Sie es den Entwicklern der Anwendung, mit den Einzelheiten.</translation>
    </message>
</context>
<context>
    <name>Tideline::DataStore</name>
    <message>
        <source>The data store was closed before the call was done.</source>
        <translation>Der Datenspeicher wurde geschlossen, bevor der Aufruf fertig war.</translation>
    </message>
    <message>
        <source>The data store is not open. Set its schema and call open() first.</source>
        <translation>Der Datenspeicher ist nicht geöffnet. Setzen Sie zuerst das Schema und rufen Sie open() auf.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before open().</source>
        <translation>Der Datenspeicher hat kein Schema. Setzen Sie eines vor open().</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;</source>
        <translation>Das Schema hat keinen Modelltyp „%1“</translation>
    </message>
    <message>
        <source>The schema of an open data store cannot change. Close it first.</source>
        <translation>Das Schema eines geöffneten Datenspeichers lässt sich nicht ändern. Schließen Sie ihn zuerst.</translation>
    </message>
    <message>
        <source>The path of an open data store cannot change. Close it first.</source>
        <translation>Der Pfad eines geöffneten Datenspeichers lässt sich nicht ändern. Schließen Sie ihn zuerst.</translation>
    </message>
    <message>
        <source>The data store is being closed. Call open() again when close() has ended.</source>
        <translation>Der Datenspeicher wird gerade geschlossen. Rufen Sie open() erneut auf, wenn close() beendet ist.</translation>
    </message>
    <message>
        <source>The data store is already open.</source>
        <translation>Der Datenspeicher ist bereits geöffnet.</translation>
    </message>
    <message>
        <source>A null record cannot be deleted.</source>
        <translation>Ein leerer Datensatz kann nicht gelöscht werden.</translation>
    </message>
    <message>
        <source>observe() cannot follow conditions on relations. Use a LiveQuery.</source>
        <translation>observe() kann Bedingungen über Beziehungen nicht verfolgen. Verwenden Sie eine LiveQuery.</translation>
    </message>
    <message>
        <source>The data store is signing in. Wait for the end of signIn().</source>
        <translation>Der Datenspeicher meldet gerade jemanden an. Warten Sie das Ende von signIn() ab.</translation>
    </message>
    <message>
        <source>The data store is signing out. Wait for the end of signOut().</source>
        <translation>Der Datenspeicher meldet gerade jemanden ab. Warten Sie das Ende von signOut() ab.</translation>
    </message>
    <message>
        <source>The data store is being cleared. Wait for the end of clear().</source>
        <translation>Der Datenspeicher wird gerade geleert. Warten Sie das Ende von clear() ab.</translation>
    </message>
    <message>
        <source>signIn() needs to know who it is; the principal is empty.</source>
        <translation>signIn() muss wissen, wer sich anmeldet; die Kennung ist leer.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before signIn().</source>
        <translation>Der Datenspeicher hat kein Schema. Setzen Sie eines vor signIn().</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) could not be sent in time, so nobody was signed out.</source>
        <translation>
            <numerusform>%n Änderung konnte nicht rechtzeitig gesendet werden, daher wurde niemand abgemeldet.</numerusform>
            <numerusform>%n Änderungen konnten nicht rechtzeitig gesendet werden, daher wurde niemand abgemeldet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before clear().</source>
        <translation>Der Datenspeicher hat kein Schema. Setzen Sie eines vor clear().</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) that only this device has would be lost.</source>
        <translation>
            <numerusform>%n Änderung, die nur dieses Gerät hat, ginge verloren.</numerusform>
            <numerusform>%n Änderungen, die nur dieses Gerät hat, gingen verloren.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is known of mutation %1 any more.</source>
        <translation>Von der Änderung %1 ist nichts mehr bekannt.</translation>
    </message>
    <message>
        <source>No %1 &quot;%2&quot; is kept aside any more.</source>
        <translation>Kein Datensatz %1 „%2“ ist mehr beiseitegelegt.</translation>
    </message>
    <message>
        <source>The data store was not ready in time.</source>
        <translation>Der Datenspeicher war nicht rechtzeitig bereit.</translation>
    </message>
    <message>
        <source>The backend did not have every change in time.</source>
        <translation>Das Backend hatte nicht rechtzeitig alle Änderungen.</translation>
    </message>
    <message>
        <source>The %1 was changed here and on the backend, and there is nobody to decide the conflict.</source>
        <translation>%1 wurde hier und im Backend geändert, und niemand ist da, der den Konflikt entscheidet.</translation>
    </message>
    <message>
        <source>%1() takes the number of a row.</source>
        <translation>%1() nimmt die Nummer einer Zeile.</translation>
    </message>
</context>
<context>
    <name>Tideline::LiveQuery</name>
    <message>
        <source>The schema has no model type &quot;%1&quot;. It has: %2.</source>
        <translation>Das Schema hat keinen Modelltyp „%1“. Vorhanden sind: %2.</translation>
    </message>
    <message>
        <source>%1 cannot include &quot;%2&quot;: its role would be named &quot;%3&quot;, and there is one of that name.</source>
        <translation>%1 kann „%2“ nicht einschließen: Die Rolle hieße „%3“, und diesen Namen gibt es schon.</translation>
    </message>
    <message>
        <source>%1 has no field or relation &quot;%2&quot; (in include: &quot;%3&quot;).</source>
        <translation>%1 hat weder ein Feld noch eine Beziehung „%2“ (in include: „%3“).</translation>
    </message>
    <message>
        <source>The condition contains undefined. Where a field is to be null, say null.</source>
        <translation>Die Bedingung enthält undefined. Wo ein Feld null sein soll, ist null anzugeben.</translation>
    </message>
</context>
<context>
    <name>Tideline::ModelObject</name>
    <message>
        <source>%1.%2 is written by the backend only.</source>
        <translation>%1.%2 wird nur vom Backend geschrieben.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key, which a stored record keeps.</source>
        <translation>%1.%2 gehört zum Schlüssel, den ein gespeicherter Datensatz behält.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and must be given.</source>
        <translation>%1.%2 gehört zum Schlüssel und muss angegeben werden.</translation>
    </message>
</context>
<context>
    <name>Tideline::OidcSignIn</name>
    <message>
        <source>The sign-in was closed before it was done.</source>
        <translation>Die Anmeldung wurde geschlossen, bevor sie fertig war.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled.</source>
        <translation>Die Anmeldung wurde abgebrochen.</translation>
    </message>
</context>
<context>
    <name>Tideline::Qml</name>
    <message>
        <source>A model type is given by its name, such as &quot;Product&quot;, not %1.</source>
        <translation>Ein Modelltyp wird mit seinem Namen angegeben, zum Beispiel „Product“, nicht durch %1.</translation>
    </message>
    <message>
        <source>save() takes a model object, or an object whose member &quot;type&quot; names the model type, for instance {type: &quot;Product&quot;, name: &quot;Tea&quot;}.</source>
        <translation>save() nimmt ein Modellobjekt oder ein Objekt, dessen Eigenschaft „type“ den Modelltyp nennt, zum Beispiel {type: &quot;Product&quot;, name: &quot;Tea&quot;}.</translation>
    </message>
    <message>
        <source>%1.%2 cannot hold %3.</source>
        <translation>%1.%2 kann %3 nicht aufnehmen.</translation>
    </message>
    <message>
        <source>The option &quot;%1&quot; is a whole number, not %2.</source>
        <translation>Die Option „%1“ ist eine ganze Zahl, nicht %2.</translation>
    </message>
    <message>
        <source>The option &quot;sort&quot; is a list of field names such as [&quot;name&quot;, &quot;-countedAt&quot;], not %1.</source>
        <translation>Die Option „sort“ ist eine Liste von Feldnamen wie [&quot;name&quot;, &quot;-countedAt&quot;], nicht %1.</translation>
    </message>
    <message>
        <source>The condition at &quot;%1&quot; contains %2.</source>
        <translation>Die Bedingung bei „%1“ enthält %2.</translation>
    </message>
    <message>
        <source>save() takes a model object or a JavaScript object, not %1.</source>
        <translation>save() nimmt ein Modellobjekt oder ein JavaScript-Objekt, nicht %1.</translation>
    </message>
    <message>
        <source>The key (%1) is a text, not %2.</source>
        <translation>Der Schlüssel (%1) ist ein Text, nicht %2.</translation>
    </message>
    <message>
        <source>The options are an object such as {sort: [&quot;-countedAt&quot;], limit: 50}, not %1.</source>
        <translation>Die Optionen sind ein Objekt wie {sort: [&quot;-countedAt&quot;], limit: 50}, nicht %1.</translation>
    </message>
    <message>
        <source>There is no option &quot;%1&quot;; there are sort, limit and offset.</source>
        <translation>Es gibt keine Option „%1“; es gibt sort, limit und offset.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set &quot;schema&quot; or &quot;schemaFile&quot;.</source>
        <translation>Der Datenspeicher hat kein Schema. Setzen Sie „schema“ oder „schemaFile“.</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;</source>
        <translation>Das Schema hat keinen Modelltyp „%1“</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;</source>
        <translation>%1 hat kein Feld „%2“</translation>
    </message>
    <message>
        <source>a symbol</source>
        <translation>ein Symbol</translation>
    </message>
    <message>
        <source>a function</source>
        <translation>eine Funktion</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>ein Array</translation>
    </message>
    <message>
        <source>a date</source>
        <translation>ein Datum</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>an object of a class</source>
        <translation>ein Objekt einer Klasse</translation>
    </message>
    <message>
        <source>an invalid date</source>
        <translation>ein ungültiges Datum</translation>
    </message>
    <message>
        <source>an object that contains itself, or more than %1 levels</source>
        <translation>ein Objekt, das sich selbst oder mehr als %1 Ebenen enthält</translation>
    </message>
    <message>
        <source>The data store went before the call was done.</source>
        <translation>Der Datenspeicher verschwand, bevor der Aufruf fertig war.</translation>
    </message>
    <message>
        <source>The schema must be a local file or a resource, not &quot;%1&quot;.</source>
        <translation>Das Schema muss eine lokale Datei oder eine Ressource sein, nicht „%1“.</translation>
    </message>
    <message>
        <source>The schema file &quot;%1&quot; cannot be read: %2.</source>
        <translation>Die Schemadatei „%1“ ist nicht lesbar: %2.</translation>
    </message>
    <message>
        <source>saveAll() takes an array of objects.</source>
        <translation>saveAll() nimmt ein Array von Objekten.</translation>
    </message>
    <message>
        <source>%1: removeAll() needs a condition; {} means every record.</source>
        <translation>%1: removeAll() braucht eine Bedingung; {} bedeutet jeden Datensatz.</translation>
    </message>
    <message>
        <source>There is no DataStore yet. Create one, or set the property &quot;store&quot;.</source>
        <translation>Es gibt noch keinen DataStore. Legen Sie einen an oder setzen Sie die Eigenschaft „store“.</translation>
    </message>
    <message>
        <source>There is more than one DataStore. Set the property &quot;store&quot; to the one that is meant.</source>
        <translation>Es gibt mehr als einen DataStore. Setzen Sie die Eigenschaft „store“ auf den gemeinten.</translation>
    </message>
    <message>
        <source>A mutation is given by its number, not %1.</source>
        <translation>Eine Änderung wird mit ihrer Nummer angegeben, nicht mit %1.</translation>
    </message>
    <message>
        <source>The second argument of discard() is true or false, not %1.</source>
        <translation>Das zweite Argument von discard() ist true oder false, nicht %1.</translation>
    </message>
    <message>
        <source>signIn() takes the principal as a text, not %1.</source>
        <translation>signIn() erwartet die Kennung als Text, nicht %1.</translation>
    </message>
    <message>
        <source>The first argument of signOut() is DataStore.Keep, DataStore.Drain or DataStore.Discard, not %1.</source>
        <translation>Das erste Argument von signOut() ist DataStore.Keep, DataStore.Drain oder DataStore.Discard, nicht %1.</translation>
    </message>
    <message>
        <source>The second argument of signOut() is a time in milliseconds, not %1.</source>
        <translation>Das zweite Argument von signOut() ist eine Zeit in Millisekunden, nicht %1.</translation>
    </message>
    <message>
        <source>The argument of clear() is DataStore.NothingAtRisk or DataStore.Everything, not %1.</source>
        <translation>Das Argument von clear() ist DataStore.NothingAtRisk oder DataStore.Everything, nicht %1.</translation>
    </message>
    <message>
        <source>A deadline is a number of milliseconds, not %1.</source>
        <translation>Eine Frist ist eine Anzahl von Millisekunden, nicht %1.</translation>
    </message>
    <message>
        <source>How many entries are wanted is a whole number, not %1.</source>
        <translation>Die Anzahl gewünschter Einträge ist eine ganze Zahl, nicht %1.</translation>
    </message>
    <message>
        <source>may() takes &quot;create&quot;, &quot;update&quot;, &quot;delete&quot; or &quot;read&quot;, not %1.</source>
        <translation>may() nimmt „create“, „update“, „delete“ oder „read“, nicht %1.</translation>
    </message>
    <message>
        <source>A provider of tokens gives a text, {token, expiresAt}, a promise of one, or null when nobody is signed in; not %1.</source>
        <translation>Ein Anbieter von Token gibt einen Text, {token, expiresAt}, ein Promise davon oder null, wenn niemand angemeldet ist; nicht %1.</translation>
    </message>
    <message>
        <source>The scope of %1 contains undefined.</source>
        <translation>Der Abgleichsbereich von %1 enthält undefined.</translation>
    </message>
    <message>
        <source>A record that is kept aside is named by the texts type and key, not by %1.</source>
        <translation>Ein beiseitegelegter Datensatz wird durch die Texte type und key benannt, nicht durch %1.</translation>
    </message>
    <message>
        <source>The expiresAt of a token is a date or a number of milliseconds, not %1.</source>
        <translation>Das expiresAt eines Tokens ist ein Datum oder eine Anzahl von Millisekunden, nicht %1.</translation>
    </message>
    <message>
        <source>The provider of tokens was asked again before it answered.</source>
        <translation>Der Anbieter der Token wurde erneut gefragt, bevor er geantwortet hat.</translation>
    </message>
    <message>
        <source>The provider of tokens failed: %1</source>
        <translation>Der Anbieter der Token ist gescheitert: %1</translation>
    </message>
    <message>
        <source>A provider of tokens must be a function, not %1.</source>
        <translation>Ein Anbieter von Token muss eine Funktion sein, nicht %1.</translation>
    </message>
    <message>
        <source>The provider of tokens is gone.</source>
        <translation>Den Anbieter der Token gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The argument of discardUnmapped() is the id of an entry of unmapped(), not %1.</source>
        <translation>Das Argument von discardUnmapped() ist die id eines Eintrags von unmapped(), nicht %1.</translation>
    </message>
    <message>
        <source>A conflict policy is a text such as &quot;newest&quot; or &quot;sum&quot;.</source>
        <translation>Eine Konfliktregel ist ein Text wie &quot;newest&quot; oder &quot;sum&quot;.</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot; that a decision about a conflict could set.</source>
        <translation>%1 hat kein Feld &quot;%2&quot;, das eine Entscheidung über einen Konflikt setzen könnte.</translation>
    </message>
    <message>
        <source>A decision about a conflict is &quot;mine&quot;, &quot;theirs&quot;, &quot;delete&quot; or an object of fields, not %1.</source>
        <translation>Eine Entscheidung über einen Konflikt ist &quot;mine&quot;, &quot;theirs&quot;, &quot;delete&quot; oder ein Objekt mit Feldern, nicht %1.</translation>
    </message>
    <message>
        <source>The second argument of undo() is &quot;mine&quot; or &quot;theirs&quot;, not %1.</source>
        <translation>Das zweite Argument von undo() ist &quot;mine&quot; oder &quot;theirs&quot;, nicht %1.</translation>
    </message>
    <message>
        <source>The data store went before the conflict was decided.</source>
        <translation>Der Datenspeicher verschwand, bevor der Konflikt entschieden war.</translation>
    </message>
    <message>
        <source>The handler of conflicts failed: %1</source>
        <translation>Die Funktion, die Konflikte entscheidet, ist gescheitert: %1</translation>
    </message>
    <message>
        <source>conflictHandler is a function, not %1.</source>
        <translation>conflictHandler ist eine Funktion, nicht %1.</translation>
    </message>
    <message>
        <source>The third argument of decisions() is a whole number, not %1.</source>
        <translation>Das dritte Argument von decisions() ist eine ganze Zahl, nicht %1.</translation>
    </message>
    <message>
        <source>The priority of a scope is a whole number.</source>
        <translation>Der Vorrang eines Bereichs ist eine ganze Zahl.</translation>
    </message>
</context>
<context>
    <name>Tideline::Store</name>
    <message>
        <source>Qt&apos;s driver for SQLite (QSQLITE) is not installed, so there can be no local store.</source>
        <translation>Der SQLite-Treiber von Qt (QSQLITE) ist nicht installiert; ohne ihn gibt es keinen lokalen Speicher.</translation>
    </message>
    <message>
        <source>The condition is nested more deeply, or has more operands, than SQLite can take. Ask in several queries.</source>
        <translation>Die Bedingung ist tiefer verschachtelt oder hat mehr Operanden, als SQLite verarbeiten kann. Teilen Sie sie auf mehrere Abfragen auf.</translation>
    </message>
    <message>
        <source>SQLite refused a statement of the local store.</source>
        <translation>SQLite hat eine Anweisung des lokalen Speichers abgelehnt.</translation>
    </message>
    <message>
        <source>Another program holds the lock of the local store. Try again when it is done.</source>
        <translation>Ein anderes Programm hält die Sperre des lokalen Speichers. Versuchen Sie es erneut, wenn es fertig ist.</translation>
    </message>
    <message>
        <source>The local store cannot be written: the file, its folder or the disk is read-only. Make it writable or choose another place.</source>
        <translation>Der lokale Speicher ist nicht beschreibbar: Die Datei, ihr Ordner oder der Datenträger ist schreibgeschützt. Heben Sie den Schreibschutz auf oder wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>The disk reported an error at the local store. Check the disk and try again.</source>
        <translation>Der Datenträger hat beim lokalen Speicher einen Fehler gemeldet. Prüfen Sie den Datenträger und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>There is no room left for the local store. Nothing was changed; free some space and try again.</source>
        <translation>Für den lokalen Speicher ist kein Platz mehr. Es wurde nichts verändert; schaffen Sie Platz und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The local store cannot be opened. Check that its folder exists and may be used.</source>
        <translation>Der lokale Speicher lässt sich nicht öffnen. Prüfen Sie, ob sein Ordner existiert und zugänglich ist.</translation>
    </message>
    <message>
        <source>%1 is not a Tideline store. It was left untouched; choose another path.</source>
        <translation>Die Datei %1 ist kein Tideline-Speicher. Sie wurde nicht verändert; wählen Sie einen anderen Pfad.</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of this program (format %2, known here is %3). It was left untouched; update the program.</source>
        <translation>Die Datei %1 wurde von einer neueren Version dieses Programms geschrieben (Format %2, hier bekannt ist %3). Sie wurde nicht verändert; aktualisieren Sie das Programm.</translation>
    </message>
    <message>
        <source>The local store is damaged. Keep a copy of the file and its -wal file, and restore it from a backup or from the backend.</source>
        <translation>Der lokale Speicher ist beschädigt. Bewahren Sie eine Kopie der Datei und ihrer -wal-Datei auf und stellen Sie ihn aus einer Sicherung oder vom Backend wieder her.</translation>
    </message>
    <message>
        <source>%1 was deleted or replaced while it was open, so nothing can be saved. Put the file back, or close the store and open it again.</source>
        <translation>Die Datei %1 wurde gelöscht oder ersetzt, während sie geöffnet war; deshalb lässt sich nichts speichern. Legen Sie die Datei zurück oder schließen und öffnen Sie den Speicher neu.</translation>
    </message>
    <message>
        <source>The folder %1 does not exist; make it before the store is opened.</source>
        <translation>Der Ordner %1 existiert nicht; legen Sie ihn an, bevor der Speicher geöffnet wird.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be written, and SQLite keeps files beside the store. Make it writable or choose another path.</source>
        <translation>Der Ordner %1 ist nicht beschreibbar, und SQLite legt Dateien neben dem Speicher ab. Machen Sie ihn beschreibbar oder wählen Sie einen anderen Pfad.</translation>
    </message>
    <message>
        <source>A store needs a path; &quot;:memory:&quot; keeps it in memory.</source>
        <translation>Ein Speicher braucht einen Pfad; mit „:memory:“ bleibt er im Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>%1 is a folder; a store is a file.</source>
        <translation>%1 ist ein Ordner; ein Speicher ist eine Datei.</translation>
    </message>
    <message>
        <source>%1 cannot be read; check its permissions.</source>
        <translation>Die Datei %1 ist nicht lesbar; prüfen Sie ihre Zugriffsrechte.</translation>
    </message>
    <message>
        <source>%1 is read-only. Make it writable or choose another path.</source>
        <translation>Die Datei %1 ist schreibgeschützt. Machen Sie sie beschreibbar oder wählen Sie einen anderen Pfad.</translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; has a name that the local file uses itself. Names that begin with tl_ or sqlite_ are reserved.</source>
        <translation>Der Modelltyp „%1“ hat einen Namen, den die lokale Datei selbst verwendet. Namen, die mit tl_ oder sqlite_ beginnen, sind reserviert.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; in the schema differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</source>
        <translation>Der Name „%1“ im Schema unterscheidet sich von einem anderen dort nur in Groß- und Kleinschreibung, was eine lokale SQLite-Datei nicht trennen kann. Benennen Sie einen von beiden um.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; in %2 differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</source>
        <translation>Der Name „%1“ in %2 unterscheidet sich von einem anderen dort nur in Groß- und Kleinschreibung, was eine lokale SQLite-Datei nicht trennen kann. Benennen Sie einen von beiden um.</translation>
    </message>
    <message>
        <source>No model type was given.</source>
        <translation>Es wurde kein Modelltyp angegeben.</translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; does not belong to the schema of this store. Take it from Store::schema().</source>
        <translation>Der Modelltyp „%1“ gehört nicht zum Schema dieses Speichers. Nehmen Sie ihn aus Store::schema().</translation>
    </message>
    <message>
        <source>A mutation in the outbox belongs to the model type &quot;%1&quot;, which the schema lacks.</source>
        <translation>Eine Änderung im Postausgang gehört zum Modelltyp „%1“, der im Schema fehlt.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of %2. A key of several fields is the JSON array of their values.</source>
        <translation>„%1“ ist kein Schlüssel von %2. Ein Schlüssel aus mehreren Feldern ist das JSON-Array ihrer Werte.</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;.</source>
        <translation>%1 hat kein Feld „%2“.</translation>
    </message>
    <message>
        <source>%1 cannot be computed over %2.%3, which is not of a suitable type.</source>
        <translation>%1 lässt sich nicht über %2.%3 berechnen; das Feld hat keinen geeigneten Typ.</translation>
    </message>
    <message>
        <source>%1.%2 is written by the backend only; leave it out.</source>
        <translation>%1.%2 wird nur vom Backend geschrieben; lassen Sie es weg.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and cannot change; save a new record and remove the old one.</source>
        <translation>%1.%2 gehört zum Schlüssel und lässt sich nicht ändern; speichern Sie einen neuen Datensatz und löschen Sie den alten.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was removed meanwhile. Save a new record to bring it back.</source>
        <translation>%1 „%2“ wurde inzwischen gelöscht. Speichern Sie einen neuen Datensatz, um ihn wiederherzustellen.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and needs a value.</source>
        <translation>%1.%2 gehört zum Schlüssel und braucht einen Wert.</translation>
    </message>
    <message>
        <source>A condition needs a stored record, and %1 &quot;%2&quot; is new. Save it without a condition.</source>
        <translation>Eine Bedingung setzt einen gespeicherten Datensatz voraus, und %1 „%2“ ist neu. Speichern Sie ihn ohne Bedingung.</translation>
    </message>
    <message>
        <source>The condition of a save may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation>Die Bedingung beim Speichern darf nur nach Feldern von %1 selbst fragen; mehr kann das Backend nicht prüfen.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not saved: the stored record does not meet the condition.</source>
        <translation>%1 „%2“ wurde nicht gespeichert: Der gespeicherte Datensatz erfüllt die Bedingung nicht.</translation>
    </message>
    <message>
        <source>%1.%2 refers to %3 &quot;%4&quot;, which is not stored. Save it first.</source>
        <translation>%1.%2 verweist auf %3 „%4“; dieser Datensatz ist nicht gespeichert. Speichern Sie ihn zuerst.</translation>
    </message>
    <message>
        <source>A query needs a limit of -1 (all) or more and an offset of 0 or more.</source>
        <translation>Eine Abfrage braucht ein Limit ab -1 (alle) und einen Offset ab 0.</translation>
    </message>
    <message>
        <source>%1 has no relation &quot;%2&quot;.</source>
        <translation>%1 hat keine Beziehung „%2“.</translation>
    </message>
    <message>
        <source>The path &quot;%1&quot; does not lead to the record&apos;s model type.</source>
        <translation>Der Pfad „%1“ führt nicht zum Modelltyp des Datensatzes.</translation>
    </message>
    <message>
        <source>The store is open already.</source>
        <translation>Der Speicher ist bereits geöffnet.</translation>
    </message>
    <message>
        <source>The store is closed.</source>
        <translation>Der Speicher ist geschlossen.</translation>
    </message>
    <message>
        <source>The store is not open. Call open() first.</source>
        <translation>Der Speicher ist nicht geöffnet. Rufen Sie zuerst open() auf.</translation>
    </message>
    <message>
        <source>The file system at %1 cannot share memory between the parts of a store, as network file systems often cannot. Choose a local path.</source>
        <translation>Das Dateisystem bei %1 bietet den Teilen eines Speichers keinen gemeinsamen Arbeitsspeicher; bei Netzlaufwerken ist das oft so. Wählen Sie einen lokalen Pfad.</translation>
    </message>
    <message>
        <source>The schema that the local store was made with cannot be read any more.</source>
        <translation>Das Schema, mit dem der lokale Speicher angelegt wurde, ist nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>The store is not open.</source>
        <translation>Der Speicher ist nicht geöffnet.</translation>
    </message>
    <message>
        <source>Nothing was saved, because of number %1 of %2: %3</source>
        <translation>Es wurde nichts gespeichert, wegen Nummer %1 von %2: %3</translation>
    </message>
    <message>
        <source>The condition of a removal may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation>Die Bedingung beim Löschen darf nur nach Feldern von %1 selbst fragen; mehr kann das Backend nicht prüfen.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not removed: the stored record does not meet the condition.</source>
        <translation>%1 „%2“ wurde nicht gelöscht: Der gespeicherte Datensatz erfüllt die Bedingung nicht.</translation>
    </message>
    <message>
        <source>A record of %1 needs a complete key to be stored.</source>
        <translation>Ein Datensatz von %1 braucht zum Speichern einen vollständigen Schlüssel.</translation>
    </message>
    <message>
        <source>The outbox has no mutation %1.</source>
        <translation>Der Postausgang enthält keine Änderung %1.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a name for a setting; it is empty or reserved.</source>
        <translation>„%1“ ist kein Name für eine Einstellung; er ist leer oder reserviert.</translation>
    </message>
    <message>
        <source>There is no rejected mutation %1 any more.</source>
        <translation>Es gibt keine abgelehnte Änderung %1 mehr.</translation>
    </message>
    <message numerus="yes">
        <source>%1 &quot;%2&quot; cannot be discarded alone: %n other record(s) refer to it and were not sent either. Discard them too, or let them refer to another one.</source>
        <translation>
            <numerusform>%1 „%2“ kann nicht allein verworfen werden: %n anderer Datensatz verweist darauf und wurde auch nicht gesendet. Verwerfen Sie ihn auch, oder lassen Sie ihn auf einen anderen verweisen.</numerusform>
            <numerusform>%1 „%2“ kann nicht allein verworfen werden: %n andere Datensätze verweisen darauf und wurden auch nicht gesendet. Verwerfen Sie sie auch, oder lassen Sie sie auf einen anderen verweisen.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 has the records of somebody else, who must sign in to open it. It was left untouched.</source>
        <translation>%1 enthält die Daten einer anderen Person, die sich anmelden muss, um sie zu öffnen. Die Datei wurde nicht verändert.</translation>
    </message>
    <message>
        <source>%1 cannot be removed: %2</source>
        <translation>%1 kann nicht entfernt werden: %2</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;.</source>
        <translation>Das Schema hat keinen Modelltyp „%1“.</translation>
    </message>
    <message>
        <source>There is no %1 &quot;%2&quot;.</source>
        <translation>Es gibt keinen Datensatz „%2“ von %1.</translation>
    </message>
    <message>
        <source>Nothing that a change of the schema left over has the number %1.</source>
        <translation>Was eine Änderung des Schemas übrig ließ, hat keine Nummer %1.</translation>
    </message>
    <message>
        <source>This version of the app has no place for it.</source>
        <translation>Diese Version der App hat keinen Platz dafür.</translation>
    </message>
    <message>
        <source>This version of the app has no place for its field %1.</source>
        <translation>Diese Version der App hat keinen Platz für das Feld %1.</translation>
    </message>
    <message>
        <source>The value of its field %1 does not fit this version of the app.</source>
        <translation>Der Wert des Feldes %1 passt nicht zu dieser Version der App.</translation>
    </message>
    <message>
        <source>This version of the app needs a value of its field %1, and there is none.</source>
        <translation>Diese Version der App braucht einen Wert des Feldes %1, und es gibt keinen.</translation>
    </message>
    <message>
        <source>This version of the app needs a value for its key, and there is none.</source>
        <translation>Diese Version der App braucht einen Wert für den Schlüssel, und es gibt keinen.</translation>
    </message>
    <message>
        <source>Another record has its key in this version of the app.</source>
        <translation>In dieser Version der App hat ein anderer Datensatz seinen Schlüssel.</translation>
    </message>
    <message>
        <source>The record that it changes is kept aside, too.</source>
        <translation>Der Datensatz, den es ändert, ist ebenfalls beiseitegelegt.</translation>
    </message>
</context>
<context>
    <name>Tideline::Sync</name>
    <message>
        <source>The scope names %1, which is no model type.</source>
        <translation>Der Abgleichsbereich nennt %1; das ist kein Modelltyp.</translation>
    </message>
    <message>
        <source>The scope of %1 uses a relation; name its own fields only.</source>
        <translation>Der Abgleichsbereich von %1 verwendet eine Beziehung; nennen Sie nur eigene Felder.</translation>
    </message>
    <message>
        <source>The backend gave no way to reach it.</source>
        <translation>Das Backend gibt nicht an, wie es zu erreichen ist.</translation>
    </message>
    <message>
        <source>The backend sent an item without a record.</source>
        <translation>Das Backend hat einen Eintrag ohne Datensatz gesendet.</translation>
    </message>
    <message>
        <source>The backend sent a record of %1 without a version.</source>
        <translation>Das Backend hat einen Datensatz von %1 ohne Version gesendet.</translation>
    </message>
    <message>
        <source>The backend did not answer a sync query of %1 in time.</source>
        <translation>Das Backend hat eine Abgleichsabfrage von %1 nicht rechtzeitig beantwortet.</translation>
    </message>
    <message>
        <source>The backend&apos;s subscriptions were not there in time.</source>
        <translation>Die Abonnements des Backends standen nicht rechtzeitig bereit.</translation>
    </message>
    <message>
        <source>The backend gave no usable answer to a change of %1.</source>
        <translation>Das Backend hat auf eine Änderung von %1 nicht brauchbar geantwortet.</translation>
    </message>
    <message>
        <source>The backend reports a conflict on a %1 that it does not show.</source>
        <translation>Das Backend meldet einen Konflikt bei einem Datensatz vom Typ %1, den es nicht zeigt.</translation>
    </message>
    <message>
        <source>The backend&apos;s %1 changed again and again while this change was sent.</source>
        <translation>Der Datensatz vom Typ %1 wurde im Backend immer wieder verändert, während diese Änderung gesendet wurde.</translation>
    </message>
    <message>
        <source>The %1 was deleted on the backend while it was changed here.</source>
        <translation>Der Datensatz vom Typ %1 wurde im Backend gelöscht, während er hier geändert wurde.</translation>
    </message>
    <message>
        <source>The backend refused the change and gave no reason.</source>
        <translation>Das Backend hat die Änderung abgelehnt und keinen Grund genannt.</translation>
    </message>
    <message>
        <source>The backend did not answer mutations in time.</source>
        <translation>Das Backend hat Änderungen nicht rechtzeitig beantwortet.</translation>
    </message>
    <message>
        <source>The backend answered %1 of %2 mutations.</source>
        <translation>Das Backend hat %1 von %2 Änderungen beantwortet.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which was deleted.</source>
        <translation>%1 „%2“ gehört zu %3 „%4“, und dieser Datensatz wurde gelöscht.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which has not come.</source>
        <translation>%1 „%2“ gehört zu %3 „%4“, und dieser Datensatz ist nicht gekommen.</translation>
    </message>
    <message>
        <source>No %1 &quot;%2&quot; is kept aside any more.</source>
        <translation>Kein Datensatz %1 „%2“ ist mehr beiseitegelegt.</translation>
    </message>
    <message>
        <source>The backend sent a %1 without its required field &quot;%2&quot;.</source>
        <translation>Das Backend hat einen Datensatz vom Typ %1 ohne das erforderliche Feld „%2“ gesendet.</translation>
    </message>
    <message>
        <source>The backend sent a %1 without _version.</source>
        <translation>Das Backend hat einen Datensatz vom Typ %1 ohne _version gesendet.</translation>
    </message>
    <message>
        <source>This device has no such record and nothing to send for it.</source>
        <translation>Dieses Gerät hat keinen solchen Datensatz und nichts für ihn zu senden.</translation>
    </message>
    <message>
        <source>The record stays on this device.</source>
        <translation>Der Datensatz bleibt auf diesem Gerät.</translation>
    </message>
    <message>
        <source>The backend has all that was changed here.</source>
        <translation>Das Backend hat alles, was hier geändert wurde.</translation>
    </message>
    <message>
        <source>Saved on this device; the backend does not have it yet.</source>
        <translation>Auf diesem Gerät gespeichert; das Backend hat es noch nicht.</translation>
    </message>
    <message>
        <source>Being sent.</source>
        <translation>Wird gesendet.</translation>
    </message>
    <message>
        <source>The backend refused the change.</source>
        <translation>Das Backend hat die Änderung abgelehnt.</translation>
    </message>
    <message>
        <source>It waits for a decision: edit, send again or discard. Reason: %1</source>
        <translation>Eine Entscheidung steht aus: bearbeiten, erneut senden oder verwerfen. Grund: %1</translation>
    </message>
    <message>
        <source>It needs %1 %2, which the backend refused: %3</source>
        <translation>Es braucht %1 %2, vom Backend abgelehnt: %3</translation>
    </message>
    <message>
        <source>It was changed on the backend too, and the application is asked what becomes of it.</source>
        <translation>Es wurde auch im Backend geändert, und die Anwendung wird gefragt, was daraus wird.</translation>
    </message>
    <message>
        <source>It needs %1 %2, which has to be created on the backend first.</source>
        <translation>Es braucht %1 %2, und das muss zuerst im Backend angelegt werden.</translation>
    </message>
    <message>
        <source>%1 %2, which belongs to it, has to be deleted on the backend first.</source>
        <translation>%1 %2 gehört dazu und muss zuerst im Backend gelöscht werden.</translation>
    </message>
    <message>
        <source>It waits for the backend&apos;s answer.</source>
        <translation>Die Antwort des Backends steht aus.</translation>
    </message>
    <message>
        <source>The last attempt failed; the next one is at %1. Reason: %2</source>
        <translation>Der letzte Versuch schlug fehl; der nächste ist um %1. Grund: %2</translation>
    </message>
    <message>
        <source>Others change the same record; the next attempt is at %1.</source>
        <translation>Andere ändern denselben Datensatz; der nächste Versuch ist um %1.</translation>
    </message>
    <message>
        <source>The backend asked to slow down; the next attempt is at %1.</source>
        <translation>Das Backend bittet um weniger Anfragen; der nächste Versuch ist um %1.</translation>
    </message>
    <message>
        <source>It waits for a backend: none is set.</source>
        <translation>Es wartet auf ein Backend: Keines ist eingestellt.</translation>
    </message>
    <message>
        <source>The application has paused the line.</source>
        <translation>Die Anwendung hat die Verbindung angehalten.</translation>
    </message>
    <message>
        <source>It waits for a sign-in: %1</source>
        <translation>Es wartet auf eine Anmeldung: %1</translation>
    </message>
    <message>
        <source>It waits for the backend, which is out of reach since %1; the next attempt is at %2. Reason: %3</source>
        <translation>Es wartet auf das Backend, das seit %1 nicht erreichbar ist; der nächste Versuch ist um %2. Grund: %3</translation>
    </message>
    <message>
        <source>It waits for the backend, which is not reached yet.</source>
        <translation>Es wartet auf das Backend, das noch nicht erreicht ist.</translation>
    </message>
    <message>
        <source>The backend is being reached and asked for what changed there; then it is sent.</source>
        <translation>Das Backend wird erreicht und nach seinen Änderungen gefragt; dann wird gesendet.</translation>
    </message>
    <message>
        <source>It is sent in its turn.</source>
        <translation>Es wird gesendet, sobald es an der Reihe ist.</translation>
    </message>
    <message>
        <source>The %1 was decided about %2 times, and changed on the backend each time.</source>
        <translation>Über %1 wurde %2-mal entschieden, und jedes Mal änderte es sich im Backend.</translation>
    </message>
    <message>
        <source>The %1 was changed here and on the backend, and the application decides no conflicts.</source>
        <translation>%1 wurde hier und im Backend geändert, und die Anwendung entscheidet keine Konflikte.</translation>
    </message>
    <message>
        <source>The application did not decide the conflict in time.</source>
        <translation>Die Anwendung hat den Konflikt nicht rechtzeitig entschieden.</translation>
    </message>
    <message>
        <source>A conflict policy names &quot;%1&quot;, which is no model type</source>
        <translation>Eine Konfliktregel nennt &quot;%1&quot;, was kein Modelltyp ist</translation>
    </message>
    <message>
        <source>A conflict policy names &quot;%1&quot;, which is no field of %2</source>
        <translation>Eine Konfliktregel nennt &quot;%1&quot;, was kein Feld von %2 ist</translation>
    </message>
    <message>
        <source>The decision about a conflict names &quot;%1&quot;, which is no field of %2.</source>
        <translation>Die Entscheidung über einen Konflikt nennt &quot;%1&quot;, was kein Feld von %2 ist.</translation>
    </message>
    <message>
        <source>The decision about a conflict cannot change %1.%2.</source>
        <translation>Die Entscheidung über einen Konflikt kann %1.%2 nicht ändern.</translation>
    </message>
    <message>
        <source>There is no decision %1 any more.</source>
        <translation>Es gibt keine Entscheidung %1 mehr.</translation>
    </message>
    <message>
        <source>The decision %1 has been undone already.</source>
        <translation>Die Entscheidung %1 ist schon zurückgenommen.</translation>
    </message>
    <message>
        <source>%1.%2 has something of both sides. Say which one it is to have.</source>
        <translation>%1.%2 hat von beiden Seiten etwas. Sagen Sie, welche es haben soll.</translation>
    </message>
    <message>
        <source>There is no %1 &quot;%2&quot; any more.</source>
        <translation>%1 &quot;%2&quot; gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>What the decision %1 set has been changed since.</source>
        <translation>Was die Entscheidung %1 gesetzt hat, ist seitdem geändert worden.</translation>
    </message>
    <message>
        <source>The %1 was deleted, and the backend keeps its key from being used again. Save it with another key.</source>
        <translation>%1 wurde gelöscht, und das Backend lässt den Schlüssel nicht wieder verwenden. Speichern Sie den Datensatz unter einem anderen Schlüssel.</translation>
    </message>
</context>
</TS>
