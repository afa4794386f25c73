// SPDX-License-Identifier: MIT
#include "authoracle.h"

using namespace AuthOracle;

/* Section 7 of AppSync's protocol, sentence by sentence; tst_authmatrix has the combinations. */
class TestAuthorization : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    // fields that rules add
    void anUndeclaredOwnerIsInTheTypeAndNotInTheInput();
    void subscriptionsHaveAnArgumentPerOwner();

    // owner value
    void theOwnerIsSubAndUsername();
    void theNameIsShownEverywhere();
    void ownersAreAccepted_data();
    void ownersAreAccepted();
    void aChosenNamePassesForNobodyElse();
    void numbersAreNamesWhileTheyAreExact();
    void filtersCompareTheShownOwner();

    // mutations
    void createFillsInTheOwnerAlsoWhenAnotherRuleAllows();
    void createInAGroup_data();
    void createInAGroup();
    void updatesAskTheStoredOwner();
    void ownershipMayBeTransferred();
    void aTransferCountsWithinADocument();
    void aTransferCountsWithinABatch();
    void aFieldRuleForbidsATransfer();
    void aMissingRecordIsUnauthorizedWhenRecordsDecide();
    void refusalsHaveTypeMessagePathAndLocation();
    void conditionsTellNothingOfOthersRecords();
    void conflictsShowNothingOfUnreadableRecords();
    void repeatedCreatesShowNothingOfUnreadableRecords();
    void whoMayNotReadIsAnsweredWithWhatHeKnows();
    void whoMayNotReadSeesNoMergedValue();
    void requiredFieldsOfUnreadableRecordsAreUnauthorized();
    void whoGivesARecordAwayIsAnsweredWithIt();

    // field rules
    void theUnionOfRulesMustCoverTheInput();
    void nullNeedsTheRightToDelete();
    void deleteNeedsAllFields();
    void protectedFieldsAreNullWithAnError();
    void aMutationsAnswerHidesProtectedFieldsSilently();
    void subscribersSeeTheirFields();
    void subscribersSeeTheirRelations();
    void filtersAndConditionsSeeNoProtectedField();
    void indexQueriesFindNothingByProtectedFields();
    void fieldsOfEmbeddedTypesAreProtected();
    void operationsOfTheSchemasOwnAreProtected_data();
    void operationsOfTheSchemasOwnAreProtected();
    void relationsAreProtected();

    // queries and sync
    void getOfAnothersRecordIsUnauthorized();
    void filtersAreJoinedWithVisibility();
    void aCallerWithoutGroupsIsUnauthorized();
    void whatStopsBeingVisibleIsNotTold();
    void limitCountsWhatIsHidden();
    void anIndexedOwnerIsReadByItself();

    // subscriptions
    void ownerArguments_data();
    void ownerArguments();
    void withoutAnArgumentCallersHearWhatIsTheirs();
    void aFilterIsJoinedWithVisibility();
    void theNewOwnerHearsOfATransfer();
    void publicSubscriptionsAskNoRules();

    // relations
    void connectionsShowVisibleChildren();
    void aHiddenParentIsNull();
    void ofARequiredHiddenParentTheKeyIsShown();
    void ofARequiredHiddenParentNothingElseIsShown();
    void aMutationsAnswerSurvivesARequiredHiddenParent();
    void aMutationsAnswerHasNoErrorBelowIt();

    // function authorizers
    void deniedFields_data();
    void deniedFields();

private:
    QJsonObject run(const QString &name, const QString &query) const { return m_backend->runAs(identity(name), query); }
    [[nodiscard]] QString refusal(const QString &name, const QString &query) const { return firstError(run(name, query))["message"_L1].toString(); }
    [[nodiscard]] QJsonValue value(const QString &name, const QString &query) const;
    [[nodiscard]] QString heard(const QString &name, const QString &subscription, const QStringList &mutations);
    [[nodiscard]] static Identity identity(const QString &name);

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

static const QString unauthorizedType = u"Unauthorized"_s;

Identity TestAuthorization::identity(const QString &name)
{
    for (const Person &who : people()) {
        if (who.name == name)
            return who.identity;
    }
    return person(name, u"userPools"_s, {{u"sub"_s, u"s-"_s + name}, {u"username"_s, name}}).identity;
}

// The only root field's value of an answer without errors.
QJsonValue TestAuthorization::value(const QString &name, const QString &query) const
{
    const QJsonObject response = run(name, query);
    if (response.contains("errors"_L1))
        return response["errors"_L1];
    return response["data"_L1].toObject().begin().value();
}

// Ids that a subscription of \a name delivers while alice runs \a mutations; or the refusal.
QString TestAuthorization::heard(const QString &name, const QString &subscription, const QStringList &mutations)
{
    Deliveries deliveries, fence;
    const Result<SubscriptionId> id = m_backend->backend->subscribe({subscription, {}, {}, identity(name)}, deliveries.receiver());
    const Result<SubscriptionId> end = m_backend->backend->subscribe({u"subscription { onCreateOpen { id } }"_s, {}, {}, {}}, fence.receiver());
    for (const QString &mutation : mutations) {
        const QJsonObject response = run(u"alice"_s, u"mutation { "_s + mutation + u" }"_s);
        if (response.contains("errors"_L1))
            qWarning("%s", QJsonDocument(response).toJson(QJsonDocument::Compact).constData());
    }
    m_backend->run(u"mutation { createOpen(input: {}) { id } }"_s);
    const bool fenced = QTest::qWaitFor([&fence] { return fence.count() == 1; });
    m_backend->backend->unsubscribe(*end);
    if (!fenced || !id)
        return fenced ? id.error().detail() : u"no fence"_s;
    m_backend->backend->unsubscribe(*id);
    QStringList ids;
    for (qsizetype i = 0; i < deliveries.count(); ++i)
        ids.append(deliveries.at(i).begin().value()["id"_L1].toString());
    return ids.join(u' ');
}

void TestAuthorization::initTestCase()
{
    const Result<Schema> schema = Schema::parse(uR"(
type Open @model { id: ID! text: String }
type Note @model @auth(rules: [{allow: owner}]) { id: ID! text: String comments: [Comment] @hasMany }
type Comment @model @auth(rules: [{allow: owner}, {allow: groups, groups: ["Admin"], operations: [create, read]}]) {
  id: ID! text: String owner: String note: Note @belongsTo
}
type Declared @model @auth(rules: [{allow: owner}, {allow: groups, groups: ["Admin"], operations: [create, read]}]) { id: ID! text: String owner: String }
type Kept @model @auth(rules: [{allow: owner}]) { id: ID! text: String owner: String @auth(rules: [{allow: owner, operations: [create, read]}]) }
type Mail @model @auth(rules: [{allow: owner, identityClaim: "email"}]) { id: ID! owner: String }
type Numbered @model @auth(rules: [{allow: owner, identityClaim: "number"}]) { id: ID! owner: String }
type Pair @model @auth(rules: [{allow: owner, ownerField: "author", identityClaim: "tenant::user"}]) { id: ID! author: String }
type Editors @model @auth(rules: [{allow: owner, ownerField: "editors"}]) { id: ID! editors: [String] }
type Team @model @auth(rules: [{allow: groups, groupsField: "team"}]) { id: ID! team: String }
type Several @model @auth(rules: [{allow: groups, groupsField: "teams"}]) { id: ID! teams: [String] }
type Blind @model @auth(rules: [{allow: owner}, {allow: private, operations: [create, update, delete]}]) { id: ID! text: String owner: String }
type Strict @model @auth(rules: [{allow: owner}, {allow: private, operations: [create, update, delete]}]) {
  id: ID! title: String! size: Size! author: Chapter! @hasOne owner: String
}
type Size { width: Int! }
type Leaf @model @auth(rules: [{allow: private}]) { id: ID! text: String chapter: Chapter! @belongsTo shut: Shut! @hasOne }
type Fields @model @auth(rules: [{allow: private}, {allow: public}]) {
  id: ID! open: String
  secret: String @auth(rules: [{allow: owner}]) @index(name: "bySecret", queryField: "fieldsBySecret")
  admin: String @auth(rules: [{allow: groups, groups: ["Admin"]}, {allow: owner, operations: [read]}])
  kept: String @auth(rules: [{allow: private, operations: [create, read, update]}])
  box: Box
  parts: [Part] @hasMany @auth(rules: [{allow: owner}])
}
type Part @model { id: ID! }
type Box { size: Int lock: String @auth(rules: [{allow: private}]) }
type Query { sum(of: Int): Int @auth(rules: [{allow: private}]) boxOf: Box @auth(rules: [{allow: groups, groups: ["Admin"]}]) anyones: Int }
type Mutation { reset: Int @auth(rules: [{allow: private}]) }
type Indexed @model @auth(rules: [{allow: owner}]) { id: ID! owner: String @index(name: "byOwner", queryField: "indexedByOwner") text: String }
type Mixed @model @auth(rules: [{allow: owner}, {allow: owner, ownerField: "author"}, {allow: groups, groupsField: "team"}, {allow: public}]) {
  id: ID! owner: String author: String team: String text: String
}
type Loud @model(subscriptions: {level: public}) @auth(rules: [{allow: owner}]) { id: ID! text: String }
type Chapter @model @auth(rules: [{allow: owner}]) { id: ID! owner: String pages: [Page] @hasMany leaves: [Leaf] @hasMany }
type Page @model @auth(rules: [{allow: private}]) { id: ID! chapter: Chapter @belongsTo shut: Shut @hasOne }
type Shut @model @auth(rules: [{allow: public}]) { id: ID! }
)"_s);
    QVERIFY2(schema, qPrintable(schema.error().message() + schema.error().detail()));
    m_schema = *schema;
}

