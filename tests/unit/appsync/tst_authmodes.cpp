// SPDX-License-Identifier: MIT
#include "client/appsync/authmodes_p.h"
#include "shared/manualexecutor.h"

#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

// Several credentials at once: rows AU-01 to AU-05.
class TestAuthModes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void orderByRules_data();
    void orderByRules();
    void operationsHaveOrdersOfTheirOwn();
    void fieldRulesComeAfterTheModels();
    void oneModeIsAlwaysTheOne();
    void whoIsNotSignedInIsLeftOut();
    void whatWorkedComesFirst();
};

static std::shared_ptr<const ModelType> model(const QString &rules, const QString &fields = {})
{
    const auto schema = Schema::parse(u"type Post @model %1 { id: ID @primaryKey owner: String team: String %2 }"_s
                                          .arg(rules.isEmpty() ? rules : u"@auth(rules: [%1])"_s.arg(rules), fields));
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message() + schema.error().detail()));
    return schema->model(u"Post"_s);
}

static QString text(const QList<AuthMode> &modes)
{
    static const QHash<AuthMode, QString> names{{AuthMode::ApiKey, u"key"_s}, {AuthMode::Iam, u"iam"_s}, {AuthMode::Oidc, u"oidc"_s},
                                                {AuthMode::UserPools, u"pools"_s}, {AuthMode::Function, u"function"_s}};
    QStringList texts;
    for (const AuthMode mode : modes)
        texts.append(names.value(mode));
    return texts.join(u' ');
}

void TestAuthModes::orderByRules_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QString>("order");
    const auto row = [](const char *name, const QString &rules, const QString &order) { QTest::newRow(name) << rules << order; };
    const QString function = u"{allow: custom}"_s, owner = u"{allow: owner}"_s, oidc = u"{allow: owner, provider: oidc}"_s;
    const QString groups = u"{allow: groups, groups: [\"Admin\"]}"_s, privates = u"{allow: private}"_s, privateIam = u"{allow: private, provider: iam}"_s;
    const QString publicIam = u"{allow: public, provider: iam}"_s, publics = u"{allow: public}"_s;
    const QString oidcGroups = u"{allow: groups, groups: [\"A\"], provider: oidc}"_s;
    const auto of = [](const QStringList &rules) { return rules.join(u", "_s); };
    row("AU-01: a function", function, u"function"_s);
    row("AU-01: owners", owner, u"pools"_s);
    row("AU-01: owners of OIDC", oidc, u"oidc"_s);
    row("AU-01: groups", groups, u"pools"_s);
    row("AU-01: groups of OIDC", oidcGroups, u"oidc"_s);
    row("AU-01: whoever is signed in", privates, u"pools"_s);
    row("AU-01: whoever is signed in with IAM", privateIam, u"iam"_s);
    row("AU-01: everybody with IAM", publicIam, u"iam"_s);
    row("AU-01: everybody with the key", publics, u"key"_s);
    row("AU-02: owners and everybody", of({publics, owner}), u"pools key"_s);
    row("AU-02: owners of both", of({oidc, owner}), u"pools oidc"_s);
    row("AU-02: owners of OIDC before groups of the pool", of({groups, oidc}), u"oidc pools"_s);
    row("AU-02: a function before all", of({publics, owner, function}), u"function pools key"_s);
    row("AU-02: whoever is signed in with either, and everybody", of({publics, privateIam, privates}), u"pools iam key"_s);
    row("AU-02: everybody with IAM before the key", of({publics, publicIam}), u"iam key"_s);
    row("AU-02: groups before whoever is signed in with IAM", of({privateIam, groups}), u"pools iam"_s);
    row("AU-02: all of them", of({publics, publicIam, privateIam, privates, oidcGroups, groups, oidc, owner, function}), u"function pools oidc iam key"_s);
    row("AU-03: two rules of one mode", of({owner, groups, privates}), u"pools"_s);
    row("AU-05: no rules", QString(), QString());
}

void TestAuthModes::orderByRules()
{
    QFETCH(QString, rules);
    QFETCH(QString, order);
    QCOMPARE(text(authModes(*model(rules), u"create"_s)), order);
    QCOMPARE(text(authModes(*model(rules), u"read"_s)), order);
}

void TestAuthModes::operationsHaveOrdersOfTheirOwn()
{
    const auto post = model(u"{allow: owner, operations: [create, update]}, {allow: public, operations: [sync]}, {allow: private, provider: iam, operations: [delete, read]}"_s);
    QCOMPARE(text(authModes(*post, u"create"_s)), u"pools"_s);
    QCOMPARE(text(authModes(*post, u"delete"_s)), u"iam"_s);
    QCOMPARE(text(authModes(*post, u"read"_s)), u"iam key"_s);
}

void TestAuthModes::fieldRulesComeAfterTheModels()
{
    const auto post = model(u"{allow: public}, {allow: owner}"_s, u"secret: String @auth(rules: [{allow: custom}, {allow: owner}])"_s);
    QCOMPARE(text(authModes(*post, u"update"_s)), u"pools key function"_s);
}

static std::shared_ptr<Authorizer> authorizer(ManualScheduler &time, AuthMode mode, const QString &secret)
{
    auto made = std::make_shared<Authorizer>(time, [](const Secret &, const AuthorizationRequest &, qint64) { return QJsonObject(); });
    made->setMode(mode);
    made->setSecret({secret});
    return made;
}

void TestAuthModes::oneModeIsAlwaysTheOne()
{
    ManualScheduler time;
    AuthOrder order({authorizer(time, AuthMode::ApiKey, {})});
    QCOMPARE(order.of(*model(u"{allow: owner}"_s), u"create"_s), order.all());          // AU-04
}

void TestAuthModes::whoIsNotSignedInIsLeftOut()
{
    ManualScheduler time;
    const auto user = authorizer(time, AuthMode::UserPools, {});
    const auto key = authorizer(time, AuthMode::ApiKey, u"key"_s);
    AuthOrder order({user, key});
    const auto post = model(u"{allow: owner}, {allow: public, operations: [read]}"_s);
    QCOMPARE(order.first(), key);
    QCOMPARE(order.of(*post, u"read"_s), AuthOrder::Modes{key});
    QVERIFY(order.of(*post, u"create"_s).isEmpty());                    // waits for somebody
    QCOMPARE(order.of(*model(u"{allow: custom}"_s), u"create"_s), AuthOrder::Modes{key});     // no rule is for any: the backend says so
    user->setSecret({u"token"_s});
    QCOMPARE(order.first(), user);
    QCOMPARE(order.of(*post, u"read"_s), (AuthOrder::Modes{user, key}));
    QCOMPARE(order.of(*post, u"create"_s), AuthOrder::Modes{user});
}

void TestAuthModes::whatWorkedComesFirst()
{
    ManualScheduler time;
    const auto user = authorizer(time, AuthMode::UserPools, u"token"_s);
    const auto key = authorizer(time, AuthMode::ApiKey, u"key"_s);
    AuthOrder order({user, key});
    const auto post = model(u"{allow: owner}, {allow: public}"_s);
    order.worked(*post, u"read"_s, key);
    QCOMPARE(order.of(*post, u"read"_s), (AuthOrder::Modes{key, user}));
    QCOMPARE(order.of(*post, u"create"_s), (AuthOrder::Modes{user, key}));
    user->setSecret({u"another's"_s});                                          // who may see more
    QCOMPARE(order.of(*post, u"read"_s), (AuthOrder::Modes{user, key}));
}

QTEST_GUILESS_MAIN(TestAuthModes)

#include "tst_authmodes.moc"
