// SPDX-License-Identifier: MIT
#include "client/store/sqlcompiler_p.h"

#include "client/store/rowcodec_p.h"
#include "client/store/sqlcondition_p.h"
#include "client/store/storetext_p.h"

#include <algorithm>
#include <map>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static const QString Base = u"m"_s;         // alias of the queried table
static const QString RowId = u"\"$row\""_s;

Result<SqlCompiler> SqlCompiler::make(const Layout &layout, const Query &query)
{
    const Result<const Table *> table = layout.find(query.model);
    if (!table)
        return table.error();
    if (query.limit < -1 || query.offset < 0)
        return Error(Error::Code::InvalidArgument, StoreText::tr("A query needs a limit of -1 (all) or more and an offset of 0 or more."))
            .withModel(query.model->name);
    Result<BoundPredicate> where = BoundPredicate::bind(layout.schema(), query.model, query.where);
    if (!where)
        return where.error();
    Result<BoundSortOrder> order = BoundSortOrder::bind(layout.schema(), query.model, query.sort);
    if (!order)
        return order.error();
    return SqlCompiler(layout, query, *table, std::move(where).value(), std::move(order).value());
}

SqlCompiler::SqlCompiler(const Layout &layout, const Query &query, const Table *table, BoundPredicate where, BoundSortOrder order)
    : m_layout(&layout), m_table(table), m_where(std::move(where)), m_order(std::move(order)), m_limit(query.limit), m_offset(query.offset)
{
    compileJoins();
}

// At most one row for each row of source, so that the join repeats none: of several the one with the least key.
static QString joinFor(const Relation &relation, const Table &source, const QString &from, const Table &target, const QString &alias)
{
    const bool unique = relation.targetFields == target.model->primaryKey;
    const QString inner = unique ? alias : alias + u'x';
    QStringList equal;
    for (size_t i = 0; i < relation.targetFields.size(); ++i) {
        equal.append(inner + u'.' + target.columns[size_t(relation.targetFields[i])] + u" = "_s + from + u'.'
                     + source.columns[size_t(relation.localFields[i])]);
    }
    const QString join = u" LEFT JOIN "_s + target.name + u" AS "_s + alias + u" ON "_s;
    if (unique)
        return join + equal.join(u" AND "_s);
    QStringList key;
    for (const int field : target.model->primaryKey)
        key.append(inner + u'.' + target.columns[size_t(field)]);
    return join + alias + u'.' + RowId + u" = (SELECT "_s + inner + u'.' + RowId + u" FROM "_s + target.name + u" AS "_s + inner
        + u" WHERE "_s + equal.join(u" AND "_s) + u" ORDER BY "_s + key.join(u", "_s) + u" LIMIT 1)"_s;
}

void SqlCompiler::compileJoins()
{
    std::map<std::vector<const Relation *>, QString> aliases;
    for (const BoundSortOrder::Key &key : m_order.keys()) {
        const Table *at = m_table;
        QString alias = Base;
        std::vector<const Relation *> path;
        for (const Relation *relation : key.path) {
            path.push_back(relation);
            const Table *target = &m_layout->table(*m_layout->schema().target(*relation));
            QString &next = aliases[path];
            if (next.isEmpty()) {
                next = u"j%1"_s.arg(aliases.size());
                m_joins += joinFor(*relation, *at, alias, *target, next);
            }
            alias = next;
            at = target;
        }
        m_keys.push_back(alias + u'.' + at->columns[size_t(key.field)]);
    }
}

QString SqlCompiler::keyList() const
{
    return QStringList(m_keys.begin(), m_keys.end()).join(u", "_s);
}

// SQLite's own order of NULL, numbers and text is that of BoundSortOrder.
QString SqlCompiler::orderBy() const
{
    QStringList terms;
    for (size_t i = 0; i < m_keys.size(); ++i)
        terms.append(m_order.keys()[i].order == Qt::DescendingOrder ? m_keys[i] + u" DESC"_s : m_keys[i]);
    return u" ORDER BY "_s + terms.join(u", "_s);
}

void SqlCompiler::appendWhere(Sql &sql) const
{
    if (m_where.root().kind == Predicate::Kind::All)
        return;
    SqlCondition condition(*m_layout, sql.bindings);
    sql.text += u" WHERE "_s + condition.write(m_where.root(), *m_table, Base, SqlCondition::Truth::Loose);
}

void SqlCompiler::appendLimit(Sql &sql) const
{
    if (!isLimited())
        return;
    sql.text += u" LIMIT ? OFFSET ?"_s;
    sql.bindings << m_limit << m_offset;
}

Sql SqlCompiler::rows() const
{
    Sql sql{u"SELECT "_s + m_table->rowColumns(Base) + u" FROM "_s + m_table->name + u" AS "_s + Base + m_joins, {}};
    appendWhere(sql);
    sql.text += orderBy();
    appendLimit(sql);
    return sql;
}

