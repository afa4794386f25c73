// SPDX-License-Identifier: MIT
#pragma once

#include "client/account.h"
#include "client/live/livehost.h"
#include "client/receipt.h"
#include "client/store/quarantinedrow.h"
#include "client/store/unmapped.h"
#include "client/sync/backend.h"
#include "client/sync/engine.h"
#include "client/sync/explanation.h"
#include "client/sync/repair.h"

#include <QtCore/QFuture>

#include <chrono>

namespace Tideline {

struct QueryOptions
{
    QList<SortKey> sort;
    int limit = -1;                     // -1: all
    int offset = 0;
};

struct DataStoreOptions
{
    bool durable = true;                // synchronous FULL; false: NORMAL, faster, may lose the last commits on power loss
    EngineOptions engine;
    std::shared_ptr<NetworkMonitor> network;        // null: the system's
    std::function<Result<void>(SchemaMigration &)> migrate = {};    // when the file was made with another schema; in a thread of the store
};

class DataStorePrivate;

class TIDELINE_EXPORT DataStore : public Tideline::LiveHost
{
    Q_OBJECT
    Q_PROPERTY(Tideline::Schema schema READ schema WRITE setSchema NOTIFY schemaChanged FINAL)
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY pathChanged FINAL)
    Q_PROPERTY(QString principal READ principal NOTIFY principalChanged FINAL)
    Q_PROPERTY(QString principalClaim READ principalClaim WRITE setPrincipalClaim NOTIFY principalClaimChanged FINAL)
    Q_PROPERTY(Tideline::Backend *backend READ backend WRITE setBackend NOTIFY backendChanged FINAL)
    Q_PROPERTY(bool opened READ isOpen NOTIFY openedChanged FINAL)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    Q_PROPERTY(bool online READ isOnline NOTIFY onlineChanged FINAL)
    Q_PROPERTY(Tideline::DataStore::SyncPhase syncState READ syncState NOTIFY syncStateChanged FINAL)
    Q_PROPERTY(int outboxCount READ outboxCount NOTIFY outboxCountChanged FINAL)
    Q_PROPERTY(int rejectedCount READ rejectedCount NOTIFY rejectedCountChanged FINAL)
    Q_PROPERTY(int quarantinedCount READ quarantinedCount NOTIFY quarantinedCountChanged FINAL)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged FINAL)
    Q_PROPERTY(bool authRequired READ isAuthRequired NOTIFY authRequiredChanged FINAL)
    Q_PROPERTY(Tideline::Error lastError READ lastError NOTIFY lastErrorChanged FINAL)

