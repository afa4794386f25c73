// SPDX-License-Identifier: MIT
#include "core/schema/schema.h"
#include "shared/fixtures.h"

#include <QtTest/QTest>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonObject>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestAuthRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreFilledIn();
    void everyProviderAndStrategy();
    void rulesAreThoseOfTheClients();
    void readStandsForItsParts();
    void fieldRules();
    void ownerFieldsAreMade();
    void joinModelHasTheRulesOfBothSides();
    void defaultValues();
    void contradictions_data();
    void contradictions();
    void refusedSchemas_data();
    void refusedSchemas();
};

static Schema parsed(const QString &source)
{
    const Result<Schema> result = Schema::parse(source);
    if (!result)
        QTest::qFail(qPrintable(result.error().detail()), __FILE__, __LINE__);
    return result.valueOr({});
}

void TestAuthRules::defaultsAreFilledIn()
{
    const Schema schema = parsed(u"type A @model @auth(rules: [{allow: owner}, {allow: groups, groups: [\"G\"]}, {allow: private},"
                                 "{allow: public}, {allow: custom}]) { id: ID! }"_s);
    const std::vector<AuthRule> &rules = schema.model(u"A"_s)->authRules;
    QCOMPARE(rules.size(), size_t(5));
    QCOMPARE(rules[0].provider, AuthRule::Provider::UserPools);
    QCOMPARE(rules[0].ownerField, u"owner"_s);
    QCOMPARE(rules[0].identityClaim, u"sub::username"_s);
    QVERIFY(rules[0].groupClaim.isEmpty());
    QCOMPARE(rules[1].groupClaim, u"cognito:groups"_s);
    QCOMPARE(rules[1].groups, QStringList{u"G"_s});
    QCOMPARE(rules[2].provider, AuthRule::Provider::UserPools);
    QCOMPARE(rules[3].provider, AuthRule::Provider::ApiKey);
    QCOMPARE(rules[4].provider, AuthRule::Provider::Function);
    QCOMPARE(rules[4].allow, AuthRule::Allow::Custom);
    QCOMPARE(rules[3].operations.size(), 9);
}

void TestAuthRules::everyProviderAndStrategy()
{
    const Schema schema = parsed(QString::fromUtf8(TidelineTest::fixture(u"schema/auth/input.graphql"_s)));
    const std::vector<AuthRule> &rules = schema.model(u"Providers"_s)->authRules;
    QCOMPARE(rules.size(), size_t(5));
    QCOMPARE(rules[1].provider, AuthRule::Provider::Iam);
    QCOMPARE(rules[4].provider, AuthRule::Provider::Oidc);
    QCOMPARE(rules[4].identityClaim, u"sub"_s);
    QCOMPARE(schema.model(u"SeveralGroups"_s)->authRules[0].groupClaim, u"user_groups"_s);
    QCOMPARE(schema.model(u"SeveralGroups"_s)->authRules[0].groupsField, u"teams"_s);
    QCOMPARE(schema.model(u"ReadParts"_s)->authRules[1].operations, (QStringList{u"get"_s, u"list"_s}));
}

static QString allowText(AuthRule::Allow allow)
{
    switch (allow) {
    case AuthRule::Allow::Owner:
        return u"owner"_s;
    case AuthRule::Allow::Groups:
        return u"groups"_s;
    case AuthRule::Allow::Private:
        return u"private"_s;
    case AuthRule::Allow::Public:
        return u"public"_s;
    case AuthRule::Allow::Custom:
        return u"custom"_s;
    }
    return {};
}

static QStringList strings(const QJsonValue &array)
{
    QStringList result;
    for (const QJsonValue &value : array.toArray())
        result.append(value.toString());
    return result;
}

