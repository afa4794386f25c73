// SPDX-License-Identifier: MIT
#include "client/store/outboxtable_p.h"

#include "client/store/errorjson_p.h"
#include "client/store/rowcodec_p.h"
#include "client/store/storetext_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

namespace Tideline::OutboxTable {

using namespace Qt::Literals::StringLiterals;

using FieldValues = QList<std::pair<int, Value>>;

static const QString Columns = u"sequence, model, key, operation, changes, base, baseVersion, condition, state, attempts, createdAt, error"_s;

static QVariant fieldsToSql(const ModelType &model, const FieldValues &values)
{
    if (values.isEmpty())
        return {};
    Value::Object members;
    members.reserve(values.size());
    for (const auto &[field, value] : values)
        members.emplaceBack(model.fields[size_t(field)].name, value);
    return Value(std::move(members)).toJsonText();
}

static FieldValues fieldsFromSql(const Schema &schema, const ModelType &model, const QVariant &column)
{
    FieldValues values;
    if (column.isNull())
        return values;
    const QJsonObject object = QJsonDocument::fromJson(column.toString().toUtf8()).object();
    for (auto member = object.constBegin(); member != object.constEnd(); ++member) {
        if (const int field = model.fieldIndex(member.key()); field >= 0)
            values.emplaceBack(field, RowCodec::fromJson(schema, model.fields[size_t(field)].type, *member));
    }
    std::sort(values.begin(), values.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    return values;
}

static QVariant conditionToSql(const Predicate &condition)
{
    if (condition.kind() == Predicate::Kind::All)
        return {};
    return Value::fromJson(condition.toJson()).toJsonText();
}

static QJsonObject theirsToJson(const Record &theirs)
{
    Value::Object members;
    for (size_t field = 0; field < theirs.values().size(); ++field)
        members.emplaceBack(theirs.model()->fields[field].name, theirs.values()[field]);
    const SyncMetadata &metadata = theirs.metadata();
    return {{u"values"_s, Value(std::move(members)).toJson()},
            {u"version"_s, metadata.version},
            {u"changedAt"_s, metadata.lastChangedAt},
            {u"deleted"_s, metadata.deleted}};
}

static Record theirsFromJson(const Schema &schema, const std::shared_ptr<const ModelType> &model, const QJsonObject &json)
{
    const QJsonObject values = json.value("values"_L1).toObject();
    if (values.isEmpty())
        return {};
    Record theirs(model);
    for (size_t field = 0; field < model->fields.size(); ++field)
        theirs.setValue(int(field), RowCodec::fromJson(schema, model->fields[field].type, values.value(model->fields[field].name)));
    theirs.setMetadata({json.value("version"_L1).toInteger(), json.value("changedAt"_L1).toInteger(), json.value("deleted"_L1).toBool()});
    return theirs;
}

static QJsonArray namesOf(const ModelType &model, const QList<int> &fields)
{
    QJsonArray names;
    for (const int field : fields)
        names.append(model.fields[size_t(field)].name);
    return names;
}

static QList<int> fieldsNamed(const ModelType &model, const QJsonArray &names)
{
    QList<int> fields;
    for (const QJsonValue &name : names) {
        if (const int field = model.fieldIndex(name.toString()); field >= 0)
            fields.append(field);
    }
    return fields;
}

static QJsonArray contestedToJson(const ModelType &model, const QList<OutboxEntry::Contested> &contested)
{
    QJsonArray array;
    for (const OutboxEntry::Contested &each : contested) {
        const QString &name = model.fields[size_t(each.field)].name;
        array.append(QJsonObject{{u"field"_s, name}, {u"base"_s, each.base.toJson()}, {u"mine"_s, each.mine.toJson()}});
    }
    return array;
}

static QList<OutboxEntry::Contested> contestedFromJson(const Schema &schema, const ModelType &model, const QJsonArray &array)
{
    QList<OutboxEntry::Contested> contested;
    for (const QJsonValue &each : array) {
        const QJsonObject values = each.toObject();
        const int field = model.fieldIndex(values.value("field"_L1).toString());
        if (field < 0)
            continue;
        const FieldType &type = model.fields[size_t(field)].type;
        contested.append({field, RowCodec::fromJson(schema, type, values.value("base"_L1)), RowCodec::fromJson(schema, type, values.value("mine"_L1))});
    }
    return contested;
}

static QVariant errorToSql(const OutboxEntry &entry)
{
    QJsonObject object = errorToJson(entry.error);
    if (entry.theirs)
        object.insert(u"theirs"_s, theirsToJson(entry.theirs));
    if (!entry.yielded.isEmpty())
        object.insert(u"yielded"_s, namesOf(*entry.model, entry.yielded));
    if (!entry.contested.isEmpty())
        object.insert(u"contested"_s, contestedToJson(*entry.model, entry.contested));
    if (!entry.sentLists.isEmpty())
        object.insert(u"sentLists"_s, contestedToJson(*entry.model, entry.sentLists));
    if (entry.vain > 0)
        object.insert(u"vain"_s, entry.vain);
    if (entry.conflicts > 0)
        object.insert(u"conflicts"_s, entry.conflicts);
    if (entry.editedAt > 0)
        object.insert(u"editedAt"_s, entry.editedAt);
    return object.isEmpty() ? QVariant() : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

static Result<OutboxEntry> entryOf(const Schema &schema, const Statement &row)
{
    OutboxEntry entry;
    entry.sequence = row.integer(0);
    entry.model = schema.model(row.text(1));
    entry.key = row.text(2);
    if (!entry.model)
        return Error(Error::Code::StoreDamaged,
                     StoreText::tr("A mutation in the outbox belongs to the model type \"%1\", which the schema lacks.").arg(row.text(1)))
            .withModel(row.text(1)).withRecord(entry.key);
    entry.operation = OutboxEntry::Operation(row.integer(3));
    entry.changes = fieldsFromSql(schema, *entry.model, row.value(4));
    entry.base = fieldsFromSql(schema, *entry.model, row.value(5));
    entry.baseVersion = row.integer(6);
    if (const QVariant condition = row.value(7); !condition.isNull()) {
        const Result<Predicate> parsed = Predicate::fromJson(QJsonDocument::fromJson(condition.toString().toUtf8()).object());
        if (!parsed)
            return parsed.error();
        entry.condition = *parsed;
    }
    entry.state = OutboxEntry::State(row.integer(8));
    entry.attempts = int(row.integer(9));
    entry.createdAt = row.integer(10);
    if (const QVariant error = row.value(11); !error.isNull()) {
        const QJsonObject object = parseJson(error.toString().toUtf8()).object();
        entry.error = errorFromJson(object);
        entry.theirs = theirsFromJson(schema, entry.model, object.value("theirs"_L1).toObject());
        entry.yielded = fieldsNamed(*entry.model, object.value("yielded"_L1).toArray());
        entry.contested = contestedFromJson(schema, *entry.model, object.value("contested"_L1).toArray());
        entry.sentLists = contestedFromJson(schema, *entry.model, object.value("sentLists"_L1).toArray());
        entry.vain = object.value("vain"_L1).toInt();
        entry.conflicts = object.value("conflicts"_L1).toInt();
        entry.editedAt = object.value("editedAt"_L1).toInteger();
    }
    return entry;
}

static Result<QList<OutboxEntry>> entries(Connection &connection, Statement &statement)
{
    if (!statement.exec())
        return statement.error();
    QList<OutboxEntry> list;
    while (statement.next()) {
        Result<OutboxEntry> entry = entryOf(connection.layout().schema(), statement);
        if (!entry)
            return entry.error();
        list.append(std::move(entry).value());
    }
    if (statement.error().isError())
        return statement.error();
    return list;
}

Result<QList<OutboxEntry>> after(Connection &connection, qint64 sequence, int limit)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_outbox WHERE sequence > ? ORDER BY sequence LIMIT ?"_s);
    statement.bind(sequence).bind(limit);
    return entries(connection, statement);
}

Result<QList<OutboxEntry>> lane(Connection &connection, const ModelType &model, const QString &key)
{
    static const QString sql = u"SELECT "_s + Columns + u" FROM tl_outbox WHERE model = ? AND key = ? ORDER BY sequence"_s;
    Statement statement = connection.prepare(sql);
    statement.bind(model.name).bind(key);
    return entries(connection, statement);
}

Result<QList<OutboxEntry>> inState(Connection &connection, OutboxEntry::State state)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_outbox WHERE state = ? ORDER BY sequence"_s);
    statement.bind(int(state));
    return entries(connection, statement);
}

static QString mention(const ModelType &model, const QString &key)
{
    return keyParts(model, key).front().toJsonText();
}

Result<QList<OutboxEntry>> mentioning(Connection &connection, const ModelType &model, const QString &key)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns
                                             + u" FROM tl_outbox WHERE instr(changes, ?) > 0 AND NOT (model = ? AND key = ?) ORDER BY sequence"_s);
    statement.bind(mention(model, key)).bind(model.name).bind(key);
    return entries(connection, statement);
}

