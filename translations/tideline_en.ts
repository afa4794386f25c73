<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ConflictCard</name>
    <message>
        <source>You decided otherwise.</source>
        <translation>You decided otherwise.</translation>
    </message>
    <message>
        <source>It is not known whether your change came before the other one, which stays.</source>
        <translation>It is not known whether your change came before the other one, which stays.</translation>
    </message>
    <message>
        <source>Your value was taken.</source>
        <translation>Your value was taken.</translation>
    </message>
    <message>
        <source>The other value was taken.</source>
        <translation>The other value was taken.</translation>
    </message>
    <message>
        <source>Both were put together.</source>
        <translation>Both were put together.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Mine</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Theirs</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Result</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>Take theirs</source>
        <translation>Take theirs</translation>
    </message>
    <message>
        <source>Take theirs: %1, %2</source>
        <translation>Take theirs: %1, %2</translation>
    </message>
    <message>
        <source>Apply mine</source>
        <translation>Apply mine</translation>
    </message>
    <message>
        <source>Take mine</source>
        <translation>Take mine</translation>
    </message>
    <message>
        <source>Apply mine: %1, %2</source>
        <translation>Apply mine: %1, %2</translation>
    </message>
    <message>
        <source>Take mine: %1, %2</source>
        <translation>Take mine: %1, %2</translation>
    </message>
    <message>
        <source>The record was deleted and changed, and was kept.</source>
        <translation>The record was deleted and changed, and was kept.</translation>
    </message>
    <message>
        <source>The record was deleted and changed, and is gone.</source>
        <translation>The record was deleted and changed, and is gone.</translation>
    </message>
    <message>
        <source>It is not known whether your change had arrived before. It was sent again.</source>
        <translation>It is not known whether your change had arrived before. It was sent again.</translation>
    </message>
</context>
<context>
    <name>ConflictLog</name>
    <message>
        <source>Changed on both sides</source>
        <translation>Changed on both sides</translation>
    </message>
    <message numerus="yes">
        <source>%n time(s) this device and another one changed the same field. Each is decided; you may decide otherwise.</source>
        <translation>
            <numerusform>%n time this device and another one changed the same field. It is decided; you may decide otherwise.</numerusform>
            <numerusform>%n times this device and another one changed the same field. Each is decided; you may decide otherwise.</numerusform>
        </translation>
    </message>
    <message>
        <source>No conflicts</source>
        <translation>No conflicts</translation>
    </message>
    <message>
        <source>Nobody else has changed a field while you changed it.</source>
        <translation>Nobody else has changed a field while you changed it.</translation>
    </message>
</context>
<context>
    <name>RecordCard</name>
    <message>
        <source>empty</source>
        <translation>empty</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>yes</translation>
    </message>
    <message>
        <source>no</source>
        <translation>no</translation>
    </message>
</context>
<context>
    <name>RepairBench</name>
    <message numerus="yes">
        <source>%n change(s) need your decision. Everything else goes on.</source>
        <translation>
            <numerusform>%n change needs your decision. Everything else goes on.</numerusform>
            <numerusform>%n changes need your decision. Everything else goes on.</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry all</source>
        <translation>Retry all</translation>
    </message>
    <message>
        <source>Nothing to repair</source>
        <translation>Nothing to repair</translation>
    </message>
    <message>
        <source>To be repaired</source>
        <translation>To be repaired</translation>
    </message>
    <message numerus="yes">
        <source>%n record(s) of the backend could not be stored and are kept aside.</source>
        <translation>
            <numerusform>%n record of the backend could not be stored and is kept aside.</numerusform>
            <numerusform>%n records of the backend could not be stored and are kept aside.</numerusform>
        </translation>
    </message>
    <message>
        <source>Retry all that is listed</source>
        <translation>Retry all that is listed</translation>
    </message>
    <message>
        <source>The backend has refused none of your changes, and this device has all it sent.</source>
        <translation>The backend has refused none of your changes, and this device has all it sent.</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) have no place in this version of the app and are kept for another.</source>
        <translation>
            <numerusform>%n thing has no place in this version of the app and is kept for another.</numerusform>
            <numerusform>%n things have no place in this version of the app and are kept for another.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RepairCard</name>
    <message>
        <source>New %1</source>
        <translation>New %1</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>Deleted %1</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>Changed %1</translation>
    </message>
    <message>
        <source>You are not allowed to make this change.</source>
        <translation>You are not allowed to make this change.</translation>
    </message>
    <message>
        <source>The backend does not accept these values.</source>
        <translation>The backend does not accept these values.</translation>
    </message>
    <message>
        <source>There is another record with this key already.</source>
        <translation>There is another record with this key already.</translation>
    </message>
    <message>
        <source>The record was not as this change expected it.</source>
        <translation>The record was not as this change expected it.</translation>
    </message>
    <message>
        <source>Somebody deleted the record while you changed it.</source>
        <translation>Somebody deleted the record while you changed it.</translation>
    </message>
    <message>
        <source>Somebody else kept changing the record while this change was sent.</source>
        <translation>Somebody else kept changing the record while this change was sent.</translation>
    </message>
    <message>
        <source>The backend refused this change.</source>
        <translation>The backend refused this change.</translation>
    </message>
    <message>
        <source>Other records that were not sent yet refer to it. Discard them too?</source>
        <translation>Other records that were not sent yet refer to it. Discard them too?</translation>
    </message>
    <message>
        <source>Discard it? The record is removed from this device.</source>
        <translation>Discard it? The record is removed from this device.</translation>
    </message>
    <message>
        <source>Discard it? The record comes back.</source>
        <translation>Discard it? The record comes back.</translation>
    </message>
    <message>
        <source>Discard it? The fields get back what the backend has.</source>
        <translation>Discard it? The fields get back what the backend has.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Value</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Mine</translation>
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
        <translation>The backend says: %1 (%2)</translation>
    </message>
    <message>
        <source>The backend says: %1</source>
        <translation>The backend says: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more change(s) wait until this one is decided.</source>
        <translation>
            <numerusform>%n more change waits until this one is decided.</numerusform>
            <numerusform>%n more changes wait until this one is decided.</numerusform>
        </translation>
    </message>
    <message>
        <source>Discard …</source>
        <translation>Discard …</translation>
    </message>
    <message>
        <source>Discard: %1, %2</source>
        <translation>Discard: %1, %2</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Retry</translation>
    </message>
    <message>
        <source>Retry: %1, %2</source>
        <translation>Retry: %1, %2</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Keep</translation>
    </message>
    <message>
        <source>Keep: %1, %2</source>
        <translation>Keep: %1, %2</translation>
    </message>
    <message>
        <source>Discard all</source>
        <translation>Discard all</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Discard</translation>
    </message>
    <message>
        <source>Really discard: %1, %2</source>
        <translation>Really discard: %1, %2</translation>
    </message>
    <message>
        <source>Received %1</source>
        <translation>Received %1</translation>
    </message>
    <message>
        <source>The record that it belongs to is not on this device.</source>
        <translation>The record that it belongs to is not on this device.</translation>
    </message>
    <message>
        <source>This version of the app cannot read its values.</source>
        <translation>This version of the app cannot read its values.</translation>
    </message>
    <message>
        <source>This device cannot store it.</source>
        <translation>This device cannot store it.</translation>
    </message>
    <message>
        <source>Forget it here? The backend keeps it and may send it again.</source>
        <translation>Forget it here? The backend keeps it and may send it again.</translation>
    </message>
    <message>
        <source>Waits for %1 %2, and appears by itself when that comes.</source>
        <translation>Waits for %1 %2, and appears by itself when that comes.</translation>
    </message>
    <message>
        <source>Forget …</source>
        <translation>Forget …</translation>
    </message>
    <message>
        <source>Forget: %1, %2</source>
        <translation>Forget: %1, %2</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Forget</translation>
    </message>
    <message>
        <source>Really forget: %1, %2</source>
        <translation>Really forget: %1, %2</translation>
    </message>
    <message>
        <source>Kept %1</source>
        <translation>Kept %1</translation>
    </message>
    <message>
        <source>Forget it for good? It may be nowhere else.</source>
        <translation>Forget it for good? It may be nowhere else.</translation>
    </message>
    <message>
        <source>It is kept, and tried again by itself with each new version of the app.</source>
        <translation>It is kept, and tried again by itself with each new version of the app.</translation>
    </message>
