// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/result.h"
#include "core/schema/schema.h"

#include <QtCore/QJsonObject>

#include <functional>

namespace Tideline {

struct Evolution;       // store/evolution_p.h

/*!
    \class Tideline::SchemaMigration
    \inmodule Tideline
    \since 0.1
    \brief What an application may add when a store is opened with a changed schema; lives inside StoreOptions::migrate.

    It runs in the thread of the writer and in the one transaction of the change, when the rows have the new schema
    already and before those that lack a required value are put aside. An error returned leaves the file as it was.
*/
class TIDELINE_EXPORT SchemaMigration
{
public:
    explicit SchemaMigration(Evolution &evolution) : m_evolution(evolution) { }

    [[nodiscard]] const Schema &older() const noexcept;
    [[nodiscard]] const Schema &newer() const noexcept;
    [[nodiscard]] QStringList changes() const;                      // a sentence for each, in English

    // a row's values by name, those without a place in the new schema or of a type that does not fit among them
    [[nodiscard]] Result<void> forEachRow(const QString &model,
                                          const std::function<Result<void>(const QString &key, const QJsonObject &row)> &visit);
    [[nodiscard]] Result<void> setValue(const QString &model, const QString &key, const QString &field, const Value &value);

private:
    Evolution &m_evolution;
};

} // namespace Tideline
