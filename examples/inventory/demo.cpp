// SPDX-License-Identifier: MIT
#include "demo.h"

#include "catalogueimport.h"
#include "inventory.h"

#include <QtCore/QTextStream>
#include <QtCore/QTimer>

#include <QCoro/QCoroFuture>
#include <QCoro/QCoroTimer>

using namespace Qt::StringLiterals;
using namespace Tideline;

static constexpr int Patience = 120'000;            // ms a step may take

static QString printed(const QString &text, int width)
{
    return text.size() >= width ? text : text.leftJustified(width);
}

void Demo::report(const QString &step, const QString &first, const QString &second, const QString &remark)
{
    QTextStream(stdout) << printed(step, 44) << printed(first, 22) << printed(second, 22) << remark << Qt::endl;
}

bool Demo::fail(const QString &reason)
{
    QTextStream(stderr) << "FAILED: " << reason << Qt::endl;
    return false;
}

bool Demo::isLevel(const Device &device) const
{
    return device.store()->syncState() == DataStore::SyncPhase::Live && device.store()->outboxCount() == 0;
}

Demo::Step Demo::until(std::function<bool()> condition, QString what)
{
    QElapsedTimer waited;
    waited.start();
    QTimer tick;
    tick.start(2);
    while (!condition()) {
        if (waited.hasExpired(Patience)) {
            for (Device *device : {m_first.get(), m_second.get()})
                fail(u"%1: %2 waiting; %3"_s.arg(device->name()).arg(device->store()->outboxCount()).arg(device->store()->lastError().message()));
            co_return fail(u"after %1 s still not: %2"_s.arg(Patience / 1000).arg(what));
        }
        co_await tick;
    }
    co_return true;
}

QCoro::Task<qint64> Demo::countOf(Device &device, QString type)
{
    const Result<qint64> count = co_await device.store()->count(type);
    co_return count.valueOr(-1);
}

QCoro::Task<qint64> Demo::totalOf(Device &device, QString barcode)
{
    const auto counts = co_await device.store()->query<Inventory::StockCount>(Inventory::StockCount::barcode == barcode);
    qint64 total = 0;
    for (const Inventory::StockCount::Record &count : counts.valueOr({}))
        total += count.quantity();
    co_return total;
}

Demo::Step Demo::shoot(QString name)
{
    if (m_options.screenshots.isEmpty())
        co_return true;
    QTimer animations;
    animations.setSingleShot(true);
    animations.start(400);
    co_await animations;
    for (Device *device : {m_first.get(), m_second.get()}) {
        const QString path = u"%1/%2-%3.png"_s.arg(m_options.screenshots, device == m_first.get() ? u"first"_s : u"second"_s, name);
        if (!device->saveScreenshot(path))
            co_return fail(u"the screenshot %1 cannot be written"_s.arg(path));
    }
    co_return true;
}

Demo::Step Demo::loadCatalogue()
{
    m_clock.start();
    CatalogueImport *import = m_first->catalogue();
    m_first->prepare();
    import->start(m_first->store(), m_options.catalogue);
    if (!co_await until([import] { return !import->isRunning(); }, u"the catalogue is loaded"_s))
        co_return false;
    if (!import->error().isEmpty())
        co_return fail(import->error());
    const QStringList problems = import->problems();
    report(u"catalogue loaded"_s, u"%1 products"_s.arg(import->done()), {}, u"%1 ms, %2 rows left out"_s.arg(m_clock.elapsed()).arg(problems.size()));
    for (const QString &problem : problems)
        report(u"  "_s + problem, {}, {});
    if (!co_await until([this] { return isLevel(*m_first) && isLevel(*m_second); }, u"both devices have the catalogue"_s))
        co_return false;
    const qint64 first = co_await countOf(*m_first, u"Product"_s);
    const qint64 second = co_await countOf(*m_second, u"Product"_s);
    report(u"catalogue on both devices"_s, u"%1 products"_s.arg(first), u"%1 products"_s.arg(second), u"%1 ms"_s.arg(m_clock.elapsed()));
    QueryOptions byName;
    byName.sort.append(Inventory::Product::name.ascending());
    byName.limit = 12;
    const auto some = co_await m_first->store()->query<Inventory::Product>(Predicate::all(), byName);
    for (const Inventory::Product::Record &product : some.valueOr({}))
        m_barcodes.append(product.barcode());
    co_return (first == import->done() && first == second && m_barcodes.size() > 2) || fail(u"the devices have different catalogues"_s);
}