void TestAuthorization::init()
{
    BackendOptions options;
    options.durable = false;
    m_backend = std::make_unique<TestBackend>(m_schema, options);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

// ---- fields that rules add ----

void TestAuthorization::anUndeclaredOwnerIsInTheTypeAndNotInTheInput()
{
    QCOMPARE(value(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { owner } }"_s)["owner"_L1].toString(), u"alice"_s);
    QVERIFY(refusal(u"alice"_s, u"mutation { createNote(input: {id: \"2\", owner: \"alice\"}) { id } }"_s).contains(u"owner"));
    QVERIFY(!run(u"alice"_s, u"{ syncNotes(filter: {owner: {eq: \"alice\"}}) { items { id } } }"_s).contains("errors"_L1));
}

void TestAuthorization::subscriptionsHaveAnArgumentPerOwner()
{
    QCOMPARE(heard(u"alice"_s, u"subscription { onCreatePair(author: \"al\") { id } }"_s, {u"createPair(input: {id: \"1\"}) { id }"_s}), u"1"_s);
    QVERIFY(heard(u"alice"_s, u"subscription { onCreateEditors(editors: \"alice\") { id } }"_s, {}).contains(u"editors"));
    QVERIFY(heard(u"ada"_s, u"subscription { onCreateTeam(filter: {team: {eq: \"Staff\"}}) { id } }"_s, {}).contains(u"team"));
}

// ---- owner value ----

void TestAuthorization::theOwnerIsSubAndUsername()
{
    QVERIFY(!run(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { id } }"_s).contains("errors"_L1));
    QVERIFY(!run(u"bob"_s, u"mutation { createNote(input: {id: \"2\"}) { id } }"_s).contains("errors"_L1));
    const QString query = u"{ listNotes(filter: {owner: {eq: \"%1\"}}) { items { id } } }"_s;
    QCOMPARE(strings(value(u"alice"_s, query.arg(u"s-alice::alice"_s))["items"_L1], u"id"_s), QStringList{u"1"_s});
    QCOMPARE(strings(value(u"bob"_s, query.arg(u"s-bob::bob"_s))["items"_L1], u"id"_s), QStringList{u"2"_s});    // an ID token's
    QVERIFY(!run(u"alice"_s, u"mutation { createMail(input: {id: \"1\"}) { id } }"_s).contains("errors"_L1));
    QCOMPARE(value(u"alice"_s, u"{ getMail(id: \"1\") { owner } }"_s)["owner"_L1].toString(), u"alice@x"_s);
}

void TestAuthorization::theNameIsShownEverywhere()
{
    Deliveries deliveries;
    QVERIFY(m_backend->backend->subscribe({u"subscription { onCreateDeclared { owner } }"_s, {}, {}, identity(u"alice"_s)}, deliveries.receiver()));
    QCOMPARE(value(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\"}) { owner } }"_s)["owner"_L1].toString(), u"alice"_s);
    QCOMPARE(value(u"alice"_s, u"{ getDeclared(id: \"1\") { owner } }"_s)["owner"_L1].toString(), u"alice"_s);
    QCOMPARE(strings(value(u"ada"_s, u"{ syncDeclareds { items { owner } } }"_s)["items"_L1], u"owner"_s), QStringList{u"alice"_s});
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onCreateDeclared"_L1]["owner"_L1].toString(), u"alice"_s);
    const QJsonValue list = value(u"alice"_s, u"mutation { createEditors(input: {id: \"1\", editors: [\"s-bob::bob\", \"alice\"]}) { editors } }"_s);
    QCOMPARE(list["editors"_L1].toArray(), (QJsonArray{u"bob"_s, u"alice"_s}));
    const QJsonObject conflict = firstError(run(u"alice"_s, u"mutation { deleteDeclared(input: {id: \"1\"}) { owner } }"_s));
    QCOMPARE(conflict["data"_L1]["owner"_L1].toString(), u"alice"_s);
}

void TestAuthorization::ownersAreAccepted_data()
{
    QTest::addColumn<QString>("input");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("no owner") << QString() << true;
    QTest::newRow("the whole") << u"owner: \"s-alice::alice\""_s << true;
    QTest::newRow("the sub") << u"owner: \"s-alice\""_s << true;
    QTest::newRow("the username") << u"owner: \"alice\""_s << true;
    QTest::newRow("another's name") << u"owner: \"bob\""_s << false;
    QTest::newRow("another's sub with the name") << u"owner: \"s-bob::alice\""_s << false;
    QTest::newRow("null") << u"owner: null"_s << false;
    QTest::newRow("empty") << u"owner: \"\""_s << false;
}

void TestAuthorization::ownersAreAccepted()
{
    QFETCH(const QString, input);
    QFETCH(const bool, accepted);
    QCOMPARE(refusal(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\" %1}) { id } }"_s.arg(input)),
             accepted ? QString() : u"Not Authorized to access createDeclared on type Mutation"_s);
    QCOMPARE(value(u"alice"_s, u"{ getDeclared(id: \"1\") { id } }"_s)["id"_L1].toString(), accepted ? u"1"_s : QString());
}

void TestAuthorization::aChosenNamePassesForNobodyElse()
{
    QVERIFY(!run(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { id } }"_s).contains("errors"_L1));
    QCOMPARE(value(u"s-alice::alice"_s, u"{ listNotes { items { id } } }"_s)["items"_L1].toArray(), QJsonArray());
    QCOMPARE(value(u"alic"_s, u"{ listNotes { items { id } } }"_s)["items"_L1].toArray(), QJsonArray());
    Identity nameless = person(u"nameless"_s, u"userPools"_s, {{u"username"_s, u"s-alice::alice"_s}}).identity;
    QVERIFY(m_backend->runAs(nameless, u"{ listNotes { items { id } } }"_s).contains("errors"_L1));
    nameless.claims = {};
    QVERIFY(m_backend->runAs(nameless, u"mutation { createNote(input: {id: \"2\"}) { id } }"_s).contains("errors"_L1));
}

void TestAuthorization::numbersAreNamesWhileTheyAreExact()
{
    const auto create = [this](const QString &id, const QJsonValue &number) {
        const Identity who = person(id, u"userPools"_s, {{u"sub"_s, id}, {u"number"_s, number}}).identity;
        return m_backend->runAs(who, u"mutation { createNumbered(input: {id: \"%1\"}) { owner } }"_s.arg(id));
    };
    QCOMPARE(create(u"1"_s, 42)["data"_L1]["createNumbered"_L1]["owner"_L1].toString(), u"42"_s);
    for (const double number : {1.5, 1e19, -1e300})     // as an integer of 64 bits each would be the same
        QVERIFY(create(u"2"_s, number).contains("errors"_L1));
}

void TestAuthorization::filtersCompareTheShownOwner()
{
    for (const QString &owner : {u"s-alice::alice"_s, u"alice"_s, u"s-bob::bob"_s})
        run(u"ada"_s, u"mutation { createDeclared(input: {id: \"%1\", owner: \"%1\"}) { id } }"_s.arg(owner));
    const auto ids = [this](const QString &filter) {
        return strings(value(u"ada"_s, u"{ listDeclareds(filter: {owner: %1}) { items { id } } }"_s.arg(filter))["items"_L1], u"id"_s);
    };
    QCOMPARE(ids(u"{eq: \"alice\"}"_s), (QStringList{u"alice"_s, u"s-alice::alice"_s}));
    QCOMPARE(ids(u"{ne: \"alice\"}"_s), QStringList{u"s-bob::bob"_s});
    QCOMPARE(ids(u"{beginsWith: \"s-\"}"_s), QStringList());
    QCOMPARE(ids(u"{eq: \"s-alice::alice\"}"_s), QStringList{u"s-alice::alice"_s});
    QCOMPARE(refusal(u"alice"_s, u"mutation { updateDeclared(input: {id: \"s-alice::alice\", text: \"a\", _version: 1}, condition: {owner: {eq: \"alice\"}}) { id } }"_s), QString());
}

// ---- mutations ----

void TestAuthorization::createFillsInTheOwnerAlsoWhenAnotherRuleAllows()
{
    QCOMPARE(value(u"ada"_s, u"mutation { createDeclared(input: {id: \"1\"}) { owner } }"_s)["owner"_L1].toString(), u"ada"_s);
    QCOMPARE(value(u"ada"_s, u"mutation { createDeclared(input: {id: \"2\", owner: \"bob\"}) { owner } }"_s)["owner"_L1].toString(), u"bob"_s);
    QCOMPARE(value(u"key"_s, u"mutation { createMixed(input: {id: \"3\"}) { owner author } }"_s).toObject(),
             (QJsonObject{{u"owner"_s, QJsonValue()}, {u"author"_s, QJsonValue()}}));
    QCOMPARE(value(u"alice"_s, u"mutation { createEditors(input: {id: \"1\"}) { editors } }"_s)["editors"_L1].toArray(), QJsonArray{u"alice"_s});
}

void TestAuthorization::createInAGroup_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("mutation");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("one's group") << u"alice"_s << u"createTeam(input: {team: \"Staff\"})"_s << true;
    QTest::newRow("another group") << u"alice"_s << u"createTeam(input: {team: \"Admin\"})"_s << false;
    QTest::newRow("no group") << u"alice"_s << u"createTeam(input: {})"_s << false;
    QTest::newRow("one of several") << u"alice"_s << u"createSeveral(input: {teams: [\"Admin\", \"Staff\"]})"_s << true;
    QTest::newRow("none of several") << u"alice"_s << u"createSeveral(input: {teams: [\"Admin\"]})"_s << false;
    QTest::newRow("an empty list") << u"alice"_s << u"createSeveral(input: {teams: []})"_s << false;
    QTest::newRow("a caller without groups") << u"bob"_s << u"createSeveral(input: {teams: [\"Staff\"]})"_s << false;
}

void TestAuthorization::createInAGroup()
{
    QFETCH(const QString, who);
    QFETCH(const QString, mutation);
    QFETCH(const bool, allowed);
    QCOMPARE(firstError(run(who, u"mutation { %1 { id } }"_s.arg(mutation)))["errorType"_L1].toString(), allowed ? QString() : unauthorizedType);
}

void TestAuthorization::updatesAskTheStoredOwner()
{
    run(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\"}) { id } }"_s);
    const QString update = u"mutation { updateDeclared(input: {id: \"1\", text: \"%1\", owner: \"bob\", _version: 1}) { text } }"_s;
    QCOMPARE(refusal(u"bob"_s, update.arg(u"b"_s)), u"Not Authorized to access updateDeclared on type Mutation"_s);
    QCOMPARE(refusal(u"bob"_s, u"mutation { deleteDeclared(input: {id: \"1\", _version: 1}) { text } }"_s), u"Not Authorized to access deleteDeclared on type Mutation"_s);
    QCOMPARE(value(u"alice"_s, update.arg(u"a"_s))["text"_L1].toString(), u"a"_s);
}

void TestAuthorization::ownershipMayBeTransferred()
{
    run(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\"}) { id } }"_s);
    const QString give = u"mutation { updateDeclared(input: {id: \"1\", owner: \"%1\", _version: %2}) { owner } }"_s;
    QCOMPARE(value(u"alice"_s, give.arg(u"bob"_s, u"1"_s))["owner"_L1].toString(), u"bob"_s);
    QCOMPARE(firstError(run(u"alice"_s, give.arg(u"alice"_s, u"2"_s)))["errorType"_L1].toString(), unauthorizedType);
    QCOMPARE(value(u"bob"_s, give.arg(u"alice"_s, u"2"_s))["owner"_L1].toString(), u"alice"_s);
}

void TestAuthorization::aTransferCountsWithinADocument()
{
    run(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\"}) { id } }"_s);
    const QJsonObject response = run(u"alice"_s, u"mutation { a: updateDeclared(input: {id: \"1\", owner: \"bob\", _version: 1}) { id } "
                                                  "b: updateDeclared(input: {id: \"1\", text: \"late\", _version: 2}) { id } "
                                                  "c: deleteDeclared(input: {id: \"1\", _version: 2}) { id } }"_s);
    QCOMPARE(response["errors"_L1].toArray().size(), 2);
    QCOMPARE(firstError(response)["path"_L1].toArray(), QJsonArray{u"b"_s});
    QCOMPARE(strings(response["errors"_L1], u"errorType"_s), (QStringList{unauthorizedType, unauthorizedType}));
    QVERIFY(value(u"bob"_s, u"{ getDeclared(id: \"1\") { text } }"_s)["text"_L1].isNull());
}

void TestAuthorization::aTransferCountsWithinABatch()
{
    constexpr int count = 20;
    QString create;
    for (int i = 0; i < count; ++i)
        create += u"a%1: createDeclared(input: {id: \"%1\"}) { id } "_s.arg(i);
    run(u"alice"_s, u"mutation { %1 }"_s.arg(create));
    std::atomic<int> answered = 0, refused = 0;
    const auto send = [&](int id, const QString &owner, int version) {
        const QJsonObject input{{u"id"_s, QString::number(id)}, {u"owner"_s, owner}, {u"_version"_s, version}};
        m_backend->backend->execute({TestBackend::mutation(u"update"_s, u"Declared"_s, u"id"_s), {{u"input"_s, input}}, {}, identity(u"alice"_s)},
                                    [&](const QByteArray &response) {
            refused += response.contains("\"errorType\":\"Unauthorized\"");
            ++answered;
        });
    };
    m_backend->mutate(u"update"_s, u"Declared"_s, {{u"id"_s, u"none"_s}}, u"id"_s);     // a known document keeps its place
    for (int i = 0; i < count; ++i) {
        send(i, u"bob"_s, 1);
        send(i, u"alice"_s, 2);
    }
    QTRY_COMPARE(answered, 2 * count);
    QCOMPARE(refused, count);
    QCOMPARE(value(u"bob"_s, u"{ listDeclareds { items { id } } }"_s)["items"_L1].toArray().size(), count);
}

void TestAuthorization::aFieldRuleForbidsATransfer()
{
    QCOMPARE(refusal(u"alice"_s, u"mutation { createKept(input: {id: \"1\"}) { id } }"_s), QString());
    QCOMPARE(refusal(u"alice"_s, u"mutation { updateKept(input: {id: \"1\", owner: \"bob\", _version: 1}) { id } }"_s), u"Unauthorized on [owner]"_s);
    QCOMPARE(refusal(u"alice"_s, u"mutation { updateKept(input: {id: \"1\", text: \"a\", _version: 1}) { id } }"_s), QString());
}

void TestAuthorization::aMissingRecordIsUnauthorizedWhenRecordsDecide()
{
    for (const QString &verb : {u"update"_s, u"delete"_s}) {
        QCOMPARE(refusal(u"alice"_s, u"mutation { %1Note(input: {id: \"x\", _version: 1}) { id } }"_s.arg(verb)), u"Not Authorized to access %1Note on type Mutation"_s.arg(verb));
        QCOMPARE(firstError(run(u"alice"_s, u"mutation { %1Blind(input: {id: \"x\", _version: 1}) { id } }"_s.arg(verb)))["errorType"_L1].toString(),
                 u"ConditionalCheckFailedException"_s);
    }
}

void TestAuthorization::refusalsHaveTypeMessagePathAndLocation()
{
    run(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { id } }"_s);
    const QJsonObject response = run(u"bob"_s, u"mutation operation {\n  mine: updateNote(input: {id: \"1\", text: \"b\", _version: 1}) { id }\n}"_s);
    QCOMPARE(response["data"_L1].toObject(), (QJsonObject{{u"mine"_s, QJsonValue()}}));
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response), (QJsonObject{{u"path"_s, QJsonArray{u"mine"_s}}, {u"data"_s, QJsonValue()}, {u"errorType"_s, unauthorizedType}, {u"errorInfo"_s, QJsonValue()},
                                                {u"locations"_s, QJsonArray{QJsonObject{{u"line"_s, 2}, {u"column"_s, 3}, {u"sourceName"_s, QJsonValue()}}}},
                                                {u"message"_s, u"Not Authorized to access updateNote on type Mutation"_s}}));
}

void TestAuthorization::conditionsTellNothingOfOthersRecords()
{
    run(u"alice"_s, u"mutation { createNote(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QString update = u"mutation { updateNote(input: {id: \"1\", text: \"b\", _version: 1}, condition: {text: {eq: \"%1\"}}) { id } }"_s;
    QCOMPARE(run(u"bob"_s, update.arg(u"a"_s)), run(u"bob"_s, update.arg(u"x"_s)));
    const QString drop = u"mutation { deleteNote(input: {id: \"1\", _version: %1}, condition: {text: {eq: \"%2\"}}) { id } }"_s;
    QCOMPARE(run(u"bob"_s, drop.arg(u"1"_s).arg(u"a"_s)), run(u"bob"_s, drop.arg(u"7"_s).arg(u"x"_s)));
    QCOMPARE(refusal(u"bob"_s, update.arg(u"a"_s)), u"Not Authorized to access updateNote on type Mutation"_s);
}

void TestAuthorization::conflictsShowNothingOfUnreadableRecords()
{
    run(u"alice"_s, u"mutation { createBlind(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QString drop = u"mutation { deleteBlind(input: {id: \"1\", _version: 7}) { id text } }"_s;
    QCOMPARE(firstError(run(u"alice"_s, drop))["data"_L1]["text"_L1].toString(), u"a"_s);
    const QJsonObject error = firstError(run(u"bob"_s, drop));
    QCOMPARE(error["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QVERIFY(error["data"_L1].isNull());
}

void TestAuthorization::repeatedCreatesShowNothingOfUnreadableRecords()
{
    run(u"alice"_s, u"mutation { createBlind(input: {id: \"1\", text: \"a\", owner: \"zoe\"}) { id } }"_s);
    const QString again = u"mutation { createBlind(input: {id: \"1\", owner: \"zoe\"}) { id text } }"_s;
    QCOMPARE(firstError(run(u"bob"_s, again))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QCOMPARE(value(u"zoe"_s, again)["text"_L1].toString(), u"a"_s);
}

void TestAuthorization::whoMayNotReadIsAnsweredWithWhatHeKnows()
{
    run(u"alice"_s, u"mutation { createBlind(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QString selection = u"{ id text owner _version _deleted createdAt }"_s;
    const QJsonObject updated = value(u"bob"_s, u"mutation { updateBlind(input: {id: \"1\", text: \"b\", _version: 1}) "_s + selection + u" }"_s).toObject();
    QVERIFY(!updated["createdAt"_L1].toString().isEmpty());
    QCOMPARE(updated["text"_L1].toString(), u"b"_s);
    QCOMPARE(updated["_version"_L1].toInt(), 2);
    QVERIFY(updated["owner"_L1].isNull());
    const QJsonObject removed = value(u"bob"_s, u"mutation { deleteBlind(input: {id: \"1\", _version: 2}) "_s + selection + u" }"_s).toObject();
    QVERIFY(removed["text"_L1].isNull() && removed["owner"_L1].isNull());
    QCOMPARE(removed["id"_L1].toString(), u"1"_s);
    QCOMPARE(removed["_deleted"_L1].toBool(), true);
    const QJsonObject again = value(u"bob"_s, u"mutation { deleteBlind(input: {id: \"1\", _version: 3}) "_s + selection + u" }"_s).toObject();
    QCOMPARE(again, removed);
}

void TestAuthorization::whoMayNotReadSeesNoMergedValue()
{
    run(u"alice"_s, u"mutation { createBlind(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QString update = u"mutation { updateBlind(input: {id: \"1\", text: \"b\", _version: 7}) { text _version } }"_s;
    QCOMPARE(value(u"bob"_s, update).toObject(), (QJsonObject{{u"text"_s, QJsonValue()}, {u"_version"_s, 2}}));
    QCOMPARE(value(u"alice"_s, update).toObject(), (QJsonObject{{u"text"_s, u"a"_s}, {u"_version"_s, 3}}));
}

void TestAuthorization::requiredFieldsOfUnreadableRecordsAreUnauthorized()
{
    run(u"alice"_s, u"mutation { createChapter(input: {id: \"c\"}) { id } }"_s);
    QCOMPARE(refusal(u"alice"_s, u"mutation { createStrict(input: {id: \"1\", title: \"t\", size: {width: 1}, strictAuthorId: \"c\"}) { id } }"_s), QString());
    const QString update = u"mutation { updateStrict(input: {id: \"1\", title: \"u\", _version: %1}) { %2 } }"_s;
    QCOMPARE(value(u"bob"_s, update.arg(u"1"_s, u"id title"_s)).toObject(), (QJsonObject{{u"id"_s, u"1"_s}, {u"title"_s, u"u"_s}}));
    QCOMPARE(value(u"bob"_s, update.arg(u"1"_s, u"id _version createdAt"_s))["_version"_L1].toInt(), 3);
    run(u"alice"_s, u"mutation { updateStrict(input: {id: \"1\", title: \"t\", _version: 3}) { id } }"_s);
    for (const auto &[selection, field] : {std::pair(u"title"_s, u"title"_s), std::pair(u"size { width }"_s, u"size"_s), std::pair(u"author { id }"_s, u"author"_s)}) {
        const QJsonObject response = run(u"bob"_s, update.arg(u"1"_s, selection));     // merged: the title stays
        QCOMPARE(firstError(response)["message"_L1].toString(), u"Not Authorized to access %1 on type Strict"_s.arg(field));
        QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"updateStrict"_s, field}));
    }
}

void TestAuthorization::whoGivesARecordAwayIsAnsweredWithIt()
{
    run(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QJsonObject answer = value(u"alice"_s, u"mutation { updateDeclared(input: {id: \"1\", owner: \"bob\", _version: 1}) { text owner } }"_s).toObject();
    QCOMPARE(answer, (QJsonObject{{u"text"_s, u"a"_s}, {u"owner"_s, u"bob"_s}}));
}

// ---- field rules ----

void TestAuthorization::theUnionOfRulesMustCoverTheInput()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", open: \"o\", secret: \"s\"}) { id } }"_s);
    const auto update = [this](const QString &who, const QString &input) {
        const QJsonObject error = firstError(run(who, u"mutation { updateFields(input: {id: \"1\", %1, _version: 999}) { id } }"_s.arg(input)));
        return error["errorType"_L1].toString() + u": "_s + error["message"_L1].toString();
    };
    const QString passed = u": "_s;                          // automerged
    QCOMPARE(update(u"bob"_s, u"open: \"x\""_s), passed);
    QCOMPARE(update(u"bob"_s, u"open: \"x\", secret: \"x\""_s), u"Unauthorized: Unauthorized on [secret]"_s);
    QCOMPARE(update(u"bob"_s, u"admin: \"x\", open: \"x\", secret: \"x\""_s), u"Unauthorized: Unauthorized on [secret, admin]"_s);
    QCOMPARE(update(u"alice"_s, u"open: \"x\", secret: \"x\""_s), passed);
    QCOMPARE(update(u"alice"_s, u"secret: \"x\", admin: \"x\""_s), u"Unauthorized: Unauthorized on [admin]"_s);
    QCOMPARE(update(u"ada"_s, u"admin: \"x\", kept: \"x\""_s), passed);
    QCOMPARE(refusal(u"bob"_s, u"mutation { createFields(input: {id: \"2\", admin: \"x\"}) { id } }"_s), u"Unauthorized on [admin]"_s);
    QCOMPARE(refusal(u"bob"_s, u"mutation { createFields(input: {id: \"2\", secret: \"x\"}) { id } }"_s), QString());      // bob is the owner
}

void TestAuthorization::nullNeedsTheRightToDelete()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", kept: \"k\", open: \"o\"}) { id } }"_s);
    const auto update = [this](const QString &input) { return refusal(u"alice"_s, u"mutation { updateFields(input: {id: \"1\", %1}) { id } }"_s.arg(input)); };
    QCOMPARE(update(u"kept: \"x\", _version: 1"_s), QString());
    QCOMPARE(update(u"kept: null, _version: 2"_s), u"Unauthorized on [kept]"_s);
    QCOMPARE(update(u"open: null, _version: 2"_s), QString());
    QCOMPARE(refusal(u"alice"_s, u"mutation { createFields(input: {id: \"2\", kept: null}) { id } }"_s), QString());
}

void TestAuthorization::deleteNeedsAllFields()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\"}) { id } }"_s);
    QCOMPARE(refusal(u"alice"_s, u"mutation { deleteFields(input: {id: \"1\", _version: 1}) { id } }"_s), u"Not Authorized to access deleteFields on type Mutation"_s);
    run(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { id } }"_s);
    QCOMPARE(refusal(u"alice"_s, u"mutation { deleteNote(input: {id: \"1\", _version: 1}) { id } }"_s), QString());
}

void TestAuthorization::protectedFieldsAreNullWithAnError()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", open: \"a\", secret: \"s\"}) { id } }"_s);
    run(u"bob"_s, u"mutation { createFields(input: {id: \"2\", open: \"b\", secret: \"t\"}) { id } }"_s);
    const QJsonObject response = run(u"bob"_s, u"{ syncFields { items { open secret } } }"_s);
    const QJsonArray items = response["data"_L1]["syncFields"_L1]["items"_L1].toArray();
    QCOMPARE(items, (QJsonArray{QJsonObject{{u"open"_s, u"a"_s}, {u"secret"_s, QJsonValue()}}, QJsonObject{{u"open"_s, u"b"_s}, {u"secret"_s, u"t"_s}}}));
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"syncFields"_s, u"items"_s, 0, u"secret"_s}));
    QCOMPARE(firstError(response)["errorType"_L1].toString(), unauthorizedType);
    QCOMPARE(firstError(response)["message"_L1].toString(), u"Not Authorized to access secret on type Fields"_s);
}

void TestAuthorization::aMutationsAnswerHidesProtectedFieldsSilently()
{
    QCOMPARE(value(u"alice"_s, u"mutation { createFields(input: {id: \"1\", secret: \"s\"}) { secret } }"_s)["secret"_L1].toString(), u"s"_s);
    const QJsonObject response = run(u"bob"_s, u"mutation { updateFields(input: {id: \"1\", open: \"o\", _version: 1}) { open secret } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(response["data"_L1]["updateFields"_L1].toObject(), (QJsonObject{{u"open"_s, u"o"_s}, {u"secret"_s, QJsonValue()}}));
}

void TestAuthorization::subscribersSeeTheirFields()
{
    Deliveries alice, bob;
    for (const auto &[name, deliveries] : {std::pair(u"alice"_s, &alice), std::pair(u"bob"_s, &bob)})
        QVERIFY(m_backend->backend->subscribe({u"subscription { onCreateFields { id secret } }"_s, {}, {}, identity(name)}, deliveries->receiver()));
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", secret: \"s\"}) { id } }"_s);
    QTRY_COMPARE(alice.count(), 1);
    QTRY_COMPARE(bob.count(), 1);
    QCOMPARE(alice.at(0)["onCreateFields"_L1]["secret"_L1].toString(), u"s"_s);
    QCOMPARE(bob.text(0), QByteArray(R"({"data":{"onCreateFields":{"id":"1","secret":null}}})"));
}

void TestAuthorization::subscribersSeeTheirRelations()
{
    Deliveries alice, bob;
    for (const auto &[name, deliveries] : {std::pair(u"alice"_s, &alice), std::pair(u"bob"_s, &bob)})
        QVERIFY(m_backend->backend->subscribe({u"subscription { onCreatePage { chapter { id } } }"_s, {}, {}, identity(name)}, deliveries->receiver()));
    run(u"alice"_s, u"mutation { createChapter(input: {id: \"c\"}) { id } }"_s);
    run(u"alice"_s, u"mutation { createPage(input: {id: \"1\", chapterPagesId: \"c\"}) { id } }"_s);
    QTRY_COMPARE(alice.count(), 1);
    QTRY_COMPARE(bob.count(), 1);
    QCOMPARE(alice.text(0), QByteArray(R"({"data":{"onCreatePage":{"chapter":{"id":"c"}}}})"));
    QCOMPARE(bob.text(0), QByteArray(R"({"data":{"onCreatePage":{"chapter":null}}})"));
}

void TestAuthorization::filtersAndConditionsSeeNoProtectedField()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", secret: \"s\"}) { id } }"_s);
    const QString query = u"{ listFields(filter: {secret: {eq: \"s\"}}) { items { id } } }"_s;
    QCOMPARE(strings(value(u"alice"_s, query)["items"_L1], u"id"_s), QStringList{u"1"_s});
    QCOMPARE(strings(value(u"bob"_s, query)["items"_L1], u"id"_s), QStringList());
    const QString update = u"mutation { updateFields(input: {id: \"1\", open: \"o\", _version: 1}, condition: {secret: {eq: \"%1\"}}) { id } }"_s;
    QCOMPARE(firstError(run(u"bob"_s, update.arg(u"s"_s)))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QCOMPARE(refusal(u"alice"_s, update.arg(u"s"_s)), QString());
    const QString subscription = u"subscription { onUpdateFields(filter: {secret: {eq: \"s\"}}) { id } }"_s;
    const QStringList mutations{u"updateFields(input: {id: \"1\", open: \"p\", _version: 2}) { id }"_s};
    QCOMPARE(heard(u"bob"_s, subscription, mutations), QString());
    QCOMPARE(heard(u"alice"_s, subscription, {u"updateFields(input: {id: \"1\", open: \"q\", _version: 3}) { id }"_s}), u"1"_s);
}

void TestAuthorization::indexQueriesFindNothingByProtectedFields()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", secret: \"s\"}) { id } }"_s);
    const QString query = u"{ fieldsBySecret(secret: \"s\") { items { id } } }"_s;
    QCOMPARE(strings(value(u"alice"_s, query)["items"_L1], u"id"_s), QStringList{u"1"_s});
    QCOMPARE(strings(value(u"bob"_s, query)["items"_L1], u"id"_s), QStringList());
}

void TestAuthorization::fieldsOfEmbeddedTypesAreProtected()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\", box: {size: 1, lock: \"l\"}}) { id } }"_s);
    const QString query = u"{ getFields(id: \"1\") { box { size lock } } }"_s;
    QCOMPARE(value(u"bob"_s, query)["box"_L1]["lock"_L1].toString(), u"l"_s);
    const QJsonObject response = run(u"key"_s, query);
    QCOMPARE(response["data"_L1]["getFields"_L1]["box"_L1].toObject(), (QJsonObject{{u"size"_s, 1}, {u"lock"_s, QJsonValue()}}));
    QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"getFields"_s, u"box"_s, u"lock"_s}));
}

