// SPDX-License-Identifier: MIT
#pragma once

#include "server/service.h"

#include <memory>
#include <mutex>
#include <vector>

namespace Tideline::Tools {

// An authorizer that can be exchanged while it is asked; questions under way are answered by the one that got them.
class ReloadableAuthorizer final : public Server::Authorizer
{
public:
    explicit ReloadableAuthorizer(std::unique_ptr<Server::Authorizer> first);

    void authorize(const Server::AuthRequest &request, std::function<void(Result<Server::Identity>)> done) const override;
    [[nodiscard]] bool isRevoked(const QByteArray &credential) const override;
    void exchange(std::unique_ptr<Server::Authorizer> next);        // by one thread; it destroys those that nobody waits for

private:
    struct Entry
    {
        std::unique_ptr<Server::Authorizer> authorizer;
        std::shared_ptr<const int> questions = std::make_shared<const int>();   // each under way holds it too
    };

    mutable std::mutex m_mutex;         // of m_current
    Entry m_current;
    std::vector<Entry> m_retired;
};

} // namespace Tideline::Tools
