// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/authorizer_p.h"
#include "client/store/outboxentry.h"

namespace Tideline {

using AuthMode = AuthRule::Provider;

/*!
    The modes in which \a operation ("create", "update", "delete", "read") of \a model may succeed, the best first, as AppSync's clients
    order them: rules that look at more go first (function, owner, groups, private, public), then providers (function, user
    pools, OIDC, IAM, API key); each mode once. Rules of fields count after the model's. Empty without rules.
*/
[[nodiscard]] TIDELINE_EXPORT QList<AuthMode> authModes(const ModelType &model, const QString &operation);

[[nodiscard]] QString authOperation(OutboxEntry::Operation operation);

/*
    Which credentials a request is tried with, in order. One: always those. Several: by the rules of the model, first of
    all what worked the last time, unless somebody else is signed in by now. Lives in the engine's thread.
*/
class TIDELINE_EXPORT AuthOrder
{
public:
    using Modes = QList<std::shared_ptr<Authorizer>>;

    explicit AuthOrder(Modes all) : m_all(std::move(all)) { }       // the default first; at least one

    [[nodiscard]] Modes of(const ModelType &model, const QString &operation);           // empty: nobody is signed in who might
    void worked(const ModelType &model, const QString &operation, const std::shared_ptr<Authorizer> &authorizer);
    void refused(const std::shared_ptr<Authorizer> &authorizer);    // its present secret, by the backend or before it was sent
    [[nodiscard]] bool isRefused(const std::shared_ptr<Authorizer> &authorizer) const;
    [[nodiscard]] bool recovered(const std::shared_ptr<Authorizer> &authorizer);       // it was taken after all, and none is refused any more
    [[nodiscard]] std::shared_ptr<Authorizer> first() const;        // of the connection: the first that there is something for, rather not refused
    [[nodiscard]] const Modes &all() const noexcept { return m_all; }

private:
    void forgetWhenOthersAreHere();

    Modes m_all;
    QList<quint64> m_secrets;                                       // by number, that m_worked is of
    QHash<std::pair<QString, QString>, std::shared_ptr<Authorizer>> m_worked;
    QHash<std::shared_ptr<Authorizer>, quint64> m_refused;          // number of the secret
};

} // namespace Tideline
