// SPDX-License-Identifier: MIT
#include "storefiles.h"
#include "teststore.h"

#include "core/data/scalars.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>

#include <random>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

using Operation = OutboxEntry::Operation;

namespace {

constexpr int Chains = 1000, Portions = 4;
constexpr int Changes = 3;              // of the schema, in a chain

// ---- schemas ----

struct Field
{
    int uid = 0;
    QString name;
    QStringList formers;
    QString type;
    bool required = false;
    QString standard;                   // @default
};

struct Model
{
    int uid = 0;
    QString name;
    QStringList formers;
    QList<Field> fields;
    QList<Field> removed;
    int key = -1;                       // uid of a field; -1: id
    int parent = -1;                    // uid of a model

    [[nodiscard]] Field *field(int fieldUid)
    {
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field &each) { return each.uid == fieldUid; });
        return found == fields.end() ? nullptr : &*found;
    }
};

QString hints(const QStringList &formers)
{
    QString text;
    for (const QString &name : formers)
        text += u" @renamedFrom(name: \"%1\")"_s.arg(name);
    return text;
}

struct Types
{
    QList<Model> models;
    QList<Model> removed;
    QStringList moods{u"A"_s, u"B"_s, u"C"_s};

    [[nodiscard]] Model *model(int uid)
    {
        const auto found = std::find_if(models.begin(), models.end(), [&](const Model &each) { return each.uid == uid; });
        return found == models.end() ? nullptr : &*found;
    }

    [[nodiscard]] QString text()
    {
        QString source = u"enum Mood { %1 }\n"_s.arg(moods.join(u' '));
        for (const Model &model : std::as_const(models)) {
            source += u"type %1 @model%2 {\n  id: ID!\n  mark: String!\n"_s.arg(model.name, hints(model.formers));
            for (const Field &field : model.fields) {
                source += u"  %1: %2%3%4"_s.arg(field.name, field.type, field.required ? u"!"_s : QString(), hints(field.formers));
                source += field.standard.isEmpty() ? QString() : u" @default(value: \"%1\")"_s.arg(field.standard);
                source += field.uid == model.key ? u" @primaryKey\n"_s : u"\n"_s;
            }
            if (const Model *parent = this->model(model.parent))
                source += u"  up: %1 @belongsTo\n"_s.arg(parent->name);
            for (const Model &child : std::as_const(models))
                source += child.parent == model.uid ? u"  kids%1: [%2] @hasMany\n"_s.arg(child.uid).arg(child.name) : QString();
            source += u"}\n"_s;
        }
        return source;
    }
};

class Random
{
public:
    explicit Random(unsigned seed) : m_engine(seed) { }

    [[nodiscard]] int below(int limit) { return int(m_engine() % unsigned(limit)); }
    [[nodiscard]] bool chance(int percent) { return below(100) < percent; }
    template<typename T>
    [[nodiscard]] T &of(QList<T> &list) { return list[below(int(list.size()))]; }

private:
    std::mt19937 m_engine;
};

// ---- values: each is found again by its text ----

QString textOf(const Value &value)
{
    if (value.kind() == Value::Kind::List)
        return value.toList().size() == 1 ? textOf(value.toList().first()) : u"?"_s;
    return value.kind() == Value::Kind::Text ? value.toText() : value.toJsonText();
}

struct Item                             // a record, as somebody who forgets nothing has it
{
    int model = 0;
    QString mark;
    QHash<int, QString> values;         // by the field's uid
    bool present = true;                // in its table
};

// One chain of changes of the schema, with what users and the backend do in between.
class Chain
{
public:
    Chain(unsigned seed, const QString &path) : m_random(seed), m_path(path) { }

    [[nodiscard]] QString run();        // what went wrong; empty: nothing
    [[nodiscard]] int mutations() const { return m_mutations; }

private:
    using Tokens = QMap<qint64, QSet<QString>>;         // of mutations, by sequence

    void begin();
    Field newField();
    Model newModel();
    void change();
    void changeFields(Model &model);
    void changeKey(Model &model);
    void removeModel();