void TestAuthorization::operationsOfTheSchemasOwnAreProtected_data()
{
    QTest::addColumn<QString>("caller");
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("a user") << u"alice"_s << u"{ sum(of: 1) }"_s << true;
    QTest::newRow("a key") << u"key"_s << u"{ sum(of: 1) }"_s << false;
    QTest::newRow("a user without the group") << u"bob"_s << u"{ boxOf { size } }"_s << false;
    QTest::newRow("a key without the group") << u"key"_s << u"{ boxOf { size } }"_s << false;
    QTest::newRow("no rules") << u"key"_s << u"{ anyones }"_s << true;
    QTest::newRow("a mutation by a user") << u"alice"_s << u"mutation { reset }"_s << true;
    QTest::newRow("a mutation by a key") << u"key"_s << u"mutation { reset }"_s << false;
}

void TestAuthorization::operationsOfTheSchemasOwnAreProtected()
{
    QFETCH(const QString, caller);
    QFETCH(const QString, query);
    QFETCH(const bool, allowed);
    const QJsonObject error = firstError(run(caller, query));
    QCOMPARE(error["errorType"_L1].toString(), allowed ? u"UnsupportedOperation"_s : unauthorizedType);      // nothing answers them
}

void TestAuthorization::relationsAreProtected()
{
    run(u"alice"_s, u"mutation { createFields(input: {id: \"1\"}) { id } }"_s);
    run(u"bob"_s, u"mutation { createFields(input: {id: \"2\"}) { id } }"_s);
    run(u"bob"_s, u"mutation { a: createPart(input: {id: \"a\", fieldsPartsId: \"1\"}) { id } b: createPart(input: {id: \"b\", fieldsPartsId: \"2\"}) { id } }"_s);
    const QJsonObject response = run(u"bob"_s, u"{ listFields { items { parts { items { id } } } } }"_s);
    const QJsonArray items = response["data"_L1]["listFields"_L1]["items"_L1].toArray();
    QVERIFY(items[0]["parts"_L1].isNull());
    QCOMPARE(strings(items[1]["parts"_L1]["items"_L1], u"id"_s), QStringList{u"b"_s});
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"listFields"_s, u"items"_s, 0, u"parts"_s}));
}