void TestAuthRules::rulesAreThoseOfTheClients()
{
    const Schema schema = parsed(QString::fromUtf8(TidelineTest::fixture(u"schema/auth/input.graphql"_s)));
    const QJsonObject models = TidelineTest::jsonFixture(u"schema/auth/model-introspection.json"_s)[u"models"].toObject();
    for (const auto &model : schema.models()) {
        QCOMPARE(model->plural, models[model->name][u"pluralName"].toString());
        for (const QJsonValue &attribute : models[model->name][u"attributes"].toArray()) {
            if (attribute[u"type"] != u"auth"_s)
                continue;
            const QJsonArray rules = attribute[u"properties"][u"rules"].toArray();
            QCOMPARE(qsizetype(model->authRules.size()), rules.size());
            for (qsizetype i = 0; i < rules.size(); ++i) {
                const AuthRule &rule = model->authRules[size_t(i)];
                QCOMPARE(allowText(rule.allow), rules[i][u"allow"].toString());
                QCOMPARE(rule.ownerField, rules[i][u"ownerField"].toString());
                QCOMPARE(rule.groupClaim, rules[i][u"groupClaim"].toString());
                QCOMPARE(rule.groupsField, rules[i][u"groupsField"].toString());
                QCOMPARE(rule.groups, strings(rules[i][u"groups"]));
                for (const QString &operation : strings(rules[i][u"operations"]))
                    QVERIFY(rule.operations.contains(operation));
            }
        }
    }
}

void TestAuthRules::readStandsForItsParts()
{
    const Schema schema = parsed(u"type A @model @auth(rules: [{allow: public, operations: [read]}]) { id: ID! }"_s);
    const QStringList &operations = schema.model(u"A"_s)->authRules[0].operations;
    for (const QString &part : {u"read"_s, u"get"_s, u"list"_s, u"sync"_s, u"listen"_s, u"search"_s})
        QVERIFY2(operations.contains(part), qPrintable(part));
    QVERIFY(!operations.contains(u"create"_s));
}

void TestAuthRules::fieldRules()
{
    const Schema schema = parsed(QString::fromUtf8(TidelineTest::fixture(u"schema/auth/input.graphql"_s)));
    const ModelType &model = *schema.model(u"FieldRules"_s);
    QVERIFY(model.fields[size_t(model.fieldIndex(u"open"))].authRules.empty());
    QCOMPARE(model.fields[size_t(model.fieldIndex(u"secret"))].authRules[0].allow, AuthRule::Allow::Owner);
    QCOMPARE(model.fields[size_t(model.fieldIndex(u"adminNote"))].authRules[0].groups, QStringList{u"Admin"_s});

    const Schema related = parsed(u"type A @model { bs: [B] @hasMany @auth(rules: [{allow: private}]) } type B @model { id: ID! }"_s);
    QCOMPARE(related.model(u"A"_s)->relation(u"bs")->authRules.size(), size_t(1));
}

