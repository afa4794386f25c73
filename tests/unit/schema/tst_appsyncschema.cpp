// SPDX-License-Identifier: MIT
#include "core/graphql/parser.h"
#include "core/graphql/printer.h"
#include "core/schema/appsyncschema.h"
#include "shared/fixtures.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestAppSyncSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhatTheTransformerMakes_data();
    void isWhatTheTransformerMakes();
    void printedDocumentParsesToItself();
    void operationNamesFollowTheModel();
    void operationsCanBeSwitchedOff();
    void oneSubscriptionForSeveralMutations();
    void longSubscriptionNamesAreCut();
    void compositeSortKeys();
    void indexQueries();
    void anEnumSizeHasAFilterOfItsOwn();
    void defaultsMakeInputsOptional();
    void ownOperationsStay();
    void embeddedTypesAreOpenToAllTheirModels();
    void defaultProviderIsThatOfTheFirstRule();
};

// ---- comparison without order ----

static QString directiveText(const GraphQL::Directive &directive)
{
    QStringList arguments;
    for (const GraphQL::Argument &argument : directive.arguments)
        arguments.append(argument.name.value + u": "_s + GraphQL::print(argument.value));
    arguments.sort();
    return u'@' + directive.name.value + (arguments.isEmpty() ? QString() : u'(' + arguments.join(u", "_s) + u')');
}

static QString directivesText(const GraphQL::Directives &directives)
{
    QStringList texts;
    for (const GraphQL::Directive &directive : directives)
        texts.append(u' ' + directiveText(directive));
    texts.sort();
    return texts.join(QString());
}

static QString argumentText(const GraphQL::InputValueDefinition &input)
{
    const QString defaultText = input.defaultValue ? u" = "_s + GraphQL::print(*input.defaultValue) : QString();
    return input.name.value + u": "_s + GraphQL::print(input.type) + defaultText + directivesText(input.directives);
}

static QString fieldText(const GraphQL::FieldDefinition &field)
{
    QStringList arguments;
    for (const GraphQL::InputValueDefinition &argument : field.arguments)
        arguments.append(argumentText(argument));
    arguments.sort();
    return field.name.value + u'(' + arguments.join(u", "_s) + u"): "_s + GraphQL::print(field.type) + directivesText(field.directives);
}

// One line for each type and each of its members.
static QStringList factsOf(const GraphQL::Document &document)
{
    static const QStringList kinds{u"scalar"_s, u"type"_s, u"interface"_s, u"union"_s, u"enum"_s, u"input"_s};
    QStringList facts;
    for (const GraphQL::Definition &definition : document.definitions) {
        const auto &type = std::get<GraphQL::TypeDefinition>(definition);
        const QString name = type.name.value;
        QStringList interfaces;
        for (const GraphQL::TypeReference &interface : type.interfaces)
            interfaces.append(u" & "_s + interface.name.value);
        interfaces.sort();
        facts.append(kinds[int(type.kind)] + u' ' + name + interfaces.join(QString()) + directivesText(type.directives));
        for (const GraphQL::FieldDefinition &field : type.fields)
            facts.append(name + u'.' + fieldText(field));
        for (const GraphQL::InputValueDefinition &input : type.inputFields)
            facts.append(name + u'.' + argumentText(input));
        for (const GraphQL::EnumValueDefinition &value : type.values)
            facts.append(name + u'.' + value.name.value + directivesText(value.directives));
        for (const GraphQL::TypeReference &member : type.types)
            facts.append(name + u" | "_s + member.name.value);
    }
    facts.sort();
    return facts;
}

static GraphQL::Document documentOf(const QString &source)
{
    const GraphQL::ParseResult result = GraphQL::parse(source);
    if (const auto *error = std::get_if<GraphQL::SyntaxError>(&result))
        QTest::qFail(qPrintable(error->message), __FILE__, __LINE__);
    return std::get<GraphQL::Document>(result);
}

static Schema parsed(const QString &source)
{
    const Result<Schema> result = Schema::parse(source);
    if (!result)
        QTest::qFail(qPrintable(result.error().detail()), __FILE__, __LINE__);
    return result.valueOr({});
}

static QStringList factsFor(const QString &source)
{
    return factsOf(appSyncDocument(parsed(source)));
}

void TestAppSyncSchema::isWhatTheTransformerMakes_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"blog"_s, u"relations"_s, u"types"_s, u"auth"_s})
        QTest::newRow(qPrintable(name)) << name;
}

