<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>DataStore</name>
    <message>
        <source>The data store was closed before the call was done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data store is not open. Set its schema and call open() first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before open().</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema of an open data store cannot change. Close it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path of an open data store cannot change. Close it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data store is already open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A null record cannot be deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>observe() cannot follow conditions on relations. Use a LiveQuery.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LiveText</name>
    <message>
        <source>%1 cannot include &quot;%2&quot;: its role would be named &quot;%3&quot;, and there is one of that name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no field or relation &quot;%2&quot; (in include: &quot;%3&quot;).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelObject</name>
    <message>
        <source>%1.%2 is written by the backend only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is part of the key, which a stored record keeps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and must be given.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PluginText</name>
    <message>
        <source>save() takes a model object, or an object whose member &quot;type&quot; names the model type, for instance {type: &quot;Product&quot;, name: &quot;Tea&quot;}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The option &quot;%1&quot; is a whole number, not &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The option &quot;sort&quot; is a list of field names such as [&quot;name&quot;, &quot;-countedAt&quot;], not &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>save() takes a model object or a JavaScript object, not &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The options are an object such as {sort: [&quot;-countedAt&quot;], limit: 50}, not &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no option &quot;%1&quot;; there are sort, limit and offset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data store has no schema. Set &quot;schema&quot; or &quot;schemaFile&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;%2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;%3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data store went before the call was done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema must be a local file or a resource, not &quot;%1&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema file &quot;%1&quot; cannot be read: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saveAll() takes an array of objects.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>removeAll() needs a condition; {} means every record.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no DataStore yet. Create one, or set the property &quot;store&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is more than one DataStore. Set the property &quot;store&quot; to the one that is meant.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StoreText</name>
    <message>
        <source>Qt&apos;s driver for SQLite (QSQLITE) is not installed, so there can be no local store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program holds the lock of the local store. Try again when it is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The local store cannot be written: the file, its folder or the disk is read-only. Make it writable or choose another place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk reported an error at the local store. Check the disk and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The local store is damaged. Keep a copy of the file and its -wal file, and restore it from a backup or from the backend.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room left for the local store. Nothing was changed; free some space and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The local store cannot be opened. Check that its folder exists and may be used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is not a Tideline store. It was left untouched; choose another path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SQLite refused a statement of the local store.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is not a Tideline store. It was left untouched; choose another path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 was written by a newer version of this program (format %2, known here is %3). It was left untouched; update the program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 does not exist; make it before the store is opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder %1 cannot be written, and SQLite keeps files beside the store. Make it writable or choose another path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A store needs a path; &quot;:memory:&quot; keeps it in memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is a folder; a store is a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be read; check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is read-only. Make it writable or choose another path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; in %2 differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; has a name that the local file uses itself. Names that begin with tl_ or sqlite_ are reserved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model type was given.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; does not belong to the schema of this store. Take it from Store::schema().</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A mutation in the outbox belongs to the model type &quot;%1&quot;, which the schema lacks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of %2. A key of several fields is the JSON array of their values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot be computed over %2.%3, which is not of a suitable type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is written by the backend only; leave it out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and cannot change; save a new record and remove the old one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was removed meanwhile. Save a new record to bring it back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and needs a value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A condition needs a stored record, and %1 &quot;%2&quot; is new. Save it without a condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The condition of a save may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not saved: the stored record does not meet the condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 refers to %3 &quot;%4&quot;, which is not stored. Save it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The local store was made with another schema, and only additions can be taken over: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 was %3 and is %4.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1.%2 is new and required, which the stored rows cannot meet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model type %1 is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the key of %1 was (%2) and is (%3).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the value %1 of the enum %2 is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A query needs a limit of -1 (all) or more and an offset of 0 or more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 has no relation &quot;%2&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The path &quot;%1&quot; does not lead to the record&apos;s model type.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store is open already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store is not open. Call open() first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file system at %1 cannot share memory between the parts of a store, as network file systems often cannot. Choose a local path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The schema that the local store was made with cannot be read any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The store is not open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The condition of a removal may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not removed: the stored record does not meet the condition.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A record of %1 needs a complete key to be stored.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The outbox has no mutation %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a name for a setting; it is empty or reserved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SyncBadge</name>
    <message>
        <source>Synced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this device</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tideline::LiveQuery</name>
    <message>
        <source>The schema has no model type &quot;%1&quot;. It has: %2.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
