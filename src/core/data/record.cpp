// SPDX-License-Identifier: MIT
#include "core/data/record.h"

#include "core/data/jsontext_p.h"

#include <QtCore/QDebug>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static const Value &nullValue() noexcept
{
    static const Value value;
    return value;
}

/*!
    \class Tideline::Record
    \inmodule Tideline
    \since 0.1
    \brief A snapshot of one row: its model type, a Value for each field, and what is known of it to sync.

    Records are implicitly shared and never change under their holder; the setters make this copy
    another snapshot. They may be handed between threads. A default-constructed record is null: it
    has no model type and no values.
*/

/*! Constructs a null record. */
Record::Record() = default;

/*! Constructs a record of \a model whose fields are all null. */
Record::Record(std::shared_ptr<const ModelType> model) : d(new RecordData)
{
    Q_ASSERT(model);
    d->values.resize(model->fields.size());
    d->model = std::move(model);
}

/*! Constructs a record of \a model with \a values, one for each of the model's fields. */
Record::Record(std::shared_ptr<const ModelType> model, std::vector<Value> values) : d(new RecordData)
{
    Q_ASSERT(model && values.size() == model->fields.size());
    d->model = std::move(model);
    d->values = std::move(values);
}

/*! Returns the model type; null for a null record. */
const std::shared_ptr<const ModelType> &Record::model() const noexcept
{
    static const std::shared_ptr<const ModelType> none;
    return d ? d->model : none;
}

/*! Returns the value of the field number \a field; null when there is no such field. */
const Value &Record::value(int field) const noexcept
{
    return d && size_t(field) < d->values.size() ? d->values[size_t(field)] : nullValue();
}

/*! Returns the value of the field called \a field; null when there is no such field. Looks the name up each time. */
const Value &Record::value(QStringView field) const noexcept
{
    return d ? value(d->model->fieldIndex(field)) : nullValue();
}

/*! Returns the values, one for each field of the model type. */
const std::vector<Value> &Record::values() const noexcept
{
    static const std::vector<Value> none;
    return d ? d->values : none;
}

/*! Returns the canonical key, as keyOf() has it; empty for a null record. */
QString Record::key() const
{
    return d ? keyOf(*d->model, d->values) : QString();
}

/*! Returns what the backend said of the record. */
const SyncMetadata &Record::metadata() const noexcept
{
    static const SyncMetadata none;
    return d ? d->metadata : none;
}

/*! Returns where the record stands between this device and the backend. */
SyncState Record::state() const noexcept
{
    return d ? d->state : SyncState::Local;
}

/*! Returns the number of the record's row in its table; 0 when it is not stored. */
qint64 Record::rowId() const noexcept
{
    return d ? d->rowId : 0;
}

/*! Sets the field number \a field to \a value, which is not validated here. */
void Record::setValue(int field, Value value)
{
    Q_ASSERT(d && size_t(field) < d->values.size());
    d->values[size_t(field)] = std::move(value);
}

/*! Sets what the backend said of the record. */
void Record::setMetadata(const SyncMetadata &metadata)
{
    Q_ASSERT(d);
    d->metadata = metadata;
}

/*! Sets where the record stands between this device and the backend. */
void Record::setState(SyncState state)
{
    Q_ASSERT(d);
    d->state = state;
}

/*! Sets the number of the record's row to \a rowId. */
void Record::setRowId(qint64 rowId)
{
    Q_ASSERT(d);
    d->rowId = rowId;
}

/*! Returns whether \a a and \a b have the same values for a model type of the same name. */
bool operator==(const Record &a, const Record &b)
{
    if (a.d == b.d)
        return true;
    if (!a.d || !b.d)
        return false;
    const bool sameModel = a.d->model == b.d->model || a.d->model->name == b.d->model->name;
    return sameModel && a.d->values == b.d->values;
}

QDebug operator<<(QDebug debug, const Record &record)
{
    QDebugStateSaver saver(debug);
    debug.nospace().noquote();
    if (!record)
        return debug << "Record()";
    debug << "Record(" << record.model()->name;
    for (size_t i = 0; i < record.values().size(); ++i) {
        if (!record.values()[i].isNull())
            debug << ", " << record.model()->fields[i].name << ": " << record.values()[i];
    }
    return debug << ')';
}

/*!
    \class Tideline::Draft
    \inmodule Tideline
    \since 0.1
    \brief The changed fields over a base record; what save() takes.

    Only what was set() is written, so that a save leaves alone what others changed meanwhile. Without
    a base record it makes a new one. A value type; may be handed between threads.
*/

static auto changeOf(const QList<std::pair<int, Value>> &changes, int field) noexcept
{
    return std::lower_bound(changes.begin(), changes.end(), field,
                            [](const std::pair<int, Value> &change, int number) { return change.first < number; });
}

/*! Returns the value the field number \a field will have: the change, else the base record's value. */
const Value &Draft::value(int field) const noexcept
{
    const auto change = changeOf(m_changes, field);
    return change != m_changes.end() && change->first == field ? change->second : m_base.value(field);
}

/*! Returns whether the field number \a field differs from the base record. */
bool Draft::isChanged(int field) const noexcept
{
    const auto change = changeOf(m_changes, field);
    return change != m_changes.end() && change->first == field;
}

/*! Changes the field number \a field to \a value; the base record's own value forgets the change. Not validated here. */
void Draft::set(int field, Value value)
{
    Q_ASSERT(m_model && size_t(field) < m_model->fields.size());
    const qsizetype at = changeOf(m_changes, field) - m_changes.constBegin();
    const bool changed = isChanged(field);
    if (m_base && value == m_base.value(field)) {
        if (changed)
            m_changes.removeAt(at);
    } else if (changed) {
        m_changes[at].second = std::move(value);
    } else {
        m_changes.insert(at, {field, std::move(value)});
    }
}

/*! Returns a copy in which the field number \a field has \a value. */
Draft Draft::with(int field, Value value) const
{
    Draft copy(*this);
    copy.set(field, std::move(value));
    return copy;
}

} // namespace Tideline