public:
    enum class SyncPhase { Stopped, Offline, Connecting, Syncing, Live };
    Q_ENUM(SyncPhase)
    enum class SignOut { Keep, Drain, Discard };
    Q_ENUM(SignOut)
    enum class Clear { NothingAtRisk, Everything };
    Q_ENUM(Clear)

    explicit DataStore(QObject *parent = nullptr);
    ~DataStore() override;

    [[nodiscard]] Schema schema() const override;
    void setSchema(const Schema &schema);
    [[nodiscard]] QString path() const;
    void setPath(const QString &path);
    [[nodiscard]] Backend *backend() const;
    void setBackend(Backend *backend);
    void setOptions(const DataStoreOptions &options);

    QFuture<Result<void>> open();
    QFuture<Result<void>> open(const QString &path);
    QFuture<Result<void>> close();
    [[nodiscard]] bool isOpen() const;

    // which records this device keeps
    Result<void> setScope(const QString &type, const Predicate &scope, int priority = 0);
    void removeScope(const QString &type);
    Result<void> setScopes(const QHash<QString, Predicate> &scopes);
    [[nodiscard]] QHash<QString, Predicate> scopes() const;
    Result<void> setScopePriorities(const QHash<QString, int> &priorities);
    [[nodiscard]] QHash<QString, int> scopePriorities() const;

    // accounts
    [[nodiscard]] QString principal() const;
    [[nodiscard]] QString principalClaim() const;
    void setPrincipalClaim(const QString &claim);
    QFuture<Result<void>> signIn(const QString &principal);
    QFuture<Result<void>> signOut(SignOut mode = SignOut::Keep, std::chrono::milliseconds patience = std::chrono::seconds(30));
    QFuture<Result<AtRisk>> atRisk();
    QFuture<Result<void>> clear(Clear mode = Clear::NothingAtRisk);

    QFuture<Result<Receipt>> save(const Draft &draft, const Predicate &condition = {});
    QFuture<Result<QList<Receipt>>> saveAll(const QList<Draft> &drafts);
    QFuture<Result<Record>> get(const QString &type, const QString &key);
    QFuture<Result<QList<Record>>> query(const QString &type, const Predicate &where = {}, const QueryOptions &options = {});
    QFuture<Result<qint64>> count(const QString &type, const Predicate &where = {});
    QFuture<Result<QList<Record>>> remove(const Record &record, const Predicate &condition = {});
    QFuture<Result<QList<Record>>> remove(const QString &type, const QString &key, const Predicate &condition = {});
    QFuture<Result<QList<Record>>> removeAll(const QString &type, const Predicate &where);

    QFuture<Result<Receipt>> receipt(qint64 mutation);
    QFuture<Result<QList<Receipt>>> receipts(const QString &type, const QString &key);

    // conflicts
    [[nodiscard]] ConflictPolicies conflictPolicies() const;
    Result<void> setConflictPolicies(const ConflictPolicies &policies);
    Result<void> setConflictPolicy(const QString &type, ConflictPolicy policy);
    Result<void> setConflictPolicy(const QString &type, const QString &field, ConflictPolicy policy);
    void setConflictHandler(const ConflictHandler &handler);
    QFuture<Result<QList<ConflictDecision>>> decisions(const QString &type = {}, const QString &key = {}, int limit = -1);
    QFuture<Result<Receipt>> undo(qint64 decision, ConflictSide side = ConflictSide::NotTaken);

    // the repair bench
    QFuture<Result<QList<RejectedMutation>>> rejected();
    QFuture<Result<void>> retry(qint64 mutation);
    QFuture<Result<QList<Record>>> discard(qint64 mutation, DiscardScope scope = DiscardScope::Mutation);

    QFuture<Result<QList<QuarantinedRow>>> quarantined();
    QFuture<Result<void>> retryQuarantined(const QString &type, const QString &key);
    QFuture<Result<void>> discardQuarantined(const QString &type, const QString &key);

    QFuture<Result<QList<UnmappedData>>> unmapped();
    QFuture<Result<void>> discardUnmapped(qint64 id);

    [[nodiscard]] Result<std::shared_ptr<void>> observe(const QString &type, const Predicate &where,
                                                        std::function<void(const Change &)> observer);

    template<typename Model>
    QFuture<Result<QList<typename Model::Record>>> query(const Predicate &where = {}, const QueryOptions &options = {});
    template<typename Model>
    QFuture<Result<typename Model::Record>> get(const QString &key);

    [[nodiscard]] bool isPaused() const;
    void setPaused(bool paused);
    [[nodiscard]] bool isOnline() const;
    [[nodiscard]] SyncPhase syncState() const;
    [[nodiscard]] int outboxCount() const;
    [[nodiscard]] int rejectedCount() const;
    [[nodiscard]] int quarantinedCount() const;
    [[nodiscard]] double progress() const;
    [[nodiscard]] Error lastError() const;
    [[nodiscard]] bool isAuthRequired() const;
    [[nodiscard]] Verdict verdict(const QString &type, Intention::Operation operation, const Record &record = {}, const QStringList &fields = {}) const;
    [[nodiscard]] Verdict verdict(const Draft &draft, Intention::Operation operation) const;
    Q_INVOKABLE void syncNow();
    Q_INVOKABLE void wake();

    QFuture<Result<void>> waitForReady(int timeout = -1);       // ms; negative: for ever
    QFuture<Result<void>> waitForOutbox(int timeout = -1);
    QFuture<Result<Explanation>> explain(const QString &type, const QString &key);
    QFuture<Result<QList<FlightEntry>>> flightRecord(int limit = 1000);

Q_SIGNALS:
    void schemaChanged();
    void pathChanged();
    void principalChanged();
    void principalClaimChanged();
    void backendChanged();
    void openedChanged();
    void pausedChanged();
    void onlineChanged();
    void syncStateChanged();
    void outboxCountChanged();
    void rejectedCountChanged();
    void quarantinedCountChanged();
    void progressChanged();
    void lastErrorChanged();
    void authRequiredChanged();
    void needsAuth(const Tideline::Error &error);
    void verdictsChanged();
    void scopesChanged();

    // the hub
    void hubEvent(const QString &name, const QVariantMap &payload);
    void networkStatus(bool active);
    void storageSubscribed();
    void outboxStatus(bool isEmpty);
    void subscriptionsEstablished();
    void syncQueriesStarted(const QStringList &models);
    void modelSynced(const QVariantMap &event);
    void syncQueriesReady();
    void syncStarted();
    void ready();
    void outboxMutationEnqueued(const QVariantMap &event);
    void outboxMutationProcessed(const QVariantMap &event);
    void outboxMutationFailed(const QVariantMap &event);
    void conflictResolved(const QVariantMap &event);
    void conditionalSaveFailed(const QVariantMap &event);
    void subscriptionDataProcessed(const QVariantMap &event);
    void nonApplicableDataReceived(const QVariantMap &event);

protected:
    void report(const Error &error);        // as lastError and errorOccurred()

private:
    std::unique_ptr<DataStorePrivate> d;
    friend class DataStorePrivate;
};

template<typename Model>
QFuture<Result<QList<typename Model::Record>>> DataStore::query(const Predicate &where, const QueryOptions &options)
{
    using Typed = QList<typename Model::Record>;
    return query(Model::typeName(), where, options).then([](const Result<QList<Record>> &result) -> Result<Typed> {
        if (!result)
            return result.error();
        Typed typed;
        typed.reserve(result->size());
        for (const Record &record : *result)
            typed.append(typename Model::Record(record));
        return typed;
    });
}

template<typename Model>
QFuture<Result<typename Model::Record>> DataStore::get(const QString &key)
{
    using Typed = typename Model::Record;
    return get(Model::typeName(), key).then([](const Result<Record> &result) -> Result<Typed> {
        return result.ok() ? Result<Typed>(Typed(*result)) : Result<Typed>(result.error());
    });
}

} // namespace Tideline
