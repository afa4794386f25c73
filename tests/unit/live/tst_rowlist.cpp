// SPDX-License-Identifier: MIT
#include "client/live/rowlist_p.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QtTest>

#include <map>

using namespace Tideline;
using namespace Qt::StringLiterals;

static QByteArray keyOf(int number)
{
    return QByteArray::number(number).rightJustified(6, '0');
}

// Knows only what the signals say, and reads rows only when it may: as a view does.
class Mirror : public RowList::Listener
{
public:
    explicit Mirror(const RowList &list) : m_list(list) { take(0, list.count() - 1); }

    void beginInsert(int first, int last) override
    {
        begin(u"insert"_s, first, last);
        QVERIFY(first <= int(rows.size()));
    }
    void endInsert() override { end(); take(m_first, m_last); check(); }
    void beginRemove(int first, int last) override
    {
        begin(u"remove"_s, first, last);
        QVERIFY(last < int(rows.size()));
    }
    void endRemove() override
    {
        end();
        rows.erase(rows.begin() + m_first, rows.begin() + m_last + 1);
        check();
    }
    void beginMove(int first, int last, int destination) override
    {
        begin(u"move"_s, first, last);
        QVERIFY(last < int(rows.size()));
        QVERIFY(destination <= int(rows.size()));
        QVERIFY(destination < first || destination > last + 1);
        m_destination = destination;
    }
    void endMove() override
    {
        end();
        const std::vector<qint64> moved(rows.begin() + m_first, rows.begin() + m_last + 1);
        rows.erase(rows.begin() + m_first, rows.begin() + m_last + 1);
        const int to = m_destination > m_last ? m_destination - int(moved.size()) : m_destination;
        rows.insert(rows.begin() + to, moved.begin(), moved.end());
        check();
    }
    void changed(int first, int last, quint64 roles) override
    {
        QVERIFY(!m_open);
        QVERIFY(first >= 0 && first <= last && last < int(rows.size()));
        log << u"change %1-%2 %3"_s.arg(first).arg(last).arg(roles);
        for (int i = first; i <= last; ++i)
            changedRows.insert(rows[size_t(i)]);
    }
    bool stopped() const override { return stopAfter >= 0 && log.size() >= stopAfter; }

    std::vector<qint64> rows;
    QSet<qint64> changedRows;
    QStringList log;
    qsizetype stopAfter = -1;

private:
    void begin(const QString &what, int first, int last)
    {
        QVERIFY(!m_open);
        QVERIFY(first >= 0 && first <= last);
        QCOMPARE(m_list.count(), int(rows.size()));
        m_open = true;
        m_first = first;
        m_last = last;
        log << u"%1 %2-%3"_s.arg(what).arg(first).arg(last);
    }
    void end()
    {
        QVERIFY(m_open);
        m_open = false;
    }
    void take(int first, int last)
    {
        for (int i = first; i <= last; ++i)
            rows.insert(rows.begin() + i, m_list.rows().at(i).rowId);
    }
    void check()
    {
        QCOMPARE(m_list.count(), int(rows.size()));
        QVERIFY(m_list.limit() < 0 || m_list.count() <= m_list.limit());
        for (int i = 0; i < m_list.count(); ++i)
            QCOMPARE(m_list.rows().at(i).rowId, rows[size_t(i)]);
    }

    const RowList &m_list;
    bool m_open = false;
    int m_first = 0;
    int m_last = 0;
    int m_destination = 0;
};

static RowList listOf(const std::map<QByteArray, qint64> &content, int limit)
{
    OrderedRows rows;
    for (const auto &[key, rowId] : content)
        rows.append(rowId, key);
    return RowList(std::move(rows), limit);
}

static std::map<QByteArray, qint64> contentOf(int rows, int step)
{
    std::map<QByteArray, qint64> content;
    for (int i = 0; i < rows; ++i)
        content[keyOf(i * step)] = i + 1;
    return content;
}

struct Step
{
    char what;          // + insert, - remove, = replace, ! touch
    int key;
    int newKey = 0;
};

class TestRowList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewSignals_data();
    void fewSignals();
    void extendShowsOnlyTheRest();
    void stopsWhenToldTo();
    void rolesOfNeighboursAreUnited();
    void replacementOfAnUnknownRowInsertsIt();
    void randomAgainstMap_data();
    void randomAgainstMap();
};