void TestAuthRules::ownerFieldsAreMade()
{
    const Schema schema = parsed(u"type A @model @auth(rules: [{allow: owner}, {allow: owner, ownerField: \"writer\"}]) { id: ID! owner: String }"
                                 "type B @model { s: String @auth(rules: [{allow: owner}]) }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QVERIFY(!a.fields[size_t(a.fieldIndex(u"owner"))].implicit);
    const SchemaField &writer = a.fields[size_t(a.fieldIndex(u"writer"))];
    QVERIFY(writer.implicit && writer.readOnly && !writer.type.required && writer.type.scalar == Scalar::String);
    QVERIFY(schema.model(u"B"_s)->fieldIndex(u"owner") >= 0);
}

void TestAuthRules::joinModelHasTheRulesOfBothSides()
{
    const Schema schema = parsed(u"type A @model @auth(rules: [{allow: owner}, {allow: public}]) { id: ID! bs: [B] @manyToMany(relationName: \"AB\") }"
                                 "type B @model @auth(rules: [{allow: public}, {allow: private}]) { id: ID! as: [A] @manyToMany(relationName: \"AB\") }"_s);
    const ModelType &join = *schema.model(u"AB"_s);
    QCOMPARE(join.authRules.size(), size_t(3));
    QVERIFY(join.fieldIndex(u"owner") >= 0);
}

void TestAuthRules::defaultValues()
{
    const Schema schema = parsed(u"enum E { X Y } type A @model { id: ID! n: Int @default(value: \"3\") e: E! @default(value: \"Y\") s: String @default(value: \"\") }"_s);
    const ModelType &a = *schema.model(u"A"_s);
    QCOMPARE(*a.fields[1].defaultValue, u"3"_s);
    QCOMPARE(*a.fields[2].defaultValue, u"Y"_s);
    QVERIFY(a.fields[3].defaultValue && a.fields[3].defaultValue->isEmpty());
    QVERIFY(!a.fields[0].defaultValue);
}

void TestAuthRules::contradictions_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");

    const auto rule = [](const char *name, const QString &text, const QString &message) {
        QTest::newRow(name) << u"type A @model @auth(rules: [{%1}]) { id: ID! n: Int }"_s.arg(text) << u"1:29: "_s + message;
    };
    rule("groups by key", u"allow: groups, provider: apiKey, groups: [\"X\"]"_s, u"@auth directive with 'groups' strategy only supports 'userPools'"_s);
    rule("groups without groups", u"allow: groups"_s, u"@auth directive with 'groups' should have a defined groups list"_s);
    rule("no group at all", u"allow: groups, groups: []"_s, u"@auth rules using groups cannot have an empty list."_s);
    rule("owner by key", u"allow: owner, provider: apiKey"_s, u"@auth directive with 'owner' strategy only supports"_s);
    rule("public by token", u"allow: public, provider: oidc"_s, u"@auth directive with 'public' strategy only supports"_s);
    rule("custom by token", u"allow: custom, provider: oidc"_s, u"@auth directive with 'custom' strategy only supports"_s);
    rule("identity claim of groups", u"allow: groups, groups: [\"X\"], identityClaim: \"e\""_s, u"@auth identityClaim can only be used"_s);
    rule("group claim of an owner", u"allow: owner, groupClaim: \"e\""_s, u"@auth groupClaim can only be used"_s);
    rule("read and its part", u"allow: public, operations: [read, get]"_s, u"'get' operations are specified in addition to 'read'"_s);
    rule("nothing allowed", u"allow: public, operations: []"_s, u"This rule has an empty list of operations"_s);
    rule("groups field that is missing", u"allow: groups, groupsField: \"team\""_s, u"Can't find field \"team\" in \"A\""_s);
    rule("owner field that is a number", u"allow: owner, ownerField: \"n\""_s, u"Field \"n\" of \"A\" is read by an @auth rule and must be String"_s);

    const auto row = [](const char *name, const QString &source, const QString &message) { QTest::newRow(name) << source << message; };
    row("same people twice", u"type A @model @auth(rules: [{allow: public, operations: [read]}, {allow: public}]) { id: ID! }"_s,
        u"1:66: This rule is for the same people as one before it"_s);
    row("part of read on a field", u"type A @model { id: ID! s: Int @auth(rules: [{allow: public, operations: [get]}]) }"_s,
        u"1:46: 'get' operation is not allowed at the field level."_s);
    row("required field hidden from some", u"type A @model @auth(rules: [{allow: public}, {allow: owner}]) { id: ID! s: Int! @auth(rules: [{allow: owner}]) }"_s,
        u"1:73: Field \"s\" is required, but not everyone who may read \"A\" may read it."_s);
    row("owner that is a sort key", u"type A @model @auth(rules: [{allow: owner}]) { k: ID! @primaryKey(sortKeyFields: [\"owner\"]) owner: String! }"_s,
        u"1:29: Field \"owner\" is a sort key of the primary key and cannot be used"_s);
    row("rules of a type that is no model", u"type A @model { id: ID! } type B @auth(rules: [{allow: public}]) { x: Int }"_s, u"1:34: Types annotated with @auth"_s);
    row("default of the wrong type", u"type A @model { id: ID! n: Int @default(value: \"x\") }"_s, u"1:32: Default value \"x\" is not a valid Int."_s);
    row("default that is no member", u"enum E { RED } type A @model { id: ID! e: E @default(value: \"Red\") }"_s,
        u"1:45: Default value \"Red\" is not a member of E enum. Did you mean \"RED\"?"_s);
    row("default of the key", u"type A @model { id: ID! @default(value: \"x\") }"_s, u"1:25: The @default directive may not be applied to fields of the primary key."_s);
    row("default of a list", u"type A @model { id: ID! l: [Int] @default(value: \"1\") }"_s, u"1:34: The @default directive may only be added to scalar"_s);
    row("default without value", u"type A @model { id: ID! l: Int @default }"_s, u"1:32: The @default directive must have a value"_s);
    row("default null", u"type A @model { id: ID! l: Int @default(value: null) }"_s, u"1:32: The @default directive does not support null values."_s);
    row("two operations of one name", u"type A @model { id: ID! } type B @model(queries: {get: \"getA\"}) { id: ID! }"_s,
        u"1:32: \"A\" and \"B\" both have an operation named \"getA\"."_s);
}