</context>
<context>
    <name>SyncBadge</name>
    <message>
        <source>Synced</source>
        <translation>Synced</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Sending</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rejected</translation>
    </message>
    <message>
        <source>On this device</source>
        <translation>On this device</translation>
    </message>
    <message>
        <source>The same on this device and on the backend.</source>
        <translation>The same on this device and on the backend.</translation>
    </message>
    <message>
        <source>Saved on this device, waits to be sent to the backend.</source>
        <translation>Saved on this device, waits to be sent to the backend.</translation>
    </message>
    <message>
        <source>Saved on this device, on its way to the backend.</source>
        <translation>Saved on this device, on its way to the backend.</translation>
    </message>
    <message>
        <source>Saved on this device, refused by the backend.</source>
        <translation>Saved on this device, refused by the backend.</translation>
    </message>
    <message>
        <source>Saved on this device only.</source>
        <translation>Saved on this device only.</translation>
    </message>
    <message>
        <source>The same on this device and on the backend, but not in all fields what was saved here.</source>
        <translation>The same on this device and on the backend, but not in all fields what was saved here.</translation>
    </message>
    <message>
        <source>Merged</source>
        <translation>Merged</translation>
    </message>
</context>
<context>
    <name>Tideline::AppSync</name>
    <message>
        <source>AppSync.url must be an http or https URL such as https://example.com/graphql, not &quot;%1&quot;.</source>
        <translation>AppSync.url must be an http or https URL such as https://example.com/graphql, not &quot;%1&quot;.</translation>
    </message>
    <message>
        <source>AppSync.auth is not set. Give it credentials, for instance an ApiKey.</source>
        <translation>AppSync.auth is not set. Give it credentials, for instance an ApiKey.</translation>
    </message>
    <message>
        <source>The answer of the backend broke off: %1</source>
        <translation>The answer of the backend broke off: %1</translation>
    </message>
    <message>
        <source>The backend answered a sync query without items.</source>
        <translation>The backend answered a sync query without items.</translation>
    </message>
    <message>
        <source>The backend answered a mutation with neither data nor error.</source>
        <translation>The backend answered a mutation with neither data nor error.</translation>
    </message>
    <message>
        <source>The backend gave no reason.</source>
        <translation>The backend gave no reason.</translation>
    </message>
    <message>
        <source>The backend could not be reached: %1</source>
        <translation>The backend could not be reached: %1</translation>
    </message>
    <message>
        <source>The backend refused the credentials.</source>
        <translation>The backend refused the credentials.</translation>
    </message>
    <message>
        <source>The backend asks to slow down (HTTP 429).</source>
        <translation>The backend asks to slow down (HTTP 429).</translation>
    </message>
    <message>
        <source>The backend failed (HTTP %1). %2</source>
        <translation>The backend failed (HTTP %1). %2</translation>
    </message>
    <message>
        <source>The backend refused the request (HTTP %1).</source>
        <translation>The backend refused the request (HTTP %1).</translation>
    </message>
    <message>
        <source>What answered is no GraphQL backend (HTTP %1): a captive portal or a wrong URL.</source>
        <translation>What answered is no GraphQL backend (HTTP %1): a captive portal or a wrong URL.</translation>
    </message>
    <message>
        <source>The real-time connection was closed.</source>
        <translation>The real-time connection was closed.</translation>
    </message>
    <message>
        <source>The real-time connection was closed: %1</source>
        <translation>The real-time connection was closed: %1</translation>
    </message>
    <message>
        <source>The real-time connection failed: %1</source>
        <translation>The real-time connection failed: %1</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the real-time connection.</source>
        <translation>The backend did not answer in time: waiting for the real-time connection.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for connection_ack.</source>
        <translation>The backend did not answer in time: waiting for connection_ack.</translation>
    </message>
    <message>
        <source>The backend ended a subscription.</source>
        <translation>The backend ended a subscription.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the subscriptions.</source>
        <translation>The backend did not answer in time: waiting for the subscriptions.</translation>
    </message>
    <message>
        <source>The backend refused a subscription: %1</source>
        <translation>The backend refused a subscription: %1</translation>
    </message>
    <message>
        <source>The real-time connection fell silent.</source>
        <translation>The real-time connection fell silent.</translation>
    </message>
    <message>
        <source>The real-time connection is dead: the backend gives no sign of life.</source>
        <translation>The real-time connection is dead: the backend gives no sign of life.</translation>
    </message>
    <message>
        <source>Nobody is signed in who may do this with %1.</source>
        <translation>Nobody is signed in who may do this with %1.</translation>
    </message>
    <message>
        <source>There are no credentials to call the backend with. Sign in.</source>
        <translation>There are no credentials to call the backend with. Sign in.</translation>
    </message>
    <message>
        <source>The credentials were not there in time.</source>
        <translation>The credentials were not there in time.</translation>
    </message>
    <message>
        <source>The credentials have expired. Sign in again.</source>
        <translation>The credentials have expired. Sign in again.</translation>
    </message>
    <message>
        <source>The credentials went before they were needed.</source>
        <translation>The credentials went before they were needed.</translation>
    </message>
    <message>
        <source>The provider of tokens did not answer in time.</source>
        <translation>The provider of tokens did not answer in time.</translation>
    </message>
    <message>
        <source>The provider has no token. Sign in.</source>
        <translation>The provider has no token. Sign in.</translation>
    </message>
    <message>
        <source>The provider of tokens gave up.</source>
        <translation>The provider of tokens gave up.</translation>
    </message>
    <message>
        <source>The sign-in cannot wait for the browser: %1</source>
        <translation>The sign-in cannot wait for the browser: %1</translation>
    </message>
    <message>
        <source>This is no answer to a sign-in.</source>
        <translation>This is no answer to a sign-in.</translation>
    </message>
    <message>
        <source>The sign-in provider gave an answer that makes no sense.</source>
        <translation>The sign-in provider gave an answer that makes no sense.</translation>
    </message>
    <message>
        <source>The sign-in provider did not answer in time.</source>
        <translation>The sign-in provider did not answer in time.</translation>
    </message>
    <message>
        <source>The sign-in provider could not be reached: %1</source>
        <translation>The sign-in provider could not be reached: %1</translation>
    </message>
    <message>
        <source>A sign-in needs an issuer with an https URL and a client id.</source>
        <translation>A sign-in needs an issuer with an https URL and a client id.</translation>
    </message>
    <message>
        <source>The sign-in provider failed (HTTP %1).</source>
        <translation>The sign-in provider failed (HTTP %1).</translation>
    </message>
    <message>
        <source>The sign-in provider refused: %1</source>
        <translation>The sign-in provider refused: %1</translation>
    </message>
    <message>
        <source>Nobody signed in in time.</source>
        <translation>Nobody signed in in time.</translation>
    </message>
    <message>
        <source>The sign-in was refused. You can close this page.</source>
        <translation>The sign-in was refused. You can close this page.</translation>
    </message>
    <message>
        <source>You are signed in. You can close this page and go back to the application.</source>
        <translation>You are signed in. You can close this page and go back to the application.</translation>
    </message>
    <message>
        <source>The sign-in provider gave a token that is for another sign-in.</source>
        <translation>The sign-in provider gave a token that is for another sign-in.</translation>
    </message>
    <message>
        <source>The token was asked for again.</source>
        <translation>The token was asked for again.</translation>
    </message>
    <message>
        <source>Somebody else signed in meanwhile.</source>
        <translation>Somebody else signed in meanwhile.</translation>
    </message>
    <message>
        <source>The backend did not answer in time: waiting for the end of subscriptions.</source>
        <translation>The backend did not answer in time: waiting for the end of subscriptions.</translation>
    </message>
    <message>
        <source>The token has no claim %1 that would say whether it is %2&apos;s, who is signed in. Nothing is sent with it.</source>
        <translation>The token has no claim %1 that would say whether it is %2&apos;s, who is signed in. Nothing is sent with it.</translation>
    </message>
    <message>
        <source>The token is %1&apos;s, but %2 is signed in. Nothing is sent with it: sign in as %1, or give the credentials of %2. Where the principal is another claim of the token, set principalClaim.</source>
        <translation>The token is %1&apos;s, but %2 is signed in. Nothing is sent with it: sign in as %1, or give the credentials of %2. Where the principal is another claim of the token, set principalClaim.</translation>
    </message>