void TestRowList::fewSignals_data()
{
    QTest::addColumn<QList<Step>>("steps");
    QTest::addColumn<int>("limit");
    QTest::addColumn<QStringList>("log");
    // ten rows with the keys 0, 10, ... 90
    using S = QList<Step>;
    QTest::newRow("rows for one gap come in as one range") << S{{'+', 33}, {'+', 31}, {'+', 32}} << -1 << QStringList{u"insert 4-6"_s};
    QTest::newRow("neighbours go as one range") << S{{'-', 40}, {'-', 20}, {'-', 30}} << -1 << QStringList{u"remove 2-4"_s};
    QTest::newRow("ranges go from the end") << S{{'-', 0}, {'-', 90}} << -1 << QStringList{u"remove 9-9"_s, u"remove 0-0"_s};
    QTest::newRow("a key that passes nobody moves nothing") << S{{'=', 20, 25}} << -1 << QStringList{u"change 2-2 1"_s};
    QTest::newRow("one row goes up") << S{{'=', 20, 55}} << -1 << QStringList{u"move 2-2"_s, u"change 5-5 1"_s};
    QTest::newRow("one row goes down") << S{{'=', 50, 15}} << -1 << QStringList{u"move 5-5"_s, u"change 2-2 1"_s};
    QTest::newRow("a block moves at once") << S{{'=', 20, 71}, {'=', 30, 72}, {'=', 40, 73}} << -1
                                           << QStringList{u"move 2-4"_s, u"change 5-7 1"_s};
    QTest::newRow("all keys shift, nobody moves") << S{{'=', 70, 81}, {'=', 80, 91}, {'=', 90, 101}} << -1 << QStringList{u"change 7-9 1"_s};
    QTest::newRow("touched neighbours are one range") << S{{'!', 30}, {'!', 50}, {'!', 40}} << -1 << QStringList{u"change 3-5 1"_s};
    QTest::newRow("a full list pushes out its last") << S{{'+', 5}} << 4 << QStringList{u"remove 3-3"_s, u"insert 1-1"_s};
    QTest::newRow("the next one comes in") << S{{'-', 10}} << 4 << QStringList{u"remove 1-1"_s, u"insert 3-3"_s};
    QTest::newRow("what comes replaces what goes") << S{{'-', 10}, {'+', 15}} << 4 << QStringList{u"remove 1-1"_s, u"insert 1-1"_s};
    QTest::newRow("behind the limit nothing is heard") << S{{'-', 80}, {'+', 85}, {'=', 60, 95}, {'!', 70}} << 4 << QStringList();
    QTest::newRow("moved out of sight") << S{{'=', 10, 75}} << 4 << QStringList{u"remove 1-1"_s, u"insert 3-3"_s};
    QTest::newRow("moved into sight") << S{{'=', 70, 15}} << 4 << QStringList{u"remove 3-3"_s, u"insert 2-2"_s, u"change 2-2 1"_s};
    QTest::newRow("more rows come than are shown") << S{{'+', 1}, {'+', 2}, {'+', 3}, {'+', 4}, {'+', 5}, {'+', 6}} << 4
                                                   << QStringList{u"remove 1-3"_s, u"insert 1-3"_s};
    QTest::newRow("limit 0 shows nothing") << S{{'+', 1}, {'-', 0}, {'=', 10, 95}} << 0 << QStringList();
}

static RowChanges changesOf(const QList<Step> &steps, std::map<QByteArray, qint64> &content, qint64 &nextRowId)
{
    RowChanges changes;
    for (const Step &step : steps) {
        const QByteArray key = keyOf(step.key);
        switch (step.what) {
        case '+':
            changes.insert(nextRowId, key);
            content[key] = nextRowId++;
            break;
        case '-':
            changes.remove(key);
            content.erase(key);
            break;
        case '=': {
            const qint64 rowId = content[key];
            changes.replace(key, rowId, keyOf(step.newKey), 1);
            content.erase(key);
            content[keyOf(step.newKey)] = rowId;
            break;
        }
        default:
            changes.touch(key, content[key], 1);
        }
    }
    return changes;
}

static void compare(const RowList &list, const Mirror &mirror, const std::map<QByteArray, qint64> &content)
{
    QVERIFY(list.rows().isConsistent());
    QCOMPARE(list.rows().size(), int(content.size()));
    const int expected = list.limit() < 0 ? int(content.size()) : std::min(list.limit(), int(content.size()));
    QCOMPARE(list.count(), expected);
    QCOMPARE(int(mirror.rows.size()), expected);
    int position = 0;
    for (const auto &[key, rowId] : content) {
        QCOMPARE(list.rows().at(position).rowId, rowId);
        QCOMPARE(list.rows().at(position).key, QByteArrayView(key));
        if (position < expected)
            QCOMPARE(mirror.rows[size_t(position)], rowId);
        ++position;
    }
}

void TestRowList::fewSignals()
{
    QFETCH(QList<Step>, steps);
    QFETCH(int, limit);
    QFETCH(QStringList, log);
    std::map<QByteArray, qint64> content = contentOf(10, 10);
    RowList list = listOf(content, limit);
    Mirror mirror(list);
    qint64 nextRowId = 100;
    list.apply(changesOf(steps, content, nextRowId), mirror);
    QCOMPARE(mirror.log, log);
    compare(list, mirror, content);
}