Demo::Step Demo::countTogether()
{
    QElapsedTimer blink;
    qint64 seen = -1;
    const auto observation = m_second->store()->observe(Inventory::StockCount::typeName(), {}, [&blink, &seen](const Change &) {
        if (seen < 0)
            seen = blink.nsecsElapsed() / 1000;
    });
    for (qsizetype i = 0; i < m_barcodes.size(); ++i) {
        seen = -1;
        blink.start();
        m_first->count(m_barcodes[i], u"A-0%1"_s.arg(i % 6 + 1), int(5 + 7 * i % 40), i == 1 ? u"box is damp"_s : QString());
        if (!co_await until([&seen] { return seen >= 0; }, u"what one device counts appears on the other"_s))
            co_return false;
    }
    const qint64 first = co_await totalOf(*m_first, m_barcodes.first());
    const qint64 second = co_await totalOf(*m_second, m_barcodes.first());
    report(u"first device counts, second sees it"_s, u"total %1"_s.arg(first), u"total %1"_s.arg(second),
           u"%1 ms from key press to change"_s.arg(double(seen) / 1000, 0, 'f', 1));
    co_return first == second || fail(u"the totals differ"_s);
}

Demo::Step Demo::countApart()
{
    m_first->setConnected(false);
    m_second->setConnected(false);
    if (!co_await until([this] { return !m_first->store()->isOnline() && !m_second->store()->isOnline(); }, u"the line is cut"_s))
        co_return false;
    for (int i = 0; i < 10; ++i) {
        m_first->count(m_barcodes[i % m_barcodes.size()], u"B-01"_s, 10 + i);
        m_second->count(m_barcodes[(i + 1) % m_barcodes.size()], u"B-0%1"_s.arg(i % 3 + 1), 20 + i);
    }
    if (!co_await until([this] { return m_first->store()->outboxCount() == 10 && m_second->store()->outboxCount() == 10; },
                        u"ten counts wait on each device"_s))
        co_return false;
    const qint64 first = co_await totalOf(*m_first, m_barcodes.first());
    const qint64 second = co_await totalOf(*m_second, m_barcodes.first());
    report(u"line cut, both count on"_s, u"total %1, 10 waiting"_s.arg(first), u"total %1, 10 waiting"_s.arg(second));
    m_first->scan(m_barcodes.first());
    m_second->scan(m_barcodes.last());
    if (!co_await shoot(u"line-cut"_s))
        co_return false;
    if (m_erp)
        m_erp->close();
    m_clock.restart();
    m_first->setConnected(true);
    m_second->setConnected(true);
    const qint64 expected = m_barcodes.size() + 20;
    for (;;) {
        if (!co_await until([this] { return isLevel(*m_first) && isLevel(*m_second); }, u"both devices are level again"_s))
            co_return false;
        const qint64 here = co_await countOf(*m_first, u"StockCount"_s);
        const qint64 there = co_await countOf(*m_second, u"StockCount"_s);
        if (here == expected && there == expected)
            break;
        if (m_clock.hasExpired(Patience))
            co_return fail(u"%1 and %2 counts instead of %3"_s.arg(here).arg(there).arg(expected));
    }
    report(u"line restored"_s, u"total %1"_s.arg(co_await totalOf(*m_first, m_barcodes.first())),
           u"total %1"_s.arg(co_await totalOf(*m_second, m_barcodes.first())), u"%1 ms"_s.arg(m_clock.elapsed()));
    co_return co_await shoot(u"level"_s);
}

// Nobody tells the ERP now; the server keeps what there is to tell.
Demo::Step Demo::correctWithoutErp()
{
    const auto counts = co_await m_first->store()->query<Inventory::StockCount>(Inventory::StockCount::barcode == m_barcodes.first());
    if (!counts || counts->size() < 2)
        co_return fail(u"there are no counts to correct"_s);
    for (int quantity = 41; quantity <= 42; ++quantity) {
        const auto saved = co_await m_first->store()->save(counts->first().with(Inventory::StockCount::quantity, quantity));
        if (!saved)
            co_return fail(saved.error().message());
        if (!co_await until([this] { return isLevel(*m_first); }, u"the correction is sent"_s))
            co_return false;
    }
    const auto removed = co_await m_first->store()->remove(counts->last());
    if (!removed)
        co_return fail(removed.error().message());
    if (!co_await until([this] { return isLevel(*m_first); }, u"the removal is sent"_s))
        co_return false;
    const qint64 left = co_await countOf(*m_first, u"StockCount"_s);
    m_clock.restart();
    while (co_await countOf(*m_second, u"StockCount"_s) != left) {
        if (m_clock.hasExpired(Patience))
            co_return fail(u"the second device does not hear of the removal"_s);
    }
    co_return true;
}

