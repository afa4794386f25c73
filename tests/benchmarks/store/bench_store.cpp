// SPDX-License-Identifier: MIT
// The store beside SQLite's C API: the same file, the same statements, the same run. Prints ratios, since
// figures of one machine say little about another.
#include "rawsqlite.h"

#include "client/datastore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUuid>

#include <cstdio>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int Saves = 10'000;
constexpr int Awaited = 500;
constexpr int Rows = 100'000;
constexpr int Lookups = 5'000;
constexpr int Pages = 100;
constexpr int PageRows = 50;
constexpr int Openings = 10;

Schema benchSchema()
{
    return Schema::parse(u"type StockCount @model { id: ID! sku: String! bin: String! @index(sortKeyFields: [\"quantity\"]) "
                          "quantity: Int! note: String }"_s).value();
}

const QByteArray InsertRow = "INSERT INTO \"StockCount\" (\"$row\", \"$version\", \"$changedAt\", \"$state\", id, sku, bin, quantity, note) "
                             "VALUES (?, 0, 0, 2, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
const QByteArray InsertEntry = "INSERT INTO tl_outbox (sequence, model, key, operation, changes, base, baseVersion, condition, state, attempts, "
                               "createdAt, error) VALUES (?, 'StockCount', ?, 0, ?, NULL, 0, NULL, 0, 0, 1600000000000, NULL)";
const QByteArray SelectRow = "SELECT \"$row\", \"$version\", \"$changedAt\", \"$state\", id, sku, bin, quantity, note FROM \"StockCount\" ";

QByteArray newId()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
}

QString skuOf(int i) { return u"40012340%1"_s.arg(i, 5, 10, QLatin1Char('0')); }
QString binOf(int i) { return u"A-%1"_s.arg(i % 100); }
const QString Note = u"counted twice, the label was torn"_s;

class Bench
{
public:
    Bench() { std::printf("%-46s %12s %12s %8s\n", "", "SQLite", "store", "ratio"); }

    void run()
    {
        savesWithoutWaiting();
        awaitedSaves();
        bulkImport();
        lookups();
        pages();
        openings();
    }

private:
    using Record = Tideline::Record;

    void print(const char *what, double raw, double store, const char *unit, double ratio)
    {
        std::printf("%-46s %9.1f %-2s %9.1f %-2s %8.2f\n", what, raw, unit, store, unit, ratio);
        std::fflush(stdout);
    }