void TestRowList::extendShowsOnlyTheRest()
{
    const std::map<QByteArray, qint64> all = contentOf(10, 10);
    RowList list = listOf(contentOf(4, 10), 7);
    Mirror mirror(list);
    OrderedRows rows;
    for (const auto &[key, rowId] : all)
        rows.append(rowId, key);
    list.extend(std::move(rows), mirror);
    QCOMPARE(mirror.log, QStringList{u"insert 4-6"_s});
    compare(list, mirror, all);
}

void TestRowList::stopsWhenToldTo()
{
    RowList list = listOf(contentOf(10, 10), -1);
    Mirror mirror(list);
    mirror.stopAfter = 1;
    RowChanges changes;
    changes.remove(keyOf(0));
    changes.remove(keyOf(50));
    changes.insert(77, keyOf(5));
    changes.touch(keyOf(20), 3, 1);
    list.apply(std::move(changes), mirror);
    QCOMPARE(mirror.log, QStringList{u"remove 5-5"_s});
}

void TestRowList::rolesOfNeighboursAreUnited()
{
    RowList list = listOf(contentOf(10, 10), -1);
    Mirror mirror(list);
    RowChanges changes;
    changes.touch(keyOf(10), 2, 1);
    changes.touch(keyOf(20), 3, 4);
    changes.touch(keyOf(40), 5, 8);
    changes.touch(keyOf(60), 7, 0);
    list.apply(std::move(changes), mirror);
    QCOMPARE(mirror.log, (QStringList{u"change 1-2 5"_s, u"change 4-4 8"_s}));
}

void TestRowList::replacementOfAnUnknownRowInsertsIt()
{
    RowList list = listOf(contentOf(3, 10), -1);
    Mirror mirror(list);
    RowChanges changes;
    changes.replace(keyOf(5), 9, keyOf(15), 0);
    list.apply(std::move(changes), mirror);
    QCOMPARE(mirror.log, QStringList{u"insert 2-2"_s});
}

void TestRowList::randomAgainstMap_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("limit");
    for (quint32 seed = 1; seed <= 4; ++seed) {
        for (const int limit : {-1, 0, 1, 7, 40, 1000})
            QTest::addRow("seed %u limit %d", seed, limit) << seed << limit;
    }
}

void TestRowList::randomAgainstMap()
{
    QFETCH(quint32, seed);
    QFETCH(int, limit);
    QRandomGenerator random(seed);
    const int range = seed % 2 ? 60 : 900;
    std::map<QByteArray, qint64> content = contentOf(range / 20, 10);
    RowList list = listOf(content, limit);
    Mirror mirror(list);
    qint64 nextRowId = 10'000;
    for (int round = 0; round < 400; ++round) {
        QList<Step> steps;
        QSet<int> used;
        const auto free = [&] {
            for (int attempt = 0; attempt < 20; ++attempt) {
                const int key = random.bounded(range);
                if (!used.contains(key) && !content.contains(keyOf(key)))
                    return used.insert(key), key;
            }
            return -1;
        };
        std::vector<QByteArray> present;
        for (const auto &[key, rowId] : content)
            present.push_back(key);
        const int block = random.bounded(4) == 0 ? random.bounded(40) : -1;     // some rounds shift neighbours alike
        const int count = random.bounded(1, 25);
        for (int i = 0; i < count; ++i) {
            const int what = block >= 0 ? 3 : random.bounded(5);
            if (what == 0 || present.empty()) {
                if (const int key = free(); key >= 0)
                    steps.append({'+', key});
                continue;
            }
            const auto at = block >= 0 ? std::min(size_t(block), present.size() - 1) : size_t(random.bounded(int(present.size())));
            const int key = present[at].toInt();
            present.erase(present.begin() + std::ptrdiff_t(at));
            if (what == 1 || what == 2) {
                steps.append({what == 1 ? '-' : '!', key});
            } else if (const int target = free(); target >= 0) {
                steps.append({'=', key, target});
            }
        }
        mirror.log.clear();
        mirror.changedRows.clear();
        list.apply(changesOf(steps, content, nextRowId), mirror);
        compare(list, mirror, content);
        if (QTest::currentTestFailed())
            return;
        for (const Step &step : steps) {
            if (step.what != '=' && step.what != '!')
                continue;
            const QByteArray key = keyOf(step.what == '=' ? step.newKey : step.key);
            if (list.rows().find(key) < list.count())
                QVERIFY(mirror.changedRows.contains(content[key]));
        }
    }
}

QTEST_APPLESS_MAIN(TestRowList)
#include "tst_rowlist.moc"