Demo::Step Demo::compareErp()
{
    const auto server = co_await fetchServerCopy(m_network, m_options.first.serverUrl, m_options.first.apiKey,
                                                 Inventory::schema().model(Inventory::StockCount::typeName()));
    if (!server)
        co_return fail(server.error().message());
    Erp::Levels levels;
    for (const QJsonObject &count : *server)
        levels[{count["barcode"_L1].toString(), count["binName"_L1].toString()}] += count["quantity"_L1].toInteger();
    m_clock.restart();
    m_erp->loseNextAnswer();
    if (!m_erp->listen(m_options.erpPort))
        co_return fail(u"the ERP's port %1 is taken"_s.arg(m_options.erpPort));
    const bool equal = co_await until([&] { return m_erp->levels() == levels; }, u"the ERP has the stock levels"_s);
    report(u"ERP back, stock levels compared"_s, u"%1 events"_s.arg(m_erp->eventCount()), u"%1 retried"_s.arg(m_erp->retriedCount()),
           u"%1 levels, equal %2, %3 ms"_s.arg(m_erp->levels().size()).arg(equal ? u"yes"_s : u"no"_s).arg(m_clock.elapsed()));
    co_return (equal && m_erp->refusedCount() == 0) || fail(u"the ERP's stock levels differ or events were not signed"_s);
}

static QString differing(const Record &first, const Record &second, const QJsonObject &server)
{
    for (size_t i = 0; i < first.values().size(); ++i) {
        const QString name = first.model()->fields[i].name;
        if (first.value(int(i)) != second.value(int(i)) || first.value(int(i)) != Value::fromJson(server[name]))
            return name;
    }
    return {};
}

QCoro::Task<QString> Demo::compareModel(const std::shared_ptr<const ModelType> &model)
{
    const Result<QList<Record>> first = co_await m_first->store()->query(model->name);
    const Result<QList<Record>> second = co_await m_second->store()->query(model->name);
    const Result<ServerCopy> server = co_await fetchServerCopy(m_network, m_options.first.serverUrl, m_options.first.apiKey, model);
    if (!first || !second || !server)
        co_return first.error().message() + second.error().message() + server.error().message();
    report(u"  "_s + model->name, QString::number(first->size()), QString::number(second->size()), u"server %1"_s.arg(server->size()));
    if (first->size() != second->size() || first->size() != server->size())
        co_return u"%1: %2, %3 and %4 records"_s.arg(model->name).arg(first->size()).arg(second->size()).arg(server->size());
    for (qsizetype i = 0; i < first->size(); ++i) {
        const QString key = first->at(i).key();
        if (!server->contains(key) || second->at(i).key() != key)
            co_return u"%1 %2 is not everywhere"_s.arg(model->name, key);
        if (const QString field = differing(first->at(i), second->at(i), server->value(key)); !field.isEmpty())
            co_return u"%1 %2 differs in %3"_s.arg(model->name, key, field);
    }
    co_return QString();
}

Demo::Step Demo::compareAll()
{
    report(u"compared record by record"_s, {}, {});
    for (const auto &model : Inventory::schema().models()) {
        if (const QString difference = co_await compareModel(model); !difference.isEmpty())
            co_return fail(difference);
    }
    report(u"equal"_s, u"yes"_s, u"yes"_s, u"server yes"_s);
    co_return true;
}

QCoro::Task<int> Demo::run()
{
    m_first = std::make_unique<Device>(m_options.first);
    m_second = std::make_unique<Device>(m_options.second);
    if (!m_first->isOpen() || !m_second->isOpen())
        co_return 1;
    if (m_options.erpPort != 0) {
        m_erp = std::make_unique<Erp>(m_options.erpSecret);
        if (!m_erp->listen(m_options.erpPort)) {
            fail(u"the ERP's port %1 is taken"_s.arg(m_options.erpPort));
            co_return 1;
        }
    }
    report(u"step"_s, m_first->name(), m_second->name(), u"remark"_s);
    report(QString(42, u'-'), QString(20, u'-'), QString(20, u'-'), QString(20, u'-'));
    const bool well = co_await until([this] { return m_first->store()->isOpen() && m_second->store()->isOpen(); }, u"the stores are open"_s)
        && co_await loadCatalogue() && co_await countTogether() && co_await countApart() && co_await correctWithoutErp()
        && (!m_erp || co_await compareErp()) && co_await compareAll();
    co_return well ? 0 : 1;
}
