// SPDX-License-Identifier: MIT
#include "crash/powercuts.h"
#include "unit/store/blogschema.h"
#include "unit/store/storefiles.h"
#include "unit/store/teststore.h"

#include <QtCore/QTemporaryDir>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

/*
    A scripted run of a store, and the machine that loses its power before each sync of it, three ways each. The store
    must open on what is left and be as after the last step that was acknowledged, or after the one that was under way.
*/
class tst_Crash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasAcknowledgedSurvivesAPowerCut();
    void tearingIsNoticedWithoutSyncs();

private:
    void run(const StoreOptions &options);
    void step(TestStore &store, int number);
    [[nodiscard]] static QString contents(TestStore &store);
    [[nodiscard]] QString broken(const PowerCut &cut) const;    // empty: as it must be

    QList<PowerCut> m_cuts;
    QStringList m_states;               // after 0, 1, 2 ... steps
};

static Record stored(TestStore &store, const QString &type, int number)
{
    return store.find(store.model(type), u"%1%2"_s.arg(type).arg(number)).value();
}

// Rows and mutations, which must change together.
QString tst_Crash::contents(TestStore &store)
{
    QStringList lines;
    for (const auto &model : store.store->schema().models()) {
        for (const Record &record : store.query({model, {}, {}, -1, 0}).value()) {
            QStringList values;
            for (const Value &value : record.values())
                values.append(value.toJsonText());
            lines.append(u"%1/%2 %3 %4"_s.arg(model->name, record.key()).arg(int(record.state())).arg(values.join(u' ')));
        }
    }
    lines.sort();
    for (const OutboxEntry &entry : store.outbox()) {
        QString line = u"#%1 %2 %3/%4"_s.arg(entry.sequence).arg(int(entry.operation)).arg(entry.model->name, entry.key);
        for (const auto &[field, value] : entry.changes)
            line += u' ' + QString::number(field) + u'=' + value.toJsonText();
        lines.append(line);
    }
    return lines.join(u'\n');
}

void tst_Crash::step(TestStore &store, int number)
{
    const Record before = stored(store, u"Blog"_s, number - 3);
    if (number % 5 == 3 && before) {
        TL_OK(store.remove(before));
    } else if (number % 5 == 4 && before) {
        Draft draft(before);
        draft.set(1, u"changed in step %1"_s.arg(number));
        TL_OK(store.save(draft));
    } else {
        TL_OK(store.write<void>([number](WriteTransaction &write) -> Result<void> {
            Draft blog(write.schema().model(u"Blog"_s));
            blog.set(0, u"Blog%1"_s.arg(number));
            blog.set(1, QString(300 * (number % 40), u't'));
            if (const Result<Record> saved = write.save(blog); !saved)
                return saved.error();
            Draft post(write.schema().model(u"Post"_s));
            post.set(0, u"Post%1"_s.arg(number));
            post.set(1, u"t"_s);
            post.set(post.model()->fieldIndex(foreignKey(post.model(), u"blog"_s)), u"Blog%1"_s.arg(number));
            return write.save(post).error();
        }));
    }
    if (!QTest::currentTestFailed())
        m_states.append(contents(store));
}

// Opens, changes, moves the log into the file, closes, and all of that again.
void tst_Crash::run(const StoreOptions &options)
{
    m_cuts.clear();
    m_states = {QString()};
    std::mt19937 random(17);
    UnsyncedVfs *machine = nullptr;
    UnsyncedVfs vfs([&] {
        for (const UnsyncedVfs::Loss loss : {UnsyncedVfs::Loss::All, UnsyncedVfs::Loss::Torn, UnsyncedVfs::Loss::Scattered})
            m_cuts.append({machine->survivors(loss, random), loss, m_states.size() - 1});
    });
    machine = &vfs;
    for (int opening = 0, number = 0; opening < 3; ++opening) {
        TestStore store(BlogSchema::schema(), options);
        TL_OK(store.open());
        for (int i = 0; i < 20 && !QTest::currentTestFailed(); ++i) {
            step(store, number++);
            if (i == 12)
                QCOMPARE(Sql(options.path).run(u"PRAGMA wal_checkpoint(RESTART)"_s), u"0"_s);
        }
        TL_OK(store.close());
        if (QTest::currentTestFailed())
            return;
    }
}

QString tst_Crash::broken(const PowerCut &cut) const
{
    const QTemporaryDir folder;
    QString path;
    for (auto file = cut.image.begin(); file != cut.image.end(); ++file) {
        const QString name = folder.filePath(QString::fromUtf8(file.key()).section(u'/', -1));
        if (!writeFile(name, file.value()))
            return u"cannot write "_s + name;
    }
    path = folder.filePath(u"a.tideline"_s);
    QString state;
    {
        TestStore store(BlogSchema::schema(), {.path = path});
        if (const Result<void> opened = store.open(); !opened)
            return u"does not open: "_s + opened.error().message() + u' ' + opened.error().detail();
        state = contents(store);
    }
    if (const QString check = Sql(path).run(u"PRAGMA integrity_check"_s); check != u"ok"_s)
        return check;
    return misplaced(m_states, cut, state);
}

void tst_Crash::whatWasAcknowledgedSurvivesAPowerCut()
{
    const QTemporaryDir folder;
    run({.path = folder.filePath(u"a.tideline"_s)});
    QVERIFY(m_states.size() > 50);
    QVERIFY(m_cuts.size() > 3 * 60);
    const QStringList wrong = brokenCuts(m_cuts, [this](const PowerCut &cut) { return broken(cut); });
    QVERIFY2(wrong.isEmpty(), qPrintable(u"%1 of %2\n"_s.arg(wrong.size()).arg(m_cuts.size()) + wrong.join(u'\n')));
}

// The machine is one that loses things: what is not synced step by step is missing.
void tst_Crash::tearingIsNoticedWithoutSyncs()
{
    const QTemporaryDir folder;
    run({.path = folder.filePath(u"a.tideline"_s), .durable = false});
    const auto lost = std::count_if(m_cuts.cbegin(), m_cuts.cend(), [this](const PowerCut &cut) { return !broken(cut).isEmpty(); });
    QVERIFY(lost > 0);
}

QTEST_GUILESS_MAIN(tst_Crash)
#include "tst_crash.moc"
