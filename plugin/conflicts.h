// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtCore/QPromise>
#include <QtQml/QJSEngine>
#include <QtQml/QJSValue>

namespace Tideline {

/*! {StockCount: {quantity: "sum", "*": "newest"}, Bin: "theirs", "*": "mine"}: by model and field; "*" for the others. */
[[nodiscard]] Result<ConflictPolicies> policiesFromJs(const QVariantMap &policies);

/*! {mutation, type, key, base, mine, theirs, fields, attempt}: the records of all three sides. */
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const Conflict &conflict);

/*! "mine", "theirs", "delete", or an object of the fields that are to have other values. */
[[nodiscard]] Result<Resolution> resolutionFromJs(const Schema &schema, const ModelType &model, const QJSValue &value);

[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<ConflictDecision> &decisions);

[[nodiscard]] Result<ConflictSide> sideFromJs(const QJSValue &side);        // "mine", "theirs"; undefined: what was not taken

/*
    What a handler in JavaScript says: at once, or by a promise, whose reactions these slots are. Goes when it is told, or with
    its parent.
*/
class HandlerReply final : public QObject
{
    Q_OBJECT

public:
    HandlerReply(const Schema &schema, std::shared_ptr<const ModelType> model, QObject *parent);
    ~HandlerReply() override;
    Q_DISABLE_COPY_MOVE(HandlerReply)

    [[nodiscard]] QFuture<Result<Resolution>> future() { return m_promise.future(); }
    void take(QJSEngine *engine, const QJSValue &returned);

    Q_INVOKABLE void resolve(const QJSValue &value = {});
    Q_INVOKABLE void reject(const QJSValue &reason = {});

private:
    void finish(const Result<Resolution> &result);

    Schema m_schema;
    std::shared_ptr<const ModelType> m_model;
    QPromise<Result<Resolution>> m_promise;
    bool m_done = false;
};

} // namespace Tideline
