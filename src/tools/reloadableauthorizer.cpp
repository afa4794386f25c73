// SPDX-License-Identifier: MIT
#include "tools/reloadableauthorizer.h"

namespace Tideline::Tools {

using namespace Tideline::Server;

ReloadableAuthorizer::ReloadableAuthorizer(std::unique_ptr<Authorizer> first) : m_current{std::move(first)}
{
}

void ReloadableAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    const Authorizer *current = nullptr;
    std::shared_ptr<const int> question;
    {
        const std::lock_guard lock(m_mutex);
        current = m_current.authorizer.get();
        question = m_current.questions;
    }
    current->authorize(request, [question, done = std::move(done)](Result<Identity> identity) { done(std::move(identity)); });
}

bool ReloadableAuthorizer::isRevoked(const QByteArray &credential) const
{
    const std::lock_guard lock(m_mutex);
    return m_current.authorizer->isRevoked(credential);
}

void ReloadableAuthorizer::exchange(std::unique_ptr<Authorizer> next)
{
    Entry entry{std::move(next)};
    {
        const std::lock_guard lock(m_mutex);
        std::swap(m_current, entry);
    }
    m_retired.push_back(std::move(entry));
    std::erase_if(m_retired, [](const Entry &retired) { return retired.questions.use_count() == 1; });
}

} // namespace Tideline::Tools