    template<typename T>
    T answered(const std::function<void(Reply<T>)> &call)
    {
        std::optional<Result<T>> answer;
        call([&](Result<T> result) { answer.emplace(std::move(result)); });
        while (!answer)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!*answer)
            qFatal("%s %s", qPrintable(answer->error().message()), qPrintable(answer->error().detail()));
        if constexpr (!std::is_void_v<T>)
            return std::move(*answer).value();
    }

    std::unique_ptr<Store> opened(const QString &path)
    {
        auto store = std::make_unique<Store>(m_schema, StoreOptions{.path = path});
        answered<void>([&](Reply<void> done) { store->open(&m_here, std::move(done)); });
        return store;
    }

    QString freshFile(const char *name)
    {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        opened(path).reset();
        return path;
    }

    Draft draft(int i) const
    {
        Draft draft(m_model);
        draft.set(1, skuOf(i));
        draft.set(2, binOf(i));
        draft.set(3, i % 1000);
        draft.set(4, Note);
        return draft;
    }

    static void bindRow(Raw::Statement &row, int i, const QByteArray &id)
    {
        row.integer(1, i + 1).text(2, id).text(3, skuOf(i).toUtf8()).text(4, binOf(i).toUtf8()).integer(5, i % 1000).text(6, Note.toUtf8());
    }

    static void bindEntry(Raw::Statement &entry, int i, const QByteArray &id)
    {
        const QByteArray json = "{\"id\":\"" + id + "\",\"sku\":\"" + skuOf(i).toUtf8() + "\",\"bin\":\"" + binOf(i).toUtf8()
            + "\",\"quantity\":" + QByteArray::number(i % 1000) + ",\"note\":\"" + Note.toUtf8() + "\"}";
        entry.integer(1, i + 1).text(2, id).text(3, json);
    }

    // one durable transaction a save; seconds
    double rawSaves(const char *file, int count)
    {
        Raw::Database database(freshFile(file));
        Raw::Statement begin(database, "BEGIN IMMEDIATE");
        Raw::Statement commit(database, "COMMIT");
        Raw::Statement row(database, InsertRow);
        Raw::Statement entry(database, InsertEntry);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < count; ++i) {
            const QByteArray id = newId();
            begin.run();
            bindRow(row, i, id);
            row.run();
            bindEntry(entry, i, id);
            entry.run();
            commit.run();
        }
        return double(timer.nsecsElapsed()) / 1e9;
    }

    void savesWithoutWaiting()
    {
        const double raw = rawSaves("saves.raw", Saves);
        const std::unique_ptr<Store> store = opened(m_folder.filePath(u"saves"_s));
        std::vector<Draft> drafts;
        for (int i = 0; i < Saves; ++i)
            drafts.push_back(draft(i));
        int replies = 0;
        QElapsedTimer timer;
        timer.start();
        for (const Draft &draft : drafts)
            store->save(draft, {}, &m_here, [&](const Result<Record> &saved) { replies += saved ? 1 : 0; });
        const double asked = double(timer.nsecsElapsed()) / 1e9;
        while (replies < Saves)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        const double seconds = double(timer.nsecsElapsed()) / 1e9;
        print("durable saves without waiting, in 1,000 a second", Saves / raw / 1000, Saves / seconds / 1000, "k", raw / seconds);
        std::printf("%-46s %12s %9.1f us\n", "  the caller was busy for, a save", "", asked * 1e6 / Saves);
    }

    void awaitedSaves()
    {
        const double raw = rawSaves("awaited.raw", Awaited) / Awaited * 1e6;
        const std::unique_ptr<Store> store = opened(m_folder.filePath(u"awaited"_s));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < Awaited; ++i)
            answered<Record>([&](Reply<Record> done) { store->save(draft(i), {}, &m_here, std::move(done)); });
        const double time = double(timer.nsecsElapsed()) / 1e3 / Awaited;
        print("one durable save, awaited (time)", raw, time, "us", time / raw);
    }

    void bulkImport()
    {
        double raw = 0;
        {
            Raw::Database database(freshFile("bulk.raw"));
            Raw::Statement row(database, InsertRow);
            QElapsedTimer timer;
            timer.start();
            database.run("BEGIN IMMEDIATE");
            for (int i = 0; i < Rows; ++i) {
                bindRow(row, i, newId());
                row.run();
            }
            database.run("COMMIT");
            raw = double(timer.nsecsElapsed()) / 1e9;
        }
        m_bulk = m_folder.filePath(u"bulk"_s);
        const std::unique_ptr<Store> store = opened(m_bulk);
        std::vector<Record> records;
        for (int i = 0; i < Rows; ++i) {
            Record record(m_model);
            m_ids.append(QString::fromLatin1(newId()));
            record.setValue(0, m_ids.last());
            const Draft filled = draft(i);
            for (const auto &[field, value] : filled.changes())
                record.setValue(field, value);
            record.setState(SyncState::Synced);
            records.push_back(record);
        }
        QElapsedTimer timer;
        timer.start();
        answered<void>([&](Reply<void> done) {
            store->write<void>(
                [&](WriteTransaction &write) -> Result<void> {
                    for (const Record &record : records) {
                        if (const Result<void> put = write.put(record); !put)
                            return put;
                    }
                    return {};
                },
                &m_here, std::move(done));
        });
        const double seconds = double(timer.nsecsElapsed()) / 1e9;
        print("import of 100,000, in 1,000 a second", Rows / raw / 1000, Rows / seconds / 1000, "k", raw / seconds);
        saveInBulk();
    }

    // the same through save(), without an outbox
    void saveInBulk()
    {
        auto store = std::make_unique<Store>(m_schema, StoreOptions{.path = m_folder.filePath(u"bulksave"_s), .outbox = false});
        answered<void>([&](Reply<void> done) { store->open(&m_here, std::move(done)); });
        std::vector<Draft> drafts;
        for (int i = 0; i < Rows; ++i)
            drafts.push_back(draft(i));
        QElapsedTimer timer;
        timer.start();
        answered<void>([&](Reply<void> done) {
            store->write<void>(
                [&](WriteTransaction &write) -> Result<void> {
                    for (const Draft &draft : drafts) {
                        if (const Result<Record> saved = write.save(draft); !saved)
                            return saved.error();
                    }
                    return {};
                },
                &m_here, std::move(done));
        });
        std::printf("%-46s %12s %9.1f k\n", "  the same with save()", "", Rows / (double(timer.nsecsElapsed()) / 1e9) / 1000);
    }

    void lookups()
    {
        double raw = 0;
        {
            Raw::Database database(m_bulk);
            Raw::Statement select(database, SelectRow + "WHERE id = ?");
            for (int round = 0; round < 2; ++round) {       // the first warms the cache
                QElapsedTimer timer;
                timer.start();
                for (int i = 0; i < Lookups; ++i) {
                    select.text(1, m_ids[i * 17 % Rows].toUtf8());
                    if (select.step())
                        m_sink += select.string(4).size() + select.string(5).size() + select.string(6).size() + select.number(7) + select.string(8).size();
                    select.reset();
                }
                raw = double(timer.nsecsElapsed()) / 1e3 / Lookups;
            }
        }
        const std::unique_ptr<Store> store = opened(m_bulk);
        double inside = 0;
        for (int round = 0; round < 2; ++round) {
            inside = answered<double>([&](Reply<double> done) {
                store->read<double>(
                    [&](ReadTransaction &read) -> Result<double> {
                        QElapsedTimer timer;
                        timer.start();
                        for (int i = 0; i < Lookups; ++i)
                            m_sink += read.find(m_model, m_ids[i * 17 % Rows]).value().rowId();
                        return double(timer.nsecsElapsed()) / 1e3 / Lookups;
                    },
                    &m_here, std::move(done));
            });
        }
        print("get by id, warm, within one read (time)", raw, inside, "us", inside / raw);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < Lookups; ++i) {
            m_sink += answered<Record>([&](Reply<Record> done) {
                store->read<Record>([&](ReadTransaction &read) { return read.find(m_model, m_ids[i * 17 % Rows]); }, &m_here, std::move(done));
            }).rowId();
        }
        const double awaited = double(timer.nsecsElapsed()) / 1e3 / Lookups;
        print("get by id, warm, each awaited (time)", raw, awaited, "us", awaited / raw);
        const double known = lookupsOfKnown();
        print("get by id, met lately, each awaited (time)", raw, known, "us", known / raw);
    }

    // DataStore::get() of 500 records that were asked for before; microseconds
    double lookupsOfKnown()
    {
        constexpr int Known = 500;
        DataStore store;
        store.setSchema(m_schema);
        const auto get = [&](int i) {
            const QFuture<Result<Record>> record = store.get(m_model->name, m_ids[i % Known * 17 % Rows]);
            while (!record.isFinished())
                QCoreApplication::processEvents();
            return record.result().value().rowId();
        };
        const QFuture<Result<void>> opening = store.open(m_bulk);
        for (int i = 0; i < Known; ++i)
            m_sink += get(i);
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < Lookups; ++i)
            m_sink += get(i);
        return double(timer.nsecsElapsed()) / 1e3 / Lookups;
    }

    [[nodiscard]] Query page(int i) const
    {
        return {m_model, Predicate::compare(u"bin"_s, Predicate::Operator::Eq, {binOf(i)}), {{u"quantity"_s, Qt::DescendingOrder}}, 50, 0};
    }

    double rawPage(Raw::Statement &select, int i)
    {
        QElapsedTimer timer;
        timer.start();
        select.text(1, binOf(i).toUtf8());
        int rows = 0;
        for (; select.step(); ++rows)
            m_sink += select.string(4).size() + select.string(5).size() + select.string(6).size() + select.number(7) + select.string(8).size();
        select.reset();
        const double time = double(timer.nsecsElapsed()) / 1e3;
        expectPage(rows);
        return time;
    }

    // Both sides of a ratio do the same work.
    static void expectPage(qsizetype rows)
    {
        if (rows != PageRows)
            qFatal("a page has %lld rows", qlonglong(rows));
    }

    QByteArray pageSql() const { return SelectRow + "WHERE bin = ? ORDER BY quantity DESC, id LIMIT 50"; }

    void pages()
    {
        double raw = 0;
        {
            Raw::Database database(m_bulk);
            Raw::Statement select(database, pageSql());
            m_sink += qint64(rawPage(select, 0));
            for (int i = 0; i < Pages; ++i)
                raw += rawPage(select, i) / Pages;
        }
        const std::unique_ptr<Store> store = opened(m_bulk);
        const auto read = [&](int i) {
            return answered<QList<Record>>([&](Reply<QList<Record>> done) {
                store->read<QList<Record>>([&](ReadTransaction &read) { return read.query(page(i)); }, &m_here, std::move(done));
            }).size();
        };
        expectPage(read(0));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < Pages; ++i)
            m_sink += read(i);
        const double time = double(timer.nsecsElapsed()) / 1e3 / Pages;
        print("page of 50 of 100,000, filtered, sorted (time)", raw, time, "us", time / raw);
    }

    void openings()
    {
        double raw = 0;
        double time = 0;
        for (int i = 0; i < Openings; ++i) {
            QElapsedTimer timer;
            timer.start();
            {
                Raw::Database database(m_bulk);
                Raw::Statement select(database, pageSql());
                m_sink += qint64(rawPage(select, 0));
                raw += double(timer.nsecsElapsed()) / 1e6 / Openings;
            }
            timer.start();
            const std::unique_ptr<Store> store = opened(m_bulk);
            m_sink += answered<QList<Record>>([&](Reply<QList<Record>> done) {
                store->read<QList<Record>>([&](ReadTransaction &read) { return read.query(page(0)); }, &m_here, std::move(done));
            }).size();
            time += double(timer.nsecsElapsed()) / 1e6 / Openings;
        }
        print("open to the first 50 rows (time)", raw, time, "ms", time / raw);
    }

    Schema m_schema = benchSchema();
    std::shared_ptr<const ModelType> m_model = m_schema.model(u"StockCount"_s);
    QTemporaryDir m_folder;
    EventLoopScheduler m_here;
    QString m_bulk;
    QStringList m_ids;
    qint64 m_sink = 0;                      // so that nothing read is thrown away unread
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    Bench().run();
    return 0;
}
