// SPDX-License-Identifier: MIT
#include "crash/powercuts.h"
#include "server/backend.h"
#include "unit/store/storefiles.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <future>
#include <mutex>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::Literals::StringLiterals;

/*
    A scripted run of a server on a SQLite file, and the machine that loses its power before each sync of it, three ways each. The
    server must open on what is left, have what it had answered and of the document that was under way all mutations or none,
    and its journal, from which it answers delta syncs, must say the same as the records.
*/
class tst_ServerCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasAnsweredSurvivesAPowerCut();
    void tearingIsNoticedWithoutSyncs();

private:
    void run(const QString &path, bool durable);
    void step(Backend &backend, int number);
    [[nodiscard]] std::unique_ptr<Backend> open(const QString &path, const Schema &schema, bool durable);
    [[nodiscard]] QString broken(const PowerCut &cut);          // empty: as it must be
    [[nodiscard]] QString brokenDelta(Backend &backend, const QMap<QString, QJsonObject> &records, qint64 since);

    std::mutex m_mutex;
    QList<PowerCut> m_cuts;             // guarded by m_mutex
    std::atomic<qsizetype> m_answered;
    std::atomic<qint64> m_now;
    QStringList m_states;               // after 0, 1, 2 ... steps
};

constexpr qint64 secondMs = 1000;
constexpr qint64 startOfTime = 1'700'000'000 * secondMs;
constexpr qint64 stepTime = 20 * secondMs;
constexpr qint64 tombstoneTime = 6 * stepTime;          // they are pruned on the way

