// SPDX-License-Identifier: MIT
#include "catalogueimport.h"

#include "inventory.h"

#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>

using namespace Tideline;
using namespace Qt::StringLiterals;

static constexpr int BatchSize = 250;           // small enough that a batch's drafts do not hold up a frame

QStringList CatalogueImport::problems() const
{
    QStringList lines;
    for (const Catalogue::Problem &problem : m_catalogue.problems)
        lines.append(tr("Line %1: %2").arg(problem.line).arg(problem.reason));
    return lines;
}

void CatalogueImport::start(QObject *store, const QString &path)
{
    if (m_running)
        return;
    m_store = qobject_cast<DataStore *>(store);
    m_catalogue = {};
    m_error.clear();
    m_done = 0;
    m_running = true;
    m_cancelled = false;
    Q_EMIT runningChanged();
    Q_EMIT progressChanged();
    Q_EMIT problemsChanged();
    QtConcurrent::run([path] { return Catalogue::read(path); }).then(this, [this](const Result<Catalogue> &catalogue) {
        if (!catalogue)
            return finish(catalogue.error().message());
        m_catalogue = *catalogue;
        Q_EMIT problemsChanged();
        Q_EMIT progressChanged();
        saveNext();
    });
}

void CatalogueImport::cancel()
{
    m_cancelled = true;
}

void CatalogueImport::saveNext()
{
    if (m_cancelled)
        return finish(tr("The import was cancelled after %n product(s).", nullptr, m_done));
    if (m_done == total())
        return finish({});
    if (!m_store)
        return finish(tr("The store was closed."));
    const int count = std::min(BatchSize, total() - m_done);
    QList<Draft> drafts;
    drafts.reserve(count);
    for (const Catalogue::Product &product : std::as_const(m_catalogue.products).mid(m_done, count)) {
        Inventory::Product::Fields fields{.barcode = product.barcode, .name = product.name};
        if (!product.category.isEmpty())
            fields.category = product.category;
        if (!product.brand.isEmpty())
            fields.brand = product.brand;
        drafts.append(fields);
    }
    m_store->saveAll(drafts).then(this, [this, count](const Result<QList<Receipt>> &saved) {
        if (!saved)
            return finish(saved.error().message());
        m_done += count;
        Q_EMIT progressChanged();
        saveNext();
    });
}

void CatalogueImport::finish(const QString &error)
{
    m_error = error;
    m_running = false;
    Q_EMIT runningChanged();
    Q_EMIT finished();
}