Result<bool> isMentionedLater(Connection &connection, const OutboxEntry &entry)
{
    Statement statement = connection.prepare(
        u"SELECT 1 FROM tl_outbox WHERE sequence > ? AND instr(changes, ?) > 0 AND NOT (model = ? AND key = ?) LIMIT 1"_s);
    statement.bind(entry.sequence).bind(mention(*entry.model, entry.key)).bind(entry.model->name).bind(entry.key);
    if (!statement.exec())
        return statement.error();
    const bool found = statement.next();
    return statement.error().isError() ? Result<bool>(statement.error()) : Result<bool>(found);
}

Result<std::optional<OutboxEntry>> find(Connection &connection, qint64 sequence)
{
    static const QString sql = u"SELECT "_s + Columns + u" FROM tl_outbox WHERE sequence = ?"_s;
    Statement statement = connection.prepare(sql);
    statement.bind(sequence);
    const Result<QList<OutboxEntry>> found = entries(connection, statement);
    if (!found)
        return found.error();
    return found->isEmpty() ? std::optional<OutboxEntry>() : std::optional(found->first());
}

static void bindContent(Statement &statement, const OutboxEntry &entry)
{
    statement.bind(int(entry.operation))
        .bind(fieldsToSql(*entry.model, entry.changes))
        .bind(fieldsToSql(*entry.model, entry.base))
        .bind(entry.baseVersion)
        .bind(conditionToSql(entry.condition))
        .bind(int(entry.state))
        .bind(entry.attempts)
        .bind(entry.createdAt)
        .bind(errorToSql(entry));
}

