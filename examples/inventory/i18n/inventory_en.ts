<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Catalogue</name>
    <message>
        <source>The first row names no column &quot;%1&quot;. It has: %2</source>
        <translation>The first row names no column &quot;%1&quot;. It has: %2</translation>
    </message>
    <message>
        <source>the barcode is missing</source>
        <translation>the barcode is missing</translation>
    </message>
    <message>
        <source>the barcode &quot;%1&quot; is not made of digits</source>
        <translation>the barcode &quot;%1&quot; is not made of digits</translation>
    </message>
    <message>
        <source>the barcode %1 has %2 digits; EAN-8, UPC and EAN-13 have 8, 12 and 13</source>
        <translation>the barcode %1 has %2 digits; EAN-8, UPC and EAN-13 have 8, 12 and 13</translation>
    </message>
    <message>
        <source>the barcode %1 ends in the check digit %2 instead of %3</source>
        <translation>the barcode %1 ends in the check digit %2 instead of %3</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 cannot be read: %2</translation>
    </message>
    <message>
        <source>The catalogue is empty.</source>
        <translation>The catalogue is empty.</translation>
    </message>
    <message>
        <source>the name is missing</source>
        <translation>the name is missing</translation>
    </message>
    <message>
        <source>the barcode %1 is in line %2 already</source>
        <translation>the barcode %1 is in line %2 already</translation>
    </message>
    <message>
        <source>the text is not UTF-8</source>
        <translation>the text is not UTF-8</translation>
    </message>
</context>
<context>
    <name>CatalogueBar</name>
    <message>
        <source>Loading the catalogue: %1 of %2</source>
        <translation>Loading the catalogue: %1 of %2</translation>
    </message>
    <message numerus="yes">
        <source>%n product(s) loaded.</source>
        <translation>
            <numerusform>%n product loaded.</numerusform>
            <numerusform>%n products loaded.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Hide</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) left out …</source>
        <translation>
            <numerusform>%n row left out …</numerusform>
            <numerusform>%n rows left out …</numerusform>
        </translation>
    </message>
    <message>
        <source>Progress of loading the catalogue</source>
        <translation>Progress of loading the catalogue</translation>
    </message>
    <message>
        <source>Rows left out</source>
        <translation>Rows left out</translation>
    </message>
</context>
<context>
    <name>CatalogueImport</name>
    <message>
        <source>Line %1: %2</source>
        <translation>Line %1: %2</translation>
    </message>
    <message numerus="yes">
        <source>The import was cancelled after %n product(s).</source>
        <translation>
            <numerusform>The import was cancelled after %n product.</numerusform>
            <numerusform>The import was cancelled after %n products.</numerusform>
        </translation>
    </message>
    <message>
        <source>The store was closed.</source>
        <translation>The store was closed.</translation>
    </message>
</context>
<context>
    <name>CountDialog</name>
    <message>
        <source>Correct a count</source>
        <translation>Correct a count</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Quantity</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Save</translation>
    </message>
</context>
<context>
    <name>CountForm</name>
    <message>
        <source>Count</source>
        <translation>Count</translation>
    </message>
    <message>
        <source>Barcode or name</source>
        <translation>Barcode or name</translation>
    </message>
    <message>
        <source>Scan or type …</source>
        <translation>Scan or type …</translation>
    </message>
    <message>
        <source>No such product.</source>
        <translation>No such product.</translation>
    </message>
    <message>
        <source>%1 counted so far</source>
        <translation>%1 counted so far</translation>
    </message>
    <message>
        <source>Bin</source>
        <translation>Bin</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Quantity</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Note (optional)</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
</context>
<context>
    <name>CountList</name>
    <message>
        <source>Counts</source>
        <translation>Counts</translation>
    </message>
    <message>
        <source>Nothing counted yet.</source>
        <translation>Nothing counted yet.</translation>
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
        <translation>Events</translation>
    </message>
</context>
<context>
    <name>LineSwitch</name>
    <message>
        <source>Inventory</source>
        <translation>Inventory</translation>
    </message>
    <message>
        <source>Line cut</source>
        <translation>Line cut</translation>
    </message>
    <message>
        <source>Up to date</source>
        <translation>Up to date</translation>
    </message>
    <message>
        <source>Syncing %1 %</source>
        <translation>Syncing %1 %</translation>
    </message>
    <message>
        <source>Connecting …</source>
        <translation>Connecting …</translation>
    </message>
    <message>
        <source>Server out of reach</source>
        <translation>Server out of reach</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) waiting</source>
        <translation>
            <numerusform>%n change waiting</numerusform>
            <numerusform>%n changes waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rejected</source>
        <translation>
            <numerusform>%n rejected</numerusform>
            <numerusform>%n rejected</numerusform>
        </translation>
    </message>
    <message>
        <source>Show what the server rejected</source>
        <translation>Show what the server rejected</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Connected</translation>
    </message>
    <message>
        <source>Connection to the server</source>
        <translation>Connection to the server</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Night count</source>
        <translation>Night count</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>Count</translation>
    </message>
    <message>
        <source>Inventory: %1</source>
        <translation>Inventory: %1</translation>
    </message>
    <message>
        <source>No session yet</source>
        <translation>No session yet</translation>
    </message>
    <message>
        <source>pieces</source>
        <translation>pieces</translation>
    </message>
    <message>
        <source>products</source>
        <translation>products</translation>
    </message>
    <message>
        <source>counts</source>
        <translation>counts</translation>
    </message>
    <message>
        <source>Counts (%1)</source>
        <translation>Counts (%1)</translation>
    </message>
    <message>
        <source>Totals (%1)</source>
        <translation>Totals (%1)</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Events</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Close the message</source>
        <translation>Close the message</translation>
    </message>
</context>
<context>
    <name>SuggestionList</name>
    <message>
        <source>Products found</source>
        <translation>Products found</translation>
    </message>
    <message>
        <source>%1, barcode %2</source>
        <translation>%1, barcode %2</translation>
    </message>
</context>
<context>
    <name>TotalList</name>
    <message>
        <source>Totals</source>
        <translation>Totals</translation>
    </message>
    <message>
        <source>Nothing counted yet.</source>
        <translation>Nothing counted yet.</translation>
    </message>
    <message>
        <source>%1: %2 in total</source>
        <translation>%1: %2 in total</translation>
    </message>
    <message numerus="yes">
        <source>%n count(s)</source>
        <translation>
            <numerusform>%n count</numerusform>
            <numerusform>%n counts</numerusform>
        </translation>
    </message>
</context>
</TS>