    Value newValue(const QString &type);
    bool fits(const QString &type, const QString &text) const;
    QString expected(const Item &item, const Field &field) const;
    bool isComplete(const Item &item, Model &model) const;
    void expectChange();

    QString use(TestStore &store);
    QString save(TestStore &store, Model &model);
    QString edit(TestStore &store, Item &item, const Record &row);
    QString accept(TestStore &store, Item &item, const Record &row);
    QString check(TestStore &store, const Tokens &before);
    QString checkRows(TestStore &store, const QString &unmapped);
    QString checkItem(const Item &item, Model &model, const QHash<QString, Record> &rows, const QString &unmapped);
    QString checkMutations(TestStore &store, const Tokens &before);
    QString interrupt(const Schema &older, const Schema &newer, const Tokens &before);

    static QHash<QString, Record> rowsOf(TestStore &store, const QString &model);
    static Tokens tokensOf(TestStore &store);
    static Tokens allTokens(TestStore &store, const QString &path);

    Random m_random;
    const QString m_path;
    Types m_types;
    QList<Item> m_items;
    int m_next = 1;
    int m_mutations = 0;
};

Field Chain::newField()
{
    QStringList types{u"Int"_s, u"Float"_s, u"String"_s, u"ID"_s, u"Mood"_s, u"[Int]"_s, u"[String]"_s};
    const int uid = m_next++;
    return {uid, u"f%1"_s.arg(uid), {}, m_random.of(types), false, {}};
}

Model Chain::newModel()
{
    const int uid = m_next++;
    Model model{uid, u"M%1"_s.arg(uid), {}, {}, {}, -1, -1};
    for (int i = m_random.below(4); i >= 0; --i)
        model.fields.append(newField());
    if (!m_types.models.isEmpty() && m_random.chance(40))
        model.parent = m_random.of(m_types.models).uid;
    return model;
}

void Chain::begin()
{
    for (int i = 1 + m_random.below(2); i >= 0; --i)
        m_types.models.append(newModel());
}

void Chain::changeKey(Model &model)
{
    if (model.key >= 0) {
        model.key = -1;
        return;
    }
    Field &field = m_random.of(model.fields);
    if (field.type.startsWith(u'[') || field.type == u"Mood"_s || field.type == u"Float"_s)
        return;
    field.required = true;
    field.standard.clear();
    model.key = field.uid;
}

void Chain::changeFields(Model &model)
{
    Field &field = m_random.of(model.fields);
    const bool isKey = field.uid == model.key;
    switch (m_random.below(7)) {
    case 0:
        model.fields.append(newField());
        return;
    case 1:
        if (!isKey && model.fields.size() > 1) {
            const int uid = field.uid;
            model.removed.append(field);
            model.fields.removeIf([uid](const Field &each) { return each.uid == uid; });
        }
        return;
    case 2:
        field.formers.prepend(field.name);
        field.name = u"f%1"_s.arg(m_next++);
        return;
    case 3:
    case 4:
        if (!isKey)
            field.type = newField().type;
        field.standard.clear();
        return;
    case 5:
        field.required = isKey || !field.required;
        if (field.required && !isKey && m_random.chance(50) && (field.type == u"Int"_s || field.type == u"String"_s))
            field.standard = QString::number(m_next++ + 1000);
        else
            field.standard.clear();
        return;
    case 6:
        if (!model.removed.isEmpty())
            model.fields.append(model.removed.takeLast());
        return;
    }
}

void Chain::removeModel()
{
    if (m_types.models.size() == 1)
        return;
    const int index = m_random.below(int(m_types.models.size()));
    const int uid = m_types.models[index].uid;
    m_types.removed.append(m_types.models.takeAt(index));
    for (Model &model : m_types.models)
        model.parent = model.parent == uid ? -1 : model.parent;
    m_types.removed.last().parent = -1;
}