static Schema schemaOf(bool isGrown)
{
    const QString grown = isGrown ? u"note: String"_s : QString();
    const Result<Schema> schema = Schema::parse(uR"(
        type Bin @model { id: ID! name: String! items: [Item] @hasMany(indexName: "byBin", fields: ["id"]) }
        type Item @model { id: ID! label: String quantity: Int tags: [String!] binID: ID @index(name: "byBin") %1 }
    )"_s.arg(grown));
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

static QJsonObject answerOf(Backend &backend, const QString &document)
{
    const auto answered = std::make_shared<std::promise<QByteArray>>();
    std::future<QByteArray> answer = answered->get_future();
    backend.execute({document, {}, {}, {}}, [answered](const QByteArray &response) { answered->set_value(response); });
    return QJsonDocument::fromJson(answer.get()).object();
}

static QString toText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

// By model and key, tombstones too; null: everything, else what changed since.
static QMap<QString, QJsonObject> recordsOf(Backend &backend, std::optional<qint64> since = {})
{
    QMap<QString, QJsonObject> records;
    for (const auto &[model, fields] : {std::pair(u"Bin"_s, u"name"_s), std::pair(u"Item"_s, u"label quantity tags binID"_s)}) {
        const QString asked = since ? u", lastSync: %1"_s.arg(*since) : QString();
        const QJsonObject answer = answerOf(backend, u"query { all: sync%1s(limit: 1000%2) { items { id %3 _version _deleted _lastChangedAt } } }"_s
                                                         .arg(model, asked, fields));
        if (answer.contains("errors"_L1))
            records.insert(u"error"_s, answer);
        const QJsonArray items = answer["data"_L1]["all"_L1]["items"_L1].toArray();
        for (const QJsonValue &item : items)
            records.insert(model + u'/' + item["id"_L1].toString(), item.toObject());
    }
    return records;
}

static QString textOf(const QMap<QString, QJsonObject> &records)
{
    QStringList lines;
    for (auto record = records.begin(); record != records.end(); ++record)
        lines.append(record.key() + u' ' + toText(*record));
    return lines.join(u'\n');
}

std::unique_ptr<Backend> tst_ServerCrash::open(const QString &path, const Schema &schema, bool durable)
{
    BackendOptions options;
    options.databasePath = path;
    options.durable = durable;
    options.baseTtlMs = tombstoneTime;
    options.deltaTtlMs = 1000 * stepTime;
    options.readerThreads = 1;
    options.clock = [this] { return m_now.load(); };
    Result<std::unique_ptr<Backend>> opened = Backend::open(schema, options);
    if (!opened)
        qWarning().noquote() << opened.error().message() << opened.error().detail();
    return opened ? std::move(opened).value() : nullptr;
}

// A bin with items, then an edit that fits, one that is merged, a deletion, and a record made anew.
void tst_ServerCrash::step(Backend &backend, int number)
{
    m_now += stepTime;
    const int family = number - number % 5;
    QStringList mutations;
    switch (number % 5) {
    case 0:
        mutations.append(u"createBin(input: {id: \"b%1\", name: \"%2\"})"_s.arg(family).arg(QString(300 * (number % 40), u't')));
        for (int i = 0; i < 3; ++i)
            mutations.append(u"createItem(input: {id: \"i%1-%2\", label: \"new\", quantity: %2, tags: [\"a\"], binID: \"b%1\"})"_s.arg(family).arg(i));
        break;
    case 1:
        mutations = {u"updateItem(input: {id: \"i%1-0\", quantity: 10, _version: 1})"_s.arg(family),
                     u"updateBin(input: {id: \"b%1\", name: \"changed\", _version: 1})"_s.arg(family)};
        break;
    case 2:
        mutations = {u"updateItem(input: {id: \"i%1-0\", tags: [\"b\"], label: \"late\", _version: 1})"_s.arg(family)};
        break;
    case 3:
        mutations = {u"deleteItem(input: {id: \"i%1-1\", _version: 1})"_s.arg(family), u"deleteItem(input: {id: \"i%1-2\", _version: 1})"_s.arg(family)};
        break;
    case 4:
        mutations = {u"createItem(input: {id: \"i%1-1\", label: \"anew\", _version: 2})"_s.arg(family),
                     u"updateBin(input: {id: \"b%1\", name: \"changed again\", _version: 2})"_s.arg(family)};
        break;
    }
    QString document;
    for (qsizetype i = 0; i < mutations.size(); ++i)
        document += u" m%1: %2 { id _version }"_s.arg(i).arg(mutations.at(i));
    const QJsonObject answer = answerOf(backend, u"mutation {%1 }"_s.arg(document));
    ++m_answered;
    QVERIFY2(!answer.contains("errors"_L1), qPrintable(toText(answer)));
    m_states.append(textOf(recordsOf(backend)));
}

// Opens, changes, moves the log into the file, closes, and all of that again, the last time with another schema.
void tst_ServerCrash::run(const QString &path, bool durable)
{
    m_cuts.clear();
    m_states = {QString()};
    m_answered = 0;
    m_now = startOfTime;
    std::mt19937 random(17);
    UnsyncedVfs *machine = nullptr;
    UnsyncedVfs vfs([&] {
        const std::lock_guard lock(m_mutex);
        for (const UnsyncedVfs::Loss loss : {UnsyncedVfs::Loss::All, UnsyncedVfs::Loss::Torn, UnsyncedVfs::Loss::Scattered})
            m_cuts.append({machine->survivors(loss, random), loss, m_answered, m_now});
    });
    machine = &vfs;
    constexpr int openings = 3;
    for (int opening = 0, number = 0; opening < openings; ++opening) {
        const std::unique_ptr<Backend> backend = open(path, schemaOf(opening == openings - 1), durable);
        QVERIFY(backend);
        for (int i = 0; i < 20; ++i) {
            step(*backend, number++);
            if (QTest::currentTestFailed())
                return;
            if (i == 12)
                QCOMPARE(Sql(path).run(u"PRAGMA wal_checkpoint(RESTART)"_s), u"0"_s);
        }
    }
}

// What changed since is there as it is now, and nothing else but deletions.
QString tst_ServerCrash::brokenDelta(Backend &backend, const QMap<QString, QJsonObject> &records, qint64 since)
{
    const QMap<QString, QJsonObject> delta = recordsOf(backend, since);
    for (auto record = records.begin(); record != records.end(); ++record) {
        const bool changed = record->value("_lastChangedAt"_L1).toInteger() >= since;
        if (changed && delta.value(record.key()) != *record)
            return u"the delta since %1 lacks %2"_s.arg(since).arg(record.key());
    }
    for (auto record = delta.begin(); record != delta.end(); ++record) {
        const bool isPruned = record->value("_deleted"_L1).toBool() && !records.contains(record.key());
        if (!isPruned && records.value(record.key()) != *record)
            return u"the delta since %1 has another %2"_s.arg(since).arg(record.key());
    }
    return {};
}

// Each row is the journal's last word of its record, whose numbers have no gaps.
static QString brokenJournal(const QString &path)
{
    Sql sql(path);
    QStringList wrong;
    if (const QString check = sql.run(u"PRAGMA integrity_check"_s); check != u"ok"_s)
        wrong.append(check);
    if (const QString gaps = sql.run(u"SELECT COALESCE(MAX(seq), 0) - COUNT(*) FROM tl_journal"_s); gaps != u"0"_s)
        wrong.append(u"gaps in the journal: "_s + gaps);
    for (const QString &model : {u"Bin"_s, u"Item"_s}) {
        const QString unsaid = sql.run(
            u"SELECT COUNT(*) FROM \"%1\" AS r LEFT JOIN tl_journal AS j ON j.seq = r.\"$seq\" WHERE j.seq IS NULL OR j.model <> '%1' "
            "OR j.version <> r.\"$version\" OR j.deleted <> r.\"$deleted\" OR j.changed_at <> r.\"$changedAt\""_s.arg(model));
        const QString lost = sql.run(
            u"SELECT COUNT(*) FROM tl_journal AS j WHERE j.model = '%1' AND j.deleted = 0 AND NOT EXISTS (SELECT 1 FROM tl_journal AS k "
            "WHERE k.model = j.model AND k.record_key = j.record_key AND k.seq > j.seq) AND j.seq NOT IN (SELECT \"$seq\" FROM \"%1\")"_s.arg(model));
        if (unsaid != u"0"_s || lost != u"0"_s)
            wrong.append(u"%1: %2 rows that the journal does not have, %3 that only the journal has"_s.arg(model, unsaid, lost));
    }
    return wrong.join(u"; ");
}

QString tst_ServerCrash::broken(const PowerCut &cut)
{
    const QTemporaryDir folder;
    for (auto file = cut.image.begin(); file != cut.image.end(); ++file) {
        const QString name = folder.filePath(QString::fromUtf8(file.key()).section(u'/', -1));
        if (!writeFile(name, file.value()))
            return u"cannot write "_s + name;
    }
    const QString path = folder.filePath(u"server.db"_s);
    m_now = cut.now;
    std::unique_ptr<Backend> backend = open(path, schemaOf(true), false);
    if (!backend)
        return u"does not open"_s;
    const QMap<QString, QJsonObject> records = recordsOf(*backend);
    const QString state = textOf(records);
    if (const QString wrong = misplaced(m_states, cut, state); !wrong.isEmpty())
        return wrong;
    for (const qint64 since : {startOfTime, cut.now - 4 * stepTime, cut.now}) {
        if (const QString wrong = brokenDelta(*backend, records, since); !wrong.isEmpty())
            return wrong;
    }
    m_now += stepTime;
    const QJsonObject next = answerOf(*backend, u"mutation { m: createBin(input: {id: \"next\", name: \"n\"}) { id _version } }"_s);
    if (next.contains("errors"_L1))
        return u"takes nothing more: "_s + toText(next);
    backend.reset();
    return brokenJournal(path);
}

void tst_ServerCrash::whatWasAnsweredSurvivesAPowerCut()
{
    const QTemporaryDir folder;
    run(folder.filePath(u"server.db"_s), true);
    QVERIFY(!QTest::currentTestFailed());
    QCOMPARE(m_states.size(), 61);
    QVERIFY(m_cuts.size() > 3 * 60);
    const QStringList wrong = brokenCuts(m_cuts, [this](const PowerCut &cut) { return broken(cut); });
    QVERIFY2(wrong.isEmpty(), qPrintable(u"%1 of %2\n"_s.arg(wrong.size()).arg(m_cuts.size()) + wrong.join(u'\n')));
}

// The machine is one that loses things: what is not synced step by step is missing.
void tst_ServerCrash::tearingIsNoticedWithoutSyncs()
{
    const QTemporaryDir folder;
    run(folder.filePath(u"server.db"_s), false);
    const bool lost = std::any_of(m_cuts.cbegin(), m_cuts.cend(), [this](const PowerCut &cut) { return !broken(cut).isEmpty(); });
    QVERIFY(lost);
}

QTEST_GUILESS_MAIN(tst_ServerCrash)
#include "tst_servercrash.moc"