Sql SqlCompiler::positions() const
{
    Sql sql{u"SELECT "_s + Base + u'.' + RowId + u", "_s + keyList() + u" FROM "_s + m_table->name + u" AS "_s + Base + m_joins, {}};
    appendWhere(sql);
    sql.text += orderBy();
    appendLimit(sql);
    return sql;
}

Sql SqlCompiler::positionsOf(const QList<qint64> &rowIds) const
{
    const qsizetype count = padded(rowIds.size());
    Sql sql{u"SELECT "_s + Base + u'.' + RowId + u", "_s + keyList() + u" FROM "_s + m_table->name + u" AS "_s + Base + m_joins
                + u" WHERE "_s + Base + u'.' + RowId + u" IN ("_s + placeholders(count) + u')', {}};
    for (qsizetype i = 0; i < count; ++i)
        sql.bindings.append(rowIds[std::min(i, rowIds.size() - 1)]);
    if (m_where.root().kind != Predicate::Kind::All) {
        SqlCondition condition(*m_layout, sql.bindings);
        sql.text += u" AND "_s + condition.write(m_where.root(), *m_table, Base, SqlCondition::Truth::Loose);
    }
    return sql;
}

Sql SqlCompiler::aggregate(const QString &function, int field) const
{
    const QString column = field < 0 ? u"*"_s : Base + u'.' + m_table->columns[size_t(field)];
    if (!isLimited()) {
        Sql sql{u"SELECT "_s + function + u'(' + column + u") FROM "_s + m_table->name + u" AS "_s + Base, {}};
        appendWhere(sql);
        return sql;
    }
    const QString inner = field < 0 ? u"1 AS value"_s : column + u" AS value"_s;
    Sql sql{u"SELECT "_s + function + u'(' + (field < 0 ? u"*"_s : u"value"_s) + u") FROM (SELECT "_s + inner + u" FROM "_s
                + m_table->name + u" AS "_s + Base + m_joins, {}};
    appendWhere(sql);
    sql.text += orderBy();
    appendLimit(sql);
    sql.text += u')';
    return sql;
}

static Result<std::vector<const Relation *>> relationsOf(const Schema &schema, std::shared_ptr<const ModelType> model,
                                                         const QStringList &path, const Record &record)
{
    std::vector<const Relation *> relations;
    for (const QString &name : path) {
        const Relation *relation = model->relation(name);
        if (!relation)
            return Error(Error::Code::UnknownField, StoreText::tr("%1 has no relation \"%2\".").arg(model->name, name))
                .withModel(model->name).withField(name);
        relations.push_back(relation);
        model = schema.target(*relation);
    }
    if (relations.empty() || !record || model != record.model())
        return Error(Error::Code::InvalidArgument, StoreText::tr("The path \"%1\" does not lead to the record's model type.").arg(path.join(u'.')));
    return relations;
}

Result<Sql> SqlCompiler::rowsRelatedTo(const Layout &layout, const std::shared_ptr<const ModelType> &model, const QStringList &path,
                                       const Record &record)
{
    const Result<const Table *> found = layout.find(model);
    if (!found)
        return found.error();
    const Result<std::vector<const Relation *>> relations = relationsOf(layout.schema(), model, path, record);
    if (!relations)
        return relations.error();
    const Table *table = *found;
    QString alias = Base;
    Sql sql{u"SELECT DISTINCT "_s + Base + u'.' + RowId + u" FROM "_s + table->name + u" AS "_s + Base, {}};
    for (size_t step = 0; step + 1 < relations->size(); ++step) {
        const Relation &relation = *(*relations)[step];
        const Table &target = layout.table(*layout.schema().target(relation));
        const QString next = u"t%1"_s.arg(step + 1);
        QStringList equal;
        for (size_t i = 0; i < relation.localFields.size(); ++i) {
            equal.append(next + u'.' + target.columns[size_t(relation.targetFields[i])] + u" = "_s + alias + u'.'
                         + table->columns[size_t(relation.localFields[i])]);
        }
        sql.text += u" JOIN "_s + target.name + u" AS "_s + next + u" ON "_s + equal.join(u" AND "_s);
        table = &target;
        alias = next;
    }
    const Relation &last = *relations->back();
    QStringList equal;
    for (size_t i = 0; i < last.localFields.size(); ++i) {
        const size_t field = size_t(last.localFields[i]);
        const Value &value = record.value(last.targetFields[i]);
        if (value.isNull())
            return Sql();
        equal.append(alias + u'.' + table->columns[field] + u" = ?"_s);
        sql.bindings.append(RowCodec::toSql(layout.schema(), table->model->fields[field].type, table->storage[field], value));
    }
    sql.text += u" WHERE "_s + equal.join(u" AND "_s);
    return sql;
}

qsizetype SqlCompiler::padded(qsizetype count)
{
    qsizetype size = 1;
    while (size < count)
        size *= 2;
    return size;
}

QString SqlCompiler::placeholders(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u',');
}

} // namespace Tideline