void Chain::change()
{
    Model &model = m_random.of(m_types.models);
    switch (m_random.below(14)) {
    case 0:
        m_types.models.append(newModel());
        return;
    case 1:
        removeModel();
        return;
    case 2:
        if (!m_types.removed.isEmpty())
            m_types.models.append(m_types.removed.takeLast());
        return;
    case 3:
        model.formers.prepend(model.name);
        model.name = u"M%1"_s.arg(m_next++);
        return;
    case 4:
        if (m_types.moods.size() > 1)
            m_types.moods.removeAt(m_random.below(int(m_types.moods.size())));
        return;
    case 5:
        if (!m_types.moods.contains(u"A"_s))
            m_types.moods.append(u"A"_s);
        else
            m_types.moods.append(u"N%1"_s.arg(m_next++));
        return;
    case 6:
    case 7:
        changeKey(model);
        return;
    default:
        changeFields(model);
    }
}

// ---- what is expected ----

Value Chain::newValue(const QString &type)
{
    const int n = 1000 + m_next++;
    if (type == u"Mood"_s)
        return m_types.moods[m_random.below(int(m_types.moods.size()))];
    if (type == u"Int"_s)
        return n;
    if (type == u"[Int]"_s)
        return Value(Value::List{n});
    if (type == u"Float"_s)
        return m_random.chance(50) ? Value(double(n)) : Value(n + 0.5);
    const QString text = m_random.chance(50) ? QString::number(n) : u"s%1"_s.arg(n);
    return type == u"[String]"_s ? Value(Value::List{text}) : Value(text);
}

bool Chain::fits(const QString &type, const QString &text) const
{
    bool whole = false, number = false;
    (void)text.toInt(&whole);
    (void)text.toDouble(&number);
    if (type == u"Int"_s || type == u"[Int]"_s)
        return whole;
    if (type == u"Float"_s)
        return number;
    return type != u"Mood"_s || m_types.moods.contains(text);
}

QString Chain::expected(const Item &item, const Field &field) const
{
    const QString text = item.values.value(field.uid);
    return !text.isEmpty() && fits(field.type, text) ? text : QString();
}

bool Chain::isComplete(const Item &item, Model &model) const
{
    return std::all_of(model.fields.begin(), model.fields.end(), [&](const Field &field) {
        return !field.required || !expected(item, field).isEmpty();
    });
}

// A default fills what is missing, in rows that are in their table and in those that so come back.
void Chain::expectChange()
{
    for (Item &item : m_items) {
        Model *model = m_types.model(item.model);
        if (!model) {
            item.present = false;
            continue;
        }
        Item filled = item;
        for (const Field &field : std::as_const(model->fields)) {
            if (field.required && !field.standard.isEmpty() && expected(item, field).isEmpty())
                filled.values[field.uid] = field.standard;
        }
        const Field *key = model->field(model->key);
        const bool hasKey = !key || !expected(item, *key).isEmpty();
        filled.present = hasKey && isComplete(filled, *model);
        if (filled.present || (item.present && hasKey))
            item = filled;
        item.present = filled.present;
    }
}

// ---- what users and the backend do ----

QHash<QString, Record> Chain::rowsOf(TestStore &store, const QString &model)
{
    QHash<QString, Record> rows;
    const QList<Record> records = store.query({store.model(model), {}, {}, -1, 0}).value();
    for (const Record &record : records)
        rows.insert(record.value(u"mark").toText(), record);
    return rows;
}

QString said(const Error &error)
{
    return error.isError() ? error.message() + u' ' + error.detail() : QString();
}