// ---- queries and sync ----

void TestAuthorization::getOfAnothersRecordIsUnauthorized()
{
    run(u"alice"_s, u"mutation { createNote(input: {id: \"1\"}) { id } }"_s);
    QCOMPARE(refusal(u"bob"_s, u"{ getNote(id: \"1\") { id } }"_s), u"Not Authorized to access getNote on type Query"_s);
    QCOMPARE(refusal(u"bob"_s, u"{ getNote(id: \"2\") { id } }"_s), QString());
}

void TestAuthorization::filtersAreJoinedWithVisibility()
{
    run(u"alice"_s, u"mutation { a: createNote(input: {id: \"1\", text: \"x\"}) { id } b: createNote(input: {id: \"2\", text: \"y\"}) { id } }"_s);
    run(u"bob"_s, u"mutation { createNote(input: {id: \"3\", text: \"x\"}) { id } }"_s);
    for (const QString &field : {u"listNotes"_s, u"syncNotes"_s}) {
        QCOMPARE(strings(value(u"alice"_s, u"{ %1(filter: {text: {eq: \"x\"}}) { items { id } } }"_s.arg(field))["items"_L1], u"id"_s), QStringList{u"1"_s});
        QCOMPARE(strings(value(u"alice"_s, u"{ %1(filter: {or: [{owner: {eq: \"bob\"}}, {text: {eq: \"y\"}}]}) { items { id } } }"_s.arg(field))["items"_L1], u"id"_s), QStringList{u"2"_s});
    }
}

