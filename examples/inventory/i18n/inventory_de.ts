<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Catalogue</name>
    <message>
        <source>The first row names no column &quot;%1&quot;. It has: %2</source>
        <translation>Die erste Zeile nennt keine Spalte „%1“. Sie enthält: %2</translation>
    </message>
    <message>
        <source>the barcode is missing</source>
        <translation>der Barcode fehlt</translation>
    </message>
    <message>
        <source>the barcode &quot;%1&quot; is not made of digits</source>
        <translation>der Barcode „%1“ besteht nicht aus Ziffern</translation>
    </message>
    <message>
        <source>the barcode %1 has %2 digits; EAN-8, UPC and EAN-13 have 8, 12 and 13</source>
        <translation>der Barcode %1 hat %2 Stellen; EAN-8, UPC und EAN-13 haben 8, 12 und 13</translation>
    </message>
    <message>
        <source>the barcode %1 ends in the check digit %2 instead of %3</source>
        <translation>der Barcode %1 endet auf die Prüfziffer %2 statt %3</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 ist nicht lesbar: %2</translation>
    </message>
    <message>
        <source>The catalogue is empty.</source>
        <translation>Der Katalog ist leer.</translation>
    </message>
    <message>
        <source>the name is missing</source>
        <translation>der Name fehlt</translation>
    </message>
    <message>
        <source>the barcode %1 is in line %2 already</source>
        <translation>der Barcode %1 steht schon in Zeile %2</translation>
    </message>
    <message>
        <source>the text is not UTF-8</source>
        <translation>der Text ist kein UTF-8</translation>
    </message>
</context>
<context>
    <name>CatalogueBar</name>
    <message>
        <source>Loading the catalogue: %1 of %2</source>
        <translation>Katalog wird geladen: %1 von %2</translation>
    </message>
    <message numerus="yes">
        <source>%n product(s) loaded.</source>
        <translation>
            <numerusform>%n Artikel geladen.</numerusform>
            <numerusform>%n Artikel geladen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) left out …</source>
        <translation>
            <numerusform>%n Zeile ausgelassen …</numerusform>
            <numerusform>%n Zeilen ausgelassen …</numerusform>
        </translation>
    </message>
    <message>
        <source>Progress of loading the catalogue</source>
        <translation>Fortschritt beim Laden des Katalogs</translation>
    </message>
    <message>
        <source>Rows left out</source>
        <translation>Ausgelassene Zeilen</translation>
    </message>
</context>
<context>
    <name>CatalogueImport</name>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message numerus="yes">
        <source>The import was cancelled after %n product(s).</source>
        <translation>
            <numerusform>Das Laden wurde nach %n Artikel abgebrochen.</numerusform>
            <numerusform>Das Laden wurde nach %n Artikeln abgebrochen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The store was closed.</source>
        <translation>Der Speicher wurde geschlossen.</translation>
    </message>
</context>
<context>
    <name>CountDialog</name>
    <message>
        <source>Correct a count</source>
        <translation>Zählung berichtigen</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>CountForm</name>
    <message>
        <source>Count</source>
        <translation>Zählen</translation>
    </message>
    <message>
        <source>Barcode or name</source>
        <translation>Barcode oder Name</translation>
    </message>
    <message>
        <source>Scan or type …</source>
        <translation>Scannen oder tippen …</translation>
    </message>
    <message>
        <source>No such product.</source>
        <translation>Kein solcher Artikel.</translation>
    </message>
    <message>
        <source>%1 counted so far</source>
        <translation>Bisher %1 gezählt</translation>
    </message>
    <message>
        <source>Bin</source>
        <translation>Lagerplatz</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Menge</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Notiz (freiwillig)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
</context>
<context>
    <name>CountList</name>
    <message>
        <source>Counts</source>
        <translation>Zählungen</translation>
    </message>
    <message>
        <source>Nothing counted yet.</source>
        <translation>Noch nichts gezählt.</translation>
    </message>
    <message>
        <source>%1 × %2 in %3</source>
        <translation>%1 × %2 in %3</translation>
    </message>
</context>
<context>
    <name>HubLog</name>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
</context>
<context>
    <name>LineSwitch</name>
    <message>
        <source>Inventory</source>
        <translation>Inventur</translation>
    </message>
    <message>
        <source>Line cut</source>
        <translation>Leitung getrennt</translation>
    </message>
    <message>
        <source>Up to date</source>
        <translation>Auf dem neuesten Stand</translation>
    </message>
    <message>
        <source>Syncing %1 %</source>
        <translation>Abgleich %1 %</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Verbinde …</translation>
    </message>
    <message>
        <source>Server out of reach</source>
        <translation>Server nicht erreichbar</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) waiting</source>
        <translation>
            <numerusform>%n Änderung wartet</numerusform>
            <numerusform>%n Änderungen warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rejected</source>
        <translation>
            <numerusform>%n abgelehnt</numerusform>
            <numerusform>%n abgelehnt</numerusform>
        </translation>
    </message>
    <message>
        <source>Show what the server rejected</source>
        <translation>Zeigen, was der Server abgelehnt hat</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connection to the server</source>
        <translation>Verbindung zum Server</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Night count</source>
        <translation>Nachtinventur</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Zählen</translation>
    </message>
    <message>
        <source>Inventory: %1</source>
        <translation>Inventur: %1</translation>
    </message>
    <message>
        <source>No session yet</source>
        <translation>Noch keine Inventur</translation>
    </message>
    <message>
        <source>pieces</source>
        <translation>Stück</translation>
    </message>
    <message>
        <source>products</source>
        <translation>Artikel</translation>
    </message>
    <message>
        <source>counts</source>
        <translation>Zählungen</translation>
    </message>
    <message>
        <source>Counts (%1)</source>
        <translation>Zählungen (%1)</translation>
    </message>
    <message>
        <source>Totals (%1)</source>
        <translation>Summen (%1)</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Close the message</source>
        <translation>Meldung schließen</translation>
    </message>
</context>
<context>
    <name>SuggestionList</name>
    <message>
        <source>Products found</source>
        <translation>Gefundene Artikel</translation>
    </message>
    <message>
        <source>%1, barcode %2</source>
        <translation>%1, Barcode %2</translation>
    </message>
</context>
<context>
    <name>TotalList</name>
    <message>
        <source>Totals</source>
        <translation>Summen</translation>
    </message>
    <message>
        <source>Nothing counted yet.</source>
        <translation>Noch nichts gezählt.</translation>
    </message>
    <message>
        <source>%1: %2 in total</source>
        <translation>%1: insgesamt %2</translation>
    </message>
    <message numerus="yes">
        <source>%n count(s)</source>
        <translation>
            <numerusform>%n Zählung</numerusform>
            <numerusform>%n Zählungen</numerusform>
        </translation>
    </message>
</context>
</TS>