static bool isPlain(const OutboxEntry &entry)
{
    return entry.condition.kind() == Predicate::Kind::All && entry.state == OutboxEntry::State::Waiting && entry.attempts == 0
        && !entry.error.isError() && !entry.theirs && entry.contested.isEmpty() && entry.editedAt == 0 && entry.yielded.isEmpty();
}

// Nearly every entry is a plain one, and each placeholder costs.
static Statement insertPlain(Connection &connection, const OutboxEntry &entry)
{
    static const QString sql = u"INSERT INTO tl_outbox (sequence, model, key, operation, changes, base, baseVersion, condition, state, attempts, "
                                "createdAt, error) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0, 0, ?, NULL)"_s;
    Statement statement = connection.prepare(sql);
    statement.bind(entry.sequence)
        .bind(entry.model->name)
        .bind(entry.key)
        .bind(int(entry.operation))
        .bind(fieldsToSql(*entry.model, entry.changes))
        .bind(fieldsToSql(*entry.model, entry.base))
        .bind(entry.baseVersion)
        .bind(entry.createdAt);
    return statement;
}

Statement insert(Connection &connection, const OutboxEntry &entry)
{
    if (isPlain(entry))
        return insertPlain(connection, entry);
    static const QString sql = u"INSERT INTO tl_outbox (operation, changes, base, baseVersion, condition, state, attempts, createdAt, "
                                "error, model, key, sequence) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"_s;
    Statement statement = connection.prepare(sql);
    bindContent(statement, entry);
    statement.bind(entry.model->name).bind(entry.key).bind(entry.sequence);
    return statement;
}

Statement update(Connection &connection, const OutboxEntry &entry)
{
    Statement statement = connection.prepare(u"UPDATE tl_outbox SET operation = ?, changes = ?, base = ?, baseVersion = ?, condition = ?, "
                                              "state = ?, attempts = ?, createdAt = ?, error = ? WHERE sequence = ?"_s);
    bindContent(statement, entry);
    statement.bind(entry.sequence);
    return statement;
}

Statement setAttempt(Connection &connection, const OutboxEntry &entry)
{
    static const QString sql = u"UPDATE tl_outbox SET state = ?, attempts = ? WHERE sequence = ?"_s;
    Statement statement = connection.prepare(sql);
    statement.bind(int(entry.state)).bind(entry.attempts).bind(entry.sequence);
    return statement;
}

bool isSame(const OutboxEntry &a, const OutboxEntry &b)
{
    return a.sequence == b.sequence && a.model == b.model && a.key == b.key && a.operation == b.operation && a.changes == b.changes
        && a.base == b.base && a.baseVersion == b.baseVersion && conditionToSql(a.condition) == conditionToSql(b.condition)
        && a.state == b.state && a.attempts == b.attempts && a.createdAt == b.createdAt && errorToSql(a) == errorToSql(b);
}

Statement remove(Connection &connection, qint64 sequence)
{
    Statement statement = connection.prepare(u"DELETE FROM tl_outbox WHERE sequence = ?"_s);
    statement.bind(sequence);
    return statement;
}

} // namespace Tideline::OutboxTable