void TestAuthRules::contradictions()
{
    QFETCH(QString, source);
    QFETCH(QString, message);
    const Result<Schema> result = Schema::parse(source);
    QVERIFY(!result);
    QVERIFY2(result.error().message().startsWith(message), qPrintable(result.error().detail()));
}

void TestAuthRules::refusedSchemas_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<QString>("meaning");

    // what our message must speak of, in the order of its words
    const QHash<QString, QString> meanings{
        {u"model-on-enum"_s, u"1:8: Directive \"@model\" may not be used on ENUM"_s},
        {u"model-on-interface"_s, u"1:13: Directive \"@model\" may not be used on INTERFACE"_s},
        {u"model-named-query"_s, u"1:6: \"Query\" is a reserved type name"_s},
        {u"model-unknown-argument"_s, u"1:15: Unknown argument \"nope\" on directive \"@model\""_s},
        {u"syntax-error"_s, u"1:20: Syntax Error: Expected \":\", found Name \"ID\"."_s},
        {u"duplicate-type"_s, u"1:32: There can be only one type named \"A\""_s},
        {u"primary-key-twice"_s, u"1:43: You may only supply one primary key on type \"A\""_s},
        {u"primary-key-object"_s, u"1:20: The primary key on type \"A\" cannot be a non-scalar"_s},
        {u"sort-key-missing"_s, u"1:51: Can't find field \"nope\" in \"A\", but it was specified in the primary key"_s},
        {u"index-same-name-twice"_s, u"1:67: You may only supply one @index with the name \"byA\" on type \"A\""_s},
        {u"index-sort-key-missing"_s, u"1:36: Can't find field \"nope\" in \"A\", but it was specified in index \"byA\""_s},
        {u"has-many-not-a-model"_s, u"1:32: Object type \"B\" must be annotated with @model"_s},
        {u"has-many-wrong-key-type"_s, u"1:40: \"A.n\" field is not of type ID"_s},
        {u"belongs-to-list"_s, u"1:32: @belongsTo cannot be used with lists"_s},
        {u"many-to-many-three-sides"_s, u"1:160: @manyToMany relation \"R\" must be used in exactly two locations"_s},
        {u"many-to-many-name-taken"_s, u"1:32: @manyToMany relation name \"B\" already exists as a type"_s},
        {u"many-to-many-without-name"_s, u"1:32: Directive \"@manyToMany\" argument \"relationName\" of type \"String!\" is required"_s},
        {u"default-on-object"_s, u"1:30: The @default directive may only be added to scalar or enum field types"_s},
        {u"default-on-non-model"_s, u"1:17: The @default directive may only be added to object definitions annotated with @model"_s},
        {u"auth-empty-rules"_s, u"1:15: @auth on A does not have any auth rules"_s},
        {u"auth-private-api-key"_s, u"1:29: @auth directive with 'private' strategy only supports"_s},
        {u"auth-groups-both"_s, u"1:29: This rule has groupsField and groups, please use one or the other"_s},
        {u"auth-on-non-model"_s, u"1:8: Types annotated with @auth must also be annotated with @model"_s},
        {u"auth-operations-unknown"_s, u"1:59: Value \"fly\" does not exist in \"ModelOperation\" enum"_s},
    };
    for (const QJsonValue &schema : TidelineTest::jsonFixture(u"schema/refused-schemas.json"_s).array()) {
        const QString id = schema[u"id"].toString();
        QTest::newRow(qPrintable(id)) << schema[u"schema"].toString() << schema[u"accepted"].toBool() << meanings.value(id);
    }
}

void TestAuthRules::refusedSchemas()
{
    QFETCH(QString, source);
    QFETCH(bool, accepted);
    QFETCH(QString, meaning);
    const Result<Schema> result = Schema::parse(source);
    QVERIFY2(result.ok() == accepted, qPrintable(result.error().detail()));
    if (accepted)
        return;
    QVERIFY(!meaning.isEmpty());
    QVERIFY2(result.error().message().startsWith(meaning), qPrintable(result.error().detail()));
    QVERIFY(!result.error().model().isEmpty() || result.error().code() == Error::Code::SyntaxError);
}

QTEST_APPLESS_MAIN(TestAuthRules)
#include "tst_authrules.moc"
