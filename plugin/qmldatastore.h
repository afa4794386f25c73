// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"
#include "client/live/modelobject.h"
#include "plugin/promises.h"
#include "plugin/qmlaccess.h"

#include <QtCore/QUrl>
#include <QtQml/QQmlParserStatus>
#include <QtQml/qqml.h>

#include <functional>
#include <type_traits>

namespace Tideline {

class QmlDataStore : public Tideline::DataStore, public QQmlParserStatus
{
    Q_OBJECT
    Q_INTERFACES(QQmlParserStatus)
    Q_PROPERTY(QUrl schemaFile READ schemaFile WRITE setSchemaFile NOTIFY schemaFileChanged FINAL)
    Q_PROPERTY(bool autoOpen READ autoOpen WRITE setAutoOpen NOTIFY autoOpenChanged FINAL)
    Q_PROPERTY(QVariantMap scopes READ scopeMap WRITE setScopeMap NOTIFY scopesChanged FINAL)
    Q_PROPERTY(QVariantMap scopePriorities READ scopePriorityMap WRITE setScopePriorityMap NOTIFY scopesChanged FINAL)
    Q_PROPERTY(QVariantMap conflicts READ conflicts WRITE setConflicts NOTIFY conflictsChanged FINAL)
    Q_PROPERTY(QJSValue conflictHandler READ conflictHandler WRITE setConflictHandler NOTIFY conflictHandlerChanged FINAL)
    Q_PROPERTY(Tideline::QmlAccess *access READ access NOTIFY verdictsChanged FINAL)
    QML_NAMED_ELEMENT(DataStore)

public:
    explicit QmlDataStore(QObject *parent = nullptr);
    ~QmlDataStore() override;

    [[nodiscard]] QUrl schemaFile() const;
    void setSchemaFile(const QUrl &schemaFile);
    [[nodiscard]] bool autoOpen() const;
    void setAutoOpen(bool autoOpen);
    [[nodiscard]] QVariantMap scopeMap() const;
    void setScopeMap(const QVariantMap &scopes);
    [[nodiscard]] QVariantMap scopePriorityMap() const;
    void setScopePriorityMap(const QVariantMap &priorities);
    [[nodiscard]] QVariantMap conflicts() const;
    void setConflicts(const QVariantMap &conflicts);
    [[nodiscard]] QJSValue conflictHandler() const;
    void setConflictHandler(const QJSValue &handler);
    [[nodiscard]] QmlAccess *access() const { return m_access; }

    // JavaScript gives what it likes: no call throws, what is wrong comes by the promise
    Q_INVOKABLE QJSValue open();
    Q_INVOKABLE QJSValue close();
    Q_INVOKABLE QJSValue signIn(const QJSValue &principal = {});
    Q_INVOKABLE QJSValue signOut(const QJSValue &mode = {}, const QJSValue &patience = {});
    Q_INVOKABLE QJSValue atRisk();
    Q_INVOKABLE QJSValue clear(const QJSValue &mode = {});
    Q_INVOKABLE QJSValue save(const QJSValue &value = {}, const QJSValue &condition = {});
    Q_INVOKABLE QJSValue saveAll(const QJSValue &values = {});
    Q_INVOKABLE QJSValue get(const QJSValue &type = {}, const QJSValue &key = {});
    Q_INVOKABLE QJSValue query(const QJSValue &type = {}, const QJSValue &where = {}, const QJSValue &options = {});
    Q_INVOKABLE QJSValue count(const QJSValue &type = {}, const QJSValue &where = {});
    Q_INVOKABLE QJSValue remove(const QJSValue &type = {}, const QJSValue &key = {}, const QJSValue &condition = {});
    Q_INVOKABLE QJSValue receipt(const QJSValue &mutation = {});
    Q_INVOKABLE QJSValue receipts(const QJSValue &type = {}, const QJSValue &key = {});
    Q_INVOKABLE QJSValue decisions(const QJSValue &type = {}, const QJSValue &key = {}, const QJSValue &limit = {});
    Q_INVOKABLE QJSValue undo(const QJSValue &decision = {}, const QJSValue &side = {});
    Q_INVOKABLE QJSValue rejected();
    Q_INVOKABLE QJSValue retry(const QJSValue &mutation = {});
    Q_INVOKABLE QJSValue discard(const QJSValue &mutation = {}, const QJSValue &withDependents = {});
    Q_INVOKABLE QJSValue explain(const QJSValue &type = {}, const QJSValue &key = {});
    Q_INVOKABLE QJSValue flightRecord(const QJSValue &limit = {});
    Q_INVOKABLE QJSValue waitForReady(const QJSValue &timeout = {});
    Q_INVOKABLE QJSValue waitForOutbox(const QJSValue &timeout = {});
    Q_INVOKABLE QJSValue removeAll(const QJSValue &type = {}, const QJSValue &where = {});

    Q_INVOKABLE QJSValue quarantined();
    Q_INVOKABLE QJSValue retryQuarantined(const QJSValue &type = {}, const QJSValue &key = {});
    Q_INVOKABLE QJSValue discardQuarantined(const QJSValue &type = {}, const QJSValue &key = {});
    Q_INVOKABLE QJSValue unmapped();
    Q_INVOKABLE QJSValue discardUnmapped(const QJSValue &id = {});
    Q_INVOKABLE Tideline::AccessVerdict::Verdict may(const QJSValue &operation = {}, const QJSValue &record = {});

    void classBegin() override;
    void componentComplete() override;

Q_SIGNALS:
    void schemaFileChanged();
    void autoOpenChanged();
    void conflictsChanged();
    void conflictHandlerChanged();
    void saved(const QVariantMap &record);
    void callFailed(const Tideline::Error &error);      // what a promise was rejected with

private:
    [[nodiscard]] Result<void> loadSchema();
    void openItself();
    template<typename T>
    using After = std::function<void(const T &result, const QJSValue &value)>;
    template<typename T>
    using Write = std::function<QJSValue(QJSEngine *engine, const std::conditional_t<std::is_void_v<typename T::value_type>, int, typename T::value_type> &value)>;
    template<typename T>
    QJSValue promise(QFuture<T> future, const std::type_identity_t<After<T>> &after = {}, const std::type_identity_t<Write<T>> &write = {});
    QJSValue rejection(const Error &error);
    void settle(Promises::Id id, const Error &error);
    [[nodiscard]] QJSEngine *jsEngine();
    [[nodiscard]] QFuture<Result<Resolution>> askHandler(const Conflict &conflict);

    std::shared_ptr<Promises> m_promises = std::make_shared<Promises>();    // shared with nobody: observed by calls
    QmlAccess *m_access;            // a child
    QVariantMap m_conflicts;
    QJSValue m_conflictHandler;
    QUrl m_schemaFile;
    Error m_schemaError;            // of the schema file
    bool m_autoOpen = true;
    bool m_complete = false;
};

} // namespace Tideline