QString Chain::save(TestStore &store, Model &model)
{
    Item item{model.uid, u"m%1"_s.arg(m_next++), {}, true};
    Draft draft = store.draft(model.name, {{u"id"_s, u"id-"_s + item.mark}, {u"mark"_s, item.mark}});
    for (const Field &field : std::as_const(model.fields)) {
        if (!field.required && m_random.chance(30))
            continue;
        const Value value = newValue(field.type);
        draft.set(draft.model()->fieldIndex(field.name), value);
        item.values.insert(field.uid, textOf(value));
    }
    if (Model *parent = m_types.model(model.parent)) {
        const QHash<QString, Record> parents = rowsOf(store, parent->name);
        const Relation *up = draft.model()->relation(u"up");
        if (!parents.isEmpty() && up->localFields.size() == 1)
            draft.set(up->localFields.front(), parents.cbegin()->value(parents.cbegin()->model()->primaryKey.front()));
    }
    const Result<Record> saved = store.save(draft);
    m_items.append(item);
    return said(saved.error());
}

QString Chain::edit(TestStore &store, Item &item, const Record &row)
{
    Model &model = *m_types.model(item.model);
    const Field &field = m_random.of(model.fields);
    if (field.uid == model.key)
        return {};
    Draft draft(row);
    const Value value = newValue(field.type);
    draft.set(row.model()->fieldIndex(field.name), value);
    item.values[field.uid] = textOf(value);
    return said(store.save(draft).error());
}

// The backend answers all that waits for a record. What it says takes the place of what did not fit.
QString Chain::accept(TestStore &store, Item &item, const Record &row)
{
    const Result<void> done = store.write<void>([row](WriteTransaction &write) -> Result<void> {
        for (const OutboxEntry &entry : write.lane(*row.model(), row.key()).valueOr({})) {
            if (const Result<void> removed = write.removeEntry(entry.sequence); !removed)
                return removed;
        }
        Record synced = row;
        synced.setMetadata({row.metadata().version + 1, 1000, false});
        synced.setState(SyncState::Synced);
        return write.put(synced);
    });
    const Model &model = *m_types.model(item.model);
    for (const Field &field : model.fields) {
        if (expected(item, field).isEmpty())
            item.values.remove(field.uid);
    }
    return said(done.error());
}

QString Chain::use(TestStore &store)
{
    for (int i = 1 + m_random.below(3); i > 0; --i) {
        if (const QString error = save(store, m_random.of(m_types.models)); !error.isEmpty())
            return u"save: "_s + error;
    }
    for (int i = m_random.below(4); i > 0 && !m_items.isEmpty(); --i) {
        Item &item = m_random.of(m_items);
        Model *model = m_types.model(item.model);
        const Record row = model ? rowsOf(store, model->name).value(item.mark) : Record();
        if (!row)
            continue;
        const int what = m_random.below(10);
        QString error;
        if (what < 6) {
            error = edit(store, item, row);
        } else if (what < 9) {
            error = accept(store, item, row);
        } else if (std::none_of(m_types.models.begin(), m_types.models.end(), [&](const Model &each) { return each.parent == item.model; })) {
            error = said(store.remove(row).error());
            m_items.removeIf([mark = item.mark](const Item &each) { return each.mark == mark; });
        }
        if (!error.isEmpty())
            return u"use: "_s + error;
    }
    return {};
}

// ---- what is found ----

// A foreign key is another where the parent's key is.
static bool isLink(const QString &field)
{
    return field.contains(u"Kids"_s);
}

Chain::Tokens Chain::tokensOf(TestStore &store)
{
    Tokens tokens;
    for (const OutboxEntry &entry : store.outbox()) {
        QSet<QString> &texts = tokens[entry.sequence];
        for (const auto &[field, value] : entry.changes) {
            if (!value.isNull() && !isLink(entry.model->fields[size_t(field)].name))
                texts.insert(textOf(value));
        }
    }
    return tokens;
}

Chain::Tokens Chain::allTokens(TestStore &store, const QString &path)
{
    Tokens tokens = tokensOf(store);
    Sql sql(path);
    for (const QString &json : sql.column(u"SELECT json FROM tl_unmapped WHERE kind = 2"_s)) {
        const QJsonObject mutation = QJsonDocument::fromJson(json.toUtf8()).object();
        QSet<QString> &texts = tokens[mutation.value(u"sequence"_s).toInteger()];
        const QJsonObject changes = mutation.value(u"changes"_s).toObject();
        for (auto change = changes.constBegin(); change != changes.constEnd(); ++change) {
            if (!change->isNull() && !isLink(change.key()))
                texts.insert(textOf(Value::fromJson(*change)));
        }
    }
    return tokens;
}

