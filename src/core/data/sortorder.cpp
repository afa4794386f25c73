// SPDX-License-Identifier: MIT
#include "core/data/sortorder.h"

#include "core/coretext_p.h"
#include "core/data/lookup_p.h"
#include "core/data/scalars_p.h"

#include <QtCore/QVarLengthArray>
#include <QtCore/QtEndian>

#include <algorithm>
#include <bit>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

/*!
    Returns the sort keys that \a keys name: the path of a field, with "-" before it for descending
    order ("+" is ascending, as is nothing). Fails with InvalidArgument for a key without a path.
    \since 0.1
*/
Result<QList<SortKey>> sortKeysFromStrings(const QStringList &keys)
{
    QList<SortKey> sortKeys;
    sortKeys.reserve(keys.size());
    for (const QString &key : keys) {
        const bool descending = key.startsWith(u'-');
        const QString path = descending || key.startsWith(u'+') ? key.sliced(1) : key;
        if (path.isEmpty() || path.contains(u' ')) {
            return Error(Error::Code::InvalidArgument,
                         CoreText::tr("\"%1\" is no sort key; write a field's name, such as \"name\", \"-countedAt\" or \"product.name\"").arg(key));
        }
        sortKeys.append({path, descending ? Qt::DescendingOrder : Qt::AscendingOrder});
    }
    return sortKeys;
}

/*! Returns \a keys in QML's form, which sortKeysFromStrings() reads. \since 0.1 */
QStringList sortKeysToStrings(const QList<SortKey> &keys)
{
    QStringList strings;
    strings.reserve(keys.size());
    for (const SortKey &key : keys)
        strings += key.order == Qt::DescendingOrder ? u'-' + key.path : key.path;
    return strings;
}

static Result<BoundSortOrder::Key> boundKey(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                            const SortKey &sortKey)
{
    BoundSortOrder::Key key {.path = {}, .model = model, .order = sortKey.order};
    QStringList names = sortKey.path.split(u'.');
    const QString last = names.takeLast();
    for (const QString &name : std::as_const(names)) {
        Result<RelationTarget> step = findRelation(schema, *key.model, name);
        if (!step)
            return step.error();
        if (step->relation->kind == Relation::Kind::HasMany) {
            return Error(Error::Code::InvalidArgument,
                         CoreText::tr("Cannot sort by \"%1\": %2.%3 leads to many records; a sort key goes through belongsTo and hasOne only")
                             .arg(sortKey.path, key.model->name, name)).withModel(key.model->name).withField(name);
        }
        key.path.push_back(step->relation);
        key.model = std::move(step->model);
    }
    const Result<int> field = findField(schema, *key.model, last);
    if (!field)
        return field.error();
    const FieldType &type = key.model->fields[size_t(*field)].type;
    if (type.list || type.kind == FieldType::Kind::Embedded) {
        const QString message = type.list
            ? CoreText::tr("Cannot sort by \"%1\": %2.%3 is a list, which has no order; sort by a field of a scalar or an enum")
                  .arg(sortKey.path, key.model->name, last)
            : CoreText::tr("Cannot sort by \"%1\": %2.%3 is an embedded %4, which has no order; sort by a field of a scalar or an enum")
                  .arg(sortKey.path, key.model->name, last, type.name);
        return Error(Error::Code::InvalidArgument, message).withModel(key.model->name).withField(last);
    }
    key.field = *field;
    return key;
}

/*!
    Checks \a keys against \a model, one of the model types of \a schema, and adds the primary key.
    Errors are UnknownField with a suggestion, or InvalidArgument, and name model and field.

    May be called from any thread; so may the result's functions.
    \since 0.1
*/
Result<BoundSortOrder> BoundSortOrder::bind(const Schema &schema, const std::shared_ptr<const ModelType> &model,
                                            const QList<SortKey> &keys)
{
    if (!model)
        return Error(Error::Code::InvalidArgument, CoreText::tr("A sort order needs a model type to be checked against; none was given"));
    BoundSortOrder order;
    order.m_schema = schema;
    const auto add = [&order](Key key) {
        const auto same = [&key](const Key &other) { return other.path == key.path && other.field == key.field; };
        if (std::any_of(order.m_keys.begin(), order.m_keys.end(), same))
            return;
        order.m_kinds.push_back(storedKind(key.model->fields[size_t(key.field)].type));
        order.m_usesRelations = order.m_usesRelations || !key.path.empty();
        order.m_keys.push_back(std::move(key));
    };
    for (const SortKey &sortKey : keys) {
        Result<Key> key = boundKey(schema, model, sortKey);
        if (!key)
            return key.error();
        add(std::move(key).value());
    }
    for (const int field : model->primaryKey)
        add(Key {.path = {}, .model = model, .field = field});
    return order;
}

namespace {

// The bytes of a key: 0 for null, else 1 and
//   Boolean: one byte; integer: 8 bytes, big endian, the sign bit turned; double: the same of its bits,
//   all of them turned when negative; text: UTF-8 in which 00 is 00 FF, ended by 00 00.
// For a descending key all bytes of it are turned.

// Most text is ASCII without NUL, which is written as it is; without a branch, so that compilers use vectors.
bool isPlainAscii(QStringView text)
{
    char16_t all = 0;
    bool nul = false;
    for (const QChar c : text) {
        all |= c.unicode();
        nul |= c.unicode() == 0;
    }
    return all < 0x80 && !nul;
}

// UTF-16 that is no text (half a pair) is written as if it were a character; what counts is one fixed order.
qsizetype textSize(QStringView text)
{
    if (isPlainAscii(text))
        return text.size() + 2;
    qsizetype size = 2;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        if (unit >= 0x80)
            size += unit < 0x800 ? 2 : 3;
        else
            size += unit == 0 ? 2 : 1;
        if (QChar::isHighSurrogate(unit) && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            ++size;
            ++i;
        }
    }
    return size;
}