void TestAuthorization::aCallerWithoutGroupsIsUnauthorized()
{
    for (const QString &field : {u"listTeams"_s, u"syncTeams"_s})
        QCOMPARE(refusal(u"bob"_s, u"{ %1 { items { id } } }"_s.arg(field)), u"Not Authorized to access %1 on type Query"_s.arg(field));
    QCOMPARE(value(u"alice"_s, u"{ syncTeams { items { id } } }"_s)["items"_L1].toArray(), QJsonArray());
}

void TestAuthorization::whatStopsBeingVisibleIsNotTold()
{
    run(u"alice"_s, u"mutation { createDeclared(input: {id: \"1\"}) { id } }"_s);
    const auto since = qint64(value(u"alice"_s, u"{ syncDeclareds { startedAt } }"_s)["startedAt"_L1].toDouble());
    run(u"alice"_s, u"mutation { updateDeclared(input: {id: \"1\", owner: \"bob\", _version: 1}) { id } }"_s);
    const QString delta = u"{ syncDeclareds(lastSync: %1) { items { id _deleted } } }"_s.arg(since);
    QCOMPARE(value(u"alice"_s, delta)["items"_L1].toArray(), QJsonArray());
    QCOMPARE(value(u"bob"_s, delta)["items"_L1].toArray(), (QJsonArray{QJsonObject{{u"id"_s, u"1"_s}, {u"_deleted"_s, QJsonValue()}}}));
}

