// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"

#include <QtCore/QVariant>

namespace Tideline {

class LiveAggregatePrivate;
struct LiveWhere;

class TIDELINE_EXPORT LiveAggregate : public QObject
{
    Q_OBJECT
    Q_PROPERTY(Tideline::LiveHost *store READ store WRITE setStore NOTIFY storeChanged FINAL)
    Q_PROPERTY(QString type READ type WRITE setType NOTIFY typeChanged FINAL)
    Q_PROPERTY(QVariant where READ where WRITE setWhere NOTIFY whereChanged FINAL)
    Q_PROPERTY(Tideline::LiveAggregate::Kind kind READ kind WRITE setKind NOTIFY kindChanged FINAL)
    Q_PROPERTY(QString field READ field WRITE setField NOTIFY fieldChanged FINAL)
    Q_PROPERTY(QVariant value READ value NOTIFY valueChanged FINAL)
    Q_PROPERTY(bool ready READ isReady NOTIFY readyChanged FINAL)
    Q_PROPERTY(Tideline::Error error READ error NOTIFY errorChanged FINAL)

public:
    enum Kind { Count, Sum, Min, Max, Avg };
    Q_ENUM(Kind)

    explicit LiveAggregate(QObject *parent = nullptr);
    ~LiveAggregate() override;

    [[nodiscard]] LiveHost *store() const;
    void setStore(LiveHost *store);
    [[nodiscard]] QString type() const;
    void setType(const QString &type);
    [[nodiscard]] QVariant where() const;
    void setWhere(const QVariant &where);
    void setPredicate(const Predicate &predicate);
    [[nodiscard]] Kind kind() const;
    void setKind(Kind kind);
    [[nodiscard]] QString field() const;        // not needed for Count
    void setField(const QString &field);
    [[nodiscard]] QVariant value() const;       // Min, Max, Avg of nothing: null; Sum of nothing: 0
    [[nodiscard]] bool isReady() const;
    [[nodiscard]] Error error() const;

Q_SIGNALS:
    void storeChanged();
    void typeChanged();
    void whereChanged();
    void kindChanged();
    void fieldChanged();
    void valueChanged();
    void readyChanged();
    void errorChanged();

protected:
    void fail(const Error &error);              // no value; error says why until the next success

private:
    void setWhere(const LiveWhere &where);

    std::unique_ptr<LiveAggregatePrivate> d;
};

} // namespace Tideline
