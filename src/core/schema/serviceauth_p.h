// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/accessmatrix_p.h"

#include <QtCore/QHash>

namespace Tideline {

// Which providers a type or field must be opened to: nothing is said where the default provider is enough.
class ServiceAuth
{
public:
    using Providers = std::vector<AuthRule::Provider>;

    ServiceAuth(const Schema &schema, AuthRule::Provider defaultProvider);

    [[nodiscard]] Providers ofModel(const ModelType &model) const;                 // the object type
    [[nodiscard]] Providers ofConnection(const ModelType &model) const;
    [[nodiscard]] Providers ofEmbedded(const QString &type) const { return m_embedded.value(type); }
    [[nodiscard]] Providers ofOperation(const ModelType &model, AccessMatrix::Operation operation) const;
    [[nodiscard]] Providers ofIndex(const ModelType &model) const;
    [[nodiscard]] Providers ofRules(const std::vector<AuthRule> &rules) const;
    [[nodiscard]] const AccessMatrix &matrix(const ModelType &model) const { return m_matrices[size_t(model.number)]; }

private:
    [[nodiscard]] Providers directives(const Providers &providers) const;
    void spread(const Schema &schema, const std::vector<SchemaField> &fields, const Providers &providers);

    AuthRule::Provider m_default;
    std::vector<AccessMatrix> m_matrices;
    QHash<QString, Providers> m_embedded;
};

} // namespace Tideline