void TestAuthorization::limitCountsWhatIsHidden()
{
    for (const QString &name : {u"bob"_s, u"alice"_s, u"bob"_s, u"alice"_s})
        run(name, u"mutation { createNote(input: {}) { id } }"_s);
    QJsonValue page = value(u"alice"_s, u"{ syncNotes(limit: 1) { items { owner } nextToken } }"_s);
    QStringList sizes;
    while (!page["nextToken"_L1].isNull() && sizes.size() < 9) {
        sizes.append(QString::number(page["items"_L1].toArray().size()));
        page = value(u"alice"_s, u"{ syncNotes(limit: 1, nextToken: \"%1\") { items { owner } nextToken } }"_s.arg(page["nextToken"_L1].toString()));
    }
    QCOMPARE(sizes, (QStringList{u"0"_s, u"1"_s, u"0"_s}));
    QCOMPARE(page["items"_L1].toArray().size(), 1);
}

// An indexed field decides: no other record is looked at, so the limit counts none.
void TestAuthorization::anIndexedOwnerIsReadByItself()
{
    for (const QString &name : {u"bob"_s, u"alice"_s, u"bob"_s, u"alice"_s})
        QCOMPARE(refusal(name, u"mutation { createIndexed(input: {}) { id } }"_s), QString());
    const QJsonValue page = value(u"alice"_s, u"{ syncIndexeds(limit: 2) { items { owner } nextToken } }"_s);
    QCOMPARE(strings(page["items"_L1], u"owner"_s), (QStringList{u"alice"_s, u"alice"_s}));
    QVERIFY(page["nextToken"_L1].isNull());
}

// ---- subscriptions ----

