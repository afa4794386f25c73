// SPDX-License-Identifier: MIT
#include "server/storage/valuerenaming.h"

#include "core/data/scalars.h"
#include "server/storage/eventqueue.h"

#include <QtCore/QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int partRows = 1000;

static QString literal(const QString &text)
{
    return u'\'' + QString(text).replace(u'\'', u"''"_s) + u'\'';
}

// Rows whose text may name one of \a names, as a word of JSON.
static QString mayHave(const QString &column, const QStringList &names)
{
    QStringList any;
    for (const QString &name : names)
        any.append(column + u" LIKE "_s + literal(u"%\""_s + name + u"\"%"_s));
    return u'(' + any.join(u" OR ") + u')';
}

static QString isOneOf(const QString &column, const QStringList &names)
{
    QStringList literals;
    for (const QString &name : names)
        literals.append(literal(name));
    return column + u" IN ("_s + literals.join(u", ") + u')';
}

bool ValueRenaming::isKey(int field) const
{
    return std::ranges::find(m_table.model()->primaryKey, field) != m_table.model()->primaryKey.end();
}

// As from the wire: what is stored does not tell 1 from 1.0.
bool ValueRenaming::fits(const FieldType &type, const Value &value) const
{
    return fromJson(m_schema, type, value.toJson()).ok();
}

bool ValueRenaming::isColumnOfText(int field) const
{
    return m_table.columns()[size_t(field)].storage == Storage::Text;
}

QString ValueRenaming::note() const
{
    return QString::fromUtf8(QJsonDocument(m_names.describe(*m_table.model())).toJson(QJsonDocument::Compact));
}

Result<void> ValueRenaming::each(const QString &from, const QString &number, const QString &column, const QString &where,
                                 const std::function<Result<void>(qint64, const QVariant &)> &take)
{
    const QString select = u"SELECT %1, %2 FROM %3 WHERE %1 > ? AND %2 IS NOT NULL AND %4 ORDER BY %1 LIMIT %5"_s
                               .arg(number, column, from, where).arg(partRows);
    std::vector<std::pair<qint64, QVariant>> part;
    qint64 last = 0;
    do {
        part.clear();
        QSqlQuery query = m_connection.query();
        query.prepare(select);
        query.addBindValue(last);
        if (const Result<void> done = m_connection.exec(query); !done)
            return done;
        while (query.next())
            part.emplace_back(query.value(0).toLongLong(), query.value(1));
        query.finish();
        for (const auto &[row, value] : part) {
            if (const Result<void> taken = take(row, value); !taken)
                return taken;
            last = row;
        }
    } while (int(part.size()) == partRows);
    return {};
}

// ---- what is lost ----

Result<std::vector<ValueRenaming::Loss>> ValueRenaming::examine(const QString &noted, const std::function<bool(int)> &isStored)
{
    const QJsonObject described = QJsonDocument::fromJson(noted.toUtf8()).object();
    const bool isKnown = noted == note() && !m_connection.dialect().isShared();
    std::vector<Loss> losses;
    Result<void> done;
    for (int field = 0; field < int(m_table.columns().size()) && done && !isKnown; ++field) {
        const SchemaField &definition = m_table.model()->fields[size_t(field)];
        if (!isStored(field))
            continue;
        if (!m_names.formers(definition.type).isEmpty())
            m_renamed.push_back(field);
        if (m_names.mayMisfit(definition, described))
            done = findMisfits(field, losses);
    }
    if (done)
        done = findEqualKeys(losses);
    if (!done)
        return done.error();
    return losses;
}