QString Chain::checkMutations(TestStore &store, const Tokens &before)
{
    const Tokens now = allTokens(store, m_path);
    for (auto mutation = before.begin(); mutation != before.end(); ++mutation) {
        if (!now.contains(mutation.key()))
            return u"mutation %1 is lost"_s.arg(mutation.key());
        for (const QString &text : mutation.value()) {
            if (!now[mutation.key()].contains(text))
                return u"mutation %1 lost %2"_s.arg(mutation.key()).arg(text);
        }
    }
    m_mutations += int(before.size());
    for (const OutboxEntry &entry : store.outbox()) {
        if (entry.operation == Operation::Delete)
            continue;
        if (store.find(entry.model, entry.key).value().isNull())
            return u"mutation %1 has no row %2"_s.arg(entry.sequence).arg(entry.key);
        for (int i = 0; entry.operation == Operation::Create && i < int(entry.model->fields.size()); ++i) {
            const SchemaField &field = entry.model->fields[size_t(i)];
            const bool given = std::any_of(entry.changes.begin(), entry.changes.end(),
                                           [i](const auto &change) { return change.first == i && !change.second.isNull(); });
            if (field.type.required && !field.readOnly && !given)
                return u"the creation %1 lacks %2"_s.arg(entry.sequence).arg(field.name);
        }
    }
    return {};
}

QString Chain::checkItem(const Item &item, Model &model, const QHash<QString, Record> &rows, const QString &unmapped)
{
    const Record row = rows.value(item.mark);
    if (row.isNull() == item.present)
        return u"%1 of %2 is %3"_s.arg(item.mark, model.name, item.present ? u"missing"_s : u"there"_s);
    for (const Field &field : std::as_const(model.fields)) {
        const QString text = expected(item, field);
        const Value found = row ? row.value(field.name) : Value();
        if (row && (found.isNull() ? QString() : textOf(found)) != text)
            return u"%1.%2 of %3 is %4 instead of %5"_s.arg(model.name, field.name, item.mark, textOf(found), text);
    }
    for (auto value = item.values.begin(); value != item.values.end(); ++value) {
        const Field *field = model.field(value.key());
        const bool inRow = row && field && !expected(item, *field).isEmpty();
        if (!inRow && !unmapped.contains(*value))
            return u"%1 of %2 is lost"_s.arg(*value, item.mark);
    }
    return {};
}

QString Chain::checkRows(TestStore &store, const QString &unmapped)
{
    for (Model &model : m_types.models) {
        const QHash<QString, Record> rows = rowsOf(store, model.name);
        for (const Record &row : rows) {
            for (int i = 0; i < int(row.model()->fields.size()); ++i) {
                const bool written = !row.model()->fields[size_t(i)].readOnly;
                if (const Result<void> valid = validate(store.store->schema(), *row.model(), i, row.value(i)); written && !valid)
                    return valid.error().message();
            }
        }
        for (const Item &item : std::as_const(m_items)) {
            const QString wrong = item.model == model.uid ? checkItem(item, model, rows, unmapped) : QString();
            if (!wrong.isEmpty())
                return wrong;
        }
    }
    for (const Item &item : std::as_const(m_items)) {
        if (!m_types.model(item.model) && !unmapped.contains(item.mark))
            return u"%1 of a model that is gone is lost"_s.arg(item.mark);
    }
    return {};
}

QString Chain::check(TestStore &store, const Tokens &before)
{
    const QString unmapped = [this] {
        Sql sql(m_path);
        return sql.column(u"SELECT json FROM tl_unmapped"_s).join(u'\n');
    }();
    const QString wrong = checkRows(store, unmapped);
    return wrong.isEmpty() ? checkMutations(store, before) : wrong;
}

