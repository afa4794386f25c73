// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/hostlink_p.h"
#include "client/live/modelobject.h"

namespace Tideline {

class ModelObjectPrivate final : public LiveHost::Member
{
public:
    ModelObjectPrivate(const Schema &schema, const QString &type, ModelObject *object);
    Q_DISABLE_COPY_MOVE(ModelObjectPrivate)

    void become(const Schema &newSchema, const QString &newType);
    void setHost(LiveHost *host);
    void setKey(const QString &newKey);
    void follow(const Record &newRecord);
    void reset();
    void set(int field, const Value &value);            // or refuses it
    void set(int field, const QVariant &value);
    [[nodiscard]] bool isRefused(int field) const { return m_refused.contains(field); }
    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;

    [[nodiscard]] Error problemOf(int field) const;     // of the draft's value as a save would see it
    [[nodiscard]] QVariantMap errors() const;

    ModelObject *q;
    Schema schema;
    QString type;
    HostLink link;
    QString key;
    Record stored;
    Draft draft;

private:
    /*! What the properties show; a step compares before and after and announces the differences. */
    struct Look
    {
        QString key;
        std::vector<Value> values;
        bool stored = false;
        bool modified = false;
        int syncState = 0;
        qint64 version = 0;
        QVariantMap errors;
    };

    [[nodiscard]] Error refusal(int field, const Value &value) const;
    void refuse(int field, const Error &error);
    [[nodiscard]] Look look() const;
    void announce(const Look &before);
    void takeStored(const Record &newStored);           // under the draft
    void read();

    QHash<int, Error> m_refused;                        // fields whose latest value could not be taken
    quint64 m_commit = 0;                               // stored is as after it; 0: not known
    quint64 m_reading = 0;                              // number of the latest read
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

} // namespace Tideline