void TestAppSyncSchema::isWhatTheTransformerMakes()
{
    // Facts of AWS's schema that ours leaves out, with the reason; everything else must be equal.
    static const QStringList left{
        u"input AmplifyAIConversationTurnErrorInput"_s,                 // of @conversation; no operation takes it
        u"AmplifyAIConversationTurnErrorInput.errorType: String!"_s,
        u"AmplifyAIConversationTurnErrorInput.message: String!"_s,
    };
    QFETCH(QString, name);
    const QString folder = u"schema/"_s + name;
    QStringList expected = factsOf(documentOf(QString::fromUtf8(TidelineTest::fixture(folder + u"/appsync.graphql"_s))));
    for (const QString &fact : left)
        QVERIFY2(expected.removeOne(fact), qPrintable(fact));
    QStringList found = factsFor(QString::fromUtf8(TidelineTest::fixture(folder + u"/input.graphql"_s)));
    const QStringList all = found;
    for (const QString &fact : expected)
        found.removeOne(fact);
    for (const QString &fact : all)
        expected.removeOne(fact);
    QVERIFY2(expected.isEmpty() && found.isEmpty(),
             qPrintable(u"missing:\n"_s + expected.join(u'\n') + u"\ntoo many:\n"_s + found.join(u'\n')));
}

void TestAppSyncSchema::printedDocumentParsesToItself()
{
    const Schema schema = parsed(QString::fromUtf8(TidelineTest::fixture(u"schema/relations/input.graphql"_s)));
    const GraphQL::Document document = appSyncDocument(schema);
    QCOMPARE(factsOf(documentOf(GraphQL::print(document))), factsOf(document));
}

void TestAppSyncSchema::operationNamesFollowTheModel()
{
    const Schema schema = parsed(QString::fromUtf8(TidelineTest::fixture(u"schema/types/input.graphql"_s)));
    const OperationNames usual = operationNames(*schema.model(u"Category"_s));
    QCOMPARE(usual.create, u"createCategory"_s);
    QCOMPARE(usual.get, u"getCategory"_s);
    QCOMPARE(usual.list, u"listCategories"_s);
    QCOMPARE(usual.sync, u"syncCategories"_s);
    QCOMPARE(usual.onDelete, u"onDeleteCategory"_s);
    QCOMPARE(operationNames(*schema.model(u"lowercase"_s)).sync, u"syncLowercases"_s);
    QCOMPARE(operationNames(*schema.model(u"lowercase"_s)).update, u"updateLowercase"_s);

    const OperationNames renamed = operationNames(*schema.model(u"Renamed"_s));
    QCOMPARE(renamed.create, u"makeRenamed"_s);
    QCOMPARE(renamed.remove, u"dropRenamed"_s);
    QCOMPARE(renamed.list, u"allRenamed"_s);
    QCOMPARE(renamed.sync, u"syncRenameds"_s);
    QCOMPARE(renamed.onUpdate, u"renamedChanged"_s);
    QVERIFY(operationNames(*schema.model(u"Silent"_s)).onCreate.isEmpty());
    QVERIFY(operationNames(*schema.model(u"LevelOff"_s)).onCreate.isEmpty());
}

void TestAppSyncSchema::operationsCanBeSwitchedOff()
{
    const QStringList facts = factsFor(u"type A @model(queries: null, mutations: {update: null}) { id: ID! n: Int }"_s);
    QVERIFY(facts.filter(u"Query."_s).size() == 1 && facts.filter(u"Query.syncAS"_s).size() == 1);
    QCOMPARE(facts.filter(u"Mutation."_s).size(), 2);
    QCOMPARE(facts.filter(u"Subscription.on"_s).size(), 2);
    QVERIFY(!facts.contains(u"input UpdateAInput"_s));
    QVERIFY(facts.contains(u"input CreateAInput"_s));
}

void TestAppSyncSchema::oneSubscriptionForSeveralMutations()
{
    const QStringList facts = factsFor(u"type Ant @model(subscriptions: {onCreate: [\"ants\"], onUpdate: \"ants\"}) { id: ID! }"_s);
    QCOMPARE(facts.filter(u"Subscription.ants"_s),
             QStringList{u"Subscription.ants(filter: ModelSubscriptionAntFilterInput): Ant @aws_subscribe(mutations: [\"createAnt\", \"updateAnt\"])"_s});
}

void TestAppSyncSchema::longSubscriptionNamesAreCut()
{
    const QString name = u"AModelWithANameThatIsFarTooLongForASubscription"_s;
    const Schema schema = parsed(u"type %1 @model { id: ID! }"_s.arg(name));
    const QString cut = operationNames(*schema.model(name)).onCreate;
    QCOMPARE(cut.size(), 50);
    QCOMPARE(cut.first(45), (u"onCreate"_s + name).first(45));
}

void TestAppSyncSchema::compositeSortKeys()
{
    const QStringList facts = factsFor(u"type Cpk @model { pk: ID! @primaryKey(sortKeyFields: [\"sk\", \"n\"]) sk: String! n: Int! }"_s);
    QVERIFY(facts.contains(u"Query.getCpk(n: Int!, pk: ID!, sk: String!): Cpk"_s));
    QVERIFY(facts.contains(u"Query.listCpks(filter: ModelCpkFilterInput, limit: Int, nextToken: String, pk: ID, skN: ModelCpkPrimaryCompositeKeyConditionInput, "
                           "sortDirection: ModelSortDirection): ModelCpkConnection"_s));
    QVERIFY(facts.contains(u"ModelCpkPrimaryCompositeKeyConditionInput.between: [ModelCpkPrimaryCompositeKeyInput]"_s));
    QVERIFY(facts.contains(u"ModelCpkPrimaryCompositeKeyInput.n: Int"_s));
    QVERIFY(facts.contains(u"ModelCpkFilterInput.id: ModelIDInput"_s));
    QVERIFY(!facts.contains(u"ModelCpkConditionInput.sk: ModelStringInput"_s));
    QVERIFY(facts.contains(u"DeleteCpkInput.n: Int!"_s));
}