void TestAuthorization::ownerArguments_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("expected");
    const QString refused = u"Not Authorized to access onCreateMixed on type Subscription"_s;
    // 1 alice's, 2 bob's, 3 bob's with alice as the author, 4 nobody's of the staff, 5 that of another alice
    QTest::newRow("a static rule hears all") << u"key"_s << QString() << u"1 2 3 4 5"_s;
    QTest::newRow("a static rule, an owner is a filter") << u"key"_s << u"(owner: \"bob\")"_s << u"2 3"_s;
    QTest::newRow("a static rule, filters compare what is shown") << u"key"_s << u"(owner: \"alice\")"_s << u"1 5"_s;
    QTest::newRow("a static rule, null is a value") << u"key"_s << u"(owner: null)"_s << u"4"_s;
    QTest::newRow("the username, with other rules") << u"alice"_s << u"(owner: \"alice\")"_s << u"1 3 4"_s;
    QTest::newRow("the sub") << u"alice"_s << u"(owner: \"s-alice\")"_s << u"1 3 4"_s;
    QTest::newRow("the whole") << u"alice"_s << u"(owner: \"s-alice::alice\")"_s << u"1 3 4"_s;
    QTest::newRow("another's name") << u"alice"_s << u"(owner: \"bob\")"_s << refused;
    QTest::newRow("an empty name") << u"alice"_s << u"(owner: \"\")"_s << refused;
    QTest::newRow("both owners, one another's") << u"alice"_s << u"(owner: \"alice\", author: \"bob\")"_s << refused;
    QTest::newRow("both owners") << u"alice"_s << u"(owner: \"alice\", author: \"alice\")"_s << u"1 3 4"_s;
    QTest::newRow("null is no argument") << u"alice"_s << u"(owner: null)"_s << u"1 3 4"_s;
    QTest::newRow("an owner and a filter") << u"alice"_s << u"(owner: \"alice\", filter: {text: {eq: \"three\"}})"_s << u"3"_s;
    QTest::newRow("no argument") << u"alice"_s << QString() << u"1 3 4"_s;
    QTest::newRow("another caller") << u"bob"_s << u"(owner: \"bob\")"_s << u"2 3"_s;
    QTest::newRow("no rule for the provider") << u"carol"_s << QString() << QString();
    QTest::newRow("no rule for the provider, an owner") << u"carol"_s << u"(owner: \"carol\")"_s << QString();
}

void TestAuthorization::ownerArguments()
{
    QFETCH(const QString, who);
    QFETCH(const QString, arguments);
    QFETCH(const QString, expected);
    const QString create = u"createMixed(input: {id: \"%1\", text: \"%2\", owner: %3, author: %4, team: %5}) { id }"_s;
    const QString none = u"null"_s, staff = u"\"Staff\""_s, alice = u"\"s-alice::alice\""_s, bob = u"\"bob\""_s;
    const QStringList inputs{create.arg(u"1"_s, u"one"_s, alice, none, none), create.arg(u"2"_s, u"two"_s, bob, none, none),
                             create.arg(u"3"_s, u"three"_s, bob, u"\"alice\""_s, none), create.arg(u"4"_s, u"four"_s, none, none, staff),
                             create.arg(u"5"_s, u"five"_s, u"\"other::alice\""_s, none, none)};
    Deliveries deliveries;
    const Result<SubscriptionId> id = m_backend->backend->subscribe({u"subscription {\n  onCreateMixed%1 { id }\n}"_s.arg(arguments), {}, {}, identity(who)}, deliveries.receiver());
    QCOMPARE(id ? QString() : id.error().message(), expected.startsWith(u"Not") ? expected : QString());
    if (!id) {
        const QJsonObject error = firstError(QJsonDocument::fromJson(id.error().detail().toUtf8()).object());
        QCOMPARE(error["errorType"_L1].toString(), unauthorizedType);
        QCOMPARE(error["path"_L1].toArray(), QJsonArray{u"onCreateMixed"_s});
        QCOMPARE(error["locations"_L1][0]["line"_L1].toInt(), 2);
        return;
    }
    for (const QString &input : inputs)
        QCOMPARE(refusal(u"key"_s, u"mutation { %1 }"_s.arg(input)), QString());
    m_backend->backend->close();                            // delivers what is due
    QStringList ids;
    for (qsizetype i = 0; i < deliveries.count(); ++i)
        ids.append(deliveries.at(i).begin().value()["id"_L1].toString());
    QCOMPARE(ids.join(u' '), expected);
}

void TestAuthorization::withoutAnArgumentCallersHearWhatIsTheirs()
{
    const QStringList mutations{u"createNote(input: {id: \"1\"}) { id }"_s, u"createEditors(input: {id: \"2\", editors: [\"s-bob\", \"alice\"]}) { id }"_s,
                                u"createSeveral(input: {id: \"3\", teams: [\"Staff\", \"zoo\"]}) { id }"_s, u"createTeam(input: {id: \"4\", team: \"Staff\"}) { id }"_s};
    QCOMPARE(heard(u"alice"_s, u"subscription { onCreateNote { id } }"_s, mutations), u"1"_s);
    init();
    QCOMPARE(heard(u"bob"_s, u"subscription { onCreateNote { id } }"_s, mutations), QString());
    init();
    QCOMPARE(heard(u"bob"_s, u"subscription { onCreateEditors { id } }"_s, mutations), u"2"_s);
    init();
    QCOMPARE(heard(u"ada"_s, u"subscription { onCreateSeveral { id } }"_s, mutations), u"3"_s);
    init();
    QCOMPARE(heard(u"ada"_s, u"subscription { onCreateTeam { id } }"_s, mutations), u"4"_s);
    init();
    QCOMPARE(heard(u"bob"_s, u"subscription { onCreateTeam { id } }"_s, mutations), QString());
}

void TestAuthorization::aFilterIsJoinedWithVisibility()
{
    const QStringList mutations{u"createNote(input: {id: \"1\", text: \"x\"}) { id }"_s, u"createNote(input: {id: \"2\", text: \"y\"}) { id }"_s};
    QCOMPARE(heard(u"alice"_s, u"subscription { onCreateNote(filter: {text: {eq: \"x\"}}) { id } }"_s, mutations), u"1"_s);
    init();
    QCOMPARE(heard(u"bob"_s, u"subscription { onCreateNote(filter: {text: {eq: \"x\"}}) { id } }"_s, mutations), QString());
    init();
    QCOMPARE(heard(u"bob"_s, u"subscription { onCreateNote(filter: {owner: {eq: \"alice\"}}) { id } }"_s, mutations), QString());
    init();
    QCOMPARE(heard(u"alice"_s, u"subscription { onCreateNote(filter: {owner: {eq: \"alice\"}}) { id } }"_s, mutations), u"1 2"_s);
}

void TestAuthorization::theNewOwnerHearsOfATransfer()
{
    const QStringList mutations{u"createDeclared(input: {id: \"1\"}) { id }"_s, u"updateDeclared(input: {id: \"1\", owner: \"bob\", _version: 1}) { id }"_s};
    const QString subscription = u"subscription { onUpdateDeclared { id } }"_s;
    QCOMPARE(heard(u"bob"_s, subscription, mutations), u"1"_s);
    init();
    QCOMPARE(heard(u"alice"_s, subscription, mutations), QString());
}

void TestAuthorization::publicSubscriptionsAskNoRules()
{
    QCOMPARE(heard(u"key"_s, u"subscription { onCreateLoud { id } }"_s, {u"createLoud(input: {id: \"1\"}) { id }"_s}), u"1"_s);
    QCOMPARE(refusal(u"key"_s, u"{ listLouds { items { id } } }"_s), u"Not Authorized to access listLouds on type Query"_s);
}

// ---- relations ----

