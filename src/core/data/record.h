// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/schema/schema.h"

#include <QtCore/QSharedDataPointer>

#include <functional>

namespace Tideline {

enum class SyncState : quint8 {     // of one record on this device; stored, so the numbers are fixed
    Local = 0,                      // never meant for a backend, or no backend configured
    Synced = 1,                     // as the backend has it
    Pending = 2,                    // changes wait in the outbox
    Sending = 3,                    // changes are on the way
    Rejected = 4,                   // the backend refused; see the repair bench
    Merged = 5,                     // as the backend has it, which is not in all fields what the last change from here asked for
};

/*! Nothing of it waits for the backend. */
[[nodiscard]] constexpr bool isSettled(SyncState state) noexcept { return state == SyncState::Synced || state == SyncState::Merged; }

// What the backend said of a record.
struct SyncMetadata
{
    qint64 version = 0;             // _version; 0: the backend has not seen it
    qint64 lastChangedAt = 0;       // _lastChangedAt, ms since the epoch, UTC
    bool deleted = false;           // _deleted
    friend bool operator==(const SyncMetadata &, const SyncMetadata &) = default;
};

class RecordData : public QSharedData
{
public:
    std::shared_ptr<const ModelType> model;
    std::vector<Value> values;      // one for each of model->fields
    SyncMetadata metadata;
    SyncState state = SyncState::Local;
    qint64 rowId = 0;               // number of the row in its table; 0: not stored
};

class TIDELINE_CORE_EXPORT Record
{
public:
    Record();                                               // null
    explicit Record(std::shared_ptr<const ModelType> model); // all fields null
    Record(std::shared_ptr<const ModelType> model, std::vector<Value> values);

    [[nodiscard]] bool isNull() const noexcept { return !d; }
    explicit operator bool() const noexcept { return d; }
    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept;
    [[nodiscard]] const Value &value(int field) const noexcept;             // null value outside the range
    [[nodiscard]] const Value &value(QStringView field) const noexcept;
    [[nodiscard]] const std::vector<Value> &values() const noexcept;
    [[nodiscard]] QString key() const;                      // see keyOf()
    [[nodiscard]] const SyncMetadata &metadata() const noexcept;
    [[nodiscard]] SyncState state() const noexcept;
    [[nodiscard]] qint64 rowId() const noexcept;

    void setValue(int field, Value value);                  // detaches
    void setMetadata(const SyncMetadata &metadata);
    void setState(SyncState state);
    void setRowId(qint64 rowId);

    friend TIDELINE_CORE_EXPORT bool operator==(const Record &a, const Record &b);  // model and values; not sync data
    friend TIDELINE_CORE_EXPORT QDebug operator<<(QDebug debug, const Record &record);

private:
    QSharedDataPointer<RecordData> d;
};

/*! Where a matcher or sorter finds the records a relation leads to. */
using RelatedRecords = std::function<QList<Record>(const Record &record, const Relation &relation)>;

/*! The canonical key of a record: the text of a key of one field, the compact JSON array of a
    composite key. Unambiguous within a model type. */
[[nodiscard]] TIDELINE_CORE_EXPORT QString keyOf(const ModelType &model, const std::vector<Value> &values);
[[nodiscard]] TIDELINE_CORE_EXPORT QString keyFromParts(const std::vector<Value> &keyValues);
[[nodiscard]] TIDELINE_CORE_EXPORT std::vector<Value> keyParts(const ModelType &model, const QString &key);

/*! What save() takes: changed fields over a base record (null for a new one). */
class TIDELINE_CORE_EXPORT Draft
{
public:
    Draft() = default;
    explicit Draft(std::shared_ptr<const ModelType> model) : m_model(std::move(model)) { }
    explicit Draft(const Record &base) : m_model(base.model()), m_base(base) { }

    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept { return m_model; }
    [[nodiscard]] const Record &base() const noexcept { return m_base; }
    [[nodiscard]] const QList<std::pair<int, Value>> &changes() const noexcept { return m_changes; }
    [[nodiscard]] const Value &value(int field) const noexcept;      // the change, else the base's value
    [[nodiscard]] bool isChanged(int field) const noexcept;
    void set(int field, Value value);                                // equal to the base value: forgets the change; without a base null is one
    [[nodiscard]] Draft with(int field, Value value) const;

private:
    std::shared_ptr<const ModelType> m_model;
    Record m_base;
    QList<std::pair<int, Value>> m_changes;                          // sorted by field
};

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::Record)