// Half of it done, the change is given up; then the file is as it was, and a copy of that moment is no different.
QString Chain::interrupt(const Schema &older, const Schema &newer, const Tokens &before)
{
    const QString copy = m_path + u"-copy"_s;
    const auto abandon = [&](SchemaMigration &) -> Result<void> {
        const bool copied = writeFile(copy, contentOf(m_path)) && writeFile(copy + u"-wal"_s, contentOf(m_path + u"-wal"_s));
        return Error(copied ? Error::Code::Rejected : Error::Code::InvalidArgument, u"given up"_s);
    };
    {
        TestStore store(newer, {.path = m_path, .durable = false, .migrate = abandon});
        if (store.open().error().code() != Error::Code::Rejected)
            return u"the change was not given up"_s;
    }
    for (const QString &path : {copy, m_path}) {
        TestStore store(older, {.path = path, .durable = false});
        if (const Result<void> opened = store.open(); !opened)
            return u"after it was given up: "_s + said(opened.error());
        if (allTokens(store, path) != before)
            return u"mutations are not what they were"_s;
    }
    for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s})
        QFile::remove(copy + suffix);
    return {};
}

QString Chain::run()
{
    begin();
    Result<Schema> schema = Schema::parse(m_types.text());
    Tokens before;
    for (int i = 0; i <= Changes; ++i) {
        if (qEnvironmentVariableIsSet("TIDELINE_CHAIN"))
            qInfo("%s", qPrintable(m_types.text()));
        if (!schema)
            return u"no schema: "_s + said(schema.error()) + m_types.text();
        {
            TestStore store(*schema, {.path = m_path, .durable = false});
            if (const Result<void> opened = store.open(); !opened)
                return u"open: "_s + said(opened.error()) + m_types.text();
            if (i > 0)
                expectChange();
            QString wrong = check(store, before);
            if (wrong.isEmpty())
                wrong = use(store);
            if (!wrong.isEmpty())
                return u"change %1: %2\n%3"_s.arg(i).arg(wrong, m_types.text());
            before = allTokens(store, m_path);
        }
        for (int count = 1 + m_random.below(3); count > 0; --count)
            change();
        const Result<Schema> next = Schema::parse(m_types.text());
        if (i < Changes && next && m_random.chance(15) && next->fingerprint() != schema->fingerprint()) {
            if (const QString wrong = interrupt(*schema, *next, before); !wrong.isEmpty())
                return u"change %1: %2\n%3"_s.arg(i).arg(wrong, m_types.text());
        }
        schema = next;
    }
    return {};
}

} // namespace

class TestEvolutionRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chainsOfChanges_data();
    void chainsOfChanges();
};

void TestEvolutionRandom::chainsOfChanges_data()
{
    QTest::addColumn<int>("first");
    for (int i = 0; i < Portions; ++i)
        QTest::addRow("from %d", i * Chains / Portions) << i * Chains / Portions;
}

void TestEvolutionRandom::chainsOfChanges()
{
    QFETCH(int, first);
    const QTemporaryDir folder;
    const QString only = qEnvironmentVariable("TIDELINE_CHAIN");            // of a failure, to see it alone
    first = only.isEmpty() ? first : only.toInt();
    const int last = only.isEmpty() ? first + Chains / Portions : first + 1;
    int mutations = 0;
    for (int i = first; i < last; ++i) {
        const QString path = folder.filePath(QString::number(i));
        Chain chain(unsigned(i) + 1, path);
        const QString wrong = chain.run();
        QVERIFY2(wrong.isEmpty(), qPrintable(u"TIDELINE_CHAIN=%1: %2"_s.arg(i).arg(wrong)));
        mutations += chain.mutations();
        for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s})
            QFile::remove(path + suffix);
    }
    qInfo("%d mutations were taken over", mutations);
    QVERIFY(!only.isEmpty() || mutations > Chains / Portions);
}

QTEST_GUILESS_MAIN(TestEvolutionRandom)
#include "tst_evolutionrandom.moc"