</context>
<context>
    <name>Tideline::Core</name>
    <message>
        <source>a list of %1</source>
        <translation>a list of %1</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>a text</translation>
    </message>
    <message>
        <source>the date and time %1</source>
        <translation>the date and time %1</translation>
    </message>
    <message>
        <source>%1 is no operator for %2; there are %3</source>
        <translation>%1 is no operator for %2; there are %3</translation>
    </message>
    <message>
        <source>%1 needs two operands, the low and the high end, not %2</source>
        <translation>%1 needs two operands, the low and the high end, not %2</translation>
    </message>
    <message>
        <source>%1 needs one operand, not %2</source>
        <translation>%1 needs one operand, not %2</translation>
    </message>
    <message>
        <source>%1 compares %2 only with null; ask for an element with contains</source>
        <translation>%1 compares %2 only with null; ask for an element with contains</translation>
    </message>
    <message>
        <source>%1 compares %2 only with null</source>
        <translation>%1 compares %2 only with null</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true or false</translation>
    </message>
    <message>
        <source>%1 cannot list null; add {&quot;eq&quot;: null} with or, or {&quot;ne&quot;: null} with and</source>
        <translation>%1 cannot list null; add {&quot;eq&quot;: null} with or, or {&quot;ne&quot;: null} with and</translation>
    </message>
    <message>
        <source>%1 needs its low end first: %2 is above %3</source>
        <translation>%1 needs its low end first: %2 is above %3</translation>
    </message>
    <message>
        <source>A condition needs a model type to be checked against; none was given</source>
        <translation>A condition needs a model type to be checked against; none was given</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;</source>
        <translation>%1 has no field &quot;%2&quot;</translation>
    </message>
    <message>
        <source>%1.%2 is a field of type %3, not a relation; give it an operator such as eq, and no fields of its own</source>
        <translation>%1.%2 is a field of type %3, not a relation; give it an operator such as eq, and no fields of its own</translation>
    </message>
    <message>
        <source>%1.%2 leads to %3, which the schema given does not know; give the schema the model type comes from</source>
        <translation>%1.%2 leads to %3, which the schema given does not know; give the schema the model type comes from</translation>
    </message>
    <message>
        <source>%1.%2 is a relation, which has no value of its own; name a field of %3, as in &quot;%2.%4&quot;</source>
        <translation>%1.%2 is a relation, which has no value of its own; name a field of %3, as in &quot;%2.%4&quot;</translation>
    </message>
    <message>
        <source>%1 needs an object such as {&quot;quantity&quot;: {&quot;gt&quot;: 0}}, not %2</source>
        <translation>%1 needs an object such as {&quot;quantity&quot;: {&quot;gt&quot;: 0}}, not %2</translation>
    </message>
    <message>
        <source>The condition</source>
        <translation>The condition</translation>
    </message>
    <message>
        <source>The condition at &quot;%1&quot;</source>
        <translation>The condition at &quot;%1&quot;</translation>
    </message>
    <message>
        <source>%1 needs a list of conditions, not %2</source>
        <translation>%1 needs a list of conditions, not %2</translation>
    </message>
    <message>
        <source>%1 needs one condition, not a list; write {&quot;not&quot;: {&quot;or&quot;: [...]}}</source>
        <translation>%1 needs one condition, not a list; write {&quot;not&quot;: {&quot;or&quot;: [...]}}</translation>
    </message>
    <message>
        <source>%1 needs an object with an operator, such as {&quot;eq&quot;: %2}, not %3</source>
        <translation>%1 needs an object with an operator, such as {&quot;eq&quot;: %2}, not %3</translation>
    </message>
    <message>
        <source>%1 has no operator &quot;%2&quot;</source>
        <translation>%1 has no operator &quot;%2&quot;</translation>
    </message>
    <message>
        <source>%1 needs a list, not %2</source>
        <translation>%1 needs a list, not %2</translation>
    </message>
    <message>
        <source>The condition contains a value that cannot be compared: an invalid date, a function or an object of another type; operands are texts, numbers, true, false, null, dates and lists of these</source>
        <translation>The condition contains a value that cannot be compared: an invalid date, a function or an object of another type; operands are texts, numbers, true, false, null, dates and lists of these</translation>
    </message>
    <message>
        <source>%1 needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters</source>
        <translation>%1 needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters</translation>
    </message>
    <message>
        <source>a text (ID)</source>
        <translation>a text (ID)</translation>
    </message>
    <message>
        <source>a text (String)</source>
        <translation>a text (String)</translation>
    </message>
    <message>
        <source>a whole number from -2147483648 to 2147483647 (Int)</source>
        <translation>a whole number from -2147483648 to 2147483647 (Int)</translation>
    </message>
    <message>
        <source>a finite number (Float)</source>
        <translation>a finite number (Float)</translation>
    </message>
    <message>
        <source>true or false (Boolean)</source>
        <translation>true or false (Boolean)</translation>
    </message>
    <message>
        <source>a date such as 2024-05-31 (AWSDate)</source>
        <translation>a date such as 2024-05-31 (AWSDate)</translation>
    </message>
    <message>
        <source>a time such as 12:30:00.000 (AWSTime)</source>
        <translation>a time such as 12:30:00.000 (AWSTime)</translation>
    </message>
    <message>
        <source>a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime)</source>
        <translation>a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime)</translation>
    </message>
    <message>
        <source>a whole number of seconds since 1970 (AWSTimestamp)</source>
        <translation>a whole number of seconds since 1970 (AWSTimestamp)</translation>
    </message>
    <message>
        <source>an e-mail address such as anna@example.org (AWSEmail)</source>
        <translation>an e-mail address such as anna@example.org (AWSEmail)</translation>
    </message>
    <message>
        <source>a JSON text, in which a plain text stands in quotes (AWSJSON)</source>
        <translation>a JSON text, in which a plain text stands in quotes (AWSJSON)</translation>
    </message>
    <message>
        <source>an absolute URL such as https://example.org/a, without // in its path (AWSURL)</source>
        <translation>an absolute URL such as https://example.org/a, without // in its path (AWSURL)</translation>
    </message>
    <message>
        <source>a phone number of digits, blanks and hyphens such as +44 20 7946 0000 (AWSPhone)</source>
        <translation>a phone number of digits, blanks and hyphens such as +44 20 7946 0000 (AWSPhone)</translation>
    </message>
    <message>
        <source>an IP address such as 192.168.0.1, 2001:db8::1 or 10.0.0.0/8 (AWSIPAddress)</source>
        <translation>an IP address such as 192.168.0.1, 2001:db8::1 or 10.0.0.0/8 (AWSIPAddress)</translation>
    </message>
    <message>
        <source>one of %1 (%2)</source>
        <translation>one of %1 (%2)</translation>
    </message>
    <message>
        <source>an object (%1)</source>
        <translation>an object (%1)</translation>
    </message>
    <message>
        <source>an empty text</source>
        <translation>an empty text</translation>
    </message>
    <message>
        <source>the text %1</source>
        <translation>the text %1</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>a list</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>an object</translation>
    </message>
    <message>
        <source>an invalid date or time</source>
        <translation>an invalid date or time</translation>
    </message>
    <message>
        <source>a value of type %1</source>
        <translation>a value of type %1</translation>
    </message>
    <message>
        <source>%1 needs %2, not %3</source>
        <translation>%1 needs %2, not %3</translation>
    </message>
    <message>
        <source>%1 needs a list whose elements are %2, not %3</source>
        <translation>%1 needs a list whose elements are %2, not %3</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot; in %3</source>
        <translation>%1 has no field &quot;%2&quot; in %3</translation>
    </message>
    <message>
        <source>a list, which may be empty</source>
        <translation>a list, which may be empty</translation>
    </message>
    <message>
        <source>%1 is required; give it %2</source>
        <translation>%1 is required; give it %2</translation>
    </message>
    <message>
        <source>%1 cannot be null: each element needs %2</source>
        <translation>%1 cannot be null: each element needs %2</translation>
    </message>
    <message>
        <source>%1 has the type %2, which the schema given does not know; give the schema the field comes from</source>
        <translation>%1 has the type %2, which the schema given does not know; give the schema the field comes from</translation>
    </message>
    <message>
        <source>The value</source>
        <translation>The value</translation>
    </message>
    <message>
        <source>The value at %1</source>
        <translation>The value at %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no sort key; write a field&apos;s name, such as &quot;name&quot;, &quot;-countedAt&quot; or &quot;product.name&quot;</source>
        <translation>&quot;%1&quot; is no sort key; write a field&apos;s name, such as &quot;name&quot;, &quot;-countedAt&quot; or &quot;product.name&quot;</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 leads to many records; a sort key goes through belongsTo and hasOne only</source>
        <translation>Cannot sort by &quot;%1&quot;: %2.%3 leads to many records; a sort key goes through belongsTo and hasOne only</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 is a list, which has no order; sort by a field of a scalar or an enum</source>
        <translation>Cannot sort by &quot;%1&quot;: %2.%3 is a list, which has no order; sort by a field of a scalar or an enum</translation>
    </message>
    <message>
        <source>Cannot sort by &quot;%1&quot;: %2.%3 is an embedded %4, which has no order; sort by a field of a scalar or an enum</source>
        <translation>Cannot sort by &quot;%1&quot;: %2.%3 is an embedded %4, which has no order; sort by a field of a scalar or an enum</translation>
    </message>
    <message>
        <source>A sort order needs a model type to be checked against; none was given</source>
        <translation>A sort order needs a model type to be checked against; none was given</translation>
    </message>
    <message>
        <source>%1 names the field &quot;%2&quot; twice</source>
        <translation>%1 names the field &quot;%2&quot; twice</translation>
    </message>
    <message>
        <source>%1 is part of the key and cannot be null</source>
        <translation>%1 is part of the key and cannot be null</translation>
    </message>
    <message>
        <source>%1 is part of the key and cannot be an empty text</source>
        <translation>%1 is part of the key and cannot be an empty text</translation>
    </message>
    <message>
        <source>%1 is read-only: the backend writes it; leave it out</source>
        <translation>%1 is read-only: the backend writes it; leave it out</translation>
    </message>
    <message>
        <source>%1 is part of the key, which a record keeps; save a new record instead</source>
        <translation>%1 is part of the key, which a record keeps; save a new record instead</translation>
    </message>
    <message>
        <source>A null record has no model type; make it with one</source>
        <translation>A null record has no model type; make it with one</translation>
    </message>
    <message>
        <source>A draft without a model type cannot be saved; make it with one</source>
        <translation>A draft without a model type cannot be saved; make it with one</translation>
    </message>
    <message>
        <source>%1; did you mean &quot;%2&quot;?</source>
        <translation>%1; did you mean &quot;%2&quot;?</translation>
    </message>
    <message>
        <source>%1; known are: %2</source>
        <translation>%1; known are: %2</translation>
    </message>
    <message>
        <source>Change what was entered and try again.</source>
        <translation>Change what was entered and try again.</translation>
    </message>
    <message>
        <source>The application&apos;s schema has to be corrected.</source>
        <translation>The application&apos;s schema has to be corrected.</translation>
    </message>
    <message>
        <source>Look at the record as it is now and decide again.</source>
        <translation>Look at the record as it is now and decide again.</translation>
    </message>
    <message>
        <source>Look after the records that refer to each other first.</source>
        <translation>Look after the records that refer to each other first.</translation>
    </message>
    <message>
        <source>Open the data store first.</source>
        <translation>Open the data store first.</translation>
    </message>
    <message>
        <source>Check that the file&apos;s folder is there, local and may be written to.</source>
        <translation>Check that the file&apos;s folder is there, local and may be written to.</translation>
    </message>
    <message>
        <source>Close other programs that use the file and try again.</source>
        <translation>Close other programs that use the file and try again.</translation>
    </message>
    <message>
        <source>Make room on the disk and try again.</source>
        <translation>Make room on the disk and try again.</translation>
    </message>
    <message>
        <source>Install a newer version of the application.</source>
        <translation>Install a newer version of the application.</translation>
    </message>
    <message>
        <source>Move the file away, and keep it: what was never sent is only there.</source>
        <translation>Move the file away, and keep it: what was never sent is only there.</translation>
    </message>
    <message>
        <source>Nothing has to be done: it is tried again by itself, and work goes on.</source>
        <translation>Nothing has to be done: it is tried again by itself, and work goes on.</translation>
    </message>
    <message>
        <source>Check the address of the backend, and whether the network wants a sign-in of its own.</source>
        <translation>Check the address of the backend, and whether the network wants a sign-in of its own.</translation>
    </message>
    <message>
        <source>Sign in again.</source>
        <translation>Sign in again.</translation>
    </message>
    <message>
        <source>Let this device send its changes first, or decide to lose them.</source>
        <translation>Let this device send its changes first, or decide to lose them.</translation>
    </message>
    <message>
        <source>Decide about the change: edit it, send it again or discard it.</source>
        <translation>Decide about the change: edit it, send it again or discard it.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Try again.</translation>
    </message>
    <message>
        <source>Tell the developers of the application, with the details.</source>
        <translation>Tell the developers of the application, with the details.</translation>
    </message>