uchar *writeCodePoint(uchar *out, char32_t c)
{
    if (c < 0x800) {
        *out++ = uchar(0xc0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            *out++ = uchar(0xe0 | (c >> 12));
        } else {
            *out++ = uchar(0xf0 | (c >> 18));
            *out++ = uchar(0x80 | ((c >> 12) & 0x3f));
        }
        *out++ = uchar(0x80 | ((c >> 6) & 0x3f));
    }
    *out++ = uchar(0x80 | (c & 0x3f));
    return out;
}

uchar *writeCharacters(uchar *out, QStringView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t unit = text[i].unicode();
        if (unit < 0x80) {
            *out++ = uchar(unit);
            if (unit == 0)
                *out++ = 0xff;
        } else if (QChar::isHighSurrogate(unit) && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            out = writeCodePoint(out, QChar::surrogateToUcs4(unit, text[++i].unicode()));
        } else {
            out = writeCodePoint(out, unit);
        }
    }
    return out;
}

uchar *writeText(uchar *out, QStringView text)
{
    if (isPlainAscii(text))
        out = std::transform(text.begin(), text.end(), out, [](QChar c) { return uchar(c.unicode()); });
    else
        out = writeCharacters(out, text);
    *out++ = 0;
    *out++ = 0;
    return out;
}

qsizetype keySize(Value::Kind kind, const Value &value)
{
    if (value.isNull())
        return 1;
    if (kind == Value::Kind::Text)
        return 1 + textSize(value.toText());
    return kind == Value::Kind::Boolean ? 2 : 9;
}

quint64 integerBits(qint64 number)
{
    return quint64(number) ^ (quint64(1) << 63);
}

quint64 doubleBits(double number)
{
    const quint64 bits = std::bit_cast<quint64>(number == 0 ? 0.0 : number);      // -0 sorts like 0
    return bits >> 63 ? ~bits : bits | (quint64(1) << 63);
}

uchar *writeKey(uchar *out, Value::Kind kind, const Value &value, Qt::SortOrder order)
{
    uchar *const start = out;
    *out++ = value.isNull() ? 0 : 1;
    if (value.isNull()) {
        // the marker is all
    } else if (kind == Value::Kind::Text) {
        out = writeText(out, value.toText());
    } else if (kind == Value::Kind::Boolean) {
        *out++ = value.toBool() ? 1 : 0;
    } else {
        qToBigEndian(kind == Value::Kind::Double ? doubleBits(value.toDouble()) : integerBits(value.toInteger()), out);
        out += sizeof(quint64);
    }
    if (order == Qt::DescendingOrder)
        std::transform(start, out, start, [](uchar byte) { return uchar(~byte); });
    return out;
}

// valueOf(i) is the value of key i; called twice, so that the bytes are allocated once and exactly.
template<typename ValueOf>
QByteArray encoded(const std::vector<BoundSortOrder::Key> &keys, const std::vector<Value::Kind> &kinds, ValueOf valueOf)
{
    qsizetype size = 0;
    for (size_t i = 0; i < keys.size(); ++i)
        size += keySize(kinds[i], valueOf(i));
    QByteArray bytes(size, Qt::Uninitialized);
    uchar *out = reinterpret_cast<uchar *>(bytes.data());
    for (size_t i = 0; i < keys.size(); ++i)
        out = writeKey(out, kinds[i], valueOf(i), keys[i].order);
    Q_ASSERT(out == reinterpret_cast<const uchar *>(bytes.constData()) + size);
    return bytes;
}

} // namespace

/*!
    Returns the bytes for \a values, one for each of keys(). Compared as bytes (memcmp, and the shorter
    first when one begins the other) they sort as the records do. Doubles must not be NaN. The bytes are
    comparable among those of one sort order only.
    \since 0.1
*/
QByteArray BoundSortOrder::encode(const std::vector<Value> &values) const
{
    Q_ASSERT(values.size() == m_keys.size());
    return encoded(m_keys, m_kinds, [&values](size_t i) -> const Value & { return values[i]; });
}

/*! Returns the bytes for \a record; only when no key goes through a relation. \since 0.1 */
QByteArray BoundSortOrder::encode(const Record &record) const
{
    Q_ASSERT(!m_usesRelations);
    return encoded(m_keys, m_kinds, [this, &record](size_t i) -> const Value & { return record.value(m_keys[i].field); });
}

/*!
    Returns the bytes for \a record, following relations with \a related. What a missing record would
    have given counts as null.
    \since 0.1
*/
QByteArray BoundSortOrder::encode(const Record &record, const RelatedRecords &related) const
{
    if (!m_usesRelations)
        return encode(record);
    std::vector<Value> values;
    values.reserve(m_keys.size());
    for (const Key &key : m_keys) {
        Record at = record;
        for (const Relation *relation : key.path) {
            const QList<Record> next = at ? related(at, *relation) : QList<Record>();
            at = next.isEmpty() ? Record() : next.first();
        }
        values.push_back(at.value(key.field));
    }
    return encode(values);
}

} // namespace Tideline