void TestAuthorization::connectionsShowVisibleChildren()
{
    run(u"alice"_s, u"mutation { createNote(input: {id: \"n\"}) { id } }"_s);
    for (const QString &name : {u"alice"_s, u"bob"_s, u"alice"_s})
        QCOMPARE(refusal(name, u"mutation { createComment(input: {noteCommentsId: \"n\"}) { id } }"_s), QString());
    const QJsonObject response = run(u"alice"_s, u"{ getNote(id: \"n\") { comments { items { owner } } } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(strings(response["data"_L1]["getNote"_L1]["comments"_L1]["items"_L1], u"owner"_s), (QStringList{u"alice"_s, u"alice"_s}));
}

void TestAuthorization::aHiddenParentIsNull()
{
    run(u"alice"_s, u"mutation { createNote(input: {id: \"n\"}) { id } }"_s);
    run(u"bob"_s, u"mutation { createComment(input: {id: \"c\", noteCommentsId: \"n\"}) { id } }"_s);
    const QJsonObject response = run(u"bob"_s, u"{ syncComments { items { id note { id _deleted } } } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(response["data"_L1]["syncComments"_L1]["items"_L1].toArray(), (QJsonArray{QJsonObject{{u"id"_s, u"c"_s}, {u"note"_s, QJsonValue()}}}));
}

void TestAuthorization::ofARequiredHiddenParentTheKeyIsShown()
{
    run(u"alice"_s, u"mutation { createChapter(input: {id: \"c\"}) { id } }"_s);
    for (const QString &parent : {u"c"_s, u"missing"_s})
        QCOMPARE(refusal(u"alice"_s, u"mutation { createLeaf(input: {id: \"%1\", chapterLeavesId: \"%1\", leafShutId: \"s\"}) { id } }"_s.arg(parent)), QString());
    const QJsonObject response = run(u"bob"_s, u"{ syncLeaves { items { id chapter { id owner _deleted pages { items { id } } } shut { id } } } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    QJsonArray expected;
    for (const QString &parent : {u"c"_s, u"missing"_s}) {      // tells nothing of which are there
        const QJsonObject chapter{{u"id"_s, parent}, {u"owner"_s, QJsonValue()}, {u"_deleted"_s, QJsonValue()}, {u"pages"_s, QJsonObject{{u"items"_s, QJsonArray()}}}};
        expected.append(QJsonObject{{u"id"_s, parent}, {u"chapter"_s, chapter}, {u"shut"_s, QJsonObject{{u"id"_s, u"s"_s}}}});
    }
    QCOMPARE(response["data"_L1]["syncLeaves"_L1]["items"_L1].toArray(), expected);
    const QJsonObject alices = run(u"alice"_s, u"{ getLeaf(id: \"c\") { chapter { owner } } }"_s);
    QCOMPARE(alices["data"_L1]["getLeaf"_L1]["chapter"_L1]["owner"_L1].toString(), u"alice"_s);
}

void TestAuthorization::ofARequiredHiddenParentNothingElseIsShown()
{
    run(u"alice"_s, u"mutation { createChapter(input: {id: \"c\"}) { id } }"_s);
    run(u"alice"_s, u"mutation { createLeaf(input: {id: \"1\", chapterLeavesId: \"c\", leafShutId: \"s\"}) { id } }"_s);
    for (const QString &field : {u"_version"_s, u"_lastChangedAt"_s, u"createdAt"_s}) {
        const QJsonObject response = run(u"bob"_s, u"{ syncLeaves { items { id chapter { %1 } } } }"_s.arg(field));
        QCOMPARE(response["data"_L1]["syncLeaves"_L1]["items"_L1].toArray(), QJsonArray{QJsonValue()});
        QCOMPARE(firstError(response)["message"_L1].toString(), u"Not Authorized to access %1 on type Chapter"_s.arg(field));
    }
}

void TestAuthorization::aMutationsAnswerSurvivesARequiredHiddenParent()
{
    run(u"alice"_s, u"mutation { createChapter(input: {id: \"c\"}) { id } }"_s);
    const QJsonValue leaf = value(u"bob"_s, u"mutation { createLeaf(input: {id: \"1\", text: \"t\", chapterLeavesId: \"c\", leafShutId: \"s\"}) { text chapter { id } } }"_s);
    QCOMPARE(leaf.toObject(), (QJsonObject{{u"text"_s, u"t"_s}, {u"chapter"_s, QJsonObject{{u"id"_s, u"c"_s}}}}));
}

void TestAuthorization::aMutationsAnswerHasNoErrorBelowIt()
{
    const QString create = u"mutation { createPage(input: {id: \"%1\", chapterPagesId: \"x\"}) { id chapter { id } shut { id } } }"_s;
    QCOMPARE(value(u"alice"_s, create.arg(u"1"_s)).toObject(), (QJsonObject{{u"id"_s, u"1"_s}, {u"chapter"_s, QJsonValue()}, {u"shut"_s, QJsonValue()}}));
    QCOMPARE(refusal(u"alice"_s, u"{ getPage(id: \"1\") { shut { id } } }"_s), u"Not Authorized to access shut on type Page"_s);
}

// ---- function authorizers ----

void TestAuthorization::deniedFields_data()
{
    QTest::addColumn<QStringList>("denied");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QJsonArray>("path");
    const QString get = u"{ getOpen(id: \"1\") { id text _version } }"_s;
    QTest::newRow("nothing") << QStringList() << get << QJsonArray();
    QTest::newRow("a field") << QStringList{u"Open.text"_s} << get << QJsonArray{u"getOpen"_s, u"text"_s};
    QTest::newRow("a field of another type") << QStringList{u"Note.text"_s} << get << QJsonArray();
    QTest::newRow("a required field") << QStringList{u"Open._version"_s} << get << QJsonArray{u"getOpen"_s, u"_version"_s};
    QTest::newRow("a query") << QStringList{u"Query.getOpen"_s} << get << QJsonArray{u"getOpen"_s};
    QTest::newRow("a field in a list") << QStringList{u"Open.text"_s} << u"{ listOpens { items { text } } }"_s << QJsonArray{u"listOpens"_s, u"items"_s, 0, u"text"_s};
    QTest::newRow("a connection's field") << QStringList{u"ModelOpenConnection.nextToken"_s} << u"{ listOpens { nextToken } }"_s << QJsonArray{u"listOpens"_s, u"nextToken"_s};
    QTest::newRow("a mutation") << QStringList{u"Mutation.updateOpen"_s} << u"mutation { updateOpen(input: {id: \"1\", text: \"b\", _version: 1}) { id } }"_s << QJsonArray{u"updateOpen"_s};
    QTest::newRow("in a mutation's answer") << QStringList{u"Open.text"_s} << u"mutation { updateOpen(input: {id: \"1\", text: \"a\", _version: 1}) { text } }"_s << QJsonArray();
}

void TestAuthorization::deniedFields()
{
    QFETCH(const QStringList, denied);
    QFETCH(const QString, query);
    QFETCH(const QJsonArray, path);
    m_backend->run(u"mutation { createOpen(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    Identity caller = identity(u"lambda"_s);
    caller.deniedFields = denied;
    const QJsonObject response = m_backend->runAs(caller, query);
    QCOMPARE(firstError(response)["path"_L1].toArray(), path);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), path.isEmpty() ? QString() : unauthorizedType);
    QCOMPARE(m_backend->data(u"{ getOpen(id: \"1\") { text } }"_s)["text"_L1].toString(), u"a"_s);
    caller.deniedFields = {u"Open.text"_s};
    Deliveries deliveries;
    QVERIFY(m_backend->backend->subscribe({u"subscription { onCreateOpen { id text } }"_s, {}, {}, caller}, deliveries.receiver()));
    m_backend->run(u"mutation { createOpen(input: {id: \"2\", text: \"b\"}) { id } }"_s);
    QTRY_COMPARE(deliveries.count(), 1);
    QVERIFY(deliveries.at(0)["onCreateOpen"_L1]["text"_L1].isNull());
}

QTEST_GUILESS_MAIN(TestAuthorization)
#include "tst_authorization.moc"