</context>
<context>
    <name>Tideline::DataStore</name>
    <message>
        <source>The data store was closed before the call was done.</source>
        <translation>The data store was closed before the call was done.</translation>
    </message>
    <message>
        <source>The data store is not open. Set its schema and call open() first.</source>
        <translation>The data store is not open. Set its schema and call open() first.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before open().</source>
        <translation>The data store has no schema. Set one before open().</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;</source>
        <translation>The schema has no model type &quot;%1&quot;</translation>
    </message>
    <message>
        <source>The schema of an open data store cannot change. Close it first.</source>
        <translation>The schema of an open data store cannot change. Close it first.</translation>
    </message>
    <message>
        <source>The path of an open data store cannot change. Close it first.</source>
        <translation>The path of an open data store cannot change. Close it first.</translation>
    </message>
    <message>
        <source>The data store is being closed. Call open() again when close() has ended.</source>
        <translation>The data store is being closed. Call open() again when close() has ended.</translation>
    </message>
    <message>
        <source>The data store is already open.</source>
        <translation>The data store is already open.</translation>
    </message>
    <message>
        <source>A null record cannot be deleted.</source>
        <translation>A null record cannot be deleted.</translation>
    </message>
    <message>
        <source>observe() cannot follow conditions on relations. Use a LiveQuery.</source>
        <translation>observe() cannot follow conditions on relations. Use a LiveQuery.</translation>
    </message>
    <message>
        <source>The data store is signing in. Wait for the end of signIn().</source>
        <translation>The data store is signing in. Wait for the end of signIn().</translation>
    </message>
    <message>
        <source>The data store is signing out. Wait for the end of signOut().</source>
        <translation>The data store is signing out. Wait for the end of signOut().</translation>
    </message>
    <message>
        <source>The data store is being cleared. Wait for the end of clear().</source>
        <translation>The data store is being cleared. Wait for the end of clear().</translation>
    </message>
    <message>
        <source>signIn() needs to know who it is; the principal is empty.</source>
        <translation>signIn() needs to know who it is; the principal is empty.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before signIn().</source>
        <translation>The data store has no schema. Set one before signIn().</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) could not be sent in time, so nobody was signed out.</source>
        <translation>
            <numerusform>%n change could not be sent in time, so nobody was signed out.</numerusform>
            <numerusform>%n changes could not be sent in time, so nobody was signed out.</numerusform>
        </translation>
    </message>
    <message>
        <source>The data store has no schema. Set one before clear().</source>
        <translation>The data store has no schema. Set one before clear().</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) that only this device has would be lost.</source>
        <translation>
            <numerusform>%n change that only this device has would be lost.</numerusform>
            <numerusform>%n changes that only this device has would be lost.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is known of mutation %1 any more.</source>
        <translation>Nothing is known of mutation %1 any more.</translation>
    </message>
    <message>
        <source>No %1 &quot;%2&quot; is kept aside any more.</source>
        <translation>No %1 &quot;%2&quot; is kept aside any more.</translation>
    </message>
    <message>
        <source>The data store was not ready in time.</source>
        <translation>The data store was not ready in time.</translation>
    </message>
    <message>
        <source>The backend did not have every change in time.</source>
        <translation>The backend did not have every change in time.</translation>
    </message>
    <message>
        <source>The %1 was changed here and on the backend, and there is nobody to decide the conflict.</source>
        <translation>The %1 was changed here and on the backend, and there is nobody to decide the conflict.</translation>
    </message>
    <message>
        <source>%1() takes the number of a row.</source>
        <translation>%1() takes the number of a row.</translation>
    </message>