void TestAppSyncSchema::indexQueries()
{
    const QStringList facts = factsFor(u"enum Size { S L } type Kid @model { id: ID! tag: String! @index(name: \"byTag\", sortKeyFields: [\"size\"]) size: Size! "
                                       "age: Int @index(queryField: \"kidsOfAge\") x: ID @index(queryField: null) }"_s);
    QVERIFY(facts.contains(u"Query.kidsByTagAndSize(filter: ModelKidFilterInput, limit: Int, nextToken: String, size: ModelStringKeyConditionInput, "
                           "sortDirection: ModelSortDirection, tag: String!): ModelKidConnection"_s));
    QVERIFY(facts.contains(u"Query.kidsOfAge(age: Int!, filter: ModelKidFilterInput, limit: Int, nextToken: String, sortDirection: ModelSortDirection): ModelKidConnection"_s));
    QCOMPARE(facts.filter(u"Query.kids"_s).size(), 2);
    QVERIFY(facts.contains(u"ModelStringKeyConditionInput.beginsWith: String"_s));
}

void TestAppSyncSchema::anEnumSizeHasAFilterOfItsOwn()
{
    const QStringList facts = factsFor(u"type Shirt @model { id: ID! size: Size sizes: [Size] } enum Size { S L }"_s);
    QVERIFY(facts.contains(u"ModelShirtFilterInput.size: ModelSizeEnumInput"_s));
    QVERIFY(facts.contains(u"ModelShirtConditionInput.size: ModelSizeEnumInput"_s));
    QVERIFY(facts.contains(u"ModelSizeEnumInput.eq: Size"_s));
    QVERIFY(facts.contains(u"ModelSizeListInput.contains: Size"_s));
    QVERIFY(facts.contains(u"ModelSizeInput.eq: Int"_s));
    QVERIFY(facts.contains(u"ModelStringInput.size: ModelSizeInput"_s));
}

void TestAppSyncSchema::defaultsMakeInputsOptional()
{
    const QStringList facts = factsFor(u"type A @model { id: ID! n: Int! @default(value: \"3\") }"_s);
    QVERIFY(facts.contains(u"A.n(): Int!"_s));
    QVERIFY(facts.contains(u"CreateAInput.n: Int"_s));
}

void TestAppSyncSchema::ownOperationsStay()
{
    const QStringList facts = factsFor(u"type A implements I @model @auth(rules: [{allow: public}]) { id: ID! } interface I { id: ID! } union U = E type E { x: Int }"
                                       "input In { x: Int } type Query { echo(in: In): E @function(name: \"echo\") @auth(rules: [{allow: private}]) } "
                                       "extend type Mutation { poke: String @http(url: \"http://localhost\") }"_s);
    QVERIFY(facts.contains(u"type A & I"_s));
    QVERIFY(facts.contains(u"U | E"_s));
    QVERIFY(facts.contains(u"In.x: Int"_s));
    QVERIFY(facts.contains(u"Query.echo(in: In): E @aws_cognito_user_pools"_s));
    QVERIFY(facts.contains(u"Mutation.poke(): String"_s));
    QVERIFY(facts.contains(u"Query.getA(id: ID!): A"_s));
}

void TestAppSyncSchema::embeddedTypesAreOpenToAllTheirModels()
{
    const QStringList facts = factsFor(u"type A @model @auth(rules: [{allow: public}]) { id: ID! e: E } "
                                       "type B @model @auth(rules: [{allow: private}]) { id: ID! e: E } type E { f: F } type F { x: Int }"_s);
    QVERIFY(facts.contains(u"type A"_s));
    QVERIFY(facts.contains(u"type B @aws_cognito_user_pools"_s));
    QVERIFY(facts.contains(u"type E @aws_api_key @aws_cognito_user_pools"_s));
    QVERIFY(facts.contains(u"type F @aws_api_key @aws_cognito_user_pools"_s));
}

void TestAppSyncSchema::defaultProviderIsThatOfTheFirstRule()
{
    const Schema schema = parsed(u"type A @model { id: ID! } type B @model @auth(rules: [{allow: private}, {allow: public}]) { id: ID! }"_s);
    QCOMPARE(defaultProvider(schema), AuthRule::Provider::UserPools);
    QCOMPARE(defaultProvider(Schema()), AuthRule::Provider::ApiKey);
    const QStringList open = factsOf(appSyncDocument(schema, AuthRule::Provider::Iam));
    QVERIFY(open.contains(u"type B @aws_api_key @aws_cognito_user_pools"_s));
    QVERIFY(open.contains(u"type A"_s));
}

QTEST_APPLESS_MAIN(TestAppSyncSchema)
#include "tst_appsyncschema.moc"
