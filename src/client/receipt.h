// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/mutationreceipt.h"
#include "core/data/record.h"
#include "core/error.h"

#include <QtCore/QObject>

namespace Tideline {

class TIDELINE_EXPORT Receipt
{
    Q_GADGET

public:
    enum State { Local, Sent, Accepted, Merged, Rejected, Discarded };
    Q_ENUM(State)

    Receipt() = default;
    Receipt(Record record, qint64 mutation, qint64 at);
    Receipt(Record record, const MutationReceipt &receipt);

    [[nodiscard]] const Record &record() const noexcept { return m_record; }
    [[nodiscard]] QString type() const { return m_receipt.model; }
    [[nodiscard]] QString key() const { return m_receipt.key; }
    [[nodiscard]] qint64 mutation() const noexcept { return m_receipt.mutation; }
    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] QStringList mergedFields() const { return m_receipt.fields; }
    [[nodiscard]] Error error() const { return m_receipt.error; }
    [[nodiscard]] qint64 at() const noexcept { return m_receipt.at; }

private:
    Record m_record;
    MutationReceipt m_receipt;
};

} // namespace Tideline