</context>
<context>
    <name>Tideline::LiveQuery</name>
    <message>
        <source>The schema has no model type &quot;%1&quot;. It has: %2.</source>
        <translation>The schema has no model type &quot;%1&quot;. It has: %2.</translation>
    </message>
    <message>
        <source>%1 cannot include &quot;%2&quot;: its role would be named &quot;%3&quot;, and there is one of that name.</source>
        <translation>%1 cannot include &quot;%2&quot;: its role would be named &quot;%3&quot;, and there is one of that name.</translation>
    </message>
    <message>
        <source>%1 has no field or relation &quot;%2&quot; (in include: &quot;%3&quot;).</source>
        <translation>%1 has no field or relation &quot;%2&quot; (in include: &quot;%3&quot;).</translation>
    </message>
    <message>
        <source>The condition contains undefined. Where a field is to be null, say null.</source>
        <translation>The condition contains undefined. Where a field is to be null, say null.</translation>
    </message>
</context>
<context>
    <name>Tideline::ModelObject</name>
    <message>
        <source>%1.%2 is written by the backend only.</source>
        <translation>%1.%2 is written by the backend only.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key, which a stored record keeps.</source>
        <translation>%1.%2 is part of the key, which a stored record keeps.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and must be given.</source>
        <translation>%1.%2 is part of the key and must be given.</translation>
    </message>
</context>
<context>
    <name>Tideline::OidcSignIn</name>
    <message>
        <source>The sign-in was closed before it was done.</source>
        <translation>The sign-in was closed before it was done.</translation>
    </message>
    <message>
        <source>The sign-in was cancelled.</source>
        <translation>The sign-in was cancelled.</translation>
    </message>
</context>
<context>
    <name>Tideline::Qml</name>
    <message>
        <source>A model type is given by its name, such as &quot;Product&quot;, not %1.</source>
        <translation>A model type is given by its name, such as &quot;Product&quot;, not %1.</translation>
    </message>
    <message>
        <source>save() takes a model object, or an object whose member &quot;type&quot; names the model type, for instance {type: &quot;Product&quot;, name: &quot;Tea&quot;}.</source>
        <translation>save() takes a model object, or an object whose member &quot;type&quot; names the model type, for instance {type: &quot;Product&quot;, name: &quot;Tea&quot;}.</translation>
    </message>
    <message>
        <source>%1.%2 cannot hold %3.</source>
        <translation>%1.%2 cannot hold %3.</translation>
    </message>
    <message>
        <source>The option &quot;%1&quot; is a whole number, not %2.</source>
        <translation>The option &quot;%1&quot; is a whole number, not %2.</translation>
    </message>
    <message>
        <source>The option &quot;sort&quot; is a list of field names such as [&quot;name&quot;, &quot;-countedAt&quot;], not %1.</source>
        <translation>The option &quot;sort&quot; is a list of field names such as [&quot;name&quot;, &quot;-countedAt&quot;], not %1.</translation>
    </message>
    <message>
        <source>The condition at &quot;%1&quot; contains %2.</source>
        <translation>The condition at &quot;%1&quot; contains %2.</translation>
    </message>
    <message>
        <source>save() takes a model object or a JavaScript object, not %1.</source>
        <translation>save() takes a model object or a JavaScript object, not %1.</translation>
    </message>
    <message>
        <source>The key (%1) is a text, not %2.</source>
        <translation>The key (%1) is a text, not %2.</translation>
    </message>
    <message>
        <source>The options are an object such as {sort: [&quot;-countedAt&quot;], limit: 50}, not %1.</source>
        <translation>The options are an object such as {sort: [&quot;-countedAt&quot;], limit: 50}, not %1.</translation>
    </message>
    <message>
        <source>There is no option &quot;%1&quot;; there are sort, limit and offset.</source>
        <translation>There is no option &quot;%1&quot;; there are sort, limit and offset.</translation>
    </message>
    <message>
        <source>The data store has no schema. Set &quot;schema&quot; or &quot;schemaFile&quot;.</source>
        <translation>The data store has no schema. Set &quot;schema&quot; or &quot;schemaFile&quot;.</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;</source>
        <translation>The schema has no model type &quot;%1&quot;</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;</source>
        <translation>%1 has no field &quot;%2&quot;</translation>
    </message>
    <message>
        <source>a symbol</source>
        <translation>a symbol</translation>
    </message>
    <message>
        <source>a function</source>
        <translation>a function</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>an array</translation>
    </message>
    <message>
        <source>a date</source>
        <translation>a date</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>an object</translation>
    </message>
    <message>
        <source>an object of a class</source>
        <translation>an object of a class</translation>
    </message>
    <message>
        <source>an invalid date</source>
        <translation>an invalid date</translation>
    </message>
    <message>
        <source>an object that contains itself, or more than %1 levels</source>
        <translation>an object that contains itself, or more than %1 levels</translation>
    </message>
    <message>
        <source>The data store went before the call was done.</source>
        <translation>The data store went before the call was done.</translation>
    </message>
    <message>
        <source>The schema must be a local file or a resource, not &quot;%1&quot;.</source>
        <translation>The schema must be a local file or a resource, not &quot;%1&quot;.</translation>
    </message>
    <message>
        <source>The schema file &quot;%1&quot; cannot be read: %2.</source>
        <translation>The schema file &quot;%1&quot; cannot be read: %2.</translation>
    </message>
    <message>
        <source>saveAll() takes an array of objects.</source>
        <translation>saveAll() takes an array of objects.</translation>
    </message>
    <message>
        <source>%1: removeAll() needs a condition; {} means every record.</source>
        <translation>%1: removeAll() needs a condition; {} means every record.</translation>
    </message>
    <message>
        <source>There is no DataStore yet. Create one, or set the property &quot;store&quot;.</source>
        <translation>There is no DataStore yet. Create one, or set the property &quot;store&quot;.</translation>
    </message>
    <message>
        <source>There is more than one DataStore. Set the property &quot;store&quot; to the one that is meant.</source>
        <translation>There is more than one DataStore. Set the property &quot;store&quot; to the one that is meant.</translation>
    </message>
    <message>
        <source>A mutation is given by its number, not %1.</source>
        <translation>A mutation is given by its number, not %1.</translation>
    </message>
    <message>
        <source>The second argument of discard() is true or false, not %1.</source>
        <translation>The second argument of discard() is true or false, not %1.</translation>
    </message>
    <message>
        <source>signIn() takes the principal as a text, not %1.</source>
        <translation>signIn() takes the principal as a text, not %1.</translation>
    </message>
    <message>
        <source>The first argument of signOut() is DataStore.Keep, DataStore.Drain or DataStore.Discard, not %1.</source>
        <translation>The first argument of signOut() is DataStore.Keep, DataStore.Drain or DataStore.Discard, not %1.</translation>
    </message>
    <message>
        <source>The second argument of signOut() is a time in milliseconds, not %1.</source>
        <translation>The second argument of signOut() is a time in milliseconds, not %1.</translation>
    </message>
    <message>
        <source>The argument of clear() is DataStore.NothingAtRisk or DataStore.Everything, not %1.</source>
        <translation>The argument of clear() is DataStore.NothingAtRisk or DataStore.Everything, not %1.</translation>
    </message>
    <message>
        <source>A deadline is a number of milliseconds, not %1.</source>
        <translation>A deadline is a number of milliseconds, not %1.</translation>
    </message>
    <message>
        <source>How many entries are wanted is a whole number, not %1.</source>
        <translation>How many entries are wanted is a whole number, not %1.</translation>
    </message>
    <message>
        <source>may() takes &quot;create&quot;, &quot;update&quot;, &quot;delete&quot; or &quot;read&quot;, not %1.</source>
        <translation>may() takes &quot;create&quot;, &quot;update&quot;, &quot;delete&quot; or &quot;read&quot;, not %1.</translation>
    </message>
    <message>
        <source>A provider of tokens gives a text, {token, expiresAt}, a promise of one, or null when nobody is signed in; not %1.</source>
        <translation>A provider of tokens gives a text, {token, expiresAt}, a promise of one, or null when nobody is signed in; not %1.</translation>
    </message>
    <message>
        <source>The scope of %1 contains undefined.</source>
        <translation>The scope of %1 contains undefined.</translation>
    </message>
    <message>
        <source>A record that is kept aside is named by the texts type and key, not by %1.</source>
        <translation>A record that is kept aside is named by the texts type and key, not by %1.</translation>
    </message>
    <message>
        <source>The expiresAt of a token is a date or a number of milliseconds, not %1.</source>
        <translation>The expiresAt of a token is a date or a number of milliseconds, not %1.</translation>
    </message>
    <message>
        <source>The provider of tokens was asked again before it answered.</source>
        <translation>The provider of tokens was asked again before it answered.</translation>
    </message>
    <message>
        <source>The provider of tokens failed: %1</source>
        <translation>The provider of tokens failed: %1</translation>
    </message>
    <message>
        <source>A provider of tokens must be a function, not %1.</source>
        <translation>A provider of tokens must be a function, not %1.</translation>
    </message>
    <message>
        <source>The provider of tokens is gone.</source>
        <translation>The provider of tokens is gone.</translation>
    </message>
    <message>
        <source>The argument of discardUnmapped() is the id of an entry of unmapped(), not %1.</source>
        <translation>The argument of discardUnmapped() is the id of an entry of unmapped(), not %1.</translation>
    </message>
    <message>
        <source>A conflict policy is a text such as &quot;newest&quot; or &quot;sum&quot;.</source>
        <translation>A conflict policy is a text such as &quot;newest&quot; or &quot;sum&quot;.</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot; that a decision about a conflict could set.</source>
        <translation>%1 has no field &quot;%2&quot; that a decision about a conflict could set.</translation>
    </message>
    <message>
        <source>A decision about a conflict is &quot;mine&quot;, &quot;theirs&quot;, &quot;delete&quot; or an object of fields, not %1.</source>
        <translation>A decision about a conflict is &quot;mine&quot;, &quot;theirs&quot;, &quot;delete&quot; or an object of fields, not %1.</translation>
    </message>
    <message>
        <source>The second argument of undo() is &quot;mine&quot; or &quot;theirs&quot;, not %1.</source>
        <translation>The second argument of undo() is &quot;mine&quot; or &quot;theirs&quot;, not %1.</translation>
    </message>
    <message>
        <source>The data store went before the conflict was decided.</source>
        <translation>The data store went before the conflict was decided.</translation>
    </message>
    <message>
        <source>The handler of conflicts failed: %1</source>
        <translation>The handler of conflicts failed: %1</translation>
    </message>
    <message>
        <source>conflictHandler is a function, not %1.</source>
        <translation>conflictHandler is a function, not %1.</translation>
    </message>
    <message>
        <source>The third argument of decisions() is a whole number, not %1.</source>
        <translation>The third argument of decisions() is a whole number, not %1.</translation>
    </message>
    <message>
        <source>The priority of a scope is a whole number.</source>
        <translation>The priority of a scope is a whole number.</translation>
    </message>