Result<void> ValueRenaming::findMisfits(int field, std::vector<Loss> &losses)
{
    const SchemaField &definition = m_table.model()->fields[size_t(field)];
    Misfits misfits{field, {}};
    const Result<void> looked = each(m_table.quotedTable(), u"\"$seq\""_s, m_table.column(field), u"\"$deleted\" = 0"_s,
        [&](qint64 row, const QVariant &value) {
            const Value now = m_names.renamed(definition.type, m_table.fromColumn(field, value));
            if (!fits(definition.type, now))
                misfits.rows.push_back(row);
            return Result<void>();
        });
    if (!looked || misfits.rows.empty())
        return looked;
    losses.push_back({u"Field %1 of %2 has %3 values that do not fit its type any more; %4."_s
                          .arg(definition.name, m_table.model()->name).arg(misfits.rows.size())
                          .arg(isKey(field) ? u"it is in the key, so their records are lost"_s : u"they are lost"_s), field});
    m_misfits.push_back(std::move(misfits));
    return {};
}

// The key's columns as they will be.
QString ValueRenaming::keyNow() const
{
    QStringList columns;
    for (int field : m_table.model()->primaryKey) {
        const FieldType &type = m_table.model()->fields[size_t(field)].type;
        QString now = m_table.column(field);
        const QStringList formers = std::ranges::find(m_renamed, field) != m_renamed.end() ? m_names.formers(type) : QStringList();
        for (const QString &former : formers)
            now = u"CASE WHEN %1 = %2 THEN %3 ELSE %4 END"_s.arg(m_table.column(field), literal(former),
                                                                   literal(m_names.renamed(type, former).toText()), now);
        columns.append(now);
    }
    return columns.join(u", ");
}

Result<void> ValueRenaming::findEqualKeys(std::vector<Loss> &losses)
{
    if (std::ranges::none_of(m_renamed, [this](int field) { return isKey(field); }))
        return {};
    const Result<qint64> all = m_connection.number(u"SELECT COUNT(*) FROM %1"_s.arg(m_table.quotedTable()));
    const Result<qint64> kept = m_connection.number(
        u"SELECT COUNT(*) FROM (SELECT DISTINCT 1, %1 FROM %2) AS keys"_s.arg(keyNow(), m_table.quotedTable()));
    if (!all || !kept)
        return all ? kept.error() : all.error();
    m_hasEqualKeys = *kept < *all;
    if (m_hasEqualKeys)
        losses.push_back({u"Keys of %1 become equal with the new names of their values: %2 of %3 records have no key of their own."_s
                              .arg(m_table.model()->name).arg(*all - *kept).arg(*all), -1});
    return {};
}

// ---- what is written ----

QString ValueRenaming::hasFormers(int field) const
{
    const QStringList formers = m_names.formers(m_table.model()->fields[size_t(field)].type);
    return isColumnOfText(field) ? isOneOf(m_table.column(field), formers) : mayHave(m_table.column(field), formers);
}

QString ValueRenaming::imageHasFormers() const
{
    QStringList formers;
    for (const int field : m_renamed)
        formers += m_names.formers(m_table.model()->fields[size_t(field)].type);
    return u"model = %1 AND %2"_s.arg(literal(m_table.model()->name), mayHave(u"image"_s, formers));
}

Result<bool> ValueRenaming::isNeeded()
{
    QStringList places;
    for (const int field : m_renamed)
        places.append(u"SELECT 1 FROM %1 WHERE %2"_s.arg(m_table.quotedTable(), hasFormers(field)));
    if (!places.isEmpty())
        places.append(u"SELECT 1 FROM tl_journal WHERE "_s + imageHasFormers());
    for (const QString &place : std::as_const(places)) {
        const Result<qint64> found = m_connection.number(place + u" LIMIT 1"_s);
        if (!found || *found > 0)
            return found ? Result<bool>(true) : found.error();
    }
    return !m_misfits.empty();
}

// Other nodes wait with their changes, which would bring back what they read before.
Result<void> ValueRenaming::apply()
{
    const Result<bool> needed = isNeeded();
    if (!needed || !*needed)
        return needed ? Result<void>() : needed.error();
    Result<void> done;
    if (m_connection.dialect().isShared())
        done = m_connection.run(u"SELECT seq FROM tl_clock WHERE id = 1"_s + m_connection.dialect().forUpdate());
    if (done)
        done = removeEqualKeys();
    for (size_t i = 0; i < m_renamed.size() && done; ++i)
        done = rename(m_renamed[i]);
    if (done && !m_renamed.empty())
        done = renameImages();
    if (done && std::ranges::any_of(m_renamed, [this](int field) { return isKey(field); }))
        done = renameEvents();
    for (size_t i = 0; i < m_misfits.size() && done; ++i)
        done = lose(m_misfits[i]);
    return done;
}

