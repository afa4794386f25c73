// SPDX-License-Identifier: MIT
#include "client/datastore.h"
#include "client/translation.h"
#include "plugin/prepare.h"

#include <QtCore/QTranslator>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

namespace {

const QString notOpenInGerman = u"Der Datenspeicher ist nicht geöffnet. Setzen Sie zuerst das Schema und rufen Sie open() auf."_s;
const QString notOpenInEnglish = u"The data store is not open. Set its schema and call open() first."_s;

Schema shopSchema()
{
    const Result<Schema> schema = Schema::parse(u"type Product @model { id: ID! name: String! tags: [String!] }"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

// Waits for a future and returns what went wrong.
template<typename T>
QString failure(const QFuture<Result<T>> &future, Error::Code code)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        return u"The future stayed pending"_s;
    const Result<T> result = future.result();
    return result.error().code() == code ? result.error().message() : u"Another code: "_s + result.error().message();
}

QString notOpen(DataStore &store)
{
    return failure(store.count(u"Product"_s), Error::Code::StoreNotOpen);
}

std::unique_ptr<DataStore> openStore()
{
    auto store = std::make_unique<DataStore>();
    store->setSchema(shopSchema());
    const QFuture<Result<void>> opened = store->open(u":memory:"_s);
    if (!QTest::qWaitFor([&opened] { return opened.isFinished(); }, 10'000) || !opened.result())
        qFatal("The store does not open");
    return store;
}

QString saveError(DataStore &store, const QString &field, const Value &value)
{
    Draft draft(store.schema().model(u"Product"_s));
    draft.set(draft.model()->fieldIndex(u"name"_s), Value(u"Tea"_s));
    draft.set(draft.model()->fieldIndex(field), value);
    return failure(store.save(draft), Error::Code::Validation);
}

// A SyncBadge in an engine of its own.
class Badge
{
public:
    Badge()
    {
        prepare(&m_engine);
        QQmlComponent component(&m_engine);
        component.setData("import Tideline\nSyncBadge { showText: true }", {});
        m_badge.reset(component.create());
        if (!m_badge)
            qFatal("No SyncBadge: %s", qPrintable(component.errorString()));
    }

    QStringList words()
    {
        QStringList words;
        for (int state = 0; state < 5; ++state) {
            m_badge->setProperty("syncState", state);
            words.append(m_badge->property("text").toString());
        }
        return words;
    }

    QString word() const { return m_badge->property("text").toString(); }
    void retranslate() { m_engine.retranslate(); }

private:
    QQmlEngine m_engine;
    std::unique_ptr<QObject> m_badge;
};

const QStringList badgeInGerman{u"Nur auf diesem Gerät"_s, u"Abgeglichen"_s, u"Wartet"_s, u"Wird gesendet"_s, u"Abgelehnt"_s};
const QStringList badgeInEnglish{u"On this device"_s, u"Synced"_s, u"Waiting"_s, u"Sending"_s, u"Rejected"_s};

} // namespace

class TestTranslation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void wordsAreInTheLanguage_data();
    void wordsAreInTheLanguage();
    void anotherCallReplacesTheLanguage();
    void aStoreSpeaksTheLanguageOfItsProgram();
    void prepareSpeaksTheLanguageOfItsProgram();
    void aStoreKeepsTheLanguageThatWasChosen();
    void namesOfMembersDoNotDisturbAMessage();
};

// As in a program that has not chosen a language.
void TestTranslation::cleanup()
{
    QLocale::setDefault(QLocale::c());
    qDeleteAll(qApp->findChildren<QTranslator *>());
}

void TestTranslation::wordsAreInTheLanguage_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<bool>("found");
    QTest::addColumn<QStringList>("messages");
    QTest::addColumn<QStringList>("badge");
    const QStringList english{notOpenInEnglish, u"Product.name needs a text (String), not 42"_s,
                              u"Product.tags needs a list whose elements are a text (String), not the text \"hot\""_s,
                              u"The schema has no model type \"Prodct\"; did you mean \"Product\"?"_s};
    const QStringList german{notOpenInGerman, u"Product.name braucht einen Text (String), nicht 42"_s,
                             u"Product.tags braucht eine Liste, die je Element einen Text (String) enthält, nicht den Text \"hot\""_s,
                             u"Das Schema hat keinen Modelltyp „Prodct“; meinten Sie „Product“?"_s};
    QTest::newRow("German") << QLocale(QLocale::German) << true << german << badgeInGerman;
    QTest::newRow("Austrian German") << QLocale(QLocale::German, QLocale::Austria) << true << german << badgeInGerman;
    QTest::newRow("English") << QLocale(QLocale::English) << true << english << badgeInEnglish;
    QTest::newRow("French, for which there is no translation") << QLocale(QLocale::French) << false << english << badgeInEnglish;
}

void TestTranslation::wordsAreInTheLanguage()
{
    QFETCH(QLocale, locale);
    QFETCH(bool, found);
    QFETCH(QStringList, badge);
    QCOMPARE(installTranslation(locale), found);
    DataStore closed;
    closed.setSchema(shopSchema());
    const auto open = openStore();
    const QStringList messages{notOpen(closed), saveError(*open, u"name"_s, Value(42)), saveError(*open, u"tags"_s, Value(u"hot"_s)),
                               failure(open->count(u"Prodct"_s), Error::Code::UnknownModel)};
    QTEST(messages, "messages");
    QCOMPARE(Badge().words(), badge);
}

void TestTranslation::anotherCallReplacesTheLanguage()
{
    DataStore store;
    store.setSchema(shopSchema());
    Badge badge;
    QVERIFY(installTranslation(QLocale::German));
    badge.retranslate();
    QCOMPARE(notOpen(store), notOpenInGerman);
    QCOMPARE(badge.word(), badgeInGerman.first());
    QCOMPARE(badge.words(), badgeInGerman);

    QVERIFY(installTranslation(QLocale::English));
    badge.retranslate();
    QCOMPARE(notOpen(store), notOpenInEnglish);
    QCOMPARE(badge.word(), badgeInEnglish.last());
    QCOMPARE(badge.words(), badgeInEnglish);

    QVERIFY(installTranslation(QLocale::German));
    QVERIFY(!installTranslation(QLocale::French));
    QCOMPARE(notOpen(store), notOpenInEnglish);
}

void TestTranslation::aStoreSpeaksTheLanguageOfItsProgram()
{
    QLocale::setDefault(QLocale::German);
    DataStore store;
    store.setSchema(shopSchema());
    QCOMPARE(notOpen(store), notOpenInGerman);
}

void TestTranslation::prepareSpeaksTheLanguageOfItsProgram()
{
    QLocale::setDefault(QLocale::German);
    QCOMPARE(Badge().words(), badgeInGerman);
}

void TestTranslation::aStoreKeepsTheLanguageThatWasChosen()
{
    QLocale::setDefault(QLocale::German);
    QVERIFY(installTranslation(QLocale::English));
    DataStore store;
    store.setSchema(shopSchema());
    QCOMPARE(notOpen(store), notOpenInEnglish);

    QVERIFY(!installTranslation(QLocale::French));
    DataStore another;
    another.setSchema(shopSchema());
    QCOMPARE(notOpen(another), notOpenInEnglish);
}

void TestTranslation::namesOfMembersDoNotDisturbAMessage()
{
    const Result<Predicate> predicate = Predicate::fromJson({{u"%1 %2 \u001a"_s, 3}});
    QCOMPARE(predicate.error().message(),
             u"The condition at \"%1 %2 \u001a\" needs an object with an operator, such as {\"eq\": 3}, not 3"_s);
}

QTEST_MAIN(TestTranslation)
#include "tst_translation.moc"