</context>
<context>
    <name>Tideline::Store</name>
    <message>
        <source>Qt&apos;s driver for SQLite (QSQLITE) is not installed, so there can be no local store.</source>
        <translation>Qt&apos;s driver for SQLite (QSQLITE) is not installed, so there can be no local store.</translation>
    </message>
    <message>
        <source>The condition is nested more deeply, or has more operands, than SQLite can take. Ask in several queries.</source>
        <translation>The condition is nested more deeply, or has more operands, than SQLite can take. Ask in several queries.</translation>
    </message>
    <message>
        <source>SQLite refused a statement of the local store.</source>
        <translation>SQLite refused a statement of the local store.</translation>
    </message>
    <message>
        <source>Another program holds the lock of the local store. Try again when it is done.</source>
        <translation>Another program holds the lock of the local store. Try again when it is done.</translation>
    </message>
    <message>
        <source>The local store cannot be written: the file, its folder or the disk is read-only. Make it writable or choose another place.</source>
        <translation>The local store cannot be written: the file, its folder or the disk is read-only. Make it writable or choose another place.</translation>
    </message>
    <message>
        <source>The disk reported an error at the local store. Check the disk and try again.</source>
        <translation>The disk reported an error at the local store. Check the disk and try again.</translation>
    </message>
    <message>
        <source>There is no room left for the local store. Nothing was changed; free some space and try again.</source>
        <translation>There is no room left for the local store. Nothing was changed; free some space and try again.</translation>
    </message>
    <message>
        <source>The local store cannot be opened. Check that its folder exists and may be used.</source>
        <translation>The local store cannot be opened. Check that its folder exists and may be used.</translation>
    </message>
    <message>
        <source>%1 is not a Tideline store. It was left untouched; choose another path.</source>
        <translation>%1 is not a Tideline store. It was left untouched; choose another path.</translation>
    </message>
    <message>
        <source>%1 was written by a newer version of this program (format %2, known here is %3). It was left untouched; update the program.</source>
        <translation>%1 was written by a newer version of this program (format %2, known here is %3). It was left untouched; update the program.</translation>
    </message>
    <message>
        <source>The local store is damaged. Keep a copy of the file and its -wal file, and restore it from a backup or from the backend.</source>
        <translation>The local store is damaged. Keep a copy of the file and its -wal file, and restore it from a backup or from the backend.</translation>
    </message>
    <message>
        <source>%1 was deleted or replaced while it was open, so nothing can be saved. Put the file back, or close the store and open it again.</source>
        <translation>%1 was deleted or replaced while it was open, so nothing can be saved. Put the file back, or close the store and open it again.</translation>
    </message>
    <message>
        <source>The folder %1 does not exist; make it before the store is opened.</source>
        <translation>The folder %1 does not exist; make it before the store is opened.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be written, and SQLite keeps files beside the store. Make it writable or choose another path.</source>
        <translation>The folder %1 cannot be written, and SQLite keeps files beside the store. Make it writable or choose another path.</translation>
    </message>
    <message>
        <source>A store needs a path; &quot;:memory:&quot; keeps it in memory.</source>
        <translation>A store needs a path; &quot;:memory:&quot; keeps it in memory.</translation>
    </message>
    <message>
        <source>%1 is a folder; a store is a file.</source>
        <translation>%1 is a folder; a store is a file.</translation>
    </message>
    <message>
        <source>%1 cannot be read; check its permissions.</source>
        <translation>%1 cannot be read; check its permissions.</translation>
    </message>
    <message>
        <source>%1 is read-only. Make it writable or choose another path.</source>
        <translation>%1 is read-only. Make it writable or choose another path.</translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; has a name that the local file uses itself. Names that begin with tl_ or sqlite_ are reserved.</source>
        <translation>The model type &quot;%1&quot; has a name that the local file uses itself. Names that begin with tl_ or sqlite_ are reserved.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; in the schema differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</source>
        <translation>The name &quot;%1&quot; in the schema differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</translation>
    </message>
    <message>
        <source>The name &quot;%1&quot; in %2 differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</source>
        <translation>The name &quot;%1&quot; in %2 differs from another one there only in case, which a local SQLite file cannot keep apart. Rename one of them.</translation>
    </message>
    <message>
        <source>No model type was given.</source>
        <translation>No model type was given.</translation>
    </message>
    <message>
        <source>The model type &quot;%1&quot; does not belong to the schema of this store. Take it from Store::schema().</source>
        <translation>The model type &quot;%1&quot; does not belong to the schema of this store. Take it from Store::schema().</translation>
    </message>
    <message>
        <source>A mutation in the outbox belongs to the model type &quot;%1&quot;, which the schema lacks.</source>
        <translation>A mutation in the outbox belongs to the model type &quot;%1&quot;, which the schema lacks.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a key of %2. A key of several fields is the JSON array of their values.</source>
        <translation>&quot;%1&quot; is not a key of %2. A key of several fields is the JSON array of their values.</translation>
    </message>
    <message>
        <source>%1 has no field &quot;%2&quot;.</source>
        <translation>%1 has no field &quot;%2&quot;.</translation>
    </message>
    <message>
        <source>%1 cannot be computed over %2.%3, which is not of a suitable type.</source>
        <translation>%1 cannot be computed over %2.%3, which is not of a suitable type.</translation>
    </message>
    <message>
        <source>%1.%2 is written by the backend only; leave it out.</source>
        <translation>%1.%2 is written by the backend only; leave it out.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and cannot change; save a new record and remove the old one.</source>
        <translation>%1.%2 is part of the key and cannot change; save a new record and remove the old one.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was removed meanwhile. Save a new record to bring it back.</source>
        <translation>%1 &quot;%2&quot; was removed meanwhile. Save a new record to bring it back.</translation>
    </message>
    <message>
        <source>%1.%2 is part of the key and needs a value.</source>
        <translation>%1.%2 is part of the key and needs a value.</translation>
    </message>
    <message>
        <source>A condition needs a stored record, and %1 &quot;%2&quot; is new. Save it without a condition.</source>
        <translation>A condition needs a stored record, and %1 &quot;%2&quot; is new. Save it without a condition.</translation>
    </message>
    <message>
        <source>The condition of a save may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation>The condition of a save may only ask for fields of %1 itself; the backend cannot check more.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not saved: the stored record does not meet the condition.</source>
        <translation>%1 &quot;%2&quot; was not saved: the stored record does not meet the condition.</translation>
    </message>
    <message>
        <source>%1.%2 refers to %3 &quot;%4&quot;, which is not stored. Save it first.</source>
        <translation>%1.%2 refers to %3 &quot;%4&quot;, which is not stored. Save it first.</translation>
    </message>
    <message>
        <source>A query needs a limit of -1 (all) or more and an offset of 0 or more.</source>
        <translation>A query needs a limit of -1 (all) or more and an offset of 0 or more.</translation>
    </message>
    <message>
        <source>%1 has no relation &quot;%2&quot;.</source>
        <translation>%1 has no relation &quot;%2&quot;.</translation>
    </message>
    <message>
        <source>The path &quot;%1&quot; does not lead to the record&apos;s model type.</source>
        <translation>The path &quot;%1&quot; does not lead to the record&apos;s model type.</translation>
    </message>
    <message>
        <source>The store is open already.</source>
        <translation>The store is open already.</translation>
    </message>
    <message>
        <source>The store is closed.</source>
        <translation>The store is closed.</translation>
    </message>
    <message>
        <source>The store is not open. Call open() first.</source>
        <translation>The store is not open. Call open() first.</translation>
    </message>
    <message>
        <source>The file system at %1 cannot share memory between the parts of a store, as network file systems often cannot. Choose a local path.</source>
        <translation>The file system at %1 cannot share memory between the parts of a store, as network file systems often cannot. Choose a local path.</translation>
    </message>
    <message>
        <source>The schema that the local store was made with cannot be read any more.</source>
        <translation>The schema that the local store was made with cannot be read any more.</translation>
    </message>
    <message>
        <source>The store is not open.</source>
        <translation>The store is not open.</translation>
    </message>
    <message>
        <source>Nothing was saved, because of number %1 of %2: %3</source>
        <translation>Nothing was saved, because of number %1 of %2: %3</translation>
    </message>
    <message>
        <source>The condition of a removal may only ask for fields of %1 itself; the backend cannot check more.</source>
        <translation>The condition of a removal may only ask for fields of %1 itself; the backend cannot check more.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; was not removed: the stored record does not meet the condition.</source>
        <translation>%1 &quot;%2&quot; was not removed: the stored record does not meet the condition.</translation>
    </message>
    <message>
        <source>A record of %1 needs a complete key to be stored.</source>
        <translation>A record of %1 needs a complete key to be stored.</translation>
    </message>
    <message>
        <source>The outbox has no mutation %1.</source>
        <translation>The outbox has no mutation %1.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not a name for a setting; it is empty or reserved.</source>
        <translation>&quot;%1&quot; is not a name for a setting; it is empty or reserved.</translation>
    </message>
    <message>
        <source>There is no rejected mutation %1 any more.</source>
        <translation>There is no rejected mutation %1 any more.</translation>
    </message>
    <message numerus="yes">
        <source>%1 &quot;%2&quot; cannot be discarded alone: %n other record(s) refer to it and were not sent either. Discard them too, or let them refer to another one.</source>
        <translation>
            <numerusform>%1 &quot;%2&quot; cannot be discarded alone: %n other record refers to it and was not sent either. Discard it too, or let it refer to another one.</numerusform>
            <numerusform>%1 &quot;%2&quot; cannot be discarded alone: %n other records refer to it and were not sent either. Discard them too, or let them refer to another one.</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 has the records of somebody else, who must sign in to open it. It was left untouched.</source>
        <translation>%1 has the records of somebody else, who must sign in to open it. It was left untouched.</translation>
    </message>
    <message>
        <source>%1 cannot be removed: %2</source>
        <translation>%1 cannot be removed: %2</translation>
    </message>
    <message>
        <source>The schema has no model type &quot;%1&quot;.</source>
        <translation>The schema has no model type &quot;%1&quot;.</translation>
    </message>
    <message>
        <source>There is no %1 &quot;%2&quot;.</source>
        <translation>There is no %1 &quot;%2&quot;.</translation>
    </message>
    <message>
        <source>Nothing that a change of the schema left over has the number %1.</source>
        <translation>Nothing that a change of the schema left over has the number %1.</translation>
    </message>
    <message>
        <source>This version of the app has no place for it.</source>
        <translation>This version of the app has no place for it.</translation>
    </message>
    <message>
        <source>This version of the app has no place for its field %1.</source>
        <translation>This version of the app has no place for its field %1.</translation>
    </message>
    <message>
        <source>The value of its field %1 does not fit this version of the app.</source>
        <translation>The value of its field %1 does not fit this version of the app.</translation>
    </message>
    <message>
        <source>This version of the app needs a value of its field %1, and there is none.</source>
        <translation>This version of the app needs a value of its field %1, and there is none.</translation>
    </message>
    <message>
        <source>This version of the app needs a value for its key, and there is none.</source>
        <translation>This version of the app needs a value for its key, and there is none.</translation>
    </message>
    <message>
        <source>Another record has its key in this version of the app.</source>
        <translation>Another record has its key in this version of the app.</translation>
    </message>
    <message>
        <source>The record that it changes is kept aside, too.</source>
        <translation>The record that it changes is kept aside, too.</translation>
    </message>