// Of a key the record stays that changed last.
Result<void> ValueRenaming::removeEqualKeys()
{
    if (!m_hasEqualKeys)
        return {};
    return m_connection.run(u"DELETE FROM %1 WHERE \"$seq\" NOT IN (SELECT MAX(\"$seq\") FROM %1 GROUP BY %2)"_s
                                .arg(m_table.quotedTable(), keyNow()));
}

Result<void> ValueRenaming::rename(int field)
{
    const FieldType &type = m_table.model()->fields[size_t(field)].type;
    return each(m_table.quotedTable(), u"\"$seq\""_s, m_table.column(field), hasFormers(field), [&](qint64 row, const QVariant &value) {
        return write(field, row, m_names.renamed(type, m_table.fromColumn(field, value)));
    });
}

Result<void> ValueRenaming::write(int field, qint64 row, const Value &value)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"UPDATE %1 SET %2 = ? WHERE \"$seq\" = ?"_s.arg(m_table.quotedTable(), m_table.column(field)));
    if (!query)
        return query.error();
    (*query)->bindValue(0, m_table.toColumn(field, value));
    (*query)->bindValue(1, row);
    return m_connection.exec(**query);
}

// What the journal has of records, for other nodes and for devices that have yet to hear of a deletion.
Result<void> ValueRenaming::renameImages()
{
    return each(u"tl_journal"_s, u"seq"_s, u"image"_s, imageHasFormers(), [&](qint64 row, const QVariant &text) {
        QJsonObject image = QJsonDocument::fromJson(text.toString().toUtf8()).object();
        for (const int field : m_renamed) {
            const SchemaField &definition = m_table.model()->fields[size_t(field)];
            if (image.contains(definition.name))
                image.insert(definition.name, m_names.renamed(definition.type, Value::fromJson(image.value(definition.name))).toJson());
        }
        QSqlQuery update = m_connection.query();
        update.prepare(u"UPDATE tl_journal SET image = ? WHERE seq = ?"_s);
        update.addBindValue(QString::fromUtf8(QJsonDocument(image).toJson(QJsonDocument::Compact)));
        update.addBindValue(row);
        return m_connection.exec(update);
    });
}

Result<void> ValueRenaming::renameEvents()
{
    const ModelType &model = *m_table.model();
    return EventQueue(m_connection).rename(model.name, model.name, [&](const QString &key) {
        std::vector<Value> parts = keyParts(model, key);
        for (size_t i = 0; i < parts.size(); ++i)
            parts[i] = m_names.renamed(model.fields[size_t(model.primaryKey[i])].type, parts[i]);
        return parts.empty() ? key : keyFromParts(parts);
    });
}

Result<void> ValueRenaming::lose(const Misfits &misfits)
{
    const FieldType &type = m_table.model()->fields[size_t(misfits.field)].type;
    const QString select = u"SELECT %1 FROM %2 WHERE \"$seq\" = ?"_s.arg(m_table.column(misfits.field), m_table.quotedTable());
    for (const qint64 row : misfits.rows) {
        QSqlQuery query = m_connection.query();
        query.prepare(isKey(misfits.field) ? u"DELETE FROM %1 WHERE \"$seq\" = ?"_s.arg(m_table.quotedTable()) : select);
        query.addBindValue(row);
        if (const Result<void> done = m_connection.exec(query); !done)
            return done;
        if (isKey(misfits.field) || !query.next())
            continue;
        const Value rest = m_names.renamed(type, m_table.fromColumn(misfits.field, query.value(0)), ValueNames::Strangers::Drop);
        query.finish();
        if (const Result<void> done = write(misfits.field, row, fits(type, rest) ? rest : Value()); !done)
            return done;
    }
    return {};
}

} // namespace Tideline::Server