</context>
<context>
    <name>Tideline::Sync</name>
    <message>
        <source>The scope names %1, which is no model type.</source>
        <translation>The scope names %1, which is no model type.</translation>
    </message>
    <message>
        <source>The scope of %1 uses a relation; name its own fields only.</source>
        <translation>The scope of %1 uses a relation; name its own fields only.</translation>
    </message>
    <message>
        <source>The backend gave no way to reach it.</source>
        <translation>The backend gave no way to reach it.</translation>
    </message>
    <message>
        <source>The backend sent an item without a record.</source>
        <translation>The backend sent an item without a record.</translation>
    </message>
    <message>
        <source>The backend sent a record of %1 without a version.</source>
        <translation>The backend sent a record of %1 without a version.</translation>
    </message>
    <message>
        <source>The backend did not answer a sync query of %1 in time.</source>
        <translation>The backend did not answer a sync query of %1 in time.</translation>
    </message>
    <message>
        <source>The backend&apos;s subscriptions were not there in time.</source>
        <translation>The backend&apos;s subscriptions were not there in time.</translation>
    </message>
    <message>
        <source>The backend gave no usable answer to a change of %1.</source>
        <translation>The backend gave no usable answer to a change of %1.</translation>
    </message>
    <message>
        <source>The backend reports a conflict on a %1 that it does not show.</source>
        <translation>The backend reports a conflict on a %1 that it does not show.</translation>
    </message>
    <message>
        <source>The backend&apos;s %1 changed again and again while this change was sent.</source>
        <translation>The backend&apos;s %1 changed again and again while this change was sent.</translation>
    </message>
    <message>
        <source>The %1 was deleted on the backend while it was changed here.</source>
        <translation>The %1 was deleted on the backend while it was changed here.</translation>
    </message>
    <message>
        <source>The backend refused the change and gave no reason.</source>
        <translation>The backend refused the change and gave no reason.</translation>
    </message>
    <message>
        <source>The backend did not answer mutations in time.</source>
        <translation>The backend did not answer mutations in time.</translation>
    </message>
    <message>
        <source>The backend answered %1 of %2 mutations.</source>
        <translation>The backend answered %1 of %2 mutations.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which was deleted.</source>
        <translation>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which was deleted.</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which has not come.</source>
        <translation>%1 &quot;%2&quot; belongs to %3 &quot;%4&quot;, which has not come.</translation>
    </message>
    <message>
        <source>No %1 &quot;%2&quot; is kept aside any more.</source>
        <translation>No %1 &quot;%2&quot; is kept aside any more.</translation>
    </message>
    <message>
        <source>The backend sent a %1 without its required field &quot;%2&quot;.</source>
        <translation>The backend sent a %1 without its required field &quot;%2&quot;.</translation>
    </message>
    <message>
        <source>The backend sent a %1 without _version.</source>
        <translation>The backend sent a %1 without _version.</translation>
    </message>
    <message>
        <source>This device has no such record and nothing to send for it.</source>
        <translation>This device has no such record and nothing to send for it.</translation>
    </message>
    <message>
        <source>The record stays on this device.</source>
        <translation>The record stays on this device.</translation>
    </message>
    <message>
        <source>The backend has all that was changed here.</source>
        <translation>The backend has all that was changed here.</translation>
    </message>
    <message>
        <source>Saved on this device; the backend does not have it yet.</source>
        <translation>Saved on this device; the backend does not have it yet.</translation>
    </message>
    <message>
        <source>Being sent.</source>
        <translation>Being sent.</translation>
    </message>
    <message>
        <source>The backend refused the change.</source>
        <translation>The backend refused the change.</translation>
    </message>
    <message>
        <source>It waits for a decision: edit, send again or discard. Reason: %1</source>
        <translation>It waits for a decision: edit, send again or discard. Reason: %1</translation>
    </message>
    <message>
        <source>It needs %1 %2, which the backend refused: %3</source>
        <translation>It needs %1 %2, which the backend refused: %3</translation>
    </message>
    <message>
        <source>It was changed on the backend too, and the application is asked what becomes of it.</source>
        <translation>It was changed on the backend too, and the application is asked what becomes of it.</translation>
    </message>
    <message>
        <source>It needs %1 %2, which has to be created on the backend first.</source>
        <translation>It needs %1 %2, which has to be created on the backend first.</translation>
    </message>
    <message>
        <source>%1 %2, which belongs to it, has to be deleted on the backend first.</source>
        <translation>%1 %2, which belongs to it, has to be deleted on the backend first.</translation>
    </message>
    <message>
        <source>It waits for the backend&apos;s answer.</source>
        <translation>It waits for the backend&apos;s answer.</translation>
    </message>
    <message>
        <source>The last attempt failed; the next one is at %1. Reason: %2</source>
        <translation>The last attempt failed; the next one is at %1. Reason: %2</translation>
    </message>
    <message>
        <source>Others change the same record; the next attempt is at %1.</source>
        <translation>Others change the same record; the next attempt is at %1.</translation>
    </message>
    <message>
        <source>The backend asked to slow down; the next attempt is at %1.</source>
        <translation>The backend asked to slow down; the next attempt is at %1.</translation>
    </message>
    <message>
        <source>It waits for a backend: none is set.</source>
        <translation>It waits for a backend: none is set.</translation>
    </message>
    <message>
        <source>The application has paused the line.</source>
        <translation>The application has paused the line.</translation>
    </message>
    <message>
        <source>It waits for a sign-in: %1</source>
        <translation>It waits for a sign-in: %1</translation>
    </message>
    <message>
        <source>It waits for the backend, which is out of reach since %1; the next attempt is at %2. Reason: %3</source>
        <translation>It waits for the backend, which is out of reach since %1; the next attempt is at %2. Reason: %3</translation>
    </message>
    <message>
        <source>It waits for the backend, which is not reached yet.</source>
        <translation>It waits for the backend, which is not reached yet.</translation>
    </message>
    <message>
        <source>The backend is being reached and asked for what changed there; then it is sent.</source>
        <translation>The backend is being reached and asked for what changed there; then it is sent.</translation>
    </message>
    <message>
        <source>It is sent in its turn.</source>
        <translation>It is sent in its turn.</translation>
    </message>
    <message>
        <source>The %1 was decided about %2 times, and changed on the backend each time.</source>
        <translation>The %1 was decided about %2 times, and changed on the backend each time.</translation>
    </message>
    <message>
        <source>The %1 was changed here and on the backend, and the application decides no conflicts.</source>
        <translation>The %1 was changed here and on the backend, and the application decides no conflicts.</translation>
    </message>
    <message>
        <source>The application did not decide the conflict in time.</source>
        <translation>The application did not decide the conflict in time.</translation>
    </message>
    <message>
        <source>A conflict policy names &quot;%1&quot;, which is no model type</source>
        <translation>A conflict policy names &quot;%1&quot;, which is no model type</translation>
    </message>
    <message>
        <source>A conflict policy names &quot;%1&quot;, which is no field of %2</source>
        <translation>A conflict policy names &quot;%1&quot;, which is no field of %2</translation>
    </message>
    <message>
        <source>The decision about a conflict names &quot;%1&quot;, which is no field of %2.</source>
        <translation>The decision about a conflict names &quot;%1&quot;, which is no field of %2.</translation>
    </message>
    <message>
        <source>The decision about a conflict cannot change %1.%2.</source>
        <translation>The decision about a conflict cannot change %1.%2.</translation>
    </message>
    <message>
        <source>There is no decision %1 any more.</source>
        <translation>There is no decision %1 any more.</translation>
    </message>
    <message>
        <source>The decision %1 has been undone already.</source>
        <translation>The decision %1 has been undone already.</translation>
    </message>
    <message>
        <source>%1.%2 has something of both sides. Say which one it is to have.</source>
        <translation>%1.%2 has something of both sides. Say which one it is to have.</translation>
    </message>
    <message>
        <source>There is no %1 &quot;%2&quot; any more.</source>
        <translation>There is no %1 &quot;%2&quot; any more.</translation>
    </message>
    <message>
        <source>What the decision %1 set has been changed since.</source>
        <translation>What the decision %1 set has been changed since.</translation>
    </message>
    <message>
        <source>The %1 was deleted, and the backend keeps its key from being used again. Save it with another key.</source>
        <translation>The %1 was deleted, and the backend keeps its key from being used again. Save it with another key.</translation>
    </message>
</context>
</TS>
